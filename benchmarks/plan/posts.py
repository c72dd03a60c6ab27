"""Posts against spopt (same models, HiGHS underneath), in one run: ``python -m benchmarks.plan.posts``.

Points at random in a square; seconds to build and solve, and whether both have the same objective.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np

from qinwu.plan.effort import Effort
from qinwu.plan.posts.answering import Work, answered
from qinwu.plan.posts.improving import bases_of
from qinwu.plan.posts.models import max_backup, max_cover, max_expected_cover, min_distance
from qinwu.plan.posts.problem import SitingProblem

RUNS = 3
LIMIT_S = 240.0


def drawn(places: int, atoms: int, posts: int, limit: float, seed: int) -> SitingProblem:
    """Return places and calls at random in a square of side 1."""
    rng = np.random.default_rng(seed)
    where, calls = rng.random((places, 2)), rng.random((atoms, 2))
    times = np.hypot(*np.moveaxis(where[:, None] - calls[None], 2, 0))[None] + 1e-3
    none, every = np.zeros(places, dtype=bool), np.ones(places, dtype=bool)
    return SitingProblem(times, np.ones(1), rng.random(atoms), limit, posts, posts, 1, none, every)


def spopt_cover(problem: SitingProblem) -> float:
    """Return the share of calls left uncovered by spopt's maximal coverage."""
    import pulp
    from spopt.locate import MCLP

    model = MCLP.from_cost_matrix(problem.times[0].T, problem.weight, problem.limit_s, p_facilities=problem.posts)
    solved = model.solve(pulp.HiGHS(msg=False))
    return float(1.0 - solved.problem.objective.value() / problem.weight.sum())


def spopt_median(problem: SitingProblem) -> float:
    """Return the mean distance of spopt's p-median."""
    import pulp
    from spopt.locate import PMedian

    solved = PMedian.from_cost_matrix(problem.times[0].T, problem.weight, p_facilities=problem.posts).solve(pulp.HiGHS(msg=False))
    return float(solved.problem.objective.value() / problem.weight.sum())


def median_of(run: Callable[[SitingProblem], float], problems: list[SitingProblem]) -> tuple[float, list[float]]:
    """Return the median seconds of a model and its values."""
    seconds, values = [], []
    for problem in problems:
        start = time.perf_counter()
        values.append(run(problem))
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), values


def main() -> None:
    """Print one line for each model and size."""
    warnings.simplefilter("ignore")
    print(f"{'model':<16} {'places':>6} {'atoms':>6} {'posts':>5} {'ours s':>8} {'spopt s':>8}  same")
    cases = (
        ("cover", 300, 800, 10, 0.1),
        ("cover", 300, 800, 20, 0.1),
        ("distance", 100, 100, 5, 0.1),
        ("distance", 200, 200, 8, 0.1),
    )
    for name, places, atoms, posts, limit in cases:
        problems = [drawn(places, atoms, posts, limit, seed) for seed in range(RUNS)]
        model, peer = (max_cover, spopt_cover) if name == "cover" else (min_distance, spopt_median)
        ours, values = median_of(lambda problem: model(problem, Effort(LIMIT_S).begin()).value, problems)  # noqa: B023
        theirs, known = median_of(peer, problems)
        same = np.allclose(values, known, rtol=1e-5, atol=1e-7)
        print(f"{name:<16} {places:>6} {atoms:>6} {posts:>5} {ours:>8.2f} {theirs:>8.2f}  {same}", flush=True)
    for name, run in (
        ("backup", max_backup),
        ("expected cover", lambda problem, running: max_expected_cover(problem, 0.4, running)),
    ):
        problems = [drawn(300, 800, 10, 0.1, seed) for seed in range(RUNS)]
        ours, _ = median_of(lambda problem: run(problem, Effort(LIMIT_S).begin()).value, problems)  # noqa: B023
        print(f"{name:<16} {300:>6} {800:>6} {10:>5} {ours:>8.2f} {'':>8}", flush=True)
    problem = drawn(120, 120, 12, 0.2, 1)
    work = Work(problem.weight / problem.weight.sum() / 300.0, 1800.0)
    crews = np.bincount(np.arange(12), minlength=120)
    seconds, _ = median_of(lambda one: answered(one, work, bases_of(crews)).response_s, [problem] * 20)
    print(f"one answer of the closed form, 12 crews, 120 atoms: {seconds * 1000:.1f} ms")


if __name__ == "__main__":
    main()
