"""Log of duty 勤务日志: who was on duty when, for what and on whose order; each row one stretch of one officer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from qinwu.findings import Finding
from qinwu.language import N_

Kind = Literal["duty", "standby", "overtime", "training", "meeting", "campaign", "secondment", "off_specialty", "leave", "comp"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NAMES: dict[Kind, str] = {
    "duty": N_("regular duty"),
    "standby": N_("standby"),
    "overtime": N_("overtime"),
    "training": N_("training"),
    "meeting": N_("meeting"),
    "campaign": N_("campaign"),
    "secondment": N_("secondment"),
    "off_specialty": N_("work off the specialty"),
    "leave": N_("leave"),
    "comp": N_("time off in lieu"),
}
"""What each kind is called."""
AWAY: tuple[Kind, ...] = ("leave", "comp")
WORK: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind not in AWAY)
SPANS: tuple[Kind, ...] = ("training", "secondment", *AWAY)
"""Kinds that may be written as whole days."""
OPEN: tuple[Kind, ...] = ("secondment", "campaign")
"""Kinds that may be under way, so that their end is not known."""
DAY_H = 24.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log.

    Parameters
    ----------
    officer, kind
        Whose hours, and what they were for.
    start, end
        In UTC, ``start`` before ``end``.
    row
        Row of the file, 0 for hours that no file says.
    ordered_by, reason
        Who ordered it and why, as the file says, cut and without long numbers.
    open
        Whether nobody wrote when it ends; ``end`` is then the end of what is looked at.
    """

    officer: str
    kind: Kind
    start: datetime
    end: datetime
    row: int = 0
    ordered_by: str = ""
    reason: str = ""
    open: bool = False

    @property
    def hours(self) -> float:
        """Hours that pass from start to end."""
        return (self.end - self.start).total_seconds() / 3600.0

    @property
    def whole_days(self) -> bool:
        """Whether it counts days and not hours of the clock: leave, training or a secondment of more than a day."""
        return self.kind in SPANS and (self.hours > DAY_H or self.open)

    @property
    def by_the_clock(self) -> bool:
        """Whether it is work whose hours the clock counts."""
        return self.kind in WORK and not self.whole_days

    def between(self, start: datetime, end: datetime) -> Entry:
        """Return it cut to a span."""
        return replace(self, start=start, end=end)


@dataclass(frozen=True, slots=True)
class DutyLog:
    """A log as read: its rows by officer and time, what is wrong with others, and how messages name it."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()
    source: str = ""


def first_of(month: date) -> date:
    """Return the first day of a month."""
    return month.replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the next month.

    >>> month_after(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_before(month: date, count: int) -> date:
    """Return the first day of the month so many months before.

    >>> months_before(date(2026, 1, 31), 2)
    datetime.date(2025, 11, 1)
    """
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def days_of(month: date) -> tuple[date, ...]:
    """Return the days of a month."""
    first = first_of(month)
    return tuple(first + timedelta(days=number) for number in range((month_after(first) - first).days))


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day on which a moment falls at the station."""
    return moment.astimezone(zone).date()


def midnight(day: date, zone: ZoneInfo, hour: int = 0) -> datetime:
    """Return the moment, in UTC, at which a day of the station begins, or an hour of it."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
