"""Observing: which hours of a record were observed at all; an hour without a call is a zero only where somebody listened.

An export that holds the first days of each month, or day shifts only, has long stretches without a call. A stretch is held for
unobserved where so many calls would have been due in it that none is beyond belief.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
DAY_H = 24
MISSING = 20.0
"""Calls due in a stretch without any, from which on nobody recorded: exp(-20) were they independent, and calls come in clusters."""
MISSING_AT_END = 2.0
"""Calls that the mean hour would bring before the first and after the last call, from which on the record begins and ends there."""
NIGHT = 0.15
"""Share of the mean hour that the quietest hours of a day have at least: an assumption on the safe side."""
SELDOM, BUSY = 0.05, 0.75
"""Share of a busy hour (that quantile of the hours of the day) below which an hour of the day is not quiet but closed."""
FAR = 4.0
"""Standard deviations of chance below the usual from which an hour beside a gap was cut."""
HALF = 0.5
LONGEST = 50
"""Most rounds: each only adds stretches, so that few are needed."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that was not observed: first and last date touched, and hours missing."""

    since: date
    until: date
    hours: int


def clock_hours(first: date, days: int, time_zone: str) -> F64:
    """Return how often the wall clock showed each hour of each day, (days, 24): 1, or 0 and 2 where summer time begins and ends.

    >>> clock_hours(date(2025, 3, 9), 1, "America/New_York")[0, :4].tolist()
    [1.0, 1.0, 0.0, 1.0]
    """
    zone = ZoneInfo(time_zone)
    shown = np.ones((days, DAY_H))
    for number in range(days):
        midnight = datetime.combine(first + timedelta(days=number), datetime.min.time())
        start, end = (moment.replace(tzinfo=zone).timestamp() for moment in (midnight, midnight + timedelta(days=1)))
        if end - start != DAY_H * 3600.0:
            halves = [datetime.fromtimestamp(at, zone) for at in np.arange(start, end, 1800.0)]
            shown[number] = HALF * np.bincount([each.hour for each in halves], minlength=DAY_H)
    return shown


def observed(counts: F64, shown: F64) -> F64:
    """Return hours of observation, (D, 24): those the clock showed, less the stretches in which nobody can have recorded.

    Parameters
    ----------
    counts
        (D, 24) calls of everybody, by day and hour.
    shown
        (D, 24) as :func:`clock_hours` gives.
    """
    flat, clock = counts.ravel(), shown.ravel()
    kept = clock > 0.0
    if not flat.any():
        return np.zeros_like(shown)
    for _ in range(LONGEST):
        rate = flat[kept].sum() / clock[kept].sum()
        now = kept & ~_never_staffed(flat, kept)
        for start, end in _empty(flat):
            at_end = start == 0 or end == flat.size
            if due(end - start, float(rate)) > MISSING or (at_end and (end - start) * rate > MISSING_AT_END):
                now[start:end] = False
        if (now == kept).all():
            break
        kept = now
    kept = _without_broken_edges(flat, kept) & ~_never_staffed(flat, kept)
    return np.where(kept, clock, 0.0).reshape(shown.shape)


def due(hours: int, rate: float) -> float:
    """Return how many calls are due in so many hours in a row at the least: whole days as usual, the rest as at night.

    >>> due(26, 1.0)
    24.3
    """
    whole, rest = divmod(hours, DAY_H)
    return rate * (whole * DAY_H + NIGHT * rest)


def _empty(flat: F64) -> list[tuple[int, int]]:
    """Return the stretches without a call, as (first hour, hour after the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat == 0.0, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _never_staffed(flat: F64, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the hours of the day that nobody listens in: hardly a call on all days together, where many were due."""
    hour = np.arange(flat.size) % DAY_H
    seen = np.bincount(hour[kept], minlength=DAY_H)
    calls = np.bincount(hour[kept], flat[kept], minlength=DAY_H)
    busy = float(np.quantile(calls / np.maximum(seen, 1), BUSY))
    found: NDArray[np.bool_] = ((calls < SELDOM * busy * seen) & (due(1, busy) * seen > MISSING))[hour]
    return found


def _without_broken_edges(flat: F64, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leave out the hour beside a gap too where it has far fewer calls than the same hour elsewhere: it was cut."""
    hour = np.arange(flat.size) % DAY_H
    calls = np.bincount(hour[kept], flat[kept], minlength=DAY_H)
    usual = calls / np.maximum(np.bincount(hour[kept], minlength=DAY_H), 1)
    beside = kept & ~(np.concatenate([[True], kept[:-1]]) & np.concatenate([kept[1:], [True]]))
    return kept & ~(beside & (flat < (usual - FAR * np.sqrt(usual))[hour]))


def gaps(hours: F64, shown: F64, first: date) -> tuple[Gap, ...]:
    """Return the stretches that were not observed, in order."""
    missing = (hours == 0.0).ravel()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], missing, [False]]).astype(np.int8)))
    spans = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    found = ((a, b, round(float(shown.ravel()[a:b].sum()))) for a, b in spans)
    return tuple(
        Gap(first + timedelta(days=a // DAY_H), first + timedelta(days=(b - 1) // DAY_H), hours) for a, b, hours in found if hours
    )
