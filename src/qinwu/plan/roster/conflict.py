"""Conflict: why no roster exists, as the smallest set of rules, needs and absences that cannot be together, and the ways out.

The set is found by the deletion filter (Chinneck, *Feasibility and Infeasibility in Optimization*, 2008): parts are left out one
after the other; a part without which there is still no roster does not belong to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from qinwu.duty.roster_rules.rules import Pairs
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.plan.effort import Running
from qinwu.plan.roster.arithmetic import impossible
from qinwu.plan.roster.constraints import DRAW
from qinwu.plan.roster.feasible import is_feasible
from qinwu.plan.roster.needs import listed_words
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.relaxing import Relaxation, ways_out

CHECK_S = 4.0
"""Seconds for one question of whether a roster exists, at most."""
SHOWN = 6


@dataclass(frozen=True)
class Conflict:
    """Why no roster exists.

    Parameters
    ----------
    arithmetic
        What hours and heads alone say.
    core
        The rules, needs and absences that cannot be together; with only these there is no roster either.
    proven
        Whether each of them was shown to be necessary; False where the time ran out.
    ways
        Single changes that make a roster possible, the cheapest first.
    """

    arithmetic: tuple[Finding, ...]
    core: Question
    proven: bool
    ways: tuple[Relaxation, ...]

    def findings(self) -> tuple[Finding, ...]:
        """Return it in words: the reasons, what is in conflict, the ways out."""
        return (*self.arithmetic, *(() if self.arithmetic else self._members()), *(way.finding for way in self.ways[:SHOWN]))

    def _members(self) -> Iterator[Finding]:
        message = N_("No roster keeps all of these together: rules {rules}; needs {needs}; absences {absences}.")
        values = {
            "rules": listed_words(rule.words for rule in self.core.pack.rule),
            "needs": listed_words(self.core.needs.words(need) for need in self.core.needs.needs),
            "absences": ", ".join(f"{one.officer} {one.since:%m-%d}" for one in self.core.people.absences) or "-",
        }
        remedy = "" if self.proven else N_("The time ran out: fewer of them may be enough.")
        yield Finding("no-roster", "error", message, remedy, Place(), values)


def explain(question: Question, running: Running) -> Conflict:
    """Return why a question has no roster.

    Parameters
    ----------
    question
        One without a roster.
    running
        The time that is left for it.
    """
    feasible = partial(_feasible, running=running)
    reasons = impossible(question)
    core, proven = (_involved(question, reasons), True) if reasons else _smallest(question, running)
    ways = sorted(ways_out(question, core, feasible), key=lambda way: way.hours)
    return Conflict(reasons, core, proven, tuple(ways))


def _feasible(question: Question, running: Running) -> bool | None:
    return None if running.over else is_feasible(question, min(CHECK_S, running.left), running.effort.stop, running.effort.seed)


def _involved(question: Question, reasons: Sequence[Finding]) -> Question:
    """Return the part of a question that reasons of arithmetic speak of."""
    about = {name for reason in reasons for name in cast("tuple[str, ...]", reason.values["about"])}
    rules = frozenset(rule.id for rule in question.pack.rule if rule.id not in about)
    needs = frozenset(need.id for need in question.needs.needs if need.post not in about)
    return question.without(rules, needs)


def _smallest(question: Question, running: Running) -> tuple[Question, bool]:
    """Leave out what is not necessary: first all absences, then each of them, each rule, each need."""
    core, proven = question, True
    for part in _parts(question):
        smaller = core.without(**part)
        if not smaller.needs.needs or smaller == core:
            continue
        answer = _feasible(smaller, running)
        proven = proven and answer is not None
        if answer is False:
            core = smaller
    limits = frozenset(rule.id for rule in core.pack.rule if type(rule) not in DRAW and not isinstance(rule, Pairs))
    return core.without(limits), proven


def _parts(question: Question) -> Iterator[dict[str, Any]]:
    """Yield what is left out at a time; where all absences together are necessary, each by itself may not be."""
    yield {"absences": frozenset(question.people.absences)}
    for absence in question.people.absences:
        yield {"absences": frozenset([absence])}
    rules = [rule.id for rule in question.pack.rule if type(rule) in DRAW or isinstance(rule, Pairs)]
    for rule in rules:
        yield {"rules": frozenset([rule])}
    for need in question.needs.needs:
        yield {"needs": frozenset([need.id])}
