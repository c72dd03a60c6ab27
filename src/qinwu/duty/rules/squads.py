"""Squads: whom they name."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.staffing import unknown_officer
from qinwu.duty.stations import template_of
from qinwu.findings import Finding, did_you_mean
from qinwu.language import N_
from qinwu.station.station import Station


def nobody_in_two_squads(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every officer whom two squads name (M24: no two units order the same officer)."""
    squad_of: dict[str, str] = {}
    message, remedy = N_("Officer {officer} is in squad {first} and in squad {second}."), N_("Leave the officer in one of them.")
    for squad in loaded.system.squad:
        for officer in dict.fromkeys(squad.officers):
            first = squad_of.setdefault(officer, squad.id)
            if template_of(first) != template_of(squad.id):
                values = {"officer": officer, "first": first, "second": squad.id}
                place = loaded.place("squad", squad.id, "officers")
                yield Finding("officer-in-two-squads", "error", message, remedy, place, values)


def heads_exist(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every head of a squad who does not exist (M4)."""
    known = station.force.by_id()
    for squad in loaded.system.squad:
        if squad.head and squad.head not in known:
            yield from loaded.located([unknown_officer(squad.head, did_you_mean(squad.head, known), f"squad.{squad.id}.head")])
