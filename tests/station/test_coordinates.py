"""Coordinates: published examples, round trips under a metre, projections true to scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from qinwu.findings import Place
from qinwu.station.coordinates import (
    F64,
    bd09_from_gcj02,
    coordinate_findings,
    gcj02_from_wgs84,
    local_crs_findings,
    local_projection,
    to_local,
    to_wgs84,
)

LONGITUDE = st.floats(73.5, 135.0)
LATITUDE = st.floats(3.5, 53.5)


def one(value: float) -> F64:
    return np.array([value])


def metres_apart(a: tuple[F64, F64], b: tuple[F64, F64]) -> float:
    return float(np.max(Geod(ellps="WGS84").inv(a[0], a[1], b[0], b[1])[2]))


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02_matches_published_pairs(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    """The shift agrees with the test values of eviltransform to a millimetre."""
    shifted = gcj02_from_wgs84(one(wgs84[0]), one(wgs84[1]))
    assert metres_apart(shifted, (one(gcj02[0]), one(gcj02[1]))) < 1e-3


@given(LONGITUDE, LATITUDE)
def test_gcj02_round_trip_is_under_a_metre(lon: float, lat: float) -> None:
    """Shifting to GCJ-02 and reading it back gives the same place (to a micrometre, where 1 m is asked)."""
    point = one(lon), one(lat)
    assert metres_apart(to_wgs84(*gcj02_from_wgs84(*point), "GCJ-02"), point) < 1e-3


@given(LONGITUDE, LATITUDE)
def test_bd09_round_trip_is_under_a_metre(lon: float, lat: float) -> None:
    """Both shifts undone give the same place."""
    point = one(lon), one(lat)
    assert metres_apart(to_wgs84(*bd09_from_gcj02(*gcj02_from_wgs84(*point)), "BD-09"), point) < 1e-3


@given(LONGITUDE, LATITUDE)
def test_the_shifts_have_their_known_size(lon: float, lat: float) -> None:
    """GCJ-02 lies 0 to 1.5 km away, BD-09 another 0.5 to 1.5 km: a station would be placed in the wrong atom."""
    point = one(lon), one(lat)
    gcj02 = gcj02_from_wgs84(*point)
    assert 10 < metres_apart(gcj02, point) < 1500
    assert 500 < metres_apart(bd09_from_gcj02(*gcj02), gcj02) < 1500


def test_places_outside_china_are_not_shifted() -> None:
    """Detroit is where it is in every system."""
    point = one(-83.05), one(42.33)
    assert metres_apart(to_wgs84(*point, "GCJ-02"), point) == 0.0


def test_epsg_codes_go_through_proj() -> None:
    """CGCS2000 degrees are WGS84 to a metre; a UTM easting comes back to its longitude."""
    point = one(113.25), one(23.1)
    assert metres_apart(to_wgs84(*point, "EPSG:4490"), point) < 1.0
    utm = Transformer.from_crs("EPSG:4326", "EPSG:32649", always_xy=True).transform(*point)
    assert metres_apart(to_wgs84(*utm, "EPSG:32649"), point) < 1e-3


@settings(max_examples=30, deadline=None)
@given(LONGITUDE, LATITUDE, st.floats(-0.15, 0.15), st.floats(-0.15, 0.15))
def test_the_local_projection_is_true_to_scale(lon: float, lat: float, east: float, north: float) -> None:
    """Distances up to 20 km from the centre agree with the ellipsoid to 1 part in 50,000."""
    a, b = (one(lon), one(lat)), (one(lon + east), one(lat + north))
    crs = local_projection(lon, lat)
    (ax, ay), (bx, by) = to_local(*a, crs), to_local(*b, crs)
    assert float(np.hypot(bx - ax, by - ay)[0]) == pytest.approx(metres_apart(a, b), rel=2e-5, abs=0.01)


@pytest.mark.parametrize("system", ["WGS84", "GCJ-02", "BD-09", "EPSG:4490", "epsg:32649"])
def test_known_systems_are_accepted(system: str) -> None:
    """Each documented way to name a coordinate system is accepted."""
    assert coordinate_findings(system, Place()) == ()


@pytest.mark.parametrize("system", ["", "wgs", "EPSG:", "EPSG:0", "EPSG:123456", "Mars"])
def test_unknown_systems_are_refused(system: str) -> None:
    """A misspelt system or a code that does not exist is one error with a remedy."""
    (finding,) = coordinate_findings(system, Place("station.toml"))
    assert finding.code == "unknown-coordinates"
    assert finding.remedy


@pytest.mark.parametrize(
    ("crs", "good"), [("", True), ("EPSG:32649", True), ("EPSG:4326", False), ("EPSG:2263", False), ("xyz", False)]
)
def test_a_local_projection_must_count_in_metres(crs: str, good: bool) -> None:
    """Degrees, feet and nonsense are refused as a local projection."""
    assert (local_crs_findings(crs, Place()) == ()) is good
