"""Shapes: area, first and second moments of atoms, from which the compactness of any union of them follows at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from qinwu.station.area import Area
from qinwu.station.coordinates import to_local

F64 = NDArray[np.float64]


def moments(area: Area) -> F64:
    """Return (J, 4) of each atom: area, first moments in x and y, and polar second moment, all about the middle of the area.

    Metres to the powers 2, 3, 3 and 4. Moments of a union are the sums of the moments of its parts.
    """
    polygons = np.array(area.polygons, dtype=object)
    points = shapely.get_coordinates(polygons)
    local = np.column_stack(to_local(points[:, 0], points[:, 1], area.crs))
    return moments_of(shapely.set_coordinates(polygons.copy(), local - local.mean(axis=0)))


def moments_of(polygons: Sequence[Polygon | MultiPolygon] | NDArray[np.object_]) -> F64:
    """Return (J, 4) moments of polygons in metres, by Green's theorem edge by edge.

    >>> moments_of([shapely.box(-1, -1, 1, 1)]).round(3).tolist()[0][::3]
    [4.0, 2.667]
    """
    found = np.zeros((len(polygons), 4))
    for atom, shape in enumerate(polygons):
        for part in shapely.get_parts(shape):
            found[atom] += _of_ring(part.exterior) - sum((_of_ring(hole) for hole in part.interiors), np.zeros(4))
    return found


def compactness(moment: F64) -> F64:
    """Return (K,) how compact shapes with these (K, 4) moments are: A² / (2 π I), with I the polar moment about their own middle.

    1 is a circle, 0.95 a square, 0.76 a rectangle twice as long as wide (Li, Goodchild & Church 2013). Unlike a ratio of
    perimeter to area it does not punish the jagged outlines that atoms have.

    >>> compactness(moments_of([shapely.box(0, 0, 2, 1)])).round(2).tolist()
    [0.76]
    """
    size, x, y, polar = moment.T
    own = polar - (x * x + y * y) / np.maximum(size, 1e-12)
    round_: F64 = size * size / (2.0 * np.pi * np.maximum(own, 1e-12))
    return round_


def _of_ring(ring: shapely.LinearRing) -> F64:
    """Return area, first moments and polar moment of what a ring encloses, whichever way round it is drawn."""
    x, y = shapely.get_coordinates(ring).T
    x0, x1, y0, y1 = x[:-1], x[1:], y[:-1], y[1:]
    cross = x0 * y1 - x1 * y0
    squares = x0 * x0 + x0 * x1 + x1 * x1 + y0 * y0 + y0 * y1 + y1 * y1
    sums = np.array(
        [cross.sum() / 2.0, ((x0 + x1) * cross).sum() / 6.0, ((y0 + y1) * cross).sum() / 6.0, (squares * cross).sum() / 12.0]
    )
    return sums if sums[0] >= 0.0 else -sums
