"""Rule breaks in the log as worked (M27): the rules of a roster pack, read in hours that passed and not in watches as planned.

What a rule says, its words and source are the pack's own (:mod:`qinwu.duty.roster_rules`); the auditor of rosters reads the same
rules against watches. Work here may begin at any minute, last beyond its watch, and come twice a day, so it is read as stretches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import fsum
from statistics import median
from typing import Any

from qinwu.duty.roster_rules.hour_limits import applies, most_over_roster, whole_duties
from qinwu.duty.roster_rules.messages import RULE_MESSAGES, days_text, number_text
from qinwu.duty.roster_rules.rules import (
    LONG_DUTY_H,
    DeepNight,
    DutyLength,
    DutyRun,
    NightRun,
    OffRun,
    Pack,
    Rest,
    Rule,
    Sleep,
    WeekDaysOff,
    WeekendsOff,
    WeekHours,
)
from qinwu.findings import Finding, Place
from qinwu.judge.officers.days import is_weekend
from qinwu.judge.officers.hours import Stretch
from qinwu.judge.officers.ledger import MonthAccount
from qinwu.judge.officers.log import days_of
from qinwu.language import N_

DAY = timedelta(days=1)
FULL_DAY_H = 24.0
TINY = 1e-6
STRETCH = N_("{officer}, {days}: {found} h at a stretch; at most {limit}. {rule}")
"""Work as done has no watch: what is too long is what nobody interrupted."""


@dataclass(frozen=True, slots=True)
class Break:
    """A rule that the log breaks: whose, on which days (the first and last of a stretch), by which rows, found and asked."""

    rule: Rule
    officer: str
    days: tuple[date, ...]
    found: float
    limit: float
    rows: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of rule."""
        return str(getattr(self.rule, "kind", ""))

    def finding(self, file: str = "") -> Finding:
        """Return it in words."""
        values = {
            "officer": self.officer,
            "days": days_text(self.days),
            "found": number_text(self.found),
            "limit": number_text(self.limit),
            "rule": self.rule.words,
        }
        place = Place(file, self.rows[-1] if self.rows and self.rows[-1] else None)
        message = STRETCH if isinstance(self.rule, DutyLength) else RULE_MESSAGES[self.kind]
        return Finding(f"worked-{self.kind.replace('_', '-')}", "error" if self.rule.hard else "note", message, "", place, values)


@dataclass(frozen=True)
class Worked:
    """One officer's work: stretches by time, the days looked at, and the accounts of the months."""

    officer: str
    stretches: tuple[Stretch, ...]
    days: tuple[date, ...]
    months: tuple[MonthAccount, ...]

    @property
    def inside(self) -> tuple[Stretch, ...]:
        """Stretches that start on days looked at."""
        return tuple(one for one in self.stretches if self.days[0] <= one.day <= self.days[-1])

    @property
    def only_long(self) -> bool:
        """Whether most of the work was in long duties, so that limits for those hold."""
        return bool(self.inside) and median(one.hours for one in self.inside) > LONG_DUTY_H

    def hours_on(self, days: Sequence[date]) -> float:
        """Return the hours of stretches that start on some days."""
        return fsum(one.hours for one in self.stretches if one.day in days)


Found = Iterator[Break]


def breaks_of(pack: Pack, work: Sequence[Worked]) -> tuple[Break, ...]:
    """Return everything in the log that breaks a rule, hard rules first, then by officer and day.

    Rules about posts, crews, partners and wishes are for the roster; they are not read here.
    """
    found = [
        one for rule in pack.rule if (check := CHECKS.get(type(rule))) for each in work if each.inside for one in check(rule, each)
    ]
    return tuple(sorted(found, key=lambda one: (not one.rule.hard, one.rule.id, one.officer, one.days)))


def _length(rule: DutyLength, work: Worked) -> Found:
    for one in work.inside:
        if one.hours > rule.most + TINY and (one.night or not rule.nights):
            yield Break(rule, work.officer, (one.day,), one.hours, rule.most, one.rows)


def _deep_night(rule: DeepNight, work: Worked) -> Found:
    for one in work.inside:
        if one.night_h > rule.most + TINY:
            yield Break(rule, work.officer, (one.day,), one.night_h, rule.most, one.rows)


def _rest(rule: Rest, work: Worked) -> Found:
    for first, then in pairwise(work.stretches):
        if first.hours >= rule.after - TINY and (first.night or not rule.nights):
            yield from _too_short(rule, rule.least, first, then, work)


