"""The referee of rosters: each rule broken by hand is named, with who and when; lines of long horizons and fair shares pass it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from qinwu.language import translate
from qinwu.plan.roster.checking import RULES, line_violations, violations
from qinwu.plan.roster.cost import works
from qinwu.plan.roster.fair import Window, around, narrowed, of_roster
from qinwu.plan.roster.lines import LineMaker, maker_of
from qinwu.plan.roster.problem import HARD, OFF, Cover
from tests.plan.roster_tiny import BOTH, DAY, NIGHT, NIGHTS, WEEKENDS, i32, leave, lines_of, tiny

REST = (OFF,) * 5
CASES: list[tuple[str, dict[str, Any], tuple[int, ...], tuple[int, ...]]] = [
    ("allowed", {"allowed": leave((0, 2))}, (OFF, OFF, DAY, OFF, OFF), (2,)),
    ("follow", {"follow": i32((1, 1), (3, 1))}, (NIGHT, OFF, DAY, OFF, OFF), (0, 2)),
    ("follow", {"follow": i32((1, 1), (3, 1)), "before": i32((NIGHT,), (OFF,))}, (OFF, DAY, OFF, OFF, OFF), (-1, 1)),
    ("most", {"most": i32((1, 5), (5, 5))}, (DAY, OFF, DAY, OFF, OFF), (0, 2)),
    ("minutes_low", {"minutes_low": i32(481, 0)}, (DAY, OFF, OFF, OFF, OFF), ()),
    ("minutes_high", {"minutes_high": i32(959, 9999)}, (DAY, DAY, OFF, OFF, OFF), ()),
    ("week_high", {"week_high": i32((9999, 480), (9999, 9999))}, (OFF, OFF, OFF, DAY, DAY), (3, 4)),
    ("run_low", {"run_low": i32(2, 1)}, (OFF, DAY, OFF, OFF, DAY), (1,)),
    ("run_low", {"run_low": i32(2, 1), "before": i32((OFF, DAY), (OFF, OFF))}, REST, (-1,)),
    ("run_high", {"run_high": i32(2, 5)}, (DAY, DAY, NIGHT, OFF, DAY), (0, 1, 2)),
    ("run_high", {"run_high": i32(2, 5), "before": i32((DAY,), (OFF,))}, (DAY, DAY, OFF, OFF, OFF), (-1, 0, 1)),
    ("off_low", {"off_low": i32(2, 1)}, (DAY, OFF, DAY, OFF, OFF), (1,)),
    ("weekends_high", {"weekends_high": i32(1, 2)}, (DAY, OFF, OFF, OFF, DAY), (0, 4)),
    ("night_run_high", {"night_run_high": i32(1, 5)}, (OFF, NIGHT, NIGHT, DAY, NIGHT), (1, 2)),
]


@pytest.mark.parametrize(("rule", "changes", "line", "days"), CASES)
def test_a_broken_rule_is_named_with_who_and_when(
    rule: str, changes: dict[str, Any], line: tuple[int, ...], days: tuple[int, ...]
) -> None:
    """Exactly the rule that Ann's line breaks is found, on its days, and without the rule nothing is."""
    problem = tiny(**changes)
    (found,) = violations(problem, i32(line, REST))
    assert (found.rule, found.people, found.days) == (rule, (0,), days)
    assert violations(tiny(), i32(line, REST)) == []
    finding = found.finding(problem)
    assert "Ann" in finding.text("en")
    assert translate(RULES[rule], "zh") in finding.text("zh")


def test_an_edge_of_the_horizon_excuses_short_runs() -> None:
    """Runs and days off that touch the first or the last day may be short where nothing is known of before."""
    problem = tiny(run_low=i32(3, 1), off_low=i32(3, 1))
    assert line_violations(problem, 0, i32(DAY, OFF, OFF, OFF, DAY)) == []


