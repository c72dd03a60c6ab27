"""Conflict: where no plan keeps every rule, which of the rules cannot hold together, and what would have to give least.

A deletion filter (Chinneck & Dravnieks 1991): rules are left out one by one, and stay out as long as no plan appears.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.feasible import Verdict, verdict
from qinwu.plan.beats.problem import BeatProblem, make_problem, residents
from qinwu.plan.effort import Running

FREE = 10.0
"""Workload within ten times the mean: no rule."""
STEPS = 10
"""Halvings when the least that a number must give is looked for: a thousandth of the way."""


@dataclass(frozen=True)
class Rule:
    """A rule the user set: how it is told, the aims without it, and what leaving it out is worth, as a share of the residents.

    ``ease`` gives the aims with only part of the rule, 0 all of it left out and 1 as it is; None where it holds or not.
    ``eased`` tells such a part, `way` that the whole rule is given up.
    """

    told: Finding
    way: Finding
    drop: Callable[[BeatAims], BeatAims]
    price: float
    ease: Callable[[BeatAims, float], BeatAims] | None = None
    eased: Callable[[float], Finding] | None = None


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot hold together.

    Parameters
    ----------
    rules
        Each told in the user's words; leaving any one of them out makes a plan possible.
    relaxations
        What would have to give, the least first.
    proven
        Whether it is proven that no plan keeps them, and not only that none was found.
    """

    rules: tuple[Finding, ...]
    relaxations: tuple[Finding, ...]
    proven: bool

    def findings(self) -> tuple[Finding, ...]:
        """Return the conflict as one error with the cheapest way out, its rules and the other ways out as notes."""
        count = len(self.rules)
        message = (
            N_("No plan keeps these {count} rules together.")
            if self.proven
            else N_("No plan was found that keeps these {count} rules together.")
        )
        if count == 1:
            message = N_("No plan keeps this rule.") if self.proven else N_("No plan was found that keeps this rule.")
        head = Finding("beats-in-conflict", "error", message, N_("The cheapest ways out are named below."), values={"count": count})
        return (head, *self.rules, *self.relaxations)


def find_conflict(problem: BeatProblem, run: Running) -> Conflict:
    """Return the rules of a problem without a plan that cannot hold together.

    Parameters
    ----------
    problem
        A problem for which no plan was found.
    run
        The clock: what is not settled when it is over counts as in conflict.
    """
    rules = rules_of(problem)
    judge = _Judge(problem, run)
    core = list(rules)
    proven = judge(core).possible is False
    for rule in sorted(rules, key=lambda one: one.price):
        rest = [one for one in core if one is not rule]
        said = judge(rest)
        if said.possible is not True:
            core, proven = rest, said.possible is False
    ways = [(price, told) for rule in core for price, told in _way_out(judge, rule, problem.aims)]
    ways += _other_counts(problem, run)
    if not ways:  # another conflict remains whichever of these rules gives way: tell what settles this one
        ways = [(price, told) for rule in core for price, told in _way_out(judge, rule, judge.aims_with(core))]
        ways.append((np.inf, _way(N_("Other rules are in conflict besides; ask again once this is settled."))))
    return Conflict(tuple(rule.told for rule in core), tuple(told for _, told in sorted(ways, key=lambda way: way[0])), proven)


def rules_of(problem: BeatProblem) -> tuple[Rule, ...]:
    """Return the rules a user set, one for each number, fixed atom, border and community."""
    aims, area = problem.aims, problem.station.area
    share = dict(zip(area.atom_ids, residents(area).tolist(), strict=True))
    found = [_within(aims, problem.beats)]
    found += [_continuity(aims)] if aims.continuity > 0.0 else []
    found += [_compactness(aims)] if aims.compactness > 0.0 else []
    found += [_fixed(atom, beat, share[atom]) for atom, beat in aims.fixed.items()]
    for border in aims.borders:
        beside = {atom for pair in border.pairs for atom in pair}
        found.append(_border(border.name, sum(share[atom] for atom in beside)))
    for community in dict.fromkeys(name for name in aims.whole.values() if name):
        found.append(_community(community, sum(share[atom] for atom, name in aims.whole.items() if name == community)))
    return tuple(found)


@dataclass
class _Judge:
    """Asks whether a plan keeps some of the rules."""

    problem: BeatProblem
    run: Running

    def __call__(self, rules: Sequence[Rule]) -> Verdict:
        return self.of(self.aims_with(rules))

    def aims_with(self, rules: Sequence[Rule]) -> BeatAims:
        """Return the aims with only these rules."""
        aims = self.problem.aims
        for rule in rules_of(self.problem):
            if all(rule.told != kept.told for kept in rules):
                aims = rule.drop(aims)
        return aims

    def of(self, aims: BeatAims) -> Verdict:
        p = self.problem
        return verdict(make_problem(p.station, p.workload, aims, p.today, p.beats), self.run)


