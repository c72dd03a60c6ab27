"""Markov chains whose state is a level (calls waiting) and a phase, and that move one level at a time: quasi-birth-death chains."""

from __future__ import annotations

import numpy as np

from qinwu.duty.response_plan import F64

_MOST_DOUBLINGS = 60


def stationary(chain: F64, often: int = 0) -> F64:
    """Return the stationary probabilities of a finite Markov chain, by the mean visits to each state between two to one of them.

    Small probabilities keep their digits: the sought visits solve an M-matrix with positive right-hand side.

    Parameters
    ----------
    chain
        (n, n) probabilities of transition; rows sum to 1.
    often
        A state that is entered again and again from every other, and not a rare one.

    Examples
    --------
    >>> stationary(np.array([[0.5, 0.5], [0.25, 0.75]])).round(6)
    array([0.333333, 0.666667])
    """
    rest = np.delete(np.arange(len(chain)), often)
    visits = np.ones(len(chain))
    visits[rest] = np.linalg.solve((np.eye(len(rest)) - chain[np.ix_(rest, rest)]).T, chain[often, rest])
    return np.asarray(visits / visits.sum())


def visits_before_down(up: F64, same: F64, down: F64) -> F64:
    """Return N: mean visits to each phase of a level, from each of its phases, before the level below is entered.

    N = (I - same - up G)^-1, where G leads to the phase in which the level below is first entered. All that is sought follows:
    G = N down, and R = up N, with which the stationary probabilities of level n + 1 are those of level n times R (n >= 1).

    G is found by logarithmic reduction: each round doubles the height of the excursions that are taken into account, so that a few
    dozen rounds are enough close to saturation.

    Parameters
    ----------
    up, same, down
        (n, n) probabilities of transition to the level above, the same and the level below, not dependent on the level.

    References
    ----------
    Latouche & Ramaswami 1993, J. Appl. Prob. 30(3): 650-674.

    Examples
    --------
    A walk that goes up with probability 1/3 and otherwise down: N = 1 / (1 - 1/3).

    >>> visits_before_down(np.array([[1 / 3]]), np.zeros((1, 1)), np.array([[2 / 3]]))
    array([[1.5]])
    """
    one = np.eye(len(same))
    high, low = np.hsplit(np.linalg.solve(one - same, np.hstack([up, down])), 2)
    entered, reached = low.copy(), high.copy()
    for _ in range(_MOST_DOUBLINGS):
        both = np.linalg.solve(one - high @ low - low @ high, np.hstack([high @ high, low @ low]))
        high, low = np.hsplit(both, 2)
        more = reached @ low
        entered += more
        reached = reached @ high
        if more.max(initial=0.0) < 1e-15:
            break
    return np.linalg.inv(one - same - up @ entered)
