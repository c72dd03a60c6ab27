"""Flips, swaps and new centres of districts, under annealing or in plain descent, compiled.

Contiguity and the rule of support are never given up; loads may pass their bounds on the way, at a penalty.
"""

from __future__ import annotations

from math import exp, log

import numpy as np
from numba import int64
from numpy.random import Generator
from numpy.typing import NDArray

from qinwu.compiled import entry, inner, overwrite
from qinwu.plan.beats.land import (
    Land,
    Parts,
    borders,
    may_enter,
    may_leave,
    over,
    supported,
    together,
    total_cost,
    total_over,
    weigh,
)

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]

SWAPS = 0.3
"""The share of moves that exchange two lots across a border rather than move one."""

ROUND = 8
"""Centres are looked at anew after this many moves by lot."""


@inner
def flip_change(land: Land, parts: Parts, lot: int, goal: int, penalty: float) -> float:
    """Return by how much cost and penalty change when a lot goes to another district."""
    home = int64(parts.label[lot])
    change = land.cost[parts.centre[goal], lot] - land.cost[parts.centre[home], lot]
    broken = together(land, parts.label, lot, goal) - together(land, parts.label, lot, home)
    for row in range(len(land.low)):
        weight = land.weight[row, lot]
        broken += over(land, row, parts.load[row, home] - weight) - over(land, row, parts.load[row, home])
        broken += over(land, row, parts.load[row, goal] + weight) - over(land, row, parts.load[row, goal])
    return change + penalty * broken


@inner
def swap_change(land: Land, parts: Parts, one: int, two: int, penalty: float) -> float:
    """Return by how much cost and penalty change when two lots change places (pairs kept apart aside)."""
    a, b = int64(parts.label[one]), int64(parts.label[two])
    change = land.cost[parts.centre[b], one] - land.cost[parts.centre[a], one]
    change += land.cost[parts.centre[a], two] - land.cost[parts.centre[b], two]
    broken = 0.0
    for row in range(len(land.low)):
        moved = land.weight[row, two] - land.weight[row, one]
        broken += over(land, row, parts.load[row, a] + moved) - over(land, row, parts.load[row, a])
        broken += over(land, row, parts.load[row, b] - moved) - over(land, row, parts.load[row, b])
    return change + penalty * broken


@inner
def put(land: Land, parts: Parts, lot: int, goal: int) -> None:
    """Move a lot to a district."""
    home = int64(parts.label[lot])
    for row in range(len(land.low)):
        parts.load[row, home] -= land.weight[row, lot]
        parts.load[row, goal] += land.weight[row, lot]
    parts.label[lot] = goal


@inner
def try_flip(land: Land, parts: Parts, lot: int, penalty: float, warmth: float, rng: Generator) -> float:
    """Move a lot to the district of one of its neighbours where chance and temperature allow; return the change, 0 for none."""
    degree = land.start[lot + 1] - land.start[lot]
    if degree == 0 or (not land.contiguous and len(land.need) == 0 and rng.random() < 0.3):
        goal = int(rng.random() * len(parts.centre))
    else:
        goal = int64(parts.label[land.other[land.start[lot] + int(rng.random() * degree)]])
    if goal == parts.label[lot]:
        return 0.0
    change = flip_change(land, parts, lot, goal, penalty)
    if change > 0.0 and change > -warmth * log(rng.random() + 1e-300):
        return 0.0
    if not may_enter(land, parts, lot, goal) or not may_leave(land, parts, lot):
        return 0.0
    put(land, parts, lot, goal)
    return change


@inner
def try_swap(land: Land, parts: Parts, one: int, penalty: float, warmth: float, rng: Generator) -> float:
    """Exchange a lot with one of another district's border where chance and temperature allow; return the change."""
    degree = land.start[one + 1] - land.start[one]
    if degree == 0:
        return 0.0
    label = parts.label
    home = int64(label[one])
    goal = int64(label[land.other[land.start[one] + int(rng.random() * degree)]])
    if goal == home:
        return 0.0
    # The partner is met by a short walk inside the other district along the common border.
    two = int64(land.other[land.start[one] + int(rng.random() * degree)])
    for _ in range(3):
        two = int64(land.other[land.start[two] + int(rng.random() * (land.start[two + 1] - land.start[two]))])
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


@inner
def recentre(land: Land, parts: Parts) -> float:
    """Give every district its cheapest centre among the candidates inside it; return the gain, <= 0."""
    label, centre = parts.label, parts.centre
    count = len(centre)
    best = np.empty(count)
    now = np.empty(count)
    for district in range(count):
        now[district] = best[district] = district_cost(land, parts, int64(centre[district]), district, np.inf)
    gain = 0.0
    for candidate in range(len(land.site)):
        district = int64(label[land.site[candidate]])
        if land.needed[centre[district]] or candidate == centre[district]:
            continue
        value = district_cost(land, parts, candidate, district, best[district])
        if value < best[district] - 1e-9 and all_supported(land, parts, candidate, district):
            best[district] = value
            centre[district] = candidate
    for district in range(count):
        gain += best[district] - now[district]
    return gain


@inner
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


@inner
def all_supported(land: Land, parts: Parts, candidate: int, district: int) -> bool:
    """Return whether every lot of a district would have its support from another centre."""
    if len(land.need) == 0:
        return True
    for lot in range(len(parts.label)):
        inside = parts.label[lot] == district and lot != land.site[candidate]
        if inside and not supported(land, parts.label, candidate, district, lot, lot):
            return False
    return True


@entry
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
            overwrite(best_label, parts.label)
            overwrite(best_centre, parts.centre)
    return penalty


@entry
def descend(land: Land, parts: Parts, penalty: float) -> None:
    """Take every flip that gains, in turn, until none is left, with new centres in between."""
    lots = len(parts.label)
    for _ in range(50):
        gained = False
        for lot in range(lots):
            best, goal = -1e-9, int64(-1)
            if land.contiguous or len(land.need) > 0:
                for at in range(land.start[lot], land.start[lot + 1]):
                    district = int64(parts.label[land.other[at]])
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
