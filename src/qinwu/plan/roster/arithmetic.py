"""Arithmetic: what no roster can do, told from hours and heads alone before anything is searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np

from qinwu.duty.roster_rules.rules import Rule, WeekDaysOff, WeekHours
from qinwu.duty.roster_rules.watches import days_for_rest
from qinwu.findings import Finding, Place, Words
from qinwu.language import N_
from qinwu.plan.roster.limits import rest_rules, roster_hours, shortest_duty
from qinwu.plan.roster.needs import Need, Post, listed_words, on_dates
from qinwu.plan.roster.problem import I32
from qinwu.plan.roster.question import Question
from qinwu.station.config import Text

BY_REST = N_("rest between duties")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours a week of some posts that share their members: what must be worked, what the rules allow, and the rule that binds.

    ``sworn`` where only sworn officers are counted.
    """

    posts: tuple[str, ...]
    members: int
    needed: float
    lawful: float
    rule: Rule | None
    sworn: bool = False

    @property
    def lacking(self) -> float:
        """Hours a week that are lacking; negative where some are left."""
        return self.needed - self.lawful


def impossible(question: Question) -> tuple[Finding, ...]:
    """Return every reason of mere arithmetic for which no roster can keep all hard rules and meet all needs.

    Parameters
    ----------
    question
        What is asked.
    """
    found = [one for post in question.needs.posts for one in _missing_skills(question, post)]
    found += [hours_lacking(each, post_words(question, each)) for each in hours_of(question) if each.lacking > 1e-6]
    found += [one for post in question.needs.posts for one in _too_few_on_a_day(question, post)]
    return tuple(found)


def post_words(question: Question, hours: Hours) -> Text:
    """Return the names of the posts that some hours are about."""
    return listed_words(question.needs.post(post).name for post in hours.posts)


def hours_of(question: Question) -> tuple[Hours, ...]:
    """Return hours needed and lawful of each set of posts that share members, of everybody and of sworn officers by themselves."""
    officers, found = question.people.by_id(), []
    for posts in sharing(question):
        ids = tuple(post.id for post in posts)
        needs = [need for need in question.needs.needs if need.post in ids]
        members = [one.id for one in question.officers if any(one.id in post.members for post in posts)]
        sworn = [name for name in members if officers[name].kind == "sworn"]
        found.append(_hours(question, ids, members, [(need, need.least) for need in needs]))
        if len(sworn) < len(members):
            found.append(_hours(question, ids, sworn, [(need, need.sworn) for need in needs], sworn=True))
    return tuple(found)


def _hours(
    question: Question, posts: tuple[str, ...], members: Sequence[str], asked: Sequence[tuple[Need, I32]], *, sworn: bool = False
) -> Hours:
    weeks = question.days / 7
    needed = sum(
        float(on_dates(least, question.first, question.days).sum()) * need.watch.hours * question.counts(need.post)
        for need, least in asked
    )
    most = [_most_hours(question, name) for name in members]
    lawful = sum(hours for hours, _ in most)
    rule = next((why for _, why in most if why is not None), None)
    return Hours(posts, len(members), needed / weeks, lawful / weeks, rule, sworn)


def _most_hours(question: Question, officer: str) -> tuple[float, Rule | None]:
    """Return the most hours over the roster that the hard rules allow an officer, and the rule that says so."""
    shortest, weeks = shortest_duty(question.of(officer)), question.present_days(officer) / 7
    limits: list[tuple[float, Rule | None]] = [(_by_rest(question, officer), None)]
    for rule in question.pack.rule:
        if rule.hard and isinstance(rule, WeekHours):
            over_week = rule.over == "week" and rule.most is not None
            limits.append((ceil(weeks) * (rule.most or 0.0) if over_week else roster_hours(question, officer, rule), rule))
        elif rule.hard and isinstance(rule, WeekDaysOff):
            limits.append(((ceil(question.days / 7 + 1) if question.days % 7 else weeks) * (7 - rule.least) * shortest, rule))
    return min(limits, key=lambda pair: pair[0])


def _by_rest(question: Question, officer: str) -> float:
    """Return the hours that fit into the days an officer is there with the rest that the rules ask for."""
    own, days = question.of(officer), question.present_days(officer)
    best = 0.0
    for shift in own:
        apart = min(days_apart(question, shift.watch.id, own_watch.watch.id) for own_watch in own)
        best = max(best, shift.paid * ceil(days / apart))
    return best


