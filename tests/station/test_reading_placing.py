"""Points fall into the atom that holds them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from qinwu.station.placing import OUTSIDE, place_points

METRE = 1 / 111_195
SQUARES = [
    box(110, 30, 110.01, 30.01),
    box(110.01, 30, 110.02, 30.01),
    MultiPolygon([box(110, 30.02, 110.01, 30.03), box(110.03, 30, 110.04, 30.01)]),
]
COORDINATES = st.floats(-0.002, 0.042)


@settings(max_examples=80, deadline=None)
@given(points=st.lists(st.tuples(COORDINATES, COORDINATES), min_size=1, max_size=20))
def test_placing_agrees_with_asking_every_polygon(points: list[tuple[float, float]]) -> None:
    """The index gives what a loop over all polygons gives: the first that touches the point."""
    lon, lat = np.array(points).T + np.array([[110], [30]])
    places, moved = place_points(lon, lat, SQUARES, tolerance_m=0)
    expected = [
        next((at for at, shape in enumerate(SQUARES) if shape.intersects(Point(x, y))), OUTSIDE)
        for x, y in zip(lon, lat, strict=True)
    ]
    assert places.tolist() == expected
    assert not moved.any()


@pytest.mark.parametrize(("metres", "place"), [(1, 0), (90, 0), (110, OUTSIDE), (5000, OUTSIDE)])
def test_a_point_off_the_edge_is_moved_within_the_tolerance(metres: float, place: int) -> None:
    """North and west of a square, a hundred metres is the limit, measured on the ground."""
    lon = np.array([110.005, 110 - metres * METRE / np.cos(np.radians(30.015))])
    lat = np.array([30.01 + metres * METRE, 30.005])
    places, moved = place_points(lon, lat, [SQUARES[0], Polygon(box(110, 30.5, 110.01, 30.51))], tolerance_m=100)
    assert places[0] == place
    assert moved.tolist()[0] == (place != OUTSIDE)


def test_unknown_points_and_no_atoms_are_outside() -> None:
    """A point without numbers is nowhere, and so is every point where there are no atoms."""
    lon, lat = np.array([np.nan, 110.005]), np.array([30.0, np.nan])
    assert place_points(lon, lat, SQUARES)[0].tolist() == [OUTSIDE, OUTSIDE]
    assert place_points(np.array([110.005]), np.array([30.005]), [])[0].tolist() == [OUTSIDE]
    assert len(place_points(np.array([]), np.array([]), SQUARES)[0]) == 0
