"""Calls: the clean table of requests for service, and an account of every row that is not in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from qinwu.findings import Finding

STAMPS = ("received", "dispatched", "acknowledged", "en_route", "arrived", "cleared")
Origin = Literal["resident", "officer", "superior", "local_government", "unknown"]

TIME = pl.Datetime("us", "UTC")
SCHEMA: dict[str, pl.DataType] = {
    "call_id": pl.String(),
    "received": TIME,
    "call_class": pl.String(),
    "priority": pl.Int8(),
    "atom": pl.String(),
    "officers_required": pl.Int8(),
    "origin": pl.String(),
    "dispatched": TIME,
    "acknowledged": TIME,
    "en_route": TIME,
    "arrived": TIME,
    "cleared": TIME,
}
REJECTED: dict[str, pl.DataType] = {"file": pl.String(), "row": pl.UInt32(), "reason": pl.String(), "value": pl.String()}


@dataclass(frozen=True)
class Calls:
    """Clean calls, ordered by received time.

    Parameters
    ----------
    table
        Exactly the columns of ``SCHEMA``: stamps in UTC (missing ones null), ``call_class`` one of the station's classes,
        ``priority`` 1 (most urgent) to 4, ``atom`` one of the area's ids, ``officers_required`` null where the source
        does not say, ``origin`` ``resident``, ``officer`` (self-initiated, kept out of response statistics), ``superior``,
        ``local_government`` or ``unknown``. Duplicates and rows without received, class or place are not in it. Stamps
        are as recorded, even out of order: :func:`parts` and the health checks deal with that. ``atom`` is
        what the source says, or null, where the calls were read without an area.
    rejected
        One row for every source row left out: ``file``, ``row`` (1-based, header counted), ``reason`` (a finding code),
        ``value``.
    rows_read
        Rows in the source files; ``len(table) + len(rejected) == rows_read`` always.
    findings
        What the reader and the health checks saw.
    time_zone
        IANA name of the station's clock.
    sources
        Files read, with their SHA-256.
    """

    table: pl.DataFrame
    rejected: pl.DataFrame
    rows_read: int
    findings: tuple[Finding, ...]
    time_zone: str
    sources: tuple[tuple[Path, str], ...] = ()

    def __len__(self) -> int:
        return len(self.table)

    @classmethod
    def none(cls, time_zone: str) -> Calls:
        """Return no calls at all, on the clock of `time_zone`."""
        return cls(pl.DataFrame(schema=SCHEMA), pl.DataFrame(schema=REJECTED), 0, (), time_zone)


PARTS: dict[str, tuple[str, str]] = {
    "dispatch_s": ("received", "dispatched"),
    "travel_s": ("dispatched", "arrived"),
    "response_s": ("received", "arrived"),
    "on_scene_s": ("arrived", "cleared"),
    "total_s": ("received", "cleared"),
}


def parts(table: pl.DataFrame, *, signed: bool = False) -> pl.DataFrame:
    """Return the elapsed parts of calls in seconds: one column for each of `PARTS`, a row for each call.

    Parameters
    ----------
    table
        Calls with the stamps of ``SCHEMA``.
    signed
        Keep parts that run backwards as negative numbers; otherwise they are null, like parts with a missing end.

    >>> from datetime import datetime, timedelta, UTC
    >>> noon = datetime(2025, 3, 1, 12, tzinfo=UTC)
    >>> stamps = {"received": [noon], "dispatched": [noon + timedelta(seconds=30)], "arrived": [None], "cleared": [None]}
    >>> parts(pl.DataFrame(stamps, schema_overrides={"arrived": TIME, "cleared": TIME}))["dispatch_s"].to_list()
    [30.0]
    """
    elapsed = table.select(seconds(start, end).alias(name) for name, (start, end) in PARTS.items())
    return elapsed if signed else elapsed.select(pl.when(pl.all() >= 0).then(pl.all()))


def seconds(start: str, end: str) -> pl.Expr:
    """Return the seconds from one stamp to another: negative where they run backwards, null where either is missing."""
    return (pl.col(end) - pl.col(start)).dt.total_microseconds().truediv(1e6)
