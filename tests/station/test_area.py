"""Atoms: what is wrong with them is told with the feature's number; neighbours share a border, not a corner."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from qinwu.findings import Finding, QinwuError
from qinwu.station.area import Area
from qinwu.station.atoms import id_text, read_atoms
from qinwu.station.borders import neighbours, piece_of
from qinwu.station.config import Atoms, StationConfig, Text
from qinwu.station.coordinates import gcj02_from_wgs84
from qinwu.station.survey import read_area
from tests.station.folders import LAT, LON, SIDE_EAST_M, SIDE_NORTH_M, codes, collection, feature, grid, only, square
from tests.stations import grid_area

NAME = Text(zh="小所")
CONFIG = StationConfig(name=NAME)


def surveyed(
    folder: Path, features: Sequence[Mapping[str, Any]], config: StationConfig = CONFIG
) -> tuple[Area | None, tuple[Finding, ...]]:
    (folder / "atoms.geojson").write_text(collection(features), encoding="utf-8")
    return read_area(folder, config)


def area_of(folder: Path, features: Sequence[Mapping[str, Any]], config: StationConfig = CONFIG) -> Area:
    area, findings = surveyed(folder, features, config)
    assert area is not None
    assert codes(findings, "error") == []
    return area


def pairs_of(area: Area) -> set[tuple[str, str]]:
    return {(area.atom_ids[left], area.atom_ids[right]) for left, right in area.neighbours}


def test_a_grid_is_measured(tmp_path: Path) -> None:
    """Six squares have the size, place, residents and neighbours that a ruler gives."""
    area = area_of(tmp_path, grid(3, 2))
    assert area.atom_ids == ("a1", "a2", "a3", "a4", "a5", "a6")
    assert area.area_m2 == pytest.approx(np.full(6, SIDE_EAST_M * SIDE_NORTH_M), rel=1e-3)
    assert area.xy_m[1] - area.xy_m[0] == pytest.approx([SIDE_EAST_M, 0.0], abs=0.1)
    assert area.xy_m[3] - area.xy_m[0] == pytest.approx([0.0, SIDE_NORTH_M], abs=0.1)
    assert area.population.tolist() == [500.0] * 6
    assert area.street_m.tolist() == [4000.0] * 6
    assert pairs_of(area) == {("a1", "a2"), ("a2", "a3"), ("a4", "a5"), ("a5", "a6"), ("a1", "a4"), ("a2", "a5"), ("a3", "a6")}


def test_chinese_map_coordinates_end_up_in_the_same_place(tmp_path: Path) -> None:
    """The same atoms drawn on a GCJ-02 map give the same area, not one shifted by half a kilometre."""
    true = area_of(tmp_path, grid(2, 2))
    shifted = json.loads(collection(grid(2, 2)))
    for each in shifted["features"]:
        ring = np.array(each["geometry"]["coordinates"][0])
        each["geometry"]["coordinates"] = [np.column_stack(gcj02_from_wgs84(ring[:, 0], ring[:, 1])).tolist()]
    area = area_of(tmp_path, shifted["features"], StationConfig(name=NAME, coordinates="GCJ-02"))
    assert area.xy_m == pytest.approx(true.xy_m, abs=1e-3)
    assert shapely.bounds(area.polygons[0]).tolist() == pytest.approx(shapely.bounds(true.polygons[0]).tolist(), abs=1e-9)


def test_properties_may_have_other_names(tmp_path: Path) -> None:
    """A police GIS calls its ids what it likes; numbers that a spreadsheet made 51.0 are 51 again."""
    config = StationConfig(name=NAME, atoms=Atoms(id="beat", population="residents"))
    area = area_of(
        tmp_path, [feature(square(0, 0), beat=51.0, residents="1200"), feature(square(1, 0), beat="A7", residents=0)], config
    )
    assert area.atom_ids == ("51", "A7")
    assert area.population.tolist() == [1200.0, 0.0]


def test_street_length_is_estimated_where_nobody_gives_it(tmp_path: Path) -> None:
    """Without roads or a property, 6 km for each square kilometre, and a note that says so."""
    features = [feature(square(0, 0), id="a", population=1), feature(square(1, 0), id="b", population=1, street_m=77)]
    area, findings = surveyed(tmp_path, features)
    assert area is not None
    assert area.street_m.tolist() == pytest.approx([0.006 * area.area_m2[0], 77.0])
    assert only(findings, "estimated-street-length").severity == "note"


def test_every_problem_of_the_atoms_is_told_at_once(tmp_path: Path) -> None:
    """Missing and double ids, crossing outlines, overlaps, negative people and points: one finding each, with its feature."""
    bow_tie = {
        "type": "Polygon",
        "coordinates": [
            [[LON, LAT - 0.01], [LON + 0.003, LAT - 0.007], [LON + 0.003, LAT - 0.01], [LON, LAT - 0.007], [LON, LAT - 0.01]]
        ],
    }
    features = [
        feature(square(0, 0), id="a1", population=5),
        feature(square(1, 0), population=5),
        feature(square(2, 0), id="a1", population=5),
        feature(square(3, 0), id="a4", population=-3),
        feature(square(3.5, 0), id="a5", population="many"),
        feature(bow_tie, id="a6", population=5),
        feature({"type": "Point", "coordinates": [LON, LAT]}, id="a7"),
        feature(None, id="a8"),
    ]
    _, findings = surveyed(tmp_path, features)
    errors = {(each.code, each.place.key) for each in findings if each.severity == "error"}
    assert errors == {
        ("missing-id", "features[2].id"),
        ("duplicate-id", "features[3].id"),
        ("wrong-number", "features[4].population"),
        ("wrong-number", "features[5].population"),
        ("overlapping-atoms", ""),
        ("invalid-polygon", "features[6]"),
        ("wrong-geometry", "features[7]"),
        ("wrong-geometry", "features[8]"),
    }
    assert only(findings, "overlapping-atoms").values["percent"] == "50.0"
    assert all(each.remedy for each in findings if each.severity == "error")


def test_an_outline_that_only_touches_itself_is_repaired(tmp_path: Path) -> None:
    """A ring that passes twice through one point encloses what it encloses; a warning is enough."""
    ring = [[0, 0], [2, 0], [2, 2], [1, 1], [0, 2], [1, 1], [0, 0]]
    touching = {
        "type": "Polygon",
        "coordinates": [[[LON + x * 0.003, LAT + y * 0.003] for x, y in [(0, 0), (2, 0), (2, 2), (1, 1), (0, 2), (1, 1), (0, 0)]]],
    }
    assert len(ring) == 7
    assert not shapely.from_geojson(json.dumps(touching)).is_valid
    area, findings = surveyed(tmp_path, [feature(touching, id="a", population=1)])
    assert codes(findings, "error") == []
    assert area is not None
    assert area.polygons[0].is_valid


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "broken-geojson"),
        ("{", "broken-geojson"),
        ("[]", "broken-geojson"),
        ('{"type": "Polygon"}', "broken-geojson"),
        (collection([]), "no-atoms"),
    ],
)
def test_a_file_without_atoms_is_one_error(tmp_path: Path, content: str, code: str) -> None:
    """Empty, broken and foreign files are refused in one sentence."""
    (tmp_path / "atoms.geojson").write_text(content, encoding="utf-8")
    area, findings = read_area(tmp_path, CONFIG)
    assert area is None
    assert codes(findings) == [code]


def test_coordinates_of_a_projection_are_recognised(tmp_path: Path) -> None:
    """Metres read as degrees are one error that says how to name the projection; swapped axes are told as such."""
    metres = {"type": "Polygon", "coordinates": [[[500000, 2500000], [500300, 2500000], [500300, 2500300], [500000, 2500000]]]}
    area, findings = surveyed(tmp_path, [feature(metres, id="a")])
    assert area is None
    assert "EPSG:n" in only(findings, "coordinates-out-of-range").text("en")
    swapped = {"type": "Polygon", "coordinates": [[[LAT, LON], [LAT, LON + 0.01], [LAT + 0.01, LON], [LAT, LON]]]}
    _, findings = surveyed(tmp_path, [feature(swapped, id="a")])
    assert "latitude seems to" in only(findings, "coordinates-out-of-range").text("en")
    area, findings = surveyed(tmp_path, [feature(metres, id="a")], StationConfig(name=NAME, coordinates="EPSG:32649"))
    assert area is not None
    assert area.area_m2[0] == pytest.approx(45_000, rel=2e-3)


def test_a_declared_system_that_differs_draws_a_warning(tmp_path: Path) -> None:
    """Where the file itself names another coordinate system than station.toml, the reader says so."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": grid(1, 1)})
    (tmp_path / "atoms.geojson").write_text(text, encoding="utf-8")
    assert only(read_area(tmp_path, CONFIG)[1], "coordinates-differ").severity == "warning"


