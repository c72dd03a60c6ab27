"""Sectors 警务区: adjacent beats under one sergeant 警长 who has one of them, balanced like beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qinwu.duty.rules.sectors import MOST_UNDER_ONE
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.plan.beats.aims import AIMS
from qinwu.plan.beats.duty_part import SectorRow
from qinwu.plan.beats.keeping import eldest, kept
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.problem import Today, make_problem
from qinwu.plan.beats.search import search
from qinwu.plan.effort import Running
from qinwu.station.config import Text
from qinwu.station.station import Station

WEIGHT = dict(zip(AIMS, (0.5, 1.0, 0.25, 0.5), strict=True))
"""Sectors are drawn for even loads first: a sergeant leads more than he drives."""
PASSES = 3


@dataclass(frozen=True)
class SectorPlan:
    """Sectors over the beats of a plan.

    Parameters
    ----------
    rows
        The sectors, as a duty file has them.
    plan
        The same as a division of the area, whose figures hold for sectors.
    beats
        The beats they are made of.
    findings
        What could not be kept: a span too wide, a balance not reached.
    """

    rows: tuple[SectorRow, ...]
    plan: BeatPlan
    beats: BeatPlan
    findings: tuple[Finding, ...] = ()


def plan_sectors(
    station: Station,
    system: DutySystem | None,
    beats: BeatPlan,
    count: int,
    run: Running,
    officers: Mapping[str, str],
    within: float = 0.25,
) -> SectorPlan:
    """Return sectors of neighbouring beats with even workload and short ways, each under a sergeant who has one of its beats.

    Parameters
    ----------
    station, system
        What there is; sectors in force are kept as far as beats allow, and with them their sergeants.
    beats
        The beats.
    count
        How many sectors, >= 1.
    run
        The clock.
    officers
        The officer of each beat.
    within
        Hours of every sector within this share of their mean; where that cannot be, as near as can be found, and a finding.

    Raises
    ------
    QinwuError
        There are more sectors than beats, or borders leave no way to join the beats into so many.
    """
    if not 1 <= count <= beats.problem.beats:
        message, remedy = N_("There cannot be {count} sectors of {beats} beats."), N_("Ask for fewer sectors.")
        values = {"count": count, "beats": beats.problem.beats}
        raise QinwuError([Finding("bad-number-of-sectors", "error", message, remedy, values=values)])
    aims = replace(
        beats.problem.aims, within=within, continuity=0.0, compactness=0.0, fixed={}, whole=_by_beat(beats), weight=WEIGHT
    )
    problem = make_problem(station, beats.problem.workload, aims, _today(station, system), count)
    found = search(problem, lambda _share: run.over, run.effort.seed, most_passes=PASSES)
    if found is None:
        message = N_("The beats cannot be joined into {count} sectors: borders keep them apart.")
        raise QinwuError([Finding("no-sectors", "error", message, N_("Ask for more sectors."), values={"count": count})])
    plan = kept(found.plan)
    rows = _rows(station, system, plan, beats, officers)
    return SectorPlan(rows, plan, beats, tuple(_shortcomings(plan, rows, within)))


def fewest_sectors(beats: int, most_under_one: int = MOST_UNDER_ONE) -> int:
    """Return the fewest sectors whose sergeants lead no more than so many others.

    >>> fewest_sectors(12), fewest_sectors(11), fewest_sectors(30, 4)
    (2, 1, 6)
    """
    return -(-beats // (most_under_one + 1))


def beats_of(plan: BeatPlan, beats: BeatPlan) -> dict[str, tuple[str, ...]]:
    """Return the beats of each sector."""
    beat_of, sector_of = beats.beat_of, plan.beat_of
    home = {name: int(sector_of[np.flatnonzero(beat_of == number)[0]]) for number, name in enumerate(beats.problem.names)}
    return {sector: tuple(beat for beat in home if home[beat] == number) for number, sector in enumerate(plan.problem.names)}


def _by_beat(beats: BeatPlan) -> dict[str, str]:
    return {atom: beat for beat, atoms in beats.atoms.items() for atom in atoms}


def _today(station: Station, system: DutySystem | None) -> Today:
    """Return the sectors in force as if they were beats."""
    area = station.area
    beats = Today.of(area, system)
    sectors = system.sector if system is not None else ()
    number = {beat: place for place, sector in enumerate(sectors) for beat in sector.beats}
    new = np.array([number.get(beat, -1) for beat in beats.ids] + [-1], dtype=np.int32)
    return Today(tuple(sector.id for sector in sectors), new[beats.beat_of])


def _rows(
    station: Station, system: DutySystem | None, plan: BeatPlan, beats: BeatPlan, officers: Mapping[str, str]
) -> tuple[SectorRow, ...]:
    sergeants = {sector.id: sector.sergeant for sector in system.sector} if system is not None else {}
    names = _names(plan.problem.names, sergeants)
    rows = []
    for number, (sector, inside) in enumerate(beats_of(plan, beats).items(), start=1):
        there = [officers[beat] for beat in inside if officers[beat]]
        before = sergeants.get(sector, "")
        sergeant = before if before in there else _another(station, there, set(sergeants.values()))
        rows.append(SectorRow(names[sector], inside, sergeant, Text(zh=f"第{number}警务区", en=f"Sector {number}")))
    return tuple(rows)


def _names(names: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return the id of each sector: new ones, which are numbered like beats, begin with S."""
    free = iter(name for number in range(1, 1000) if (name := f"S{number}") not in known)
    return {name: name if name in known else next(free) for name in names}


def _another(station: Station, there: list[str], sergeants: set[str]) -> str:
    """Return a sergeant for a sector that lost its own: one who led another sector, else who joined first."""
    experienced = [one for one in there if one in sergeants]
    return experienced[0] if experienced else eldest(station.force, there)


def _shortcomings(plan: BeatPlan, rows: Sequence[SectorRow], within: float) -> list[Finding]:
    found = []
    if plan.metrics.spread > within + 1e-9:
        message = N_("The hours of sectors differ by up to {spread} from their mean, more than {within}: beats are not divided.")
        values = {"spread": f"{plan.metrics.spread:.0%}", "within": f"{within:.0%}"}
        found.append(Finding("sectors-uneven", "warning", message, N_("Ask for another number of sectors."), values=values))
    for row in rows:
        under = len(row.beats) - 1
        if under > MOST_UNDER_ONE:
            message = N_("The sergeant of sector {sector} leads {count} officers; more than {most} are hard to lead.")
            told: dict[str, object] = {"sector": row.id, "count": under, "most": MOST_UNDER_ONE}
            found.append(Finding("span-too-wide", "warning", message, N_("Ask for more sectors."), values=told))
        if not row.sergeant:
            message = N_("Sector {sector} has no sergeant: none of its beats has an officer.")
            found.append(Finding("no-sergeant", "warning", message, "", values={"sector": row.id}))
    return found
