"""Distances and contrasts between simulated and observed times, against brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.compile import compile_plan
from qinwu.simulate.agreement import (
    Group,
    agreement,
    chance_longer,
    chance_se,
    groups_of,
    ks_distance,
    place_check,
    place_misfit,
    pressure_check,
    quantile_s,
    rank_correlation,
    recorded_like,
    step_of,
)
from qinwu.simulate.goal import make_goal
from qinwu.simulate.pressure import RECENT_S, calls_just_before, near_atoms, pressed, same_crews
from qinwu.simulate.replay import Times
from qinwu.station.demand import read_source
from tests.simulate.recorded import all_together, bare_station
from tests.stations import nine_atom_system, nine_atoms

sample = st.lists(st.integers(0, 20).map(float), min_size=3, max_size=25).map(np.array)
Sample = np.ndarray[tuple[int], np.dtype[np.float64]]


@settings(deadline=None)
@given(sample, sample)
def test_distance_is_the_largest_difference_of_shares(x: Sample, y: Sample) -> None:
    """The distance is the largest difference of the shares within any limit, tried out at every value."""
    brute = max(abs(np.mean(x <= limit) - np.mean(y <= limit)) for limit in [*x, *y])
    assert ks_distance(x, y) == pytest.approx(brute)


def test_distance_counts_calls_never_served() -> None:
    """Half of the calls never served is a distance of a half, however fast the others."""
    assert ks_distance(np.array([1.0, 2.0]), np.array([1.0, 2.0, np.inf, np.inf])) == pytest.approx(0.5)


@settings(deadline=None)
@given(sample, st.data())
def test_chance_longer_by_all_pairs(x: Sample, data: st.DataObject) -> None:
    """The chance is that of all pairs of a marked and an unmarked call, ties counting half."""
    marked = np.array(data.draw(st.lists(st.booleans(), min_size=len(x), max_size=len(x))))
    pairs = [0.5 * (one > other) + 0.5 * (one >= other) for one, other in product(x[marked], x[~marked])]
    assert chance_longer(x, marked) == pytest.approx(np.mean(pairs) if pairs else 0.5)


def test_chance_se_by_simulation() -> None:
    """The standard error is that of repeated draws of one distribution, within 5 %."""
    rng = np.random.default_rng(1)
    marked = np.arange(150) < 50
    chances = [chance_longer(rng.random(150), marked) for _ in range(3000)]
    assert np.std(chances) == pytest.approx(chance_se(50, 100), rel=0.05)


def test_times_are_compared_as_they_were_recorded() -> None:
    """Whole minutes and tenths of minutes are seen for what they are, seconds left alone."""
    rng = np.random.default_rng(2)
    exact = rng.exponential(300.0, 400)
    for step in (60.0, 6.0):
        assert step_of(np.round(exact / step) * step) == step
    assert step_of(np.round(exact)) == 0.0
    assert recorded_like(np.array([100.0, np.inf]), 60.0).tolist() == [120.0, np.inf]
    np.testing.assert_array_equal(recorded_like(exact, 0.0), exact)


def test_quantile_of_calls_never_served_is_infinite() -> None:
    """With one call in five never served, nine in ten take for ever."""
    times = np.array([1.0, 2.0, 3.0, 4.0, np.inf])
    assert quantile_s(times, 0.5) == 3.0
    assert np.isinf(quantile_s(times, 0.9))


def test_table_compares_only_calls_with_observed_times() -> None:
    """Simulated times of calls without a stamp are left out, infinite means are not averaged, small groups have no row."""
    seen = np.where(np.arange(100) < 50, 60.0 + np.arange(100), np.nan)
    done = np.tile(np.where(np.arange(100) < 50, 60.0 + np.arange(100), 9999.0), (2, 1))
    done[0, 0] = np.inf
    times = Times(seen, np.full(100, np.nan), seen)
    groups = [Group("all", "all", np.ones(100, dtype=bool)), Group("hour", "08", np.arange(100) < 20)]
    table = agreement("fitted", times, Times(done, np.full((2, 100), np.nan), done), groups)
    assert table["part"].to_list() == ["wait", "response"]
    row = table.row(0, named=True)
    assert (row["calls"], row["by"]) == (50, "all")
    assert row["ks"] == pytest.approx(0.01)
    assert row["simulated_mean_s"] == pytest.approx(84.74, abs=0.01)
    assert row["unserved"] == pytest.approx(0.01)


def test_groups_cut_calls_by_priority_and_time_of_day() -> None:
    """Every call is in one priority, one quarter of the day and one hour."""
    source = read_source(bare_station(3, 2.0))
    groups = list(groups_of(source))
    for by in ("priority", "daypart", "hour"):
        assert (np.sum([group.calls for group in groups if group.by == by], axis=0) == 1).all()


def test_places_are_ranked() -> None:
    """A model that knows the far atoms ranks them; one that does not is told from the past that does."""
    rng = np.random.default_rng(3)
    atom = np.repeat(np.arange(12), 20).astype(np.int32)
    seen = 100.0 + 50.0 * atom + rng.normal(0, 10, len(atom))
    nothing = np.full(len(atom), np.nan)
    for done, expected in ((seen[None, :] * 0.5, 1.0), (np.full((1, len(atom)), 7.0), 0.0)):
        times = Times(nothing, seen, nothing)
        check = place_check(times, Times(nothing[None], done, nothing[None]), times, atom, atom)
        assert check is not None
        assert (check.part, check.atoms) == ("travel", 12)
        assert check.model == pytest.approx(expected)
        assert check.past == pytest.approx(1.0)


def test_misfit_of_places_is_about_the_number_of_atoms_where_the_model_is_true() -> None:
    """Atoms' means scatter by chance alone around the truth: one for each atom; a model without places is far worse."""
    rng = np.random.default_rng(6)
    atom = np.repeat(np.arange(30), 20).astype(np.int32)
    truth = 300.0 + 20.0 * atom.astype(np.float64)
    found = [place_misfit(truth + rng.normal(0, 100, len(atom)), truth[None], atom) for _ in range(50)]
    assert np.mean(found) == pytest.approx(30.0, rel=0.1)
    assert place_misfit(truth + rng.normal(0, 100, len(atom)), np.full((1, len(atom)), float(truth.mean())), atom) > 200


