"""The line at a service point: how long people waited today, and how long they would with one counter more or fewer (M18).

What was is counted; what would be is the closed form M/M/c of :mod:`qinwu.queueing.erlang` at the arrivals of each hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from qinwu.queueing.erlang import wait_mean, wait_within
from qinwu.simulate.measures.value import mean, quantiles

HOUR_MIN = 60.0
PROMISED_MIN = 10.0
"""Within how many minutes people should be called: an assumption, as in the plan of service points."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One number: when it was drawn, called and done, on the station's clock; None for what did not happen."""

    drawn: datetime
    served: datetime | None = None
    done: datetime | None = None
    left: datetime | None = None

    @property
    def wait_min(self) -> float | None:
        """Minutes from drawing to being called; None where it was not."""
        return None if self.served is None else (self.served - self.drawn).total_seconds() / 60.0

    @property
    def service_min(self) -> float | None:
        """Minutes at the counter; None where it has not ended there."""
        return None if self.served is None or self.done is None else (self.done - self.served).total_seconds() / 60.0


@dataclass(frozen=True, slots=True)
class Waited:
    """How long people waited.

    Parameters
    ----------
    served
        How many were called.
    median_min, p90_min
        Minutes until they were; nan where nobody was.
    left
        How many went away before.
    waiting
        How many wait at the time looked at.
    longest_min
        How long the first of them has waited; 0 where nobody does.
    """

    served: int
    median_min: float
    p90_min: float
    left: int
    waiting: int
    longest_min: float


@dataclass(frozen=True, slots=True)
class Staffed:
    """What so many counters would mean: mean minutes of waiting, share called in time, share of the time busy.

    ``wait_min`` and ``in_time`` are None where the line would grow without end.
    """

    counters: int
    wait_min: float | None
    in_time: float | None
    busy: float


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day: numbers drawn in an average hour of it, counters kept busy by them, and what counters would mean."""

    hour: int
    visits_h: float
    load: float
    staffed: tuple[Staffed, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a service point over some days.

    Parameters
    ----------
    days
        Days that were looked at.
    visits
        Numbers drawn on them.
    service_min
        Mean minutes at the counter; nan where no visit has ended.
    hours
        Hour by hour while it is open.
    """

    days: int
    visits: int
    service_min: float
    hours: tuple[Hour, ...]

    @property
    def busiest(self) -> Hour | None:
        """The hour with the most visits; None where there were none."""
        return max((one for one in self.hours if one.visits_h > 0.0), key=lambda one: (one.visits_h, -one.hour), default=None)


def waited(visits: Sequence[Visit], at: datetime) -> Waited:
    """Return how long people waited, and who waits at a time."""
    waits = np.array([one.wait_min for one in visits if one.wait_min is not None])
    waiting = [one for one in visits if one.served is None and one.left is None and one.drawn <= at]
    longest = max(((at - one.drawn).total_seconds() / 60.0 for one in waiting), default=0.0)
    left = sum(one.left is not None and one.served is None for one in visits)
    median, p90 = quantiles(waits, (0.5, 0.9))
    return Waited(len(waits), median, p90, left, len(waiting), longest)


def line_of(visits: Sequence[Visit], counters: int, opens: range, until: datetime | None = None) -> Line:
    """Return the line of some days, hour by hour, with one counter fewer, as many, and one more.

    Parameters
    ----------
    visits
        Numbers drawn, on the station's clock; days on which none was drawn do not count.
    counters
        How many are open, >= 1.
    opens
        Hours of the day in which the point is open, such as ``range(9, 17)``.
    until
        When it is: of its day only the hours that have passed count. By default all do.

    Examples
    --------
    >>> at = [datetime(2026, 3, 4, 9, 10 * n) for n in range(5)]
    >>> morning = [Visit(each, each, each.replace(minute=each.minute + 8)) for each in at]
    >>> hour = line_of(morning, 1, range(9, 10)).hours[0]
    >>> (hour.visits_h, round(hour.load, 2), [f"{each.wait_min:.1f}" for each in hour.staffed])
    (5.0, 0.67, ['16.0', '1.0'])
    """
    days = sorted({one.drawn.date() for one in visits})
    service = mean(np.array([one.service_min for one in visits if one.service_min is not None]))
    hours = []
    for hour in opens:
        open_h = sum(_passed(day, hour, until) for day in days)
        drawn = sum(one.drawn.hour == hour for one in visits)
        rate = drawn / open_h if open_h > 0.0 else 0.0
        load = rate * service / HOUR_MIN if drawn and service == service else 0.0
        tried = tuple(staffed(count, load, service) for count in range(max(1, counters - 1), counters + 2))
        hours.append(Hour(hour, rate, load, tried))
    return Line(len(days), len(visits), service, tuple(hours))


def _passed(day: date, hour: int, until: datetime | None) -> float:
    """Return which part of an hour of a day is over."""
    if until is None or day < until.date():
        return 1.0
    begin = datetime(day.year, day.month, day.day, hour, tzinfo=until.tzinfo)
    return float(min(max((until - begin).total_seconds() / 3600.0, 0.0), 1.0))


def staffed(counters: int, load: float, service_min: float) -> Staffed:
    """Return what so many counters mean for a load in erlangs: M/M/c, first come first served."""
    if load <= 0.0 or not service_min > 0.0:
        return Staffed(counters, 0.0, 1.0, 0.0)
    if load >= counters:
        return Staffed(counters, None, None, 1.0)
    wait, in_time = wait_mean(counters, load, service_min), wait_within(counters, load, service_min, PROMISED_MIN)
    return Staffed(counters, float(wait), float(in_time), load / counters)
