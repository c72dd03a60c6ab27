"""Small hourly series whose answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from qinwu.forecast.hours.basis import F64
from qinwu.forecast.hours.series import HourlySeries, series_of
from qinwu.station.calls import SCHEMA, Calls

MONDAY = date(2024, 1, 1)
ZONE = "Asia/Shanghai"


def smooth_week(level: float = 8.0, weekly: float = 0.1) -> F64:
    """Return 168 calls an hour of a week made of one wave of the day and one of the week, `weekly` high."""
    hour = np.arange(168)
    wave: F64 = level * np.exp(0.6 * np.sin(2 * np.pi * (hour - 9) / 24) + weekly * np.cos(2 * np.pi * hour / 168))
    return wave


def repeated(week: F64, weeks: int, first: date = MONDAY) -> HourlySeries:
    """Return a series that is the same every week."""
    return series_of(np.tile(week, weeks), first)


def poisson(rates: F64, seed: int, first: date = MONDAY) -> HourlySeries:
    """Return counts drawn around hourly rates."""
    return series_of(np.random.default_rng(seed).poisson(rates).astype(np.float64), first)


def calls_at(moments: Sequence[datetime], origins: Sequence[str] = (), atoms: Sequence[str] = (), zone: str = ZONE) -> Calls:
    """Return clean calls received at local times, of residents in atom ``a1`` where nothing else is said."""
    count = len(moments)
    stamps = [moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for moment in moments]
    columns = {
        "call_id": [f"c{number}" for number in range(count)],
        "received": stamps,
        "origin": list(origins) or ["resident"] * count,
        "atom": list(atoms) or ["a1"] * count,
    }
    table = pl.DataFrame({name: columns.get(name, [None] * count) for name in SCHEMA}, schema=SCHEMA).sort("received")
    rejected = pl.DataFrame(schema={"file": pl.String(), "row": pl.UInt32(), "reason": pl.String(), "value": pl.String()})
    return Calls(table, rejected, count, (), zone)


def moments_of(counts: F64, first: date = MONDAY) -> list[datetime]:
    """Return local times of calls, spread over their hours, for counts by hour."""
    start = datetime.combine(first, datetime.min.time())
    return [
        start + timedelta(hours=int(hour), minutes=(60 * number) // int(count))
        for hour, count in enumerate(counts)
        for number in range(int(count))
    ]
