"""Atoms and beats: the beats of a station cut its area without gap and overlap."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.staffing import listed
from qinwu.duty.system import Beat, DutySystem
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.area import Area
from qinwu.station.station import Station


def geographic(system: DutySystem) -> list[Beat]:
    """Return the geographic beats."""
    return [beat for beat in system.beat if beat.kind == "geographic"]


def positions(beat: Beat, area: Area) -> list[int]:
    """Return the positions of a beat's atoms, leaving out those the area does not have."""
    return [area.index[atom] for atom in beat.atoms if atom in area.index]


def every_atom_in_one_beat(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for atoms of no beat and of several (M1: every atom in exactly one geographic beat)."""
    beats = geographic(loaded.system)
    if not beats:
        yield _no_beats(loaded)
        return
    owners: dict[str, list[Beat]] = {atom: [] for atom in station.area.atom_ids}
    for beat in beats:
        for atom in beat.atoms:
            owners.get(atom, []).append(beat)
    orphans = [atom for atom, owning in owners.items() if not owning]
    if orphans:
        yield _orphans(orphans, loaded)
    for atom, owning in owners.items():
        if len(owning) > 1:
            yield _doubled(atom, owning, loaded)


def beats_have_atoms(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every geographic beat without atoms (M1)."""
    message, remedy = N_("Beat {beat} has no atoms."), N_("List its atoms, or remove the beat.")
    for beat in geographic(loaded.system):
        if not beat.atoms:
            yield Finding("beat-without-atoms", "error", message, remedy, loaded.place("beat", beat.id), {"beat": beat.id})


def _no_beats(loaded: LoadedSystem) -> Finding:
    message = N_("The duty system has no beats.")
    remedy = N_("Extend the file of the station that lists its beats, for example base.")
    return Finding("no-beats", "error", message, remedy, loaded.place("beat"))


def _orphans(atoms: list[str], loaded: LoadedSystem) -> Finding:
    message = N_("{count} atoms are in no beat: {atoms}.")
    values = {"count": len(atoms), "atoms": listed(atoms)}
    return Finding("atom-without-beat", "error", message, N_("Add each to the beat it belongs to."), loaded.place("beat"), values)


def _doubled(atom: str, beats: list[Beat], loaded: LoadedSystem) -> Finding:
    names = list(dict.fromkeys(beat.id for beat in beats))
    message = N_("Atom {atom} is in several beats: {beats}.") if len(names) > 1 else N_("Beat {beats} lists the atom {atom} twice.")
    values = {"atom": atom, "beats": ", ".join(names)}
    return Finding("atom-in-two-beats", "error", message, N_("Keep it once."), loaded.place("beat", names[-1], "atoms"), values)
