"""Roads: what cannot be driven is told, shortest times agree with brute force, streets are shared at borders."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import Finding, QinwuError
from qinwu.station.area import Area
from qinwu.station.config import Files, Roads, StationConfig, Text, Travel
from qinwu.station.network import atom_times, build_network
from qinwu.station.roads import RoadLines, read_roads
from qinwu.station.streets import street_m
from qinwu.station.survey import read_area
from tests.station.folders import LAT, LON, SIDE, SIDE_EAST_M, SIDE_NORTH_M, codes, collection, feature, grid, line, only

NAME = Text(zh="小所")
CRS = "+proj=tmerc +lat_0=23 +lon_0=113 +datum=WGS84 +units=m"
MIDDLE_ROW = line((0, 0.5), (3, 0.5), speed_kmh=36, **{"class": "main"})


def config(roads: str = "roads.geojson", travel: Travel | None = None, columns: Roads | None = None) -> StationConfig:
    return StationConfig(name=NAME, files=Files(roads=roads), travel=travel or Travel(), roads=columns or Roads())


def surveyed(
    folder: Path, roads: Sequence[Mapping[str, Any]], travel: Travel | None = None, columns: Roads | None = None
) -> tuple[Area, tuple[Finding, ...]]:
    (folder / "atoms.geojson").write_text(collection(grid(3, 1)), encoding="utf-8")
    (folder / "roads.geojson").write_text(collection(roads), encoding="utf-8")
    area, findings = read_area(folder, config(travel=travel, columns=columns))
    assert area is not None
    return area, findings


def lines_of(paths: Sequence[Sequence[tuple[float, float]]], speed_kmh: float = 36.0, oneway: Sequence[int] = ()) -> RoadLines:
    lines = np.array([shapely.LineString(path) for path in paths], dtype=object)
    direction = np.array(oneway or [0] * len(paths), dtype=np.int8)
    return RoadLines(lines, shapely.length(lines), np.full(len(paths), speed_kmh), ("",) * len(paths), direction)


def test_a_straight_road_takes_its_length_over_its_speed(tmp_path: Path) -> None:
    """One road through three atoms at 10 m/s: neighbours are one side away, the ends two."""
    area, findings = surveyed(tmp_path, [MIDDLE_ROW])
    assert codes(findings) == []
    assert area.travel.source == "roads"
    assert area.travel.base_s[0] == pytest.approx([area.travel.base_s[0, 0], SIDE_EAST_M / 10, 2 * SIDE_EAST_M / 10], rel=1e-3)
    assert area.street_m == pytest.approx([SIDE_EAST_M] * 3, rel=2e-3)


def test_the_way_to_the_road_is_added(tmp_path: Path) -> None:
    """A road along the southern edge adds half a side at either end, with detour, at the stated speed."""
    area, _ = surveyed(tmp_path, [line((0, 0), (3, 0), speed_kmh=36)], Travel(speed_kmh=18, detour=1.2))
    walk = 2 * 1.2 * SIDE_NORTH_M / 2 / 5.0
    assert area.travel.base_s[0, 1] == pytest.approx(SIDE_EAST_M / 10 + walk, rel=1e-3)


def test_seasons_slow_their_road_classes(tmp_path: Path) -> None:
    """In winter main roads take half as long again; without a season they do not."""
    winter = Travel(season="winter", class_factor={"winter": {"main": 1.5}, "summer": {"main": 3.0}})
    slow, _ = surveyed(tmp_path, [MIDDLE_ROW], winter)
    quick, _ = surveyed(tmp_path, [MIDDLE_ROW], Travel(class_factor={"winter": {"main": 1.5}}))
    assert slow.travel.base_s[0, 1] == pytest.approx(1.5 * quick.travel.base_s[0, 1], rel=1e-4)


def test_one_way_streets_are_one_way(tmp_path: Path) -> None:
    """On a ring of one-way streets the way there is short and the way back long; drawn and marked against it alike."""
    there = [(0, 0.5), (3, 0.5)]
    ring = [(3, 0.5), (3, 0.9), (0, 0.9), (0, 0.5)]
    area, _ = surveyed(tmp_path, [line(*there, speed_kmh=36, oneway="yes"), line(*ring, speed_kmh=36, oneway="yes")])
    against, _ = surveyed(tmp_path, [line(*there[::-1], speed_kmh=36, oneway="-1"), line(*ring[::-1], speed_kmh=36, oneway=-1)])
    assert area.travel.base_s[0, 1] == pytest.approx(SIDE_EAST_M / 10, rel=1e-3)
    assert area.travel.base_s[1, 0] > 5 * area.travel.base_s[0, 1]
    assert against.travel.base_s == pytest.approx(area.travel.base_s, rel=1e-6)


def test_roads_that_cannot_be_driven_are_reported(tmp_path: Path) -> None:
    """Speed 0 is left out and told with its length; a missing speed is replaced and told; a point is no road."""
    roads = [
        MIDDLE_ROW,
        line((0, 0.2), (3, 0.2), speed_kmh=0),
        line((0, 0.7), (3, 0.7), **{"class": "lane"}),
        line((0, 0.8), (3, 0.8), speed_kmh="?"),
        feature({"type": "Point", "coordinates": [LON, LAT]}, speed_kmh=30),
    ]
    area, findings = surveyed(tmp_path, roads, columns=Roads(class_speed_kmh={"lane": 12}))
    assert codes(findings, "error") == []
    assert only(findings, "road-speed-zero").values == {"count": 1, "km": "0.9"}
    assert only(findings, "road-without-speed").values["count"] == 2
    assert only(findings, "wrong-geometry").severity == "warning"
    assert area.street_m.sum() == pytest.approx(3 * 3 * SIDE_EAST_M, rel=2e-3)


def test_miles_are_converted(tmp_path: Path) -> None:
    """60 mph is 96.56 km/h."""
    (tmp_path / "roads.geojson").write_text(collection([line((0, 0), (1, 0), limit=60)]), encoding="utf-8")
    roads, _ = read_roads(tmp_path, config(columns=Roads(speed="limit", speed_unit="mph")), CRS)
    assert roads.speed_kmh.tolist() == pytest.approx([96.56064])


def test_atoms_without_a_road_to_the_others_are_named(tmp_path: Path) -> None:
    """Two separate roads: the atom apart is named, and travel to it goes in a straight line."""
    roads = [line((0, 0.5), (1.9, 0.5), speed_kmh=36), line((2.2, 0.5), (3, 0.5), speed_kmh=36)]
    area, findings = surveyed(tmp_path, roads)
    assert only(findings, "roads-not-connected").values == {"count": 1, "atoms": "a3"}
    assert area.travel.base_s[0, 2] == pytest.approx(2 * SIDE_EAST_M / (30 / 3.6), rel=1e-3)
    assert area.travel.base_s[0, 1] == pytest.approx(SIDE_EAST_M / 10, rel=1e-3)


def test_stray_fragments_do_not_catch_atoms(tmp_path: Path) -> None:
    """A few metres of unconnected road beside an atom's centre are passed over for the real network."""
    scrap = line((1.5, 0.61), (1.505, 0.61), speed_kmh=36)
    area, findings = surveyed(tmp_path, [MIDDLE_ROW, scrap])
    assert codes(findings) == []
    assert area.travel.base_s[0, 1] == pytest.approx(SIDE_EAST_M / 10, rel=1e-3)


