"""Calendar: watches and roster patterns become the windows in which crews are on duty, in a cycle that repeats.

Time 0 is a Monday 00:00 local time; everything is in seconds. A roster is an (n, 2) array of windows ``[start, end)``, sorted,
``start`` within the cycle, ``end`` beyond it where the window crosses into the next one; ``[[0, inf]]`` is always on duty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from math import inf, lcm

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.crews import Crew
from qinwu.duty.staffing import listed
from qinwu.duty.system import DutySystem, Pattern, Watch
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_

Roster = NDArray[np.float64]
Span = tuple[int, int]

HOUR_S = 3600.0
DAY_S = 86400.0
WEEK_S = 7 * DAY_S
OFF = "off"
LONGEST_CYCLE_DAYS = 840
ALWAYS: Roster = np.array([[0.0, inf]])
NEVER: Roster = np.empty((0, 2))
CYCLE_START = date(2024, 1, 1)
"""The Monday on which cycles begin where dates count: rounds, rosters, hours worked."""


@dataclass(frozen=True)
class Calendar:
    """When crews are on duty.

    Parameters
    ----------
    cycle_s
        Length of the cycle, a whole number of weeks.
    rosters
        The different rosters.
    roster_of
        (K,) which of them each crew follows.
    """

    cycle_s: float
    rosters: tuple[Roster, ...]
    roster_of: NDArray[np.int32]

    def roster(self, crew: int) -> Roster:
        """Return the roster of the crew at this position."""
        return self.rosters[int(self.roster_of[crew])]

    def on_duty(self, times: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return (len(rosters), len(times)): who is on duty at these times within the cycle."""
        return np.array([on_duty(roster, times, self.cycle_s) for roster in self.rosters]).reshape(-1, len(times))

    def moments(self) -> NDArray[np.float64]:
        """Return every time in the cycle at which the hour or anybody's duty changes."""
        changes = [roster.ravel()[np.isfinite(roster.ravel())] % self.cycle_s for roster in self.rosters]
        return np.unique(np.concatenate([np.arange(0.0, self.cycle_s, HOUR_S), *changes]))


def seconds_of(clock: str) -> float:
    """Return the seconds since midnight of ``HH:MM``.

    >>> seconds_of("06:30")
    23400.0
    """
    hours, minutes = clock.split(":")
    return int(hours) * HOUR_S + int(minutes) * 60.0


def on_duty(roster: Roster, times: NDArray[np.float64], cycle_s: float) -> NDArray[np.bool_]:
    """Return at which of these times (within the cycle) the roster is on duty."""
    if not len(roster):
        return np.zeros(len(times), dtype=bool)
    carried_over = roster[-1, 1] - cycle_s
    ends: NDArray[np.float64] = np.append(carried_over, roster[:, 1])
    return times < ends[np.searchsorted(roster[:, 0], times, side="right")]


def hours_per_week(roster: Roster, cycle_s: float) -> float:
    """Return the duty hours of an average week."""
    spans = np.minimum(roster[:, 1] - roster[:, 0], cycle_s)
    return float(spans.sum() / cycle_s * WEEK_S / HOUR_S)


def make_calendar(system: DutySystem, crews: Sequence[Crew]) -> tuple[Calendar, tuple[Finding, ...]]:
    """Return when each of the crews is on duty, and what is wrong with the rosters."""
    findings = list(_unknown_names(system))
    watches = {watch.id: watch for watch in system.watch}
    used = {crew.pattern for crew in crews if crew.pattern}
    patterns = {pattern.id: pattern for pattern in system.pattern if pattern.id in used}
    days = lcm(7, *(len(pattern.days) for pattern in patterns.values()))
    if days > LONGEST_CYCLE_DAYS:
        findings.append(cycle_too_long(list(patterns), days))
        days = LONGEST_CYCLE_DAYS
    findings.extend(overlap(pattern.id) for pattern in patterns.values() if _overlaps(pattern, watches))
    number = {phase: place for place, phase in enumerate(dict.fromkeys((crew.pattern, crew.group) for crew in crews))}
    rosters = tuple(_roster(patterns.get(pattern), watches, group, days) if pattern else ALWAYS for pattern, group in number)
    roster_of = np.array([number[crew.pattern, crew.group] for crew in crews], dtype=np.int32)
    calendar = Calendar(days * DAY_S, rosters, roster_of)
    findings.extend(_twice_on_duty(calendar, crews))
    findings.extend(_nobody_on_duty(calendar, crews))
    return calendar, tuple(findings)


