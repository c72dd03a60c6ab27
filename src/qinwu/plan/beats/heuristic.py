"""Good districts soon: centres by interchange or from the Lagrangian bound, districts by growing, then annealing and kicks.

Without loads, lots go to their cheapest centre and interchange finds the centres; with loads, the centres and tolls of the bound
give a nearly balanced start (Hess's location and allocation, with tolls). What follows is an iterated local search: flips and
swaps that keep contiguity, new centres, and now and then a district dissolved and another split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.core import Core
from qinwu.plan.beats.flipping import anneal, descend
from qinwu.plan.beats.graph import Graph
from qinwu.plan.beats.growing import grow, kick
from qinwu.plan.beats.interchange import interchange
from qinwu.plan.beats.land import Land, Parts, total_cost, total_over, weigh
from qinwu.plan.effort import Running

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]

LONG, SHORT = 600, 120
"""Moves by lot of a first annealing and of one after a kick."""

PATIENCE = 25
"""After so many kicks without a gain the search begins anew from other centres; the best plan is kept."""

UNSUPPORTED, SUPPORTED = 0.95, 0.6
"""Share of the time for centres alone, without loads; with a rule of support its assignment needs the rest."""

IDLE_S, IDLE_LOT_S, IDLE = 3.0, 0.02, 2.0
"""The search ends when nothing has been gained for so many seconds (fewer with few lots), and so many times as long as it took."""


@dataclass(frozen=True)
class Found:
    """A plan: (B,) centre of each lot; what it costs; by how much it passes bounds, in mean loads (0 where it keeps all rules)."""

    centre_of: I32
    cost: float
    over: float


def land_of(core: Core) -> Land:
    """Return the arrays of the kernels."""
    apart = Graph.of(core.lots, core.apart)
    scale = np.maximum(core.weight.sum(axis=1) / core.fewest, 1e-12)
    nearer = np.ascontiguousarray(core.nearer)
    return Land(
        core.start, core.other, core.cost, core.may, core.site, core.weight, core.low, core.high, scale, core.needed, nearer,
        core.need, apart.start, apart.other, core.contiguous,
    )  # fmt: skip


def parts_of(core: Core, centres: NDArray[np.integer]) -> Parts:
    """Return districts of these centres, no lot in any yet."""
    lots = core.lots
    scratch = np.zeros(lots, np.int32), np.zeros(lots, np.int32), np.zeros(1, np.int64)
    return Parts(np.full(lots, -1, np.int32), centres.astype(np.int32), np.zeros((len(core.low), len(centres))), *scratch)


class Search:
    """One heuristic search: the best plan so far, and its draws.

    Parameters
    ----------
    core
        What is divided.
    bias
        (C, B) what assignment goes by: costs, or costs less tolls.
    seed
        Of every draw.
    """

    def __init__(self, core: Core, bias: F64, seed: int) -> None:
        self.core, self.bias, self.land = core, bias, land_of(core)
        self.draws = np.random.default_rng(seed)
        self.best: Found | None = None
        self.barred = np.where(core.may, core.cost, np.inf)

    def offer(self, centre_of: I32, over: float) -> bool:
        """Keep a plan if it is the best so far; return whether it is."""
        cost = self.core.worth(centre_of)
        best = self.best
        better = best is None or (over, cost) < (best.over, best.cost - 1e-9 * abs(best.cost))
        if better:
            self.best = Found(centre_of.copy(), cost, over)
        return better

    def exchanged(self, count: int, running: Running, share: float) -> Iterator[I32]:
        """Yield better and better sets of `count` centres where every lot goes to its cheapest, for a share of the time left."""
        until = running.seconds + running.left * share
        held = np.flatnonzero(self.core.needed)
        free = np.setdiff1d(np.arange(len(self.core.site)), held)
        kept = np.arange(count) < len(held)
        centres = np.append(held, self.draws.choice(free, count - len(held), replace=False)).astype(np.int32)
        best, least, failed = centres, np.inf, 0
        while failed < 60 + 4 * count:
            cost = interchange(self.barred, centres, kept, 10 * count + 10)
            failed += 1
            if cost < least - 1e-9 * abs(cost):
                best, least, failed = centres.copy(), cost, 0
                yield best
            if running.seconds > until or running.over or kept.all():
                return
            centres = best.copy()
            many = min(int(self.draws.integers(2, max(3, count // 3) + 1)), count - len(held))
            outside = np.setdiff1d(free, best)
            many = min(many, len(outside))
            leaving = self.draws.choice(np.flatnonzero(~kept), many, replace=False)
            centres[leaving] = self.draws.choice(outside, many, replace=False)

    def grown(self, centres: NDArray[np.integer]) -> Parts | None:
        """Return districts grown from these centres and improved by plain descent; None where some lot finds no district."""
        parts = parts_of(self.core, centres)
        if grow(self.land, parts, self.bias):
            return None
        descend(self.land, parts, self.penalty(total_cost(self.land, parts), len(centres)))
        self.offer(parts.centre[parts.label], round(total_over(self.land, parts), 12))
        return parts

    def penalty(self, cost: float, count: int) -> float:
        """Return what passing bounds by a mean load costs at first."""
        return abs(cost) / count + 1e-9

    def improve(self, parts: Parts, running: Running) -> None:
        """Anneal, kick and anneal again until the time is over or nothing has been gained for long."""
        lots, count = self.core.lots, len(parts.centre)
        unit = max(total_cost(self.land, parts), 1e-9) / lots
        penalty = self.penalty(unit * lots, count)
        label, centre, value = parts.label.copy(), parts.centre.copy(), np.array([np.inf, np.inf])
        warm, moves, failed = unit, LONG * lots, 0
        while not running.over and failed < PATIENCE:
            before = value.copy()
            penalty = anneal(self.land, parts, moves, warm, 0.004 * unit, penalty, label, centre, value, self.draws)
            descend(self.land, parts, penalty)
            broken, cost = total_over(self.land, parts), total_cost(self.land, parts)
            if (round(broken, 12), cost) < (round(value[0], 12), value[1]):
                value[:] = broken, cost
                label[:], centre[:] = parts.label, parts.centre
            failed = 0 if tuple(value) < tuple(before) else failed + 1
            if np.isfinite(value[0]) and self.offer(centre[label], round(value[0], 12)) and value[0] <= 1e-12:
                running.tell(value=value[1])
            warm, moves = unit * self.draws.choice([0.1, 0.3, 0.6]), SHORT * lots
            self.kicked(parts, label, centre)

    def kicked(self, parts: Parts, label: I32, centre: I32) -> None:
        """Set the districts to those given, with a kick."""
        for _ in range(8):
            parts.label[:], parts.centre[:] = label, centre
            weigh(self.land, parts)
            if kick(self.land, parts, self.bias, self.draws):
                return
        parts.label[:], parts.centre[:] = label, centre
        weigh(self.land, parts)


Assign = Callable[[Core, I32, float], I32 | None]
"""The best plan with given centres, within so many seconds, or None."""


def search(
    core: Core, bias: F64, chosen: I32, seed: int, running: Running, start: I32 | None = None, assign: Assign | None = None
) -> Found | None:
    """Return the best plan found in the time, with the least excess over bounds where none keeps them; None where none grows.

    Parameters
    ----------
    core
        What is divided.
    bias
        (C, B) costs less tolls.
    chosen
        (K,) centres to begin with.
    seed
        Of every draw.
    running
        The clock; it is used up unless nothing is gained for long.
    start
        (B,) an earlier plan to go on from, or None.
    assign
        Used where lots need support of their neighbours, for which growing is a poor guide.
    """
    hunt = Search(core, bias, seed)
    if start is not None:
        resumed(hunt, start, running)
    if not len(core.low) and not len(core.apart):
        for centres in hunt.exchanged(len(chosen), running, SUPPORTED if len(core.need) else UNSUPPORTED):
            chosen = centres
        hunt.grown(chosen)
        if len(core.need) and assign is not None:
            plan = assign(core, chosen, running.left)
            if plan is not None:
                hunt.offer(plan, 0.0)
        if hunt.best is not None:
            running.tell(value=hunt.best.cost)
            if straight(core, hunt.best) or len(core.need):
                return hunt.best
    begun = restart(hunt, chosen, running)
    gained = running.seconds
    idle_s = min(IDLE_S, IDLE_LOT_S * core.lots)
    while not running.over and running.seconds < gained + idle_s + IDLE * gained:
        before = hunt.best
        if begun is not None:
            hunt.improve(begun, running)
        if hunt.best is not before:
            gained = running.seconds
        begun = restart(hunt, chosen, running)
    return hunt.best


def straight(core: Core, found: Found) -> bool:
    """Return whether every lot is with its cheapest centre already, so that flips cannot gain."""
    used = np.unique(found.centre_of)
    return bool(np.where(core.may[used], core.cost[used], np.inf).min(axis=0).sum() >= found.cost - 1e-9 * abs(found.cost))


def resumed(hunt: Search, start: I32, running: Running) -> None:
    """Take an earlier plan as the first, where it keeps the rules."""
    if hunt.core.keeps(start):
        hunt.offer(start, 0.0)
        running.tell(value=hunt.core.worth(start))


def restart(hunt: Search, chosen: I32, running: Running) -> Parts | None:
    """Return districts grown from the best plan's centres or the chosen ones, some of them drawn anew; None where none grows."""
    for attempt in range(30):
        centres = chosen if hunt.best is None else np.unique(hunt.best.centre_of)
        if attempt or hunt.best is not None:
            free = np.setdiff1d(np.flatnonzero(~hunt.core.needed), centres)
            moved = np.flatnonzero(~hunt.core.needed[centres])
            many = min(len(free), len(moved), 1 + int(hunt.draws.integers(max(1, len(moved) // 2))))
            centres = centres.copy()
            centres[hunt.draws.choice(moved, many, replace=False)] = hunt.draws.choice(free, many, replace=False)
        parts = parts_of(hunt.core, centres)
        if grow(hunt.land, parts, hunt.bias) == 0:
            return parts
        if running.over:
            break
    return None
