"""Outings: when which officers may be on the road together; who goes together is drawn by lot or set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from qinwu.duty.calendar import HOUR_S
from qinwu.plan.rounds.due import own_generator
from qinwu.plan.rounds.free import Span
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.people import People

SHORTEST_S = 0.75 * HOUR_S
"""An outing that leaves less time together is not worth the way."""


@dataclass(frozen=True, slots=True)
class Outing:
    """A stretch of one day in which certain officers are free together.

    Parameters
    ----------
    day
        Day of the month, 0 for the first.
    start_s, end_s
        Seconds after 00:00 of that day.
    most_s
        How long it may take: what may be planned of the day of those who go.
    base
        Atom where it begins and ends, by position.
    officers
        Who goes, the one in charge first.
    """

    day: int
    start_s: float
    end_s: float
    most_s: float
    base: int
    officers: tuple[str, ...]


Budget = dict[tuple[str, int], float]
"""Seconds that may still be planned, by officer and day of the month."""


def budget_of(spans: Sequence[Span], most_share: float, taken: Mapping[str, Sequence[tuple[int, float, float]]]) -> Budget:
    """Return what may be planned of each officer's day: a part of what calls leave, less what is planned already.

    Parameters
    ----------
    spans
        Free time, before anything is planned.
    most_share
        The part of what calls leave that may be planned, 0 to 1.
    taken
        What is planned already, by officer: day, start and end in seconds.
    """
    left: Budget = {}
    for span in spans:
        key = (span.officer, span.day)
        left[key] = left.get(key, 0.0) + span.hours * HOUR_S * most_share
    for officer, tours in taken.items():
        for day, start, end in tours:
            if (officer, day) in left:
                left[officer, day] = max(0.0, left[officer, day] - (end - start))
    return left


def within_budget(outings: Sequence[Outing], budget: Budget, order: Sequence[int]) -> tuple[Outing, ...]:
    """Return outings that together take no more of anybody's day than there is; those first in `order` get it first.

    A day's free time is spent in one or two longer outings and not in crumbs of each.
    """
    left = dict(budget)
    cut = list(outings)
    for at in order:
        outing = outings[at]
        most = min(outing.end_s - outing.start_s, *(left.get((officer, outing.day), 0.0) for officer in outing.officers))
        cut[at] = replace(outing, most_s=most)
        for officer in outing.officers:
            left[officer, outing.day] = left.get((officer, outing.day), 0.0) - most
    return tuple(cut)


def alone(spans: Sequence[Span], budget: Budget, between_s: tuple[float, float], most_s: float) -> tuple[Outing, ...]:
    """Return the free time of single officers as outings; the longest of a day inside certain hours gets the day's budget first.

    Parameters
    ----------
    spans
        Free time.
    budget
        What may be planned of each day.
    between_s
        Hours of the day that count, seconds.
    most_s
        The most that is planned of one day, seconds.
    """
    outings = [_outing((span,)) for span in spans]
    common = [min(one.end_s, between_s[1]) - max(one.start_s, between_s[0]) for one in outings]
    order = sorted(range(len(outings)), key=lambda at: (-common[at], outings[at].day))
    capped = {key: min(left, most_s) for key, left in budget.items()}
    return within_budget(outings, capped, [at for at in order if common[at] > 0.0])


def teams(
    spans: Sequence[Span], people: People, month: Month, together: int, sworn: int, budget: Budget, seed: int | None
) -> tuple[Outing, ...]:
    """Return outings of officers who are free at the same time, every stretch of free time used once at most.

    Specialists lead the outings they are on. With a seed the others are taken in an order drawn anew for each day, each officer's
    lot depending on nothing but seed, day and officer; without one in the order of their crews.

    Parameters
    ----------
    spans
        Free time.
    people
        Who is sworn, who is a specialist.
    month
        The days planned.
    together, sworn
        How many go, and how many of them must be sworn; the one in charge always is.
    budget
        What may be planned of each officer's day; which outings get it is drawn as well.
    seed
        Of the draw; None for no draw.
    """
    outings: list[Outing] = []
    for day in range(month.days):
        lot = _lots(month, day, seed)
        todays = [span for span in spans if span.day == day]
        waiting = sorted(todays, key=lambda span: (span.officer not in people.specialists, lot(span), span.crew, span.start_s))
        while waiting:
            first = waiting.pop(0)
            if people.officers[first.officer].kind != "sworn":
                continue
            team = _joined(first, waiting, people, together, sworn)
            if team:
                waiting = [span for span in waiting if span not in team]
                outings.append(_outing(team))
    return within_budget(outings, budget, _in_turn(outings, month, seed))


def _lots(month: Month, day: int, seed: int | None) -> Callable[[Span], float]:
    """Return the lot of each officer on a day, 0 for all without a draw."""
    if seed is None:
        return lambda _: 0.0
    lots: dict[str, float] = {}

    def lot(span: Span) -> float:
        if span.officer not in lots:
            lots[span.officer] = float(own_generator(seed, month.date_of(day).isoformat(), span.officer).random())
        return lots[span.officer]

    return lot


def _joined(first: Span, others: Sequence[Span], people: People, together: int, sworn: int) -> tuple[Span, ...]:
    """Return a team around `first`: the next officers in order who share enough time with all; empty where there are too few."""
    team = [first]
    start, end = first.start_s, first.end_s
    lacking_sworn = sworn - 1
    for span in others:
        if len(team) == together:
            break
        is_sworn = people.officers[span.officer].kind == "sworn"
        room = together - len(team) - max(lacking_sworn, 0)
        if span.officer in {one.officer for one in team} or (not is_sworn and room < 1):
            continue
        if min(end, span.end_s) - max(start, span.start_s) >= SHORTEST_S:
            team.append(span)
            start, end = max(start, span.start_s), min(end, span.end_s)
            lacking_sworn -= is_sworn
    return tuple(team) if len(team) == together and lacking_sworn <= 0 else ()


def _in_turn(outings: Sequence[Outing], month: Month, seed: int | None) -> list[int]:
    """Return the order in which outings get their officers' time: drawn, or the longest first."""
    if seed is None:
        return sorted(range(len(outings)), key=lambda at: outings[at].start_s - outings[at].end_s)
    names = [(month.date_of(one.day).isoformat(), f"{one.start_s:.0f}", *one.officers) for one in outings]
    lots = [
        float(own_generator(seed, *name).random()) / (one.end_s - one.start_s) for name, one in zip(names, outings, strict=True)
    ]
    return sorted(range(len(outings)), key=lots.__getitem__)


def _outing(team: Sequence[Span]) -> Outing:
    start, end = max(span.start_s for span in team), min(span.end_s for span in team)
    return Outing(team[0].day, start, end, end - start, team[0].base, tuple(one.officer for one in team))
