"""Travel cache: the same roads give the same times from the cache, others do not, and a broken file is worked out again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.station import travel_cache
from qinwu.station.config import Travel
from qinwu.station.network import AtomTimes
from qinwu.station.roads import RoadLines
from qinwu.station.shortest import shortest_s, sparse_graph
from qinwu.station.travel_cache import MOST_BYTES, SUFFIX, checksum, road_times, save

SIDE_M = 100.0


def street_grid(side: int, seed: int = 1) -> RoadLines:
    """Return `side` x `side` crossings 100 m apart, one line for each block, at speeds drawn between 15 and 60 km/h."""
    node = np.arange(side * side).reshape(side, side)
    start = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    end = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    xy = np.column_stack([node.ravel() % side, node.ravel() // side]) * SIDE_M
    lines = shapely.linestrings(np.stack([xy[start], xy[end]], axis=1))
    speed = np.random.default_rng(seed).uniform(15.0, 60.0, len(lines))
    return RoadLines(lines, shapely.length(lines), speed, ("",) * len(lines), np.zeros(len(lines), dtype=np.int8))


def some_points(count: int, side: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.random.default_rng(2).uniform(0.0, (side - 1) * SIDE_M, (count, 2))


@pytest.fixture
def always_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep even what takes no time, so that a small network will do."""
    monkeypatch.setattr(travel_cache, "WORTH_KEEPING", 0)


def known(roads: RoadLines, points: np.ndarray[tuple[int, int], np.dtype[np.float64]], folder: Path) -> AtomTimes:
    found = road_times(roads, points, Travel(), folder)
    assert found is not None
    return found


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@pytest.mark.usefixtures("always_kept")
def test_the_second_time_comes_from_the_file(tmp_path: Path) -> None:
    """Times put into the file by hand come back: they were not worked out again."""
    roads, points = street_grid(6), some_points(5, 6)
    first = known(roads, points, tmp_path)
    (file,) = files(tmp_path)
    save(file, AtomTimes(first.seconds + np.float32(1000.0), first.access_m, first.piece))
    assert known(roads, points, tmp_path).seconds == pytest.approx(first.seconds + 1000.0)


@pytest.mark.usefixtures("always_kept")
def test_the_file_holds_exactly_what_was_worked_out(tmp_path: Path) -> None:
    """Not one bit differs between the first run and the second."""
    roads, points = street_grid(6), some_points(5, 6)
    first, second = known(roads, points, tmp_path), known(roads, points, tmp_path)
    assert np.array_equal(first.seconds, second.seconds)
    assert np.array_equal(first.access_m, second.access_m)
    assert np.array_equal(first.piece, second.piece)


@pytest.mark.parametrize("spoil", [b"", b"PK\x03\x04 not a zip", b"half"], ids=["empty", "garbage", "cut short"])
@pytest.mark.usefixtures("always_kept")
def test_a_broken_file_is_worked_out_again(tmp_path: Path, spoil: bytes) -> None:
    """Empty, garbage or cut short: the times are those of the roads, and the file is whole again."""
    roads, points = street_grid(6), some_points(5, 6)
    first = known(roads, points, tmp_path)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if spoil == b"half" else spoil)
    assert np.array_equal(known(roads, points, tmp_path).seconds, first.seconds)
    assert files(tmp_path) == [file]
    assert file.read_bytes()[:4] == whole[:4]


@pytest.mark.usefixtures("always_kept")
def test_one_flipped_bit_is_noticed(tmp_path: Path) -> None:
    """A bit that turns inside the numbers does not turn into a travel time."""
    roads, points = street_grid(6), some_points(5, 6)
    first = known(roads, points, tmp_path)
    (file,) = files(tmp_path)
    content = bytearray(file.read_bytes())
    at = content.find(first.seconds.tobytes()[:64]) + 8
    content[at] ^= 0x40
    file.write_bytes(bytes(content))
    assert np.array_equal(known(roads, points, tmp_path).seconds, first.seconds)