def _sleep(rule: Sleep, work: Worked) -> Found:
    for one in work.inside:
        if one.hours > FULL_DAY_H - rule.least + TINY:
            yield Break(rule, work.officer, (one.day,), max(FULL_DAY_H - one.hours, 0.0), rule.least, one.rows)
    for first, then in pairwise(work.stretches):
        yield from _too_short(rule, rule.least, first, then, work)


def _too_short(rule: Rule, least: float, first: Stretch, then: Stretch, work: Worked) -> Found:
    rest = (then.start - first.end).total_seconds() / 3600.0
    if rest < least - TINY and work.days[0] <= then.day <= work.days[-1]:
        yield Break(rule, work.officer, (first.day, then.day), rest, least, (*first.rows, *then.rows))


def _week_hours(rule: WeekHours, work: Worked) -> Found:
    """Yield weeks, or months on average, beyond the limit; the last duty of a month may go over by part of itself."""
    if not applies(rule, work.only_long) or rule.most is None:
        return
    if rule.over == "week":
        for week in _weeks(work):
            hours = work.hours_on(week)
            if hours > rule.most + TINY:
                yield Break(rule, work.officer, (week[0], week[-1]), hours, rule.most)
        return
    for month in work.months:
        days = days_of(month.month)
        own = [one.hours for one in work.inside if one.day in days]
        limit = whole_duties(most_over_roster(rule, round(month.present_days)), median(own) if own else 0.0)
        if sum(own) > limit + TINY:
            yield Break(rule, work.officer, (days[0], days[-1]), sum(own), limit)


def _weeks(work: Worked) -> Iterator[tuple[date, ...]]:
    """Yield the calendar weeks all of whose days are looked at."""
    known = set(work.days)
    for day in work.days:
        week = tuple(day + DAY * number for number in range(7))
        if day.weekday() == 0 and known.issuperset(week):
            yield week


def _week_days_off(rule: WeekDaysOff, work: Worked) -> Found:
    started = {one.day for one in work.stretches}
    for week in _weeks(work):
        free = len(set(week) - started)
        if free < rule.least:
            yield Break(rule, work.officer, (week[0], week[-1]), free, rule.least)


def _weekends_off(rule: WeekendsOff, work: Worked) -> Found:
    for month in work.months:
        days = days_of(month.month)
        weekends = {day - DAY * day.weekday() for day in days if is_weekend(day)}
        worked = {one.day - DAY * one.day.weekday() for one in work.inside if one.day in days and is_weekend(one.day)}
        least, free = int(rule.least * len(weekends) / 4 + 1e-9), len(weekends) - len(worked)
        if free < least:
            yield Break(rule, work.officer, (days[0], days[-1]), free, least)


def _runs(work: Worked, on: Callable[[date], bool]) -> Iterator[tuple[bool, date, date]]:
    """Yield stretches of days that are alike, from the first day known to the last looked at."""
    first = min((one.day for one in work.stretches), default=work.days[0])
    days = [min(first, work.days[0]) + DAY * number for number in range((work.days[-1] - min(first, work.days[0])).days + 1)]
    begin = days[0]
    for day, then in pairwise([*days, days[-1] + DAY]):
        if then > days[-1] or on(then) != on(begin):
            yield on(begin), begin, day
            begin = then


def _longest(rule: NightRun | DutyRun, work: Worked, worked: set[date]) -> Found:
    for flag, start, end in _runs(work, lambda day: day in worked):
        length = (end - start).days + 1
        if flag and length > rule.most and end >= work.days[0]:
            yield Break(rule, work.officer, (start, end), length, rule.most)


def _night_run(rule: NightRun, work: Worked) -> Found:
    yield from _longest(rule, work, {one.day for one in work.stretches if one.night})


def _duty_run(rule: DutyRun, work: Worked) -> Found:
    yield from _longest(rule, work, {one.day for one in work.stretches})


def _off_run(rule: OffRun, work: Worked) -> Found:
    worked = {one.day for one in work.stretches}
    for flag, start, end in _runs(work, lambda day: day in worked):
        length = (end - start).days + 1
        if not flag and start > work.days[0] and end < work.days[-1] and length < rule.least:
            yield Break(rule, work.officer, (start, end), length, rule.least)


CHECKS: Mapping[type[Rule], Callable[[Any, Worked], Found]] = {
    DeepNight: _deep_night,
    DutyLength: _length,
    DutyRun: _duty_run,
    NightRun: _night_run,
    OffRun: _off_run,
    Rest: _rest,
    Sleep: _sleep,
    WeekDaysOff: _week_days_off,
    WeekHours: _week_hours,
    WeekendsOff: _weekends_off,
}
"""What checks each kind of rule."""
