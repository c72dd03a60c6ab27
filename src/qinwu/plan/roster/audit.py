"""Audit: every rule that a roster breaks, read in hours and dates from the rules themselves, whoever made the roster.

Nothing here is shared with the builder of the arrays but what a rule means for one watch or one officer (:mod:`limits`): it is the
referee of every plan, every repair and every roster that comes from a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any

import numpy as np

from qinwu.duty.roster_rules.rules import (
    DeepNight,
    DutyLength,
    DutyRun,
    Leader,
    NightRun,
    NoGaps,
    OffRun,
    Pairs,
    Protect,
    Rest,
    Rule,
    Sleep,
    Sworn,
    WeekDaysOff,
    WeekendsOff,
    WeekHours,
    Wishes,
)
from qinwu.duty.roster_rules.watches import deep_night_hours, is_night, rest_between
from qinwu.plan.roster.audit_station import leader_missing, needs_not_met, no_gaps, sworn_missing
from qinwu.plan.roster.broken import AWAY, OVERLAP, UNKNOWN, Broken
from qinwu.plan.roster.limits import rest_rules, roster_hours, rules_broken
from qinwu.plan.roster.people import Wish
from qinwu.plan.roster.question import Question, spills
from qinwu.plan.roster.roster import SATURDAY, Duty, Roster, Shift

Found = Iterator[Broken]


@dataclass(frozen=True)
class Line:
    """One officer's duties, those of last month first."""

    question: Question
    roster: Roster
    officer: str
    row: int

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Every duty, by day."""
        past = [duty for duty in self.question.people.before if duty.officer == self.officer and duty.day < self.roster.first]
        own = [(self.roster.day(day), self.roster.shift(self.row, day)) for day in range(self.roster.days)]
        now = [Duty(day, self.officer, shift.watch, shift.post) for day, shift in own if shift is not None]
        return tuple(sorted([*past, *now], key=lambda duty: duty.day))

    @cached_property
    def new(self) -> tuple[Duty, ...]:
        """Duties of the roster itself."""
        return tuple(duty for duty in self.duties if duty.day >= self.roster.first)

    @cached_property
    def known_since(self) -> date:
        """The first day of which anything is known."""
        return min((duty.day for duty in self.question.people.before), default=self.roster.first)

    def stretches(self, on: Callable[[Duty | None], bool]) -> Iterator[tuple[bool, date, date]]:
        """Yield stretches of days that are alike, from the first day known to the last of the roster."""
        duty = {one.day: one for one in self.duties}
        days = [self.known_since + timedelta(days=n) for n in range((self.roster.last - self.known_since).days + 1)]
        for flag, group in groupby(days, key=lambda day: on(duty.get(day))):
            stretch = list(group)
            yield flag, stretch[0], stretch[-1]


def audit(question: Question, roster: Roster) -> tuple[Broken, ...]:
    """Return everything that a roster breaks or does not meet.

    Parameters
    ----------
    question
        The rules, needs and people it is judged by.
    roster
        Any roster, also one read from a spreadsheet.

    Returns
    -------
    tuple of Broken
        Hard rules and needs first, then soft rules, each by officer and day.
    """
    lines = [Line(question, roster, name, row) for row, name in enumerate(roster.officers)]
    found = [one for line in lines for one in _physical(line)]
    found += needs_not_met(question, roster)
    for rule in question.pack.rule:
        if check := OF_LINE.get(type(rule)):
            found += [one for line in lines for one in check(rule, line)]
        elif whole := OF_STATION.get(type(rule)):
            found += whole(rule, question, roster)
    return tuple(sorted(found, key=lambda one: (not one.hard, one.rule_id, one.officer, one.days)))


def _physical(line: Line) -> Found:
    """Yield what cannot be whatever the rules: two duties at once, a post of others, duty while away."""
    for first, then in pairwise(line.duties):
        days = (then.day - first.day).days
        if then.day >= line.roster.first and rest_between(first.watch, then.watch, days) < -1e-9:
            yield Broken(OVERLAP, (first.day, then.day), officer=line.officer)
    members = {post.id: post.members for post in line.question.needs.posts}
    for duty in line.new:
        if line.officer not in members.get(duty.post, ()):
            yield Broken(UNKNOWN, (duty.day,), officer=line.officer, what=duty.post)
        if line.question.people.away(line.officer, duty.day):
            yield Broken(AWAY, (duty.day,), officer=line.officer)


def _watch(rule: Rule, line: Line) -> Found:
    for duty in line.new:
        shift = _shift(line, duty)
        if any(one.id == rule.id for one in rules_broken(line.question.pack, shift)):
            yield Broken(_kind(rule), (duty.day,), rule, line.officer, _measured(rule, shift), _limit(rule))


def _measured(rule: Rule, shift: Shift) -> float:
    if isinstance(rule, DeepNight):
        return deep_night_hours(shift.watch)
    return shift.paid if isinstance(rule, DutyLength) else 24.0 - shift.watch.hours


def _limit(rule: Rule) -> float:
    return float(getattr(rule, "most", getattr(rule, "least", float("nan"))))


def _kind(rule: Rule) -> str:
    return str(getattr(rule, "kind", ""))


def _rest(rule: Rule, line: Line) -> Found:
    for first, then in pairwise(line.duties):
        least = next((hours for one, hours in rest_rules(line.question.pack, first.watch) if one.id == rule.id), 0.0)
        rest = rest_between(first.watch, then.watch, (then.day - first.day).days)
        if then.day >= line.roster.first and rest < least - 1e-9:
            yield Broken(_kind(rule), (first.day, then.day), rule, line.officer, rest, least)


def _sleep(rule: Sleep, line: Line) -> Found:
    yield from _watch(rule, line)
    yield from _rest(rule, line)


def _shift(line: Line, duty: Duty) -> Shift:
    return Shift(duty.watch, duty.post, line.question.counts(duty.post))


def _week_hours(rule: WeekHours, line: Line) -> Found:
    if rule.over == "roster":
        total, most = sum(_shift(line, duty).paid for duty in line.new), roster_hours(line.question, line.officer, rule)
        if total > most + 1e-6:
            yield Broken("week_hours", (line.roster.first, line.roster.last), rule, line.officer, total, most)
    else:
        for monday, duties in _weeks(line):
            total = sum(_shift(line, duty).paid for duty in duties)
            if rule.most is not None and total > rule.most + 1e-6:
                yield Broken("week_hours", (monday, monday + timedelta(days=6)), rule, line.officer, total, rule.most)


def _weeks(line: Line) -> Iterator[tuple[date, list[Duty]]]:
    """Yield the Monday of each calendar week that the roster touches, with the duties known in it."""
    first = line.roster.first - timedelta(days=line.roster.first.weekday())
    for start in range(0, (line.roster.last - first).days + 1, 7):
        monday = first + timedelta(days=start)
        yield monday, [duty for duty in line.duties if 0 <= (duty.day - monday).days < 7]


def _week_days_off(rule: WeekDaysOff, line: Line) -> Found:
    for monday, duties in _weeks(line):
        free = 7 - len({duty.day for duty in duties})
        if free < rule.least:
            yield Broken("week_days_off", (monday, monday + timedelta(days=6)), rule, line.officer, free, rule.least)


def _longest(rule: NightRun | DutyRun, line: Line, on: Callable[[Duty | None], bool]) -> Found:
    for flag, start, end in line.stretches(on):
        length = (end - start).days + 1
        if flag and length > rule.most and end >= line.roster.first:
            yield Broken(_kind(rule), (start, end), rule, line.officer, length, rule.most)


def _night_run(rule: NightRun, line: Line) -> Found:
    yield from _longest(rule, line, lambda duty: duty is not None and is_night(duty.watch))


def _duty_run(rule: DutyRun, line: Line) -> Found:
    yield from _longest(rule, line, lambda duty: duty is not None)


def _off_run(rule: OffRun, line: Line) -> Found:
    for off, start, end in line.stretches(lambda duty: duty is None):
        length = (end - start).days + 1
        inside = start > line.known_since and line.roster.first <= end < line.roster.last
        if off and inside and length < rule.least:
            yield Broken("off_run", (start, end), rule, line.officer, length, rule.least)


def _weekends_off(rule: WeekendsOff, line: Line) -> Found:
    inside = [line.roster.day(n) for n in range(line.roster.days)]
    weekends = {day - timedelta(days=day.weekday()) for day in inside if day.weekday() >= SATURDAY}
    worked = {duty.day - timedelta(days=duty.day.weekday()) for duty in line.new if duty.day.weekday() >= SATURDAY}
    least, free = int(rule.least * len(weekends) / 4 + 1e-9), len(weekends) - len(worked)
    if free < least:
        yield Broken("weekends_off", (line.roster.first, line.roster.last), rule, line.officer, free, least)


def _protect(rule: Protect, line: Line) -> Found:
    for duty in line.new:
        away = line.question.people.away(line.officer, duty.day + timedelta(days=1))
        if away and away.why in (*rule.what, "secondment_in") and spills(duty.watch):
            yield Broken("protect", (duty.day,), rule, line.officer, what=away.why)


def _wishes(rule: Wishes, line: Line) -> Found:
    on = {duty.day: duty.watch.id for duty in line.new}
    for wish in line.question.people.wishes:
        if (
            wish.officer == line.officer
            and line.roster.first <= wish.day <= line.roster.last
            and not granted(wish, on.get(wish.day))
        ):
            yield Broken("wishes", (wish.day,), rule, line.officer, what=wish.what if wish.wanted else f"-{wish.what}")


def granted(wish: Wish, watch: str | None) -> bool:
    """Return whether a wish is granted by a watch, None for a day off.

    >>> granted(Wish("P01", date(2026, 1, 1), "night", wanted=False), None)
    True
    """
    return ((watch is None) if wish.what == "off" else (watch == wish.what)) == wish.wanted


def _pairs(rule: Pairs, question: Question, roster: Roster) -> Found:
    row = {name: number for number, name in enumerate(roster.officers)}
    for one, other in question.partners:
        if one not in row or other not in row:
            continue
        for day in np.flatnonzero(roster.at[row[one]] != roster.at[row[other]]).tolist():
            date_ = roster.day(day)
            if not question.people.away(one, date_) and not question.people.away(other, date_):
                yield Broken("pairs", (date_,), rule, one, what=other)


OF_LINE: dict[type[Rule], Callable[[Any, Line], Found]] = {
    DeepNight: _watch,
    DutyLength: _watch,
    DutyRun: _duty_run,
    NightRun: _night_run,
    OffRun: _off_run,
    Protect: _protect,
    Rest: _rest,
    Sleep: _sleep,
    WeekDaysOff: _week_days_off,
    WeekHours: _week_hours,
    WeekendsOff: _weekends_off,
    Wishes: _wishes,
}
"""What checks each kind of rule on one officer's duties."""
OF_STATION: dict[type[Rule], Callable[[Any, Question, Roster], Found]] = {
    Leader: leader_missing,
    NoGaps: no_gaps,
    Pairs: _pairs,
    Sworn: sworn_missing,
}
"""What checks each kind of rule on the whole roster."""
