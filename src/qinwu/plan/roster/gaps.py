"""Gaps of a roster: what each post has and needs in each minute of its days (M56)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from qinwu.duty.gaps import DAY_MIN, I64, Gap, gaps_between
from qinwu.duty.roster_rules.watches import end_of, start_of
from qinwu.duty.system import Watch
from qinwu.plan.roster.needs import F64, Array, Needs, on_dates
from qinwu.plan.roster.roster import Duty, Roster


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
