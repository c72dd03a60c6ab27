"""Compiling: kernels are compiled before a planner's clock starts, on problems of a few atoms; a first run plans as long as any.

Compiled code is kept on disk; from the second run on this takes a moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import numpy as np

from qinwu.findings import QinwuError
from qinwu.plan.beats.annealing import Best, anneal, recombine
from qinwu.plan.beats.districts import Balance, DistrictProblem
from qinwu.plan.beats.graph import Graph
from qinwu.plan.beats.moves import Ground, counted
from qinwu.plan.effort import Effort

LOTS, BEATS = 6, 2
SHORT_S, SOON_S, MOST_RUNS = 0.2, 0.6, 20
"""Seconds given to a problem of six atoms; a run that ends this soon compiled nothing; so many runs at most."""


def row() -> Graph:
    """Return atoms in a row."""
    return Graph.of(LOTS, np.column_stack([np.arange(LOTS - 1), np.arange(1, LOTS)]))


@cache
def compile_search() -> None:
    """Compile the search for beats."""
    graph, rng = row(), np.random.default_rng(1)
    far = np.abs(np.subtract.outer(np.arange(float(LOTS)), np.arange(float(LOTS)))) + 1.0
    ground = Ground(
        start=graph.start,
        other=graph.other,
        lot_of=np.arange(LOTS, dtype=np.int32),
        work=np.ones(LOTS),
        cost=far,
        moment=np.ones((LOTS, 4)),
        keep=np.ones((LOTS, BEATS)) / LOTS,
        fixed=np.full(LOTS, -1, dtype=np.int32),
        low=0.0,
        high=float(LOTS),
        compact=0.0,
        stay=0.0,
        unit_s=1.0,
        aim=np.ones(4),
    )
    label = (np.arange(LOTS) >= LOTS // BEATS).astype(np.int32)
    best = Best.none(LOTS)
    recombine(ground, counted(ground, label, BEATS), best, 2, 1.0, 1.0, rng)
    anneal(ground, counted(ground, label, BEATS), best, 4, 0.1, 0.01, 1.0, rng)


def small_problems() -> tuple[DistrictProblem, ...]:
    """Return problems that between them call every kernel of districts: with and without loads."""
    far = np.abs(np.subtract.outer(np.arange(float(LOTS)), np.arange(float(LOTS))))
    names, each = tuple("abcdef"), LOTS / BEATS
    loaded = (Balance("atoms", np.ones(LOTS), each - 1.0, each + 1.0),)
    return (
        DistrictProblem(names, far, row(), (BEATS, BEATS)),
        DistrictProblem(names, far, row(), (BEATS, BEATS), contiguous=False),
        DistrictProblem(names, far, row(), (BEATS, BEATS), balance=loaded),
    )


def until_compiled(run: Callable[[Effort], object]) -> None:
    """Repeat a short run until it ends in its time: each one that compiles is cut short by its own clock."""
    for _ in range(MOST_RUNS):
        began = time.monotonic()
        with suppress(QinwuError):
            run(Effort(SHORT_S))
        if time.monotonic() - began < SOON_S:
            return
