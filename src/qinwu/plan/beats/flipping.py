"""Districts by growing and by flips, swaps and new centres, compiled: the heuristic side of the engine.

District k is the lots labelled k; its centre is candidate ``centre[k]``, whose own lot never leaves it. Contiguity and the rule of
support are never given up; loads may pass their bounds on the way, at a penalty.
"""

from __future__ import annotations

from heapq import heappop, heappush
from math import exp, log
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.random import Generator
from numpy.typing import NDArray

from qinwu.plan.beats.graph import connected_without

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

Heap = list[tuple[float, np.int64, np.int64]]

SWAPS = 0.3
"""The share of moves that exchange two lots across a border rather than move one."""

ROUND = 8
"""Centres are looked at anew after this many moves by lot."""


class Land(NamedTuple):
    """What is divided: the arrays of a :class:`~qinwu.plan.beats.core.Core`; ``apart`` in compressed rows, both ways."""

    start: I32
    other: I32
    cost: F64
    may: Bool
    site: I32
    weight: F64
    low: F64
    high: F64
    scale: F64
    needed: Bool
    nearer: Bool
    need: I8
    apart_start: I32
    apart_other: I32
    contiguous: bool


class Parts(NamedTuple):
    """Districts: ``label`` (B,) of each lot, ``centre`` (K,) candidates, ``load`` (R, K).

    ``mark``, ``queue`` (B,) and ``stamp`` (1,) are scratch of the searches.
    """

    label: I32
    centre: I32
    load: F64
    mark: I32
    queue: I32
    stamp: I64


@njit(cache=True)
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
        if label[found] < 0 and supported(land, label, centre[goal], goal, found, -1):
            label[found] = goal
            reach_around(land, parts, bias, least, heap, found)
    left = 0
    for lot in range(lots):
        left += label[lot] < 0
    weigh(land, parts)
    return left


@njit(cache=True)
def reach_around(land: Land, parts: Parts, bias: F64, least: F64, heap: Heap, lot: int) -> None:
    """Offer the free neighbours of a lot to its district."""
    district = parts.label[lot]
    candidate = parts.centre[district]
    for at in range(land.start[lot], land.start[lot + 1]):
        near = land.other[at]
        if parts.label[near] < 0 and land.may[candidate, near]:
            heappush(heap, (bias[candidate, near] - least[near], np.int64(near), np.int64(district)))


@njit(cache=True)
def weigh(land: Land, parts: Parts) -> None:
    """Sum the loads anew."""
    parts.load[:, :] = 0.0
    for lot in range(len(parts.label)):
        if parts.label[lot] >= 0:
            for row in range(len(land.low)):
                parts.load[row, parts.label[lot]] += land.weight[row, lot]


@njit(cache=True)
def total_cost(land: Land, parts: Parts) -> float:
    """Return what the districts cost."""
    total = 0.0
    for lot in range(len(parts.label)):
        total += land.cost[parts.centre[parts.label[lot]], lot]
    return total


@njit(cache=True)
def over(land: Land, row: int, load: float) -> float:
    """Return by how much a load passes its bounds, in means of a district."""
    if load > land.high[row]:
        return (load - land.high[row]) / land.scale[row]
    if load < land.low[row]:
        return (land.low[row] - load) / land.scale[row]
    return 0.0


@njit(cache=True)
def total_over(land: Land, parts: Parts) -> float:
    """Return by how much all bounds are passed together; pairs kept apart that are together count 1 each."""
    total = 0.0
    for row in range(len(land.low)):
        for district in range(len(parts.centre)):
            total += over(land, row, parts.load[row, district])
    for lot in range(len(parts.label)):
        total += 0.5 * together(land, parts.label, lot, parts.label[lot])
    return total


@njit(cache=True)
def together(land: Land, label: I32, lot: int, district: int) -> float:
    """Return how many lots that must be apart from this one are in a district."""
    count = 0.0
    for at in range(land.apart_start[lot], land.apart_start[lot + 1]):
        count += label[land.apart_other[at]] == district
    return count


@njit(cache=True)
def supported(land: Land, label: I32, candidate: int, district: int, lot: int, leaving: int) -> bool:
    """Return whether a lot has the neighbours it needs in a district, `leaving` being gone; True where there is no such rule."""
    if len(land.need) == 0:
        return True
    need = land.need[candidate, lot]
    if need == 0:
        return True
    for at in range(land.start[lot], land.start[lot + 1]):
        if land.nearer[candidate, at] and label[land.other[at]] == district and land.other[at] != leaving:
            need -= 1
            if need == 0:
                return True
    return False


@njit(cache=True)
def may_leave(land: Land, parts: Parts, lot: int) -> bool:
    """Return whether a lot's district stays whole, and its lots supported, without it."""
    label = parts.label
    district = label[lot]
    candidate = parts.centre[district]
    if land.site[candidate] == lot:
        return False
    if len(land.need) > 0:
        for at in range(land.start[lot], land.start[lot + 1]):
            near = land.other[at]
            kin = label[near] == district and near != land.site[candidate]
            if kin and not supported(land, label, candidate, district, near, lot):
                return False
    if land.contiguous:
        parts.stamp[0] += 2
        return connected_without(land.start, land.other, label, lot, parts.mark, parts.queue, parts.stamp[0])
    return True