def test_atoms_far_from_any_road_are_named(tmp_path: Path) -> None:
    """Roads from another county are noticed."""
    _, findings = surveyed(tmp_path, [line((0, 0.5), (0.5, 0.5), speed_kmh=36)])
    assert codes(findings) == ["atom-far-from-road"]
    assert only(findings, "atom-far-from-road").values["atoms"] == "a3"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("roads.geojson", collection([]), "no-roads"),
        ("roads.geojson", collection([line((0, 0), (1, 0), speed_kmh=0)]), "no-roads"),
        ("roads.geojson", "{", "broken-geojson"),
        ("roads.parquet", "not parquet", "broken-parquet"),
        ("none.geojson", None, "missing-file"),
    ],
)
def test_a_useless_roads_file_is_an_error(tmp_path: Path, name: str, content: str | None, code: str) -> None:
    """A roads file that was named and cannot be used is an error, never silently ignored; the atoms are read all the same."""
    (tmp_path / "atoms.geojson").write_text(collection(grid(3, 1)), encoding="utf-8")
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    area, findings = read_area(tmp_path, config(name))
    assert area is not None
    assert code in codes(findings, "error")


def test_parquet_lines_are_read(tmp_path: Path) -> None:
    """Lines as WKB in Parquet give what the same lines give as GeoJSON; rows without a line are counted."""
    road = shapely.LineString([(LON, LAT + SIDE / 2), (LON + 3 * SIDE, LAT + SIDE / 2)])
    table = pl.DataFrame({"geometry": [shapely.to_wkb(road), None], "speed_kmh": [36, 36], "class": ["main", "main"]})
    table.write_parquet(tmp_path / "roads.parquet")
    roads, findings = read_roads(tmp_path, config("roads.parquet"), CRS)
    assert roads.length_m.tolist() == pytest.approx([3 * SIDE_EAST_M], rel=1e-3)
    assert only(findings, "wrong-geometry").values["count"] == 1


