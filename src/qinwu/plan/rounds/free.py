"""Free hours: when each officer is on duty in the month, without set work, and which part of that calls are expected to leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from math import ceil, floor, isfinite

import numpy as np

from qinwu.duty.calendar import DAY_S, HOUR_S
from qinwu.duty.response_plan import F64, DutyArrays, ResponsePlan
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.people import People
from qinwu.queueing.analysis import analyse, follow_up_hours
from qinwu.queueing.time_left import WEEK_HOURS, time_left
from qinwu.station.demand import read_source
from qinwu.station.station import Station

SHORTEST_S = 1800.0
"""Free time shorter than half an hour is not planned."""

Window = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Span:
    """Free time of one officer.

    Parameters
    ----------
    officer
        Who.
    day
        Day of the month, 0 for the first, on which the duty began.
    start_s, end_s
        Seconds after 00:00 of that day; more than 86,400 is the next day.
    share
        Which part of it calls are expected to leave, 0 to 1.
    base
        Atom, by position, where the officer's crew waits.
    crew
        Number of the crew.
    """

    officer: str
    day: int
    start_s: float
    end_s: float
    share: float
    base: int
    crew: int

    @property
    def hours(self) -> float:
        """Hours of it that calls are expected to leave."""
        return (self.end_s - self.start_s) * self.share / HOUR_S


def free_spans(station: Station, people: People, plan: ResponsePlan, month: Month) -> tuple[Span, ...]:
    """Return the free time of every officer in a crew, by the duty system's own roster and the closed form of its calls.

    Parameters
    ----------
    station, people, plan
        What there is, who there is, and who goes to calls.
    month
        The days planned.
    """
    left = free_share(station, people, plan)
    windows = windows_of_crews(plan.duty, month)
    spans = []
    for number, crew in enumerate(people.muster.crews):
        if crew.neighbour is None:
            for day, window in windows.get(number, ()):
                for start, end in _without(window, blocks_of(plan.duty, number, month, day, window)):
                    share = mean_share(left[number], month, day, start, end)
                    spans += [Span(one.id, day, start, end, share, int(plan.crew.base[number]), number) for one in crew.officers]
    return tuple(span for span in spans if span.end_s - span.start_s >= SHORTEST_S)


def rostered_spans(
    spans: Sequence[Span], roster: Mapping[str, Sequence[tuple[datetime, datetime]]], month: Month
) -> tuple[Span, ...]:
    """Return the free time under a roster instead of the duty system's own pattern.

    Officers whom the roster does not name keep the pattern. Of the others, duty is what the roster says; the part that calls
    leave, and the base, are the mean of what they were by the pattern.

    Parameters
    ----------
    spans
        By the pattern.
    roster
        Duty times of officers, local clock.
    month
        The days planned.
    """
    kept = [span for span in spans if span.officer not in roster]
    for officer, duties in roster.items():
        mine = [span for span in spans if span.officer == officer]
        if not mine:
            continue
        share = float(np.average([one.share for one in mine], weights=[one.end_s - one.start_s for one in mine]))
        for start, end in sorted(duties):
            day = (start.date() - month.first).days
            if 0 <= day < month.days:
                begin = (start - month.time(day, 0.0)).total_seconds()
                kept.append(replace(mine[0], day=day, start_s=begin, end_s=begin + (end - start).total_seconds(), share=share))
    return tuple(sorted(kept, key=lambda span: (span.day, span.start_s, span.officer)))


def windows_of_crews(duty: DutyArrays, month: Month) -> dict[int, list[tuple[int, Window]]]:
    """Return the duty windows of each crew that begin in the month: the day, and seconds after its 00:00; at most 24 hours each."""
    found: dict[int, list[tuple[int, Window]]] = {}
    begin = month.into_cycle_s()
    for at in np.flatnonzero(duty.event_on == 1).tolist():
        start, end = float(duty.event_s[at]), float(duty.event_end_s[at])
        first = ceil((begin - start) / duty.cycle_s)
        for turn in range(first, first + ceil(month.days * DAY_S / duty.cycle_s) + 1):
            shift = turn * duty.cycle_s - begin
            found.setdefault(int(duty.event_crew[at]), []).extend(_by_day(start + shift, end + shift, month.days))
    for crew in np.flatnonzero(~np.isfinite(duty.on_at_start)).tolist():
        found[crew] = [(day, (0.0, DAY_S)) for day in range(month.days)]
    return {crew: sorted(windows) for crew, windows in found.items()}


def _by_day(start: float, end: float, days: int) -> Iterator[tuple[int, Window]]:
    """Yield a window, cut after each 24 hours, with the day it begins on; what begins outside the month is left out."""
    while start < end - 1.0:
        until = min(end, start + DAY_S)
        day = floor(start / DAY_S)
        if 0 <= day < days:
            yield day, (start - day * DAY_S, until - day * DAY_S)
        start = until


def blocks_of(duty: DutyArrays, crew: int, month: Month, day: int, window: Window) -> list[Window]:
    """Return the fixed blocks of a crew inside one of its windows, sorted, in seconds after 00:00 of the window's day."""
    mine = duty.block_crew == crew
    starts, lengths = duty.block_s[mine], duty.block_len_s[mine]
    origin = month.into_cycle_s() + day * DAY_S
    ahead = (starts - origin - window[0]) % duty.cycle_s + window[0]
    return sorted((float(at), float(at + length)) for at, length in zip(ahead, lengths, strict=True) if at < window[1])


