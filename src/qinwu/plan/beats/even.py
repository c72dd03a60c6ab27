"""Even: how evenly beats can be joined into sectors at all, proven.

A constraint program puts each beat into one sector and minimises the largest difference of a sector's hours from their mean. That
sectors hang together is stated only where an answer breaks it: of two beats in different pieces of one sector, not both, or a
neighbour of the one piece too (the separators of Oehrlein & Haunert 2017). Every answer of such a relaxation is a bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.problem import BeatProblem
from qinwu.plan.effort import Running
from qinwu.plan.extra import THREADS, needed

UNITS = 1_000_000
"""All hours together are about so many whole units."""


def least_spread(problem: BeatProblem, run: Running) -> float:
    """Return a bound: no division has a smaller largest difference of hours from their mean, as a share of it.

    Parameters
    ----------
    problem
        Beats as whole lots, and how many sectors there are to be.
    run
        The clock; all of its time is taken where the proof needs it.

    Returns
    -------
    float
        0 where nothing is proven; the best there is where the time suffices.
    """
    hours = np.array([float(problem.workload.hours[atoms].sum()) for atoms in problem.lots])
    if hours.sum() <= 0.0 or problem.beats < 2:
        return 0.0
    program = _Program(np.rint(hours / hours.sum() * UNITS).astype(np.int64), problem.beats)
    bound = 0
    while not run.over:
        label, proven = program.solved(run.left, run.effort.seed)
        bound = max(bound, proven)
        cuts = [] if label is None else list(_separators(problem, label))
        if not cuts:
            break
        program.separate(cuts)
    # Rounding each of the lots to whole units may have made up half a unit of each.
    return max(0.0, bound / problem.beats - len(hours)) / (UNITS / problem.beats)


Cut = tuple[int, int, tuple[int, ...]]
"""Two lots in different pieces of one sector, and the neighbours of the piece of the first."""


def _separators(problem: BeatProblem, label: NDArray[np.int64]) -> Iterator[Cut]:
    """Yield what an answer breaks: for each piece of a sector but the largest, a lot of it, one of the largest, its neighbours."""
    piece, _ = problem.graph.pieces(label)
    for sector in range(problem.beats):
        inside = np.flatnonzero(label == sector)
        found = {each: inside[piece[inside] == each] for each in np.unique(piece[inside])}
        largest = max(found, key=lambda each: len(found[each]), default=-1)
        for each, lots in found.items():
            if each != largest:
                around = {int(other) for lot in lots for other in problem.graph.neighbours(int(lot))} - set(lots.tolist())
                yield int(lots[0]), int(found[largest][0]), tuple(sorted(around))


class _Program:
    """The constraint program; loads in whole units, differences times the number of sectors so that the mean is whole."""

    def __init__(self, units: NDArray[np.int64], sectors: int) -> None:
        self.cp: Any = needed("ortools.sat.python.cp_model")
        self.program = self.cp.CpModel()
        lots = range(len(units))
        self.sectors = range(sectors)
        # Sectors have no names yet: lot j may only open the first j + 1 of them.
        self.there = [[self.program.new_bool_var("") for _ in self.sectors] for _ in lots]
        total = int(units.sum())
        self.most = self.program.new_int_var(0, sectors * total, "")
        for lot in lots:
            self.program.add_exactly_one(self.there[lot])
            for sector in self.sectors[lot + 1 :]:
                self.program.add(self.there[lot][sector] == 0)
        for sector in self.sectors:
            load = sum(int(units[lot]) * self.there[lot][sector] for lot in lots)
            self.program.add(sectors * load - total <= self.most)
            self.program.add(total - sectors * load <= self.most)
            self.program.add_bool_or([self.there[lot][sector] for lot in lots])
        self.program.minimize(self.most)

    def solved(self, seconds: float, seed: int) -> tuple[NDArray[np.int64] | None, int]:
        """Return the sector of each lot, None without an answer, and the least difference that is proven."""
        solver = self.cp.CpSolver()
        solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        solver.parameters.num_workers = THREADS
        solver.parameters.random_seed = seed % 2**31
        status = solver.solve(self.program)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None, max(0, int(np.ceil(solver.best_objective_bound - 1e-6)))
        label = np.array([next(sector for sector in self.sectors if solver.boolean_value(row[sector])) for row in self.there])
        return label, max(0, int(np.ceil(solver.best_objective_bound - 1e-6)))

    def separate(self, cuts: list[Cut]) -> None:
        """State for every sector what an answer broke for one."""
        for one, other, around in cuts:
            for sector in self.sectors:
                near = [self.there[lot][sector] for lot in around]
                self.program.add_bool_or([self.there[one][sector].negated(), self.there[other][sector].negated(), *near])
