"""Constraints: each rule of a pack as limits on one officer's line, in the arrays of the roster problem."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import numpy as np

from qinwu.duty.roster_rules.hour_limits import applies, most_over_roster, whole_duties
from qinwu.duty.roster_rules.rules import (
    DeepNight,
    DutyLength,
    DutyRun,
    NightRun,
    OffRun,
    Protect,
    Rest,
    Rule,
    Sleep,
    WeekDaysOff,
    WeekendsOff,
    WeekHours,
    Wishes,
)
from qinwu.duty.roster_rules.watches import days_for_rest, is_night
from qinwu.plan.roster.limits import rest_rules, rules_broken, shortest_duty
from qinwu.plan.roster.people import Wish
from qinwu.plan.roster.problem import F64, I32, OFF, Bool
from qinwu.plan.roster.question import Question, spills

LONGEST_HISTORY = 14
"""Days of last month that may matter."""
MINUTES = 60


@dataclass
class Lines:
    """The limits of every line while they are being drawn up: E officers, D days, S shifts, W weeks."""

    question: Question
    allowed: Bool
    follow: I32
    minutes: I32
    minutes_low: I32
    minutes_high: I32
    week_of: I32
    week_high: I32
    run_high: I32
    off_low: I32
    weekends: I32
    weekends_high: I32
    night_run_high: I32
    before: I32
    on_cost: F64
    off_cost: F64

    def arrays(self) -> dict[str, Any]:
        """Return them by the names that the roster problem gives them."""
        count, days, shifts = self.allowed.shape
        return {
            "minutes": self.minutes,
            "allowed": self.allowed,
            "follow": self.follow,
            "most": np.full((count, shifts), days, dtype=np.int32),
            "minutes_low": self.minutes_low,
            "minutes_high": self.minutes_high,
            "week_high": self.week_high,
            "week_of": self.week_of,
            "run_low": np.ones(count, dtype=np.int32),
            "run_high": self.run_high,
            "off_low": self.off_low,
            "weekends_high": self.weekends_high,
            "weekends": self.weekends,
            "nights": np.array([is_night(shift.watch) for shift in self.question.shifts], dtype=np.bool_),
            "night_run_high": self.night_run_high,
            "before": self.before,
            "on_cost": self.on_cost,
            "off_cost": self.off_cost,
        }


def lines_of(question: Question) -> Lines:
    """Return what every rule of the pack and every absence means for each line."""
    lines = _open_lines(question)
    for rule in question.pack.rule:
        draw = DRAW.get(type(rule))
        if draw is not None:
            draw(lines, rule)
    if question.usual:
        _usual_hours(lines)
    return lines


def _open_lines(question: Question) -> Lines:
    """Return lines with nothing but what is physically so: one duty at a time, by members of the post who are there."""
    count, days, shifts = len(question.officers), question.days, len(question.shifts)
    weekends = _weekends(question)
    first_week = question.first.weekday()
    week_of = ((np.arange(days) + first_week) // 7).astype(np.int32)
    total = int(sum(shift.watch.hours for shift in question.shifts) * MINUTES * days) + 1
    follow = [[days_for_rest(one.watch, two.watch, 0.0) for two in question.shifts] for one in question.shifts]
    return Lines(
        question,
        allowed=_allowed(question),
        follow=np.array(follow, dtype=np.int32).reshape(shifts, shifts),
        minutes=np.array([round(shift.paid * MINUTES) for shift in question.shifts], dtype=np.int32),
        minutes_low=np.zeros(count, dtype=np.int32),
        minutes_high=np.full(count, total, dtype=np.int32),
        week_of=week_of,
        week_high=np.full((count, int(week_of[-1]) + 1), total, dtype=np.int32),
        run_high=np.full(count, days + LONGEST_HISTORY, dtype=np.int32),
        off_low=np.ones(count, dtype=np.int32),
        weekends=weekends,
        weekends_high=np.full(count, len(weekends), dtype=np.int32),
        night_run_high=np.full(count, days + LONGEST_HISTORY, dtype=np.int32),
        before=_before(question),
        on_cost=np.zeros((count, days, shifts)),
        off_cost=np.zeros((count, days)),
    )


def _allowed(question: Question) -> Bool:
    """Return (E, D, S) who is a member of the post and there; guests stay no longer than they are lent."""
    allowed = np.zeros((len(question.officers), question.days, len(question.shifts)), dtype=np.bool_)
    for row, officer in enumerate(question.officers):
        own = np.array([shift in question.of(officer.id) for shift in question.shifts], dtype=np.bool_)
        for day in range(question.days):
            if question.people.away(officer.id, question.day(day)) is None:
                allowed[row, day] = own
    return allowed


def _weekends(question: Question) -> I32:
    """Return (W, 2) the Saturday and Sunday of each weekend that the roster touches, -1 for a day outside."""
    days = {question.day(number): number for number in range(question.days)}
    saturdays = [number - question.day(number).weekday() + 5 for number in days.values() if question.day(number).weekday() >= 5]
    pairs = [[days.get(question.day(one), -1) for one in (number, number + 1)] for number in dict.fromkeys(saturdays)]
    return np.array(pairs, dtype=np.int32).reshape(-1, 2)


def _before(question: Question) -> I32:
    """Return (E, H) the shifts of the days before; H is 0 where nothing is known."""
    duties = [duty for duty in question.people.before if 0 < (question.first - duty.day).days <= LONGEST_HISTORY]
    history = max(((question.first - duty.day).days for duty in duties), default=0)
    number = {(shift.post, shift.watch.id): at for at, shift in enumerate(question.shifts)}
    row = {one.id: at for at, one in enumerate(question.officers)}
    table = np.full((len(row), history), OFF, dtype=np.int32)
    for duty in duties:
        if duty.officer in row:
            table[row[duty.officer], history - (question.first - duty.day).days] = number[duty.post, duty.watch.id]
    return table


def _watch_limits(lines: Lines, rule: Rule) -> None:
    """Forbid watches that break a rule by themselves, or price every hour beyond it that another watch of the post would save."""
    shifts = lines.question.shifts
    broken = [any(one.id == rule.id for one in rules_broken(lines.question.pack, shift)) for shift in shifts]
    if rule.hard:
        lines.allowed[:, :, np.array(broken, dtype=np.bool_)] = False
    elif isinstance(rule, DutyLength):
        beyond = [max(0.0, shift.paid - rule.most) if over else 0.0 for shift, over in zip(shifts, broken, strict=True)]
        for number, shift in enumerate(shifts):
            least = min(hours for hours, other in zip(beyond, shifts, strict=True) if other.post == shift.post)
            lines.on_cost[:, :, number] += (rule.weight or 0.0) * (beyond[number] - least)


def _rest(lines: Lines, rule: Rule) -> None:
    """Keep watches so many days apart that there is enough rest between them."""
    for one, first in enumerate(lines.question.shifts):
        least = max((hours for other, hours in rest_rules(lines.question.pack, first.watch) if other.id == rule.id), default=0.0)
        for two, then in enumerate(lines.question.shifts):
            lines.follow[one, two] = max(lines.follow[one, two], days_for_rest(first.watch, then.watch, least))


def _rest_and_length(lines: Lines, rule: Rule) -> None:
    _watch_limits(lines, rule)
    _rest(lines, rule)


def _week_hours(lines: Lines, rule: WeekHours) -> None:
    question = lines.question
    for row, officer in enumerate(question.officers):
        if not applies(rule, question.only_long(officer.id)):
            continue
        shortest = shortest_duty(question.of(officer.id))
        if rule.over == "roster":
            present = question.present_days(officer.id)
            if rule.most is not None:
                most = whole_duties(most_over_roster(rule, present), shortest)
                lines.minutes_high[row] = min(lines.minutes_high[row], round(most * MINUTES))
            if rule.least is not None:
                least = floor(rule.least * present / 7 / shortest + 1e-9) * shortest if shortest else 0.0
                lines.minutes_low[row] = max(lines.minutes_low[row], round(least * MINUTES))
        elif rule.most is not None:
            _week_limit(lines, row, rule.most * MINUTES)


def _week_limit(lines: Lines, row: int, most: float) -> None:
    """Limit the minutes of every calendar week; what was worked of the first one before the roster counts."""
    worked = np.zeros(lines.week_high.shape[1])
    inside = min(lines.question.first.weekday(), lines.before.shape[1])
    for shift in lines.before[row, lines.before.shape[1] - inside :].tolist():
        worked[0] += 0 if shift == OFF else lines.minutes[shift]
    limit = np.maximum(np.floor(most - worked), 0).astype(np.int32)
    lines.week_high[row] = np.minimum(lines.week_high[row], limit)


def _week_days_off(lines: Lines, rule: WeekDaysOff) -> None:
    """Allow so many duties a week: as minutes, which is exact where an officer's watches are of one length and else stricter."""
    for row, officer in enumerate(lines.question.officers):
        shortest = shortest_duty(lines.question.of(officer.id))
        _week_limit(lines, row, (7 - rule.least) * shortest * MINUTES)


