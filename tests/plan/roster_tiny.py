"""Tiny roster problems with one rule after another switched on, and all their rosters enumerated."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.roster.checking import line_violations
from qinwu.plan.roster.problem import HARD, I32, OFF, Balance, Cover, RosterProblem

DAY, NIGHT = 0, 1
PEOPLE, DAYS = 2, 5
F64 = NDArray[np.float64]


def i32(*values: Any) -> I32:
    return np.array(values, np.int32)


def tiny(seed: int = 1, **changes: Any) -> RosterProblem:
    """Return two people over five days with a day and a night shift, costs drawn at random, no rule that binds, then changes."""
    draw = np.random.default_rng(seed)
    both = np.ones(PEOPLE, np.bool_)
    problem = RosterProblem(
        people=("Ann", "Bo"),
        shifts=("day", "night"),
        minutes=i32(480, 600),
        allowed=np.ones((PEOPLE, DAYS, 2), np.bool_),
        follow=np.ones((2, 2), np.int32),
        most=np.full((PEOPLE, 2), DAYS, np.int32),
        minutes_low=i32(0, 0),
        minutes_high=i32(9999, 9999),
        week_high=np.zeros((PEOPLE, 0), np.int32),
        week_of=i32(0, 0, 0, 1, 1),
        run_low=i32(1, 1),
        run_high=i32(DAYS, DAYS),
        off_low=i32(1, 1),
        weekends_high=i32(2, 2),
        weekends=i32((-1, 0), (3, 4)),
        nights=np.array([False, True]),
        night_run_high=i32(DAYS, DAYS),
        before=np.zeros((PEOPLE, 0), np.int32),
        on_cost=draw.integers(-4, 5, (PEOPLE, DAYS, 2)).astype(float),
        off_cost=draw.integers(-2, 5, (PEOPLE, DAYS)).astype(float),
        cover=(
            Cover("day", np.array([True, False]), both, i32(1, 1, 1, 2, 1), under=5.0, over=1.0),
            Cover("night", np.array([False, True]), both, i32(1, 0, 1, 0, 1), under=4.0, over=2.0),
        ),
    )
    return replace(problem, **changes)


def leave(*cells: tuple[int, int]) -> NDArray[np.bool_]:
    allowed = np.ones((PEOPLE, DAYS, 2), np.bool_)
    for person, day in cells:
        allowed[person, day] = False
    return allowed


BOTH = np.ones(PEOPLE, np.bool_)
NIGHTS = Balance("nights", np.array([False, True]), np.ones(DAYS, np.bool_), BOTH, np.array([2.0, 0.0]), 3.0)
WEEKENDS = Balance("weekends", np.array([True, True]), np.array([1, 0, 0, 1, 1], np.bool_), BOTH, np.array([0.5, 0.0]), 2.0)
ANY_HARD = Cover("any", np.array([True, True]), BOTH, i32(1, 2, 1, 1, 2), HARD, HARD)
NIGHT_HARD = Cover("night", np.array([False, True]), BOTH, i32(1, 0, 1, 0, 1), 3.0, HARD)
FEATURES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "leave": {"allowed": leave((0, 1), (0, 2), (1, 4))},
    "follow": {"follow": i32((1, 1), (3, 1))},
    "most": {"most": i32((2, 1), (5, 2))},
    "minutes_low": {"minutes_low": i32(2400, 1500)},
    "minutes_high": {"minutes_high": i32(1100, 1500)},
    "week_high": {"week_high": i32((1000, 600), (1100, 480))},
    "run_low": {"run_low": i32(2, 3)},
    "run_high": {"run_high": i32(2, 1)},
    "off_low": {"off_low": i32(2, 2), "run_high": i32(2, 3)},
    "weekends_high": {"weekends_high": i32(1, 0)},
    "night_run_high": {"night_run_high": i32(1, 2)},
    "before": {
        "before": i32((OFF, NIGHT, NIGHT), (DAY, OFF, DAY)),
        "run_low": i32(2, 2),
        "run_high": i32(3, 3),
        "off_low": i32(2, 2),
        "night_run_high": i32(2, 2),
        "follow": i32((1, 1), (3, 1)),
    },
    "cut short before": {"before": i32((DAY, OFF), (OFF, DAY)), "run_low": i32(1, 3), "off_low": i32(3, 1)},
    "hard need": {"cover": (ANY_HARD,), "run_high": i32(3, 4)},
    "hard most": {"cover": (NIGHT_HARD,)},
    "need of one": {"cover": (Cover("Ann", np.array([True, True]), np.array([True, False]), i32(1, 1, 0, 1, 1), 7.5, 0.5),)},
    "together": {"together": ((0, 1),), "allowed": leave((0, 1), (1, 4))},
    "balance": {"balance": (NIGHTS, WEEKENDS)},
    "everything": {
        "run_low": i32(2, 1),
        "run_high": i32(3, 3),
        "off_low": i32(1, 2),
        "follow": i32((1, 1), (2, 1)),
        "minutes_low": i32(900, 900),
        "minutes_high": i32(2000, 2200),
        "most": i32((4, 2), (3, 2)),
        "weekends_high": i32(1, 2),
        "before": i32((DAY, OFF), (NIGHT, NIGHT)),
        "balance": (NIGHTS, WEEKENDS),
    },
}


def lines_of(problem: RosterProblem, person: int) -> list[I32]:
    """Return every line that keeps one person's own rules."""
    every = (i32(*line) for line in product(range(-1, len(problem.shifts)), repeat=problem.shape[1]))
    return [line for line in every if not line_violations(problem, person, line)]


def rosters_of(problem: RosterProblem) -> tuple[NDArray[np.int32], F64]:
    """Return (R, E, D) every roster that keeps all hard rules, and (R,) what each costs, worked out for all at once."""
    first, second = (np.array(lines_of(problem, person), np.int32).reshape(-1, problem.shape[1]) for person in range(2))
    pairs = np.stack([np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1))], axis=1)
    cost = np.zeros(len(pairs))
    for person, day in product(range(2), range(problem.shape[1])):
        shift = pairs[:, person, day]
        cost += np.where(shift == OFF, problem.off_cost[person, day], problem.on_cost[person, day, shift])
    for cover in problem.cover:
        there = (np.isin(pairs, np.nonzero(cover.shifts)[0]) & cover.people[None, :, None]).sum(axis=1)
        for amount, weight in ((cover.need - there, cover.under), (there - cover.need, cover.over)):
            lacking = np.maximum(amount, 0).sum(axis=1)
            cost += np.where(lacking > 0, np.inf, 0.0) if weight == HARD else weight * lacking
    for balance in problem.balance:
        own = np.isin(pairs[:, :, balance.days], np.nonzero(balance.shifts)[0]).sum(axis=2) + balance.before
        cost += balance.weight * np.abs(own[:, 0] - own[:, 1])
    if problem.together:
        both = problem.allowed.any(axis=2).all(axis=0)
        cost += np.where((pairs[:, 0] != pairs[:, 1])[:, both].any(axis=1), np.inf, 0.0)
    return pairs[cost < np.inf], cost[cost < np.inf]


@cache
def best_with(feature: str) -> float:
    """Return the least cost of all rosters with one rule switched on."""
    return cheapest(tiny(**FEATURES[feature]))


def cheapest(problem: RosterProblem) -> float:
    """Return the least cost of all rosters, inf where there is none."""
    return float(rosters_of(problem)[1].min(initial=np.inf))
