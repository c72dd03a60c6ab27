"""Build: a question about a roster as the arrays that the engine solves, and its answer back as a roster.

What the arrays cannot say exactly is said more strictly, so that no hard rule is ever broken; :mod:`audit` reads the rules by
themselves and does not look here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qinwu.duty.roster_rules.rules import Fair, Pairs
from qinwu.duty.roster_rules.watches import is_night
from qinwu.plan.roster.constraints import lines_of
from qinwu.plan.roster.needs import Need, on_dates
from qinwu.plan.roster.problem import F64, HARD, I32, OFF, Balance, Bool, Cover, RosterProblem
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Roster

WANTED = 12.0
"""What each officer-duty costs that is wanted and not there; more than one unit of unfairness, less than a soft rule of rest."""
SURPLUS = 4.0
"""Cost of an officer on duty beyond what is wanted: three duties nobody needs are no price for one duty shared more fairly."""


@dataclass(frozen=True)
class Built:
    """A question as arrays."""

    question: Question
    problem: RosterProblem

    def roster(self, at: I32) -> Roster:
        """Return an answer of the engine as a roster."""
        question = self.question
        return Roster(question.first, tuple(one.id for one in question.officers), question.shifts, at)

    def start(self, roster: Roster) -> I32:
        """Return an earlier roster as (E, D) positions of this problem; what does not fit is off."""
        question = self.question
        number = {(shift.post, shift.watch.id): at for at, shift in enumerate(question.shifts)}
        table = np.full((len(question.officers), question.days), OFF, dtype=np.int32)
        row = {one.id: at for at, one in enumerate(question.officers)}
        for duty in roster.duties():
            day, shift = (duty.day - question.first).days, number.get((duty.post, duty.watch.id), OFF)
            fits = duty.officer in row and 0 <= day < question.days and shift != OFF
            if fits and self.problem.allowed[row[duty.officer], day, shift]:
                table[row[duty.officer], day] = shift
        return table


def build(question: Question) -> Built:
    """Return a question as arrays.

    Raises
    ------
    QinwuError
        By the modules asked, where last month's roster cannot be read into it.
    """
    lines = lines_of(question)
    covers = [cover for number, need in enumerate(question.needs.needs) for cover in _covers(question, number, need)]
    names = [one.id for one in question.officers]
    pairs = [tuple(names.index(one) for one in pair) for pair in question.partners if set(pair) <= set(names)]
    problem = RosterProblem(
        people=tuple(names),
        shifts=tuple(shift.id for shift in question.shifts),
        cover=tuple(covers),
        together=tuple((pair[0], pair[1]) for pair in pairs) if question.pack.of(Pairs) else (),
        balance=tuple(_balances(question)),
        **lines.arrays(),
    )
    return Built(question, problem)


def sworn_mask(question: Question) -> Bool:
    """Return (E,) who is sworn."""
    return np.array([one.kind == "sworn" for one in question.officers], dtype=np.bool_)


def member_mask(question: Question, post: str) -> Bool:
    """Return (E,) who may be given a post."""
    members = set(question.needs.post(post).members)
    return np.array([one.id in members for one in question.officers], dtype=np.bool_)


def _covers(question: Question, number: int, need: Need) -> Iterator[Cover]:
    """Yield what one need asks: officers, sworn ones, those wanted, skills, and no more auxiliaries than crews can take."""
    shifts = np.arange(len(question.shifts)) == number
    members, sworn, post = member_mask(question, need.post), sworn_mask(question), question.needs.post(need.post)

    def dated(numbers: I32) -> I32:
        return on_dates(numbers, question.first, question.days)

    yield Cover(need.id, shifts, members, dated(need.least))
    yield Cover(f"{need.id} sworn", shifts, members & sworn, dated(need.sworn))
    if (need.wanted.sum() * len(need.least)) > need.least.sum() * len(need.wanted):
        yield Cover(f"{need.id} wanted", shifts, members, dated(need.wanted), under=WANTED, over=SURPLUS)
        yield Cover(f"{need.id} wanted sworn", shifts, members & sworn, dated(need.wanted_sworn), under=WANTED / 2)
    else:
        yield Cover(f"{need.id} over", shifts, members, dated(need.least), under=0.0, over=SURPLUS)
    for skill in sorted(post.skills):
        able = np.array([skill in one.skills for one in question.officers], dtype=np.bool_)
        yield Cover(f"{need.id} {skill}", shifts, members & able, np.minimum(dated(need.least), 1))
    if (members & ~sworn).any():
        crews = np.maximum(dated(need.wanted_sworn), dated(need.sworn))
        most = (crews * (post.crew - 1)).astype(np.int32)
        yield Cover(f"{need.id} auxiliaries", shifts, members & ~sworn, most, under=0.0, over=HARD)


def _balances(question: Question) -> Iterator[Balance]:
    """Yield what is shared fairly within each post, sworn officers and auxiliaries by themselves."""
    night = np.array([is_night(shift.watch) for shift in question.shifts], dtype=np.bool_)
    weekend = np.array([question.day(number).weekday() >= 5 for number in range(question.days)], dtype=np.bool_)
    every = np.ones(question.days, dtype=np.bool_)
    for post in question.needs.posts:
        own = np.array([shift.post == post.id for shift in question.shifts], dtype=np.bool_)
        for kind in ("sworn", "auxiliary"):
            people = member_mask(question, post.id) & np.array([one.kind == kind for one in question.officers])
            if people.sum() < 2:
                continue
            for rule in question.pack.of(Fair):
                shifts, days = (own & night if rule.what == "nights" else own), (weekend if rule.what == "weekends" else every)
                # Where every watch is a night, sharing duties shares nights.
                if rule.what == "nights" and (not shifts.any() or (shifts == own).all()):
                    continue
                before = _before(question, rule, post.id, shifts, days)
                yield Balance(f"{rule.what} {post.id} {kind}", shifts, days, people, before, rule.weight or 1.0)


def _before(question: Question, rule: Fair, post: str, shifts: Bool, days: Bool) -> F64:
    """Return (E,) what each brings, and for those away part of the time their share of the days they miss, in whole duties."""
    asked = sum(
        float((on_dates(need.wanted, question.first, question.days) * days).sum())
        for number, need in enumerate(question.needs.needs)
        if shifts[number]
    )
    there = {one.id: question.present_days(one.id) for one in question.officers}
    whole = max(1.0, float(sum(days_there for name, days_there in there.items() if name in question.needs.post(post).members)))
    each = asked * question.days / whole
    missed = [each * (1 - there[one.id] / question.days) for one in question.officers]
    carried = [getattr(question.people.brings(one.id), rule.what) for one in question.officers]
    return np.asarray(np.round(np.array(missed) + np.array(carried)))
