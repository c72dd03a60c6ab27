"""Regions: atoms grown into connected parts of about equal load, and parts joined into adjacent groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
Neighbours = tuple[tuple[int, ...], ...]

_ROUNDS = 400


def neighbour_lists(count: int, pairs: NDArray[np.int64]) -> Neighbours:
    """Return the neighbours of each of `count` places from the (E, 2) pairs."""
    lists: list[list[int]] = [[] for _ in range(count)]
    for left, right in pairs.tolist():
        lists[left].append(right)
        lists[right].append(left)
    return tuple(tuple(sorted(each)) for each in lists)


def grow(load: F64, xy_m: F64, near: Neighbours, count: int) -> NDArray[np.int64]:
    """Return the part (0 to `count` - 1) of each place: connected parts of about equal `load`.

    Seeds lie as far apart as they can, weighted by load; the lightest part that can still grow takes the nearest place beside it;
    then border places move to a lighter neighbour while that evens the loads and tears nothing apart.
    """
    part = np.full(len(load), -1)
    seeds = _seeds(load, xy_m, count)
    part[seeds] = np.arange(count)
    while (part < 0).any():
        if not _grow_one(part, load, xy_m, xy_m[seeds], near):
            part[part < 0] = _nearest_part(part, xy_m)
    _even_out(part, load, xy_m, near, count)
    return _in_reading_order(part, xy_m, count)


def _seeds(load: F64, xy_m: F64, count: int) -> list[int]:
    """Return seed places by k-means on load, each centre's nearest place, the heaviest first."""
    centre = xy_m[_spread_out(load, xy_m, count)]
    for _ in range(30):
        nearest = np.argmin(((xy_m[:, None, :] - centre[None]) ** 2).sum(axis=2), axis=1)
        weight = np.bincount(nearest, load, count)
        moved = [np.bincount(nearest, load * xy_m[:, axis], count) / np.maximum(weight, 1e-9) for axis in (0, 1)]
        centre = np.where(weight[:, None] > 0, np.column_stack(moved), centre)
    seeds: list[int] = []
    for each in centre:
        order = np.argsort(((xy_m - each) ** 2).sum(axis=1), kind="stable").tolist()
        seeds.append(next(place for place in order if place not in seeds))
    return seeds


def _spread_out(load: F64, xy_m: F64, count: int) -> list[int]:
    chosen = [int(np.argmax(load))]
    while len(chosen) < count:
        away = np.min(((xy_m[:, None, :] - xy_m[chosen][None]) ** 2).sum(axis=2), axis=1)
        chosen.append(int(np.argmax(away * load**1.5)))
    return chosen


def _grow_one(part: NDArray[np.int64], load: F64, xy_m: F64, seeds: F64, near: Neighbours) -> bool:
    total = np.bincount(part[part >= 0], load[part >= 0], len(seeds))
    for lightest in np.argsort(total, kind="stable").tolist():
        free = sorted({other for place in np.flatnonzero(part == lightest).tolist() for other in near[place] if part[other] < 0})
        if free:
            part[min(free, key=lambda place: float(np.hypot(*(xy_m[place] - seeds[lightest]))))] = lightest
            return True
    return False


def _nearest_part(part: NDArray[np.int64], xy_m: F64) -> NDArray[np.int64]:
    """Return a part for places that touch no other place: that of the nearest one."""
    lost, found = np.flatnonzero(part < 0), np.flatnonzero(part >= 0)
    apart = ((xy_m[lost][:, None, :] - xy_m[found][None]) ** 2).sum(axis=2)
    return part[found[np.argmin(apart, axis=1)]]


def _even_out(part: NDArray[np.int64], load: F64, xy_m: F64, near: Neighbours, count: int) -> None:
    """Move border places to lighter neighbours, the best move first, until none helps."""
    total = np.bincount(part, load, count)
    for _ in range(_ROUNDS):
        moves = [(gain, place, into) for place in range(len(part)) for gain, into in _gains(place, part, total, load, xy_m, near)]
        move = next((one for one in sorted(moves, reverse=True) if one[0] > 1e-9 and _stays_whole(one[1], part, near)), None)
        if move is None:
            return
        _, place, into = move
        total[part[place]] -= load[place]
        total[into] += load[place]
        part[place] = into


def _gains(place: int, part: NDArray[np.int64], total: F64, load: F64, xy_m: F64, near: Neighbours) -> list[tuple[float, int]]:
    """Return by how much the sum of squared loads falls when `place` moves to each part beside it."""
    own, weight = int(part[place]), float(load[place])
    beside = {int(part[other]) for other in near[place]} - {own}
    return [(2 * weight * (float(total[own] - total[into]) - weight), into) for into in sorted(beside)]


def _stays_whole(place: int, part: NDArray[np.int64], near: Neighbours) -> bool:
    rest = set(np.flatnonzero(part == part[place]).tolist()) - {place}
    return bool(rest) and connected(rest, near)


def connected(places: set[int], near: Neighbours) -> bool:
    """Return whether these places hang together (an empty set does not)."""
    if not places:
        return False
    reached, front = set(), [next(iter(places))]
    while front:
        place = front.pop()
        if place not in reached:
            reached.add(place)
            front += [other for other in near[place] if other in places]
    return reached == places


def _in_reading_order(part: NDArray[np.int64], xy_m: F64, count: int) -> NDArray[np.int64]:
    """Return the parts renumbered from north to south in bands, west to east in a band."""
    centre = np.array([xy_m[part == each].mean(axis=0) for each in range(count)])
    order = np.lexsort((centre[:, 0], -np.round(centre[:, 1] / 700)))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return rank[part]


def part_neighbours(part: NDArray[np.int64], pairs: NDArray[np.int64], count: int) -> Neighbours:
    """Return which parts share a border."""
    both = np.sort(part[pairs], axis=1)
    return neighbour_lists(count, np.unique(both[both[:, 0] != both[:, 1]], axis=0))


def adjacent_groups(near: Neighbours, xy_m: F64, size: int) -> list[tuple[int, ...]] | None:
    """Return all places in connected groups of `size`, those that lie closest together; None where that cannot be done."""
    groups = [group for group in combinations(range(len(near)), size) if connected(set(group), near)]
    spread = {group: float(((xy_m[list(group)] - xy_m[list(group)].mean(axis=0)) ** 2).sum()) for group in groups}
    best = _cover(frozenset(range(len(near))), groups, spread, {})
    return sorted(best[1]) if best else None


def _cover(
    left: frozenset[int],
    groups: Sequence[tuple[int, ...]],
    spread: dict[tuple[int, ...], float],
    known: dict[frozenset[int], tuple[float, list[tuple[int, ...]]] | None],
) -> tuple[float, list[tuple[int, ...]]] | None:
    """Return the least spread and the groups that cover the places `left` exactly."""
    if not left:
        return 0.0, []
    if left not in known:
        options = []
        for group in (each for each in groups if each[0] == min(left) and left.issuperset(each)):
            rest = _cover(left - set(group), groups, spread, known)
            options += [(rest[0] + spread[group], [group, *rest[1]])] if rest else []
        known[left] = min(options) if options else None
    return known[left]
