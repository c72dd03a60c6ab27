"""Gaps: minutes with fewer officers on a post than it must have, and the officer-hours that close each of them (M56)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.roster_rules.watches import end_of, start_of
from qinwu.duty.system import Watch
from qinwu.plan.roster.needs import F64, Array, Needs, on_dates
from qinwu.plan.roster.roster import Duty, Roster

I64 = NDArray[np.int64]
DAY_MIN, WEEK_MIN = 1440, 10080


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of minutes, counted from the first day's midnight, with `lacking` officers too few at the most.

    ``officer_hours`` is what it takes to close it.
    """

    post: str
    since: int
    until: int
    lacking: int
    officer_hours: float

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.until - self.since


def gaps_between(on: I64, least: I64, post: str = "") -> tuple[Gap, ...]:
    """Return every stretch with too few on duty.

    Parameters
    ----------
    on, least
        (M,) officers on duty and needed in each minute.
    post
        Which post it is.

    Examples
    --------
    Nobody from 02:00 to 03:00, two needed: one gap of an hour that costs two officer-hours.

    >>> on, least = np.full(1440, 2), np.full(1440, 2)
    >>> on[120:180] = 0
    >>> gaps_between(on, least)
    (Gap(post='', since=120, until=180, lacking=2, officer_hours=2.0),)
    """
    lacking = np.maximum(least - on, 0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], lacking > 0, [0]]).astype(int)))
    return tuple(
        Gap(post, int(start), int(stop), int(lacking[start:stop].max()), float(lacking[start:stop].sum()) / 60)
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
    )


def minutes_per_week(gaps: Iterable[Gap], span: int) -> float:
    """Return the minutes of gaps in an average week of a span of so many minutes."""
    return sum(gap.minutes for gap in gaps) / span * WEEK_MIN


def hours_per_week(gaps: Iterable[Gap], span: int) -> float:
    """Return the officer-hours that closing gaps costs in an average week of a span of so many minutes."""
    return sum(gap.officer_hours for gap in gaps) / span * WEEK_MIN


def on_by_minute(duties: Iterable[Duty], roster: Roster, post: str) -> I64:
    """Return (M,) how many are on duty on a post in each minute of a roster's days."""
    return _counted((((duty.day - roster.first).days, duty.watch, 1) for duty in duties if duty.post == post), roster.days)


def needed_by_minute(needs: Needs, roster: Roster, post: str, array: Array = "least") -> I64:
    """Return (M,) how many a post needs in each minute of a roster's days; watches of the day before run on into the first."""
    before = roster.day(-1)
    asked = (
        (day - 1, need.watch, count)
        for need in needs.of(post)
        for day, count in enumerate(on_dates(getattr(need, array), before, roster.days + 1).tolist())
    )
    return _counted(asked, roster.days)


def _counted(spans: Iterable[tuple[int, Watch, int]], days: int) -> I64:
    """Return (M,) the sum of counts over watches that begin on some days."""
    total = days * DAY_MIN
    change = np.zeros(total + 1, dtype=np.int64)
    for day, watch, count in spans:
        since, until = (round(day * DAY_MIN + hour * 60) for hour in (start_of(watch), end_of(watch)))
        if until > 0 and since < total:
            change[max(since, 0)] += count
            change[min(until, total)] -= count
    return np.asarray(np.cumsum(change[:-1]))


def roster_gaps(needs: Needs, roster: Roster, before: Iterable[Duty] = ()) -> Iterator[Gap]:
    """Yield the gaps of a roster on each post, against the least that its needs ask for.

    Parameters
    ----------
    needs
        What each post needs.
    roster
        The roster.
    before
        Last month's duties, which may run on into the first day; without them the hours before the first watch are not judged.
    """
    earlier = list(before)
    for post in needs.posts:
        if not needs.of(post.id):
            continue
        least = needed_by_minute(needs, roster, post.id)
        on = on_by_minute([*earlier, *roster.duties()], roster, post.id)
        if not earlier:
            least[: int(min(start_of(need.watch) for need in needs.of(post.id)) * 60)] = 0
        yield from gaps_between(on, least, post.id)


def hourly(on: I64) -> F64:
    """Return (24,) the mean of minutes by hour of the day."""
    return np.asarray(on.reshape(-1, 24, 60).mean(axis=(0, 2)))