def _night_run(lines: Lines, rule: NightRun) -> None:
    lines.night_run_high[:] = np.minimum(lines.night_run_high, rule.most)


def _duty_run(lines: Lines, rule: DutyRun) -> None:
    lines.run_high[:] = np.minimum(lines.run_high, rule.most)


def _off_run(lines: Lines, rule: OffRun) -> None:
    lines.off_low[:] = np.maximum(lines.off_low, rule.least)


def _weekends_off(lines: Lines, rule: WeekendsOff) -> None:
    count = len(lines.weekends)
    lines.weekends_high[:] = np.minimum(lines.weekends_high, count - floor(rule.least * count / 4 + 1e-9))


def _protect(lines: Lines, rule: Protect) -> None:
    """Keep duties from running past midnight into the first day of what is protected."""
    question = lines.question
    late = np.array([spills(shift.watch) for shift in question.shifts], dtype=np.bool_)
    for row, officer in enumerate(question.officers):
        for day in range(question.days):
            away = question.people.away(officer.id, question.day(day + 1))
            if away is not None and away.why in (*rule.what, "secondment_in"):
                lines.allowed[row, day, late] = False


def _wishes(lines: Lines, rule: Wishes) -> None:
    question, weight = lines.question, rule.weight or 0.0
    row = {one.id: number for number, one in enumerate(question.officers)}
    for wish in question.people.wishes:
        day = (wish.day - question.first).days
        if wish.officer not in row or not 0 <= day < question.days:
            continue
        against, off = _against(wish, [shift.watch.id for shift in question.shifts])
        lines.on_cost[row[wish.officer], day, against] += weight
        lines.off_cost[row[wish.officer], day] += weight * off


