"""GeoJSON feature collections, feature by feature; a broken feature is reported and the others are still read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.coordinates import WGS84, to_wgs84
from qinwu.station.library_words import in_words
from qinwu.station.text_file import read_text


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its number in the file (1-based), properties and geometry in WGS84."""

    number: int
    properties: Mapping[str, Any]
    geometry: BaseGeometry


def read_features(path: Path, kinds: Iterable[str], coordinates: str = WGS84) -> tuple[list[Feature], list[Finding]]:
    """Return the features of a GeoJSON file whose geometry is one of `kinds`, and what is wrong with the others.

    Parameters
    ----------
    path
        The file.
    kinds
        Geometry types wanted, for example ``("Polygon", "MultiPolygon")``.
    coordinates
        Coordinate system of the file: ``WGS84``, ``GCJ-02``, ``BD-09`` or ``EPSG:n``.

    Raises
    ------
    QinwuError
        Where the file is missing or is not a feature collection at all.
    """
    collection = _collection(path)
    findings = _declared_crs(collection, coordinates, path.name)
    allowed = tuple(kinds)
    features: list[Feature] = []
    for number, raw in enumerate(collection["features"], start=1):
        geometry, problem = _geometry(raw, number, allowed, path.name)
        if geometry is None:
            findings.extend(problem)
        else:
            features.append(Feature(number, _table(raw.get("properties")), geometry))
    features = _in_wgs84(features, coordinates)
    findings.extend(_range_findings(features, coordinates, path.name))
    return features, findings


def feature_place(file: str, number: int, key: str = "") -> Place:
    """Return the place of a feature or of one of its properties."""
    return Place(file, None, f"features[{number}]" + (f".{key}" if key else ""))


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _collection(path: Path) -> dict[str, Any]:
    text = read_text(path)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        message = N_("This is not valid JSON ({reason}, column {column}).")
        values = {"reason": in_words(error.msg), "column": error.colno}
        remedy = N_("Export the layer again as GeoJSON.")
        raise QinwuError([Finding("broken-geojson", "error", message, remedy, Place(path.name, error.lineno), values)]) from None
    if not isinstance(data, dict) or not isinstance(data.get("features"), list):
        message = N_("This is not a GeoJSON feature collection.")
        remedy = N_("Export the layer again as GeoJSON.")
        raise QinwuError([Finding("broken-geojson", "error", message, remedy, Place(path.name))])
    return data


def _geometry(raw: Any, number: int, kinds: tuple[str, ...], file: str) -> tuple[BaseGeometry | None, list[Finding]]:
    """Return the geometry of one raw feature, or None with the reason."""
    place = feature_place(file, number)
    described = raw.get("geometry") if isinstance(raw, dict) else None
    kind = described.get("type") if isinstance(described, dict) else None
    if kind not in kinds:
        message = N_("This feature is a {value}; wanted: {expected}.")
        remedy = N_("Remove it or draw it again.")
        values = {"value": kind or "null", "expected": ", ".join(kinds)}
        return None, [Finding("wrong-geometry", "error", message, remedy, place, values)]
    try:
        geometry = shapely.force_2d(shape(described))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
        message, remedy = N_("The coordinates cannot be read: {reason}."), N_("Draw the feature again.")
        return None, [Finding("broken-geometry", "error", message, remedy, place, {"reason": in_words(error)})]
    if geometry.is_empty or not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None, [Finding("broken-geometry", "error", N_("The feature has no usable coordinates."), N_("Draw it."), place)]
    return geometry, []


def _declared_crs(collection: Mapping[str, Any], coordinates: str, file: str) -> list[Finding]:
    """Return a finding where the file itself names another coordinate system than station.toml."""
    name = str(_table(_table(collection.get("crs")).get("properties")).get("name", ""))
    code = name.rsplit(":", 1)[-1]
    same = {"", "CRS84", "4326", "4490"} if not coordinates.upper().startswith("EPSG") else {"", coordinates.split(":")[-1]}
    if code in same:
        return []
    message = N_("The file says its coordinates are {value}, station.toml says {expected}.")
    remedy = N_("Set coordinates in station.toml to what the file uses.")
    return [
        Finding(
            "coordinates-differ", "warning", message, remedy, Place(file, None, "crs"), {"value": name, "expected": coordinates}
        )
    ]


def _in_wgs84(features: list[Feature], coordinates: str) -> list[Feature]:
    if coordinates == WGS84 or not features:
        return features
    geometries = np.array([feature.geometry for feature in features], dtype=object)
    points = shapely.get_coordinates(geometries)
    moved = shapely.set_coordinates(geometries, np.column_stack(to_wgs84(points[:, 0], points[:, 1], coordinates)))
    return [Feature(old.number, old.properties, geometry) for old, geometry in zip(features, moved, strict=True)]


def _range_findings(features: list[Feature], coordinates: str, file: str) -> list[Finding]:
    """Return one error where coordinates are not longitudes and latitudes."""
    if not features:
        return []
    bounds = shapely.bounds(np.array([feature.geometry for feature in features], dtype=object))
    west, south, east, north = bounds[:, 0], bounds[:, 1], bounds[:, 2], bounds[:, 3]
    outside = ~((west >= -180) & (east <= 180) & (south >= -90) & (north <= 90))
    if not outside.any():
        return []
    first = int(np.flatnonzero(outside)[0])
    point = shapely.get_coordinates(features[first].geometry)[0]
    swapped = abs(point[0]) <= 90 and abs(point[1]) <= 180
    remedy = (
        N_("Longitude comes first in GeoJSON; here latitude seems to.")
        if swapped
        else N_('If the file is in a projection, say which: coordinates = "EPSG:n" in station.toml.')
    )
    values = {"x": f"{point[0]:g}", "y": f"{point[1]:g}", "coordinates": coordinates, "count": int(outside.sum())}
    message = N_("({x}, {y}) is no longitude and latitude when read as {coordinates}; features so affected: {count}.")
    return [Finding("coordinates-out-of-range", "error", message, remedy, feature_place(file, features[first].number), values)]
