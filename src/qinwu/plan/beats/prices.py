"""The district each centre would take at given prices, compiled.

Relaxed is that every lot is served exactly once: ``price[j]`` is paid for serving lot j, by every centre that cares to. What is
left falls apart by centre: a knapsack between two bounds, solved as a linear program, whose dual is the toll of one unit of load.
Further loads are priced in the objective. The bound equals that of the linear relaxation of Hess's model.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import int64
from numpy.typing import NDArray

from qinwu.compiled import entry, inner, overwrite

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


@inner
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
    many = int64(0)
    for at in range(len(excess)):
        if weight[at] > 0.0 and (excess[at] >= 0.0) == short:
            ratio[many] = excess[at] / weight[at] if short else -excess[at] / weight[at]
            load[many] = weight[at]
            many += 1
    toll = last_taken(ratio, load, many, low - total if short else total - high)
    return toll if short else -toll


@entry
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


@inner
def districts_at(pairs: Pairs, loads: Loads, prices: Prices, worth: F64, reduced: F64) -> None:
    """Fill `worth` (C,) with what each centre's best district is worth at these prices (inf where it has none).

    `reduced` (N,) gets, for every pair, its cost less price and tolls; the tolls of the first load are set to their best.
    """
    rows = len(loads.low)
    for centre in range(len(pairs.site)):
        begin, end = pairs.first[centre], pairs.first[centre + 1]
        own = int64(-1)
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


@inner
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


@inner
def chosen_centres(worth: F64, needed: Bool, fewest: int, most: int, chosen: Bool) -> tuple[float, float, float]:
    """Mark the centres of the least total worth, and return that total, the worst of them, and the best of the others.

    The worst and the best say what it costs to exchange one: -inf where none can leave, inf where none can enter. Where another
    may enter without one leaving, the worst is 0; likewise where one may leave without another entering.
    """
    order = np.argsort(worth)
    overwrite(chosen, needed)
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