@njit(cache=True)
def may_enter(land: Land, parts: Parts, lot: int, district: int) -> bool:
    """Return whether a lot may be served there, borders the district where it must, and has its support."""
    candidate = parts.centre[district]
    if not land.may[candidate, lot]:
        return False
    if land.contiguous and not borders(land, parts.label, lot, district):
        return False
    return supported(land, parts.label, candidate, district, lot, -1)


@njit(cache=True)
def borders(land: Land, label: I32, lot: int, district: int) -> bool:
    """Return whether a lot has a neighbour in a district."""
    for at in range(land.start[lot], land.start[lot + 1]):  # noqa: SIM110 - numba compiles no generator here
        if label[land.other[at]] == district:
            return True
    return False


@njit(cache=True)
def flip_change(land: Land, parts: Parts, lot: int, goal: int, penalty: float) -> float:
    """Return by how much cost and penalty change when a lot goes to another district."""
    home = parts.label[lot]
    change = land.cost[parts.centre[goal], lot] - land.cost[parts.centre[home], lot]
    broken = together(land, parts.label, lot, goal) - together(land, parts.label, lot, home)
    for row in range(len(land.low)):
        weight = land.weight[row, lot]
        broken += over(land, row, parts.load[row, home] - weight) - over(land, row, parts.load[row, home])
        broken += over(land, row, parts.load[row, goal] + weight) - over(land, row, parts.load[row, goal])
    return change + penalty * broken


@njit(cache=True)
def swap_change(land: Land, parts: Parts, one: int, two: int, penalty: float) -> float:
    """Return by how much cost and penalty change when two lots change places (pairs kept apart aside)."""
    a, b = parts.label[one], parts.label[two]
    change = land.cost[parts.centre[b], one] - land.cost[parts.centre[a], one]
    change += land.cost[parts.centre[a], two] - land.cost[parts.centre[b], two]
    broken = 0.0
    for row in range(len(land.low)):
        moved = land.weight[row, two] - land.weight[row, one]
        broken += over(land, row, parts.load[row, a] + moved) - over(land, row, parts.load[row, a])
        broken += over(land, row, parts.load[row, b] - moved) - over(land, row, parts.load[row, b])
    return change + penalty * broken


@njit(cache=True)
def put(land: Land, parts: Parts, lot: int, goal: int) -> None:
    """Move a lot to a district."""
    home = parts.label[lot]
    for row in range(len(land.low)):
        parts.load[row, home] -= land.weight[row, lot]
        parts.load[row, goal] += land.weight[row, lot]
    parts.label[lot] = goal


@njit(cache=True)
def try_flip(land: Land, parts: Parts, lot: int, penalty: float, warmth: float, rng: Generator) -> float:
    """Move a lot to the district of one of its neighbours where chance and temperature allow; return the change, 0 for none."""
    degree = land.start[lot + 1] - land.start[lot]
    if degree == 0 or (not land.contiguous and len(land.need) == 0 and rng.random() < 0.3):
        goal = int(rng.random() * len(parts.centre))
    else:
        goal = parts.label[land.other[land.start[lot] + int(rng.random() * degree)]]
    if goal == parts.label[lot]:
        return 0.0
    change = flip_change(land, parts, lot, goal, penalty)
    if change > 0.0 and change > -warmth * log(rng.random() + 1e-300):
        return 0.0
    if not may_enter(land, parts, lot, goal) or not may_leave(land, parts, lot):
        return 0.0
    put(land, parts, lot, goal)
    return change


@njit(cache=True)
def try_swap(land: Land, parts: Parts, one: int, penalty: float, warmth: float, rng: Generator) -> float:
    """Exchange a lot with one of another district's border where chance and temperature allow; return the change."""
    degree = land.start[one + 1] - land.start[one]
    if degree == 0:
        return 0.0
    label = parts.label
    home = label[one]
    goal = label[land.other[land.start[one] + int(rng.random() * degree)]]
    if goal == home:
        return 0.0
    # The partner is met by a short walk inside the other district along the common border.
    two = land.other[land.start[one] + int(rng.random() * degree)]
    for _ in range(3):
        two = land.other[land.start[two] + int(rng.random() * (land.start[two + 1] - land.start[two]))]
        if label[two] == goal and borders(land, label, two, home):
            break
    if label[two] != goal or two == one:
        return 0.0
    change = swap_change(land, parts, one, two, penalty)
    if change > 0.0 and change > -warmth * log(rng.random() + 1e-300):
        return 0.0
    if land.apart_start[-1] > 0:
        change += penalty * (together(land, label, one, goal) - together(land, label, one, home))
        change += penalty * (together(land, label, two, home) - together(land, label, two, goal))
        if change > 0.0:
            return 0.0
    if not may_enter(land, parts, one, goal) or not may_leave(land, parts, one):
        return 0.0
    put(land, parts, one, goal)
    if may_enter(land, parts, two, home) and may_leave(land, parts, two):
        put(land, parts, two, home)
        return change
    put(land, parts, one, home)
    return 0.0


