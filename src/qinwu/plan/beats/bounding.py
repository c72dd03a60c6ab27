"""Bounding: a beat problem as a districting problem, so that the engine can say how short travel can be at best, and prove it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.core import Core
from qinwu.plan.beats.districting import districts
from qinwu.plan.beats.districts import Balance, DistrictProblem
from qinwu.plan.beats.graph import Graph
from qinwu.plan.beats.keeping import kept
from qinwu.plan.beats.lagrange import relax
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.problem import BeatProblem, allowed_pairs
from qinwu.plan.effort import Effort, Running

I32 = NDArray[np.int32]

STEPS = 1200
"""Subgradient steps of a bound that is only told, not proven further."""
MOST_ATOMS = 1000
"""A bound over more atoms takes longer than the search."""


def as_districts(problem: BeatProblem) -> DistrictProblem:
    """Return what a beat problem asks of travel alone: workload in bounds, contiguity, communities and fixed atoms kept.

    Compactness and continuity are left out, so that its bound holds for them as well.
    """
    area, ground = problem.station.area, problem.ground
    together = [tuple(int(atom) for atom in atoms) for atoms in problem.lots if len(atoms) > 1]
    beats = [np.flatnonzero(ground.fixed[problem.lot_of] == beat).tolist() for beat in range(problem.beats)]
    held = [atoms for atoms in beats if atoms]
    graph = Graph.of(len(area), allowed_pairs(area, problem.aims))
    return DistrictProblem(
        names=area.atom_ids,
        cost=cost_of(problem),
        graph=graph,
        count=(problem.beats, problem.beats),
        balance=(Balance("officer-hours", problem.workload.hours, ground.low, ground.high),),
        together=(*together, *(tuple(atoms) for atoms in held if len(atoms) > 1)),
        apart=tuple((one[0], two[0]) for one, two in combinations(held, 2)),
    )


def cost_of(problem: BeatProblem) -> NDArray[np.float64]:
    """Return (J, J) seconds a week from each standing atom to the calls of each atom."""
    travel = np.asarray(problem.station.area.travel.base_s, dtype=np.float64)
    cost: NDArray[np.float64] = travel * problem.workload.calls[None, :]
    return cost


def travel_bound(plan: BeatPlan, run: Running) -> float:
    """Return seconds a week of travel below which no plan is that keeps workload in bounds; nan where that takes too long."""
    if len(plan.problem.station.area) > MOST_ATOMS:
        return float("nan")
    core, reached = Core.of(as_districts(plan.problem)), float(plan.tally.near.sum())
    value = relax(core, core.may, reached, STEPS, run).value
    return min(value, reached) if np.isfinite(value) else float("nan")


def proven(plan: BeatPlan, run: Running, gap: float) -> tuple[BeatPlan, float]:
    """Return the plan with the least travel that the engine finds, from `plan` on, and the bound, seconds a week.

    Parameters
    ----------
    plan
        A plan that keeps every rule.
    run
        The clock.
    gap
        Stop where plan and bound are this near each other, a share.

    Notes
    -----
    Where the engine's plan breaks a rule it does not know, compactness or continuity, `plan` is returned with the engine's bound.
    """
    effort = Effort(max(run.left, 0.1), run.effort.seed, run.effort.on_progress, run.effort.stop)
    found = districts(as_districts(plan.problem), effort, gap=gap, start=plan.tally.centre[plan.beat_of])
    first = np.array([atoms[0] for atoms in plan.problem.lots])
    other = kept(BeatPlan.of(plan.problem, found.district_of[first]))
    bound = min(found.proof.bound, found.cost)
    better = other.judged[1] == 0.0 and other.contiguous and other.tally.near.sum() < plan.tally.near.sum()
    return (other if better else plan), bound
