"""The engine: a good roster for a problem, and how far from the best it can be.

A first roster is made line by line. Column generation over whole lines proves a bound and, diving, gives a roster near it. What is
left is searched by opening part of the roster at a time: lines by dynamic programming, lines chosen by branch and bound, cells by
CP-SAT. A small problem goes to CP-SAT as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from qinwu.plan.effort import Effort, Running
from qinwu.plan.roster.cost import cost_of
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.problem import I32, RosterProblem
from qinwu.plan.roster.rows import penalty_of
from qinwu.plan.roster.search import Search

SMALL = 400
"""Up to so many duties (people, days and shifts multiplied) CP-SAT settles a problem by itself."""
STATION, WHOLE_SHARE = 6000, 0.4
"""Up to so many duties, where work is shared or people belong together, CP-SAT gets this share of the time for all of it."""
LARGEST = 200_000
"""Up to so many duties a problem is given to CP-SAT as a whole where nothing else found a roster."""
FOUND_OUT_S = 20.0
"""Seconds for CP-SAT to find any roster where the other ways found none; a quarter of the time if that is more."""


@dataclass(frozen=True, slots=True)
class RosterAnswer:
    """What the engine found. Everything is minimised.

    Parameters
    ----------
    roster
        (E, D) shift positions, OFF for a day off; None where no roster that keeps all hard rules was found.
    value
        Its cost; inf without a roster.
    bound
        No roster costs less; -inf where nothing is proven, inf where there is no roster.
    infeasible
        Whether it is proven that no roster keeps all hard rules.
    without_line
        People who cannot keep their own rules, whoever else works when.
    seconds
        How long it took.
    interrupted
        Whether somebody stopped it.
    """

    roster: I32 | None
    value: float
    bound: float
    infeasible: bool
    without_line: tuple[int, ...]
    seconds: float
    interrupted: bool

    @property
    def gap(self) -> float:
        """How far above the best the roster may be, as a share of its cost; inf without a roster or a bound."""
        if self.roster is None or not np.isfinite(self.bound):
            return np.inf
        return max(0.0, self.value - self.bound) / max(abs(self.value), 1e-9) if self.value > self.bound else 0.0


def solve(problem: RosterProblem, effort: Effort, start: I32 | None = None, target_gap: float = 0.0) -> RosterAnswer:
    """Look for the cheapest roster.

    Parameters
    ----------
    problem
        What to keep and what it costs.
    effort
        Time, seed, whom to tell, how it is stopped.
    start
        (E, D) a roster to begin with; one that breaks rules is only a hint.
    target_gap
        Stop once the roster is proven to be within this share of the best, >= 0.

    Returns
    -------
    RosterAnswer
        Its roster breaks no hard rule.
    """
    run = effort.begin()
    search = Search(softened(problem), problem, run, target_gap)
    if start is not None and start.shape == problem.shape[:2]:
        search.offer(start.astype(np.int32))
    without = search.begin()
    if without:
        return RosterAnswer(None, np.inf, np.inf, True, without, run.seconds, run.interrupted)
    duties = int(np.prod(problem.shape))
    if problem.together and duties <= STATION:
        _whole(search, WHOLE_SHARE * run.left)
    if not search.over and not search.infeasible:
        search.converge_and_dive()
    if problem.balance and not problem.together and not search.over and duties <= STATION:
        _whole(search, WHOLE_SHARE * run.left)
    if not search.over and not search.infeasible and duties <= SMALL:
        _whole(search, run.left)
    elif search.roster is None and not run.over and not search.infeasible and duties <= LARGEST:
        _whole(search, max(FOUND_OUT_S, run.left / 4))
    if not search.infeasible:
        search.improve()
    return _answer(search, run)


def softened(problem: RosterProblem) -> RosterProblem:
    """Return a problem whose needs are all priced, hard ones so high that no roster gains by not meeting them."""
    penalty = penalty_of(problem)
    return replace(
        problem,
        cover=tuple(replace(each, under=min(each.under, penalty), over=min(each.over, penalty)) for each in problem.cover),
    )


def _whole(search: Search, seconds: float) -> None:
    """Give the problem to CP-SAT as it is."""
    model = RosterModel(search.hard)
    if search.best is not None:
        model.hint(search.best)
    run = search.run
    found = model.solve(
        min(seconds, run.left),
        seed=run.effort.seed,
        stop=run.effort.stop,
        on_roster=search.offer,
        on_bound=search.prove,
    )
    search.infeasible = found.status == "infeasible"
    if found.roster is not None:
        search.offer(found.roster)
        search.prove(found.value if found.status == "optimal" else found.bound)


def _answer(search: Search, run: Running) -> RosterAnswer:
    if search.infeasible or search.roster is None:
        bound = np.inf if search.infeasible else search.bound
        return RosterAnswer(None, np.inf, bound, search.infeasible, (), run.seconds, run.interrupted)
    value = cost_of(search.hard, search.roster).total
    return RosterAnswer(search.roster, value, min(search.bound, value), False, (), run.seconds, run.interrupted)
