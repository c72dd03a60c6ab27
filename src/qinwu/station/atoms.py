"""Atoms read from GeoJSON: ids, polygons, residents, neighbours, and everything that can be wrong with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.borders import Pairs, Polygons, near_pairs, neighbours, overlaps_m2, piece_of
from qinwu.station.config import Atoms, StationConfig
from qinwu.station.coordinates import local_projection, to_local
from qinwu.station.geojson import Feature, feature_place, read_features
from qinwu.station.library_words import in_words

F64 = NDArray[np.float64]

_OVERLAP_ERROR = 0.01
_OVERLAP_WARNING_M2 = 1.0
_REPAIR_TOLERANCE = 1e-3
_NAMED = 10


@dataclass(frozen=True)
class AtomShapes:
    """Atoms before travel is known, in file order.

    ``polygons`` are WGS84, ``local`` the same in metres of ``crs``; where the file is silent ``street_m`` is not-a-number and a
    name is empty.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    polygons: tuple[Polygon | MultiPolygon, ...]
    local: Polygons
    xy_m: F64
    area_m2: F64
    street_m: F64
    population: F64
    neighbours: Pairs
    crs: str


def read_atoms(path: Path, config: StationConfig, crs: str = "") -> tuple[AtomShapes | None, list[Finding]]:
    """Return the atoms of a GeoJSON file (None where none is usable) and every finding about them.

    Parameters
    ----------
    path
        Feature collection of polygons.
    config
        Names of the properties, coordinate system, tolerances.
    crs
        Local metric projection; by default a transverse Mercator centred on the atoms.

    Raises
    ------
    QinwuError
        Where the file is missing or is no feature collection.
    """
    features, findings = read_features(path, ("Polygon", "MultiPolygon"), config.coordinates)
    ids, id_findings = _ids(features, config.atoms.id, path.name)
    polygons, shape_findings = _valid_polygons(features, path.name)
    population, population_findings = _numbers(features, config.atoms.population, path.name)
    street_m, street_findings = _numbers(features, config.atoms.street_m, path.name)
    findings += id_findings + shape_findings + population_findings + street_findings
    if not features:
        message, remedy = N_("There is no usable atom in this file."), N_("An area needs at least one polygon with an id.")
        return None, [*findings, Finding("no-atoms", "error", message, remedy, Place(path.name))]
    if any(finding.code == "coordinates-out-of-range" for finding in findings):
        return None, findings
    findings += _population_findings(population, path.name)
    names = tuple(id_text(feature.properties.get(config.atoms.name)) for feature in features)
    shapes = _measured(ids, names, polygons, np.nan_to_num(population), street_m, config.atoms, crs)
    return shapes, findings + _overlap_findings(shapes, path.name) + _piece_findings(shapes, path.name)


def named(ids: Sequence[str]) -> str:
    """Return ids in one line, the first ten and how many more."""
    more = f" … (+{len(ids) - _NAMED})" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more


def id_text(value: object) -> str:
    """Return an id as text; whole numbers lose the decimal point that spreadsheets give them.

    >>> id_text(51.0), id_text(" A7 "), id_text(None)
    ('51', 'A7', '')
    """
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _measured(
    ids: Sequence[str], names: tuple[str, ...], polygons: Polygons, population: F64, street_m: F64, settings: Atoms, crs: str
) -> AtomShapes:
    """Return the atoms measured in a local projection."""
    west, south, east, north = shapely.total_bounds(polygons)
    crs = crs or local_projection((west + east) / 2, (south + north) / 2)
    points = shapely.get_coordinates(polygons)
    local = shapely.set_coordinates(polygons.copy(), np.column_stack(to_local(points[:, 0], points[:, 1], crs)))
    return AtomShapes(
        ids=tuple(ids),
        names=names,
        polygons=tuple(polygons),
        local=local,
        xy_m=shapely.get_coordinates(_inner_points(local)),
        area_m2=shapely.area(local),
        street_m=street_m,
        population=population,
        neighbours=neighbours(local, settings.gap_m, settings.shared_border_m),
        crs=crs,
    )


def _inner_points(polygons: Polygons) -> Polygons:
    """Return the centroid of each polygon, or a point on it where the centroid lies outside."""
    points: Polygons = np.asarray(shapely.centroid(polygons))
    outside = ~shapely.contains(polygons, points)
    with np.errstate(invalid="ignore"):  # GEOS raises the flag on slivers, and still returns a point
        points[outside] = shapely.point_on_surface(polygons[outside])
    return points


def _ids(features: Sequence[Feature], key: str, file: str) -> tuple[list[str], list[Finding]]:
    findings = []
    first: dict[str, int] = {}
    ids = [id_text(feature.properties.get(key)) for feature in features]
    for feature, atom in zip(features, ids, strict=True):
        place = feature_place(file, feature.number, key)
        if not atom:
            values = {"key": key, "keys": ", ".join(feature.properties)}
            message = N_("The atom has no id: the property {key} is missing or empty. Its properties: {keys}.")
            remedy = N_('Give every atom an id, or name the property that holds it: [atoms] id = "…" in station.toml.')
            findings.append(Finding("missing-id", "error", message, remedy, place, values))
        elif atom in first:
            message, remedy = N_("The id {value} is used twice; first by feature {first}."), N_("Give every atom an id of its own.")
            findings.append(Finding("duplicate-id", "error", message, remedy, place, {"value": atom, "first": first[atom]}))
        else:
            first[atom] = feature.number
    return ids, findings