def test_parquet_without_geometry_names_its_columns(tmp_path: Path) -> None:
    """The error lists what the file has."""
    pl.DataFrame({"geometri": [b""], "speed_kmh": [3]}).write_parquet(tmp_path / "roads.parquet")
    with pytest.raises(QinwuError) as caught:
        read_roads(tmp_path, config("roads.parquet"), CRS)
    assert "geom" in caught.value.findings[0].text("en")


def test_node_and_edge_tables_are_read(tmp_path: Path) -> None:
    """Edges between nodes use the length they state; an edge to a node nobody knows is counted and left out."""
    nodes = {"node_id": [1, 2, 3], "lon": [LON, LON + SIDE, LON + 3 * SIDE], "lat": [LAT + SIDE / 2] * 3}
    edges = {"from": [1, 2, 2], "to": [2, 3, 9], "length_m": [None, 2000.0, 5.0], "speed_kmh": [36.0, 36.0, 36.0]}
    pl.DataFrame(nodes).write_parquet(tmp_path / "nodes.parquet")
    pl.DataFrame(edges).write_parquet(tmp_path / "edges.parquet")
    roads, findings = read_roads(tmp_path, config("edges.parquet", columns=Roads(nodes="nodes.parquet")), CRS)
    assert only(findings, "unknown-node").values["count"] == 1
    assert roads.length_m.tolist() == pytest.approx([SIDE_EAST_M, 2000.0], rel=1e-3)
    assert build_network(roads, {}).seconds.tolist() == pytest.approx([SIDE_EAST_M / 10, 200.0], rel=1e-3)


def test_crossing_lines_meet_only_where_they_share_a_vertex() -> None:
    """A bridge over a road is no junction; a shared vertex is, even half a metre off."""
    bridge = build_network(lines_of([[(0, 0), (100, 0)], [(50, -50), (50, 50)]]), {})
    assert len(bridge.seconds) == 2
    junction = build_network(lines_of([[(0, 0), (50, 0), (100, 0)], [(50, -50), (50.2, 0.2), (50, 50)]]), {})
    assert len(junction.seconds) == 4
    assert junction.nodes == 5


