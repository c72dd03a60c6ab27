"""Pattern check: what a pattern means for cover and for those who live by it, and which patterns near to it work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import lcm

import numpy as np

from qinwu.duty.roster_rules.rules import Pack
from qinwu.duty.roster_rules.watches import end_of, is_night, start_of, watch_at
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.plan.roster.audit import audit
from qinwu.plan.roster.broken import Broken
from qinwu.plan.roster.needs import F64, Need, Needs, Post, day_numbers
from qinwu.plan.roster.patterns import LONGEST_WEEK_H, WEEK_H, Pattern, rhythm_pattern
from qinwu.plan.roster.people import People
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Duty, roster_of
from qinwu.station.config import Text
from qinwu.station.force import Officer


@dataclass(frozen=True)
class PatternCheck:
    """What a pattern is.

    Parameters
    ----------
    pattern
        The pattern.
    on
        Groups on duty in each half-hour from a Monday 00:00 until everything repeats.
    shortest_rest_h
        Fewest hours off between two duties.
    nights_in_a_row, days_in_a_row
        Most of them.
    weekends_off
        Share of weekends without duty.
    findings
        What is wrong with it, in words.
    nearest
        Patterns that work, near to it.
    """

    pattern: Pattern
    on: F64
    shortest_rest_h: float
    nights_in_a_row: int
    days_in_a_row: int
    weekends_off: float
    findings: tuple[Finding, ...]
    nearest: tuple[Pattern, ...]

    @property
    def gap_min_per_week(self) -> float:
        """Minutes a week on average with no group on duty (M56)."""
        return float((self.on == 0).mean() * WEEK_H * 60)

    @property
    def possible(self) -> bool:
        """Whether the groups take turns without a gap."""
        return not any(one.severity == "error" for one in self.findings)

    def by_hour(self) -> F64:
        """Return (24,) the fewest groups on duty at each hour of the day."""
        return np.asarray(self.on.reshape(-1, 24, 2).min(axis=(0, 2)))


HALF_HOURS = 48
BEGIN_H = 8.0
"""A bare rhythm begins at eight in the morning."""


def check_pattern(pattern: Pattern) -> PatternCheck:
    """Return what a pattern is, by arithmetic."""
    on = _groups_on(pattern)
    line = _line(pattern)
    findings = tuple(_wrong(pattern, on))
    nearest = tuple(nearest_patterns(pattern)) if findings else ()
    rests, nights, days, weekends = _lived(pattern, line)
    return PatternCheck(pattern, on, rests, nights, days, weekends, findings, nearest)


def _groups_on(pattern: Pattern) -> F64:
    """Return how many groups are on duty in each half-hour until everything repeats."""
    cycle = round(pattern.cycle_h * 2)
    span = lcm(cycle, HALF_HOURS * 7)
    one = np.zeros(cycle)
    if pattern.days:
        for day, watch in enumerate(pattern.days):
            if watch:
                begin = round((day * 24 + start_of(watch)) * 2)
                one[np.arange(begin, begin + round(watch.hours * 2)) % cycle] += 1
        offset = pattern.step * HALF_HOURS
        shifted = [np.resize(np.roll(one, -group * offset), span) for group in range(pattern.groups)]
        return np.asarray(np.sum(shifted, axis=0))
    one[np.arange(round(BEGIN_H * 2), round((BEGIN_H + pattern.on_h) * 2)) % cycle] = 1
    # Groups of a bare rhythm start an equal part of the cycle apart.
    offsets = [round(group * cycle / pattern.groups) for group in range(pattern.groups)]
    return np.asarray(np.sum([np.resize(np.roll(one, offset), span) for offset in offsets], axis=0))


def _line(pattern: Pattern) -> list[tuple[float, float, bool]]:
    """Return start, end and whether it is a night, of each duty of one group until its weekdays repeat."""
    if not pattern.days:
        count = lcm(round(pattern.cycle_h * 2), HALF_HOURS * 7) // round(pattern.cycle_h * 2)
        starts = [BEGIN_H + number * pattern.cycle_h for number in range(count)]
        return [(start, start + pattern.on_h, _at_night(start, start + pattern.on_h)) for start in starts]
    length = lcm(len(pattern.days), 7)
    duties = [(day, pattern.days[day % len(pattern.days)]) for day in range(length)]
    return [(day * 24 + start_of(one), day * 24 + end_of(one), is_night(one)) for day, one in duties if one]


def _at_night(start: float, end: float) -> bool:
    """Return whether a duty takes at least three hours between midnight and six."""
    begin = start % 24
    return is_night(watch_at(begin, end - start))


def _lived(pattern: Pattern, line: list[tuple[float, float, bool]]) -> tuple[float, int, int, float]:
    """Return the shortest rest, most nights and most days with duty in a row, and the share of weekends off."""
    span = lcm(round(pattern.cycle_h * 2), HALF_HOURS * 7) / 2
    again = [*line, *((start + span, end + span, night) for start, end, night in line)]
    rests = [then[0] - one[1] for one, then in pairwise(again)]
    days = {int(start // 24) for start, _, _ in again}
    nights = {int(start // 24) for start, _, night in again if night}
    weekends = {int(start // WEEK_H) for start, _, _ in line if start % WEEK_H >= 120}
    return min(rests), _longest_run(nights), _longest_run(days), 1 - len(weekends) / (span / WEEK_H)


def _longest_run(days: set[int]) -> int:
    best = run = 0
    for day in range(max(days, default=-1) + 1):
        run = run + 1 if day in days else 0
        best = max(best, run)
    return best


def _wrong(pattern: Pattern, on: F64) -> Iterator[Finding]:
    """Yield what is wrong with a pattern."""
    turns = pattern.groups_in_turn
    values: dict[str, object] = {
        "pattern": str(pattern.name),
        "groups": pattern.groups,
        "on": f"{pattern.duty_h:g}",
        "cycle": f"{pattern.cycle_h:g}",
        "turns": f"{turns:.3g}",
        "each": f"{pattern.groups * pattern.duty_h:g}",
        "rest": f"{(pattern.groups - 1) * pattern.duty_h:g}",
        "hours": f"{pattern.hours_per_week:.1f}",
        "least": f"{on.min():g}",
        "most": f"{on.max():g}",
        "gap": f"{(on == 0).mean() * WEEK_H:.1f}",
    }
    if (on == 0).any():
        message = N_("{pattern} holds {turns} groups in turn ({on} h in every {cycle} h): {groups} leave {gap} h a week empty.")
        yield Finding("pattern-with-gaps", "error", message, "", Place(key="--pattern"), values)
    elif pattern.on_h and on.min() != on.max():
        message = N_("{groups} groups cannot take turns at {pattern}: its {cycle} h hold {turns} groups of {on} h.")
        remedy = N_("{groups} in turn are off {rest} h each; at {pattern} {least} to {most} are on at once, {hours} h a week each.")
        yield Finding("pattern-impossible", "error", message, remedy, Place(key="--pattern"), values)
    if pattern.hours_per_week > LONGEST_WEEK_H:
        message = N_("Everybody is on duty {hours} hours a week.")
        yield Finding("pattern-long-hours", "warning", message, N_("Add days off or a group."), Place(key="--pattern"), values)


def nearest_patterns(pattern: Pattern) -> Iterator[Pattern]:
    """Yield patterns near to one that does not work: the same hours on duty, whole groups in turn.

    >>> [(one.groups, str(one.name), round(one.hours_per_week)) for one in nearest_patterns(rhythm_pattern(24, 36, 4))]
    [(4, '24/72', 42), (3, '24/48', 56)]
    """
    found = list(_near(pattern))
    yield from [one for one in found if one.hours_per_week <= LONGEST_WEEK_H] or found


def _near(pattern: Pattern) -> Iterator[Pattern]:
    on = pattern.on_h or max((watch.hours for watch in pattern.days if watch), default=24.0)
    turns = pattern.groups_in_turn
    for groups in dict.fromkeys([pattern.groups, int(turns) + 1, int(turns)]):
        if groups >= 2 and groups != turns:
            yield rhythm_pattern(on, (groups - 1) * on, groups)
    exact = Fraction(turns).limit_denominator(20)
    if exact.denominator > 1 and not pattern.days:
        # Two or more at once: as many groups as make the average on duty whole.
        yield Pattern(pattern.name, (), exact.numerator, 1, pattern.on_h, pattern.off_h)


def rules_broken_by(pattern: Pattern, pack: Pack) -> tuple[Broken, ...]:
    """Return the rules of a pack that everybody breaks who lives by a pattern, each once, the hard ones first.

    One group is followed until pattern and weekdays repeat, at least four weeks.

    Parameters
    ----------
    pattern
        The pattern.
    pack
        The rules; those about a whole station, such as no gaps, are not asked.
    """
    monday, line = date(2024, 1, 1), _line(pattern)
    span = lcm(round(pattern.cycle_h * 2), HALF_HOURS * 7) // HALF_HOURS
    days = span * max(1, -(-28 // span))
    duties = [
        Duty(monday + timedelta(days=turn + int(start // 24)), "A", watch_at(start % 24, end - start), GROUP)
        for turn in range(0, days, span)
        for start, end, _ in line
    ]
    post = Post(GROUP, Text(zh="轮班组", en="Group"), ("A",))
    nobody = day_numbers(0)
    watches = {duty.watch.id: duty.watch for duty in duties}.values()
    needs = tuple(Need(GROUP, watch, nobody, nobody, nobody, nobody) for watch in watches)
    question = Question(pack, Needs((post,), needs, ""), People((Officer("A", "sworn"),)), monday, days)
    found = audit(question, roster_of(monday, days, ("A",), duties))
    return tuple({one.rule_id: one for one in reversed(found) if one.rule is not None and one.officer}.values())[::-1]


GROUP = "group"
