"""Public data as panels: St. Louis by neighbourhood and district, Portland and San Antonio by district, Buenos Aires by block."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from qinwu.judge.evaluate.breaks import find_breaks
from qinwu.judge.evaluate.panel import F64, Panel

DATA = Path(__file__).parents[2].parent / "shared" / "data"
ST_LOUIS = DATA / "stlouis_crime_2008_2015.parquet"
BUENOS_AIRES = DATA / "ditella_buenosaires_monthly_panel.parquet"
PORTLAND = DATA / "portland_burglary_vehicle_theft_2012_2017feb.parquet"
SAN_ANTONIO = DATA / "san_antonio_calls_2022_2025_partial.parquet"
PORTLAND_DISTRICTS = DATA / "portland_police_districts.geojson"
PARKS = 80
"""Neighbourhoods of St. Louis from this number on are parks and cemeteries."""
YEAR_2008, APRIL_1994, APRIL_2012, JANUARY_2017 = 2008 * 12, 1994 * 12 + 3, 2012 * 12 + 3, 2017 * 12


def panel_of(table: pl.DataFrame, first: int) -> Panel:
    """Return the panel of a table of unit, month (12 × year + month - 1) and count; months without a row had none."""
    wide = table.group_by("unit", "month").agg(pl.col("count").sum())
    units = sorted(wide["unit"].unique().to_list())
    counts = np.zeros((len(units), int(wide["month"].max()) - first + 1))  # type: ignore[arg-type]
    where = {unit: at for at, unit in enumerate(units)}
    for unit, month, count in wide.iter_rows():
        counts[where[unit], month - first] += count
    return Panel(tuple(map(str, units)), first, 1, counts, None, np.ones(counts.shape, dtype=bool), True)


def st_louis(unit: Literal["nhood", "district"], *, part_1: bool = False, parks: bool = False) -> Panel:
    """Return recorded crime of St. Louis, 2008–2015, withdrawn records (-1) taken back."""
    table = pl.read_parquet(ST_LOUIS)
    month = pl.col("coded_month").dt.year().cast(pl.Int64) * 12 + pl.col("coded_month").dt.month().cast(pl.Int64) - 1
    kept = pl.col(unit) > 0
    if unit == "nhood" and not parks:
        kept &= pl.col(unit) < PARKS
    if part_1:
        kept &= (pl.col("crime") // 10_000).is_between(1, 8)
    table = table.filter(kept).select(pl.col(unit).alias("unit"), month.alias("month"), pl.col("count").cast(pl.Int64))
    return panel_of(table, YEAR_2008)


def portland() -> Panel:
    """Return burglaries and vehicle thefts of Portland by police district, whole months only."""
    import json

    from pyproj import Transformer
    from shapely import STRtree, points
    from shapely.geometry import shape

    table = pl.read_parquet(PORTLAND)
    features = json.loads(PORTLAND_DISTRICTS.read_text("utf-8"))["features"]
    x, y = Transformer.from_crs(2913, 4326, always_xy=True).transform(table["x_ft"].to_numpy(), table["y_ft"].to_numpy())
    tree = STRtree([shape(each["geometry"]) for each in features])
    place, district = tree.query(points(np.column_stack([x, y])), predicate="within")
    dates = table["occ_date"]
    month = (dates.dt.year().cast(pl.Int64) * 12 + dates.dt.month().cast(pl.Int64) - 1).to_numpy()
    found = pl.DataFrame({"unit": district, "month": month[place], "count": np.ones(place.size, dtype=np.int64)})
    return panel_of(found.filter(pl.col("month").is_between(APRIL_2012, JANUARY_2017)), APRIL_2012)


def san_antonio() -> Panel:
    """Return calls of San Antonio by patrol district; the months that were recorded, one after the other as if none were missing.

    Each holds about its first five days, the same for all districts. Districts with fewer than a hundred calls in all are left out.
    """
    table = pl.read_parquet(SAN_ANTONIO).with_columns(pl.col("district").cast(pl.String))
    months = table["received"].dt.strftime("%Y-%m").unique().sort().to_list()
    place = {month: at for at, month in enumerate(months)}
    table = table.filter(pl.col("district").str.contains(r"^\d+$"), pl.len().over("district") >= 100)
    found = table.select(
        pl.col("district").alias("unit"),
        pl.col("received").dt.strftime("%Y-%m").replace_strict(place).alias("month"),
        pl.lit(1).alias("count"),
    )
    return panel_of(found, 0)


def unbroken(panel: Panel) -> Panel:
    """Return the units of a panel that no break names: those whose boundaries stayed the same."""
    named = {unit for each in find_breaks(panel) for unit in (*each.gone, *each.new)}
    kept = np.array([unit not in named for unit in panel.units])
    units = tuple(unit for unit in panel.units if unit not in named)
    return Panel(units, panel.first, panel.step, panel.counts[kept], None, panel.present[kept], panel.events)


def buenos_aires() -> tuple[Panel, tuple[str, ...], tuple[str, ...]]:
    """Return car thefts by block and month, April to December 1994, blocks with a guard, and blocks one or two away.

    Months 72 and 73 are the halves of July, which is there as a whole.
    """
    table = pl.read_parquet(BUENOS_AIRES).with_columns(pl.col("mes").cast(pl.Int64), pl.col("observ").cast(pl.Int64))
    whole = table.filter(pl.col("mes") < 72).sort("observ", "mes")
    units = whole["observ"].unique(maintain_order=True).to_list()
    counts: F64 = whole["totrob"].cast(pl.Float64).to_numpy().reshape(len(units), -1)
    blocks = whole.unique("observ", maintain_order=True)
    treated, near = (
        (blocks.filter(kept))["observ"].to_list() for kept in (pl.col("same") == 1, (pl.col("one") == 1) | (pl.col("two") == 1))
    )
    panel = Panel(tuple(map(str, units)), APRIL_1994, 1, counts, None, np.ones(counts.shape, dtype=bool), False)
    return panel, tuple(map(str, treated)), tuple(map(str, near))
