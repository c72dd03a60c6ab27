"""Districts by growing from their centres, and kicks that dissolve some and grow them anew, compiled."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numba import int64
from numpy.random import Generator
from numpy.typing import NDArray

from qinwu.compiled import entry, inner
from qinwu.plan.beats.land import Land, Parts, supported, weigh

F64 = NDArray[np.float64]

Heap = list[tuple[float, np.int64, np.int64]]


@entry
def grow(land: Land, parts: Parts, bias: F64) -> int:
    """Give every lot of label -1 to a district that it borders, nearest first; return how many find none.

    Parameters
    ----------
    bias
        (C, B) what it counts to serve a lot from a centre: costs, or costs less tolls. A lot's own least is taken off, so that lots
        that are as well served anywhere come first.
    """
    label, centre = parts.label, parts.centre
    lots = len(label)
    least = np.full(lots, np.inf)
    for lot in range(lots):
        for candidate in centre:
            if land.may[candidate, lot]:
                least[lot] = min(least[lot], bias[candidate, lot])
    heap: Heap = [(0.0, np.int64(0), np.int64(0))]
    heap.pop()
    for district in range(len(centre)):
        own = land.site[centre[district]]
        if label[own] < 0:
            label[own] = district
    for lot in range(lots):
        if label[lot] >= 0:
            reach_around(land, parts, bias, least, heap, lot)
        elif not land.contiguous and len(land.need) == 0:
            for district in range(len(centre)):
                if land.may[centre[district], lot]:
                    heappush(heap, (bias[centre[district], lot] - least[lot], np.int64(lot), np.int64(district)))
    while len(heap) > 0:
        _, found, goal = heappop(heap)
        if label[found] < 0 and supported(land, label, int64(centre[goal]), goal, found, found):
            label[found] = goal
            reach_around(land, parts, bias, least, heap, found)
    left = 0
    for lot in range(lots):
        left += label[lot] < 0
    weigh(land, parts)
    return left


@inner
def reach_around(land: Land, parts: Parts, bias: F64, least: F64, heap: Heap, lot: int) -> None:
    """Offer the free neighbours of a lot to its district."""
    district = parts.label[lot]
    candidate = parts.centre[district]
    for at in range(land.start[lot], land.start[lot + 1]):
        near = land.other[at]
        if parts.label[near] < 0 and land.may[candidate, near]:
            heappush(heap, (bias[candidate, near] - least[near], np.int64(near), np.int64(district)))


@entry
def kick(land: Land, parts: Parts, bias: F64, rng: Generator) -> bool:
    """Dissolve one district into its neighbours and split another, or re-split two adjacent ones; return whether it worked.

    Half of the time the centre of one district is drawn anew; otherwise a district gives its centre up for a second one in another
    district, so that centres travel where flips alone would not carry them.
    """
    label, centre = parts.label, parts.centre
    count = len(centre)
    gone = int(rng.random() * count)
    if land.needed[centre[gone]]:
        return False
    host = gone if rng.random() < 0.5 else int(rng.random() * count)
    # The new centre: any candidate that lies in the host district and is no centre.
    chosen, met = -1, 0
    for candidate in range(len(land.site)):
        if label[land.site[candidate]] == host and land.site[candidate] != land.site[centre[host]]:
            met += 1
            if int(rng.random() * met) == 0:
                chosen = candidate
    if chosen < 0:
        return False
    affected = np.zeros(count, np.bool_)
    affected[gone] = affected[host] = True
    for lot in range(len(label)):
        if label[lot] == gone or label[lot] == host:
            for at in range(land.start[lot], land.start[lot + 1]):
                affected[label[land.other[at]]] = True
    for lot in range(len(label)):
        if affected[label[lot]]:
            label[lot] = -1
    centre[gone] = chosen
    return grow(land, parts, bias) == 0
