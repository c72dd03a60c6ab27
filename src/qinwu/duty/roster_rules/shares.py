"""Shares: what is fair between officers of one post and kind, and what hours are owed; the planner and the ledger both ask here."""

from __future__ import annotations

from collections.abc import Sequence

WEEK_DAYS = 7


def owed_hours(hours: float, beyond: float, present_days: float) -> float:
    """Return the hours owed as time off 补休: those beyond so many a week of the days on which somebody was there (M28).

    >>> owed_hours(200.0, 40.0, 28), owed_hours(100.0, 40.0, 28)
    (40.0, 0.0)
    """
    return max(0.0, hours - beyond * present_days / WEEK_DAYS)


def beyond_fair(counts: Sequence[float], present_days: Sequence[float]) -> list[float]:
    """Return how much each has beyond a fair share of what all have; who was there half of the days is to have half of it.

    Parameters
    ----------
    counts
        Nights, weekend days or duties of officers of one post and kind.
    present_days
        On how many days each was there.

    >>> beyond_fair([3.0, 1.0, 1.0], [30, 30, 15])
    [1.0, -1.0, 0.0]
    """
    there = sum(present_days) or 1.0
    total = sum(counts)
    return [count - days / there * total for count, days in zip(counts, present_days, strict=True)]
