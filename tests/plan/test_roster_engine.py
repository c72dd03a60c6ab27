"""The roster engine against all rosters of tiny problems: exact model, best lines, bounds, answers, one rule after another."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qinwu.plan.effort import Effort, Progress
from qinwu.plan.roster.checking import line_violations, violations
from qinwu.plan.roster.columns import Columns
from qinwu.plan.roster.cost import cost_of, price_table
from qinwu.plan.roster.engine import solve
from qinwu.plan.roster.lines import LineMaker
from qinwu.plan.roster.master import Master
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.problem import OFF, RosterProblem
from qinwu.plan.roster.rows import penalty_of
from tests.plan.roster_tiny import (
    ANY_HARD,
    FEATURES,
    NIGHT_HARD,
    NIGHTS,
    WEEKENDS,
    best_with,
    cheapest,
    i32,
    lines_of,
    rosters_of,
    tiny,
)

EVERY = pytest.mark.parametrize("feature", FEATURES)


@EVERY
def test_model_finds_the_cheapest_of_all_rosters(feature: str) -> None:
    """CP-SAT's optimum with each rule switched on is that of enumeration, and so is its bound."""
    problem = tiny(**FEATURES[feature])
    solved = RosterModel(problem).solve(20.0, workers=1)
    assert solved.status == "optimal"
    assert solved.roster is not None
    assert violations(problem, solved.roster) == []
    assert solved.value == pytest.approx(best_with(feature))
    assert solved.bound == pytest.approx(solved.value, abs=0.01)


