"""Line of command 一级抓一级 (M4): whose superior is who, from the officer to the sergeant to the chief and above; one line each.

A rung is a sector with its sergeant, a squad with its head, or a unit. A unit that its parent only coordinates or guides ends the
line: what cannot be ordered is not answered for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from qinwu.duty.organisation.tree import chain_of
from qinwu.duty.system import DutySystem
from qinwu.station.config import Text

Kind = Literal["sector", "squad", "unit"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step up: a sector, squad or unit, and the officer at its head ('' where the duty system names nobody)."""

    kind: Kind
    id: str
    name: Text
    head: str = ""


@dataclass(frozen=True, slots=True)
class Stands:
    """Where an officer stands: the beats he answers for, his squad ('' for none) and his unit."""

    beats: Collection[str]
    squad: str
    unit: str


def line_of(system: DutySystem, officer: str, stands: Stands) -> tuple[Rung, ...]:
    """Return those above an officer, the direct superior first.

    The sergeant of a sector has the squad above, the head of a squad its unit, the head of a unit the unit above that.
    """
    rungs = [*_sectors(system, stands), *_squads(system, stands), *_units(system, stands)]
    own = [at for at, rung in enumerate(rungs) if officer and rung.head == officer]
    return tuple(rungs[own[-1] + 1 :] if own else rungs)


def _sectors(system: DutySystem, stands: Stands) -> Iterator[Rung]:
    led = (sector for sector in system.sector if any(beat in stands.beats for beat in sector.beats))
    yield from (Rung("sector", sector.id, sector.name or Text(zh=sector.id), sector.sergeant) for sector in islice(led, 1))


def _squads(system: DutySystem, stands: Stands) -> Iterator[Rung]:
    for squad in system.squad:
        if squad.id == stands.squad and squad.head:
            yield Rung("squad", squad.id, squad.name, squad.head)


def _units(system: DutySystem, stands: Stands) -> Iterator[Rung]:
    by_id = {unit.id: unit for unit in system.unit}
    squad = next((one for one in system.squad if one.id == stands.squad), None)
    start = squad.unit if squad is not None and squad.unit in by_id else stands.unit
    for name in chain_of(system.unit, start):
        unit = by_id.get(name)
        if unit is None:
            yield Rung("unit", name, Text(zh=name))
            return
        yield Rung("unit", unit.id, unit.name, unit.head)
        if unit.relation != "command":
            return


def common(lines: Iterable[tuple[Rung, ...]]) -> tuple[Rung, ...]:
    """Return the rungs that are above all of several officers, the nearest first.

    >>> one, two = (Rung("sector", name, Text(zh=name)) for name in ("S1", "S2"))
    >>> chief = Rung("unit", "station", Text(zh="所"))
    >>> [rung.id for rung in common([(one, chief), (two, chief)])]
    ['station']
    """
    first, *others = list(lines) or [()]
    return tuple(rung for rung in first if all(rung in line for line in others))


@dataclass(frozen=True, slots=True)
class LineSpan:
    """One rung and the officers directly under it."""

    rung: Rung
    officers: tuple[str, ...]


def layers(lines: Mapping[str, tuple[Rung, ...]], top: str) -> int:
    """Return how many layers there are from the officers to the unit `top`, both counted; 1 where nobody stands under it."""
    return 1 + max((_up_to(line, top) for line in lines.values()), default=0)


def _up_to(line: tuple[Rung, ...], top: str) -> int:
    return next((at for at, rung in enumerate(line, start=1) if (rung.kind, rung.id) == ("unit", top)), 0)


def spans(lines: Mapping[str, tuple[Rung, ...]]) -> tuple[LineSpan, ...]:
    """Return who is directly under whom, the widest span first; rungs right under which nobody is are left out."""
    first = {officer: line[0] for officer, line in lines.items() if line}
    counts = Counter(first.values())
    ranked = sorted(counts, key=lambda rung: -counts[rung])
    return tuple(LineSpan(rung, tuple(name for name, above in first.items() if above == rung)) for rung in ranked)
