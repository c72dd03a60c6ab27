"""Relaxing: the least change of one rule, need or absence that makes a roster possible, and what it costs in officer-hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from qinwu.duty.roster_rules.rules import Rule, WeekHours
from qinwu.findings import Finding, Place, Words
from qinwu.language import N_
from qinwu.plan.roster.adapt import served_by_long_duty
from qinwu.plan.roster.arithmetic import hours_of
from qinwu.plan.roster.needs import LEAD, Need
from qinwu.plan.roster.people import WHY, Absence
from qinwu.plan.roster.question import Question
from qinwu.station.force import Officer

Feasible = Callable[[Question], bool | None]
LONGEST_WEEK_H = 84.0
"""No limit of hours a week is raised beyond this."""
MOST_NEW = 6
"""So many more officers are tried."""
STEPS: dict[str, tuple[str, int, float]] = {
    "night_run": ("most", 1, 7),
    "duty_run": ("most", 1, 14),
    "off_run": ("least", -1, 1),
    "week_days_off": ("least", -1, 0),
    "weekends_off": ("least", -1, 0),
    "rest": ("least", -1, 0),
    "deep_night": ("most", 1, 6),
}
"""By how much the figure of each kind of rule is changed at a time, and how far at most."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One way out: what changes, in words, and the officer-hours a week that it costs (or saves, where less is asked)."""

    finding: Finding
    hours: float
    question: Question


def raised_hours(question: Question, rule: WeekHours, feasible: Feasible) -> Relaxation | None:
    """Return the lowest limit of hours a week by which a roster becomes possible, by halving; None where none does."""
    # Less than the mean of what is needed cannot be enough, though rounding to whole duties may hide it in a short roster.
    means = [hours.needed / hours.members for hours in hours_of(question) if hours.rule is not None and hours.rule.id == rule.id]
    low, high = max([rule.most or 0.0, *(ceil(mean - 1e-9) - 1.0 for mean in means)]), LONGEST_WEEK_H
    if rule.most is None or feasible(_with(question, rule, most=high)) is not True:
        return None
    while high - low > 1.0:
        middle = ceil((low + high) / 2)
        if middle >= high:
            break
        low, high = (low, middle) if feasible(_with(question, rule, most=float(middle))) is True else (middle, high)
    message = N_("Raise {rule} from {before} to {after} hours a week, and owe the difference as time off.")
    members = sum(hours.members for hours in hours_of(question) if hours.rule is not None and hours.rule.id == rule.id)
    values = {"rule": rule.words, "before": f"{rule.most:g}", "after": f"{high:g}"}
    return Relaxation(_note(message, values), (high - rule.most) * members, _with(question, rule, most=high))


def stepped(question: Question, rule: Rule, feasible: Feasible) -> Relaxation | None:
    """Return the least step of a rule's figure by which a roster becomes possible; None where none does."""
    kind = str(getattr(rule, "kind", ""))
    if kind not in STEPS:
        return None
    name, step, end = STEPS[kind]
    value = float(getattr(rule, name))
    for tried in np.arange(value + step, end + np.sign(step), step):
        relaxed = _with(question, rule, **{name: type(getattr(rule, name))(tried)})
        if feasible(relaxed) is True:
            message = N_("Change {rule} from {before} to {after}.")
            return Relaxation(_note(message, {"rule": rule.words, "before": f"{value:g}", "after": f"{tried:g}"}), 0.0, relaxed)
    return None


def more_officers(question: Question, post: str, feasible: Feasible) -> Relaxation | None:
    """Return how many more sworn officers on a post make a roster possible, up to six."""
    size = len(question.needs.post(post).members)
    for count in range(1, MOST_NEW + 1):
        relaxed = _with_members(question, post, count)
        if feasible(relaxed) is True:
            hours = next((each.lawful / each.members for each in hours_of(question) if post in each.posts and each.members), 40.0)
            message = N_("Add {count} sworn to {post} ({before} now), from a desk, by secondment or by merging.")
            return Relaxation(
                _note(message, {"count": count, "post": question.needs.post(post).name, "before": size}), count * hours, relaxed
            )
    return None


