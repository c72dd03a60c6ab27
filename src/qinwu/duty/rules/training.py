"""Training: an effect of training concerns somebody."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.station import Station


def training_effects_concern_somebody(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for every effect of a skill that no officer of the station has under this duty system (M21)."""
    gained = {skill for posting in loaded.system.posting for skill in posting.skills}
    held = gained | {skill for officer in station.force for skill in officer.skills}
    for number, effect in enumerate(loaded.system.dispatch.training):
        if effect.skill not in held:
            message = N_("Nobody has the skill {skill}: the training effect {effect} changes nothing.")
            remedy = N_("Enter the skill for the officers who are trained, or take the effect out.")
            place = loaded.place("dispatch", "training", number, "skill")
            yield Finding("training-of-nobody", "warning", message, remedy, place, {"skill": effect.skill, "effect": effect.id})
