"""Methods of foreseeing places: mass is kept, closed forms, a process whose parameters are known, brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from qinwu.findings import QinwuError
from qinwu.forecast.places import near_repeat, self_exciting
from qinwu.forecast.places.events import make_events
from qinwu.forecast.places.ground import grid_ground, street_ground
from qinwu.forecast.places.library import Decayed, LastYear, Library
from qinwu.forecast.places.near_repeat import RINGS, WEEK, WEEKS
from qinwu.forecast.places.spreading import shares, spread
from tests.forecast.place_cases import CELL_M, drawn, exciting, squares, uneven


def test_cells_are_clipped_to_the_area() -> None:
    """The cells cover the area exactly, and a point finds its cell."""
    ground = grid_ground(box(0.0, 0.0, 500.0, 300.0), CELL_M)
    assert len(ground) == 6
    assert ground.measure.sum() == pytest.approx(500.0 * 300.0)
    found = ground.locate(np.array([450.0, 10.0, 900.0]), np.array([250.0, 10.0, 10.0]))
    assert [ground.ids[at] for at in found[:2]] == ["2-1", "0-0"]
    assert found[2] == -1


def test_no_area_is_refused() -> None:
    """A grid without an area or with cells of no width is refused."""
    for area, cell in ((box(0, 0, 0, 0).buffer(-1.0), 100.0), (box(0, 0, 9, 9), 0.0)):
        with pytest.raises(QinwuError, match="area"):
            grid_ground(area, cell)


def test_streets_are_cut_into_pieces() -> None:
    """A street of 600 m becomes four pieces of 150 m; a point near it finds its piece, one far away none."""
    ground = street_ground([LineString([(0.0, 0.0), (600.0, 0.0)])])
    assert ground.measure.tolist() == [150.0] * 4
    assert ground.locate(np.array([310.0, 310.0]), np.array([20.0, 400.0])).tolist() == [2, -1]


@given(st.lists(st.floats(0.0, 50.0), min_size=64, max_size=64), st.floats(0.1, 3.0))
@settings(max_examples=30, deadline=None)
def test_spreading_keeps_the_whole(amounts: list[float], bandwidth: float) -> None:
    """Whatever is spread adds up to what it was, and no place gets less than nothing."""
    ground = squares()
    found = spread(ground, shares(ground, bandwidth * CELL_M), np.array(amounts))
    assert found.sum() == pytest.approx(sum(amounts))
    assert (found >= 0.0).all()


def test_what_does_not_decay_is_the_mean_rate() -> None:
    """A kernel of no width and endless memory is the count at its pace, as last year's count is over a year."""
    ground = squares()
    events = drawn(ground, uneven(ground), 365.0)
    library = Library(events, 30.0, 5)
    endless, year = Decayed(0.0, 1e9).expected(library, 365.0), LastYear().expected(library, 365.0)
    assert endless == pytest.approx(year, rel=1e-5)
    assert year.sum() == pytest.approx(len(events) * 30.0 / 365.0)


def test_half_life_halves() -> None:
    """An event one half-life old counts half of one of today."""
    ground = squares(4, 1)
    events = make_events(ground, np.array([0, 3], dtype=np.int32), np.array([0.0, 60.0]), first=0.0)
    told = Decayed(0.0, 60.0).expected(Library(events, 30.0, 1), 60.0000001)
    assert told[0] / told[3] == pytest.approx(0.5, rel=1e-6)


def test_a_self_exciting_process_is_found_again() -> None:
    """The fit recovers, roughly, how many events an event sets off and how fast that fades."""
    ground = squares(10, 10)
    events = exciting(ground, rate=2.0, theta=0.4, omega=0.1, days=1000.0)
    found = self_exciting.fit(events, 1000.0, CELL_M)
    assert found.theta == pytest.approx(0.4, abs=0.1)
    assert found.omega == pytest.approx(0.1, rel=0.5)
    assert found.sigma_m < 0.6 * CELL_M


def test_even_events_set_nothing_off() -> None:
    """Where nothing is set off the fit finds next to nothing, and foresees the mean rate."""
    ground = squares(10, 10)
    events = drawn(ground, np.full(100, 0.02), 1000.0)
    assert self_exciting.fit(events, 1000.0, CELL_M).theta < 0.06
    assert self_exciting.foresee(events, 1000.0, 30.0, CELL_M).sum() == pytest.approx(60.0, rel=0.1)


def test_followers_beside_a_count_of_every_pair() -> None:
    """The fast count of followers is that of all pairs, looked at one by one."""
    ground = squares(6, 6)
    events = drawn(ground, np.full(36, 0.05), 100.0, seed=9)
    near = ground.near
    ring = np.searchsorted(np.array(RINGS) * CELL_M, near.metres, side="left").astype(np.int32)
    order = np.lexsort((events.day, events.place))
    start = np.r_[0, np.cumsum(np.bincount(events.place, minlength=36))].astype(np.int64)
    fast = near_repeat._pairs(near.offsets, near.place, ring, start, events.day[order], np.ones(len(events)), len(RINGS), WEEKS)
    slow = np.zeros((len(RINGS), WEEKS))
    for i in range(len(events)):
        for j in range(len(events)):
            apart = events.day[j] - events.day[i]
            metres = float(np.hypot(*(ground.xy_m[events.place[i]] - ground.xy_m[events.place[j]])))
            row = int(np.searchsorted(np.array(RINGS) * CELL_M, metres, side="left"))
            if 0.0 < apart < WEEKS * WEEK and row < len(RINGS):
                slow[row, int(apart // WEEK)] += 1.0
    assert fast.tolist() == slow.tolist()


def test_chance_of_pairs_is_what_mixing_gives() -> None:
    """Pairs in space times their share in time are the mean of pairs over mixed times."""
    ground = squares(5, 5)
    events = drawn(ground, np.full(25, 0.1), 100.0, seed=4)
    near = ground.near
    ring = np.searchsorted(np.array(RINGS) * CELL_M, near.metres, side="left").astype(np.int32)
    chance = np.outer(near_repeat._pairs_in_space(events, ring), near_repeat._shares_in_time(events))
    rng, total = np.random.default_rng(1), np.zeros(chance.shape)
    for _ in range(200):
        mixed = make_events(ground, events.place, rng.permutation(events.day))
        order = np.lexsort((mixed.day, mixed.place))
        start = np.r_[0, np.cumsum(np.bincount(mixed.place, minlength=25))].astype(np.int64)
        total += near_repeat._pairs(near.offsets, near.place, ring, start, mixed.day[order], np.ones(len(mixed)), len(RINGS), WEEKS)
    assert total / 200 == pytest.approx(chance, rel=0.05)


def test_repeats_raise_the_place_and_even_events_do_not() -> None:
    """After planted repeats the place of the last event is raised above last year's pace; even events leave all as it was."""
    ground = squares(8, 8)
    repeated = exciting(ground, rate=1.0, theta=0.5, omega=0.2, days=400.0)
    told = near_repeat.foresee(repeated, 400.0, 30.0)
    year = LastYear().expected(Library(repeated, 30.0, 5), 400.0)
    assert told.sum() > year.sum() * 1.005
    assert (told >= year - 1e-12).all()
    calm = drawn(ground, np.full(64, 0.02), 400.0, seed=8)
    assert near_repeat.excess(calm, 400.0)[0, 0] == 0.0
