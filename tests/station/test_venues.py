"""Venues: places with a trade, put into atoms by id or by coordinates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from shapely.affinity import translate

from qinwu.findings import Finding
from qinwu.station.area import Area
from qinwu.station.coordinates import gcj02_from_wgs84
from qinwu.station.venue_file import read_venues
from qinwu.station.venues import Venue
from tests.station.folders import codes, only
from tests.stations import METRES_PER_DEGREE, SIDE_M, grid_area

AREA = grid_area(3, 2)
SIZE = SIDE_M / METRES_PER_DEGREE


def read(folder: Path, text: str, area: Area | None = AREA, system: str = "WGS84") -> tuple[tuple[Venue, ...], tuple[Finding, ...]]:
    (folder / "venues.csv").write_text(text, encoding="utf-8")
    return read_venues(folder / "venues.csv", area, system)


def test_venues_by_atom_and_by_coordinates(tmp_path: Path) -> None:
    """Both ways to say where a venue is work in one file; grade and minutes have defaults."""
    text = f"venue_id,kind,atom,lon,lat,grade,inspection_min\nv1,hotel,a2,,,A,25\nv2,scrap,,{2.5 * SIZE},{1.5 * SIZE},,\n"
    venues, findings = read(tmp_path, text)
    assert findings == ()
    assert venues == (Venue("v1", "hotel", "a2", "A", 25.0), Venue("v2", "scrap", "a6", "B", 40.0))


def test_chinese_headers_and_grades(tmp_path: Path) -> None:
    """The headers and grades of a Chinese venue register are understood."""
    venues, _ = read(tmp_path, "场所编号,行业类别,网格编号,管理等级,检查用时\n１,旅馆,a1,一级,３０\n")
    assert venues == (Venue("1", "旅馆", "a1", "A", 30.0),)


def test_map_coordinates_are_converted(tmp_path: Path) -> None:
    """Coordinates in the station's own system are converted before a venue is placed."""
    china = np.array([113.0]), np.array([23.0])
    shifted = gcj02_from_wgs84(*china)
    moved = replace(AREA, polygons=tuple(translate(each, 113.0 - SIZE / 2, 23.0 - SIZE / 2) for each in AREA.polygons))
    text = f"venue_id,kind,lon,lat\nv1,hotel,{shifted[0][0]},{shifted[1][0]}\n"
    assert read(tmp_path, text, moved, "GCJ-02")[0][0].atom == "a1"
    assert read(tmp_path, text, moved)[0] != read(tmp_path, text, moved, "GCJ-02")[0]


def test_every_bad_row_is_told_with_its_number(tmp_path: Path) -> None:
    """Each row that cannot be used says why; the good ones stay."""
    text = (
        "venue_id,kind,atom,lon,lat,grade,inspection_min\n"
        "v1,hotel,a1,,,,\n"
        "v1,hotel,a1,,,,\n"
        ",hotel,a1,,,,\n"
        "v3,,a1,,,,\n"
        "v4,hotel,a11,,,,\n"
        "v5,hotel,,,,,\n"
        "v6,hotel,,9,9,,\n"
        "v7,hotel,a1,,,Z,\n"
        "v8,hotel,a1,,,,-5\n"
    )
    venues, findings = read(tmp_path, text)
    assert [(each.code, each.place.row) for each in findings] == [
        ("duplicate-id", 3),
        ("missing-id", 4),
        ("missing-value", 5),
        ("unknown-atom", 6),
        ("missing-place", 7),
        ("outside-area", 8),
        ("unknown-word", 9),
        ("wrong-number", 10),
    ]
    assert "Did you mean a1?" in only(findings, "unknown-atom").text("en")
    assert [venue.id for venue in venues] == ["v1"]


def test_contact_columns_are_dropped(tmp_path: Path) -> None:
    """Who runs the hotel and how to phone them is no business of this program."""
    venues, findings = read(tmp_path, "venue_id,kind,atom,联系人,联系电话\nv1,hotel,a1,李四,13800000000\n")
    assert {each.place.key for each in findings} == {"联系人", "联系电话"}
    assert "李四" not in repr(venues)


def test_without_an_area_places_are_not_checked(tmp_path: Path) -> None:
    """Where the atoms themselves are broken, every venue would be reported; none is."""
    assert codes(read(tmp_path, "venue_id,kind,atom\nv1,hotel,zz\n", None)[1]) == []
