"""Planning: from a question to a named roster with its proof, or to the reasons why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from qinwu.duty.roster_rules.rules import DutyLength, Pairs, Rule, Wishes
from qinwu.findings import Finding, Place, QinwuError, Words
from qinwu.language import N_
from qinwu.plan.effort import Effort, Running
from qinwu.plan.proof import Proof
from qinwu.plan.roster.adapt import gaps_of_rule
from qinwu.plan.roster.arithmetic import BY_REST, hours_of, impossible, post_words, sharing
from qinwu.plan.roster.audit import audit
from qinwu.plan.roster.broken import Broken
from qinwu.plan.roster.build import Built, build
from qinwu.plan.roster.checking import violations
from qinwu.plan.roster.conflict import explain
from qinwu.plan.roster.constraints import DRAW
from qinwu.plan.roster.fairness import Share, shares_of
from qinwu.plan.roster.feasible import Possible, any_roster
from qinwu.plan.roster.needs import Post, listed_words, on_dates
from qinwu.plan.roster.part import duty_part
from qinwu.plan.roster.problem import I32, OFF
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Roster
from qinwu.plan.roster.searching import Found, search
from qinwu.plan.roster.starting import rotation

CHECK_S = 6.0
"""Seconds for one question of whether soft rules can be kept together, at most."""
MIN_CHECK_S, MIN_SEARCH_S = 1.0, 0.5
"""So long is looked even where the time is up: a roster that is found late is better than none."""
EXPLAIN_S = 15.0
"""So long may it take to say why there is no roster, however short the search was to be."""
USUAL = "usual-hours"
USUAL_WEIGHT = 12.0
OBJECTIVE = N_("officers wanted and not there, wishes not granted, unfair shares")
METHOD = N_("constraint model by teams, with neighbourhood search where it stays open")
LONGEST_DAYS = 366


@dataclass(frozen=True)
class RosterPlan:
    """A roster with what it rests on.

    Parameters
    ----------
    asked
        The question.
    roster
        Who works when.
    proof
        How good it is; None for a roster that came from elsewhere and was only audited.
    given_up
        Soft rules that not all could keep, each with the posts that could not.
    """

    asked: Question
    roster: Roster
    proof: Proof | None
    given_up: tuple[tuple[Rule, tuple[Post, ...]], ...] = ()

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        """Everything it breaks; soft rules only, else it would not have been returned."""
        return audit(self.asked, self.roster)

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """Each officer's share."""
        return shares_of(self.asked, self.roster)

    @property
    def dropped(self) -> tuple[Rule, ...]:
        """Soft rules that not all could keep."""
        return tuple({rule.id: rule for rule, _ in self.given_up}.values())

    def part(self) -> dict[str, list[dict[str, Any]]]:
        """Return it as tables of a duty file."""
        return duty_part(self.asked, self.roster)


def plan_roster(question: Question, effort: Effort, start: Roster | None = None) -> RosterPlan:
    """Return a roster that keeps every hard rule and costs as little as the time allows to find.

    Soft rules that the arrays hold as limits are kept where all of them can be; else the lightest are given up, one after the
    other, and told in the proof.

    Parameters
    ----------
    question
        What is asked.
    effort
        What may be spent.
    start
        An earlier roster to begin from.

    Raises
    ------
    QinwuError
        No roster exists: with the smallest set of rules, needs and absences that cannot be together, and the ways out; or the
        question itself is wrong.
    """
    running = effort.begin()
    _refuse_wrong(question)
    teams = [question.only(frozenset(post.id for post in posts)) for posts in sharing(question)]
    settled = [_settled(team, running) for team in teams]
    if any(one is None for one in settled):
        explaining = replace(effort, seconds=max(EXPLAIN_S, running.left), on_progress=None)
        raise QinwuError(explain(hard_only(question), explaining.begin()).findings())
    # Small teams first: what they leave of the time goes to the large ones.
    drafts = sorted((one for one in settled if one is not None), key=lambda one: len(one.kept.officers))
    found = [_best(draft, drafts[number:], running, start) for number, draft in enumerate(drafts)]
    if any(one.at is None for one in found):
        raise QinwuError([_nothing_found(running)])
    roster = _joined(question, drafts, found)
    broken = [one for one in audit(question, roster) if one.hard]
    if broken:
        raise QinwuError([one.finding() for one in broken])
    dropped = tuple((rule, draft.kept.needs.posts) for draft in drafts for rule in draft.dropped)
    proof = Proof(
        OBJECTIVE,
        "",
        sum(one.value for one in found),
        _sum_of_bounds(found),
        running.seconds,
        effort.seed,
        METHOD,
        running.interrupted,
        tuple(_binding(question)),
        tuple(_given_up(question, drafts, roster)),
    )
    return RosterPlan(question, roster, proof, dropped)


