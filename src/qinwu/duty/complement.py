"""Complement: how many officers, how many of them sworn, and which skills a call needs, by class and hour of the week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from qinwu.duty.calendar import HOUR_S, WEEK_S, Calendar, seconds_of
from qinwu.duty.crews import Crew
from qinwu.duty.order import Rows, fits
from qinwu.duty.places import STATION_FILE
from qinwu.duty.response_plan import I8, I64
from qinwu.duty.system import Clock, Complement
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import CallClass

HOURS = 168
MOST_SKILLS = 62


def required(classes: Sequence[CallClass], rules: Sequence[Complement]) -> tuple[I8, I8]:
    """Return (C, 168) people and sworn officers needed: the first rule that fits class and hour, else the class's own.

    A rule's priority filter looks at the priority the class usually has. An hour belongs to a rule when the middle of the hour
    does.
    """
    people = np.repeat(np.array([[one.officers] for one in classes], dtype=np.int8).reshape(-1, 1), HOURS, axis=1)
    sworn = np.repeat(np.array([[one.sworn] for one in classes], dtype=np.int8).reshape(-1, 1), HOURS, axis=1)
    for number, one in enumerate(classes):
        for rule in reversed(rules):
            if fits(rule.calls, one, one.priority):
                hours = np.tile(hours_between(rule.between), 7)
                people[number, hours], sworn[number, hours] = rule.officers, rule.sworn
    return people, np.minimum(sworn, people)


def rule_that_binds(one: CallClass, rules: Sequence[Complement], hour: int) -> int | None:
    """Return the position of the rule that says what a class needs in an hour of the week; None where the class itself does."""
    fitting = (place for place, rule in enumerate(rules) if fits(rule.calls, one, one.priority))
    return next((place for place in fitting if hours_between(rules[place].between)[hour % 24]), None)


def hours_between(between: tuple[Clock, Clock]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return (24,) which hours of the day lie between two clock times, past midnight if need be; equal times mean all day.

    >>> [hour for hour, inside in enumerate(hours_between(("22:00", "02:00"))) if inside]
    [0, 1, 22, 23]
    """
    start, end = (seconds_of(clock) / HOUR_S for clock in between)
    middle = np.arange(24) + 0.5
    if start < end:
        return (middle >= start) & (middle < end)
    return (middle >= start) | (middle < end)


def skill_bits(classes: Sequence[CallClass], crews: Sequence[Crew]) -> dict[str, int]:
    """Return the bit of every skill that a class needs or an officer has, in alphabetical order."""
    needed = {skill for one in classes for skill in one.skills}
    held = {skill for crew in crews for skill in crew.skills}
    return {skill: bit for bit, skill in enumerate(sorted(needed | held))}


def skill_masks(skills: Sequence[Sequence[str] | frozenset[str]], bits: dict[str, int]) -> I64:
    """Return the bit masks of sets of skills."""
    return np.array([sum(1 << bits[skill] for skill in one if bits[skill] <= MOST_SKILLS) for one in skills], dtype=np.int64)


def check_skills(classes: Sequence[CallClass], crews: Sequence[Crew], bits: dict[str, int]) -> Iterator[Finding]:
    """Yield findings for too many skills, and for skills that a class needs and nobody has."""
    if len(bits) > MOST_SKILLS:
        yield too_many_skills(len(bits))
    held = {skill for crew in crews for skill in crew.skills}
    for one in classes:
        if missing := sorted(set(one.skills) - held):
            yield skill_nobody_has(one.id, missing)


def check_complement(
    classes: Sequence[CallClass], crews: Sequence[Crew], calendar: Calendar, rows: Rows, people: I8, sworn: I8
) -> Iterator[Finding]:
    """Yield an error for every class that all crews of its rows together could not serve at any time of the cycle."""
    moments = calendar.moments()
    hour = ((moments % WEEK_S) // HOUR_S).astype(np.int64)
    on = calendar.on_duty(moments).astype(np.int64)
    follows = np.eye(len(calendar.rosters), dtype=np.int64)[calendar.roster_of]
    strength = np.array([(crew.people, crew.sworn) for crew in crews], dtype=np.int64).reshape(-1, 2)
    named = rows.tier >= 0
    for number, one in enumerate(classes):
        pairs = np.stack([rows.row[one.priority - 1, number], rows.support_row[one.priority - 1, number]], axis=1)
        for pair in np.unique(pairs, axis=0):
            sent = named[pair].any(axis=0)[:, None] * strength
            there = (sent.T @ follows) @ on
            if not ((there[0] >= people[number, hour]) & (there[1] >= sworn[number, hour])).any():
                best = there.max(axis=1).tolist()
                yield never_enough(one.id, int(people[number].min()), int(sworn[number].min()), best, rows.order[pair[0]])
                break


def too_many_skills(count: int) -> Finding:
    """Return the finding for more skills than a plan can tell apart."""
    return Finding(
        "too-many-skills",
        "error",
        N_("There are {count} different skills; at most {most} can be told apart."),
        N_("Leave out skills that no call class needs."),
        Place("officers.csv"),
        {"count": count, "most": MOST_SKILLS},
    )


def skill_nobody_has(call_class: str, skills: Sequence[str]) -> Finding:
    """Return the finding for a class that needs a skill no officer in any crew has."""
    return Finding(
        "skill-nobody-has",
        "error",
        N_("Calls of class {call_class} need {skills}, which nobody in any crew has."),
        N_("Enter the skill for an officer, or take it from the class."),
        Place(STATION_FILE, key=f"call_class.{call_class}.skills"),
        {"call_class": call_class, "skills": ", ".join(skills)},
    )


def never_enough(call_class: str, people: int, sworn: int, best: Sequence[int], rule: str) -> Finding:
    """Return the finding for a class whose complement the crews of an order rule can never meet."""
    return Finding(
        "complement-never-met",
        "error",
        N_(
            "Calls of class {call_class} need {people} officers, {sworn} of them sworn; all crews that may be sent have at most "
            "{people_there} and {sworn_there} on duty together."
        ),
        N_("Add a tier that brings more crews, for example station or neighbour."),
        Place(key=f"dispatch.order.{rule}"),
        {
            "call_class": call_class,
            "people": people,
            "sworn": sworn,
            "people_there": best[0],
            "sworn_there": best[1],
        },
    )
