"""Limits: what the rules of a pack mean for one officer or one pair of watches; the builder and the auditor both ask here."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.roster_rules.hour_limits import applies, most_over_roster, whole_duties
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


def shortest_duty(shifts: tuple[Shift, ...]) -> float:
    """Return the fewest hours that count of any shift; 0 for none."""
    return min((shift.paid for shift in shifts), default=0.0)


def roster_hours(question: Question, officer: str, rule: WeekHours) -> float:
    """Return the most hours that a rule over the roster allows an officer, whole duties."""
    if not applies(rule, question.only_long(officer)):
        return float("inf")
    most = most_over_roster(rule, question.present_days(officer))
    return most if most == float("inf") else whole_duties(most, shortest_duty(question.of(officer)))
