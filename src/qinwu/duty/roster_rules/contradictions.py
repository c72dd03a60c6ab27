"""Contradictions: rules of one pack that no roster at all can keep, found by arithmetic before anybody is rostered."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.roster_rules.rules import (
    DeepNight,
    DutyLength,
    DutyRun,
    OffRun,
    Pack,
    Rest,
    Rule,
    Sleep,
    WeekDaysOff,
    WeekHours,
)
from qinwu.duty.roster_rules.watches import around_the_clock, deep_night_hours
from qinwu.findings import Finding, Place
from qinwu.language import N_

WEEK_H = 168.0
Limit = tuple[float, tuple[Rule, ...]]
"""Most hours a week, and the rules from which that follows."""


def contradictions(pack: Pack) -> Iterator[Finding]:
    """Yield an error for every set of hard rules of a pack that cannot be kept together, whatever the station."""
    yield from _double_ids(pack)
    yield from _least_above_most(pack)
    yield from _no_lawful_watches(pack)


def most_week_hours(pack: Pack) -> Limit:
    """Return the most hours a week that one officer may be on duty for long, by the tightest of the hard rules."""
    return min(_limits(pack), key=lambda limit: limit[0])


def longest_duty(pack: Pack) -> Limit:
    """Return the longest duty that the hard rules allow, and the rule."""
    found: list[Limit] = [(rule.most, (rule,)) for rule in pack.of(DutyLength) if rule.hard and not rule.nights]
    found += [(24.0 - rule.least, (rule,)) for rule in pack.of(Sleep) if rule.hard]
    return min(found, key=lambda limit: limit[0], default=(24.0, ()))


def _limits(pack: Pack) -> Iterator[Limit]:
    """Yield upper limits of the hours a week, each with the rules it follows from."""
    longest, why = longest_duty(pack)
    yield WEEK_H, ()
    yield 7 * longest, why
    for rest in pack.of(Rest):
        if rest.hard and not rest.after and not rest.nights:
            yield WEEK_H * longest / (longest + rest.least) if longest + rest.least > 24 else 7 * longest, (*why, rest)
    for week in pack.of(WeekHours):
        if week.hard and week.of == "all" and week.most is not None:
            yield week.most, (week,)
    for off in pack.of(WeekDaysOff):
        if off.hard:
            yield (7 - off.least) * longest, (*why, off)
    for run in pack.of(DutyRun):
        gap = max((rule.least for rule in pack.of(OffRun) if rule.hard), default=1)
        if run.hard:
            yield 7 * longest * run.most / (run.most + gap), (*why, run, *(rule for rule in pack.of(OffRun) if rule.hard))


def _double_ids(pack: Pack) -> Iterator[Finding]:
    ids = [rule.id for rule in pack.rule]
    for name in sorted({one for one in ids if ids.count(one) > 1}):
        message, remedy = N_("Two rules are called {rule}."), N_("Give each rule an id of its own.")
        yield Finding("double-rule", "error", message, remedy, Place(key="rule"), {"rule": name})


def _least_above_most(pack: Pack) -> Iterator[Finding]:
    """Yield an error where somebody must work more hours a week than other rules allow."""
    most, why = most_week_hours(pack)
    for rule in pack.of(WeekHours):
        if rule.hard and rule.least is not None:
            own = [(one.most, (one,)) for one in pack.of(WeekHours) if one.hard and one.of == rule.of and one.most is not None]
            limit, others = min([(most, why), *own], key=lambda pair: pair[0])
            if rule.least > limit:
                yield _contradiction(rule, others, rule.least, limit)


def _contradiction(rule: Rule, others: tuple[Rule, ...], least: float, most: float) -> Finding:
    message = N_("Rule {rule} asks for {least} hours a week; {others} allow {most} at most.")
    remedy = N_("Change one of these rules, or give it a weight so that it may be bent.")
    values = {"rule": rule.id, "least": f"{least:g}", "others": ", ".join(one.id for one in others), "most": f"{most:g}"}
    return Finding("rules-contradict", "error", message, remedy, Place(key=f"rule.{rule.id}"), values)


def _no_lawful_watches(pack: Pack) -> Iterator[Finding]:
    """Yield an error where the pack's own watches break its rules or leave gaps."""
    longest, why = longest_duty(pack)
    deep = [rule for rule in pack.of(DeepNight) if rule.hard]
    for watch in pack.watch:
        broken = [*(why if watch.hours > longest else ()), *(rule for rule in deep if deep_night_hours(watch) > rule.most)]
        if broken:
            message = N_("Watch {watch} of the pack breaks its own rule {rule}.")
            values = {"watch": watch.id, "rule": broken[0].id}
            yield Finding("watch-breaks-pack", "error", message, N_("Change one of the two."), Place(key="watch"), values)
    if pack.watch and not around_the_clock(pack.watch):
        message = N_("The watches of pack {pack} leave gaps in the day.")
        values = {"pack": pack.id}
        yield Finding("pack-with-gaps", "error", message, N_("Let each begin where another ends."), Place(key="watch"), values)
