"""Measures against figures worked out by hand from the records of one run."""

from __future__ import annotations

import numpy as np
import pytest

from qinwu.queueing.visibility import p_seen, passes_per_hour
from qinwu.simulate.arrays import ON_DUTY, OVERTIME
from qinwu.simulate.measures import Key, measure_run
from qinwu.simulate.measures.value import gini
from qinwu.simulate.run import Run, run_plan
from qinwu.simulate.stream import draw_stream
from qinwu.station.context import Context
from tests.simulate.busy import busy_plan, busy_source, busy_station


@pytest.fixture(scope="module")
def run() -> Run:
    """Return one replay of the busy station."""
    return run_plan(busy_plan(), draw_stream(busy_source(), "replay", 1, 0))


@pytest.fixture(scope="module")
def figures(run: Run) -> dict[Key, float]:
    """Return all its figures."""
    return measure_run(run, Context.of(busy_station()))


def test_response_is_arrival_minus_received(run: Run, figures: dict[Key, float]) -> None:
    """Mean, median and 90th percentile over all calls, worked out directly."""
    response = run.calls["arrived"] - run.calls["received"]
    response = response[np.isfinite(response)]
    assert figures[Key("response_s", "all", "all", "mean")] == pytest.approx(response.mean())
    assert figures[Key("response_s", "all", "all", "p90")] == pytest.approx(np.quantile(response, 0.9))


def test_parts_add_up_to_the_response(figures: dict[Key, float]) -> None:
    """Call-taking, waiting and travel means add up to the mean response, where all calls were reached."""
    parts = sum(figures[Key(part, "all", "all", "mean")] for part in ("taking_s", "queue_s", "travel_s"))
    assert figures[Key("unserved_share", "all", "all", "share")] == 0.0
    assert parts == pytest.approx(figures[Key("response_s", "all", "all", "mean")])


def test_the_clock_adds_up_to_one(figures: dict[Key, float]) -> None:
    """Every call is in exactly one bucket of the response clock."""
    assert sum(value for key, value in figures.items() if key.measure == "response_clock") == pytest.approx(1.0)


def test_time_shares_add_up_to_one(figures: dict[Key, float]) -> None:
    """Calls, follow-up, other duty and uncommitted time are all the time there is."""
    assert sum(value for key, value in figures.items() if key.measure == "time_share") == pytest.approx(1.0)


def test_duty_hours_are_officers_times_hours(run: Run, figures: dict[Key, float]) -> None:
    """Nine officers always on duty are 9 x 168 officer-hours a week."""
    assert figures[Key("duty_hours", "all", "all", "mean")] == pytest.approx(9 * 168)
    assert (run.crew_s[:, OVERTIME] == 0).all()
    assert (run.crew_s[:, ON_DUTY] == run.end_s).all()


def test_patrol_passes_by_hand() -> None:
    """One crew patrolling 10 km of street at 5 m/s for a whole hour passes each point 1.8 times."""
    passes = passes_per_hour(np.array([3600.0]), np.array([[1.0]]), np.array([10_000.0]), 5.0, 3600.0)
    assert passes[0] == pytest.approx(1.8)


def test_chance_to_see_a_patrol_by_hand() -> None:
    """Two patrols at 5 m/s with 50 m of sight in 1 square kilometre, ten minutes: 1 - exp(-0.6)."""
    assert p_seen(np.array([2.0]), 5.0, 50.0, np.array([1e6]), 600.0)[0] == pytest.approx(1 - np.exp(-0.6))


def test_gini_by_hand() -> None:
    """One of four officers does everything: 1 - 1/n."""
    assert gini(np.array([0.0, 0.0, 0.0, 5.0])) == pytest.approx(0.75)
    assert np.isnan(gini(np.zeros(3)))


def test_coverage_shares_are_nested(figures: dict[Key, float]) -> None:
    """Nobody free implies fewer than two free, in every hour of the week."""
    for hour in range(168):
        none = figures[Key("nobody_free", "hour", str(hour), "share")]
        few = figures[Key("fewer_than_two_free", "hour", str(hour), "share")]
        assert 0.0 <= none <= few <= 1.0 + 1e-9


def test_unattended_minutes_are_within_a_day(figures: dict[Key, float]) -> None:
    """A beat is unattended between 0 and 1,440 minutes a day."""
    values = [value for key, value in figures.items() if key.measure == "beat_unattended_min" and key.by == "beat"]
    assert len(values) == 3
    assert all(0.0 <= value <= 1440.0 for value in values)