def _against(wish: Wish, watches: Sequence[str]) -> tuple[Bool, bool]:
    """Return (S,) which shifts a wish speaks against, and whether it speaks against a day off."""
    if wish.what == "off":
        return np.full(len(watches), wish.wanted), not wish.wanted
    same = np.array([watch == wish.what for watch in watches], dtype=np.bool_)
    return (~same if wish.wanted else same), wish.wanted


def _usual_hours(lines: Lines) -> None:
    """Ask nobody for more hours than in the system in force, but for one duty: where its cycle is cut off somebody has one more."""
    question = lines.question
    for row, officer in enumerate(question.officers):
        usual = max((post.usual_h for post in question.needs.posts if officer.id in post.members), default=0.0)
        shortest = shortest_duty(question.of(officer.id))
        if usual and shortest:
            most = whole_duties(usual * question.present_days(officer.id) / 7, shortest) + shortest
            lines.minutes_high[row] = min(lines.minutes_high[row], round(most * MINUTES))


DRAW: dict[type[Rule], Callable[[Lines, Any], None]] = {
    DeepNight: _watch_limits,
    DutyLength: _watch_limits,
    DutyRun: _duty_run,
    NightRun: _night_run,
    OffRun: _off_run,
    Protect: _protect,
    Rest: _rest,
    Sleep: _rest_and_length,
    WeekDaysOff: _week_days_off,
    WeekHours: _week_hours,
    WeekendsOff: _weekends_off,
    Wishes: _wishes,
}
"""What draws each kind of rule into the lines; kinds that are needs or shared work are built elsewhere."""
