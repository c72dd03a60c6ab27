"""Period ends: counts that sag or swell in the last days before figures are due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import F64, Record
from qinwu.language import N_

MESSAGE = N_("{unit}: {about}: {seen} times as many rows as on other days, over {ends} ends ({n} rows); 1 is expected.")
LAST_DAYS = 3
FEWEST_ENDS = 6
FEWEST_A_DAY = 1.0
EMPTY_DAYS, FULL_DAY = 0.1, 10.0
"""More empty days than this share, where others have so many rows, are days that nobody recorded."""
QUARTERS = (3, 6, 9, 12)
"""Months on whose 20th a quarter of assessment ends where years run from 21 December."""


def _last_of_month(day: date) -> bool:
    return (day + timedelta(days=LAST_DAYS)).month != day.month


def _last_before_21st(day: date) -> bool:
    return day.month in QUARTERS and 20 - LAST_DAYS < day.day <= 20


CALENDARS: dict[str, Callable[[date], bool]] = {"month": _last_of_month, "quarter": _last_before_21st}
ABOUT = {
    ("at", "month"): N_("events in the last three days of the month"),
    ("at", "quarter"): N_("events in the three days before a quarter of assessment ends on the 20th"),
    ("entered", "month"): N_("entries in the last three days of the month"),
    ("entered", "quarter"): N_("entries in the three days before a quarter of assessment ends on the 20th"),
    ("withdrawn", "month"): N_("withdrawals in the last three days of the month"),
    ("withdrawn", "quarter"): N_("withdrawals in the three days before a quarter of assessment ends on the 20th"),
}


def sagging(record: Record) -> Iterator[Look]:
    """Look for fewer or more rows at the ends of periods than on the same weekdays of the rest of the time.

    For each end the logarithm of observed over expected is taken, expected from the means by weekday of all other days; a t test
    asks whether its mean is zero, so that bad and good months count as what they are: differences between ends.
    """
    days = {"at": record.rows.select("unit", day=pl.col("at").dt.date())}
    days["entered"] = record.rows.select("unit", day=pl.col("entered").dt.date())
    days["withdrawn"] = record.rows.filter(pl.col("withdrawn").fill_null(value=False)).select("unit", day=pl.col("at").dt.date())
    empty = _empty(days["at"]["day"].drop_nulls())
    for what, table in days.items():
        table = table.drop_nulls("day")
        if len(table):
            yield from _units(what, table, empty)


def _empty(days: pl.Series) -> frozenset[date]:
    """Return the days that were never recorded: those without a row, where they are many and other days have many rows."""
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return frozenset()
    every = set(pl.date_range(first, last, eager=True).to_list())
    there = set(days.unique().to_list())
    many = len(every - there) > EMPTY_DAYS * len(every) and len(days) >= FULL_DAY * len(there)
    return frozenset(every - there) if many else frozenset()


def _units(what: str, table: pl.DataFrame, empty: frozenset[date]) -> Iterator[Look]:
    first, last = table["day"].min(), table["day"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    every = pl.date_range(first, last, eager=True)
    groups = [("", table)]
    if table["unit"].n_unique() > 1:
        groups += [(str(unit), group) for (unit,), group in table.sort("unit").group_by("unit", maintain_order=True) if unit]
    weekday = np.array([day.weekday() for day in every])
    recorded = np.array([day not in empty for day in every])
    calendars = {calendar: _ends(every.to_list(), recorded, holds) for calendar, holds in CALENDARS.items()}
    for unit, group in groups:
        if len(group) >= FEWEST_A_DAY * len(every):
            at = (group["day"].to_numpy() - np.datetime64(first)).astype(int)
            counts = np.bincount(at, minlength=len(every)).astype(float)
            for calendar, ends in calendars.items():
                if ends.max(initial=0) >= FEWEST_ENDS:
                    yield _look(unit, what, calendar, counts, weekday, ends)


def _ends(days: list[date], recorded: np.ndarray, holds: Callable[[date], bool]) -> np.ndarray:
    """Return for each day the number of the end it belongs to, 0 for none; ends that the record cuts are none."""
    ends, number = np.zeros(len(days), dtype=np.int64), 0
    run: list[int] = []
    for at, day in enumerate(days):
        if holds(day):
            run.append(at)
        if (not holds(day) or at == len(days) - 1) and run:
            if len(run) >= LAST_DAYS and recorded[run].all():
                number += 1
                ends[run] = number
            run = []
    return ends


def _look(unit: str, what: str, calendar: str, counts: F64, weekday: np.ndarray, ends: np.ndarray) -> Look:
    from scipy.stats import t

    usual = np.array([counts[(weekday == day) & (ends == 0)].mean() for day in range(7)])[weekday]
    # A year that grows or falls is no end of a period: the level of the four weeks around is what the days are held against.
    window = np.ones(29)
    level = np.convolve(counts * (ends == 0), window, "same") / np.maximum(np.convolve(usual * (ends == 0), window, "same"), 1e-9)
    logs = np.array(
        [
            np.log((counts[ends == end].sum() + 0.5) / ((usual * level)[ends == end].sum() + 0.5))
            for end in range(1, int(ends.max()) + 1)
        ]
    )
    mean, error = float(logs.mean()), float(logs.std(ddof=1) / np.sqrt(len(logs)))
    chance = float(2.0 * t.sf(abs(mean) / max(error, 1e-9), len(logs) - 1))
    large = abs(mean) >= np.log(1.2)
    seen = float(np.exp(mean))
    values = {"ends": len(logs)}
    about = ABOUT[what, calendar]
    return Look("period_ends", unit, about, "", int(counts[ends > 0].sum()), seen, 1.0, chance, large, MESSAGE, "number", values)
