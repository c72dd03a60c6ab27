"""Interchange of centres where every lot goes to its cheapest one, compiled (Teitz & Bart 1968; Whitaker 1983)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry, inner

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]


@inner
def nearest_two(cost: F64, centre: I32, near: I32, first: F64, second: F64) -> float:
    """Fill (B,) the place of the cheapest centre of every lot, its cost and that of the next; return the sum of the least."""
    total = 0.0
    for lot in range(cost.shape[1]):
        first[lot] = second[lot] = np.inf
        near[lot] = 0
        for place in range(len(centre)):
            value = cost[centre[place], lot]
            if value < first[lot]:
                second[lot] = first[lot]
                first[lot] = value
                near[lot] = place
            elif value < second[lot]:
                second[lot] = value
        total += first[lot]
    return total


@inner
def best_exchange(cost: F64, centre: I32, held: Bool, near: I32, first: F64, second: F64) -> tuple[float, int, int]:
    """Return the change, the place that leaves and the candidate that enters of the best exchange; held places never leave."""
    count, lots = len(centre), cost.shape[1]
    inside = np.zeros(cost.shape[0], np.bool_)
    for place in range(count):
        inside[centre[place]] = True
    loss = np.empty(count)
    best, leaves, enters = np.inf, -1, -1
    for candidate in range(cost.shape[0]):
        if inside[candidate]:
            continue
        gain = 0.0
        loss[:] = 0.0
        for lot in range(lots):
            value = cost[candidate, lot]
            if value < first[lot]:
                gain += first[lot] - value
            else:
                loss[near[lot]] += min(second[lot], value) - first[lot]
        for place in range(count):
            if not held[place] and loss[place] - gain < best:
                best, leaves, enters = loss[place] - gain, place, candidate
    return best, leaves, enters


@entry
def interchange(cost: F64, centre: I32, held: Bool, most: int) -> float:
    """Exchange centres, best first, until no exchange gains or `most` have been made; return the cost of the centres left.

    Parameters
    ----------
    cost
        (C, B); inf where a lot may not be served.
    centre
        (K,) candidates, changed in place.
    held
        (K,) places whose centre must stay.
    """
    lots = cost.shape[1]
    near = np.zeros(lots, np.int32)
    first, second = np.empty(lots), np.empty(lots)
    total = nearest_two(cost, centre, near, first, second)
    for _ in range(most):
        change, leaves, enters = best_exchange(cost, centre, held, near, first, second)
        if leaves < 0 or not change < -1e-9 * (1.0 + abs(total)):
            break
        centre[leaves] = enters
        total = nearest_two(cost, centre, near, first, second)
    return total
