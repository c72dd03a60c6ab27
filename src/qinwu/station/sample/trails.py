"""Trails: winding roads through country whose atoms are bounded by ridges, not by streets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree
from shapely import LineString, Point, Polygon

from qinwu.station.sample.blueprint import Road, Zone, smooth

_BEND_M = 450.0
_SWING_M = 160.0
_NEARLY_NOTHING = 1e-3


def trails(
    shapes: Sequence[Polygon], zones: Sequence[Zone], pairs: NDArray[np.int64], roads: Sequence[Road], rng: np.random.Generator
) -> list[Road]:
    """Return winding roads that tie every atom without streets to its neighbours, as few as do it, and to the given `roads`.

    Parameters
    ----------
    shapes, zones
        Atoms, plane metres, and the zone of each; those whose zone has no ``cuts`` are without streets.
    pairs
        (E, 2) neighbouring atoms.
    roads
        Roads that are there already.
    rng
        Source of bends.
    """
    wild = np.array([zone.cuts is None for zone in zones])
    if not wild.any():
        return []
    centre = shapely.get_coordinates(shapely.centroid(np.array(shapes)))
    length = np.hypot(*(centre[pairs[:, 0]] - centre[pairs[:, 1]]).T)
    length = np.where(wild[pairs].any(axis=1), length, _NEARLY_NOTHING)
    tree = minimum_spanning_tree(csr_array((length, (pairs[:, 0], pairs[:, 1])), shape=(len(shapes), len(shapes)))).tocoo()
    known = shapely.union_all([road.line for road in roads])
    return [
        Road("mountain", _trail(shapes, centre, wild, known, one, other, rng))
        for one, other in zip(tree.row.tolist(), tree.col.tolist(), strict=True)
        if wild[one] or wild[other]
    ]


def _trail(
    shapes: Sequence[Polygon],
    centre: NDArray[np.float64],
    wild: NDArray[np.bool_],
    known: shapely.Geometry,
    one: int,
    other: int,
    rng: np.random.Generator,
) -> LineString:
    """Return the road from one atom over the common border into the other, or to the nearest road of an atom that has some."""
    border = shapely.intersection(shapes[one].boundary, shapes[other].boundary)
    longest = max(shapely.get_parts(shapely.line_merge(border)), key=lambda part: part.length)
    pass_ = longest.interpolate(0.5, normalized=True)
    ends = [Point(centre[at]) if wild[at] else _nearest(known, pass_) for at in (one, other)]
    first, second = winding(ends[0], pass_, rng), winding(pass_, ends[1], rng)
    return LineString([*first, *second[1:]])


def _nearest(known: shapely.Geometry, point: Point) -> Point:
    return Point(shapely.shortest_line(point, known).coords[-1])


def winding(start: Point, end: Point, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Return a bending way between two points, plane metres."""
    line = np.array([[start.x, start.y], [end.x, end.y]])
    metres = float(np.hypot(*(line[1] - line[0])))
    if metres < 1.0:
        return [tuple(each) for each in line.tolist()]
    bends = max(int(metres / _BEND_M), 1)
    share = np.linspace(0.0, 1.0, bends + 2)[:, None]
    across = np.array([-(line[1] - line[0])[1], (line[1] - line[0])[0]]) / metres
    swing = rng.normal(0.0, min(_SWING_M, metres / 6), (bends + 2, 1)) * (np.minimum(share, 1 - share) > 0)
    return list(smooth([tuple(each) for each in (line[0] + share * (line[1] - line[0]) + swing * across).tolist()], 5).coords)
