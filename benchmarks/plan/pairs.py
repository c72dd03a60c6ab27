"""Pairs against `matching` (stable roommates) and networkx (cheapest matching), in one run: ``python -m benchmarks.plan.pairs``.

Everybody ranks everybody at random. Peers stop where a run would take longer than `LONGEST_S`.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.effort import Effort
from qinwu.plan.pairs.irving import stable_partition
from qinwu.plan.pairs.matching import Matching, cheapest_matching
from qinwu.plan.pairs.problem import PairProblem
from qinwu.plan.pairs.solving import PairSolution, solve_pairs

SIZES = (50, 100, 200, 500, 1000)
RUNS = 5
LONGEST_S = 20.0
LIMIT_S = 60.0

F64 = NDArray[np.float64]
Found = TypeVar("Found")


def drawn(people: int, seed: int) -> PairProblem:
    """Return a problem in which everybody ranks everybody at random, with random costs."""
    rng = np.random.default_rng(seed)
    key = rng.random((people, people)) + 9.0 * np.eye(people)
    levels = np.argsort(np.argsort(key, axis=1), axis=1).astype(np.int32)
    np.fill_diagonal(levels, -1)
    cost = rng.random((people, people))
    return PairProblem(levels, cost + cost.T)


def by_matching(problem: PairProblem) -> bool:
    """Return whether the library `matching` finds a stable pairing."""
    from matching.games import StableRoommates

    order = np.argsort(np.where(problem.allowed, problem.levels, len(problem)), axis=1)[:, :-1]
    game = StableRoommates.create_from_dictionary(dict(enumerate(order.tolist())))
    try:
        return all(partner is not None for partner in game.solve().values())
    except Exception:  # its kinds differ between versions
        return False


def by_networkx(cost: F64) -> float:
    """Return the cost of the cheapest perfect matching of networkx."""
    import networkx

    graph = networkx.Graph()
    graph.add_weighted_edges_from((i, j, -float(cost[i, j])) for i in range(len(cost)) for j in range(i))
    return sum(float(cost[pair]) for pair in networkx.max_weight_matching(graph, maxcardinality=True))


def timed(run: Callable[[], Found]) -> tuple[float, Found]:
    """Return the seconds a call takes, and what it returns."""
    start = time.perf_counter()
    found = run()
    return time.perf_counter() - start, found


def solved(problem: PairProblem) -> PairSolution:
    """Return the planner's answer."""
    return solve_pairs(problem, Effort(LIMIT_S).begin())


def main() -> None:
    """Print one line for each size, medians over the runs."""
    solved(drawn(20, 0))
    slow: set[str] = set()
    names = ("n", "stable", "at bound", "price", "ours s", "Irving s", "cheapest s", "matching s", "networkx s")
    print(" ".join(f"{name:>10}" for name in names))
    for people in SIZES:
        line(people, slow)


def line(people: int, slow: set[str]) -> None:
    """Print one size; peers in `slow` are not run, and join it where they take too long."""
    problems = [drawn(people, seed) for seed in range(RUNS)]
    runs = [timed(partial(solved, problem)) for problem in problems]
    found = [each for _, each in runs]
    irving = statistics.median(timed(partial(stable_partition, problem.places()))[0] for problem in problems)
    cheap = statistics.median(timed(partial(cheapest, problem.cost))[0] for problem in problems)
    peers = [
        peer("matching", slow, partial(by_matching, problems[0])),
        peer("networkx", slow, partial(by_networkx, problems[0].cost)),
    ]
    stable = f"{sum(each.stable for each in found)}/{RUNS}"
    reached = f"{sum(len(each.blocking) == each.blocking_bound for each in found)}/{RUNS}"
    price = f"{statistics.median(each.cost / each.cheapest for each in found):.2f}"
    ours = f"{statistics.median(seconds for seconds, _ in runs):.3f}"
    cells = (str(people), stable, reached, price, ours, f"{irving:.4f}", f"{cheap:.3f}", *peers)
    print(" ".join(f"{cell:>10}" for cell in cells), flush=True)


def cheapest(cost: F64) -> Matching:
    """Return our cheapest matching."""
    return cheapest_matching(cost, Effort(LIMIT_S).begin())


def peer(name: str, slow: set[str], run: Callable[[], object]) -> str:
    """Return a peer's seconds; it runs where recursion may go deep, as `matching` copies its players by recursion."""
    if name in slow:
        return f">{LONGEST_S:.0f}"
    told: list[str] = []

    def deep() -> None:
        try:
            seconds, _ = timed(run)
            told.append(f"{seconds:.2f}")
            if seconds > LONGEST_S / 4.0:  # the next size takes at least four times as long
                slow.add(name)
        except (RecursionError, MemoryError):
            told.append("recursion")
            slow.add(name)

    sys.setrecursionlimit(200_000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=deep)
    thread.start()
    thread.join()
    return told[0]


if __name__ == "__main__":
    main()
