"""Regions: atoms grown into connected parts of about equal load, and parts joined into adjacent groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Neighbours = tuple[tuple[int, ...], ...]

_SEED_ROUNDS = 8
_GRANT_STEPS = 60
_MOVES = 200


def neighbour_lists(count: int, pairs: I64) -> Neighbours:
    """Return the neighbours of each of `count` places from the (E, 2) pairs."""
    lists: list[list[int]] = [[] for _ in range(count)]
    for left, right in pairs.tolist():
        lists[left].append(right)
        lists[right].append(left)
    return tuple(tuple(sorted(each)) for each in lists)


def grow(load: F64, xy_m: F64, near: Neighbours, count: int) -> I64:
    """Return the part (0 to `count` - 1) of each place: connected parts of about equal `load`, numbered in reading order.

    Each place goes to the seed it is nearest to, counted from place to neighbouring place, less what the seed is granted; heavy
    parts are granted less and light ones more until loads are about equal, while seeds move to the middle of their parts. Such
    cells are connected: the way from a place to its seed stays inside. At last border places move to a lighter neighbour while that
    evens the loads and tears nothing apart.
    """
    away = ways(xy_m, near)
    seeds = _spread_out(load, away, count)
    part, scale = np.argmin(away[:, seeds], axis=1), float(np.median(away))
    for round_ in range(_SEED_ROUNDS):
        grant = np.zeros(count)
        for step in range(_GRANT_STEPS):
            part = np.argmin(away[:, seeds] - grant, axis=1)
            excess = np.bincount(part, load, count) / load.sum() * count - 1
            grant = _bounded(grant - 0.12 * scale / (1 + step / 12) * excess, away[np.ix_(seeds, seeds)])
        if round_ < _SEED_ROUNDS - 1:
            seeds = [_middle(np.flatnonzero(part == each), away, load) for each in range(count)]
    _even_out(part, load, near, count)
    return _in_reading_order(part, xy_m, count)


def ways(xy_m: F64, near: Neighbours) -> F64:
    """Return (J, J) lengths of the shortest ways from place to neighbouring place.

    One step counts as the square root of its metres, so that the wide atoms of the countryside do not outweigh the dense ones of
    the town. Places without a way between them are very far apart.
    """
    steps = [(here, there) for here, others in enumerate(near) for there in others]
    start, end = np.array(steps, dtype=np.int64).reshape(-1, 2).T
    length = np.sqrt(np.hypot(*(xy_m[start] - xy_m[end]).T))
    apart = np.hypot(*(xy_m[:, None, :] - xy_m[None, :, :]).transpose(2, 0, 1))
    found = shortest_path(csr_array((length, (start, end)), shape=apart.shape), directed=False)
    return np.asarray(np.where(np.isfinite(found), found, 1e6 + apart))


def _bounded(grant: F64, between: F64) -> F64:
    """Return the grants, lowered where one would swallow the seed of another; `between` (K, K) are the ways between seeds."""
    return np.asarray((grant[:, None] + 0.95 * between).min(axis=0))


def _spread_out(load: F64, away: F64, count: int) -> list[int]:
    """Return seeds far from one another and in busy places."""
    chosen = [int(np.argmax(load))]
    while len(chosen) < count:
        chosen.append(int(np.argmax(away[:, chosen].min(axis=1) * np.sqrt(load))))
    return chosen


def _middle(places: I64, away: F64, load: F64) -> int:
    """Return the place from which the load of these places is nearest."""
    return int(places[np.argmin(away[np.ix_(places, places)] @ load[places])])


def _even_out(part: I64, load: F64, near: Neighbours, count: int) -> None:
    """Move border places to lighter neighbours, the best move first, until none helps."""
    total: F64 = np.bincount(part, load, count).astype(np.float64)
    for _ in range(_MOVES):
        moves = [(gain, place, into) for place in range(len(part)) for gain, into in _gains(place, part, total, load, near)]
        move = next((one for one in sorted(moves, reverse=True) if one[0] > 1e-9 and _stays_whole(one[1], part, near)), None)
        if move is None:
            return
        _, place, into = move
        total[part[place]] -= load[place]
        total[into] += load[place]
        part[place] = into


def _gains(place: int, part: I64, total: F64, load: F64, near: Neighbours) -> list[tuple[float, int]]:
    """Return by how much the sum of squared loads falls when `place` moves to each part beside it."""
    own, weight = int(part[place]), float(load[place])
    beside = {int(part[other]) for other in near[place]} - {own}
    return [(2 * weight * (float(total[own] - total[into]) - weight), into) for into in sorted(beside)]


def _stays_whole(place: int, part: I64, near: Neighbours) -> bool:
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


def _in_reading_order(part: I64, xy_m: F64, count: int) -> I64:
    """Return the parts renumbered from north to south in bands, west to east in a band."""
    centre = np.array([xy_m[part == each].mean(axis=0) for each in range(count)])
    order = np.lexsort((centre[:, 0], -np.round(centre[:, 1] / 700)))
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    return rank[part]


def part_neighbours(part: I64, pairs: I64, count: int) -> Neighbours:
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
