"""Sums: totals that were reported beside the rows, and beside the parts, they must agree with."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record
from qinwu.language import N_

ABOUT = N_("cases")
ROWS = N_("{unit}, {period}: {seen} reported, {expected} rows there.")
PARTS = N_("{unit}, {period}: {seen} reported for the whole, its parts add up to {expected}.")
TOTAL_WORDS = ("合计", "总计", "小计", "全市", "全县", "全区", "全所", "total", "all", "sum")
"""Units that are the sum of the others of their period."""
LEAST, SHARE = 3, 0.02
"""Differences up to three cases or 2 % are due to the hour at which somebody counted."""


def against_rows(record: Record) -> Iterator[Look]:
    """Look for reported totals that the rows of the same unit and month do not add up to."""
    told = record.totals.filter(pl.col("reported").is_not_null() & pl.col("period").is_not_null())
    if not len(told) or not record.has("at"):
        return
    months = record.rows.with_columns(period=pl.col("at").dt.strftime("%Y-%m"))
    days = months.with_columns(period=pl.col("at").dt.strftime("%Y-%m-%d"))
    years = months.with_columns(period=pl.col("at").dt.strftime("%Y"))
    counted = pl.concat([each.group_by("unit", "period").len("rows") for each in (months, days, years)])
    whole = counted.group_by("period").agg(pl.col("rows").sum()).with_columns(unit=pl.lit("")).select("unit", "period", "rows")
    known = set(record.rows["unit"].unique().to_list())
    keyed = told.with_columns(key=pl.when(pl.col("unit").is_in(list(known))).then("unit").otherwise(pl.lit("")))
    keyed = keyed.filter(pl.col("unit").is_in([*known, *TOTAL_WORDS, ""]))
    joined = keyed.join(pl.concat([counted, whole]), left_on=["key", "period"], right_on=["unit", "period"], how="left")
    for unit, period, reported, rows in joined.sort("unit", "period").select("unit", "period", "reported", "rows").iter_rows():
        yield _look(unit, period, reported, rows or 0, ROWS)


def against_parts(record: Record) -> Iterator[Look]:
    """Look for totals of a whole that differ from the sum of its parts."""
    is_whole = pl.col("unit").str.to_lowercase().is_in(TOTAL_WORDS)
    for column in ("n", "hits", "reported"):
        table = record.totals.filter(pl.col(column).is_not_null()).with_columns(
            pl.col("period", "about").fill_null(""), whole=is_whole
        )
        sums = table.group_by("period", "about").agg(
            pl.col(column).filter(pl.col("whole")).first().alias("told"),
            pl.col(column).filter(~pl.col("whole")).sum().alias("parts"),
            (~pl.col("whole")).sum().alias("count"),
        )
        for period, _about, told, parts, count in sums.sort("period", "about").iter_rows():
            if told is not None and count >= 2:
                yield _look("", period, told, parts, PARTS)


def _look(unit: str, period: str, told: int, there: int, message: str) -> Look:
    large = abs(told - there) > max(LEAST, SHARE * max(told, there))
    return Look("sums", unit, ABOUT, period, int(there), float(told), float(there), float("nan"), large, message, "number")


def both(record: Record) -> Iterator[Look]:
    """Look at totals against rows, then against parts."""
    yield from against_rows(record)
    yield from against_parts(record)