@dataclass(frozen=True)
class _Draft:
    """A team's question, the soft rules it cannot keep, the arrays of the rest, and a first roster where one is known."""

    asked: Question
    kept: Question
    built: Built
    at: I32 | None

    @property
    def dropped(self) -> tuple[Rule, ...]:
        kept = {rule.id for rule in self.kept.pack.rule}
        return tuple(rule for rule in self.asked.pack.rule if rule.id not in kept)


def _settled(question: Question, running: Running) -> _Draft | None:
    """Leave out the lightest soft rules that a team cannot keep; None where its hard rules alone have no roster."""
    if impossible(hard_only(question)):
        return None
    left = sorted(_droppable(question), key=lambda pair: pair[1])
    gone: list[str] = []
    while True:
        possible = _possible(_without(question, gone), running)
        if possible.answer is not False or not left:
            break
        gone.append(left.pop(0)[0])
    if possible.answer is False:
        return None
    for name in list(reversed(gone))[1:]:
        fewer = [one for one in gone if one != name]
        again = _possible(_without(question, fewer), running)
        if again.answer:
            gone, possible = fewer, again
    kept = _without(question, gone)
    return _Draft(question, kept, possible.built or build(kept), possible.at)


def _possible(question: Question, running: Running) -> Possible:
    seconds = min(CHECK_S, max(MIN_CHECK_S, running.left / 3))
    return any_roster(question, seconds, running.effort.stop, running.effort.seed)


def _best(draft: _Draft, left: Sequence[_Draft], running: Running, start: Roster | None) -> Found:
    """Return the best roster of a team in its share of the time that is left for it and those after it."""
    people = [len(one.kept.officers) ** 2 for one in left]
    share = running.left * people[0] / sum(people)
    given = draft.built.start(start or rotation(draft.kept))
    begin = given if draft.at is None or not violations(draft.built.problem, given) else draft.at
    return search(draft.built, running, max(MIN_SEARCH_S, share), begin)


def _joined(question: Question, drafts: Sequence[_Draft], found: Sequence[Found]) -> Roster:
    """Return the rosters of all teams as one."""
    at = np.full((len(question.officers), question.days), OFF, dtype=np.int32)
    row = {one.id: number for number, one in enumerate(question.officers)}
    place = {(shift.post, shift.watch.id): number for number, shift in enumerate(question.shifts)}
    for draft, one in zip(drafts, found, strict=True):
        if one.at is not None:
            shifts = [place[shift.post, shift.watch.id] for shift in draft.kept.shifts]
            rows = [row[officer.id] for officer in draft.kept.officers]
            at[rows] = np.append(shifts, OFF).astype(np.int32)[one.at]
    return Roster(question.first, tuple(row), question.shifts, at)


def _sum_of_bounds(found: Sequence[Found]) -> float:
    bound = sum(one.bound for one in found)
    return bound if np.isfinite(bound) else float("nan")


def hard_only(question: Question) -> Question:
    """Return a question without the soft rules that the arrays hold as limits."""
    return _without(question, [name for name, _ in _droppable(question)])


