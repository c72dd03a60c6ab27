"""Borders: which atoms are neighbours, which overlap, in one local metric projection."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Polygons = NDArray[np.object_]
Pairs = NDArray[np.int32]


def near_pairs(polygons: Polygons, gap_m: float) -> Pairs:
    """Return (E, 2) pairs of polygons not farther apart than `gap_m` metres, smaller index first, sorted."""
    left, right = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=gap_m)
    pairs: Pairs = np.column_stack([left, right])[left < right].astype(np.int32)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def shared_border_m(polygons: Polygons, pairs: Pairs, gap_m: float) -> NDArray[np.float64]:
    """Return the length of common border of each pair, metres.

    Borders drawn exactly alike are measured as their common line. Where slivers or gaps lie between, the border is the part
    of either outline within `gap_m` of the other polygon, the shorter of the two.
    """
    outline = shapely.boundary(polygons)
    length: NDArray[np.float64] = shapely.length(shapely.intersection(outline[pairs[:, 0]], outline[pairs[:, 1]]))
    doubtful = length <= 10 * gap_m
    if gap_m and doubtful.any():
        left, right = pairs[doubtful].T
        wide = np.full(len(polygons), None, dtype=object)
        used = np.unique(pairs[doubtful])
        wide[used] = shapely.buffer(polygons[used], gap_m, quad_segs=2)
        from_left = shapely.length(shapely.intersection(outline[left], wide[right]))
        from_right = shapely.length(shapely.intersection(outline[right], wide[left]))
        length[doubtful] = np.maximum(length[doubtful], np.minimum(from_left, from_right))
    return length


def neighbours(polygons: Polygons, gap_m: float, shared_m: float) -> Pairs:
    """Return (E, 2) pairs of polygons with a common border, smaller index first.

    Parameters
    ----------
    polygons
        (J,) valid polygons in metres.
    gap_m
        How far apart two outlines may be drawn and still be one border, metres, >= 0.
    shared_m
        Least common border, metres; touching at a corner is not enough. Never less than four times `gap_m`, because at a
        corner the outlines are that near each other for up to twice `gap_m` on either side.
    """
    pairs = near_pairs(polygons, gap_m)
    if not len(pairs):
        return pairs
    return pairs[shared_border_m(polygons, pairs, gap_m) >= max(shared_m, 4.0 * gap_m)]


def piece_of(count: int, pairs: Pairs) -> NDArray[np.int32]:
    """Return for each of `count` atoms the number of the connected piece it belongs to."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    graph = csr_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    label: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return label


def overlaps_m2(polygons: Polygons, pairs: Pairs) -> NDArray[np.float64]:
    """Return the area common to each pair, square metres."""
    area: NDArray[np.float64] = shapely.area(shapely.intersection(polygons[pairs[:, 0]], polygons[pairs[:, 1]]))
    return area