def fewer_needed(question: Question, need: Need, feasible: Feasible) -> Relaxation | None:
    """Return how many fewer officers in one watch make a roster possible; None where even one is too many."""
    for fewer in range(1, int(need.least.max())):
        lower = replace(
            need,
            least=np.maximum(need.least - fewer, 1).astype(np.int32),
            sworn=np.maximum(np.minimum(need.sworn, need.least - fewer), 0).astype(np.int32),
        )
        relaxed = _with_need(question, need, lower)
        if feasible(relaxed) is True:
            message = N_("Keep {after} on {need} instead of {before}: {hours} officer-hours a week less.")
            saved = need.hours - lower.hours
            values = {
                "before": int(need.least.max()),
                "after": int(lower.least.max()),
                "need": question.needs.words(need),
                "hours": f"{saved:.0f}",
            }
            return Relaxation(_note(message, values), saved, relaxed)
    return None


def long_duty(question: Question, post: str, feasible: Feasible) -> Relaxation | None:
    """Return 24-hour duty in turn by groups instead of shorter watches, where the rules allow it."""
    relaxed = served_by_long_duty(question, post)
    if relaxed is None or feasible(relaxed) is not True:
        return None
    need = relaxed.needs.of(post)[0]
    groups = len(relaxed.needs.post(post).members) / max(int(need.least.max()), 1)
    hours = need.hours / len(relaxed.needs.post(post).members)
    message = N_("Serve {post} by 24-hour duty: {groups} groups of {people} in turn, {hours} hours a week each.")
    values = {
        "post": question.needs.post(post).name,
        "groups": f"{int(groups)}",
        "people": int(need.least.max()),
        "hours": f"{hours:.0f}",
    }
    return Relaxation(_note(message, values), 0.0, relaxed)


def moved_absence(question: Question, absence: Absence, feasible: Feasible) -> Relaxation | None:
    """Return one absence moved out of the roster, where that makes one possible."""
    relaxed = question.without(absences=frozenset([absence]))
    if feasible(relaxed) is not True:
        return None
    message = N_("Move {why} of {officer}, {since} to {until}, to another time.")
    values = {
        "why": Words(WHY[absence.why]),
        "officer": absence.officer,
        "since": absence.since.isoformat(),
        "until": absence.until.isoformat(),
    }
    return Relaxation(_note(message, values), 0.0, relaxed)


def ways_out(question: Question, core: Question, feasible: Feasible) -> Iterator[Relaxation]:
    """Yield every single change that makes a roster possible.

    Parameters
    ----------
    question
        What was asked and cannot be.
    core
        The smallest part of it that cannot be: only its rules, needs and absences are changed.
    feasible
        Tells whether a question has a roster.
    """
    posts = [post.id for post in core.needs.posts if core.needs.of(post.id)]
    for post in posts:
        if post != LEAD and (longer := long_duty(question, post, feasible)):
            yield longer
    for rule in core.pack.rule:
        found = raised_hours(question, rule, feasible) if isinstance(rule, WeekHours) else stepped(question, rule, feasible)
        if found:
            yield found
    for absence in core.people.absences:
        if found := moved_absence(question, absence, feasible):
            yield found
    for need in core.needs.needs:
        if found := fewer_needed(question, need, feasible):
            yield found
    for post in posts:
        if found := more_officers(question, post, feasible):
            yield found


def _with(question: Question, rule: Rule, **figures: object) -> Question:
    rules = tuple(one.model_copy(update=figures) if one.id == rule.id else one for one in question.pack.rule)
    return replace(question, pack=question.pack.model_copy(update={"rule": rules}))


def _with_need(question: Question, need: Need, other: Need) -> Question:
    needs = tuple(other if one.id == need.id else one for one in question.needs.needs)
    return replace(question, needs=replace(question.needs, needs=needs))


def _with_members(question: Question, post: str, count: int) -> Question:
    new = tuple(Officer(f"+{number + 1}", "sworn") for number in range(count))
    posts = tuple(
        replace(one, members=(*one.members, *(officer.id for officer in new))) if one.id == post else one
        for one in question.needs.posts
    )
    people = replace(question.people, officers=(*question.people.officers, *new))
    return replace(question, needs=replace(question.needs, posts=posts), people=people)


def _note(message: str, values: Mapping[str, object]) -> Finding:
    return Finding("way-out", "note", message, "", Place(), values)
