"""Cover: who is on duty on a day, and where the next days lack officers once those who are away are taken off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np

from qinwu.board.in_force import InForce
from qinwu.board.models import Absence
from qinwu.board.roster.in_crew import Book
from qinwu.board.roster.rostered import midnight, stretches
from qinwu.duty.gaps import DAY_MIN, I64, Gap, gaps_between
from qinwu.queueing.mismatch.cover import LEAST, posts_of

__all__ = ["Lack", "Stretch", "day_of", "lacks", "midnight", "on_duty", "stretches"]

DAYS = 7


@dataclass(frozen=True, slots=True)
class Stretch:
    """A crew on duty: who it is, from when to when, which of its officers are away for part of it, who is in it by a swap."""

    crew: str
    officers: tuple[str, ...]
    beat: str
    start: datetime
    end: datetime
    away: tuple[str, ...]
    by_swap: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lack:
    """A time with too few officers on a post."""

    post: str
    start: datetime
    end: datetime
    lacking: int
    officer_hours: float


def day_of(force: InForce, day: date) -> list[Stretch]:
    """Return who is on duty on a day of the station, by the time they begin; a crew that a swap changes comes in parts."""
    start = midnight(force, day)
    book = Book.of(force, start, start + timedelta(days=1))
    found = [
        _stretch(book, k, since, until)
        for k, begin, end in stretches(force, start, DAY_MIN)
        for since, until in pairwise(book.swap_cuts(k, begin, end))
    ]
    return sorted(found, key=lambda one: (one.start, one.crew))


def _stretch(book: Book, crew: int, begin: datetime, end: datetime) -> Stretch:
    label, officers, away = book.force.plan.crews[crew], book.assigned(crew, begin), book.away(begin, end)
    missing = tuple(officer for officer in officers if officer in away)
    swapped = tuple(officer for officer in officers if officer not in label.officers)
    return Stretch(label.id, officers, label.beat, begin, end, missing, swapped)


def lacks(force: InForce, day: date, days: int = DAYS, least: int = LEAST, also_away: Sequence[Absence] = ()) -> list[Lack]:
    """Return when posts have fewer than `least` officers on duty in the days from `day` on, absences counted.

    Parameters
    ----------
    force
        The duty system in force.
    day, days
        First day, and how many.
    least
        Officers a post needs, >= 1.
    also_away
        Absences that are not ordered yet, counted as if they were.
    """
    start = midnight(force, day)
    found: list[Lack] = []
    for post in posts_of(force.plan, force.loaded.system):
        on = on_duty(force, start, days * DAY_MIN, post.crews, also_away)
        found += [_lack(gap, start) for gap in gaps_between(on, np.full(len(on), least), post.id)]
    return sorted(found, key=lambda one: (one.start, one.post))


def on_duty(
    force: InForce,
    start: datetime,
    minutes: int,
    crews: np.ndarray[tuple[int], np.dtype[np.bool_]],
    also_away: Sequence[Absence] = (),
) -> I64:
    """Return (minutes,) officers of some crews on duty in each minute from `start`, those away taken off."""
    change = np.zeros(minutes + 1, np.int64)
    book = Book.of(force, start, start + timedelta(minutes=minutes), also_away)
    for k, begin, end in stretches(force, start, minutes):
        if crews[k]:
            for since, until in pairwise(book.cuts(k, begin, end)):
                _add(change, start, since, until, book.strength(k, since).people)
    return np.cumsum(change[:-1])


def _add(change: I64, start: datetime, begin: datetime, end: datetime, people: int) -> None:
    since, until = (round((moment - start).total_seconds() / 60.0) for moment in (begin, end))
    if since < until:
        change[since] += people
        change[until] -= people


def _lack(gap: Gap, start: datetime) -> Lack:
    begin, end = start + timedelta(minutes=gap.since), start + timedelta(minutes=gap.until)
    return Lack(gap.post, begin, end, gap.lacking, gap.officer_hours)
