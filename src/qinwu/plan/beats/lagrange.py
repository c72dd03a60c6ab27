"""The Lagrangian bound of a districting problem, and which pairs of centre and lot no good enough plan can use.

Validi, Buchanan & Lykhovyd (2022), "Imposing contiguity constraints in political districting models", Operations Research 70(2),
section 4; here the knapsack of every centre is solved for its best toll at each step, so that only the prices of lots are searched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.core import Core
from qinwu.plan.beats.lagrange_kernels import climb, price_of_pairs
from qinwu.plan.beats.prices import Loads, Pairs, Prices
from qinwu.plan.effort import Running

F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

STEPS = 20
"""Subgradient steps between two looks at the clock and at the consequences."""

SLACK = 1e-7
"""A pair is ruled out where its bound passes the aim by this share: the bounds are sums of floats."""


@dataclass(frozen=True)
class Relaxed:
    """What the bound says.

    Parameters
    ----------
    value
        No plan is below; inf where there is no plan at all.
    bias
        (C, B) cost less toll of each pair: a cheapest assignment by it is nearly balanced.
    chosen
        (C,) centres of the best districts at the best prices.
    pair, used, unused
        (C, B), (C,), (C,) no plan with this pair, with this centre, without this centre is below; inf for pairs ruled out before.
    often
        (C,) how often each centre was chosen of late, 0..1.
    prices
        The best multipliers, to go on from.
    """

    value: float
    bias: F64
    chosen: Bool
    pair: F64
    used: F64
    unused: F64
    often: F64
    prices: Prices

    def left(self, aim: float) -> Bool:
        """Return (C, B) the pairs a plan no dearer than `aim` may use."""
        limit = aim + SLACK * abs(aim)
        return np.asarray((self.pair <= limit) & (self.used <= limit)[:, None])

    def held(self, aim: float) -> Bool:
        """Return (C,) the centres that every plan no dearer than `aim` uses."""
        return np.asarray(self.unused > aim + SLACK * abs(aim))


def relax(core: Core, may: Bool, aim: float, steps: int, running: Running, begin: Prices | None = None) -> Relaxed:
    """Return the bound over the pairs that may be.

    Parameters
    ----------
    core
        What is divided.
    may
        (C, B) the pairs that are possible.
    aim
        Where the steps go: the value of some plan, or a guess. A bound above it stops the search.
    steps
        The most subgradient steps.
    running
        The clock.
    begin
        Multipliers to begin with.
    """
    first = np.zeros(len(core.site) + 1, np.int32)
    np.cumsum(may.sum(axis=1), out=first[1:])
    pairs = Pairs(first, np.nonzero(may)[1].astype(np.int32), core.cost[may], core.site)
    loads = Loads(core.weight, core.low, core.high)
    now = prices_at_first(core, may) if begin is None else copied(begin)
    best = copied(now)
    often = np.full(len(core.site), core.most / len(core.site))
    state, way, chosen = np.array([-np.inf, 1.0, 0.0]), np.zeros(core.lots), np.zeros(len(core.site), np.bool_)
    at_least = np.full(len(pairs.lot), -np.inf)
    used, unused = np.full(len(core.site), -np.inf), np.full(len(core.site), -np.inf)
    count = core.needed, core.fewest, core.most

    def consequences(prices: Prices) -> None:
        price_of_pairs(
            pairs, loads, *count, prices, core.start, core.other, core.contiguous, at_least, used, unused
        )  # fmt: skip

    for _ in range(0, steps, STEPS):
        if climb(pairs, loads, *count, now, best, aim, STEPS, state, way, chosen, often) > aim or running.over:
            break
        if state[1] < 1e-5:
            break
        consequences(copied(now))
    if state[0] < np.inf:
        consequences(best)
    pair = np.full(core.cost.shape, np.inf)
    pair[may] = at_least
    bias = core.cost - np.einsum("rc,rb->cb", best.toll, core.weight)
    return Relaxed(float(state[0]), bias, chosen, pair, used, unused, often, best)


def copied(prices: Prices) -> Prices:
    """Return multipliers of their own."""
    return Prices(prices.price.copy(), prices.toll.copy())


def prices_at_first(core: Core, may: Bool) -> Prices:
    """Return what each lot pays at first: its cost from the third nearest centre, so that several compete for it."""
    cost = np.where(may, core.cost, np.inf)
    place = min(2, len(cost) - 1)
    price = np.partition(cost, place, axis=0)[place]
    price[~np.isfinite(price)] = 0.0
    return Prices(price, np.zeros((len(core.low), len(core.site))))
