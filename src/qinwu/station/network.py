"""The road network as a graph: lines cut where they meet, atoms joined to the nearest road, shortest times between atoms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from qinwu.station.config import Travel
from qinwu.station.roads import RoadLines
from qinwu.station.shortest import shortest_s, sparse_graph
from qinwu.station.travel import F64, metres_per_second

I64 = NDArray[np.int64]
Lines = NDArray[np.object_]

SNAP_M = 0.5
_FRAGMENT = 0.01


@dataclass(frozen=True)
class Network:
    """A graph of roads.

    ``start`` and ``end`` (E,) are nodes of each edge, ``lines`` its course in metres, ``seconds`` the time to drive it, ``ahead``
    and ``back`` whether that is allowed from start to end and from end to start. ``nodes`` counts nodes.
    """

    nodes: int
    start: I64
    end: I64
    lines: Lines
    seconds: F64
    ahead: NDArray[np.bool_]
    back: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True)
class AtomTimes:
    """Shortest times between atoms along roads.

    ``seconds`` (J, J) is infinite where no road leads; ``access_m`` (J,) is the way from an atom's point to the road it uses;
    ``piece`` (J,) the connected piece of the network that road belongs to.
    """

    seconds: NDArray[np.float32]
    access_m: F64
    piece: NDArray[np.int32]


def build_network(roads: RoadLines, factor: Mapping[str, float]) -> Network:
    """Return the graph of `roads`, cut wherever two of them share a vertex or an end meets another.

    Parameters
    ----------
    roads
        Lines in metres; vertices within 0.5 m of each other are one place.
    factor
        Multiplier of travel time by road class (season, terrain); 1 for classes not named.
    """
    points, line = shapely.get_coordinates(roads.lines, return_index=True)
    place = _places(points)
    first, last = _edge_ends(place, line)
    pace = roads.length_m / np.maximum(shapely.length(roads.lines), 1e-9) / (roads.speed_kmh / 3.6)
    pace = pace * np.array([factor.get(name, 1.0) for name in roads.road_class])
    road = line[first]
    lines = _cut_lines(points, first, last)
    keep = (place[first] != place[last]) & (shapely.length(lines) > 0)
    first, last, road, lines = first[keep], last[keep], road[keep], lines[keep]
    node, ends = np.unique(np.concatenate([place[first], place[last]]), return_inverse=True)
    direction = roads.oneway[road]
    seconds = shapely.length(lines) * pace[road]
    return Network(len(node), ends[: len(first)], ends[len(first) :], lines, seconds, direction >= 0, direction <= 0)


def atom_times(network: Network, xy_m: F64, travel: Travel, on_done: Callable[[int, int], None] | None = None) -> AtomTimes:
    """Return shortest times between points, each joined to the nearest road.

    The way from a point to the road is straight, multiplied by ``travel.detour``, at ``travel.speed_kmh``. Fragments of the
    network (less than 1 % of its length) are no place to start from. `on_done` is told how many sources are done, and how many
    there are.
    """
    piece_of_node, usable = _pieces(network)
    edge, share, access_m = _access(network, usable, xy_m)
    atoms = _atom_nodes(network, edge, share)
    graph = sparse_graph(*_with_atoms(network, edge, share, atoms), network.nodes + len(atoms))
    reach = shortest_s(graph, atoms, on_done)
    walk = access_m * travel.detour / metres_per_second(travel.speed_kmh)
    seconds = (reach + walk[:, None] + walk[None, :]).astype(np.float32)
    return AtomTimes(seconds, access_m, piece_of_node[network.start[edge]])


def _places(points: F64) -> I64:
    """Return for every vertex the number of the place it stands at, vertices nearer than the snapping distance being one."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    distinct, index = np.unique(np.round(points, 3), axis=0, return_inverse=True)
    near = cKDTree(distinct).query_pairs(SNAP_M, output_type="ndarray")
    links = csr_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(distinct), len(distinct)))
    _, label = connected_components(links, directed=False)
    return np.asarray(label[index.ravel()], dtype=np.int64)


