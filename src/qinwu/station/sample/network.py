"""Network: roads cut at every crossing, each piece once and of one class, and only what hangs together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely import STRtree

from qinwu.station.sample.blueprint import ROAD_CLASSES, Road


def connect(roads: Sequence[Road], grid_m: float) -> tuple[Road, ...]:
    """Return the roads cut where they meet; where several lie on one another the most important class stays."""
    pieces = _noded(roads, grid_m)
    classes = _classes(pieces, roads, grid_m)
    keep = _largest_part(pieces)
    return tuple(Road(ROAD_CLASSES[classes[at]], pieces[at]) for at in np.flatnonzero(keep))


def _noded(roads: Sequence[Road], grid_m: float) -> NDArray[np.object_]:
    pieces = shapely.get_parts(shapely.union_all([road.line for road in roads], grid_size=grid_m))
    return np.asarray(pieces[np.lexsort(shapely.bounds(pieces).T)])


def _classes(pieces: NDArray[np.object_], roads: Sequence[Road], grid_m: float) -> NDArray[np.int64]:
    """Return for each piece the best class of the roads that pass its middle."""
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    piece, road = STRtree([road.line for road in roads]).query(middle, predicate="dwithin", distance=1.5 * grid_m)
    rank = np.array([ROAD_CLASSES.index(road.road_class) for road in roads])
    best = np.full(len(pieces), len(ROAD_CLASSES) - 1)
    np.minimum.at(best, piece, rank[road])
    return best


def _largest_part(pieces: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which pieces belong to the connected part with the most metres."""
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(pieces, at)) for at in (0, -1)])
    _, node = np.unique(ends, axis=0, return_inverse=True)
    start, end = node.reshape(2, -1)
    count = int(node.max()) + 1
    graph = csr_array((np.ones(len(start)), (start, end)), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    metres = np.bincount(label[start], shapely.length(pieces))
    return np.asarray(label[start] == int(np.argmax(metres)))