def _roster(pattern: Pattern | None, watches: Mapping[str, Watch], group: int, days: int) -> Roster:
    """Return the roster of one group of a pattern over a cycle of so many days."""
    if pattern is None:
        return NEVER
    phase = (np.arange(days) + group * pattern.step) % len(pattern.days)
    duty = [(day, watches[name]) for day, name in zip(range(days), np.array(pattern.days)[phase], strict=True) if name in watches]
    starts = np.array([day * DAY_S + seconds_of(watch.start) for day, watch in duty])
    return merge(starts, starts + np.array([watch.hours * HOUR_S for _, watch in duty]), days * DAY_S)


def merge(starts: NDArray[np.float64], ends: NDArray[np.float64], cycle_s: float) -> Roster:
    """Return windows, sorted by start, as a roster: those that touch or overlap become one, also across the cycle's end."""
    if not len(starts):
        return NEVER
    ends = np.maximum.accumulate(np.maximum(ends, ends.max() - cycle_s))
    joined = np.append(ends[-1] - cycle_s, ends[:-1]) >= starts
    if joined.all():
        return ALWAYS
    first = np.flatnonzero(~joined)
    last = np.append(first[1:], first[0] + len(starts)) - 1
    return np.column_stack([starts[first], ends[last % len(ends)] + cycle_s * (last >= len(ends))])


def _overlaps(pattern: Pattern, watches: Mapping[str, Watch]) -> bool:
    """Return whether a watch of the pattern begins before the one of the day before has ended."""
    names = (*pattern.days, pattern.days[0])
    duty = [watches.get(name) for name in names]
    return any(
        one and two and seconds_of(one.start) + one.hours * HOUR_S > DAY_S + seconds_of(two.start) for one, two in pairwise(duty)
    )


