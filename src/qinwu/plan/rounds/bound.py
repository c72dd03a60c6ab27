"""Bound: no routes through all visits can have less travel and delay than this.

Routes that leave a base and return to it are a connected graph in which every visit has two legs. Dropping the last leg of each
route leaves a tree that spans base and visits; so the shortest spanning tree plus as many shortest ways back to the base as there
must be routes is never more than the routes. Prices on visits, raised where the tree gives too many legs and lowered where too few,
change no route's length and lift the tree (Held & Karp 1970-71, Operations Research 18: 1138-1162, Mathematical Programming 1:
6-25; for routes of several vehicles Fisher 1994, Operations Research 42(4): 626-642).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from qinwu.plan.rounds.routing import F64, I64, Bool, Task

STEPS = 150
SHRINK = 0.97


def least_cost(task: Task, made: I64) -> float:
    """Return a bound on travel and delay, in seconds, of any routes that make these visits.

    Parameters
    ----------
    task
        What is to be routed.
    made
        Positions of the visits that are made.
    """
    if not len(made):
        return 0.0
    owner = _only_outing(task, made)
    groups = [made[owner == outing] for outing in np.unique(owner)] if (owner >= 0).all() else [made]
    return float(sum(_of_group(task, group) for group in groups))


def _only_outing(task: Task, made: I64) -> I64:
    """Return the one outing each visit may be made on, -1 for several."""
    count = task.allowed[made].sum(axis=1)
    return np.where(count == 1, task.allowed[made].argmax(axis=1), -1)


def _of_group(task: Task, made: I64) -> float:
    """Return the bound of visits that may share outings: the least delay, and the tree."""
    usable = np.flatnonzero(task.allowed[made].any(axis=0))
    bases = np.unique(task.base[usable])
    place = task.place[made]
    factor = float(task.factor[usable].min())
    travel = np.minimum(task.travel_s, task.travel_s.T)
    home = travel[np.ix_(bases, place)].min(axis=0)
    between = np.ceil(np.block([[np.zeros((1, 1)), home[None, :]], [home[:, None], travel[np.ix_(place, place)]]]) * factor)
    ways = between + np.where(np.eye(len(between), dtype=bool), np.inf, 0.0)
    need = task.stay_s[made] + ways[:, 1:].min(axis=0)
    room = task.most_s[usable] - between[0, 1:].min()
    delay = least_delay(task.allowed[np.ix_(made, usable)], task.late_s[np.ix_(made, usable)], need, room)
    return delay + tree_bound(between, _fewest_routes(task, made, usable, float(need.sum()), between))


def least_delay(allowed: Bool, late_s: F64, need_s: F64, room_s: F64) -> float:
    """Return the least delay of visits dealt out to outings that hold no more than they can, visits divisible: a linear program.

    Parameters
    ----------
    allowed, late_s
        (n, m) which visits an outing may make, and what that costs, seconds.
    need_s
        (n,) the least time each takes of an outing.
    room_s
        (m,) time of each outing.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    each = np.where(allowed, late_s, np.inf).min(axis=1)
    if not late_s[allowed].any() or (allowed.sum(axis=1) == 1).all():
        return float(each.sum())
    visit, outing = np.nonzero(allowed)
    column = np.arange(len(visit))
    once: Any = csr_array((np.ones(len(visit)), (visit, column)), shape=(len(need_s), len(visit)))
    held: Any = csr_array((need_s[visit], (outing, column)), shape=(len(room_s), len(visit)))
    cost, room, one = late_s[visit, outing], np.maximum(room_s, 0.0), np.ones(len(need_s))
    found: Any = linprog(cost, A_ub=held, b_ub=room, A_eq=once, b_eq=one, method="highs")
    return max(float(found.fun), float(each.sum())) if found.status == 0 else float(each.sum())


def _fewest_routes(task: Task, made: I64, usable: I64, need_s: float, between: F64) -> int:
    """Return how many outings it takes at least: the longest ones, until all stays and the shortest way to each fit."""
    begin = np.maximum(task.start_s[usable], task.opens_s[made].min() - between[0, 1:].max())
    end = np.minimum(task.end_s[usable], task.closes_s[made].max() + between[0, 1:].max())
    lengths = np.minimum(task.most_s[usable], end - begin) - between[0, 1:].min()
    enough = np.cumsum(np.sort(np.maximum(lengths, 0.0))[::-1])
    return max(1, int(np.searchsorted(enough, need_s - 1e-6) + 1))


def tree_bound(between: F64, routes: int) -> float:
    """Return the bound of at least `routes` routes from node 0 through all other nodes.

    Parameters
    ----------
    between
        (n + 1, n + 1) symmetric lengths, node 0 the base.
    routes
        Fewest routes, >= 1.

    Examples
    --------
    Three corners of a square of side 1 around the fourth: the way around is 4.

    >>> square = np.array([[0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0.0]])
    >>> round(tree_bound(square, 1), 6)
    4.0
    """
    nodes = len(between)
    routes = min(routes, nodes - 1)
    price = np.zeros(nodes)
    best, step = -np.inf, float(between[0, 1:].mean()) / 4.0 + 1e-9
    for _ in range(STEPS):
        priced = between + price[:, None] + price[None, :]
        length, legs = _tree(priced)
        home = np.sort(priced[0, 1:])
        back = np.argsort(priced[0, 1:])[: _ways_back(home, routes)] + 1
        legs[back] += 1
        best = max(best, length + float(priced[0, back].sum()) - 2.0 * float(price.sum()))
        slope = legs - 2.0
        slope[0] = 0.0
        if not slope.any():
            break
        price += step * slope / max(np.sqrt((slope**2).sum()), 1.0) * np.sqrt(nodes)
        step *= SHRINK
    return max(best, 0.0)


def _ways_back(home: F64, routes: int) -> int:
    """Return how many ways back make the bound least: as many as there must be, and every further one that is below 0."""
    return max(routes, int((home < 0.0).sum()))


def _tree(lengths: F64) -> tuple[float, F64]:
    """Return the length of the shortest spanning tree (Prim 1957) and how many legs each node has in it."""
    nodes = len(lengths)
    legs = np.zeros(nodes)
    near, nearest = lengths[0].copy(), np.zeros(nodes, dtype=np.int64)
    outside = np.ones(nodes, dtype=bool)
    outside[0] = False
    total = 0.0
    for _ in range(nodes - 1):
        node = int(np.where(outside, near, np.inf).argmin())
        total += float(near[node])
        legs[node] += 1.0
        legs[nearest[node]] += 1.0
        outside[node] = False
        closer = outside & (lengths[node] < near)
        near[closer] = lengths[node][closer]
        nearest[closer] = node
    return total, legs
