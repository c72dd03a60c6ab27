"""Shape: beats in one piece, and which beats border each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.rules.atoms import geographic, positions
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.area import Area
from qinwu.station.station import Station

Borders = frozenset[tuple[str, str]]


def beats_are_contiguous(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for every beat that is not in one piece (M1: contiguity)."""
    message = N_("Beat {beat} falls into {count} separate pieces.")
    remedy = N_("Move atoms between beats, unless a river or an enclave explains it.")
    for beat in geographic(loaded.system):
        inside = positions(beat, station.area)
        pieces = station.area.pieces(inside) if inside else 0
        if pieces > 1:
            values = {"beat": beat.id, "count": pieces}
            yield Finding("beat-in-pieces", "warning", message, remedy, loaded.place("beat", beat.id, "atoms"), values)


def beat_borders(system: DutySystem, area: Area) -> Borders:
    """Return the pairs of geographic beats that border each other, each pair in both orders."""
    beat_of = {atom: beat.id for beat in geographic(system) for atom in positions(beat, area)}
    links = [(beat_of.get(int(one)), beat_of.get(int(two))) for one, two in area.neighbours]
    both = [(one, two) for one, two in links if one is not None and two is not None and one != two]
    return frozenset([*both, *((two, one) for one, two in both)])


def clusters(beats: Collection[str], borders: Borders) -> list[list[str]]:
    """Return the beats as groups within which one can go from each to each across borders."""
    left = list(dict.fromkeys(beats))
    groups: list[list[str]] = []
    while left:
        group = [left.pop(0)]
        for beat in group:
            near = [other for other in left if (beat, other) in borders]
            group += near
            left = [other for other in left if other not in near]
        groups.append(group)
    return groups
