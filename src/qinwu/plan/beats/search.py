"""Search: from first plans by annealing and recombination to the best plan that keeps every rule, in the time given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.annealing import Best, anneal, recombine
from qinwu.plan.beats.constructing import from_nothing, from_today
from qinwu.plan.beats.moves import Tally, counted
from qinwu.plan.beats.plan import PENALTY, BeatPlan
from qinwu.plan.beats.problem import BeatProblem

I32 = NDArray[np.int32]

WARM, COLD = 0.02, 2e-5
"""Temperatures of a first pass: a move that costs 2 % of today's travel is taken one time in three, then hardly any is."""
REHEAT = 0.25
"""A later pass starts this much cooler, from the best plan so far."""
CHUNK = 20_000
"""Moves between two looks at the clock, some hundredths of a second."""
PASS_MOVES = 1_200
"""Moves of one pass for each lot."""
SHAKES = 2
"""Recombinations before a later pass."""


@dataclass(frozen=True)
class Found:
    """The best plan of a search.

    Parameters
    ----------
    plan
        The plan.
    moves
        Moves tried.
    passes
        Passes of annealing begun.
    """

    plan: BeatPlan
    moves: int
    passes: int

    @property
    def feasible(self) -> bool:
        """Whether it breaks no rule."""
        return self.plan.judged[1] == 0.0 and self.plan.contiguous


def search(
    problem: BeatProblem,
    over: Callable[[float], bool],
    seed: int,
    starts: Sequence[NDArray[np.integer]] = (),
    on_better: Callable[[BeatPlan], None] | None = None,
    most_passes: int = 1_000_000,
) -> Found | None:
    """Return the best plan met, one that breaks the least where none keeps every rule; None where no contiguous plan was found.

    Parameters
    ----------
    problem
        What to divide.
    over
        Asked between chunks of work with the share of the current pass still to do; true ends the search.
    seed
        Of every draw.
    starts
        (L,) plans to start from besides the beats in force.
    on_better
        Told of every better plan, after each chunk.
    most_passes
        Passes after which the search ends by itself, >= 1.

    Notes
    -----
    The first pass anneals from the best start; each later one recombines the best plan a few times, or takes a fresh plan every
    fourth pass, and anneals anew at a lower temperature. Every pass ends with the plan it found best.
    """
    rng = np.random.default_rng(seed)
    first = [np.asarray(start, dtype=np.int32) for start in starts]
    first += [label for label in (from_today(problem), *(from_nothing(problem, rng) for _ in range(3))) if label is not None]
    first = [label for label in first if BeatPlan.of(problem, label).contiguous]
    if not first:
        return None
    run = _Run(problem, over, rng, on_better, Best.none(len(problem.lots)))
    for label in first:
        run.look_at(label)
    number = 0
    while number < most_passes and not over(1.0):
        run.anneal(run.start(number), WARM if number == 0 else WARM * REHEAT)
        number += 1
    return Found(BeatPlan.of(problem, run.best.label), run.moves, number)


@dataclass
class _Run:
    """One search under way."""

    problem: BeatProblem
    over: Callable[[float], bool]
    rng: np.random.Generator
    on_better: Callable[[BeatPlan], None] | None
    best: Best
    moves: int = 0

    def look_at(self, label: I32) -> None:
        """Keep a plan if it is the best."""
        recombine(
            self.problem.ground, counted(self.problem.ground, label, self.problem.beats), self.best, 0, 1.0, PENALTY, self.rng
        )

    def start(self, number: int) -> Tally:
        """Return the plan a pass starts from."""
        fresh = from_nothing(self.problem, self.rng) if number % 4 == 3 else None
        tally = counted(self.problem.ground, self.best.label if fresh is None else fresh, self.problem.beats)
        if number and self.problem.beats > 1:
            heat = np.inf if fresh is not None else WARM
            recombine(self.problem.ground, tally, self.best, SHAKES, heat, PENALTY, self.rng)
        return tally

    def anneal(self, tally: Tally, warm: float) -> None:
        """Anneal chunk by chunk until the pass or the time is over."""
        chunks = max(1, PASS_MOVES * len(self.problem.lots) // CHUNK)
        fall = (COLD / warm) ** (1.0 / chunks)
        for chunk in range(chunks):
            before = tuple(self.best.value)
            hot = warm * fall**chunk
            anneal(self.problem.ground, tally, self.best, CHUNK, hot, hot * fall, PENALTY, self.rng)
            self.moves += CHUNK
            tally = counted(self.problem.ground, tally.label, self.problem.beats)
            if self.on_better is not None and tuple(self.best.value) != before:
                self.on_better(BeatPlan.of(self.problem, self.best.label))
            if self.over((chunks - chunk - 1) / chunks):
                return
