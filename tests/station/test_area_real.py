"""Areas of real cities: read without errors, neighbours as published, travel along real streets."""

from __future__ import annotations

import csv
import json
import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from qinwu.findings import Finding
from qinwu.station.area import Area
from qinwu.station.config import Atoms, Files, Roads, StationConfig, Text
from qinwu.station.survey import read_area
from tests.station.folders import DATA, NO_DATA, codes, only

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)]

NAME = Text(zh="测试")


def surveyed(atoms: str, key: str, roads: str = "", columns: Roads | None = None) -> tuple[Area, tuple[Finding, ...]]:
    config = StationConfig(name=NAME, files=Files(atoms=atoms, roads=roads), atoms=Atoms(id=key), roads=columns or Roads())
    area, findings = read_area(DATA, config)
    assert area is not None
    assert codes(findings, "error") == []
    return area, findings


def published_neighbours(area: Area) -> set[tuple[int, int]]:
    """Return the neighbour pairs of Carrollton's own contiguity file."""
    with (DATA / "carrollton_contiguity.csv").open(encoding="utf-8") as file:
        rows = [(area.index[a], area.index[b]) for a, b in list(csv.reader(file))[1:]]
    return {(min(pair), max(pair)) for pair in rows}


def test_carrollton_neighbours_agree_with_the_published_file() -> None:
    """Of 764 published pairs 750 are found (98.2 %) and one more; the rest touch at corners or across wide gaps."""
    area, findings = surveyed("carrollton_reporting_areas.geojson", "NumberId")
    ours = {(int(left), int(right)) for left, right in area.neighbours}
    theirs = published_neighbours(area)
    assert (len(area), len(theirs)) == (325, 764)
    assert len(ours & theirs) >= 750
    assert len(ours - theirs) <= 1
    assert only(findings, "sliver-overlaps").values["count"] == "7"


def test_carrollton_travels_along_its_streets() -> None:
    """362 streets with speed 0 are left out and told; the rest give times that straight lines at 60 mph never beat."""
    columns = Roads(speed="SpeedLimit", speed_unit="mph", road_class="BaseClass")
    area, findings = surveyed("carrollton_reporting_areas.geojson", "NumberId", "carrollton_streets.parquet", columns)
    assert only(findings, "road-speed-zero").values["count"] == 362
    assert only(findings, "roads-not-connected").values["count"] == 17
    assert area.travel.source == "roads"
    apart = np.hypot(*(area.xy_m[:, None, :] - area.xy_m[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(apart, 0.0)
    assert (area.travel.base_s >= 0.99 * apart / (60 * 1609.344 / 3600)).all()
    assert 60 < float(np.median(area.travel.base_s)) / 6 < 120
    assert 600_000 < area.street_m.sum() < 800_000


def test_detroit_has_its_131_beats() -> None:
    """Detroit's scout-car areas: ids from the property `beat`, 360 km², one connected piece."""
    area, findings = surveyed("detroit_beats.geojson", "beat")
    assert len(area) == 131
    assert area.area_m2.sum() == pytest.approx(371e6, rel=0.03)
    assert "area-not-connected" not in codes(findings)
    assert len(area.neighbours) == 283


def test_st_louis_has_its_88_neighbourhoods() -> None:
    """St. Louis: ids written as 51.0 are 51; every neighbourhood has a neighbour."""
    area, _ = surveyed("stlouis_neighborhoods.geojson", "NHD_NUM")
    assert len(area) == 88
    assert "51" in area.index
    assert area.contiguous(range(88))


def test_portland_outlines_that_touch_themselves_are_repaired() -> None:
    """Two of Portland's districts touch themselves; they are repaired with a warning, not refused."""
    area, findings = surveyed("portland_police_districts.geojson", "OBJECTID")
    assert len(area) == 60
    assert codes(findings, "warning").count("repaired-polygon") == 2


def rings(content: bytes) -> list[list[list[tuple[float, float]]]]:
    """Return the rings of every polygon of a shapefile (ESRI white paper, 1998, main file record type 5)."""
    polygons, at = [], 100
    while at < len(content):
        (words,) = struct.unpack_from(">i", content, at + 4)
        parts, points = struct.unpack_from("<2i", content, at + 8 + 36)
        starts = [*struct.unpack_from(f"<{parts}i", content, at + 8 + 44), points]
        flat = struct.unpack_from(f"<{2 * points}d", content, at + 8 + 44 + 4 * parts)
        places = list(zip(flat[::2], flat[1::2], strict=True))
        polygons.append([places[a:b] for a, b in pairwise(starts)])
        at += 8 + 2 * words
    return polygons


def test_the_hexagons_of_the_districting_instance_border_six_others(tmp_path: Path) -> None:
    """510 areas given in Web Mercator, converted by EPSG code: as many neighbours as published air distances of one hexagon."""
    folder = DATA / "police_districting_510"
    shapes = rings((folder / "grid_0510" / "grid_0510.shp").read_bytes())
    features = [
        {"type": "Feature", "properties": {"id": n}, "geometry": {"type": "Polygon", "coordinates": shape}}
        for n, shape in enumerate(shapes, start=1)
    ]
    (tmp_path / "atoms.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    area, findings = read_area(tmp_path, StationConfig(name=NAME, coordinates="EPSG:3857"))
    assert area is not None
    assert codes(findings, "error") == []
    assert len(area) == 510
    assert area.contiguous(range(510))
    assert int(np.bincount(area.neighbours.ravel()).max()) == 6
    published_km = np.loadtxt(folder / "airdistances_0510.csv")
    assert len(area.neighbours) == int((np.triu(published_km) > 0).sum() - (np.triu(published_km) > 1.2).sum())
    ours_km = np.hypot(*(area.xy_m[:, None, :] - area.xy_m[None, :, :]).transpose(2, 0, 1)) / 1000
    assert np.allclose(np.sort(ours_km, axis=None), np.sort(published_km, axis=None), rtol=0.01, atol=0.02)