def test_few_places_are_not_ranked() -> None:
    """With three atoms nothing is said."""
    atom = np.repeat(np.arange(3), 30).astype(np.int32)
    times = Times(*(np.arange(90.0),) * 3)
    assert place_check(times, Times(*(part[None] for part in times)), times, atom, atom) is None


def test_rank_correlation_of_a_constant_is_nothing() -> None:
    """A constant ranks nothing."""
    assert rank_correlation(np.ones(4), np.arange(4.0)) == 0.0


def test_pressed_calls_are_compared() -> None:
    """Pressed calls that wait longer in the record but not in the model are told by two chances."""
    marked = np.arange(200) % 2 == 0
    seen = np.where(marked, 200.0, 100.0)
    done = np.tile(np.arange(200.0), (2, 1))
    check = pressure_check("crews", Times(seen, seen, seen), Times(done, done, done), marked)
    assert check is not None
    assert check.observed == 1.0
    assert check.model == pytest.approx(0.5, abs=0.01)
    assert pressure_check("crews", Times(seen, seen, seen), Times(done, done, done), np.arange(200) < 5) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 20_000), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_calls_just_before_by_counting(times: list[float], random: object) -> None:
    """Counts are those of every earlier related call within half an hour."""
    time_s = np.sort(np.array(times))
    rng = np.random.default_rng(len(times))
    kind, related = rng.integers(0, 3, len(times)), rng.random((3, 3)) < 0.5
    brute = [sum(related[kind[i], kind[j]] and time_s[i] - time_s[j] < RECENT_S for j in range(i)) for i in range(len(times))]
    assert calls_just_before(time_s, kind, related).tolist() == brute


def test_rivals_follow_the_first_tier() -> None:
    """Where every officer has a beat, calls of different beats want different crews; where all go everywhere, all want the same."""
    plan = compile_plan(nine_atoms(), nine_atom_system())
    first = np.unique(plan.dispatching.row)
    assert len(first) == 4
    assert np.array_equal(same_crews(plan)[np.ix_(first, first)], np.eye(4, dtype=bool))
    station = bare_station(3, 2.0)
    assert same_crews(compile_plan(station, all_together())).all()


def test_near_atoms_hold_a_tenth_of_the_calls() -> None:
    """The atoms near an atom are itself and the nearest, and no more than needed for a tenth of the calls."""
    station = bare_station(20, 2.0)
    plan, source = compile_plan(station, all_together()), read_source(station)
    calls = np.bincount(source.atom, minlength=25)
    near = near_atoms(plan, source)
    assert near.diagonal().all()
    for atom in range(25):
        travel = plan.area.travel_s[atom].copy()
        travel[atom] = 0.0
        last = max(np.flatnonzero(near[atom]), key=lambda other: float(travel[other]))
        assert calls[near[atom]].sum() - calls[last] < 0.1 * len(source)
        assert travel[near[atom]].max() <= travel[~near[atom]].min()


def test_pressed_calls_are_at_most_half() -> None:
    """More than the median number of rivals: at most half of the calls."""
    station = bare_station(20, 2.0)
    marks = pressed(compile_plan(station, all_together()), read_source(station))
    assert set(marks) == {"crews", "nearby"}
    assert all(0.0 < mark.mean() <= 0.5 for mark in marks.values())


def test_misfit_is_nothing_for_the_record_itself() -> None:
    """Observed times fit themselves exactly; of one distribution, the misfit is about the number of terms; of another, far more."""
    rng = np.random.default_rng(4)
    priority = np.repeat(np.array([0, 2], np.int8), 500)
    marked = rng.random(1000) < 0.3
    seen = rng.lognormal(5.0, 1.0, 1000)
    goal = make_goal(seen, priority, [marked])
    assert goal is not None
    assert goal.misfit(seen[None, :]) == pytest.approx(0.0)
    assert goal.terms == 13
    same = [goal.misfit(rng.lognormal(5.0, 1.0, (1, 1000))) for _ in range(100)]
    assert 1.3 * goal.terms < np.mean(same) < 2.8 * goal.terms
    assert goal.misfit(rng.lognormal(5.5, 1.0, (1, 1000))) > 5 * goal.terms


def test_no_goal_without_stamps() -> None:
    """Too few known times make no goal."""
    assert make_goal(np.full(100, np.nan), np.zeros(100, np.int8)) is None