def test_pieces_are_named(tmp_path: Path) -> None:
    """An atom beyond a gap is named in a warning; a wider gap_m joins it."""
    features = [*grid(2, 1), feature(square(2.1, 0), id="far", population=1)]
    _, findings = surveyed(tmp_path, features)
    assert only(findings, "area-not-connected").values["atoms"] == "far"
    config = StationConfig(name=NAME, atoms=Atoms(gap_m=40))
    assert pairs_of(area_of(tmp_path, features, config)) == {("a1", "a2"), ("a2", "far")}


def test_slivers_neither_part_neighbours_nor_stop_the_reader(tmp_path: Path) -> None:
    """A border drawn twice, one metre apart or overlapping by one, is still one border."""
    features = [
        feature(square(0, 0), id="a", population=1),
        feature(square(1.003, 0), id="b", population=1),
        feature(square(0, 0.997), id="c", population=1),
    ]
    area, findings = surveyed(tmp_path, features)
    assert area is not None
    assert {("a", "b"), ("a", "c")} <= pairs_of(area)
    assert codes(findings, "error") == []
    assert only(findings, "sliver-overlaps").values["count"] == "1"


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_neighbours_of_a_shaken_grid(columns: int, rows: int, seed: int) -> None:
    """However squares of 300 m are shaken by up to 2 m, neighbours are those that share a side, never a corner."""
    rng = np.random.default_rng(seed)
    places = [(column, row) for row in range(rows) for column in range(columns)]
    polygons = np.array(
        [translate(shapely.box(300 * x, 300 * y, 300 * x + 300, 300 * y + 300), *rng.uniform(-1, 1, 2)) for x, y in places]
    )
    wanted = {
        (i, j) for i, a in enumerate(places) for j, b in enumerate(places) if i < j and abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1
    }
    assert {(int(i), int(j)) for i, j in neighbours(polygons, 5.0, 20.0)} == wanted


