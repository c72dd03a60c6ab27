"""Moments: when something happened, as files write it - two stamps, one, or date and time of day apart - on the wall clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from qinwu.findings import Finding, Place
from qinwu.forecast.leads.aoristic import DAY_S
from qinwu.forecast.leads.cases import F64
from qinwu.language import N_
from qinwu.station.clocks import Clock, plain_text, read_stamps

ZONE = "Asia/Shanghai"
"""Clock on which texts without an offset are read and shown again; nothing else depends on it."""
MONDAY_S = 4 * DAY_S
"""1970-01-05 00:00 in seconds from 1970-01-01."""
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Moments:
    """When each row happened: seconds from Monday 1970-01-05, nan where it cannot be read; and what is wrong with rows."""

    start_s: F64
    end_s: F64
    findings: tuple[Finding, ...]


def read_moments(table: pl.DataFrame, columns: Mapping[str, str], rows: Sequence[int], file: str) -> Moments:
    """Return from when to when each row happened.

    Parameters
    ----------
    table, columns
        The file, and which of its headers holds what (``start``, ``end``, ``moment``, or dates and times of them).
    rows
        Number of each row.
    file
        How findings name it.

    Notes
    -----
    An end of day written 24:00 is the next midnight. An interval that ends up to a day before it begins lost its date: it ends on
    the next day. One that ends earlier still is read as its beginning alone.
    """
    start, bad_start = _seconds(_column(table, columns, "start"))
    end, bad_end = _seconds(_column(table, columns, "end"))
    moment, bad = _seconds(table[columns["moment"]] if "moment" in columns else None)
    start = np.where(np.isnan(start), moment, start)
    unread = np.isnan(start)
    findings = [*_unread(unread & (bad_start | bad), rows, file), *_missing(unread & ~(bad_start | bad), rows, file)]
    findings += _unread_ends(bad_end, rows, file)
    end = np.where(np.isnan(end), start, end)
    early = end < start
    next_day = early & (end + DAY_S >= start)
    findings += _early(early, rows, file)
    end = np.where(early, np.where(next_day, end + DAY_S, start), end)
    return Moments(start, end, tuple(findings))


def _column(table: pl.DataFrame, columns: Mapping[str, str], which: str) -> pl.Series | None:
    """Return the stamps of a column, or of a date and a time of day apart."""
    if which in columns:
        return table[columns[which]]
    if f"{which}_date" not in columns:
        return None
    date = plain_text(table[columns[f"{which}_date"]]).str.extract(r"^(\S+)")
    if f"{which}_time" not in columns:
        return date + " 00:00"
    time = plain_text(table[columns[f"{which}_time"]]).str.extract(r"(?:^\S*[-/年]\S* )?(.+)$")
    clock = time.str.replace(r"^(\d{1,2})(\d\d)$", "${1}:${2}")
    return date + " " + clock


def _seconds(column: pl.Series | None) -> tuple[F64, np.ndarray]:
    """Return seconds on the wall clock, and where there is something that is no time."""
    if column is None:
        return np.full(1, np.nan), np.zeros(1, dtype=bool)
    midnight = pl.repeat(value=False, n=len(column), eager=True)
    if column.dtype == pl.String:
        column = plain_text(column)
        pattern = r"[ T日]24[:时]00?(?:[:分]00?)?[分秒]?$"
        midnight = column.str.contains(pattern).fill_null(value=False)
        column = column.str.replace(pattern, " 00:00")
    read = read_stamps(column.cast(NAIVE) if column.dtype == pl.Date else column, Clock(ZONE))
    local = read.utc.dt.convert_time_zone(ZONE).dt.replace_time_zone(None).dt.epoch("us").cast(pl.Float64) / 1e6
    seconds = local.to_numpy() - MONDAY_S + np.where(midnight.to_numpy(), DAY_S, 0.0)
    return seconds, (read.unreadable | read.skipped).to_numpy()


NAIVE = pl.Datetime("us")


def listed_rows(rows: Sequence[int]) -> str:
    """Return the first row numbers, and a mark where there are more."""
    return ", ".join(map(str, rows[:SHOWN])) + (" …" if len(rows) > SHOWN else "")


def rows_finding(code: str, message: str, remedy: str, mask: np.ndarray, rows: Sequence[int], file: str) -> Iterator[Finding]:
    """Yield one finding for the rows in `mask`, nothing where there are none."""
    hit = [row for row, there in zip(rows, mask, strict=True) if there]
    if hit:
        yield Finding(code, "warning", message, remedy, Place(file, hit[0]), {"count": len(hit), "rows": listed_rows(hit)})


def _unread(mask: np.ndarray, rows: Sequence[int], file: str) -> Iterator[Finding]:
    message = N_("{count} rows have a time that cannot be read; left out: {rows}.")
    yield from rows_finding(
        "unreadable-time", message, N_("Write times as 2025-03-01 08:05."), np.broadcast_to(mask, len(rows)), rows, file
    )


def _missing(mask: np.ndarray, rows: Sequence[int], file: str) -> Iterator[Finding]:
    message = N_("{count} rows have no time; left out: {rows}.")
    yield from rows_finding("missing-time", message, N_("Fill it in."), np.broadcast_to(mask, len(rows)), rows, file)


def _unread_ends(mask: np.ndarray, rows: Sequence[int], file: str) -> Iterator[Finding]:
    message = N_("{count} rows have an end that cannot be read; their beginning stands alone: {rows}.")
    yield from rows_finding(
        "unreadable-end", message, N_("Write times as 2025-03-01 08:05."), np.broadcast_to(mask, len(rows)), rows, file
    )


def _early(mask: np.ndarray, rows: Sequence[int], file: str) -> Iterator[Finding]:
    message = N_(
        "{count} rows end before they begin; up to a day is read as ending on the next day, more as the beginning alone: {rows}."
    )
    yield from rows_finding("ends-early", message, N_("Correct the dates."), np.broadcast_to(mask, len(rows)), rows, file)