def _without(window: Window, taken: Iterable[Window]) -> Iterator[Window]:
    """Yield what is left of a window; `taken` is sorted by start."""
    at = window[0]
    for begin, finish in taken:
        if begin > at:
            yield at, min(begin, window[1])
        at = max(at, finish)
    if at < window[1]:
        yield at, window[1]


def without_visits(spans: Sequence[Span], taken: Mapping[str, Sequence[tuple[int, float, float]]]) -> tuple[Span, ...]:
    """Return spans without times that are taken.

    Parameters
    ----------
    spans
        Free time.
    taken
        By officer: day, start and end in seconds after its 00:00.
    """
    left: list[Span] = []
    for span in spans:
        busy = sorted(
            (start + (day - span.day) * DAY_S, end + (day - span.day) * DAY_S) for day, start, end in taken.get(span.officer, ())
        )
        inside = [(start, end) for start, end in busy if start < span.end_s and end > span.start_s]
        left += [replace(span, start_s=start, end_s=end) for start, end in _without((span.start_s, span.end_s), inside)]
    return tuple(span for span in left if span.end_s - span.start_s >= SHORTEST_S)


def mean_share(left: F64, month: Month, day: int, start: float, end: float) -> float:
    """Return the mean over a window of (168,) what calls leave by hour of the week."""
    weekday = month.date_of(day).weekday()
    edges = [start, *(hour * HOUR_S for hour in range(floor(start / HOUR_S) + 1, ceil(end / HOUR_S))), end]
    parts = [(one, two) for one, two in pairwise(edges) if two > one]
    hours = [(weekday * 24 + int(one // HOUR_S)) % WEEK_HOURS for one, _ in parts]
    return float(np.average(left[hours], weights=[two - one for one, two in parts])) if parts else 1.0


def free_share(station: Station, people: People, plan: ResponsePlan) -> F64:
    """Return (K, 168) which part of a crew's time without set work is free: calls, the work they leave, and other duties taken off.

    Calls are those of the station's record, by the closed form; a station without a record has no calls.
    """
    share = np.ones((len(plan.crews), WEEK_HOURS))
    duty_h, free_h, after_h = np.ones(len(plan.crews)), np.full(len(plan.crews), WEEK_HOURS * 1.0), np.zeros(len(plan.crews))
    if len(station.calls.table):
        source = read_source(station)
        left = time_left(analyse(station, plan, source))
        share, duty_h, free_h = left.share, left.duty_h, left.free_h
        after_h = follow_up_hours(plan, source, left.call_h)
    other = people.other_hours()
    for number, crew in enumerate(people.muster.crews):
        wanted = after_h[number] + max((other.get(officer.id, 0.0) for officer in crew.officers), default=0.0)
        if duty_h[number] > 0.0 and free_h[number] > 0.0 and isfinite(wanted):
            share[number] *= max(0.0, 1.0 - wanted / free_h[number])
    return share
