"""Searching: routes improved as long as time is left and something still gets better, with what is proven of them."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qinwu.plan.effort import Running
from qinwu.plan.rounds.bound import least_cost
from qinwu.plan.rounds.routing import I64, PRIZE, Route, Routed, Task, routed

MOST_CELLS = 8_000_000
"""Visits squared times outings of one search: what fits into memory and is searched in seconds."""
STILL = 400
"""So many rounds of the search without anything better, and it is over."""


@dataclass
class Ledger:
    """Travel and delay of all parts of a plan so far, told to whoever watches: what is settled, and a running clock."""

    running: Running
    settled_s: float = 0.0

    def tell(self, value_s: float) -> None:
        """Say what the part being searched is worth besides what is settled."""
        self.running.tell((self.settled_s + value_s) / 60.0)

    def settle(self, cost_s: float) -> None:
        """Take a part as done; the next adds to it, so that what is told begins anew."""
        self.settled_s += cost_s
        self.running.value = math.inf


class Until:
    """Stops a search when its time is up, when somebody asks, or when nothing gets better any more."""

    def __init__(self, ledger: Ledger, seconds: float) -> None:
        self.ledger = ledger
        self.until = time.monotonic() + seconds
        self.best, self.still = np.inf, 0

    def __call__(self, value: float) -> bool:
        """Return whether to stop, given the best value so far."""
        self.still = 0 if value < self.best else self.still + 1
        if value < self.best:
            self.best = value
            self.ledger.tell(value % PRIZE)
        return self.still > STILL or time.monotonic() > self.until or self.ledger.running.interrupted


def improved(task: Task, first: Routed, seed: int, ledger: Ledger, seconds: float) -> Routed:
    """Return the best routes found from `first` on, in at most so many seconds; `first` itself where there is no time."""
    if seconds <= 0.0 or ledger.running.interrupted or not task.outings:
        return first
    return routed(task, seed, Until(ledger, seconds), first)


def searched(task: Task, first: Routed, seed: int, ledger: Ledger, seconds: float, *, others: bool = False) -> Routed:
    """Return routes improved from `first` on, a few days at a time where there are too many visits for one search.

    Parameters
    ----------
    task, first
        What is to be routed, and first routes.
    seed, ledger, seconds
        Of the search; whom to tell; how long it may take.
    others
        Whether outings may be used that `first` does not use.
    """
    groups = _groups(task, first, others=others)
    routes: list[Route] = []
    left_out = list(first.left_out)
    visits = sum(len(route.visits) for route in first.routes)
    for group in groups:
        mine = [route for route in first.routes if route.outing in group]
        chosen = np.array([visit for route in mine for visit in route.visits] + left_out, dtype=np.int64)
        part = task.part(chosen, np.array(group, dtype=np.int64))
        begun = _renumbered(mine, chosen, group, len(left_out))
        time_s = seconds * sum(len(route.visits) for route in mine) / max(visits, 1)
        best = improved(part, begun, seed, ledger, time_s)
        routes += [
            replace(route, outing=group[route.outing], visits=tuple(int(chosen[visit]) for visit in route.visits))
            for route in best.routes
        ]
        left_out = [int(chosen[visit]) for visit in best.left_out]
    return Routed(tuple(sorted(routes, key=lambda route: route.outing)), tuple(sorted(left_out)))


def _groups(task: Task, first: Routed, *, others: bool) -> list[list[int]]:
    """Return the outings that are searched together, in order, each group small enough for one search."""
    fixed = task.allowed.sum(axis=1) <= 1
    if fixed.all():
        return [[route.outing] for route in first.routes]
    used = {route.outing: len(route.visits) for route in first.routes}
    groups: list[list[int]] = [[]]
    visits = len(first.left_out)
    for outing in range(task.outings):
        if outing not in used and not (others and task.allowed[:, outing].any()):
            continue
        more = visits + used.get(outing, 0)
        if groups[-1] and more**2 * (len(groups[-1]) + 1) > MOST_CELLS:
            groups.append([])
            more = len(first.left_out) + used.get(outing, 0)
        groups[-1].append(outing)
        visits = more
    return [group for group in groups if any(outing in used for outing in group)]


def _renumbered(routes: Sequence[Route], chosen: I64, group: Sequence[int], left_out: int) -> Routed:
    """Return routes with the positions of a part of the task."""
    place = {int(visit): at for at, visit in enumerate(chosen.tolist())}
    at_outing = {outing: at for at, outing in enumerate(group)}
    moved = [replace(one, outing=at_outing[one.outing], visits=tuple(place[visit] for visit in one.visits)) for one in routes]
    return Routed(tuple(moved), tuple(range(len(chosen) - left_out, len(chosen))))


def bound_s(task: Task, found: Routed) -> float:
    """Return seconds of travel and delay that no routes through the visits made can be below."""
    made = sorted(visit for route in found.routes for visit in route.visits)
    return least_cost(task, np.array(made, dtype=np.int64))
