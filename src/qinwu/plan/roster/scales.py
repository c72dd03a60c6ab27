"""Scales: by what costs and shares are multiplied to become the whole numbers that CP-SAT wants."""

from __future__ import annotations

import numpy as np

from qinwu.plan.roster.problem import F64, HARD, Balance, RosterProblem

SCALES = (1, 10, 100, 1000, 10000)
"""Costs become whole numbers by the first of these that makes all of them whole; else by the last, rounded down."""
ROUNDED = 1e-9
SHARE_SCALES = (1, 2, 4, 5, 10, 100, 1000)
"""What was before is counted in such parts of a duty: the first by which it is whole, else the last, rounded."""


def rounds(values: F64, scale: int) -> bool:
    """Return whether some values are not whole after scaling.

    >>> rounds(np.array([0.5, 2.0]), 1), rounds(np.array([0.5, 2.0]), 2)
    (True, False)
    """
    return bool(np.abs(values * scale - np.round(values * scale)).max(initial=0.0) > ROUNDED)


def share_scale(balance: Balance) -> int:
    """Return by what shares are multiplied to become whole numbers."""
    before = balance.before[balance.people]
    return next((scale for scale in SHARE_SCALES if not rounds(before, scale)), SHARE_SCALES[-1])


def cost_scale(problem: RosterProblem) -> int:
    """Return by what costs are multiplied to become whole numbers."""
    weights = [weight for cover in problem.cover for weight in (cover.under, cover.over) if weight != HARD]
    weights += [balance.weight / share_scale(balance) for balance in problem.balance]
    costs = np.concatenate([problem.on_cost.ravel(), problem.off_cost.ravel(), np.array(weights)])
    return next((scale for scale in SCALES if not rounds(costs, scale)), SCALES[-1])