def _droppable(question: Question) -> Iterator[tuple[str, float]]:
    """Yield the soft rules that are kept by all or given up, with their weights."""
    for rule in question.pack.rule:
        limits = (type(rule) in DRAW or isinstance(rule, Pairs)) and not isinstance(rule, DutyLength | Wishes)
        if limits and rule.weight is not None:
            yield rule.id, rule.weight
    if question.usual:
        yield USUAL, USUAL_WEIGHT


def _without(question: Question, names: list[str]) -> Question:
    return replace(question.without(frozenset(names)), usual=question.usual and USUAL not in names)


def _refuse_wrong(question: Question) -> None:
    """Raise what is wrong with a question whatever its rules."""
    wrong = list(gaps_of_rule(question.needs, question.pack))
    if not 1 <= question.days <= LONGEST_DAYS:
        message = N_("A roster of {days} days cannot be made: 1 to {most}.")
        values = {"days": question.days, "most": LONGEST_DAYS}
        wrong.append(Finding("bad-span", "error", message, "", Place(key="--days"), values))
    if not question.officers:
        message, remedy = N_("No officer is on any post."), N_("Give the posts members.")
        wrong.append(Finding("nobody", "error", message, remedy, Place(key="needs")))
    if wrong:
        raise QinwuError(wrong)


def _nothing_found(running: Running) -> Finding:
    message = N_("No roster was found in {seconds} s, and none was shown to be impossible.")
    remedy = N_("Allow more time with --seconds, or fewer days with --days.")
    return Finding("no-roster-found", "error", message, remedy, Place(), {"seconds": f"{running.seconds:.0f}"})


def _binding(question: Question) -> Iterator[Finding]:
    """Yield how much of the hours that the rules allow each set of posts needs."""
    for hours in hours_of(question):
        if not hours.sworn and hours.lawful > 0:
            message = N_("{posts}: {needed} of {lawful} lawful officer-hours a week must be worked ({share}); limit: {rule}.")
            values = {
                "posts": post_words(question, hours),
                "needed": f"{hours.needed:.0f}",
                "lawful": f"{hours.lawful:.0f}",
                "share": f"{hours.needed / hours.lawful:.0%}",
                "rule": hours.rule.words if hours.rule else Words(BY_REST),
            }
            yield Finding("hours-used", "note", message, "", Place(), values)


def _given_up(question: Question, drafts: Sequence[_Draft], roster: Roster) -> Iterator[Finding]:
    """Yield what was given up: soft rules that not all could keep, wishes, officers wanted and not there."""
    broken = audit(question, roster)
    for draft in drafts:
        posts = listed_words(post.name for post in draft.kept.needs.posts)
        members = {one.id for one in draft.kept.officers}
        for rule in draft.dropped:
            times = sum(one.rule_id == rule.id and one.officer in members for one in broken)
            message = N_("{posts}: {rule} cannot be kept by all; it is broken {times} times.")
            values = {"posts": posts, "rule": rule.words, "times": times}
            yield Finding("rule-given-up", "note", message, "", Place(), values)
        if question.usual and not draft.kept.usual:
            message = N_("{posts}: some are on duty longer than in the system in force, for those who are away.")
            yield Finding("usual-hours-given-up", "note", message, "", Place(), {"posts": posts})
    missed = sum(one.kind == "wishes" for one in broken)
    if missed:
        message = N_("{missed} of {asked} wishes are not granted.")
        values = {"missed": missed, "asked": len(question.people.wishes)}
        yield Finding("wishes-missed", "note", message, "", Place(), values)
    yield from _not_there(question, roster)


def _not_there(question: Question, roster: Roster) -> Iterator[Finding]:
    for number, need in enumerate(question.needs.needs):
        there = (roster.at == number).sum(axis=0)
        lacking = int(np.maximum(on_dates(need.wanted, roster.first, roster.days) - there, 0).sum())
        if lacking:
            message = N_("{need}: {lacking} officer-duties fewer than wanted; what must be there is there.")
            yield Finding(
                "fewer-than-wanted", "note", message, "", Place(), {"need": question.needs.words(need), "lacking": lacking}
            )
