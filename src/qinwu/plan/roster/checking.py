"""Checking: the hard rules that a roster breaks, read plainly from the problem, whoever made the roster.

Nothing here is shared with the solvers: it is the referee of every answer and of every test.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from qinwu.findings import Finding, Words
from qinwu.language import N_
from qinwu.plan.roster.cost import cover_count
from qinwu.plan.roster.problem import HARD, I32, OFF, Cover, RosterProblem

RULES = {
    "shape": N_("the roster does not have a shift or a day off for everybody on every day"),
    "allowed": N_("this shift is not allowed on this day"),
    "follow": N_("this shift comes too soon after another"),
    "most": N_("too many duties of one kind"),
    "minutes_low": N_("too few hours"),
    "minutes_high": N_("too many hours"),
    "week_high": N_("too many hours in a week"),
    "run_low": N_("too few days on duty in a row"),
    "run_high": N_("too many days on duty in a row"),
    "off_low": N_("too few days off in a row"),
    "weekends_high": N_("too many weekends with duty"),
    "night_run_high": N_("too many nights in a row"),
    "together": N_("two who belong together have different duties"),
    "under": N_("too few on duty"),
    "over": N_("too many on duty"),
}
"""Every hard rule by its name in the problem, in words."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a roster breaks.

    Parameters
    ----------
    rule
        A name in `RULES`.
    people
        Positions of those concerned; empty for a need of the station.
    days
        The days concerned, negative before the horizon.
    found, limit
        What the roster has, and what the rule asks for; nan where there is no number.
    what
        The shift or the need, by name, where there is one.
    """

    rule: str
    people: tuple[int, ...]
    days: tuple[int, ...]
    found: float = float("nan")
    limit: float = float("nan")
    what: str = ""

    def finding(self, problem: RosterProblem) -> Finding:
        """Return it in words, days counted from 1."""
        values: dict[str, object] = {
            "rule": Words(RULES[self.rule]),
            "who": ", ".join([problem.people[person] for person in self.people] or [self.what]),
            "days": ", ".join(str(day + 1) for day in self.days[:7]),
        }
        message, remedy = N_("{who}, day {days}: {rule}."), N_("Change these duties or relax the rule.")
        return Finding(f"roster-{self.rule.replace('_', '-')}", "error", message, remedy, values=values)


def violations(problem: RosterProblem, roster: I32, people: Iterable[int] | None = None) -> list[Violation]:
    """Return every hard rule that a roster breaks, with who and when.

    Parameters
    ----------
    problem
        With E people, D days and S shifts.
    roster
        (E, D) shift positions, OFF for a day off.
    people
        Whose lines to look at, beside needs and pairs; None for everybody's.

    Returns
    -------
    list of Violation
        Empty for a roster that keeps all rules.
    """
    count, days, shifts = problem.shape
    if roster.shape != (count, days) or (roster.size and not OFF <= roster.min() <= roster.max() < shifts):
        return [Violation("shape", (), ())]
    found = [
        one for person in (range(count) if people is None else people) for one in line_violations(problem, person, roster[person])
    ]
    found += [one for pair in problem.together for one in _apart(problem, pair, roster)]
    found += [one for cover in problem.cover for one in _cover(cover, cover_count(cover, roster))]
    return found


def line_violations(problem: RosterProblem, person: int, line: I32) -> list[Violation]:
    """Return every rule that one person's line breaks: all rules but those of people together.

    Parameters
    ----------
    problem, person
        Whose line it is.
    line
        (D,) shift positions, OFF for a day off.
    """
    history = [int(shift) for shift in problem.before[person]]
    duties = [int(shift) for shift in line]
    checks = [
        _not_allowed(problem, person, duties),
        _too_soon(problem, person, history, duties),
        _too_many_of_a_kind(problem, person, duties),
        _hours(problem, person, duties),
        _runs(problem, person, history, duties),
        _night_runs(problem, person, history, duties),
        _weekends(problem, person, duties),
    ]
    return [one for check in checks for one in check]


def _not_allowed(problem: RosterProblem, person: int, duties: Sequence[int]) -> Iterator[Violation]:
    for day, shift in enumerate(duties):
        if shift != OFF and not problem.allowed[person, day, shift]:
            yield Violation("allowed", (person,), (day,), what=problem.shifts[shift])


def _too_soon(problem: RosterProblem, person: int, history: Sequence[int], duties: Sequence[int]) -> Iterator[Violation]:
    both, past = [*history, *duties], len(history)
    longest = int(problem.follow.max(initial=1))
    for later in range(past, len(both)):
        for earlier in range(max(0, later - longest + 1), later):
            if OFF in (both[earlier], both[later]):
                continue
            least = int(problem.follow[both[earlier], both[later]])
            if later - earlier < least:
                yield Violation(
                    "follow", (person,), (earlier - past, later - past), later - earlier, least, problem.shifts[both[later]]
                )


def _too_many_of_a_kind(problem: RosterProblem, person: int, duties: Sequence[int]) -> Iterator[Violation]:
    for shift, name in enumerate(problem.shifts):
        on = tuple(day for day, duty in enumerate(duties) if duty == shift)
        if len(on) > problem.most[person, shift]:
            yield Violation("most", (person,), on, len(on), int(problem.most[person, shift]), name)


def _hours(problem: RosterProblem, person: int, duties: Sequence[int]) -> Iterator[Violation]:
    paid = [int(problem.minutes[shift]) if shift != OFF else 0 for shift in duties]
    low, high = int(problem.minutes_low[person]), int(problem.minutes_high[person])
    if sum(paid) < low:
        yield Violation("minutes_low", (person,), (), sum(paid), low)
    if sum(paid) > high:
        yield Violation("minutes_high", (person,), (), sum(paid), high)
    for week, most in enumerate(problem.week_high[person]):
        inside = tuple(day for day, which in enumerate(problem.week_of) if which == week)
        used = sum(paid[day] for day in inside)
        if used > most:
            yield Violation("week_high", (person,), inside, used, int(most))


def _runs(problem: RosterProblem, person: int, history: Sequence[int], duties: Sequence[int]) -> Iterator[Violation]:
    past, end = len(history), len(history) + len(duties)
    for on, start, stop in _stretches([shift != OFF for shift in [*history, *duties]]):
        if stop < past:
            continue
        days = tuple(range(start - past, stop - past))
        rule, low = ("run_low", problem.run_low[person]) if on else ("off_low", problem.off_low[person])
        if start > 0 and stop < end and stop - start < low:
            yield Violation(rule, (person,), days, stop - start, int(low))
        if on and stop > past and stop - start > problem.run_high[person]:
            yield Violation("run_high", (person,), days, stop - start, int(problem.run_high[person]))


def _night_runs(problem: RosterProblem, person: int, history: Sequence[int], duties: Sequence[int]) -> Iterator[Violation]:
    past, most = len(history), int(problem.night_run_high[person])
    for night, start, stop in _stretches([shift != OFF and bool(problem.nights[shift]) for shift in [*history, *duties]]):
        if night and stop > past and stop - start > most:
            yield Violation("night_run_high", (person,), tuple(range(start - past, stop - past)), stop - start, most)


def _stretches(flags: Sequence[bool]) -> Iterator[tuple[bool, int, int]]:
    """Yield value, first place and place after the last of each stretch of equal flags."""
    start = 0
    for flag, group in groupby(flags):
        stop = start + len(list(group))
        yield flag, start, stop
        start = stop


def _weekends(problem: RosterProblem, person: int, duties: Sequence[int]) -> Iterator[Violation]:
    worked = [pair for pair in problem.weekends.tolist() if any(day >= 0 and duties[day] != OFF for day in pair)]
    if len(worked) > problem.weekends_high[person]:
        days = tuple(day for pair in worked for day in pair if day >= 0 and duties[day] != OFF)
        yield Violation("weekends_high", (person,), days, len(worked), int(problem.weekends_high[person]))


def _apart(problem: RosterProblem, pair: tuple[int, int], roster: I32) -> Iterator[Violation]:
    one, other = pair
    both = problem.there[one] & problem.there[other]
    days = tuple(int(day) for day in np.nonzero(both & (roster[one] != roster[other]))[0])
    if days:
        yield Violation("together", pair, days)


def _cover(cover: Cover, counts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Iterator[Violation]:
    for day, (count, need) in enumerate(zip(counts.tolist(), cover.need.tolist(), strict=True)):
        if cover.under == HARD and count < need:
            yield Violation("under", (), (day,), count, need, cover.name)
        if cover.over == HARD and count > need:
            yield Violation("over", (), (day,), count, need, cover.name)
