"""Station folders written for tests: a grid of square atoms in southern China, with whatever files a test asks for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qinwu.findings import Finding

DATA = Path(__file__).parents[2].parent / "shared" / "data"
NO_DATA = "the public data folder ../shared/data is not beside the checkout"

LON, LAT, SIDE = 113.0, 23.0, 0.003
SIDE_EAST_M, SIDE_NORTH_M = 307.564, 332.232

CONFIG = """\
name = {zh = "小所", en = "Small station"}
time_zone = "Asia/Shanghai"

[[call_class]]
id = "help"
name = {zh = "求助", en = "Help"}
priority = 4

[[call_class]]
id = "dispute"
name = {zh = "纠纷", en = "Dispute"}
officers = 2
"""
OFFICERS = (
    "officer_id,kind,post,skills,joined\nJ01,sworn,command,,\nJ02,sworn,front_line,driver;mediation,2015-07-01\nF01,auxiliary,,,\n"
)
CALLS = "call_id,received,call_class,atom\n1,2025-01-01 08:00:00,help,a1\n2,2025-01-01 09:30:00,dispute,a6\n"


def square(column: float, row: float, side: float = 1.0) -> dict[str, Any]:
    """Return the polygon of a grid square, `side` cells wide, as GeoJSON."""
    west, south = LON + column * SIDE, LAT + row * SIDE
    east, north = west + side * SIDE, south + side * SIDE
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


def feature(geometry: Mapping[str, Any] | None, **properties: object) -> dict[str, Any]:
    """Return a GeoJSON feature."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def grid(columns: int, rows: int) -> list[dict[str, Any]]:
    """Return square atoms ``a1``, ``a2``… row by row from the south-west, 500 residents and 4 km of street each."""
    places = [(column, row) for row in range(rows) for column in range(columns)]
    return [feature(square(*place), id=f"a{n}", population=500, street_m=4000) for n, place in enumerate(places, start=1)]


def line(*points: tuple[float, float], **properties: object) -> dict[str, Any]:
    """Return a road through grid points (column, row)."""
    coordinates = [[LON + column * SIDE, LAT + row * SIDE] for column, row in points]
    return feature({"type": "LineString", "coordinates": coordinates}, **properties)


def collection(features: Sequence[Mapping[str, Any]]) -> str:
    """Return features as the text of a GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def write_station(folder: Path, config: str = CONFIG, atoms: str = "", **files: str) -> Path:
    """Write a station of six atoms (three columns, two rows) with any file replaced; ``roads_geojson="…"`` adds roads.geojson."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "station.toml").write_text(config, encoding="utf-8")
    (folder / "atoms.geojson").write_text(atoms or collection(grid(3, 2)), encoding="utf-8")
    contents = {"officers_csv": OFFICERS, "calls_csv": CALLS, **files}
    for name, content in contents.items():
        (folder / ".".join(name.rsplit("_", 1))).write_text(content, encoding="utf-8")
    return folder


def codes(findings: Iterable[Finding], severity: str = "") -> list[str]:
    """Return the codes of findings, of one severity if asked."""
    return [finding.code for finding in findings if not severity or finding.severity == severity]


def only(findings: Iterable[Finding], code: str) -> Finding:
    """Return the one finding with this code."""
    (found,) = (finding for finding in findings if finding.code == code)
    return found
