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


@dataclass(frozen=True)
class Calls:
    """Clean calls, ordered by received time.

    Parameters
    ----------
    table
        Exactly the columns of ``SCHEMA``: stamps in UTC (missing ones null), ``call_class`` one of the station's classes,
        ``priority`` 1 (most urgent) to 4, ``atom`` one of the area's ids, ``officers_required`` null where the source
        does not say, ``origin`` ``resident``, ``officer`` (self-initiated, kept out of response statistics), ``superior``,
        ``local_government`` or ``unknown``. Duplicates and rows without received, class or place are not in it.
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