@njit(cache=True)
def recentre(land: Land, parts: Parts) -> float:
    """Give every district its cheapest centre among the candidates inside it; return the gain, <= 0."""
    label, centre = parts.label, parts.centre
    count = len(centre)
    best = np.empty(count)
    now = np.empty(count)
    for district in range(count):
        now[district] = best[district] = district_cost(land, parts, centre[district], district, np.inf)
    gain = 0.0
    for candidate in range(len(land.site)):
        district = label[land.site[candidate]]
        if land.needed[centre[district]] or candidate == centre[district]:
            continue
        value = district_cost(land, parts, candidate, district, best[district])
        if value < best[district] - 1e-9 and all_supported(land, parts, candidate, district):
            best[district] = value
            centre[district] = candidate
    for district in range(count):
        gain += best[district] - now[district]
    return gain


@njit(cache=True)
def district_cost(land: Land, parts: Parts, candidate: int, district: int, most: float) -> float:
    """Return what a district costs from a centre; inf where it may not be, or as soon as it costs more than `most`."""
    total = 0.0
    for lot in range(len(parts.label)):
        if parts.label[lot] == district:
            if not land.may[candidate, lot]:
                return np.inf
            total += land.cost[candidate, lot]
            if total > most:
                return np.inf
    return total


@njit(cache=True)
def all_supported(land: Land, parts: Parts, candidate: int, district: int) -> bool:
    """Return whether every lot of a district would have its support from another centre."""
    if len(land.need) == 0:
        return True
    for lot in range(len(parts.label)):
        inside = parts.label[lot] == district and lot != land.site[candidate]
        if inside and not supported(land, parts.label, candidate, district, lot, -1):
            return False
    return True


@njit(cache=True)
def anneal(
    land: Land, parts: Parts, moves: int, warm: float, cold: float, penalty: float, best_label: I32, best_centre: I32, best: F64,
    rng: Generator,
) -> float:  # fmt: skip
    """Take `moves` moves while it cools from `warm` to `cold`; return the penalty at the end.

    Parameters
    ----------
    warm, cold
        Temperatures in units of cost.
    penalty
        Cost of passing bounds by one mean load; it rises while bounds are passed and falls slowly while none is.
    best_label, best_centre, best
        The best plan so far, overwritten by better ones; `best` (2,) its excess over bounds, and its cost.
    rng
        Of the draws.
    """
    lots = len(parts.label)
    cost = total_cost(land, parts)
    broken = total_over(land, parts)
    energy = cost + penalty * broken
    cooling = log(cold / warm) / max(1, moves)
    check = ROUND * lots
    for step in range(moves):
        warmth = warm * exp(cooling * step)
        lot = int(rng.random() * lots)
        if rng.random() < SWAPS:
            energy += try_swap(land, parts, lot, penalty, warmth, rng)
        else:
            energy += try_flip(land, parts, lot, penalty, warmth, rng)
        if step % check == check - 1:
            recentre(land, parts)
        if step % lots == lots - 1:
            weigh(land, parts)
            cost, broken = total_cost(land, parts), total_over(land, parts)
            penalty *= 1.02 if broken > 1e-12 else 0.99
            energy = cost + penalty * broken
        elif energy < best[1] - 1e-9 and step % 8 == 7:
            broken = total_over(land, parts)
            cost = total_cost(land, parts)
        else:
            continue
        if broken < best[0] - 1e-12 or (broken <= best[0] + 1e-12 and cost < best[1] - 1e-9):
            best[0], best[1] = max(broken, 0.0), cost
            best_label[:] = parts.label
            best_centre[:] = parts.centre
    return penalty


@njit(cache=True)
def descend(land: Land, parts: Parts, penalty: float) -> None:
    """Take every flip that gains, in turn, until none is left, with new centres in between."""
    lots = len(parts.label)
    for _ in range(50):
        gained = False
        for lot in range(lots):
            best, goal = -1e-9, -1
            if land.contiguous or len(land.need) > 0:
                for at in range(land.start[lot], land.start[lot + 1]):
                    district = parts.label[land.other[at]]
                    if district != parts.label[lot] and district != goal:
                        change = flip_change(land, parts, lot, district, penalty)
                        if change < best and may_enter(land, parts, lot, district):
                            best, goal = change, district
            else:
                for district in range(len(parts.centre)):
                    if district != parts.label[lot]:
                        change = flip_change(land, parts, lot, district, penalty)
                        if change < best and may_enter(land, parts, lot, district):
                            best, goal = change, district
            if goal >= 0 and may_leave(land, parts, lot):
                put(land, parts, lot, goal)
                gained = True
        if recentre(land, parts) > -1e-9 and not gained:
            return


@njit(cache=True)
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
