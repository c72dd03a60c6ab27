"""Kernels of the Lagrangian bound: the district each centre would take at given prices, and the steps of the prices.

Relaxed is that every lot is served exactly once: ``price[j]`` is paid for serving lot j, by every centre that cares to. What is
left falls apart by centre: a knapsack between two bounds, solved as a linear program, whose dual is the toll of one unit of load.
Further loads are priced in the objective. The bound equals that of the linear relaxation of Hess's model.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]


class Pairs(NamedTuple):
    """The pairs of centre and lot that are still possible, by centre: ``first`` (C + 1,), ``lot``, ``cost``; ``site`` (C,)."""

    first: I32
    lot: I32
    cost: F64
    site: I32


class Loads(NamedTuple):
    """``weight`` (R, B), ``low`` and ``high`` (R,) of a district."""

    weight: F64
    low: F64
    high: F64


class Prices(NamedTuple):
    """Multipliers: ``price`` (B,) of serving a lot; ``toll`` (R, C) of a unit of load at a centre, > 0 for the low bound."""

    price: F64
    toll: F64


@njit(cache=True)
def best_toll(excess: F64, weight: F64, own: float, low: float, high: float) -> float:
    """Return the toll at which the best district, lots taken where ``excess - toll * weight < 0``, is within its bounds.

    Parameters
    ----------
    excess, weight
        (N,) cost less price, and load, of the lots that may be taken; the centre's own, of load `own`, is always.

    Returns
    -------
    float
        nan where even all lots together stay below `low`.
    """
    total = own
    everything = own
    for at in range(len(excess)):
        everything += weight[at]
        if excess[at] < 0.0:
            total += weight[at]
    if everything < low:
        return np.nan
    if low <= total <= high:
        return 0.0
    # Lots taken in, or given up, one by one by their cost per unit of load: the last one's is the toll.
    short = total < low
    ratio = np.empty(len(excess))
    load = np.empty(len(excess))
    many = 0
    for at in range(len(excess)):
        if weight[at] > 0.0 and (excess[at] >= 0.0) == short:
            ratio[many] = excess[at] / weight[at] if short else -excess[at] / weight[at]
            load[many] = weight[at]
            many += 1
    toll = last_taken(ratio, load, many, low - total if short else total - high)
    return toll if short else -toll


@njit(cache=True)
def last_taken(ratio: F64, load: F64, many: int, wanted: float) -> float:
    """Return the ratio at which loads, taken in ascending order of their ratios, reach `wanted` (weighted selection, in place)."""
    low, high = 0, many - 1
    while low < high:
        pivot = ratio[(low + high) // 2]
        left, right = low, high
        below = 0.0
        while left <= right:
            while ratio[left] < pivot:
                below += load[left]
                left += 1
            while ratio[right] > pivot:
                right -= 1
            if left <= right:
                ratio[left], ratio[right] = ratio[right], ratio[left]
                load[left], load[right] = load[right], load[left]
                below += load[left]
                left += 1
                right -= 1
        # Now ratios up to `right` are at most the pivot, those from `left` on at least; between them they equal it.
        upto = 0.0
        for at in range(low, right + 1):
            upto += load[at]
        if wanted <= upto:
            high = right
        elif wanted <= below:
            return pivot
        else:
            wanted -= below
            low = left
    return ratio[low]


@njit(cache=True)
def districts_at(pairs: Pairs, loads: Loads, prices: Prices, worth: F64, reduced: F64) -> None:
    """Fill `worth` (C,) with what each centre's best district is worth at these prices (inf where it has none).

    `reduced` (N,) gets, for every pair, its cost less price and tolls; the tolls of the first load are set to their best.
    """
    rows = len(loads.low)
    for centre in range(len(pairs.site)):
        begin, end = pairs.first[centre], pairs.first[centre + 1]
        own = -1
        for at in range(begin, end):
            lot = pairs.lot[at]
            value = pairs.cost[at] - prices.price[lot]
            for row in range(1, rows):
                value -= prices.toll[row, centre] * loads.weight[row, lot]
            reduced[at] = value
            if lot == pairs.site[centre]:
                own = at
        if own < 0:
            worth[centre] = np.inf
            continue
        total = 0.0
        if rows > 0:
            total = tolled(pairs, loads, prices, centre, own, reduced)
            if total == np.inf:
                worth[centre] = np.inf
                continue
        total += reduced[own]
        for at in range(begin, end):
            if at != own and reduced[at] < 0.0:
                total += reduced[at]
        worth[centre] = total


@njit(cache=True)
def tolled(pairs: Pairs, loads: Loads, prices: Prices, centre: int, own: int, reduced: F64) -> float:
    """Set the first toll of a centre to its best, take it off `reduced`, and return what its tolls bring; inf for no district."""
    begin, end = pairs.first[centre], pairs.first[centre + 1]
    own_weight = loads.weight[0, pairs.site[centre]]
    excess = np.empty(end - begin - 1)
    weight = np.empty(end - begin - 1)
    many = 0
    for at in range(begin, end):
        if at != own:
            excess[many] = reduced[at]
            weight[many] = loads.weight[0, pairs.lot[at]]
            many += 1
    toll = best_toll(excess, weight, own_weight, loads.low[0], loads.high[0])
    if np.isnan(toll) or own_weight > loads.high[0]:
        return np.inf
    prices.toll[0, centre] = toll
    if toll != 0.0:
        for at in range(begin, end):
            reduced[at] -= toll * loads.weight[0, pairs.lot[at]]
    total = 0.0
    for row in range(len(loads.low)):
        rate = prices.toll[row, centre]
        if rate != 0.0:
            total += rate * (loads.low[row] if rate > 0.0 else loads.high[row])
    return total


@njit(cache=True)
def chosen_centres(worth: F64, needed: Bool, fewest: int, most: int, chosen: Bool) -> tuple[float, float, float]:
    """Mark the centres of the least total worth, and return that total, the worst of them, and the best of the others.

    The worst and the best say what it costs to exchange one: -inf where none can leave, inf where none can enter. Where another
    may enter without one leaving, the worst is 0; likewise where one may leave without another entering.
    """
    order = np.argsort(worth)
    chosen[:] = needed
    count = 0
    total = 0.0
    for centre in range(len(worth)):
        if needed[centre]:
            count += 1
            total += worth[centre]
    worst = -np.inf
    least_other = np.inf
    for centre in order:
        if needed[centre]:
            continue
        if count < fewest or (count < most and worth[centre] < 0.0):
            chosen[centre] = True
            count += 1
            total += worth[centre]
            worst = worth[centre]
        else:
            least_other = worth[centre]
            break
    if count < most:
        worst = max(worst, 0.0) if worst > -np.inf else 0.0
    if count > fewest:
        least_other = min(least_other, 0.0)
    return total, worst, least_other


@njit(cache=True)
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


@njit(cache=True)
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
            best.price[:] = prices.price
            best.toll[:, :] = prices.toll
        else:
            state[2] += 1.0
            if state[2] >= 12.0:
                state[1] *= 0.6
                state[2] = 0.0
                prices.price[:] = best.price
                prices.toll[:, :] = best.toll
                way[:] = 0.0
                continue
        slopes(pairs, loads, prices, reduced, chosen, served, load)
        along = (served * way).sum()
        size = (way * way).sum()
        if size > 0.0:
            turn = max(0.0, -1.5 * along / size)
            way *= turn
        way += served
        length = (way * way).sum()
        if length < 1e-12:
            return state[0]
        step = state[1] * (aim - bound) / length
        prices.price[:] += step * way
        if rows > 1:
            toll_step(prices, loads, load, chosen, step)
    return state[0]


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
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
