"""Time spent on tasks and calls: hours by beat, by kind, by who wanted them, and the weeks in which ad-hoc work was too much.

Hours are officer-hours: two officers for one hour are two (M19, M34, M48, M50).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from typing import TypeVar

from qinwu.judge.officers.diversion import Week

Key = TypeVar("Key", bound=Hashable)
PAPER = ("meeting", "assessment", "paperwork")
"""Kinds of work that are paper and not the street (M48)."""
BESIDE_POLICE = ("local_government",)
"""Origins whose work is not the police's own (M34)."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Hours spent on one thing.

    Parameters
    ----------
    day
        On which it was done, at the station.
    hours
        Officer-hours, >= 0.
    beat, kind, origin
        Where, what, and who wanted it: ``resident``, ``self``, ``superior``, ``local_government``.
    ordered_by
        Who ordered it; empty for nobody.
    ad_hoc
        Whether it came from outside and not by plan 临时性突击任务.
    """

    day: date
    hours: float
    beat: str = ""
    kind: str = ""
    origin: str = "self"
    ordered_by: str = ""
    ad_hoc: bool = False


def hours_by(spent: Iterable[Spent], key: Callable[[Spent], Key]) -> dict[Key, float]:
    """Return hours summed by a key, in the order in which keys come first."""
    found: dict[Key, list[float]] = {}
    for one in spent:
        found.setdefault(key(one), []).append(one.hours)
    return {name: fsum(parts) for name, parts in found.items()}


def ordered_hours(spent: Iterable[Spent]) -> tuple[tuple[str, float], ...]:
    """Return hours by who ordered them, most first; empty for nobody."""
    return tuple(sorted(hours_by(spent, lambda one: one.ordered_by).items(), key=lambda pair: (-pair[1], pair[0])))


def share_of(spent: Sequence[Spent], of: Callable[[Spent], bool]) -> float | None:
    """Return which part of the hours fulfils a condition; None where nothing was spent."""
    total = fsum(one.hours for one in spent)
    return fsum(one.hours for one in spent if of(one)) / total if total else None


def ad_hoc_weeks(spent: Iterable[Spent], worked: dict[date, float]) -> tuple[Week, ...]:
    """Return ad-hoc hours against all hours on duty, week by week.

    Parameters
    ----------
    spent
        What was done.
    worked
        Officer-hours on duty, by Monday; weeks that are not named are left out.
    """
    ad_hoc = hours_by((one for one in spent if one.ad_hoc), lambda one: monday_of(one.day))
    return tuple(Week(monday, ad_hoc.get(monday, 0.0), hours) for monday, hours in sorted(worked.items()))


def monday_of(day: date) -> date:
    """Return the Monday of a day's week.

    >>> monday_of(date(2026, 3, 4))
    datetime.date(2026, 3, 2)
    """
    return day - timedelta(days=day.weekday())
