"""Audit of what a station needs: posts filled, skills there, somebody at all times, a leader, a sworn officer in each crew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from qinwu.duty.roster_rules.rules import Leader, NoGaps, Rule, Sworn
from qinwu.duty.roster_rules.watches import end_of, start_of
from qinwu.plan.roster.broken import NEED, SKILL, Broken
from qinwu.plan.roster.needs import F64, LEAD, on_dates, shift_words
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Duty, Roster
from qinwu.station.config import Text

MINUTE_H = 1.0 / 60.0


def needs_not_met(question: Question, roster: Roster) -> Iterator[Broken]:
    """Yield every day on which a post has too few officers, too few sworn ones, or nobody with a skill."""
    there = _by_watch(roster)
    officers = question.people.by_id()
    for need in question.needs.needs:
        least, sworn = (on_dates(each, roster.first, roster.days).tolist() for each in (need.least, need.sworn))
        skills = question.needs.post(need.post).skills
        for day in range(roster.days):
            on = [officers[name] for name in there[day, need.post, need.watch.id] if name in officers]
            if len(on) < least[day]:
                yield Broken(NEED, (roster.day(day),), found=len(on), limit=least[day], what=question.needs.words(need))
            known_sworn = sum(one.kind == "sworn" for one in on)
            if known_sworn < sworn[day]:
                yield Broken(
                    NEED, (roster.day(day),), found=known_sworn, limit=sworn[day], what=_of_kind(question.needs.words(need))
                )
            for skill in sorted(skills):
                if least[day] and not any(skill in one.skills for one in on):
                    yield Broken(SKILL, (roster.day(day),), what=_with_skill(question.needs.words(need), skill))


def sworn_missing(rule: Sworn, question: Question, roster: Roster) -> Iterator[Broken]:
    """Yield every crew of auxiliaries only, counted by watch: so many crews need so many sworn officers."""
    officers = question.people.by_id()
    posts = {post.id: post for post in question.needs.posts}
    watches = {shift.watch.id: shift.watch for shift in roster.shifts}
    for (day, post, watch), names in sorted(_by_watch(roster).items()):
        crews = -(-len(names) // (posts[post].crew if post in posts else 1))
        sworn = sum(name in officers and officers[name].kind == "sworn" for name in names)
        if sworn < crews * rule.least:
            name = posts[post].name if post in posts else Text(zh=post, en=post)
            yield Broken(
                "sworn", (roster.day(day),), rule, found=sworn, limit=crews * rule.least, what=shift_words(name, watches[watch])
            )


def no_gaps(rule: NoGaps, question: Question, roster: Roster) -> Iterator[Broken]:
    """Yield every day with a minute at which fewer officers are on duty than the rule asks for; leaders do not count."""
    yield from _too_few(rule, question, roster, rule.people, "no_gaps", lambda duty: duty.post != LEAD)


def leader_missing(rule: Leader, question: Question, roster: Roster) -> Iterator[Broken]:
    """Yield every day with a minute at which no leader is on duty."""
    if question.needs.of(LEAD):
        yield from _too_few(rule, question, roster, 1, "leader", lambda duty: duty.post == LEAD)


def _too_few(
    rule: Rule, question: Question, roster: Roster, least: int, kind: str, counts: Callable[[Duty], bool]
) -> Iterator[Broken]:
    counted = [duty for duty in (*question.people.before, *roster.duties()) if counts(duty)]
    times, on = on_duty(roster, counted)
    begin = _first_known(question, roster)
    short = np.flatnonzero((on < least) & (times >= begin - 1e-9) & (times < roster.days * 24 - 1e-9))
    told: set[int] = set()
    for at in short.tolist():
        day = int(times[at] // 24)
        if day not in told:
            told.add(day)
            clock = f"{int(times[at] % 24):02d}:{round(times[at] % 1 * 60):02d}"
            yield Broken(kind, (roster.day(day),), rule, found=float(on[at]), limit=least, what=clock)


def on_duty(roster: Roster, duties: list[Duty]) -> tuple[F64, F64]:
    """Return the hours, counted from the first day's midnight, at which the number on duty changes, and the number from then on."""
    since = np.array([(duty.day - roster.first).days * 24 + start_of(duty.watch) for duty in duties])
    until = np.array([(duty.day - roster.first).days * 24 + end_of(duty.watch) for duty in duties])
    times = np.unique(np.concatenate([since, until, [0.0, roster.days * 24.0]]).round(6))
    on = [((since <= time + MINUTE_H / 2) & (until > time + MINUTE_H / 2)).sum() for time in times]
    return times, np.array(on, dtype=np.float64)


def _first_known(question: Question, roster: Roster) -> float:
    """Return the hour from which everything is known: midnight with last month's roster, else the start of the first duty."""
    if question.people.before:
        return 0.0
    return min((start_of(duty.watch) for duty in roster.duties() if duty.day == roster.first), default=24.0)


def _of_kind(words: Text) -> Text:
    return Text(zh=f"{words.zh}（民警）", en=f"{words.en} (sworn)")


def _with_skill(words: Text, skill: str) -> Text:
    return Text(zh=f"{words.zh}（{skill}）", en=f"{words.en} ({skill})")


def _by_watch(roster: Roster) -> defaultdict[tuple[int, str, str], list[str]]:
    """Return who is on duty, by day, post and watch."""
    there: defaultdict[tuple[int, str, str], list[str]] = defaultdict(list)
    for duty in roster.duties():
        there[(duty.day - roster.first).days, duty.post, duty.watch.id].append(duty.officer)
    return there
