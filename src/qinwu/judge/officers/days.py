"""Days of a month as hours are counted on them: working days of the official calendar, rest days, public holidays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qinwu.judge.officers.log import days_of
from qinwu.judge.officers.terms import DayKind
from qinwu.station.holidays import HOLIDAY, WORKDAY, Holidays

SATURDAY = 5


def kinds_of_days(months: Sequence[date], holidays: Holidays) -> Mapping[date, DayKind]:
    """Return the kind of every day of some months: weekends that are worked instead are working days.

    >>> kinds = kinds_of_days([date(2025, 10, 1)], Holidays("CN"))
    >>> [kinds[date(2025, 10, day)] for day in (1, 9, 11, 12)]
    ['holiday', 'workday', 'workday', 'rest_day']
    """
    found: dict[date, DayKind] = {}
    for month in months:
        days = days_of(month)
        for day, kind in zip(days, holidays.kinds(days[0], len(days)).tolist(), strict=True):
            weekday = day.weekday() < SATURDAY
            found[day] = "holiday" if kind == HOLIDAY else "workday" if kind == WORKDAY or weekday else "rest_day"
    return found


def is_weekend(day: date) -> bool:
    """Return whether a day is Saturday or Sunday, as rosters count weekends."""
    return day.weekday() >= SATURDAY
