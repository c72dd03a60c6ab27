"""Feasible: whether any roster keeps all hard rules of a question, whatever it costs."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import numpy as np

from qinwu.plan.roster.arithmetic import impossible
from qinwu.plan.roster.build import build
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.problem import HARD, RosterProblem
from qinwu.plan.roster.question import Question

USUAL_S = 8.0
"""Seconds to look for any roster; stations are settled in a fraction of it."""


def is_feasible(question: Question, seconds: float = USUAL_S, stop: Event | None = None, seed: int = 1) -> bool | None:
    """Return whether a roster exists; None where the time did not suffice to tell.

    Parameters
    ----------
    question
        What is asked; its soft rules count as hard ones where the arrays hold them as limits.
    seconds, stop, seed
        Longest time, what ends it, the seed of the search.
    """
    if impossible(question):
        return False
    status = RosterModel(without_costs(build(question).problem)).solve(seconds, seed=seed, stop=stop).status
    return None if status == "unknown" else status != "infeasible"


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
