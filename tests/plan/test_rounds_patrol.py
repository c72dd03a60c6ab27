"""Patrol rounds: stops of the right length, each place often enough, at times and in an order nobody can tell."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.plan.rounds.hot_places import hot_places
from qinwu.plan.rounds.patrol import (
    Patrolling,
    PatrolRound,
    PatrolStop,
    Rhythm,
    chance_of_seeing,
    kept_up_with,
    patrol_round,
    regularity,
)
from qinwu.station.demand import read_source
from tests.plan.rounds_cases import sample

PART = 6 * 3600.0
RHYTHM = Rhythm((600.0, 960.0), 7200.0)


def town(atoms: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    xy = np.random.default_rng(4).uniform(0.0, 3000.0, (atoms, 2))
    travel = np.asarray(np.abs(xy[:, None] - xy[None]).sum(axis=2) / 8.0, dtype=np.float64).reshape(atoms, atoms)
    np.fill_diagonal(travel, 40.0)
    return travel


def crews(count: int, share: float, atoms: int) -> list[Patrolling]:
    return [Patrolling(number, 0.0, PART, 0, share, frozenset(range(atoms))) for number in range(count)]


def rounds(count: int, share: float, places: int, days: int = 10) -> list[PatrolRound]:
    windows, travel, hot = crews(count, share, 12), town(12), np.arange(places)
    hot = kept_up_with(windows, hot, travel, (0.0, PART), RHYTHM)
    return [patrol_round(windows, hot, travel, (0.0, PART), RHYTHM, np.random.default_rng(day)) for day in range(days)]


@given(st.integers(1, 3), st.sampled_from([0.3, 0.6, 1.0]), st.integers(1, 10), st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_stops_are_possible(count: int, share: float, places: int, seed: int) -> None:
    """Whatever is asked: 10 to 16 minutes each, one place at a time, the way between them driven, inside the time on patrol."""
    travel, hot = town(12), np.arange(places)
    made = patrol_round(crews(count, share, 12), hot, travel, (0.0, PART), RHYTHM, np.random.default_rng(seed))
    for stop in made.stops:
        assert 600.0 - 1e-6 <= stop.end_s - stop.start_s <= 960.0 + 1e-6
        assert 0.0 <= stop.start_s < stop.end_s <= PART + 1e-6
    for crew in range(count):
        mine = [stop for stop in made.stops if stop.crew == crew]
        for one, two in pairwise(mine):
            assert two.start_s >= one.end_s + travel[one.atom, two.atom] - 1e-6


@pytest.mark.parametrize(("count", "share"), [(1, 1.0), (2, 0.6), (3, 0.5)])
def test_places_are_visited_often_enough_and_not_like_clockwork(count: int, share: float) -> None:
    """Of the places that crews keep up with, 97 of 100 waits are within two hours; times and order vary."""
    seen = regularity(rounds(count, share, 10, days=20), RHYTHM.every_s)
    assert seen.kept >= 0.97
    assert seen.variation >= 0.2
    assert seen.surprise >= 0.7


def test_crews_keep_up_with_fewer_places_when_calls_keep_them() -> None:
    """Half the free time, at most half the places, hottest first."""
    whole, half = (kept_up_with(crews(2, share, 12), np.arange(12), town(12), (0.0, PART), RHYTHM) for share in (1.0, 0.5))
    assert 0 < len(half) <= len(whole) / 2 + 1
    assert half.tolist() == list(range(len(half)))


def test_places_out_of_reach_are_left_to_others() -> None:
    """A crew that patrols its own beat stops nowhere else."""
    windows = [Patrolling(0, 0.0, PART, 0, 1.0, frozenset({1, 2}))]
    hot = kept_up_with(windows, np.array([5, 2, 7, 1]), town(12), (0.0, PART), RHYTHM)
    assert hot.tolist() == [2, 1]
    made = patrol_round(windows, np.array([5, 2, 7, 1]), town(12), (0.0, PART), RHYTHM, np.random.default_rng(1))
    assert {stop.atom for stop in made.stops} == {1, 2}


def test_a_place_without_a_crew_for_long_is_not_promised() -> None:
    """A crew that goes off after two of six hours keeps up with nothing."""
    windows = [Patrolling(0, 0.0, 7200.0, 0, 1.0, frozenset(range(12)))]
    assert len(kept_up_with(windows, np.arange(3), town(12), (0.0, PART), RHYTHM)) == 0


def test_clockwork_has_no_variation_and_no_surprise() -> None:
    """Three places in turn, every half hour: variation 0, the next place always known."""
    stops = tuple(PatrolStop(0, number % 3, 1800.0 * number, 1800.0 * number + 600.0) for number in range(12))
    seen = regularity([PatrolRound((0.0, PART), (0, 1, 2), stops)], 7200.0)
    assert seen.variation == pytest.approx(0.0, abs=1e-12)
    assert seen.surprise == pytest.approx(0.0, abs=1e-12)
    assert seen.longest_s == pytest.approx(3 * 1800.0 - 600.0)


def test_coin_flips_have_full_surprise() -> None:
    """A crew that draws any other place alike is as surprising as can be."""
    rng, at, stops = np.random.default_rng(5), 0, []
    for number in range(4000):
        at = int(rng.choice([place for place in range(4) if place != at]))
        stops.append(PatrolStop(0, at, 900.0 * number, 900.0 * number + 600.0))
    assert regularity([PatrolRound((0.0, 3.6e6), (0, 1, 2, 3), tuple(stops))], 7200.0).surprise == pytest.approx(1.0, abs=0.002)


def test_the_chance_of_seeing_agrees_with_people_who_come_at_random() -> None:
    """Half a million people come at any time and stay half an hour."""
    stops = [stop for stop in rounds(2, 0.8, 6, days=1)[0].stops if stop.atom == 1]
    come = np.random.default_rng(6).uniform(0.0, PART, 500_000)
    met = np.zeros(len(come), dtype=bool)
    for stop in stops:
        met |= (come <= stop.end_s) & (come + 1800.0 >= stop.start_s)
    assert chance_of_seeing(stops, (0.0, PART), 1800.0) == pytest.approx(float(met.mean()), abs=0.003)


def test_only_residents_calls_make_a_place_hot() -> None:
    """What officers found themselves moves no place up: without them the list is the same."""
    station, _, _ = sample("station13")
    source = read_source(station)
    hot = hot_places(source, len(station.area), 5)
    counts = np.zeros((4, len(station.area)))
    for time, atom, found in zip(source.time_s, source.atom, source.self_initiated, strict=True):
        counts[int(time % 86400 // 21600), atom] += not found
    for part in range(4):
        assert hot.calls_per_week[part].tolist() == pytest.approx(sorted(counts[part] / source.weeks)[::-1][: len(hot.atoms[part])])
        assert 0.0 < hot.share[part] <= 1.0