@pytest.mark.usefixtures("always_kept")
def test_a_folder_that_cannot_be_made_does_no_harm(tmp_path: Path) -> None:
    """Where a file stands in the way of the folder nothing is kept, and the times are right."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    roads, points = street_grid(6), some_points(5, 6)
    expected = known(roads, points, tmp_path / "good")
    assert np.array_equal(known(roads, points, tmp_path / "taken" / "cache").seconds, expected.seconds)


@pytest.mark.usefixtures("always_kept")
def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one file only the newest stays."""
    monkeypatch.setattr(travel_cache, "MOST_BYTES", 1)
    roads = street_grid(6)
    known(roads, some_points(5, 6), tmp_path)
    known(roads, some_points(7, 6), tmp_path)
    (left,) = files(tmp_path)
    assert left.name == f"{checksum(roads, {}, some_points(7, 6), Travel())}{SUFFIX}"
    assert MOST_BYTES > 1e8


def test_small_networks_are_not_kept(tmp_path: Path) -> None:
    """What takes milliseconds leaves no file."""
    known(street_grid(6), some_points(5, 6), tmp_path)
    assert files(tmp_path) == []


def test_whatever_changes_times_changes_the_checksum() -> None:
    """A speed, a direction, a corner, a point, the season, the way to the road: each gives another name."""
    roads, points, travel = street_grid(4), some_points(5, 4), Travel()
    moved = roads.lines.copy()
    moved[3] = shapely.LineString([(0, 300), (40, 320), (100, 300)])
    others = [
        (replace(roads, speed_kmh=roads.speed_kmh * 1.01), {}, points, travel),
        (replace(roads, oneway=np.ones(len(roads), dtype=np.int8)), {}, points, travel),
        (replace(roads, length_m=roads.length_m + 1.0), {}, points, travel),
        (replace(roads, lines=moved), {}, points, travel),
        (roads, {"": 1.5}, points, travel),
        (roads, {}, points + 1.0, travel),
        (roads, {}, points, Travel(detour=1.2)),
        (roads, {}, points, Travel(speed_kmh=20.0)),
    ]
    names = {checksum(roads, {}, points, travel), *(checksum(*other) for other in others)}
    assert len(names) == len(others) + 1
    assert checksum(street_grid(4), {"other": 2.0}, points, Travel(metric="euclid")) in names


def test_chunks_do_not_change_the_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """One source at a time gives what all at once give, and every step is told."""
    side = 8
    roads, points = street_grid(side), some_points(9, side)
    at_once = known(roads, points, Path("unused"))
    monkeypatch.setattr("qinwu.station.shortest.MEMORY_BYTES", 1)
    told: list[tuple[int, int]] = []
    one_by_one = road_times(roads, points, Travel(), Path("unused"), lambda done, of: told.append((done, of)))
    assert one_by_one is not None
    assert np.array_equal(one_by_one.seconds, at_once.seconds)
    assert told == [(done, len(points)) for done in range(1, len(points) + 1)]


edges = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0.5, 50.0)), min_size=1, max_size=30)


@given(edges, st.lists(st.integers(0, 7), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_times_agree_with_networkx(drawn: list[tuple[int, int, float]], points: list[int]) -> None:
    """On any directed graph, also with parallel edges, repeated points and places no way leads to."""
    start, end, seconds = (np.array(column) for column in zip(*drawn, strict=True))
    apart = start != end
    found = shortest_s(sparse_graph(start[apart], end[apart], seconds[apart].astype(np.float64), 8), np.array(points))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(8))
    for one, two, time in drawn:
        if one != two and time < graph.get_edge_data(one, two, {"weight": np.inf})["weight"]:
            graph.add_edge(one, two, weight=time)
    for row, source in enumerate(points):
        ways = nx.single_source_dijkstra_path_length(graph, source)
        assert found[row] == pytest.approx([ways.get(target, np.inf) for target in points])
