"""Periods: weeks, months, quarters and years that a record covers, or a card's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from qinwu.judge.targets.card import Card, OwnPeriod, PeriodKind

COVERED = 0.9
"""A period is told when the record has at least this share of its days."""
ONE_DAY = timedelta(days=1)
WEEK_DAYS = 7
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A named span of days, both ends included."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Span:
    """The days a record covers, both included."""

    first: date
    last: date

    def within(self, since: date | None, until: date | None) -> Span | None:
        """Return the part between two days (both included); None where nothing is left."""
        first, last = max(self.first, since or self.first), min(self.last, until or self.last)
        return Span(first, last) if first <= last else None


def periods_of(card: Card, kind: PeriodKind, span: Span, *, touched_too: bool = False) -> tuple[Period, ...]:
    """Return the periods of a kind in time order that the record covers; those it only touches where it covers none.

    Parameters
    ----------
    card
        Its own periods of that kind, where it has any, replace the calendar's.
    kind
        Week (Monday to Sunday), month, quarter or year.
    span
        The days of the record.
    touched_too
        Whether those it only touches are wanted as well.
    """
    own = [Period(one.id, one.first, one.last) for one in card.period if one.kind == kind]
    every = sorted(own, key=lambda one: one.first) if own else list(calendar_periods(kind, span))
    touched = [one for one in every if one.first <= span.last and span.first <= one.last]
    covered = [one for one in touched if _days_in(one, span) >= COVERED * one.days]
    return tuple(touched if touched_too else covered or touched)


def outside(periods: Sequence[Period], gap: Span) -> tuple[Period, ...]:
    """Return the periods of which a gap in the record leaves enough days to tell them."""
    return tuple(one for one in periods if max(0, _days_in(one, gap)) <= (1.0 - COVERED) * one.days)


def calendar_periods(kind: PeriodKind, span: Span) -> Iterator[Period]:
    """Yield the calendar's periods from the one of the span's first day to the one of its last.

    >>> [one.name for one in calendar_periods("quarter", Span(date(2025, 3, 31), date(2025, 4, 1)))]
    ['2025-Q1', '2025-Q2']
    """
    first = _start(kind, span.first)
    while first <= span.last:
        after = _next(kind, first)
        yield Period(_name(kind, first), first, after - ONE_DAY)
        first = after


def overlaps(periods: Sequence[OwnPeriod]) -> Iterator[tuple[OwnPeriod, OwnPeriod]]:
    """Yield periods of one kind that share a day, each with the one that began before it."""
    for kind in dict.fromkeys(one.kind for one in periods):
        ordered = sorted((one for one in periods if one.kind == kind), key=lambda one: (one.first, one.last))
        latest = ordered[0]
        for _, one in pairwise(ordered):
            if one.first <= latest.last:
                yield latest, one
            latest = max(latest, one, key=lambda each: each.last)


def _days_in(period: Period, span: Span) -> int:
    return (min(period.last, span.last) - max(period.first, span.first)).days + 1


def _start(kind: PeriodKind, day: date) -> date:
    if kind == "week":
        return day - timedelta(days=day.weekday())
    months = MONTHS[kind]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next(kind: PeriodKind, first: date) -> date:
    if kind == "week":
        return first + timedelta(days=WEEK_DAYS)
    month = first.month + MONTHS[kind]
    return date(first.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _name(kind: PeriodKind, first: date) -> str:
    if kind == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    if kind == "year":
        return f"{first.year}"
    return f"{first.year}-{first.month:02}" if kind == "month" else f"{first.year}-Q{(first.month + 2) // 3}"
