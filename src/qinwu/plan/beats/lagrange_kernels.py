"""Kernels of the Lagrangian bound: subgradient steps of the prices, and what the bound says of every pair and centre."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry, inner, overwrite
from qinwu.plan.beats.prices import Loads, Pairs, Prices, chosen_centres, districts_at

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]


@inner
def slopes(pairs: Pairs, loads: Loads, prices: Prices, reduced: F64, chosen: Bool, served: F64, load: F64) -> None:
    """Fill `served` (B,) with one less how often each lot is served, and `load` (R, C) with the loads of chosen centres.

    The knapsack's last lot is taken in part, so that the load of the first kind meets its bound.
    """
    served[:] = 1.0
    load[:, :] = 0.0
    rows = len(loads.low)
    for centre in range(len(pairs.site)):
        if not chosen[centre]:
            continue
        own = pairs.site[centre]
        total = 0.0
        edge = -1
        for at in range(pairs.first[centre], pairs.first[centre + 1]):
            lot = pairs.lot[at]
            if lot == own or reduced[at] < 0.0:
                served[lot] -= 1.0
                for row in range(rows):
                    load[row, centre] += loads.weight[row, lot]
            if rows > 0 and lot != own and abs(reduced[at]) <= 1e-9 * (1.0 + abs(pairs.cost[at])) and loads.weight[0, lot] > 0.0:
                edge = at
        if rows == 0 or edge < 0 or prices.toll[0, centre] == 0.0:
            continue
        lot = pairs.lot[edge]
        total = load[0, centre]
        goal = loads.low[0] if prices.toll[0, centre] > 0.0 else loads.high[0]
        inside = 1.0 if reduced[edge] < 0.0 else 0.0
        part = min(1.0, max(0.0, inside + (goal - total) / loads.weight[0, lot]))
        served[lot] -= part - inside
        load[0, centre] += (part - inside) * loads.weight[0, lot]


@entry
def climb(
    pairs: Pairs, loads: Loads, needed: Bool, fewest: int, most: int, prices: Prices, best: Prices, aim: float, steps: int,
    state: F64, way: F64, chosen: Bool, often: F64,
) -> float:  # fmt: skip
    """Raise the bound by subgradient steps, deflected by the way before (Camerini, Fratta & Maffioli 1975); return the best.

    Parameters
    ----------
    prices, best
        Where to begin, overwritten; and the best so far.
    aim
        A value no smaller than the optimum: the step goes for it.
    state
        (3,) the best bound, the share of the way to the aim, steps since the last gain; carried over between calls.
    way
        (B,) the direction, carried over.
    chosen
        (C,) centres chosen at the last step.
    often
        (C,) how often each was chosen of late, 0..1: near the middle where the relaxation cannot decide.
    """
    centres, rows = len(pairs.site), len(loads.low)
    worth = np.empty(centres)
    reduced = np.empty(len(pairs.lot))
    served = np.empty(len(prices.price))
    load = np.empty((rows, centres))
    for _ in range(steps):
        districts_at(pairs, loads, prices, worth, reduced)
        total, _, _ = chosen_centres(worth, needed, fewest, most, chosen)
        bound = total + prices.price.sum()
        for centre in range(centres):
            often[centre] += 0.04 * (chosen[centre] - often[centre])
        if bound == np.inf:
            state[0] = np.inf
            return np.inf
        if bound > state[0]:
            if bound > state[0] + 1e-5 * abs(bound):
                state[2] = 0.0
            state[0] = bound
            copy(prices, best)
        else:
            state[2] += 1.0
            if state[2] >= 12.0:
                state[1] *= 0.6
                state[2] = 0.0
                copy(best, prices)
                way[:] = 0.0
                continue
        slopes(pairs, loads, prices, reduced, chosen, served, load)
        length = deflect(way, served)
        if length < 1e-12:
            return state[0]
        step = state[1] * (aim - bound) / length
        for lot in range(len(way)):
            prices.price[lot] += step * way[lot]
        if rows > 1:
            toll_step(prices, loads, load, chosen, step)
    return state[0]


@inner
def copy(prices: Prices, into: Prices) -> None:
    """Write prices into others."""
    overwrite(into.price, prices.price)
    overwrite(into.toll, prices.toll)


@inner
def deflect(way: F64, served: F64) -> float:
    """Turn the direction `way` towards `served`, away from what it undoes; return the square of its length."""
    along = size = 0.0
    for lot in range(len(way)):
        along += served[lot] * way[lot]
        size += way[lot] * way[lot]
    turn = max(0.0, -1.5 * along / size) if size > 0.0 else 0.0
    length = 0.0
    for lot in range(len(way)):
        way[lot] = turn * way[lot] + served[lot]
        length += way[lot] * way[lot]
    return length


@inner
def toll_step(prices: Prices, loads: Loads, load: F64, chosen: Bool, step: float) -> None:
    """Move the tolls of the second load and further ones, each in its own unit, towards bounds that are kept."""
    for row in range(1, len(loads.low)):
        scale = loads.weight[row].mean()
        if scale <= 0.0:
            continue
        for centre in range(len(chosen)):
            if not chosen[centre]:
                continue
            toll = prices.toll[row, centre]
            low, high = loads.low[row] - load[row, centre], load[row, centre] - loads.high[row]
            slope = low if (toll > 0.0 or (toll == 0.0 and low > 0.0)) else (-high if (toll < 0.0 or high > 0.0) else 0.0)
            moved = toll + step * slope / (scale * scale)
            prices.toll[row, centre] = 0.0 if moved * toll < 0.0 else moved


@entry
def price_of_pairs(
    pairs: Pairs, loads: Loads, needed: Bool, fewest: int, most: int, prices: Prices, start: I32, other: I32, contiguous: bool,
    at_least: F64, with_centre: F64, without_centre: F64,
) -> float:  # fmt: skip
    """Return the bound at these prices, and raise the bounds of its consequences where they are higher.

    Parameters
    ----------
    at_least
        (N,) no plan in which this pair holds costs less (Validi, Buchanan & Lykhovyd 2022, section 4.1): a lot is reached from
        its centre through lots that are in the district too, so that the least sum of reduced costs along a way counts.
    with_centre, without_centre
        (C,) no plan that uses, or does not use, this centre costs less.
    """
    centres = len(pairs.site)
    worth = np.empty(centres)
    reduced = np.empty(len(pairs.lot))
    chosen = np.zeros(centres, np.bool_)
    districts_at(pairs, loads, prices, worth, reduced)
    total, worst, other_best = chosen_centres(worth, needed, fewest, most, chosen)
    bound = total + prices.price.sum()
    far = np.full(len(prices.price), np.inf)
    done = np.zeros(len(prices.price), np.bool_)
    step = np.full(len(prices.price), np.inf)
    for centre in range(centres):
        entering = bound if chosen[centre] else (bound + worth[centre] - worst if worst > -np.inf else np.inf)
        with_centre[centre] = max(with_centre[centre], entering)
        if chosen[centre]:
            leaving = np.inf if needed[centre] else bound - worth[centre] + other_best
            without_centre[centre] = max(without_centre[centre], leaving)
        begin, end = pairs.first[centre], pairs.first[centre + 1]
        if worth[centre] == np.inf:
            at_least[begin:end] = np.inf
            continue
        if not contiguous:
            for at in range(begin, end):
                extra = max(0.0, reduced[at]) if pairs.lot[at] != pairs.site[centre] else 0.0
                at_least[at] = max(at_least[at], entering + extra)
            continue
        for at in range(begin, end):
            step[pairs.lot[at]] = max(0.0, reduced[at])
        ways(pairs.site[centre], start, other, step, far, done)
        for at in range(begin, end):
            at_least[at] = max(at_least[at], entering + far[pairs.lot[at]])
            step[pairs.lot[at]] = np.inf
    return bound


@inner
def ways(source: int, start: I32, other: I32, step: F64, far: F64, done: Bool) -> None:
    """Fill `far` (B,) with the least sum of `step` over the lots of a way from `source`, its own not counted (Dijkstra)."""
    far[:] = np.inf
    done[:] = False
    far[source] = 0.0
    heap = [(0.0, source)]
    while len(heap) > 0:
        value, here = heappop(heap)
        if done[here]:
            continue
        done[here] = True
        for at in range(start[here], start[here + 1]):
            near = other[at]
            reach = value + step[near]
            if reach < far[near]:
                far[near] = reach
                heappush(heap, (reach, near))