def _way_out(judge: _Judge, rule: Rule, aims: BeatAims) -> list[tuple[float, Finding]]:
    """Return the least change of one rule, the others of `aims` kept, that makes a plan possible; nothing where none was found."""
    if judge.of(rule.drop(aims)).possible is not True:
        return []
    if rule.ease is None or rule.eased is None:
        return [(rule.price, rule.way)]
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if judge.of(rule.ease(aims, middle)).possible is True else (low, middle)
    return [(rule.price * (1.0 - low), rule.eased(low))]


def _other_counts(problem: BeatProblem, run: Running) -> list[tuple[float, Finding]]:
    """Return the nearest other number of beats for which a plan keeps every rule."""
    for step in (1, -1, 2, -2):
        beats = problem.beats + step
        if not max(1, len(set(problem.aims.fixed.values()))) <= beats <= len(problem.lots):
            continue
        other = make_problem(problem.station, problem.workload, problem.aims, problem.today, beats)
        if verdict(other, run).possible:
            message = N_("Ask for {beats} beats instead of {now}.")
            return [(abs(step) / problem.beats, Finding("way-out", "note", message, values={"beats": beats, "now": problem.beats}))]
    return []


def _rule(code: str, message: str, **values: object) -> Finding:
    return Finding(code, "note", message, values=values)


def _way(message: str, **values: object) -> Finding:
    return Finding("way-out", "note", message, values=values)


def _within(aims: BeatAims, beats: int) -> Rule:
    def wider(part: float) -> float:
        return aims.within + (1.0 - part) * max(beats - 1.0 - aims.within, 0.5)

    def ease(low: BeatAims, part: float) -> BeatAims:
        return replace(low, within=wider(part))

    def eased(part: float) -> Finding:
        message = N_("Let workload differ by up to {wide} from the mean instead of {now}.")
        return _way(message, wide=f"{_up(wider(part)):.1%}", now=f"{aims.within:.1%}")

    told = _rule("rule-within", N_("The workload of every beat is within {within} of the mean."), within=f"{aims.within:.1%}")
    return Rule(told, eased(0.0), lambda low: replace(low, within=FREE), 1.0, ease, eased)


def _up(share: float) -> float:
    return float(np.ceil(share * 1000.0) / 1000.0)


def _down(share: float) -> float:
    return float(np.floor(share * 1000.0) / 1000.0)


def _continuity(aims: BeatAims) -> Rule:
    def eased(part: float) -> Finding:
        message = N_("Let {share} of the residents keep their officer instead of {now}.")
        return _way(message, share=f"{_down(aims.continuity * part):.1%}", now=f"{aims.continuity:.1%}")

    told = _rule("rule-continuity", N_("At least {share} of the residents keep their officer."), share=f"{aims.continuity:.1%}")
    return _least("continuity", aims.continuity, told, eased)


def _compactness(aims: BeatAims) -> Rule:
    def eased(part: float) -> Finding:
        message = N_("Ask for a compactness of {share} instead of {now}.")
        return _way(message, share=f"{_down(aims.compactness * part):.3f}", now=f"{aims.compactness:.2f}")

    told = _rule("rule-compactness", N_("Every beat has a compactness of at least {share}."), share=f"{aims.compactness:.2f}")
    return _least("compactness", aims.compactness, told, eased)


def _least(aim: Literal["continuity", "compactness"], asked: float, told: Finding, eased: Callable[[float], Finding]) -> Rule:
    """Return the rule that an aim reaches what is asked, which may be eased to any part of it."""

    def at(low: BeatAims, part: float) -> BeatAims:
        return replace(low, continuity=asked * part) if aim == "continuity" else replace(low, compactness=asked * part)

    return Rule(told, eased(0.0), lambda low: at(low, 0.0), asked, at, eased)


def _fixed(atom: str, beat: str, share: float) -> Rule:
    told = _rule("rule-fixed", N_("Atom {atom} stays in beat {beat}."), atom=atom, beat=beat)
    way = _way(N_("Let atom {atom} leave beat {beat}."), atom=atom, beat=beat)
    return Rule(told, way, lambda aims: replace(aims, fixed={a: b for a, b in aims.fixed.items() if a != atom}), share)


def _border(name: str, share: float) -> Rule:
    told = _rule("rule-border", N_("No beat crosses the border {border}."), border=name)
    way = _way(N_("Let beats cross the border {border}."), border=name)
    return Rule(told, way, lambda aims: replace(aims, borders=tuple(one for one in aims.borders if one.name != name)), share)


def _community(name: str, share: float) -> Rule:
    told = _rule("rule-whole", N_("Community {community} is in one beat."), community=name)
    way = _way(N_("Let community {community} be divided."), community=name)
    return Rule(told, way, lambda aims: replace(aims, whole={a: c for a, c in aims.whole.items() if c != name}), share)