def test_a_loop_is_kept() -> None:
    """A ring road that meets nothing but itself can be driven both ways round."""
    network = build_network(lines_of([[(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]]), {})
    reached = atom_times(network, np.array([[0.0, 0.0], [100.0, 0.0], [50.0, 100.0]]), Travel())
    assert reached.seconds[0] == pytest.approx([0, 10, 15], abs=1e-3)


def test_roads_too_short_to_lead_anywhere_are_an_error(tmp_path: Path) -> None:
    """A file with nothing but a stub of a foot's length has no network."""
    _, findings = surveyed(tmp_path, [line((0, 0), (0.001, 0), speed_kmh=36)])
    assert codes(findings, "error") == ["no-roads"]


def test_bends_are_no_junctions() -> None:
    """A winding road between two ends is one edge with its full length."""
    network = build_network(lines_of([[(0, 0), (100, 0), (100, 100), (0, 100)]]), {})
    assert (network.nodes, network.seconds.tolist()) == (2, pytest.approx([30.0]))


def brute_force(paths: list[list[tuple[int, int]]], oneway: list[int], source: tuple[int, int]) -> dict[tuple[int, int], float]:
    """Return shortest seconds at 10 m/s from a grid point over unit segments, by an obvious Dijkstra."""
    ways: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for path, direction in zip(paths, oneway, strict=True):
        for a, b in pairwise(path):
            if direction >= 0:
                ways.setdefault(a, []).append(b)
            if direction <= 0:
                ways.setdefault(b, []).append(a)
    reach: dict[tuple[int, int], float] = {}
    queue = [(0.0, source)]
    while queue:
        seconds, place = heapq.heappop(queue)
        if place in reach:
            continue
        reach[place] = seconds
        for to in ways.get(place, []):
            heapq.heappush(queue, (seconds + float(np.hypot(to[0] - place[0], to[1] - place[1])) / 10, to))
    return reach


@st.composite
def street_plans(draw: st.DrawFn) -> tuple[list[list[tuple[int, int]]], list[int]]:
    """Draw winding streets over a 4 x 4 grid of points 100 m apart, some of them one way, around a two-way ring."""
    point = st.tuples(st.integers(0, 3), st.integers(0, 3)).map(lambda each: (100 * each[0], 100 * each[1]))
    ring = [(0, 0), (300, 0), (300, 300), (0, 300), (0, 0)]
    count = draw(st.integers(0, 6))
    paths = [draw(st.lists(point, min_size=2, max_size=4, unique=True)) for _ in range(count)]
    return [ring, *paths], [0, *(draw(st.sampled_from([-1, 0, 1])) for _ in paths)]


@settings(max_examples=60, deadline=None)
@given(street_plans())
def test_shortest_times_agree_with_brute_force(plan: tuple[list[list[tuple[int, int]]], list[int]]) -> None:
    """Between the corners of the ring, times along any street plan are those of a textbook Dijkstra over the vertices."""
    paths, oneway = plan
    corners = [(0, 0), (300, 0), (300, 300), (0, 300)]
    network = build_network(lines_of([[(float(x), float(y)) for x, y in path] for path in paths], oneway=oneway), {})
    reached = atom_times(network, np.array(corners, dtype=np.float64), Travel())
    for row, corner in enumerate(corners):
        reach = brute_force(paths, oneway, corner)
        assert reached.seconds[row] == pytest.approx([reach[each] for each in corners], abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 600)), min_size=2, max_size=6))
def test_no_metre_of_street_is_lost_or_counted_twice(points: list[tuple[float, float]]) -> None:
    """Whatever way a street takes through six squares, the metres in the squares add up to its length."""
    road = shapely.LineString(points)
    squares = np.array([shapely.box(300 * x, 300 * y, 300 * x + 300, 300 * y + 300) for y in range(2) for x in range(3)])
    assert street_m(np.array([road]), squares, 5.0).sum() == pytest.approx(road.length, abs=1e-6)


def test_a_border_street_belongs_half_to_each_side() -> None:
    """A street on the border of two atoms is shared, one just inside is not, and at the outer edge it belongs to one."""
    squares = np.array([shapely.box(0, 0, 300, 300), shapely.box(300, 0, 600, 300)])
    border = shapely.LineString([(300, 0), (300, 300)])
    inside = shapely.LineString([(290, 0), (290, 300)])
    edge = shapely.LineString([(0, 0), (0, 300)])
    assert street_m(np.array([border]), squares, 5.0).tolist() == pytest.approx([150, 150])
    assert street_m(np.array([inside]), squares, 5.0).tolist() == pytest.approx([300, 0])
    assert street_m(np.array([edge]), squares, 5.0).tolist() == pytest.approx([300, 0])


def test_streets_outside_the_area_do_not_count() -> None:
    """Only what lies in an atom, or along its edge, is patrolled by this station."""
    squares = np.array([shapely.box(0, 0, 300, 300)])
    road = shapely.LineString([(-300, 150), (600, 150)])
    assert street_m(np.array([road]), squares, 0.0).tolist() == pytest.approx([300], abs=10)
