"""Moving posts and crews as long as the closed form says that calls are answered sooner."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qinwu.plan.effort import Running
from qinwu.plan.posts.answering import Answered, Work, answered
from qinwu.plan.posts.problem import I64, SitingProblem

NEAR = 10
"""A post is moved to so many of the places nearest to it."""


def bases_of(crews: I64) -> I64:
    """Return (K,) the place of each crew from (C,) crews at each place."""
    return np.repeat(np.arange(len(crews)), crews)


def improved(problem: SitingProblem, work: Work, crews: I64, running: Running, bound: float) -> tuple[I64, Answered]:
    """Return crews at places that no move of a post to a place nearby, and no move of a crew to another post, improves.

    Parameters
    ----------
    problem, work
        Travel times and what calls ask.
    crews
        (C,) crews at each place to begin with; keeps the rules.
    running
        Time left, and whom to tell.
    bound
        No mean response is below it, for the account.
    """
    best = answered(problem, work, bases_of(crews))
    running.tell(best.response_s, bound)
    better = True
    while better and not running.over:
        better = False
        for other in _moves(problem, crews):
            if running.over:
                break
            found = answered(problem, work, bases_of(other))
            if found.response_s < best.response_s * (1.0 - 1e-7):
                crews, best, better = other, found, True
                running.tell(best.response_s, bound)
                break
    return crews, best


def _moves(problem: SitingProblem, crews: I64) -> Iterator[I64]:
    """Yield what a move of one crew to another post, or of one post to a place nearby, leaves."""
    posts = np.flatnonzero(crews)
    for one in posts[crews[posts] > problem.least]:
        for two in posts[posts != one]:
            moved = crews.copy()
            moved[one], moved[two] = moved[one] - 1, moved[two] + 1
            yield moved
    free = problem.possible & (crews == 0)
    for one in posts[~problem.needed[posts]]:
        apart = np.abs(problem.rows - problem.rows[one]) @ problem.row_weight
        near = np.argsort(np.where(free, apart, np.inf))[: min(NEAR, int(free.sum()))]
        for two in near:
            moved = crews.copy()
            moved[two], moved[one] = moved[one], 0
            yield moved