def _valid_polygons(features: Sequence[Feature], file: str) -> tuple[Polygons, list[Finding]]:
    """Return the polygons, those that only touch themselves repaired, and errors for those that truly cross."""
    polygons = np.array([feature.geometry for feature in features], dtype=object)
    findings = []
    for at in np.flatnonzero(~shapely.is_valid(polygons)).tolist() if len(polygons) else ():
        repaired = _only_polygons(shapely.make_valid(polygons[at]))
        drawn, kept = polygons[at].area, repaired.area
        harmless = kept > 0 and abs(drawn - kept) <= _REPAIR_TOLERANCE * kept
        polygons[at] = repaired if kept > 0 else polygons[at].buffer(1e-6)
        place = feature_place(file, features[at].number)
        reason = shapely.is_valid_reason(features[at].geometry)
        values = {"reason": in_words(reason), "point": ", ".join(reason.rstrip("]").rpartition("[")[2].split())}
        if harmless:
            message = N_("The outline was repaired: {reason}, near {point}.")
            findings.append(Finding("repaired-polygon", "warning", message, "", place, values))
        else:
            message, remedy = N_("The outline is wrong: {reason}, near {point}."), N_("Draw this atom again.")
            findings.append(Finding("invalid-polygon", "error", message, remedy, place, values))
    return polygons, findings


def _only_polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _numbers(features: Sequence[Feature], key: str, file: str) -> tuple[F64, list[Finding]]:
    """Return a numeric property, not-a-number where absent, and errors for what is no number >= 0."""
    values = np.full(len(features), np.nan)
    findings = []
    for at, feature in enumerate(features):
        raw = feature.properties.get(key)
        if raw is None or raw == "":
            continue
        number = _number(raw)
        if number is None or number < 0:
            message, remedy = N_("{value} is not a number of at least 0."), N_("Correct it, or leave it empty.")
            place = feature_place(file, feature.number, key)
            findings.append(Finding("wrong-number", "error", message, remedy, place, {"value": raw}))
        else:
            values[at] = number
    return values, findings


def _number(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        return None
    try:
        number = float(raw)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _population_findings(population: F64, file: str) -> list[Finding]:
    missing = int(np.isnan(population).sum())
    if not missing:
        return []
    message = N_("{count} of {total} atoms have no population; 0 is used.")
    remedy = N_('Name the property that holds it: [atoms] population = "…" in station.toml.')
    return [Finding("no-population", "note", message, remedy, Place(file), {"count": missing, "total": len(population)})]


def _overlap_findings(shapes: AtomShapes, file: str) -> list[Finding]:
    """Return an error for each pair that shares over 1 % of the smaller atom, and one warning for all smaller overlaps."""
    pairs = near_pairs(shapes.local, 0.0)
    shared = overlaps_m2(shapes.local, pairs)
    smaller = np.minimum(shapes.area_m2[pairs[:, 0]], shapes.area_m2[pairs[:, 1]])
    heavy = shared > _OVERLAP_ERROR * smaller
    message = N_("The atoms {first} and {second} overlap by {area} m², {percent} % of the smaller.")
    remedy = N_("Every place must lie in exactly one atom: redraw their border.")
    findings = []
    for (left, right), area, part in zip(pairs[heavy], shared[heavy], shared[heavy] / smaller[heavy], strict=True):
        names = {"first": shapes.ids[left], "second": shapes.ids[right]}
        values = {**names, "area": f"{area:.0f}", "percent": f"{100 * part:.1f}"}
        findings.append(Finding("overlapping-atoms", "error", message, remedy, Place(file), values))
    slivers = ~heavy & (shared > _OVERLAP_WARNING_M2)
    if slivers.any():
        values = {"count": str(int(slivers.sum())), "area": f"{shared[slivers].sum():.0f}"}
        light = N_("{count} pairs of atoms overlap by slivers, {area} m² in all; a call there goes to the first of the two.")
        findings.append(Finding("sliver-overlaps", "warning", light, "", Place(file), values))
    return findings


def _piece_findings(shapes: AtomShapes, file: str) -> list[Finding]:
    label = piece_of(len(shapes.ids), shapes.neighbours)
    groups: dict[int, list[str]] = defaultdict(list)
    for atom, piece in zip(shapes.ids, label, strict=True):
        groups[int(piece)].append(atom)
    if len(groups) == 1:
        return []
    apart = [atom for group in sorted(groups.values(), key=len)[:-1] for atom in group]
    message = N_("The area falls into {count} pieces; apart from the largest lie: {atoms}.")
    remedy = N_("If a river or road was left out between atoms, raise [atoms] gap_m in station.toml.")
    values = {"count": len(groups), "atoms": named(apart)}
    return [Finding("area-not-connected", "warning", message, remedy, Place(file), values)]
