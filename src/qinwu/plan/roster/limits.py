"""Limits: what the rules of a pack mean for one officer or one pair of watches; the builder and the auditor both ask here."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from qinwu.duty.roster_rules.rules import DeepNight, DutyLength, Pack, Rest, Rule, Sleep, WeekHours
from qinwu.duty.roster_rules.watches import deep_night_hours, is_night
from qinwu.duty.system import Watch
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Shift

FULL_DAY_H = 24.0


def rules_broken(pack: Pack, shift: Shift) -> Iterator[Rule]:
    """Yield every rule, hard or soft, that a shift breaks by itself; of a duty on call only the hours that count are too many."""
    watch = shift.watch
    for length in pack.of(DutyLength):
        if shift.paid > length.most + 1e-9 and (is_night(watch) or not length.nights):
            yield length
    for sleep in pack.of(Sleep):
        if watch.hours > FULL_DAY_H - sleep.least + 1e-9:
            yield sleep
    for deep in pack.of(DeepNight):
        if deep_night_hours(watch) > deep.most + 1e-9:
            yield deep


def is_lawful(pack: Pack, shift: Shift) -> bool:
    """Return whether a shift keeps every hard rule by itself.

    >>> from qinwu.duty.roster_rules.packs import read_pack
    >>> is_lawful(read_pack("tw_police_duty_act_2008"), Shift(Watch(id="night", start="20:00", hours=12), "patrol"))
    False
    """
    return not any(rule.hard for rule in rules_broken(pack, shift))


def rest_rules(pack: Pack, watch: Watch) -> Iterator[tuple[Rule, float]]:
    """Yield every rule that asks for rest after a watch, and how many hours."""
    for rest in pack.of(Rest):
        if watch.hours >= rest.after and (is_night(watch) or not rest.nights):
            yield rest, rest.least
    for sleep in pack.of(Sleep):
        yield sleep, sleep.least


def applies(rule: WeekHours, only_long: bool) -> bool:
    """Return whether a limit of hours holds for somebody who does only long duties, or does not."""
    return rule.of == "all" or (rule.of == "long") == only_long


def most_over_roster(rule: WeekHours, present_days: int) -> float:
    """Return the most hours over a roster of which an officer is there so many days, inf where the rule has none.

    Leave takes its share of the allowance with it: who is there for half of the days may work half of the hours.
    """
    return float("inf") if rule.most is None else rule.most * present_days / 7


def whole_duties(hours: float, shortest: float) -> float:
    """Return the hours up to which an average counts as kept: the last duty may go over by part of itself.

    >>> whole_duties(224.0, 24.0), whole_duties(192.0, 12.0)
    (240.0, 192.0)
    """
    return ceil(hours / shortest - 1e-9) * shortest if shortest > 0 else hours


def shortest_duty(shifts: tuple[Shift, ...]) -> float:
    """Return the fewest hours that count of any shift; 0 for none."""
    return min((shift.paid for shift in shifts), default=0.0)


def roster_hours(question: Question, officer: str, rule: WeekHours) -> float:
    """Return the most hours that a rule over the roster allows an officer, whole duties."""
    if not applies(rule, question.only_long(officer)):
        return float("inf")
    most = most_over_roster(rule, question.present_days(officer))
    return most if most == float("inf") else whole_duties(most, shortest_duty(question.of(officer)))
