"""Redrawn: units or classes whose counts jump against each other all at once, as boundaries do and crime does not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from qinwu.judge.evaluate.breaks import find_breaks
from qinwu.judge.evaluate.panel import YEAR, Panel
from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record
from qinwu.language import N_

UNITS, CLASSES = N_("units"), N_("classes")
MESSAGE = N_(
    "From {period} on {seen} of all rows are in other {about} than before (gone: {gone}; new: {new}); the whole changes by {total}."
)
MOST_UNITS, FEWEST_MONTHS = 400, 6


def boundaries(record: Record) -> Iterator[Look]:
    """Look for the month from which units have other boundaries."""
    yield from _breaks(record, "unit", UNITS, "boundaries")


def definitions(record: Record) -> Iterator[Look]:
    """Look for the month from which classes mean something else."""
    yield from _breaks(record, "class_now", CLASSES, "definitions")


def _breaks(record: Record, column: str, about: str, screen: str) -> Iterator[Look]:
    rows = record.rows.select(column, "at").drop_nulls().filter(pl.col(column) != "")
    panel = _panel(rows, column) if len(rows) else None
    if panel is None:
        return
    found = find_breaks(panel)
    for each in found:
        values = {
            "gone": ", ".join(each.gone[:5]) or "–",
            "new": ", ".join(each.new[:5]) or "–",
            "total": f"{each.total:+.0%}".replace("-", "−"),
        }
        seen = float(np.nan_to_num(each.moved))
        yield Look(
            screen, "", about, panel.label(each.at), len(rows), seen, 0.0, float("nan"), seen >= 0.02, MESSAGE, "share", values
        )
    if not found:
        yield Look(
            screen,
            "",
            about,
            "",
            len(rows),
            0.0,
            0.0,
            float("nan"),
            False,
            MESSAGE,
            "share",
            {"gone": "–", "new": "–", "total": "–"},
        )


def _panel(rows: pl.DataFrame, column: str) -> Panel | None:
    """Return counts by month, whole months only; None for too few months or too many units."""
    month = pl.col("at").dt.year().cast(pl.Int64) * YEAR + pl.col("at").dt.month().cast(pl.Int64) - 1
    table = rows.with_columns(month=month)
    first, last = int(table["month"].min()), int(table["month"].max())  # type: ignore[arg-type]
    # Months that the record begins or ends in the middle of are no whole months.
    begin, end = rows["at"].min(), rows["at"].max()
    first += int(begin.day > 1)  # type: ignore[union-attr]
    last -= int(end.day < 28)  # type: ignore[union-attr]
    units = sorted(rows[column].unique().to_list())
    if last - first + 1 < FEWEST_MONTHS or not 2 <= len(units) <= MOST_UNITS:
        return None
    where = {unit: at for at, unit in enumerate(units)}
    counts = np.zeros((len(units), last - first + 1))
    for unit, at, count in table.filter(pl.col("month").is_between(first, last)).group_by(column, "month").len().iter_rows():
        counts[where[unit], at - first] = count
    return Panel(tuple(units), first, 1, counts, None, np.ones(counts.shape, dtype=bool), True)
