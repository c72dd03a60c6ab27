"""Gaps: minutes with fewer officers on a post than it must have, and the officer-hours that close each of them (M56)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