def _edge_ends(place: I64, line: I64) -> tuple[I64, I64]:
    """Return first and last vertex of every stretch between two places where lines end or meet; loops are halved."""
    opens = np.r_[True, line[1:] != line[:-1]]
    closes = np.r_[line[1:] != line[:-1], True]
    meets = np.bincount(place)[place] > 1
    stops = opens | closes | meets
    first, last = _stretches(stops, line)
    loops = place[first] == place[last]
    stops[(first[loops] + last[loops]) // 2] = True
    return _stretches(stops, line)


def _stretches(stops: NDArray[np.bool_], line: I64) -> tuple[I64, I64]:
    """Return first and last vertex of every stretch of one line between two stops."""
    stop = np.flatnonzero(stops)
    same = line[stop[:-1]] == line[stop[1:]]
    return stop[:-1][same], stop[1:][same]


def _cut_lines(points: F64, first: I64, last: I64) -> Lines:
    """Return the lines that run from vertex `first` to vertex `last` of each stretch."""
    count = last - first + 1
    edge = np.repeat(np.arange(len(first)), count)
    offset = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    lines: Lines = shapely.linestrings(points[first[edge] + offset], indices=edge)
    return lines


def _pieces(network: Network) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Return the strongly connected piece of every node, and which edges lie in a piece large enough to start from."""
    from scipy.sparse.csgraph import connected_components

    graph = sparse_graph(*_directed(network), network.nodes)
    count, piece = connected_components(graph, directed=True, connection="strong")
    inside = piece[network.start] == piece[network.end]
    length = shapely.length(network.lines)
    total = np.bincount(piece[network.start], weights=np.where(inside, length, 0.0), minlength=count)
    usable = inside & (total[piece[network.start]] >= min(_FRAGMENT * length.sum(), total.max()))
    return piece, usable if usable.any() else np.ones(len(length), dtype=bool)


def _access(network: Network, usable: NDArray[np.bool_], xy_m: F64) -> tuple[I64, F64, F64]:
    """Return the edge nearest to each point, the share of it before the foot of the perpendicular, and the distance."""
    points = shapely.points(xy_m)
    candidates = np.flatnonzero(usable)
    (point, nearest), metres = shapely.STRtree(network.lines[candidates]).query_nearest(
        points, return_distance=True, all_matches=False
    )
    order = np.argsort(point)
    edge = candidates[nearest[order]]
    share = shapely.line_locate_point(network.lines[edge], points, normalized=True)
    return edge, share, metres[order]


def _atom_nodes(network: Network, edge: I64, share: F64) -> I64:
    """Return the node of each atom: the end of its edge where it stands there, else a node of its own beyond the network's."""
    along = share * shapely.length(network.lines[edge])
    left = shapely.length(network.lines[edge]) - along
    own = np.arange(len(edge)) + network.nodes
    return np.where(along < SNAP_M, network.start[edge], np.where(left < SNAP_M, network.end[edge], own))


def _with_atoms(network: Network, edge: I64, share: F64, atoms: I64) -> tuple[I64, I64, F64]:
    """Return directed start, end and seconds of the network whose edges are cut where `atoms` have nodes."""
    every = np.arange(len(network.start))
    between = atoms >= network.nodes
    at = np.concatenate([every, every, edge[between]])
    where = np.concatenate([np.zeros(len(every)), np.ones(len(every)), share[between]])
    node = np.concatenate([network.start, network.end, atoms[between]])
    order = np.lexsort((where, at))
    at, where, node = at[order], where[order], node[order]
    same = at[:-1] == at[1:]
    road = at[:-1][same]
    seconds = np.diff(where)[same] * network.seconds[road]
    cut = Network(0, node[:-1][same], node[1:][same], network.lines[:0], seconds, network.ahead[road], network.back[road])
    return _directed(cut)


def _directed(network: Network) -> tuple[I64, I64, F64]:
    """Return start, end and seconds of every direction that may be driven."""
    start = np.concatenate([network.start[network.ahead], network.end[network.back]])
    end = np.concatenate([network.end[network.ahead], network.start[network.back]])
    return start, end, np.concatenate([network.seconds[network.ahead], network.seconds[network.back]])
