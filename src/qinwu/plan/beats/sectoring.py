"""Sectoring: sectors over the beats in force, asked for by themselves, with their proof sheet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qinwu.duty.rules.sectors import MOST_UNDER_ONE
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, raise_on_errors
from qinwu.language import N_
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.duty_part import SectorRow, part_of
from qinwu.plan.beats.even import least_spread
from qinwu.plan.beats.keeping import officers
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.problem import Today, make_problem
from qinwu.plan.beats.refusal import refuse_bad_input
from qinwu.plan.beats.sectors import SectorPlan, fewest_sectors, plan_sectors
from qinwu.plan.beats.workload import Workload
from qinwu.plan.effort import Effort
from qinwu.plan.proof import Proof
from qinwu.station.atoms import named
from qinwu.station.station import Station

PROVING = 0.4
"""Share of the time spent on the bound."""


@dataclass(frozen=True)
class SectorsAnswer:
    """Sectors over the beats in force.

    Parameters
    ----------
    station, system
        Whose, and the duty system in force.
    sectors
        What is proposed.
    today
        The sectors in force.
    officers
        The officer of each beat.
    proof
        What is known of them.
    warnings
        About the input.
    """

    station: Station
    system: DutySystem
    sectors: SectorPlan
    today: tuple[SectorRow, ...]
    officers: dict[str, str]
    proof: Proof
    warnings: tuple[Finding, ...] = ()

    def hours(self, row: SectorRow) -> float:
        """Return hours a week of a sector."""
        beats = self.sectors.beats
        return float(sum(beats.metrics.hours[beats.problem.names.index(beat)] for beat in row.beats if beat in beats.problem.names))

    def spread(self, rows: tuple[SectorRow, ...]) -> float:
        """Return the largest difference of a sector's hours from the mean, as a share of it; nan without sectors."""
        hours = np.array([self.hours(row) for row in rows])
        return float(np.abs(hours / hours.mean() - 1.0).max()) if len(rows) and hours.mean() > 0.0 else float("nan")

    def part(self) -> dict[str, list[dict[str, Any]]]:
        """Return the sectors as a table of a duty file, replacing those in force."""
        return {"sector": part_of(self.station, self.system, self.sectors.beats, self.sectors.rows)["sector"]}


def sectors_in_force(
    station: Station, system: DutySystem, work: Workload, effort: Effort, count: int | None = None, within: float = 0.25
) -> SectorsAnswer:
    """Plan sectors over the beats in force.

    Parameters
    ----------
    station, system, work
        What there is.
    effort
        Time and seed.
    count
        How many; as many as there are, or where there are none the fewest whose sergeants lead no more than ten others.
    within
        Hours of each sector within this share of their mean, > 0.

    Raises
    ------
    QinwuError
        The input cannot be planned with, atoms are in no beat, or the beats cannot be joined into so many sectors.
    """
    run = replace(effort, seconds=(1.0 - PROVING) * effort.seconds).begin()
    today = Today.of(station.area, system)
    warnings = refuse_bad_input(station, system, work, BeatAims())
    loose = [station.area.atom_ids[j] for j in np.flatnonzero(today.beat_of < 0)]
    if loose:
        message, values = N_("{count} atoms are in no beat: {atoms}."), {"count": len(loose), "atoms": named(loose)}
        raise_on_errors(
            [Finding("atom-without-beat", "error", message, N_("Plan the beats first: qinwu plan beats."), values=values)]
        )
    beats = BeatPlan.of(make_problem(station, work, BeatAims(), today, len(today.ids)), today.beat_of)
    wanted = count or len(system.sector) or fewest_sectors(len(today.ids), MOST_UNDER_ONE)
    keeper = officers(station, system, beats)
    plan = plan_sectors(station, system, beats, wanted, run, keeper, within)
    bound = least_spread(plan.plan.problem, replace(effort, seconds=PROVING * effort.seconds).begin())
    proof = Proof(
        objective=N_("largest difference of a sector's hours from their mean"),
        unit="",
        value=plan.plan.metrics.spread,
        bound=bound,
        seconds=run.seconds,
        seed=effort.seed,
        method=N_("annealing of flips and swaps, recombination along spanning trees; the bound by a constraint program"),
        interrupted=run.interrupted,
        given_up=plan.findings,
    )
    before = tuple(SectorRow(one.id, one.beats, one.sergeant) for one in system.sector)
    return SectorsAnswer(station, system, plan, before, keeper, proof, warnings)