def test_pieces_of_a_graph() -> None:
    """Connected pieces are counted over all atoms and over a choice of them."""
    assert len(set(piece_of(4, np.array([[0, 1], [2, 3]], dtype=np.int32)).tolist())) == 2
    area = grid_area(3, 2)
    assert area.contiguous([0, 1, 4])
    assert not area.contiguous([0, 4])
    assert area.pieces([0, 2, 4]) == 3
    assert not area.contiguous([])


def test_the_population_centre_is_where_people_are() -> None:
    """With equal residents the middle atom, with all in one corner that corner, with nobody the middle again."""
    area = grid_area(3, 3)
    assert area.population_centre() == 4
    corner = np.zeros(9)
    area.population[:] = corner
    assert area.population_centre() == 4
    area.population[8] = 100.0
    assert area.population_centre() == 8


def test_ids_are_text() -> None:
    """Ids from JSON numbers, spreadsheets and text become the same text."""
    assert [id_text(each) for each in (7, 7.0, "7 ", None, float("nan"), "")] == ["7", "7", "7", "", "", ""]


def test_a_missing_atoms_file_raises_from_its_reader(tmp_path: Path) -> None:
    """The atoms reader raises; the survey turns that into findings."""
    with pytest.raises(QinwuError):
        read_atoms(tmp_path / "none.geojson", CONFIG)
    assert codes(read_area(tmp_path, CONFIG)[1]) == ["missing-file"]


NUMBER = st.floats(allow_nan=False) | st.integers(-10, 200)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBER | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "coordinates"]), inner, max_size=3),
    max_leaves=8,
)
POINT = st.tuples(st.floats(112, 114), st.floats(22, 24)).map(list)
RINGS = st.lists(st.lists(POINT, max_size=6).map(lambda ring: ring + ring[:1]), max_size=2) | ANYTHING
GEOMETRY = ANYTHING | RINGS.map(lambda rings: {"type": "Polygon", "coordinates": rings})
PROPERTIES = ANYTHING | st.fixed_dictionaries({"id": st.integers(0, 3), "population": NUMBER})
ODD_FEATURE = ANYTHING | st.fixed_dictionaries({"type": st.just("Feature"), "geometry": GEOMETRY, "properties": PROPERTIES})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ODD_FEATURE, max_size=4))
def test_no_file_however_odd_ends_in_a_traceback(tmp_path: Path, features: list[Any]) -> None:
    """Whatever JSON stands where features should, there is an area or there are findings, all of which can be told."""
    area, findings = surveyed(tmp_path, features)
    assert area is not None or codes(findings, "error")
    assert all(finding.text("en") for finding in findings)
