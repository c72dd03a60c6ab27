"""Travel times between 2,000 points on a street grid of 100,000 crossings: scipy in chunks, the cache, and networkx beside them.

Blocks are 100 m, speeds drawn between 15 and 60 km/h, points anywhere. networkx runs from a few of the same sources on the same
graph; its time is scaled to all of them and its distances must agree.

Run: ``python -m benchmarks.plan.travel``
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

import networkx as nx
import numpy as np
import shapely

from qinwu.station.config import Travel
from qinwu.station.network import build_network
from qinwu.station.roads import RoadLines
from qinwu.station.travel_cache import road_times

SIDE = 316
POINTS = 2_000
BLOCK_M = 100.0
TARGET_S = 60.0
PEER_SOURCES = 12


def main() -> None:
    """Print seconds, memory and the ratio to the peer."""
    roads, points = street_grid(SIDE), some_points()
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        first = road_times(roads, points, Travel(), Path(name))
        ours = time.perf_counter() - start
        start = time.perf_counter()
        again = road_times(roads, points, Travel(), Path(name))
        cached = time.perf_counter() - start
    assert first is not None
    assert again is not None
    assert np.array_equal(first.seconds, again.seconds)
    start = time.perf_counter()
    network = build_network(roads, {})
    build = time.perf_counter() - start
    peer, apart = networkx_times(roads, network.nodes)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(f"{network.nodes:,} crossings, {len(network):,} streets, {POINTS:,} x {POINTS:,} times, {memory:,.0f} MB at most")
    print(f"worked out {ours:7.2f} s   of which the network {build:.2f} s; target {TARGET_S:.0f} s: {verdict(ours)}")
    print(f"from cache {cached:7.2f} s   {ours / cached:,.0f} times as fast, bit for bit the same")
    print(f"networkx   {peer:7.1f} s   {peer / (ours - build):.0f} times as long (from {PEER_SOURCES} sources, scaled); {apart}")


def verdict(seconds: float) -> str:
    """Return whether the target is met."""
    return "met" if seconds <= TARGET_S else "MISSED"


def street_grid(side: int) -> RoadLines:
    """Return one line for each block of a square grid of crossings."""
    node = np.arange(side * side).reshape(side, side)
    start = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    end = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    xy = np.column_stack([node.ravel() % side, node.ravel() // side]) * BLOCK_M
    lines = shapely.linestrings(np.stack([xy[start], xy[end]], axis=1))
    speed = np.random.default_rng(1).uniform(15.0, 60.0, len(lines))
    return RoadLines(lines, shapely.length(lines), speed, ("",) * len(lines), np.zeros(len(lines), dtype=np.int8))


def some_points() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the points, in metres."""
    return np.random.default_rng(2).uniform(0.0, (SIDE - 1) * BLOCK_M, (POINTS, 2))


def networkx_times(roads: RoadLines, nodes: int) -> tuple[float, str]:
    """Return the seconds networkx would take from all sources, and whether its distances agree with ours on a few crossings."""
    ends = shapely.get_coordinates(roads.lines).reshape(-1, 2, 2) // BLOCK_M
    number = (ends[..., 1] * SIDE + ends[..., 0]).astype(int)
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        zip(number[:, 0].tolist(), number[:, 1].tolist(), (roads.length_m / (roads.speed_kmh / 3.6)).tolist(), strict=True)
    )
    sources = np.random.default_rng(3).choice(nodes, PEER_SOURCES, replace=False)
    start = time.perf_counter()
    theirs = [nx.single_source_dijkstra_path_length(graph, source) for source in sources.tolist()]
    seconds = (time.perf_counter() - start) / PEER_SOURCES * POINTS
    corners = np.column_stack([sources % SIDE, sources // SIDE]).astype(np.float64) * BLOCK_M
    ours = road_times(roads, corners, Travel(), Path("unused-below-what-is-kept"))
    assert ours is not None
    apart = max(
        abs(ours.seconds[i, j] - theirs[i][target]) for i in range(PEER_SOURCES) for j, target in enumerate(sources.tolist())
    )
    return seconds, f"distances agree within {apart:.4f} s"


if __name__ == "__main__":
    main()
