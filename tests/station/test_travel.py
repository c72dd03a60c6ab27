"""Travel without roads: closed forms of distance and time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.station.config import Travel
from qinwu.station.travel import WITHIN_SQUARE, straight_travel, times, within_s

XY = np.array([[0.0, 0.0], [3000.0, 4000.0]])
AREA = np.array([1e6, 4e6])


def test_euclid_and_manhattan() -> None:
    """3 km east and 4 km north are 5 km or 7 km; at 30 km/h 10 or 14 minutes."""
    assert straight_travel(XY, AREA, Travel(metric="euclid")).base_s[0, 1] == pytest.approx(600.0)
    assert straight_travel(XY, AREA, Travel(metric="manhattan")).base_s[0, 1] == pytest.approx(840.0)


def test_detour_lengthens_and_speed_shortens() -> None:
    """Detour multiplies, speed divides."""
    assert straight_travel(XY, AREA, Travel(metric="euclid", detour=1.5, speed_kmh=60)).base_s[0, 1] == pytest.approx(450.0)


def test_mean_distance_in_a_square() -> None:
    """The constants are the exact means: (2 + √2 + 5 ln(1 + √2)) / 15 and 2/3."""
    assert WITHIN_SQUARE["euclid"] == pytest.approx((2 + math.sqrt(2) + 5 * math.log(1 + math.sqrt(2))) / 15, abs=5e-5)
    points = np.random.default_rng(1).uniform(size=(200_000, 2, 2))
    apart = np.abs(points[:, 0] - points[:, 1])
    assert apart.sum(axis=1).mean() == pytest.approx(WITHIN_SQUARE["manhattan"], abs=0.003)
    assert np.hypot(apart[:, 0], apart[:, 1]).mean() == pytest.approx(WITHIN_SQUARE["euclid"], abs=0.003)


def test_travel_inside_an_atom() -> None:
    """In a square kilometre the mean Manhattan way is 667 m: 80 s at 30 km/h; twice the side, twice the time."""
    assert within_s(AREA, Travel()) == pytest.approx([80.0, 160.0])
    assert np.diag(straight_travel(XY, AREA, Travel()).base_s) == pytest.approx([80.0, 160.0])


def test_hours_of_the_day_become_hours_of_the_week() -> None:
    """Hour 8 of every day has the factor of hour 8."""
    factor = tuple(1.0 + hour / 10 for hour in range(24))
    travel = straight_travel(XY, AREA, Travel(hour_factor=factor))
    assert travel.hour_factor.shape == (168,)
    assert travel.hour_factor[[8, 32, 152]].tolist() == pytest.approx([1.8, 1.8, 1.8])


def test_the_source_is_in_words() -> None:
    """The report can say how travel was worked out."""
    assert straight_travel(XY, AREA, Travel(detour=1.3)).source == "manhattan, 30 km/h, detour 1.3"


@given(st.floats(0, 1e7), st.floats(0, 1e5))
def test_times_are_positive(area_m2: float, apart_s: float) -> None:
    """Even atoms of no size at the same point take a second."""
    between = np.array([[0.0, apart_s], [apart_s, 0.0]])
    assert (times(between, np.array([area_m2, 0.0]), Travel(), "x").base_s >= 1.0).all()
