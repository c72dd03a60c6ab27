"""Feasible: whether any roster keeps all hard rules of a question, whatever it costs, and one that does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Event

import numpy as np

from qinwu.plan.roster.arithmetic import impossible
from qinwu.plan.roster.build import Built, build
from qinwu.plan.roster.checking import violations
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.problem import HARD, I32, OFF, RosterProblem
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.split import part_of, parts_of
from qinwu.plan.roster.starting import rotation

USUAL_S = 8.0
"""Seconds to look for any roster; stations are settled in a fraction of it."""


@dataclass(frozen=True)
class Possible:
    """Whether a roster exists (None: the time did not suffice to tell), the question as arrays, and an (E, D) roster."""

    answer: bool | None
    built: Built | None = None
    at: I32 | None = None


def any_roster(question: Question, seconds: float = USUAL_S, stop: Event | None = None, seed: int = 1) -> Possible:
    """Look for any roster, beginning with the rotation in force.

    Parameters
    ----------
    question
        What is asked; its soft rules count as hard ones where the arrays hold them as limits.
    seconds, stop, seed
        Longest time, what ends it, the seed of the search.
    """
    if impossible(question):
        return Possible(False)
    built = build(question)
    start = built.start(rotation(question))
    if not violations(built.problem, start):
        return Possible(True, built, start)
    problem = without_costs(built.problem)
    at = np.full(problem.shape[:2], OFF, dtype=np.int32)
    for part in sorted(parts_of(problem), key=lambda part: int(part.sum())):
        model = RosterModel(part_of(problem, part))
        model.hint(start[part])
        solved = model.solve(seconds, seed=seed, stop=stop)
        if solved.roster is None:
            return Possible(False if solved.status == "infeasible" else None, built)
        at[part] = solved.roster
    return Possible(True, built, at)


def is_feasible(question: Question, seconds: float = USUAL_S, stop: Event | None = None, seed: int = 1) -> bool | None:
    """Return whether a roster exists; None where the time did not suffice to tell."""
    return any_roster(question, seconds, stop, seed).answer


def without_costs(problem: RosterProblem) -> RosterProblem:
    """Return a problem with its hard rules only."""
    return replace(
        problem,
        on_cost=np.zeros_like(problem.on_cost),
        off_cost=np.zeros_like(problem.off_cost),
        cover=tuple(replace(each, under=_hard(each.under), over=_hard(each.over)) for each in problem.cover),
        balance=(),
    )


def _hard(weight: float) -> float:
    return weight if weight == HARD else 0.0
