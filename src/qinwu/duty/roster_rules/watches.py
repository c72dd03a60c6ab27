"""Watches as arithmetic: when they begin and end, their share of the deep night, how long the rest between two of them is."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from qinwu.duty.calendar import seconds_of
from qinwu.duty.roster_rules.rules import DEEP_NIGHT, LONG_DUTY_H, NIGHT_H
from qinwu.duty.system import Watch

DAY_H = 24.0


def start_of(watch: Watch) -> float:
    """Return the hour of the day at which it begins, 0 to 24."""
    return seconds_of(watch.start) / 3600.0


def end_of(watch: Watch) -> float:
    """Return the hour at which it ends, counted from the midnight before it begins: beyond 24 on the next day."""
    return start_of(watch) + watch.hours


def deep_night_hours(watch: Watch) -> float:
    """Return its hours between midnight and six.

    >>> deep_night_hours(Watch(id="night", start="20:00", hours=8)), deep_night_hours(Watch(id="dawn", start="04:00", hours=8))
    (4.0, 2.0)
    """
    return deep_night_between(start_of(watch), end_of(watch))


def deep_night_between(start: float, end: float) -> float:
    """Return the hours between midnight and six of a span, both ends counted in hours from one midnight, 0 <= start <= end.

    >>> deep_night_between(22.0, 30.0), deep_night_between(8.0, 56.0)
    (6.0, 12.0)
    """
    low, high = DEEP_NIGHT
    nights = ((low + day * DAY_H, high + day * DAY_H) for day in range(int(end // DAY_H) + 1))
    return sum(max(0.0, min(end, until) - max(start, since)) for since, until in nights)


def is_night(watch: Watch) -> bool:
    """Return whether it is a night: at least three hours between midnight and six."""
    return deep_night_hours(watch) >= NIGHT_H


def is_long(watch: Watch) -> bool:
    """Return whether it is a long duty: more than sixteen hours."""
    return watch.hours > LONG_DUTY_H


def rest_between(first: Watch, then: Watch, days: int) -> float:
    """Return the hours between the end of a watch and the start of another so many days later; negative where they overlap."""
    return days * DAY_H + start_of(then) - end_of(first)


def days_for_rest(first: Watch, then: Watch, least: float) -> int:
    """Return the least days, >= 1, from a watch to another with so many hours between them.

    >>> day, night = Watch(id="day", start="08:00", hours=12), Watch(id="night", start="20:00", hours=12)
    >>> days_for_rest(night, day, 11), days_for_rest(day, night, 11)
    (2, 1)
    """
    return max(1, ceil((least + end_of(first) - start_of(then)) / DAY_H - 1e-9))


def hours_of_day(watch: Watch) -> dict[int, float]:
    """Return the share of each hour that it takes, by hours from the midnight before it begins.

    >>> hours_of_day(Watch(id="late", start="22:30", hours=2))
    {22: 0.5, 23: 1.0, 24: 0.5}
    """
    start, end = start_of(watch), end_of(watch)
    return {hour: float(min(end, hour + 1) - max(start, hour)) for hour in range(int(start), ceil(end))}


def around_the_clock(watches: Sequence[Watch]) -> bool:
    """Return whether the watches, each worked every day, leave no minute of the day without one of them."""
    spans = sorted((start_of(one), end_of(one)) for one in watches)
    spans += [(start + DAY_H, end + DAY_H) for start, end in spans]
    reach = spans[0][1] if spans else 0.0
    for start, end in spans:
        if start > reach + 1e-9:
            return False
        reach = max(reach, end)
    return bool(spans) and reach >= spans[0][0] + DAY_H


def watch_at(start: float, hours: float) -> Watch:
    """Return a watch that begins at this hour of the day, named for that and its hours.

    >>> watch_at(20.0, 12.0).id
    'at2000for12'
    """
    clock = f"{int(start):02d}:{round(start % 1 * 60):02d}"
    return Watch(id=f"at{clock.replace(':', '')}for{hours:g}", start=clock, hours=hours)
