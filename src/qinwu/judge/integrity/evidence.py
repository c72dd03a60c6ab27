"""Evidence: the rows of a record that one comparison rests on, so that they can be looked at before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record
from qinwu.judge.integrity.screens import entries, ratios, stamps

RATIOS = (
    ratios.WITHDRAWN,
    ratios.DOWNGRADED,
    ratios.UNFILED,
    ratios.FILED,
    ratios.WITHIN,
    ratios.MISSING,
    ratios.CHANGED_AFTER,
    ratios.STAMPED_LATE,
)
EVENTS: dict[str, pl.Expr] = {
    **{each.screen: each.event for each in RATIOS},
    **{f"{each.screen}_change": each.event for each in RATIOS},
    "missing_when_late": pl.col("arrived").is_null(),
    "late_entry": entries.ENTERED_LATE,
    "backdated": entries.ENTERED_EARLY,
    "too_good": ratios.WITHIN.event,
    "bunching_times": ratios.WITHIN.event,
    "bunching_amounts": pl.col("amount") < pl.col("threshold"),
}
"""What a row has that a screen counts."""
NEAREST: dict[str, pl.Expr] = {
    "too_good": pl.col("limit_s") - pl.col("response_s"),
    "bunching_times": pl.col("limit_s") - pl.col("response_s"),
    "bunching_amounts": pl.col("threshold") - pl.col("amount"),
    "missing_when_late": -pl.col("total_s"),
    "stamped_late": -pl.col("stamp_delay_s"),
}
"""By what rows are ordered where time says little: those nearest to the limit first, the longest first."""
PAIR = ("response_s", "on_scene_s")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows behind a comparison: the first of them, how many there are, and whether they are those the screen counted.

    Where `counted` is false the screen compares whole distributions, and the rows are all of the unit and time.
    """

    rows: pl.DataFrame
    count: int
    counted: bool


def evidence(record: Record, look: Look, most: int = 40) -> Evidence:
    """Return the rows that a comparison rests on.

    Parameters
    ----------
    record
        What was screened.
    look
        A comparison that a screen made on it.
    most
        Rows returned, >= 1.
    """
    rows = record.rows.filter(pl.col("unit") == look.unit) if look.unit else record.rows
    if look.screen.endswith("_change") and look.period:
        rows = rows.filter(pl.col("at") >= pl.lit(look.period).str.to_datetime("%Y-%m-%d"))
    found, counted = _counted(record, rows, look.screen)
    order = NEAREST.get(look.screen, pl.col("at"))
    return Evidence(found.sort(order, nulls_last=True).head(most), len(found), counted)


def _counted(record: Record, rows: pl.DataFrame, screen: str) -> tuple[pl.DataFrame, bool]:
    """Return the rows that a screen counts, or all where it counts none in particular."""
    if screen == "batches":
        return entries.in_batches(rows), True
    if screen == "repeats":
        whole = rows.drop_nulls(PAIR).with_columns(pl.col(name).round(0).alias(f"_{name}") for name in PAIR)
        again = whole.filter(pl.struct(f"_{name}" for name in PAIR).is_duplicated())
        return again.drop(f"_{name}" for name in PAIR), True
    if screen == "disorder" and (back := stamps.backwards(record)) is not None:
        return rows.filter(back), True
    if screen in EVENTS:
        return rows.filter(EVENTS[screen]), True
    return rows, False
