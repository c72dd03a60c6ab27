"""Coordinates: Chinese map offsets undone, any EPSG code accepted, one metric projection inside.

GCJ-02 is WGS84 shifted by a published trigonometric series; BD-09 shifts GCJ-02 once more. The series were first set out in
the *EvilTransform* code (https://github.com/googollee/eviltransform), whose constants are used here. Both are only defined by
their forward direction, so the way back is a fixed-point iteration.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_

if TYPE_CHECKING:
    from pyproj import Transformer

F64 = NDArray[np.float64]
Shift = Callable[[F64, F64], tuple[F64, F64]]

WGS84, GCJ02, BD09 = "WGS84", "GCJ-02", "BD-09"
KNOWN = (WGS84, GCJ02, BD09)

_AXIS_M = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_BD_LON, _BD_LAT = 0.0065, 0.006
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)
_STEPS = 6


def coordinate_findings(system: str, place: Place) -> tuple[Finding, ...]:
    """Return what is wrong with the name of a coordinate system: nothing, or one error."""
    if system in KNOWN or (system.upper().startswith("EPSG:") and _crs_exists(system)):
        return ()
    guess = did_you_mean(system.upper(), KNOWN)
    message = N_("{value} is not a coordinate system known here.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Write WGS84, GCJ-02, BD-09 or EPSG:n, for example EPSG:4490.")
    return (Finding("unknown-coordinates", "error", message, remedy, place, {"value": system, "guess": guess}),)


def to_wgs84(x: F64, y: F64, system: str) -> tuple[F64, F64]:
    """Return WGS84 longitude and latitude in degrees of points given in `system`.

    Parameters
    ----------
    x, y
        Longitude and latitude in degrees, or easting and northing in the unit of the projection.
    system
        ``WGS84``, ``GCJ-02``, ``BD-09`` or ``EPSG:n``.
    """
    if system == WGS84:
        return x, y
    if system == GCJ02:
        return _undo(gcj02_from_wgs84, x, y)
    if system == BD09:
        return _undo(gcj02_from_wgs84, *_undo(bd09_from_gcj02, x, y))
    return _project(_transformer(system, "EPSG:4326"), x, y)


def gcj02_from_wgs84(lon: F64, lat: F64) -> tuple[F64, F64]:
    """Return GCJ-02 longitude and latitude, degrees, of WGS84 points; points outside China are not shifted."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    waves = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    latitude = np.radians(lat)
    shrink = 1.0 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    north = np.degrees(north * shrink * np.sqrt(shrink) / (_AXIS_M * (1.0 - _ECCENTRICITY2)))
    east = np.degrees(east * np.sqrt(shrink) / (_AXIS_M * np.cos(latitude)))
    west, eastern, south, northern = _CHINA
    inside = (lon >= west) & (lon <= eastern) & (lat >= south) & (lat <= northern)
    return lon + np.where(inside, east, 0.0), lat + np.where(inside, north, 0.0)


def bd09_from_gcj02(lon: F64, lat: F64) -> tuple[F64, F64]:
    """Return BD-09 longitude and latitude, degrees, of GCJ-02 points."""
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_TURN)
    return radius * np.cos(angle) + _BD_LON, radius * np.sin(angle) + _BD_LAT


def local_projection(lon: float, lat: float) -> str:
    """Return PROJ text of a transverse Mercator projection centred near a point, metres.

    Its scale is within 1e-5 of true up to 28 km east or west of the centre, better than a UTM zone.
    """
    return f"+proj=tmerc +lat_0={lat:.2f} +lon_0={lon:.2f} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"


def to_local(lon: F64, lat: F64, crs: str) -> tuple[F64, F64]:
    """Return metres east and north in the local projection `crs` of WGS84 points."""
    return _project(_transformer("EPSG:4326", crs), lon, lat)


def local_crs_findings(crs: str, place: Place) -> tuple[Finding, ...]:
    """Return what is wrong with a local projection: it must exist and count in metres."""
    if not crs or (_crs_exists(crs) and _is_metric(crs)):
        return ()
    message = N_("{value} is not a projection in metres.")
    remedy = N_("Leave local_crs out: a projection centred on the area is then used. Or write a metric EPSG:n.")
    return (Finding("unknown-projection", "error", message, remedy, place, {"value": crs}),)


def _undo(shift: Shift, x: F64, y: F64) -> tuple[F64, F64]:
    lon, lat = x, y
    for _ in range(_STEPS):
        shifted_lon, shifted_lat = shift(lon, lat)
        lon, lat = lon + (x - shifted_lon), lat + (y - shifted_lat)
    return lon, lat


def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


def _project(transformer: Transformer, x: F64, y: F64) -> tuple[F64, F64]:
    east, north = transformer.transform(x, y)
    return np.asarray(east, dtype=np.float64), np.asarray(north, dtype=np.float64)


def _crs_exists(crs: str) -> bool:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if re.fullmatch(r"(?i)epsg:\s*0*", crs):
        return False
    try:
        CRS.from_user_input(crs)
    except CRSError:
        return False
    return True


def _is_metric(crs: str) -> bool:
    from pyproj import CRS

    parsed = CRS.from_user_input(crs)
    return bool(parsed.is_projected) and all(axis.unit_conversion_factor == 1.0 for axis in parsed.axis_info)
