"""Improving: a team's roster made better a few lines at a time, those who have most and least of what is to be shared among them.

Large-neighbourhood search (Shaw 1998): all but a few officers are held fast, the constraint model settles those few, and the result
is kept where it is no worse. Rosters of a station are near their best from the start; what is left to gain is fair shares, and
these change only where somebody with more and somebody with less change places.
"""

from __future__ import annotations

import numpy as np

from qinwu.plan.effort import Effort
from qinwu.plan.roster.cost import cost_of, shares
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.problem import I32, Bool, RosterProblem

LINES = (3, 6)
"""Fewest and most lines opened at a time."""
WINDOWS, WINDOW = 0.3, 6
"""Share of the steps that open days instead of lines, and how many days."""
STEP_S = 1.0
"""Longest time for one step."""
STEP_WORKERS = 2


def improved(problem: RosterProblem, at: I32, effort: Effort, bound: float) -> I32:
    """Return a roster at least as good as `at`.

    Parameters
    ----------
    problem
        What to keep and what it costs.
    at
        (E, D) a roster that keeps every hard rule.
    effort
        Time, seed, what ends it.
    bound
        Where the cost reaches it there is nothing left to gain.
    """
    running, random = effort.begin(), np.random.default_rng(effort.seed)
    value, step = cost_of(problem, at).total, 0
    while value > bound + 1e-9 and not running.over:
        free = opened(problem, at, random)
        model = RosterModel(problem, at, free)
        model.hint(at)
        step += 1
        found = model.solve(min(STEP_S, running.left), STEP_WORKERS, seed=effort.seed + step, stop=effort.stop)
        if found.roster is not None and found.value <= value + 1e-9:
            at, value = found.roster, found.value
            running.tell(value)
    return at


def opened(problem: RosterProblem, at: I32, random: np.random.Generator) -> Bool:
    """Return (E, D) which cells are opened: a few lines as a whole, or everybody's for a few days."""
    count, days, _ = problem.shape
    free = np.zeros((count, days), dtype=np.bool_)
    if random.random() < WINDOWS and days > WINDOW:
        first = int(random.integers(days - WINDOW + 1))
        free[:, first : first + WINDOW] = True
    else:
        free[some_lines(problem, at, random)] = True
    return free


def some_lines(problem: RosterProblem, at: I32, random: np.random.Generator) -> Bool:
    """Return (E,) whose lines are opened: the most and the least loaded of one share, ties by lot, and a few others."""
    count = len(problem.people)
    chosen = np.zeros(count, dtype=np.bool_)
    if problem.balance:
        share = shares(problem.balance[int(random.integers(len(problem.balance)))], at)
        noisy = share + random.random(count) * 0.5
        if np.isfinite(share).any():
            chosen[[int(np.nanargmax(noisy)), int(np.nanargmin(noisy))]] = True
    others = random.permutation(count)[: int(random.integers(*LINES))]
    chosen[others] = True
    # Partners have the same duties: neither can change alone.
    for one, other in problem.together:
        chosen[[one, other]] |= chosen[one] | chosen[other]
    return chosen