def test_pairs_and_needs_are_looked_at() -> None:
    """Partners apart on a day that both are there, and hard needs missed on either side, are found."""
    cover = Cover("post", np.array([True, False]), BOTH, i32(1, 1, 0, 0, 2), HARD, HARD)
    problem = tiny(together=((0, 1),), allowed=leave((1, 0)), cover=(cover,))
    found = violations(problem, i32((DAY, DAY, DAY, OFF, NIGHT), (OFF, DAY, DAY, OFF, OFF)))
    assert [(one.rule, one.days) for one in found] == [("together", (4,)), ("over", (1,)), ("over", (2,)), ("under", (4,))]
    assert [one.what for one in found[1:]] == ["post"] * 3
    assert "post" in found[1].finding(problem).text("en")


def test_what_is_no_roster_is_refused() -> None:
    """A roster of another shape, or with a shift that does not exist, is no roster."""
    assert [one.rule for one in violations(tiny(), i32(REST))] == ["shape"]
    assert [one.rule for one in violations(tiny(), i32((2, 0, 0, 0, 0), REST))] == ["shape"]


@pytest.mark.parametrize("seed", range(5))
def test_lines_keep_to_fair_shares(seed: int) -> None:
    """The cheapest line within a window is the cheapest of all lines that keep to it."""
    draw = np.random.default_rng(seed)
    problem = tiny(balance=(NIGHTS, WEEKENDS), run_high=i32(3, 3))
    window = Window(problem, np.array([2.0, 1.0]), np.array([3.0, 2.5]))
    for person in range(2):
        price = draw.normal(size=(5, 3))
        shares = window.tallies(person)
        keeping = [line for line in lines_of(problem, person) if window.holds(person, line)]
        assert 0 < len(keeping) < len(lines_of(problem, person))
        made = LineMaker(problem, person).best(price, shares=shares)
        assert made.line is not None
        assert window.holds(person, made.line)
        assert made.value == pytest.approx(min(price[np.arange(5), line].sum() for line in keeping))


def test_windows_of_rosters() -> None:
    """A roster keeps to its own window; a narrower one is no wider."""
    problem = tiny(balance=(NIGHTS, WEEKENDS))
    roster = i32((NIGHT, OFF, OFF, OFF, DAY), (NIGHT, NIGHT, OFF, OFF, OFF))
    window = of_roster(problem, roster)
    assert window.least.tolist() == [2.0, 1.0]
    assert window.most.tolist() == [3.0, 2.5]
    assert all(window.holds(person, roster[person]) for person in range(2))
    for seed in range(10):
        narrow = narrowed(window, np.random.default_rng(seed))
        assert (narrow.least >= window.least).all()
        assert (narrow.most <= window.most).all()
    assert around(problem, np.array([0.2, 1.0]), np.array([1.3, 1.0])).most.tolist() == [2.0, 1.0]


def test_lines_near_an_even_course_keep_all_rules() -> None:
    """With a narrow course a line still keeps every rule, and is not cheaper than the best."""
    draw = np.random.default_rng(3)
    days = 56
    base = tiny()
    allowed = np.ones((2, days, 2), np.bool_)
    allowed[0, 10:20] = False
    problem = replace(
        base,
        allowed=allowed,
        most=np.full((2, 2), 20, np.int32),
        minutes_low=i32(14000, 15000),
        minutes_high=i32(15000, 16000),
        week_of=(np.arange(days) // 7).astype(np.int32),
        run_low=i32(2, 2),
        run_high=i32(5, 5),
        off_low=i32(2, 2),
        weekends_high=i32(4, 4),
        weekends=np.array([(day, day + 1) for day in range(5, days, 7)], np.int32),
        on_cost=np.zeros((2, days, 2)),
        off_cost=np.zeros((2, days)),
        cover=(),
    )
    for person in range(2):
        price = draw.normal(size=(days, 3))
        exact, near = maker_of(problem, person), LineMaker(problem, person, (60, 2))
        assert exact.exact
        best, quick = exact.best(price), near.best(price, careful=False)
        assert best.line is not None
        assert quick.line is not None
        assert line_violations(problem, person, best.line) == line_violations(problem, person, quick.line) == []
        assert quick.bound == -np.inf
        assert quick.value >= best.value - 1e-9
        assert works(np.array([True, False]), best.line).sum() <= 20
        tight = LineMaker(problem, person, (0, 0))
        assert tight.best(price).line is None
        while tight.widen():
            pass
        assert tight.exact
        assert tight.best(price).value == pytest.approx(best.value)
