"""Roads read from GeoJSON lines, Parquet lines (WKB) or an edge table with nodes; roads that cannot be driven are reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.atoms import id_text
from qinwu.station.config import Roads, StationConfig
from qinwu.station.coordinates import to_local, to_wgs84
from qinwu.station.geojson import read_features
from qinwu.station.library_words import in_words
from qinwu.station.sheet import clean
from qinwu.station.text_file import read_bytes

if TYPE_CHECKING:
    import polars as pl

F64 = NDArray[np.float64]
Lines = NDArray[np.object_]

_KMH = {"km/h": 1.0, "mph": 1.609344}
_ALONG = frozenset({"yes", "true", "1", "是", "单行"})
_AGAINST = frozenset({"-1", "reverse"})


@dataclass(frozen=True)
class RoadLines:
    """Roads as drawn, in metres of the local projection.

    ``length_m`` is what a crew drives (at least the line's own length where the file says so); ``speed_kmh`` > 0; ``oneway`` is 1
    along the line, -1 against it, 0 both ways; ``names`` are those of the streets, empty where the file has none.
    """

    lines: Lines
    length_m: F64
    speed_kmh: F64
    road_class: tuple[str, ...]
    oneway: NDArray[np.int8]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class _Raw:
    """Columns of a roads file: lines in metres, driven lengths, and properties row by row."""

    lines: Lines
    length_m: F64
    properties: Sequence[Mapping[str, Any]]


def read_roads(folder: Path, config: StationConfig, crs: str) -> tuple[RoadLines, tuple[Finding, ...]]:
    """Return the roads of a station that can be driven, and what was left out and why.

    Parameters
    ----------
    folder
        The station folder.
    config
        Its ``station.toml``; ``files.roads`` is named.
    crs
        Local metric projection.

    Raises
    ------
    QinwuError
        Where the file cannot be read at all or holds no road.
    """
    path = folder / config.files.roads
    if config.roads.nodes:
        raw, findings = _edge_table(folder, config, crs)
    elif path.suffix.lower() in (".parquet", ".geoparquet"):
        raw, findings = _parquet_lines(path, config, crs)
    else:
        raw, findings = _geojson_lines(path, config, crs)
    speed, speed_findings = _speeds(raw, config, path.name)
    findings += speed_findings
    driven = (speed > 0) & (raw.length_m > 0)
    if not driven.any():
        raise QinwuError([*findings, no_roads(path.name)])
    return _kept(raw, speed, driven, config.roads), tuple(findings)


def no_roads(file: str) -> Finding:
    """Return the error for a roads file that leads nowhere."""
    message, remedy = N_("No road in this file can be driven."), N_("Check the speeds, or leave files.roads out.")
    return Finding("no-roads", "error", message, remedy, Place(file))


def _kept(raw: _Raw, speed: F64, driven: NDArray[np.bool_], names: Roads) -> RoadLines:
    kept = np.flatnonzero(driven)
    return RoadLines(
        lines=raw.lines[kept],
        length_m=raw.length_m[kept],
        speed_kmh=speed[kept],
        road_class=tuple(id_text(raw.properties[at].get(names.road_class)) for at in kept.tolist()),
        oneway=np.array([_direction(raw.properties[at].get(names.oneway)) for at in kept.tolist()], dtype=np.int8),
        names=tuple(id_text(raw.properties[at].get(names.name)) for at in kept.tolist()),
    )


def _direction(value: object) -> int:
    word = clean(str(value)).lower()
    return 1 if word in _ALONG else -1 if word in _AGAINST else 0


def _geojson_lines(path: Path, config: StationConfig, crs: str) -> tuple[_Raw, list[Finding]]:
    features, found = read_features(path, ("LineString", "MultiLineString"), config.coordinates)
    findings = [replace(each, severity="warning") if each.code.endswith("-geometry") else each for each in found]
    geometries = np.array([feature.geometry for feature in features], dtype=object)
    return _in_metres(geometries, [feature.properties for feature in features], crs), findings


def _parquet_lines(path: Path, config: StationConfig, crs: str) -> tuple[_Raw, list[Finding]]:
    table = _read_parquet(path)
    column = next((name for name in ("geometry", "geom", "wkb_geometry", "wkb") if name in table.columns), "")
    if not column:
        raise QinwuError([_missing_column("geometry", table.columns, path.name)])
    storage = (
        table[column].ext.storage() if hasattr(table[column], "ext") and "xtension" in str(table[column].dtype) else table[column]
    )
    geometries = shapely.force_2d(shapely.from_wkb(storage.to_numpy(), on_invalid="ignore"))
    usable: NDArray[np.bool_] = np.asarray(np.isin(shapely.get_type_id(geometries), (1, 5)) & ~shapely.is_empty(geometries))
    geometries = geometries[usable]
    points = shapely.get_coordinates(geometries)
    lon, lat = to_wgs84(points[:, 0], points[:, 1], config.coordinates)
    geometries = shapely.set_coordinates(geometries, np.column_stack([lon, lat]))
    properties = [row for row, good in zip(table.drop(column).to_dicts(), usable.tolist(), strict=True) if good]
    return _in_metres(geometries, properties, crs), _not_lines(int((~usable).sum()), path.name)


def _not_lines(count: int, file: str) -> list[Finding]:
    if not count:
        return []
    message = N_("{count} rows have no line and are left out.")
    return [Finding("wrong-geometry", "warning", message, "", Place(file), {"count": count})]


def _in_metres(geometries: Lines, properties: Sequence[Mapping[str, Any]], crs: str) -> _Raw:
    """Return single lines in metres; the parts of a multi-line keep its properties."""
    parts, parent = shapely.get_parts(geometries, return_index=True)
    points = shapely.get_coordinates(parts)
    lines = shapely.set_coordinates(parts, np.column_stack(to_local(points[:, 0], points[:, 1], crs))) if len(parts) else parts
    return _Raw(lines, shapely.length(lines), [properties[at] for at in parent.tolist()])


def _edge_table(folder: Path, config: StationConfig, crs: str) -> tuple[_Raw, list[Finding]]:
    """Return the edges of an edge table as straight lines between their nodes, with the length the table gives."""
    names, file = config.roads, config.files.roads
    edges, nodes = _read_parquet(folder / file), _read_parquet(folder / names.nodes)
    absent = [_missing_column(each, edges.columns, file) for each in (names.start, names.end) if each not in edges.columns]
    absent += [
        _missing_column(each, nodes.columns, names.nodes) for each in (names.node, "lon", "lat") if each not in nodes.columns
    ]
    if absent:
        raise QinwuError(absent)
    x, y = to_local(*to_wgs84(_floats(nodes["lon"]), _floats(nodes["lat"]), config.coordinates), crs)
    position = {id_text(node): at for at, node in enumerate(nodes[names.node].to_list())}
    ends = [
        (position.get(id_text(a), -1), position.get(id_text(b), -1)) for a, b in edges.select(names.start, names.end).iter_rows()
    ]
    pair = np.array(ends, dtype=np.int64).reshape(-1, 2)
    usable = np.all(pair >= 0, axis=1)
    pair = pair[usable]
    lines = shapely.linestrings(np.stack([x[pair], y[pair]], axis=-1))
    length = shapely.length(lines)
    if names.length_m in edges.columns:
        given = _floats(edges[names.length_m])[usable]
        length = np.where(np.isfinite(given) & (given > 0), given, length)
    properties = [row for row, good in zip(edges.to_dicts(), usable.tolist(), strict=True) if good]
    return _Raw(lines, length, properties), _loose_edges(int((~usable).sum()), names.nodes, file)


def _loose_edges(count: int, nodes: str, file: str) -> list[Finding]:
    if not count:
        return []
    message = N_("{count} edges start or end at a node that {nodes} does not have; they are left out.")
    return [
        Finding(
            "unknown-node",
            "warning",
            message,
            N_("Export nodes and edges together."),
            Place(file),
            {"count": count, "nodes": nodes},
        )
    ]


def _read_parquet(path: Path) -> pl.DataFrame:
    import io

    import polars as pl

    content = read_bytes(path)
    try:
        return pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        message, remedy = N_("This is not a Parquet file: {reason}."), N_("Export the table again.")
        finding = Finding("broken-parquet", "error", message, remedy, Place(path.name), {"reason": in_words(error)})
        raise QinwuError([finding]) from None


def _floats(column: pl.Series) -> F64:
    import polars as pl

    return np.asarray(column.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy(), dtype=np.float64)


def _missing_column(name: str, columns: Sequence[str], file: str) -> Finding:
    guess = did_you_mean(name, columns)
    message = N_("The column {value} is missing.")
    remedy = N_("Did you mean {guess}? Name the column in [roads] of station.toml.") if guess else N_("Columns here: {known}.")
    return Finding(
        "missing-column", "error", message, remedy, Place(file), {"value": name, "guess": guess, "known": ", ".join(columns)}
    )


def _speeds(raw: _Raw, config: StationConfig, file: str) -> tuple[F64, list[Finding]]:
    """Return a speed for every road, km/h, 0 where it cannot be driven, and findings about stand-ins and roads left out."""
    names = config.roads
    given = np.array([_number(each.get(names.speed)) for each in raw.properties], dtype=np.float64) * _KMH[names.speed_unit]
    silent = np.isnan(given)
    classes = [id_text(each.get(names.road_class)) for each in raw.properties]
    default = np.array([names.class_speed_kmh.get(each, config.travel.speed_kmh) for each in classes], dtype=np.float64)
    speed = np.where(silent, default, given)
    findings = []
    if silent.any():
        message = N_("{count} of {total} roads have no speed; the speed of their class, or {speed} km/h, is used.")
        values = {"count": int(silent.sum()), "total": len(speed), "speed": f"{config.travel.speed_kmh:g}"}
        remedy = N_('Name the column: [roads] speed = "…" in station.toml, or add class_speed_kmh.')
        findings.append(Finding("road-without-speed", "note", message, remedy, Place(file, None, names.speed), values))
    still = (speed <= 0) & (raw.length_m > 0)
    if still.any():
        message = N_("{count} roads, {km} km, have speed 0 and are left out.")
        values = {"count": int(still.sum()), "km": f"{raw.length_m[still].sum() / 1000:.1f}"}
        findings.append(
            Finding("road-speed-zero", "warning", message, N_("Give them a speed if crews use them."), Place(file), values)
        )
    return np.maximum(speed, 0.0), findings


def _number(value: object) -> float:
    try:
        return float(clean(str(value)))
    except ValueError:
        return float("nan")
