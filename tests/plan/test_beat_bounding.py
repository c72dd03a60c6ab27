"""Beat problems given to the engine: its bound and its optimum are those of every plan looked at."""

from __future__ import annotations

import numpy as np
import pytest

from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.bounding import proven, travel_bound
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.search import search
from qinwu.plan.effort import Effort
from tests.plan.beat_cases import every_plan, problem

WORK = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0]
TODAY = [0, 0, 0, 1, 1, 1, 2, 2, 2]
TRAVEL = {"response": 1.0}


@pytest.mark.parametrize(
    "aims",
    [
        BeatAims(within=0.4, weight=TRAVEL),
        BeatAims(within=0.5, weight=TRAVEL, fixed={"a1": "B03", "a2": "B03", "a9": "B01"}),
        BeatAims(within=0.5, weight=TRAVEL, whole={"a2": "village", "a3": "village", "a6": "village"}),
    ],
    ids=["plain", "fixed", "village"],
)
def test_the_engine_proves_the_shortest_travel_of_all_plans(aims: BeatAims) -> None:
    """On nine squares the engine's plan and bound are the least travel of every plan that keeps the rules."""
    given = problem(3, 3, WORK, 3, aims, TODAY)
    least = min(float(plan.tally.near.sum()) for plan in every_plan(given))
    start = search(given, lambda _share: True, seed=1)
    assert start is not None
    first = start.plan if start.feasible else next(every_plan(given))
    plan, bound = proven(first, Effort(20.0).begin(), 1e-6)
    assert float(plan.tally.near.sum()) == pytest.approx(least)
    assert bound == pytest.approx(least, rel=1e-4)


def test_the_quick_bound_is_never_above_the_shortest_travel() -> None:
    """Whatever the loads, the bound that is told with a plan holds for all plans."""
    rng = np.random.default_rng(8)
    for _ in range(3):
        given = problem(3, 3, rng.integers(1, 9, 9).astype(float).tolist(), 3, BeatAims(within=0.5, weight=TRAVEL))
        plans = list(every_plan(given))
        if plans:
            least = min(float(plan.tally.near.sum()) for plan in plans)
            assert travel_bound(plans[0], Effort(20.0).begin()) <= least * (1 + 1e-9)


def test_a_rule_the_engine_does_not_know_keeps_the_plan() -> None:
    """Where nobody may change officer the engine's shorter plan is not taken, and its bound still holds."""
    given = problem(3, 3, WORK, 3, BeatAims(within=0.9, continuity=1.0, weight=TRAVEL), TODAY)
    today = BeatPlan.of(given, np.array(TODAY))
    plan, bound = proven(today, Effort(20.0).begin(), 1e-6)
    assert (plan.label == today.label).all()
    assert bound <= float(today.tally.near.sum())