@EVERY
def test_cost_is_that_of_enumeration(feature: str) -> None:
    """What a roster costs, worked out part by part, is what the enumeration works out for all at once."""
    problem = tiny(**FEATURES[feature])
    rosters, costs = rosters_of(problem)
    for place in range(0, len(rosters), max(1, len(rosters) // 20)):
        assert violations(problem, rosters[place]) == []
        assert cost_of(problem, rosters[place]).total == pytest.approx(costs[place])


@EVERY
def test_rules_bind(feature: str) -> None:
    """Each rule leaves fewer rosters or other costs than none, so that the tests above can fail."""
    free, ruled = tiny(), tiny(**FEATURES[feature])
    fewer = [len(lines_of(ruled, person)) < len(lines_of(free, person)) for person in range(2)]
    assert (
        feature == "nothing"
        or any(fewer)
        or len(rosters_of(ruled)[0]) < len(rosters_of(free)[0])
        or best_with(feature) != best_with("nothing")
    )


@EVERY
@pytest.mark.parametrize("seed", range(3))
def test_best_line_is_the_cheapest_of_all(feature: str, seed: int) -> None:
    """Dynamic programming under random prices finds the cheapest line that the referee lets pass."""
    problem = tiny(**FEATURES[feature])
    draw = np.random.default_rng(seed)
    for person in range(2):
        maker, lines = LineMaker(problem, person), lines_of(problem, person)
        for _ in range(3):
            price = draw.normal(size=(problem.shape[1], 3))
            made = maker.best(price)
            costs = [price[np.arange(len(line)), line].sum() for line in lines]
            assert made.line is not None
            assert line_violations(problem, person, made.line) == []
            assert made.value == pytest.approx(min(costs))
            assert made.bound == pytest.approx(made.value)
            quick = maker.best(price, careful=False)
            assert quick.bound <= min(costs) + 1e-9
            assert quick.line is None or quick.value >= min(costs) - 1e-9


@EVERY
def test_column_generation_bounds_every_roster(feature: str) -> None:
    """The bound of the linear program over lines is below the optimum, whatever rules hold; a dive breaks no rule of a line."""
    problem = tiny(**FEATURES[feature])
    run = Effort(20.0).begin()
    makers = [LineMaker(problem, person) for person in range(2)]
    columns = Columns(Master(problem, penalty_of(problem)), makers, run, threads=1)
    first = columns.lines(price_table(problem), range(2), careful=True)
    columns.master.add([(person, line.line) for person, line in first if line.line is not None])
    columns.converge(lambda _: False)
    assert columns.converged
    assert columns.bound <= best_with(feature) + 1e-6
    assert columns.bound == pytest.approx(columns.master.value, abs=1e-4)
    roster = columns.dive(range(2), None, 5.0)
    assert roster is None or not any(line_violations(problem, person, roster[person]) for person in range(2))


@EVERY
def test_engine_proves_the_cheapest_of_all_rosters(feature: str) -> None:
    """The whole engine finds the optimum of enumeration and proves it."""
    problem = tiny(**FEATURES[feature])
    answer = solve(problem, Effort(20.0))
    assert answer.roster is not None
    assert violations(problem, answer.roster) == []
    assert answer.value == pytest.approx(best_with(feature))
    assert answer.value == pytest.approx(cost_of(problem, answer.roster).total)
    assert answer.gap <= 1e-3


CHOICES: dict[str, list[Any]] = {
    "run_low": [i32(1, 1), i32(2, 3)],
    "run_high": [i32(5, 5), i32(3, 2)],
    "off_low": [i32(1, 1), i32(2, 3)],
    "minutes_low": [i32(0, 0), i32(960, 1440), i32(3000, 3000)],
    "minutes_high": [i32(9999, 9999), i32(1500, 1500)],
    "night_run_high": [i32(5, 5), i32(1, 2)],
    "follow": [i32((1, 1), (1, 1)), i32((1, 2), (3, 1))],
    "together": [(), ((0, 1),)],
    "balance": [(), (NIGHTS, WEEKENDS)],
    "cover": [tiny().cover, (ANY_HARD,), (NIGHT_HARD,)],
    "before": [np.zeros((2, 0), np.int32), i32((0, 1), (OFF, 0))],
}
RANDOM_RULES = {name: st.sampled_from(values) for name, values in CHOICES.items()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 1000), rules=st.fixed_dictionaries(RANDOM_RULES))
def test_answers_break_no_rule_and_say_where_there_is_none(seed: int, rules: dict[str, Any]) -> None:
    """The referee finds nothing, the value is a recount, the bound is below it, and no roster means that there is none."""
    problem = tiny(seed, **rules)
    answer = solve(problem, Effort(20.0, seed))
    best = cheapest(problem)
    assert answer.infeasible == (best == np.inf)
    if answer.roster is not None:
        assert violations(problem, answer.roster) == []
        assert answer.value == pytest.approx(cost_of(problem, answer.roster).total)
        assert answer.bound <= best + 1e-6 <= answer.value + 2e-6


def test_who_has_no_line_is_named() -> None:
    """Somebody whose own rules contradict each other is named."""
    answer = solve(tiny(minutes_low=i32(0, 2000), minutes_high=i32(9999, 900)), Effort(5.0))
    assert answer.infeasible
    assert answer.without_line == (1,)
    assert answer.roster is None
    assert answer.bound == np.inf


def test_start_is_kept_or_bettered() -> None:
    """A roster to begin with is at least kept; one that breaks rules is no answer."""
    problem = tiny(**FEATURES["everything"])
    rosters, costs = rosters_of(problem)
    for start in (rosters[0], np.full_like(rosters[0], 1)):
        answer = solve(problem, Effort(20.0), start)
        assert answer.roster is not None
        assert violations(problem, answer.roster) == []
        assert answer.value <= costs[0]


def larger(people: int = 12, days: int = 28) -> RosterProblem:
    """Return the tiny problem's rules for more people and days."""
    small, draw = tiny(), np.random.default_rng(2)
    everybody = np.ones(people, np.bool_)
    ones = np.ones(people, np.int32)
    need = np.full(days, people // 4, np.int32)
    return replace(
        small,
        people=tuple(f"P{number}" for number in range(people)),
        allowed=draw.random((people, days, 2)) < 0.95,
        follow=i32((1, 1), (2, 1)),
        most=np.full((people, 2), days, np.int32),
        minutes_low=ones * 5000,
        minutes_high=ones * 9600,
        week_high=np.zeros((people, 0), np.int32),
        week_of=(np.arange(days) // 7).astype(np.int32),
        run_low=ones * 2,
        run_high=ones * 5,
        off_low=ones * 2,
        weekends_high=ones * 3,
        weekends=np.array([(day, day + 1) for day in range(5, days, 7)], np.int32),
        night_run_high=ones * 3,
        before=np.zeros((people, 0), np.int32),
        on_cost=draw.integers(0, 3, (people, days, 2)).astype(float),
        off_cost=np.zeros((people, days)),
        cover=tuple(replace(cover, people=everybody, need=need) for cover in small.cover),
    )


def test_progress_is_told_and_the_same_seed_gives_the_same_roster() -> None:
    """Values fall and bounds rise; where it is proven before time is up, a run repeats bit for bit."""
    told: list[Progress] = []
    first = solve(larger(), Effort(20.0, 3, told.append), target_gap=0.2)
    again = solve(larger(), Effort(20.0, 3), target_gap=0.2)
    assert first.roster is not None
    assert again.roster is not None
    assert first.gap <= 0.2
    assert np.array_equal(first.roster, again.roster)
    assert all(later.value <= earlier.value and later.bound >= earlier.bound for earlier, later in pairwise(told))
    assert violations(larger(), first.roster) == []


def test_stopping_returns_the_best_so_far() -> None:
    """Somebody who stops as soon as a roster is told gets one, long before the time is up."""
    stop = Event()

    def enough(progress: Progress) -> None:
        if np.isfinite(progress.value):
            stop.set()

    answer = solve(larger(30), Effort(100.0, 1, enough, stop))
    assert answer.interrupted
    assert answer.seconds < 20.0
    assert answer.roster is not None
    assert violations(larger(30), answer.roster) == []


def test_part_of_a_roster_is_held_fast() -> None:
    """Only cells that are free change, and they change for the best of what is left."""
    problem = tiny(**FEATURES["everything"])
    rosters, costs = rosters_of(problem)
    roster = rosters[-1]
    free = np.zeros(roster.shape, np.bool_)
    free[:, 2:4] = True
    solved = RosterModel(problem, roster, free).solve(10.0, workers=1)
    same = (rosters[:, ~free] == roster[~free]).all(axis=1)
    assert solved.roster is not None
    assert np.array_equal(solved.roster[~free], roster[~free])
    assert solved.value == pytest.approx(costs[same].min())
