"""Feasible: whether any plan keeps every rule: arithmetic that says no, a search that says yes, and CP-SAT for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import QinwuError
from qinwu.plan.beats.graph import separator
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.problem import BeatProblem
from qinwu.plan.beats.search import search
from qinwu.plan.effort import Running
from qinwu.plan.extra import needed

I32 = NDArray[np.int32]

SCALE = 1_000_000
"""Hours are whole numbers in CP-SAT: the mean of a beat is so many units."""
MOST_VARIABLES = 6_000
MOST_ROUNDS = 60
PASSES = 4
LOOSE = 0.02, 0.02, 0.02, 0.02
"""Weights of the four aims where only the rules matter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether there is a plan: yes (with one), no (proven), or neither could be shown."""

    possible: bool | None
    plan: BeatPlan | None = None


def verdict(problem: BeatProblem, run: Running, seconds: float = 5.0) -> Verdict:
    """Say whether a plan keeps every rule.

    Parameters
    ----------
    problem
        What is asked.
    run
        The clock; nothing is looked for once it is over.
    seconds
        Longest time of CP-SAT, which is left out where it is not installed or the problem is too large for it.
    """
    if arguments_against(problem):
        return Verdict(False)
    plan = _searched(problem, run)
    if plan is not None:
        return Verdict(True, plan)
    if len(problem.lots) * problem.beats > MOST_VARIABLES or run.over:
        return Verdict(None)
    try:
        return _by_cp_sat(problem, run, min(seconds, run.left))
    except QinwuError:
        return Verdict(None)


def _searched(problem: BeatProblem, run: Running) -> BeatPlan | None:
    """Return a plan that keeps every rule, looked for with hardly an eye on anything else; None where a few passes find none."""
    loose = problem.aiming(np.array(LOOSE))
    starts: list[I32] = []
    for number in range(PASSES):
        found = search(loose, lambda _share: run.over, run.effort.seed + number, starts, most_passes=1)
        if found is None:
            return None
        if found.feasible:
            return replace(found.plan, problem=problem)
        starts = [found.plan.label]
    return None


def arguments_against(problem: BeatProblem) -> bool:
    """Return whether simple arithmetic shows that no plan keeps every rule.

    A lot outweighs a beat; the parts into which borders cut the area hold work for no number of beats that adds up; lots fixed to
    one beat lie in different parts; even with every lot where most of its residents keep their officer, too few would.
    """
    ground = problem.ground
    part, parts = problem.graph.pieces()
    tolerance = 1e-9 * ground.high
    if ground.work.max() > ground.high + tolerance:
        return True
    least, most = 0, 0
    for number in range(parts):
        work = float(ground.work[part == number].sum())
        fewest = max(1, ceil((work - tolerance) / ground.high))
        largest = floor((work + tolerance) / ground.low) if ground.low > 0.0 else int((part == number).sum())
        if fewest > largest:
            return True
        least, most = least + fewest, most + largest
    if not least <= problem.beats <= most:
        return True
    for beat in range(problem.beats):
        if len(np.unique(part[ground.fixed == beat])) > 1:
            return True
    free = ground.fixed < 0
    held = float(ground.keep[~free, ground.fixed[~free]].sum())
    return bool(ground.keep[free].max(axis=1).sum() + held < ground.stay - 1e-9)


def _by_cp_sat(problem: BeatProblem, run: Running, seconds: float) -> Verdict:
    """Ask CP-SAT for workload, fixed lots and continuity, adding the separators that beats in pieces break until none is."""
    cp = needed("ortools.sat.python.cp_model")
    ground, lots, beats = problem.ground, len(problem.lots), problem.beats
    unit = float(ground.work.sum()) / beats / SCALE
    model = cp.CpModel()
    has = [[model.new_bool_var("") for _ in range(beats)] for _ in range(lots)]
    for lot in range(lots):
        model.add_exactly_one(has[lot])
        if ground.fixed[lot] >= 0:
            model.add(has[lot][int(ground.fixed[lot])] == 1)
    for beat in range(beats):
        # rounding outwards: what is infeasible here is infeasible
        load_low = sum(ceil(ground.work[lot] / unit) * has[lot][beat] for lot in range(lots))
        load_high = sum(floor(ground.work[lot] / unit) * has[lot][beat] for lot in range(lots))
        model.add(load_low >= floor(ground.low / unit))
        model.add(load_high <= ceil(ground.high / unit))
        model.add_bool_or([has[lot][beat] for lot in range(lots)])
    if ground.stay > 0.0:
        shares = np.ceil(ground.keep * 1e6).astype(np.int64)
        model.add(
            sum(int(shares[lot, beat]) * has[lot][beat] for lot in range(lots) for beat in range(beats)) >= floor(ground.stay * 1e6)
        )
    solver = cp.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = run.effort.seed % 2**31
    for _ in range(MOST_ROUNDS):
        solver.parameters.max_time_in_seconds = max(0.05, min(seconds, run.left))
        status = solver.solve(model)
        seconds -= solver.wall_time
        if status == cp.INFEASIBLE:
            return Verdict(False)
        if status not in (cp.OPTIMAL, cp.FEASIBLE) or seconds <= 0.0 or run.over:
            return Verdict(None)
        label = np.array(
            [next(beat for beat in range(beats) if solver.boolean_value(has[lot][beat])) for lot in range(lots)], np.int32
        )
        cuts = list(_cuts(problem, label))
        if not cuts:
            plan = BeatPlan.of(problem, label)
            return Verdict(True, plan) if plan.judged[1] == 0.0 else Verdict(None)
        for one, two, between in cuts:
            for beat in range(beats):
                model.add_bool_or([has[lot][beat] for lot in between] + [~has[one][beat], ~has[two][beat]])
    return Verdict(None)


def _cuts(problem: BeatProblem, label: I32) -> Iterator[tuple[int, int, list[int]]]:
    """Yield two lots of one beat that hang apart, and the lots of which the beat must have one if it has both."""
    piece, _ = problem.graph.pieces(label)
    work = problem.ground.work
    for beat in range(problem.beats):
        inside = label == beat
        pieces = np.unique(piece[inside])
        main = max(pieces.tolist(), key=lambda one: (work[piece == one].sum(), (piece == one).sum()))
        source = int(np.flatnonzero(piece == main)[0])
        for other in pieces.tolist():
            if other != main:
                target = int(np.flatnonzero(piece == other)[0])
                between = separator(problem.graph.start, problem.graph.other, inside, source, target)
                yield source, target, [int(lot) for lot in between]
