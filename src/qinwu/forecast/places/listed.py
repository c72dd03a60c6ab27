"""Listed: the list of hot places as a table that planners read, valid from a day to a day and refused after it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from qinwu.findings import Finding, Place, QinwuError
from qinwu.forecast.places.ground import Ground
from qinwu.language import N_
from qinwu.station.guards import forbidden_columns

SCHEMA: dict[str, pl.DataType] = {
    "place": pl.String(),
    "atom": pl.String(),
    "part_of_day": pl.Int8(),
    "expected": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "share": pl.Float64(),
    "explore": pl.Boolean(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
}
"""Columns of the list.

``part_of_day`` 0 to 3 counts six hours each from midnight and is null for the whole day; a place has either one row or four.
``expected``, ``low``, ``high`` count events in the days of the list (90 % interval), null where fewer than five events are known.
``share`` is the share of patrol, over all rows 1. ``explore`` marks places drawn by lot. ``valid_to`` is the last day.
"""


def write_hot_places(table: pl.DataFrame, path: Path, ground: Ground | None = None, crs: str | None = None) -> None:
    """Write the list as CSV, or as GeoJSON with the outlines of the places.

    Parameters
    ----------
    table
        With the columns of ``SCHEMA``.
    path
        Ends in .csv or .geojson; written whole or not at all.
    ground
        The places, for GeoJSON.
    crs
        Projection of the ground; atoms of a station are in degrees already, and so is a ground of None.
    """
    if path.suffix.lower() not in (".csv", ".geojson") or (path.suffix.lower() == ".geojson" and ground is None):
        message = N_("{value} cannot hold a list of places.")
        remedy = N_("Name a file that ends in .csv, or in .geojson where outlines are known.")
        raise QinwuError([Finding("bad-file", "error", message, remedy, Place(path.name), {"value": path.name})])
    if ground is None or path.suffix.lower() == ".csv":
        text = table.select(list(SCHEMA)).write_csv(float_precision=4)
    else:
        text = json.dumps(_features(table, ground, crs), ensure_ascii=False)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _features(table: pl.DataFrame, ground: Ground, crs: str | None) -> dict[str, object]:
    import shapely
    from pyproj import Transformer

    at = {name: number for number, name in enumerate(ground.ids)}
    shapes = [ground.shapes[at[name]] for name in table["place"].to_list()]
    if crs is not None and ground.kind != "atoms":
        turn = Transformer.from_crs(crs, 4326, always_xy=True)
        shapes = [shapely.transform(one, lambda x, y: turn.transform(x, y), interleaved=False) for one in shapes]
    rows = table.select(list(SCHEMA)).with_columns(pl.col(pl.Date).cast(pl.String)).to_dicts()
    features = [
        {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
        for row, shape in zip(rows, shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def read_hot_places(path: Path, on: date) -> pl.DataFrame:
    """Return a list of hot places that is valid on a day.

    Parameters
    ----------
    path
        A CSV file as :func:`write_hot_places` makes it.
    on
        The day on which it is used.

    Raises
    ------
    QinwuError
        The file is missing, has other columns or columns about people, or is not valid on that day: places of last month say
        where patrol was, not where it is needed.
    """
    try:
        names = pl.read_csv(path, n_rows=0).columns
        wrong = [_as_error(one) for one in forbidden_columns(names, path.name, "other")]
        missing = [name for name in SCHEMA if name not in names]
        if missing:
            message, remedy = N_("The list has no column {missing}."), N_("Make it with qinwu forecast.")
            wrong.append(Finding("no-column", "error", message, remedy, Place(path.name), {"missing": ", ".join(missing)}))
        if wrong:
            raise QinwuError(wrong)
        table = pl.read_csv(path, schema_overrides=SCHEMA).select(list(SCHEMA))
    except (OSError, pl.exceptions.PolarsError) as error:
        message, remedy = N_("The list of places cannot be read: {reason}."), N_("Make it with qinwu forecast.")
        values = {"reason": str(error).splitlines()[0]}
        raise QinwuError([Finding("unreadable", "error", message, remedy, Place(path.name), values)]) from error
    refuse_expired(table, on, path.name)
    return table


def refuse_expired(table: pl.DataFrame, on: date, file: str = "") -> None:
    """Raise where a list is not valid on a day.

    Raises
    ------
    QinwuError
        The day lies outside the days of any row, or the list is empty.
    """
    late = table.filter((pl.col("valid_to") < on) | (pl.col("valid_from") > on) | pl.col("valid_to").is_null())
    if len(late) or table.is_empty():
        first, last = (table["valid_from"].min(), table["valid_to"].max()) if len(table) else ("–", "–")
        message = N_("The list of hot places is valid from {first} to {last}, not on {on}.")
        remedy = N_("Hot places expire. Make a new list from the newest calls: qinwu forecast STATION")
        values = {"first": first, "last": last, "on": on}
        raise QinwuError([Finding("list-expired", "error", message, remedy, Place(file), values)])


def _as_error(finding: Finding) -> Finding:
    return Finding(finding.code, "error", finding.message, finding.remedy, finding.place, finding.values)


def table_of(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    """Return rows as a list."""
    return pl.DataFrame(rows, schema=SCHEMA)
