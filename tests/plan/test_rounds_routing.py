"""Routes: PyVRP agrees with trying everything, clocks are kept, and no route is below its bound."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.plan.effort import Effort
from qinwu.plan.rounds.bound import least_cost, tree_bound
from qinwu.plan.rounds.inserting import inserted
from qinwu.plan.rounds.routing import PRIZE, Route, Routed, Task, routed, timed
from qinwu.plan.rounds.searching import Ledger, searched
from tests.plan.rounds_cases import HOUR, small_task


class Rounds:
    """Stops a search after so many rounds."""

    def __init__(self, most: int) -> None:
        self.left = most

    def __call__(self, _: float) -> bool:
        """Return whether to stop."""
        self.left -= 1
        return self.left < 0


def by_trying_everything(task: Task) -> float:
    """Return the least value of any assignment of visits to outings, in any order."""
    best_of: dict[tuple[int, tuple[int, ...]], float] = {}
    for outing in range(task.outings):
        for count in range(task.visits + 1):
            for some in itertools.combinations(range(task.visits), count):
                best_of[outing, some] = 0.0 if not some else min(cost(task, outing, way) for way in itertools.permutations(some))
    return min(
        sum(best_of[outing, tuple(v for v in range(task.visits) if dealt[v] == outing)] for outing in range(task.outings))
        + PRIZE * dealt.count(-1)
        for dealt in itertools.product(range(-1, task.outings), repeat=task.visits)
    )


def cost(task: Task, outing: int, visits: tuple[int, ...]) -> float:
    route = timed(task, outing, visits)
    if route is None:
        return float("inf")
    return route.travel_s + float(task.late_s[list(visits), outing].sum())


def broken(task: Task, found: Routed) -> Iterator[str]:
    """Yield every rule that routes break."""
    made = [visit for route in found.routes for visit in route.visits]
    if sorted([*made, *found.left_out]) != list(range(task.visits)):
        yield "each visit once"
    for route in found.routes:
        legs = task.between(route.visits, route.outing)
        at = route.leaves_s
        for visit, begin, leg in zip(route.visits, route.begins_s, legs[:-1], strict=True):
            if begin < at + leg - 1e-6 or begin < task.opens_s[visit] - 1e-6:
                yield "begins too early"
            at = begin + task.stay_s[visit]
            if at > task.closes_s[visit] + 1e-6:
                yield "ends too late"
            if not task.allowed[visit, route.outing]:
                yield "not allowed"
        back = at + legs[-1]
        if abs(back - route.back_s) > 1e-6 or back > task.end_s[route.outing] + 1e-6 or route.leaves_s < task.start_s[route.outing]:
            yield "outside its outing"
        if route.back_s - route.leaves_s > task.most_s[route.outing] + 1e-6:
            yield "too long"


@pytest.mark.parametrize("seed", range(6))
def test_routes_agree_with_trying_everything(seed: int) -> None:
    """Five visits on two outings: nothing is cheaper, and nothing that fits is left out."""
    task = small_task(5, 2, seed)
    found = routed(task, 1, Rounds(600))
    assert list(broken(task, found)) == []
    assert found.value(task) == pytest.approx(by_trying_everything(task))


@given(st.integers(0, 10_000), st.integers(1, 9), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_no_rule_is_broken_and_no_route_is_below_its_bound(seed: int, visits: int, outings: int) -> None:
    """First routes and improved ones keep every rule; the bound is below both."""
    task = small_task(visits, outings, seed)
    first = inserted(task, range(visits))
    better = routed(task, 1, Rounds(60), first)
    for found in (first, better):
        made = np.array(sorted(visit for route in found.routes for visit in route.visits), dtype=np.int64)
        assert list(broken(task, found)) == []
        assert least_cost(task, made) <= found.cost(task) + 1e-6
    assert better.value(task) <= first.value(task)


@pytest.mark.parametrize("seed", range(8))
def test_the_tree_is_below_the_shortest_way_around(seed: int) -> None:
    """Seven places: the bound is at most the shortest way around, found by trying all, and within a tenth of it."""
    xy = np.random.default_rng(seed).uniform(0.0, 1.0, (7, 2))
    between = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    ways = ((0, *way, 0) for way in itertools.permutations(range(1, 7)))
    shortest = min(sum(between[one, two] for one, two in itertools.pairwise(way)) for way in ways)
    bound = tree_bound(between, 1)
    assert 0.9 * shortest <= bound <= shortest + 1e-9


def test_more_routes_raise_the_bound() -> None:
    """Two places side by side and far from the base: with two routes both ways are driven twice."""
    between = np.array([[0.0, 10.0, 10.0], [10.0, 0.0, 1.0], [10.0, 1.0, 0.0]])
    assert tree_bound(between, 1) == pytest.approx(21.0)
    assert tree_bound(between, 2) == pytest.approx(40.0, rel=0.02)


def test_an_outing_leaves_as_late_as_it_can() -> None:
    """An hour before the first door opens, nobody leaves to wait in front of it; two visits, back as early as possible."""
    task = replace(
        small_task(2, 1, 3),
        allowed=np.ones((2, 1), dtype=bool),
        opens_s=np.full(2, 9.0 * HOUR),
        closes_s=np.full(2, 17.0 * HOUR),
        start_s=np.full(1, 8.0 * HOUR),
        end_s=np.full(1, 12.0 * HOUR),
        most_s=np.full(1, 4.0 * HOUR),
    )
    route = timed(task, 0, (0, 1))
    assert route is not None
    to_first, between, back = task.between((0, 1), 0)
    assert route.begins_s[0] == 9.0 * HOUR
    assert route.leaves_s == 9.0 * HOUR - to_first
    assert route.back_s == 9.0 * HOUR + task.stay_s.sum() + between + back


def test_searching_in_groups_keeps_every_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut into searches of one or two outings, routes keep all rules and lose nothing."""
    task = small_task(12, 5, 7)
    first = inserted(task, range(12))
    monkeypatch.setattr("qinwu.plan.rounds.searching.MOST_CELLS", 40)
    found = searched(task, first, 1, Ledger(Effort(5.0).begin()), 2.0, others=True)
    assert list(broken(task, found)) == []
    assert found.value(task) <= first.value(task)


def test_a_search_that_is_stopped_returns_what_it_began_from() -> None:
    """Somebody asked to stop before it began: the first routes come back untouched."""
    task, effort = small_task(8, 3, 5), Effort(60.0)
    first = inserted(task, range(8))
    effort.stop.set()
    assert searched(task, first, 1, Ledger(effort.begin()), 60.0) == Routed(
        tuple(sorted(first.routes, key=lambda route: route.outing)), first.left_out
    )


def test_routes_of_an_earlier_plan_are_never_made_worse() -> None:
    """Beginning from the best, the best comes back."""
    task = small_task(6, 3, 11)
    best = routed(task, 1, Rounds(600))
    again = routed(task, 2, Rounds(5), best)
    assert again.value(task) == best.value(task)
    assert all(isinstance(route, Route) for route in again.routes)
