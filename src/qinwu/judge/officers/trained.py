"""Before and after training 培训前后 (M21): the time of a group at calls before it had a skill and since; a group, never a person.

It is a plain before-and-after comparison: whatever else changed in the meantime is in it, so it shows no cause. Groups and halves
too small to be a group's are not shown at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal

FEWEST_OFFICERS = 3
"""Below so many officers a group's figure would be a person's."""
FEWEST_CASES = 5
"""Below so many calls a half says nothing; the same number below which exports hide a cell."""

Trouble = Literal["officers", "cases"]


@dataclass(frozen=True, slots=True)
class Case:
    """One crew at one call: the day, minutes at the scene, and since when each of its trained officers has the skill."""

    day: date
    minutes: float
    since: tuple[tuple[str, date], ...]

    @property
    def after(self) -> bool:
        """Whether somebody there had the skill by then."""
        return any(since <= self.day for _officer, since in self.since)


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A group before it was trained and since.

    Parameters
    ----------
    officers
        How many officers the group has.
    before, after
        Calls of either half.
    before_min, after_min
        Median minutes at the scene; None where `trouble` says why there is no figure.
    trouble
        ``officers``: the group is too small; ``cases``: a half is.
    """

    officers: int
    before: int
    after: int
    before_min: float | None = None
    after_min: float | None = None
    trouble: Trouble | None = None

    @property
    def ratio(self) -> float | None:
        """Time since then over time before; None without figures."""
        return self.after_min / self.before_min if self.before_min and self.after_min is not None else None


def before_after(cases: Iterable[Case]) -> BeforeAfter:
    """Return a group before it was trained and since.

    Examples
    --------
    Three officers trained on the first of March; ten calls of half an hour before, and ten of 24 minutes since.

    >>> march = tuple((name, date(2026, 3, 1)) for name in ("P1", "P2", "P3"))
    >>> spent = [Case(date(2026, 2, 1), 30.0, march)] * 10 + [Case(date(2026, 3, 9), 24.0, march)] * 10
    >>> before_after(spent).ratio
    0.8
    """
    found = [case for case in cases if case.since]
    officers = len({officer for case in found for officer, _since in case.since})
    halves = [[case.minutes for case in found if case.after is after] for after in (False, True)]
    before, after = (len(half) for half in halves)
    trouble: Trouble | None = "officers" if officers < FEWEST_OFFICERS else "cases" if min(before, after) < FEWEST_CASES else None
    if trouble is not None:
        return BeforeAfter(officers, before, after, trouble=trouble)
    return BeforeAfter(officers, before, after, median(halves[0]), median(halves[1]))
