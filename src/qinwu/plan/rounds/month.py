"""The month that is planned, and where it lies in the duty cycle; clock times are those on the wall."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qinwu.duty.calendar import CYCLE_START, DAY_S
from qinwu.duty.compile import last_day
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.calls import Calls

_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Month:
    """Days that are planned: the first, and how many (1 to 366). ``cycle_start`` is the Monday on which duty cycles begin."""

    first: date
    days: int
    cycle_start: date = CYCLE_START

    @property
    def after(self) -> date:
        """The first day no longer planned."""
        return self.first + timedelta(days=self.days)

    @property
    def weeks(self) -> float:
        """How many weeks it has."""
        return self.days / 7.0

    def date_of(self, day: int) -> date:
        """Return the date of a day, 0 being the first."""
        return self.first + timedelta(days=day)

    def time(self, day: int, seconds: float) -> datetime:
        """Return the clock time `seconds` after 00:00 of a day; more than a day's seconds is the next day."""
        return datetime.combine(self.date_of(day), datetime.min.time()) + timedelta(seconds=round(seconds))

    def into_cycle_s(self) -> float:
        """Return how many seconds after the beginning of a duty cycle the month begins; negative where it begins before."""
        return (self.first - self.cycle_start).days * DAY_S


def month_of(text: str) -> Month:
    """Return the month written as ``2026-12``.

    >>> month_of("2026-2").days
    28

    Raises
    ------
    QinwuError
        It is no month.
    """
    found = _MONTH.fullmatch(text.strip())
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        message, remedy = N_("{value} is not a month."), N_("Write it as 2026-12.")
        raise QinwuError([Finding("bad-month", "error", message, remedy, Place(), {"value": text})])
    year, month = int(found[1]), int(found[2])
    return Month(date(year, month, 1), monthrange(year, month)[1])


def month_after(calls: Calls) -> Month:
    """Return the month after that of the last call."""
    last = last_day(calls)
    following = (last.replace(day=1) + timedelta(days=31)).replace(day=1)
    return Month(following, monthrange(following.year, following.month)[1])