def days_apart(question: Question, first: str, then: str) -> int:
    """Return the least days from one watch to another, both by id, by the hard rules of rest."""
    watches = {shift.watch.id: shift.watch for shift in question.shifts}
    least = max((hours for rule, hours in rest_rules(question.pack, watches[first]) if rule.hard), default=0.0)
    return days_for_rest(watches[first], watches[then], least)


def sharing(question: Question) -> list[list[Post]]:
    """Return the posts that need somebody, in sets that share members: teams that can be rostered by themselves."""
    sets: list[list[Post]] = []
    for post in question.needs.posts:
        if not question.needs.of(post.id):
            continue
        joined = [each for each in sets if any(set(other.members) & set(post.members) for other in each)]
        sets = [each for each in sets if each not in joined] + [[post, *(other for each in joined for other in each)]]
    return sets


def _missing_skills(question: Question, post: Post) -> Iterator[Finding]:
    officers = question.people.by_id()
    for skill in sorted(post.skills) if question.needs.of(post.id) else ():
        if not any(name in officers and skill in officers[name].skills for name in post.members):
            message = N_("{post} needs skill {skill}, which none of its {count} members has.")
            remedy = N_("Train somebody, add a member who has it, or take the skill out of the needs.")
            values = {"post": post.name, "skill": skill, "count": len(post.members), "about": (post.id,)}
            yield Finding("skill-nobody-has", "error", message, remedy, Place(key=f"post.{post.id}"), values)


def _too_few_on_a_day(question: Question, post: Post) -> Iterator[Finding]:
    """Yield the first stretch of days whose duties are more than the members who are there, each with enough rest between."""
    needs = question.needs.of(post.id)
    if not needs:
        return
    apart = min(days_apart(question, one.watch.id, two.watch.id) for one in needs for two in needs)
    officers = question.people.by_id()
    for sworn in (False, True):
        names = [one for one in post.members if one in officers and (officers[one].kind == "sworn" or not sworn)]
        asked = np.sum([on_dates(need.sworn if sworn else need.least, question.first, question.days) for need in needs], axis=0)
        for start in range(question.days - apart + 1):
            stretch = [question.day(start + step) for step in range(apart)]
            there = sum(any(question.people.away(name, day) is None for day in stretch) for name in names)
            if asked[start : start + apart].sum() > there:
                yield _too_few(post, stretch, int(asked[start : start + apart].sum()), there, len(names), sworn=sworn)
                return


def _too_few(post: Post, stretch: Sequence[date], asked: int, there: int, members: int, *, sworn: bool) -> Finding:
    message = (
        N_("{days}, {post}: {asked} duties of sworn officers are needed; {there} of {members} are there for them.")
        if sworn
        else N_("{days}, {post}: {asked} duties are needed; {there} of {members} officers are there for them.")
    )
    days = stretch[0].isoformat() + (f"–{stretch[-1]:%m-%d}" if len(stretch) > 1 else "")
    values = {"days": days, "asked": asked, "post": post.name, "there": there, "members": members, "about": (post.id,)}
    remedy = N_("Move leave or training of that time, ask for fewer, or add members to the post.")
    return Finding("too-few-people", "error", message, remedy, Place(key=f"post.{post.id}"), values)


def hours_lacking(hours: Hours, posts: Text) -> Finding:
    """Return the finding for posts, by these names, whose hours needed are more than the hours lawful."""
    message = N_(
        "{posts}: {needed} officer-hours a week are needed, the {members} may work {lawful} by {rule}: {lacking} are short."
    )
    if hours.sworn:
        message = N_(
            "{posts}: {needed} sworn hours a week are needed, the {members} may work {lawful} by {rule}: {lacking} are short."
        )
    values = {
        "posts": posts,
        "needed": f"{hours.needed:.0f}",
        "members": hours.members,
        "lawful": f"{hours.lawful:.0f}",
        "lacking": f"{ceil(hours.lacking - 1e-9)}",
        "rule": hours.rule.words if hours.rule else Words(BY_REST),
        "about": (*hours.posts, *((hours.rule.id,) if hours.rule else ())),
    }
    return Finding("hours-lacking", "error", message, "", Place(key="needs"), values)
