"""Calls for the simulator: replayed exactly, resampled by week, drawn from rates; the luck is shared and reproducible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.simulate.stream import CallsMode, default_mode, demand_for, draw_stream, taken_at, unit_lognormal
from qinwu.station.demand import WEEK_S, read_source
from tests.simulate.busy import WEEKS, busy_plan, busy_source, busy_station


def test_a_replay_is_the_record() -> None:
    """Replayed calls have the exact times, classes and places of the record."""
    source = busy_source()
    stream = draw_stream(source, "replay", 1, 0)
    np.testing.assert_array_equal(stream.received_s, source.time_s)
    np.testing.assert_array_equal(stream.atom, source.atom)
    assert stream.end_s == source.weeks * WEEK_S


def test_resampled_weeks_are_whole_observed_weeks() -> None:
    """Every week of a resampled run has the calls of one observed week, shifted by whole weeks."""
    source = busy_source()
    stream = draw_stream(source, "weeks", 1, 0)
    observed = {tuple(np.round(source.time_s[source.time_s // WEEK_S == w] % WEEK_S, 3)) for w in range(source.weeks)}
    for week in range(WEEKS):
        mine = stream.received_s[stream.received_s // WEEK_S == week] % WEEK_S
        assert tuple(np.round(mine, 3)) in observed


def test_sampled_calls_keep_rates_by_class_and_hour() -> None:
    """Over many replications, sampled calls have the observed number a week and the observed class shares."""
    source = busy_source()
    streams = [draw_stream(source, "sampled", 5, r) for r in range(30)]
    total = np.mean([len(s.received_s) for s in streams])
    assert total == pytest.approx(len(source), rel=0.03)
    drawn = np.bincount(np.concatenate([s.call_class for s in streams]), minlength=5) / sum(len(s.call_class) for s in streams)
    seen = np.bincount(source.call_class, minlength=5) / len(source)
    np.testing.assert_allclose(drawn, seen, atol=0.01)
    assert all((np.diff(s.received_s) >= 0).all() for s in streams)


@pytest.mark.parametrize("mode", ["replay", "weeks", "sampled"])
def test_the_same_seed_gives_the_same_stream(mode: CallsMode) -> None:
    """Seed and replication fix every array; another replication differs."""
    one, two = (draw_stream(busy_source(), mode, 11, 4) for _ in range(2))
    other = draw_stream(busy_source(), mode, 11, 5)
    for mine, theirs in zip(one, two, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert not np.array_equal(one.on_scene_s, other.on_scene_s)


@given(st.floats(0, 3), st.integers(0, 1000))
def test_lognormal_factors_have_mean_one(spread: float, seed: int) -> None:
    """Factors are positive; their mean over many draws is one within five standard errors."""
    factors = unit_lognormal(np.random.default_rng(seed).standard_normal(4000), spread)
    assert (factors > 0).all()
    if spread < 1:
        assert abs(factors.mean() - 1.0) < 5 * max(spread, 1e-9) / np.sqrt(4000) + 1e-9


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 20)), min_size=1, max_size=30), st.integers(1, 4))
def test_call_takers_serve_in_order(calls: list[tuple[float, float]], takers: int) -> None:
    """No call is done before its own time plus work; never more than `takers` are in work at once."""
    received = np.sort(np.array([c[0] for c in calls]))
    work = np.array([c[1] for c in calls])
    done = taken_at(received, work, takers)
    start = done - work
    assert (start >= received - 1e-9).all()
    for t in start:
        assert ((start <= t + 1e-12) & (done > t + 1e-9)).sum() <= takers


def test_demand_is_ordered_by_when_a_dispatcher_may_act() -> None:
    """Ready times are in order, after received."""
    source = busy_source()
    demand = demand_for(busy_plan().dispatching, draw_stream(source, "replay", 1, 0))
    assert (np.diff(demand.ready_s) >= 0).all()
    assert (demand.ready_s > demand.received_s).all()


def test_short_records_are_replayed() -> None:
    """Whole weeks are resampled only where there are at least eight."""
    assert default_mode(busy_source()) == "weeks"
    assert default_mode(read_source(busy_station(), days=20)) == "replay"


def test_a_service_line_takes_the_share_of_the_calls_it_is_for_and_no_other() -> None:
    """Of the calls that fit about the share goes, the others all stay, and which ones stay does not depend on the share."""
    source, plan = busy_source(), busy_plan()
    shares = np.zeros_like(plan.dispatching.handed_off)
    shares[2] = 0.4
    stream = draw_stream(source, "sampled", 1, 0)
    all_calls = demand_for(plan.dispatching, stream)
    some, fewer = (demand_for(plan.dispatching._replace(handed_off=each), stream) for each in (shares, shares * 1.5))
    fitting = (all_calls.priority == 2) & (all_calls.self_initiated == 0)
    assert len(all_calls.key) - len(some.key) == pytest.approx(0.4 * fitting.sum(), abs=4 * np.sqrt(0.24 * fitting.sum()))
    assert set(fewer.key) < set(some.key) < set(all_calls.key)
    assert set(all_calls.key[~fitting]) <= set(fewer.key)


def test_pace_multiplies_the_time_spent_on_residents_calls() -> None:
    """Twice the pace figure is twice the time on the scene and after, and nothing else changes."""
    source, plan = busy_source(), busy_plan()
    stream = draw_stream(source, "sampled", 1, 0)
    usual = demand_for(plan.dispatching, stream)
    slow = demand_for(plan.dispatching._replace(pace=2.0 * plan.dispatching.pace), stream)
    factor = np.where(usual.self_initiated == 1, 1.0, 2.0)[:, None]
    assert np.array_equal(slow.on_scene_s, usual.on_scene_s * factor)
    assert np.array_equal(slow.wrap_up_s, usual.wrap_up_s * factor)
    assert np.array_equal(slow.ready_s, usual.ready_s)
