"""Placing: which atom a point lies in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, STRtree

OUTSIDE = -1
TOLERANCE_M = 100.0
_METRES_PER_DEGREE = 111_195.0

F64 = NDArray[np.float64]


def place_points(
    lon: F64, lat: F64, polygons: Sequence[Polygon | MultiPolygon], tolerance_m: float = TOLERANCE_M
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Return the position of the polygon that each point lies in, and which points were moved to the nearest one.

    Parameters
    ----------
    lon, lat
        WGS84 degrees; a point without a number is outside.
    polygons
        The atoms in WGS84. A point on a shared border goes to the atom that comes first.
    tolerance_m
        Points outside every atom but at most this far from one, metres, go to the nearest.

    Returns
    -------
    tuple
        Positions, `OUTSIDE` where there is none; and True where a point was moved to the nearest.
    """
    places = np.full(len(lon), OUTSIDE, dtype=np.int32)
    moved = np.zeros(len(lon), dtype=bool)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(known) or not len(polygons):
        return places, moved
    places[known] = _containing(shapely.points(lon[known], lat[known]), polygons)
    outside = known[places[known] == OUTSIDE]
    if len(outside) and tolerance_m > 0:
        places[outside] = _nearest(shapely.points(lon[outside], lat[outside]), polygons, tolerance_m)
        moved[outside] = places[outside] != OUTSIDE
    return places, moved


def _containing(points: NDArray[np.object_], polygons: Sequence[Polygon | MultiPolygon]) -> NDArray[np.int32]:
    """Return the first polygon that holds each point or has it on its border."""
    point, polygon = STRtree(polygons).query(points, predicate="intersects")
    last_to_first = np.argsort(-polygon, kind="stable")
    places = np.full(len(points), OUTSIDE, dtype=np.int32)
    places[point[last_to_first]] = polygon[last_to_first]
    return places


def _nearest(points: NDArray[np.object_], polygons: Sequence[Polygon | MultiPolygon], tolerance_m: float) -> NDArray[np.int32]:
    """Return the nearest polygon within `tolerance_m`; distances on a plane touching the earth at the middle latitude."""
    shapes = np.asarray(polygons, dtype=object)
    _, south, _, north = shapely.total_bounds(shapes)
    scale = _METRES_PER_DEGREE * np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    plane = STRtree(shapely.transform(shapes, lambda degrees: degrees * scale))
    near = shapely.transform(points, lambda degrees: degrees * scale)
    point, polygon = plane.query_nearest(near, max_distance=tolerance_m, all_matches=False)
    nearest = np.full(len(points), OUTSIDE, dtype=np.int32)
    nearest[point] = polygon
    return nearest
