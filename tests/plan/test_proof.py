"""Proof sheets and efforts: gaps by hand, what is told of progress, and stopping."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from qinwu.plan.effort import Effort, Progress
from qinwu.plan.proof import Proof

PROOF = Proof("travel", "min", 100.0, 98.0, 1.0, 1, "search")


@pytest.mark.parametrize(
    ("value", "bound", "gap", "status"),
    [
        (100.0, 98.0, 0.02, "bounded"),
        (100.0, 100.0, 0.0, "optimal"),
        (100.0, 100.1, 0.0, "optimal"),
        (0.0, 0.0, 0.0, "optimal"),
        (-10.0, -11.0, 0.1, "bounded"),
    ],
)
def test_gap_is_a_share_of_the_value(value: float, bound: float, gap: float, status: str) -> None:
    """The gap is (value - bound) / |value|; a bound at or above the value proves it, rounding errors of solvers included."""
    proof = replace(PROOF, value=value, bound=bound)
    assert proof.gap == pytest.approx(gap)
    assert proof.status == status


def test_without_a_bound_nothing_is_proven() -> None:
    """Without a bound there is no gap, and the plan is only the best found."""
    proof = replace(PROOF, bound=math.nan)
    assert math.isnan(proof.gap)
    assert proof.status == "best_found"


def test_only_what_is_better_is_told() -> None:
    """A worse value or bound is not passed on; each better one is, together with the best of the other."""
    told: list[Progress] = []
    running = Effort(10.0, on_progress=told.append).begin()
    running.tell(value=5.0)
    running.tell(value=6.0)
    running.tell(bound=2.0)
    running.tell(value=4.0, bound=1.0)
    assert [(step.value, step.bound) for step in told] == [(5.0, -math.inf), (5.0, 2.0), (4.0, 2.0)]
    assert all(0.0 <= step.seconds < step.allowed == 10.0 for step in told)


def test_stopping_is_seen_at_once() -> None:
    """Whoever sets the event stops the run, however much time is left."""
    effort = Effort(1e6)
    running = effort.begin()
    assert not running.over
    effort.stop.set()
    assert running.over
    assert running.interrupted


def test_time_runs_out() -> None:
    """With no time left the run is over, and nobody interrupted it."""
    running = Effort(1e-9).begin()
    assert running.left == 0.0
    assert running.over
    assert not running.interrupted
