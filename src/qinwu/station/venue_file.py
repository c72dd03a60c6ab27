"""Venues read from a sheet: places with a trade, put into atoms by id or by coordinates."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

import numpy as np

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.area import Area
from qinwu.station.coordinates import to_wgs84
from qinwu.station.placing import OUTSIDE, place_points
from qinwu.station.sheet import Row, read_sheet
from qinwu.station.venues import INSPECTION_MIN, Venue

HEADERS: dict[str, tuple[str, ...]] = {
    "venue_id": ("id", "venue", "编号", "场所编号", "单位编号"),
    "kind": ("trade", "类别", "场所类别", "行业", "行业类别", "特业类别"),
    "atom": ("网格", "网格编号", "责任区单元", "最小统计单元"),
    "lon": ("longitude", "lng", "x", "经度"),
    "lat": ("latitude", "y", "纬度"),
    "grade": ("等级", "级别", "检查等级", "管理等级"),
    "inspection_min": ("检查分钟", "检查时长", "检查用时", "单次检查分钟"),
}
_GRADES = {
    "a": "A",
    "b": "B",
    "c": "C",
    "一": "A",
    "二": "B",
    "三": "C",
    "甲": "A",
    "乙": "B",
    "丙": "C",
    "1": "A",
    "2": "B",
    "3": "C",
}


def read_venues(path: Path, area: Area | None, coordinates: str) -> tuple[tuple[Venue, ...], tuple[Finding, ...]]:
    """Return the venues of a sheet and every finding about it; rows with an error are left out.

    Parameters
    ----------
    path
        CSV or Excel with ``venue_id, kind`` and either ``atom`` or ``lon, lat``; optional ``grade`` (A, B, C) and
        ``inspection_min`` (minutes for two officers, > 0).
    area
        Where the venues are; None where it could not be read, and places are then not checked.
    coordinates
        Coordinate system of ``lon`` and ``lat``.

    Raises
    ------
    QinwuError
        Where the file cannot be read at all.
    """
    rows, findings = read_sheet(path, HEADERS, ("venue_id", "kind"))
    if any(finding.severity == "error" for finding in findings):
        return (), tuple(findings)
    located = _located(rows, area, coordinates)
    venues: list[Venue] = []
    seen: dict[str, int] = {}
    for row in rows:
        venue, problems = _venue(row, located.get(row.number, ""), seen, area, path.name)
        findings += problems
        venues += [venue] if venue else []
    return tuple(venues), tuple(findings)


def _located(rows: list[Row], area: Area | None, coordinates: str) -> dict[int, str]:
    """Return the atom of every row that has coordinates and lies inside the area, by row number."""
    placed = [(row.number, *point) for row in rows if not row["atom"] and (point := _point(row))]
    if area is None or not placed:
        return {}
    numbers, x, y = zip(*placed, strict=True)
    places, _ = place_points(*to_wgs84(np.array(x), np.array(y), coordinates), area.polygons)
    return {number: area.atom_ids[at] for number, at in zip(numbers, places, strict=True) if at != OUTSIDE}


def _point(row: Row) -> tuple[float, float] | None:
    x, y = _number(row["lon"]), _number(row["lat"])
    return None if x is None or y is None else (x, y)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _venue(row: Row, located: str, seen: dict[str, int], area: Area | None, file: str) -> tuple[Venue | None, list[Finding]]:
    findings = [*_id_findings(row, seen, file), *_place_findings(row, located, area, file)]
    if not row["kind"]:
        place = Place(file, row.number, "kind")
        findings.append(Finding("missing-value", "error", N_("The venue has no kind."), N_("Name its trade."), place))
    grade = _GRADES.get(row["grade"][:1].lower(), "") if row["grade"] else "B"
    if not grade:
        message = N_("{value} is not one of {expected}.")
        values = {"value": row["grade"], "expected": "A, B, C"}
        findings.append(Finding("unknown-word", "error", message, "", Place(file, row.number, "grade"), values))
    minutes = _number(row["inspection_min"]) if row["inspection_min"] else INSPECTION_MIN
    if minutes is None or minutes <= 0:
        message, remedy = N_("{value} is not a number of minutes above 0."), N_("Correct it, or leave it empty.")
        place = Place(file, row.number, "inspection_min")
        findings.append(Finding("wrong-number", "error", message, remedy, place, {"value": row["inspection_min"]}))
    if minutes is None or any(finding.severity == "error" for finding in findings):
        return None, findings
    atom = row["atom"] or located
    return Venue(row["venue_id"], row["kind"], atom, cast("Literal['A', 'B', 'C']", grade), minutes), findings


def _id_findings(row: Row, seen: dict[str, int], file: str) -> list[Finding]:
    venue, place = row["venue_id"], Place(file, row.number, "venue_id")
    if not venue:
        return [Finding("missing-id", "error", N_("The venue has no id."), N_("Give every venue an id."), place)]
    if venue in seen:
        message, remedy = N_("The id {value} is used twice; first in row {first}."), N_("Give every venue an id of its own.")
        return [Finding("duplicate-id", "error", message, remedy, place, {"value": venue, "first": seen[venue]})]
    seen[venue] = row.number
    return []


def _place_findings(row: Row, located: str, area: Area | None, file: str) -> list[Finding]:
    if area is None or located:
        return []
    if row["atom"]:
        return [] if row["atom"] in area.index else [unknown_atom(row["atom"], area, Place(file, row.number, "atom"))]
    if _point(row) is None:
        message, remedy = N_("The venue has neither an atom nor coordinates."), N_("Fill in atom, or lon and lat.")
        return [Finding("missing-place", "error", message, remedy, Place(file, row.number))]
    message = N_("The venue at ({lon}, {lat}) lies outside every atom; it is left out.")
    values = {"lon": row["lon"], "lat": row["lat"]}
    remedy = N_("Check the coordinates, and coordinates in station.toml.")
    return [Finding("outside-area", "error", message, remedy, Place(file, row.number, "lon"), values)]


def unknown_atom(atom: str, area: Area, place: Place) -> Finding:
    """Return the error for an atom id that the area does not have."""
    guess = did_you_mean(atom, area.atom_ids)
    message = N_("There is no atom {value} in this area.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Use an id of the atoms file.")
    return Finding("unknown-atom", "error", message, remedy, place, {"value": atom, "guess": guess})