def crews_of_watch(system: DutySystem, calendar: Calendar, watch: str) -> NDArray[np.bool_]:
    """Return (K,) which crews are on duty in the middle of `watch` on an ordinary day.

    Ordinary is the first day of the cycle on which as many crews are on as in the median of the days that have any.
    """
    middle = next(seconds_of(one.start) + one.hours * HOUR_S / 2 for one in system.watch if one.id == watch)
    on = calendar.on_duty((np.arange(0.0, calendar.cycle_s, DAY_S) + middle) % calendar.cycle_s)[calendar.roster_of]
    per_day = on.sum(axis=0)
    if not per_day.any():
        return np.zeros(len(on), dtype=bool)
    usual = np.sort(per_day[per_day > 0])[(per_day > 0).sum() // 2]
    return on[:, int(np.flatnonzero(per_day == usual)[0])]


def _unknown_names(system: DutySystem) -> Iterator[Finding]:
    patterns = [pattern.id for pattern in system.pattern]
    watches = [watch.id for watch in system.watch]
    for rule in system.crews:
        if rule.pattern not in patterns:
            yield unknown_pattern(rule.id, rule.pattern, did_you_mean(rule.pattern, patterns))
    for pattern in system.pattern:
        for name in dict.fromkeys(pattern.days):
            if name != OFF and name not in watches:
                yield unknown_watch(pattern.id, name, did_you_mean(name, [*watches, OFF]))


def _twice_on_duty(calendar: Calendar, crews: Sequence[Crew]) -> Iterator[Finding]:
    crews_of: dict[str, list[int]] = {}
    for number, crew in enumerate(crews):
        for officer in crew.officers:
            crews_of.setdefault(officer.id, []).append(number)
    for name, numbers in crews_of.items():
        for one, two in combinations(numbers, 2):
            if _meet(calendar.roster(one), calendar.roster(two), calendar.cycle_s):
                yield twice_on_duty(name, crews[one].id, crews[two].id)


def _meet(one: Roster, two: Roster, cycle_s: float) -> bool:
    """Return whether two rosters are ever on duty at the same time."""
    return bool(on_duty(one, two[:, 0], cycle_s).any() or on_duty(two, one[:, 0], cycle_s).any())


def _nobody_on_duty(calendar: Calendar, crews: Sequence[Crew]) -> Iterator[Finding]:
    own = np.unique(calendar.roster_of[np.array([crew.neighbour is None for crew in crews], dtype=bool)])
    moments = calendar.moments()
    empty = moments[~calendar.on_duty(moments)[own].any(axis=0)]
    hours = np.unique((empty % WEEK_S) // HOUR_S).astype(int)
    if len(hours):
        quarters = np.arange(0.0, calendar.cycle_s, HOUR_S / 4)
        share = 1.0 - float(calendar.on_duty(quarters)[own].any(axis=0).mean())
        yield nobody_on_duty(hours.tolist(), share)


def hour_spans(hours: Sequence[int]) -> list[str]:
    """Return hours of the week (0 is Monday 00:00) as clock spans with the weekdays that have them, Monday being 1.

    >>> hour_spans([0, 1, 2, 24, 25, 26, 150])
    ['1-2 00:00-03:00', '7 06:00-07:00']
    """
    days_with: dict[Span, list[int]] = {}
    for day in range(7):
        for span in runs([hour % 24 for hour in hours if hour // 24 == day]):
            days_with.setdefault(span, []).append(day + 1)
    return [
        f"{first}-{last} {start:02d}:00-{end + 1:02d}:00" if first < last else f"{first} {start:02d}:00-{end + 1:02d}:00"
        for (start, end), days in days_with.items()
        for first, last in runs(days)
    ]


def runs(numbers: Sequence[int]) -> list[Span]:
    """Return sorted integers as runs, first and last of each.

    >>> runs([1, 2, 3, 7])
    [(1, 3), (7, 7)]
    """
    breaks = [place for place, (one, two) in enumerate(pairwise(numbers), 1) if two != one + 1]
    return [(numbers[first], numbers[last - 1]) for first, last in pairwise([0, *breaks, len(numbers)]) if first < last]


def unknown_pattern(rule: str, pattern: str, near: str) -> Finding:
    """Return the finding for a roster pattern that is not defined."""
    return Finding(
        "unknown-pattern",
        "error",
        N_("Crews {rule} follow the pattern {pattern}, which is not defined."),
        N_("Did you mean {near}?") if near else N_("Add a [[pattern]] with this id."),
        Place(key=f"crews.{rule}.pattern"),
        {"rule": rule, "pattern": pattern, "near": near},
    )


def unknown_watch(pattern: str, watch: str, near: str) -> Finding:
    """Return the finding for a watch that is not defined."""
    return Finding(
        "unknown-watch",
        "error",
        N_("Pattern {pattern} names the watch {watch}, which is not defined."),
        N_("Did you mean {near}?") if near else N_('Add a [[watch]] with this id, or write "off".'),
        Place(key=f"pattern.{pattern}.days"),
        {"pattern": pattern, "watch": watch, "near": near},
    )


def overlap(pattern: str) -> Finding:
    """Return the finding for a pattern whose next watch begins before the last one has ended."""
    return Finding(
        "watches-overlap",
        "error",
        N_("In pattern {pattern} a watch begins before the watch of the day before has ended."),
        N_("Put a day off between them, or shorten the watch."),
        Place(key=f"pattern.{pattern}.days"),
        {"pattern": pattern},
    )


def cycle_too_long(patterns: Sequence[str], days: int) -> Finding:
    """Return the finding for patterns that only repeat together after a very long time."""
    return Finding(
        "cycle-too-long",
        "warning",
        N_("The patterns {patterns} repeat together only after {days} days; the cycle is cut at {most} days."),
        N_("Give the patterns lengths that fit each other."),
        Place(key="pattern"),
        {"patterns": listed(patterns), "days": days, "most": LONGEST_CYCLE_DAYS},
    )


def twice_on_duty(officer: str, one: str, two: str) -> Finding:
    """Return the finding for an officer who stands in two crews at the same time."""
    return Finding(
        "officer-on-duty-twice",
        "error",
        N_("Officer {officer} is on duty in crew {one} and in crew {two} at the same time."),
        N_("Leave the officer in one of the two squads."),
        Place(key="squad"),
        {"officer": officer, "one": one, "two": two},
    )


def nobody_on_duty(hours: Sequence[int], share: float) -> Finding:
    """Return the finding for hours of the week in which, in some week of the cycle, nobody is on duty: `share` of all time."""
    return Finding(
        "hours-without-duty",
        "warning",
        N_("Nobody is on duty for {percent}% of the time, in some weeks of the roster in these hours (1 is Monday): {hours}."),
        N_("Calls of these hours wait, or need neighbours: add a watch or a pattern that covers them."),
        Place(key="pattern"),
        {"percent": round(100.0 * share, 1), "hours": listed(hour_spans(hours), most=14)},
    )
