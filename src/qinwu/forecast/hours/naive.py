"""Naive methods that a forecast must beat: the mean of the last eight weeks at the same hour of the week, and the last week."""

from __future__ import annotations

import numpy as np

from qinwu.forecast.hours.basis import F64, WEEK_D
from qinwu.forecast.hours.series import HourlySeries

EIGHT = 8


def same_hour(series: HourlySeries, weeks: int, days: int) -> F64:
    """Return the mean of the last so many observed times of the same hour of the week, for the days after the record.

    Weekdays are those of the calendar: naive methods know of no holidays.

    Parameters
    ----------
    series
        What teaches.
    weeks
        How many times at most; 1 for the same hour last week.
    days
        Days to foretell.

    Returns
    -------
    (S, days, 24) calls an hour; nan for hours of the week never observed.
    """
    found = np.full((len(series.names), WEEK_D, series.hours.shape[1]), np.nan)
    for place in range(WEEK_D):
        # The same weekday, latest first.
        past = np.arange(series.days - WEEK_D + place, -1, -WEEK_D)
        hours = series.hours[past]
        taken = (hours > 0.0) & (np.cumsum(hours > 0.0, axis=0) <= weeks)
        calls = (series.counts[:, past] * taken).sum(axis=1)
        seen = (hours * taken).sum(axis=0)
        found[:, place] = np.divide(calls, seen, out=np.full_like(calls, np.nan), where=seen > 0.0)
    return found[:, np.arange(days) % WEEK_D]


def eight_weeks(series: HourlySeries, days: int) -> F64:
    """Return the mean of the last eight weeks at the same hour of the week."""
    return same_hour(series, EIGHT, days)


def last_week(series: HourlySeries, days: int) -> F64:
    """Return the same hour of the last week."""
    return same_hour(series, 1, days)
