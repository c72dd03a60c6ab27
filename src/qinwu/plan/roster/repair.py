"""Repair: a sick call or a secondment after the roster is out; as few duty days as can be are changed, none before a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite, nan

import numpy as np

from qinwu.findings import Finding, Place, QinwuError, Words
from qinwu.language import N_
from qinwu.plan.effort import Effort, Running
from qinwu.plan.proof import Proof
from qinwu.plan.roster.audit import audit
from qinwu.plan.roster.build import Built, build
from qinwu.plan.roster.feasible import without_costs
from qinwu.plan.roster.people import WHY
from qinwu.plan.roster.planning import RosterPlan, hard_only
from qinwu.plan.roster.problem import I32, OFF, Bool, RosterProblem
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Roster, Shift
from qinwu.plan.roster.searching import search
from qinwu.plan.roster.tail import tail_of

CHANGE = 1000.0
"""What each changed officer-day costs: more than anything else that a roster costs."""
OBJECTIVE = N_("officer-days changed")
METHOD = N_("constraint model with the days before held fast, every change priced above all else")


@dataclass(frozen=True, slots=True)
class Change:
    """One officer-day that is different: what it was, what it is (None for a day off), and why, as an English catalogue entry.

    ``of`` names whom it concerns besides: whose duty is taken over, who takes it.
    """

    day: date
    officer: str
    before: Shift | None
    after: Shift | None
    why: str
    of: str = ""

    def finding(self) -> Finding:
        """Return it in words."""
        values: dict[str, object] = {
            "day": self.day.isoformat(),
            "officer": self.officer,
            "before": _words(self.before),
            "after": _words(self.after),
            "why": Words(self.why),
            "of": self.of,
        }
        message = N_("{day} {officer}: {before} → {after} ({why})")
        if self.of:
            message = N_("{day} {officer}: {before} → {after} ({why} {of})")
        if self.of and self.why in WHY.values():
            message = N_("{day} {officer}: {before} → {after} ({why}; {of} takes over)")
        return Finding("roster-change", "note", message, "", Place(), values)


def _words(shift: Shift | None) -> object:
    """Return the watch of a shift in words, or that it is a day off."""
    if shift is None:
        return Words(N_("off"))
    return shift.watch.name or shift.watch.id


@dataclass(frozen=True)
class Repair:
    """A repaired roster: the plan, and every change, by day."""

    plan: RosterPlan
    changes: tuple[Change, ...]

    @property
    def forced(self) -> int:
        """Changes that could not be helped: duties of those who are away."""
        return sum(change.why in WHY.values() for change in self.changes)


def repair(question: Question, roster: Roster, since: date, effort: Effort) -> Repair:
    """Return a roster that fits a changed question with the fewest officer-days changed from `since` on.

    Parameters
    ----------
    question
        The same span as the roster, with the new absences.
    roster
        The roster that is out.
    since
        The first day that may be changed.
    effort
        What may be spent.

    Raises
    ------
    QinwuError
        The spans differ, `since` lies outside, or no repair keeps the hard rules: then with what is in the way.
    """
    running = effort.begin()
    _refuse_span(question, roster, since)
    asked = hard_only(question)
    built = build(asked)
    old = built.start(roster)
    day = (since - question.first).days
    left, cells = tail_of(built.problem, old, day), _cells(built, roster)[:, day:]
    fewest = search(Built(asked, _priced(without_costs(left), cells, 1.0)), running, running.left / 2, old[:, day:])
    if fewest.at is None:
        raise QinwuError([_no_repair(since), *_in_the_way(asked, built.roster(old), since)])
    found = search(Built(asked, _priced(left, cells, CHANGE)), running, running.left, fewest.at)
    tail = fewest.at if found.at is None else found.at
    new = built.roster(np.concatenate([_cells(built, roster)[:, :day], tail], axis=1).astype(np.int32))
    changes = tuple(_changes(question, roster, new))
    bound = float(np.ceil(fewest.bound - 1e-6)) if isfinite(fewest.bound) else nan
    return Repair(RosterPlan(question, new, _proof(changes, bound, running)), changes)


def _proof(changes: Sequence[Change], bound: float, running: Running) -> Proof:
    return Proof(OBJECTIVE, "", float(len(changes)), bound, running.seconds, running.effort.seed, METHOD, running.interrupted)


def _cells(built: Built, roster: Roster) -> I32:
    """Return (E, D) positions of every duty of a roster, also of those that are no longer allowed."""
    free = replace(built.problem, allowed=np.ones_like(built.problem.allowed))
    return Built(built.question, free).start(roster)


def _priced(problem: RosterProblem, old: I32, price: float) -> RosterProblem:
    """Price every cell that is not as it was."""
    changed: Bool = np.arange(len(problem.shifts))[None, None, :] != old[:, :, None]
    return replace(problem, on_cost=problem.on_cost + price * changed, off_cost=problem.off_cost + price * (old != OFF))


def _changes(question: Question, old: Roster, new: Roster) -> Iterator[Change]:
    """Yield every officer-day that differs, and why."""
    row = {name: number for number, name in enumerate(old.officers)}
    for day in range(new.days):
        cells = {
            name: (old.shift(row[name], day) if name in row else None, new.shift(number, day))
            for number, name in enumerate(new.officers)
        }
        for name, (before, after) in cells.items():
            if _id(before) != _id(after):
                yield _explained(question, new.day(day), name, cells)


def _explained(question: Question, day: date, name: str, cells: Mapping[str, tuple[Shift | None, Shift | None]]) -> Change:
    before, after = cells[name]
    away = question.people.away(name, day)
    if away is not None:
        return Change(day, name, before, after, WHY[away.why], _who_took(before, name, cells))
    if after is not None:
        left = next((other for other, (was, now) in cells.items() if other != name and _id(was) == after.id != _id(now)), "")
        return Change(day, name, before, after, N_("takes the duty of") if left else N_("is added"), left)
    return Change(day, name, before, after, N_("is freed for rest; the duty goes to"), _who_took(before, name, cells))


def _who_took(shift: Shift | None, name: str, cells: Mapping[str, tuple[Shift | None, Shift | None]]) -> str:
    if shift is None:
        return ""
    return next((other for other, (was, now) in cells.items() if other != name and _id(now) == shift.id != _id(was)), "")


def _id(shift: Shift | None) -> str:
    return shift.id if shift else ""


def _refuse_span(question: Question, roster: Roster, since: date) -> None:
    wrong = []
    if (question.first, question.days) != (roster.first, roster.days):
        message = N_("The roster goes from {first} to {last}; the repair asks for {asked_first} to {asked_last}.")
        values: dict[str, object] = {
            "first": roster.first.isoformat(),
            "last": roster.last.isoformat(),
            "asked_first": question.first.isoformat(),
            "asked_last": question.last.isoformat(),
        }
        wrong.append(Finding("span-differs", "error", message, "", Place(key="--repair"), values))
    if not roster.first <= since <= roster.last:
        message = N_("Changes are asked for from {since} on, outside the roster ({first} to {last}).")
        values = {"since": since.isoformat(), "first": roster.first.isoformat(), "last": roster.last.isoformat()}
        wrong.append(Finding("since-outside", "error", message, "", Place(key="--since"), values))
    if wrong:
        raise QinwuError(wrong)


def _no_repair(since: date) -> Finding:
    message = N_("No change of duties from {since} on keeps all hard rules.")
    remedy = N_("Plan the month anew, ask a neighbour for an officer, or allow a rule to be bent by giving it a weight.")
    return Finding("no-repair", "error", message, remedy, Place(key="--repair"), {"since": since.isoformat()})


def _in_the_way(question: Question, roster: Roster, since: date) -> Iterator[Finding]:
    """Yield what the roster lacks once those who are away are taken out of it."""
    for one in audit(question, roster):
        if one.hard and one.days and one.days[-1] >= since:
            yield one.finding()
