"""Proof: Hess's model of what the bounds leave, solved by HiGHS with cuts for contiguity, to the optimum or a gap.

A plan known already says which pairs of centre and lot no better plan uses; most of the model goes before it is built. What the
relaxation leaves open is branched on, centre by centre, and HiGHS settles the parts that are small. Where no plan is known, its
cost is guessed, lowest guess first: a guess at which nothing is found is a proven bound, what is found at one is the optimum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.core import Core
from qinwu.plan.beats.heuristic import Found
from qinwu.plan.beats.lagrange import SLACK, Relaxed, relax
from qinwu.plan.beats.model import TIGHT, Answer, Model, OnBound, Solver
from qinwu.plan.beats.prices import Prices
from qinwu.plan.beats.satisfying import Satisfier, any_plan
from qinwu.plan.effort import Effort, Running

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

GUESSES = 1.005, 1.02, 1.06, 1.15, 1.4
"""Multiples of the bound that are guessed to be the optimum where no plan is known."""

PASSES, STEPS, NODE_STEPS = 4, 400, 80
"""How often the bound is raised anew over the pairs left, and by how many steps at the root and at other nodes."""

SHRUNK = 0.95
"""Another pass is worth it where the last one left less than this share of the pairs."""

LP_ROUNDS = 12

PUZZLE, WEAK = 1500, 0.08
"""A model of so few pairs, whose relaxation is this share below the best plan known, is a puzzle for CP-SAT rather than HiGHS."""


LEAF, ROOT_LEAF = 900, 5000
"""So few pairs left are a model that HiGHS solves at once; at the root, where loads or a rule of support tighten it, more."""


@dataclass(frozen=True)
class Node:
    """A part of all plans: those that use the centres `held` and only the pairs that `may` be; no plan in it is below `bound`."""

    bound: float
    held: Bool
    may: Bool
    prices: Prices


@dataclass(frozen=True)
class Proven:
    """A plan or None, its cost (inf for none), and the bound: inf where it is proven that there is no plan."""

    plan: I32 | None
    cost: float
    bound: float


def prove(core: Core, known: Found | None, relaxed: Relaxed, running: Running, gap: float = TIGHT) -> Proven:
    """Return the best plan and bound that the time allows; `relaxed` is the bound over all pairs."""
    if known is not None:
        return below(core, known.centre_of, known.cost, relaxed, running, gap)
    bound = relaxed.value
    if len(core.low) or core.contiguous or len(core.apart):
        answer = any_plan(core, Effort(0.5 * running.left, running.effort.seed, None, running.effort.stop).begin())
        if answer.plan is not None:
            return below(core, answer.plan, answer.cost, relaxed, running, gap)
        if answer.done:
            return Proven(None, np.inf, np.inf)
    for guess in guesses(bound):
        proven = below(core, None, guess, relaxed, running, gap)
        if proven.plan is not None or not running.left or running.interrupted:
            return replace(proven, bound=max(bound, min(proven.bound, guess)) if proven.plan is None else proven.bound)
        bound = max(bound, guess)
        running.tell(bound=bound)
    return Proven(None, np.inf, np.inf)


def guesses(bound: float) -> Iterator[float]:
    """Yield costs the optimum may have, then inf."""
    if bound > 0.0:
        yield from (bound * times for times in GUESSES)
    yield np.inf


def below(core: Core, plan: I32 | None, cutoff: float, relaxed: Relaxed, running: Running, gap: float) -> Proven:
    """Return the best plan no dearer than `cutoff`, and the bound; without one and in time, the bound is the cutoff."""
    may, held = relaxed.left(cutoff) & core.may, relaxed.held(cutoff) | core.needed
    rows = np.flatnonzero(may[np.arange(len(core.site)), core.site])
    if len(rows) < core.fewest or held[~may[np.arange(len(core.site)), core.site]].any():
        return Proven(plan, cutoff if plan is not None else np.inf, cutoff)
    small = core.narrowed(rows)
    place = np.full(len(core.site), -1, np.int32)
    place[rows] = np.arange(len(rows))
    prices = Prices(relaxed.prices.price, np.ascontiguousarray(relaxed.prices.toll[:, rows]))
    root = Node(relaxed.value, held[rows], may[rows], prices)
    proven = Tree(small, None if plan is None else place[plan], cutoff, running, gap).grow(root)
    return replace(proven, plan=None if proven.plan is None else rows[proven.plan].astype(np.int32))


class Tree:
    """Branch and bound over the centres: the Lagrangian bound at each node, HiGHS where few pairs are left.

    Parameters
    ----------
    core
        What is divided, over the centres left.
    plan, cutoff
        A plan known, or None, and its cost or a guess.
    """

    def __init__(self, core: Core, plan: I32 | None, cutoff: float, running: Running, gap: float) -> None:
        self.core, self.plan, self.cutoff, self.running, self.gap = core, plan, cutoff, running, gap
        self.nodes = 0
        self.rest = cutoff
        self.floor = np.inf  # of parts that HiGHS settled only up to the gap

    def grow(self, root: Node) -> Proven:
        """Work off the nodes, least bound first, until none is left or the time is over."""
        heap: list[tuple[float, int, Node]] = [(root.bound, 0, root)]
        while heap and not self.running.over:
            bound, _, node = heappop(heap)
            self.running.tell(bound=min(bound, self.cutoff))
            if self.cutoff - bound <= self.gap * abs(self.cutoff) and self.plan is not None:
                heap = [(bound, 0, node)]
                break
            self.rest = min(self.cutoff, heap[0][0] if heap else np.inf)
            for child in self.children(node):
                self.nodes += 1
                heappush(heap, (child.bound, self.nodes, child))
        bound = min([self.cutoff, self.floor, *(node.bound for _, _, node in heap)])
        return Proven(self.plan, self.cutoff if self.plan is not None else np.inf, bound)

    def children(self, node: Node) -> list[Node]:
        """Return the nodes a node falls into; none where it is settled."""
        steps = STEPS if node.bound == -np.inf or self.nodes == 0 else NODE_STEPS
        node, often = self.tightened(node, steps)
        if node.bound > self.limit():
            return []
        free = np.flatnonzero(node.may[self.own()] & ~node.held)
        root = self.nodes == 0 and (len(self.core.low) or len(self.core.need))
        few = node.may.sum() <= (ROOT_LEAF if root else LEAF)
        if few or not len(free) or node.held.sum() == self.core.most:
            return self.leaf(node)
        pick = free[np.argmin(np.abs(often[free] - 0.5))]
        with_it, without = node.held.copy(), node.may.copy()
        with_it[pick] = True
        without[pick] = False
        return [replace(node, held=with_it), replace(node, may=without)]

    def own(self) -> tuple[NDArray[np.intp], I32]:
        """Return the index of each centre's own pair."""
        return np.arange(len(self.core.site)), self.core.site

    def limit(self) -> float:
        """Return the value above which nothing is of interest."""
        return self.cutoff + (SLACK if self.plan is None else -TIGHT) * abs(self.cutoff)

    def tightened(self, node: Node, steps: int) -> tuple[Node, F64]:
        """Return the node with its bound raised and what that rules out, and how often each centre was chosen."""
        often = np.zeros(len(self.core.site))
        for _ in range(PASSES):
            before = int(node.may.sum())
            best = relax(replace(self.core, needed=node.held), node.may, self.cutoff, steps, self.running, node.prices)
            bound, often = max(node.bound, best.value), best.often
            if bound > self.limit() or best.value == np.inf:
                return replace(node, bound=np.inf), often
            may = node.may & best.left(self.cutoff)
            may &= may[self.own()][:, None]
            node = Node(bound, node.held | best.held(self.cutoff), may, best.prices)
            if may.sum() > SHRUNK * before or self.running.over:
                break
        return node, often

    def leaf(self, node: Node) -> list[Node]:
        """Let HiGHS settle a node; return it again where the time was too short."""
        # What is proven of this part is proven of all only up to the bounds of the others.
        others = self.rest
        answer = modelled(
            self.core, None, self.cutoff, node.may, node.held, self.running, self.gap,
            lambda bound: self.running.tell(bound=min(bound, others)),
        )  # fmt: skip
        if answer.plan is not None and answer.cost < self.cutoff:
            self.plan, self.cutoff = answer.plan, answer.cost
            self.running.tell(value=answer.cost)
        if answer.done:
            if self.gap > TIGHT:
                self.floor = min(self.floor, answer.bound)
            return []
        return [replace(node, bound=max(node.bound, min(answer.bound, self.cutoff)))]


def modelled(
    core: Core, plan: I32 | None, cutoff: float, may: Bool, held: Bool, running: Running, gap: float, on_bound: OnBound
) -> Answer:
    """Return what HiGHS makes of the pairs left: the relaxation with cuts first, which rules out more pairs, then whole numbers."""
    model = Model(core, may, held)
    if impossible(model):
        return Answer(plan, cutoff, cutoff, True)
    solver = Solver(model, running, gap)
    value, duals = solver.relaxed(LP_ROUNDS, cutoff)
    if value > cutoff + SLACK * abs(cutoff):
        return Answer(plan, cutoff, cutoff, True)
    on_bound(min(value, cutoff))
    reduced = may.copy()
    if np.isfinite(cutoff) and np.isfinite(value):
        rising = model.spread(np.maximum(duals, 0.0))
        rising[held, core.site[held]] = 0.0  # these are 1: their reduced cost is of not being less
        reduced &= rising <= cutoff - value + SLACK * abs(cutoff)
    if reduced.sum() < SHRUNK * may.sum():
        model = Model(core, reduced, held)
        if impossible(model):
            return Answer(plan, cutoff, cutoff, True)
        solver = Solver(model, running, gap)
        solver.relaxed(LP_ROUNDS, cutoff)
    if np.isfinite(cutoff) and model.columns <= PUZZLE and value < (1.0 - WEAK) * cutoff:
        return Satisfier(model, cutoff, running, on_bound).solve(plan)
    return solver.solve(plan, cutoff, on_bound)


def impossible(model: Model) -> bool:
    """Return whether some lot has no centre left, or too few centres are."""
    served = np.bincount(model.lot, minlength=model.core.lots)
    return bool((served == 0).any() or len(model.open) < model.core.fewest)


def assigned(core: Core, centres: NDArray[np.integer], seconds: float) -> I32 | None:
    """Return the best plan that uses exactly these centres, or None where there is none or the time is over.

    Pairs far dearer than a lot's cheapest are left out at first.
    """
    running = Effort(seconds=seconds).begin()
    chosen = np.zeros(len(core.site), np.bool_)
    chosen[centres] = True
    small = replace(core, needed=chosen, fewest=len(centres), most=len(centres))
    cost = np.where(core.may & chosen[:, None], core.cost, np.inf)
    for wide in (4, 12, len(centres)):
        kept = np.partition(cost, min(wide, len(centres)) - 1, axis=0)[min(wide, len(centres)) - 1]
        may = np.isfinite(cost) & (cost <= kept[None, :])
        may[centres, core.site[centres]] = True
        model = Model(small, may, chosen)
        if not impossible(model):
            answer = Solver(model, running, 1e-3).solve(None, np.inf, lambda _: None)
            if answer.plan is not None:
                return answer.plan
        if wide >= len(centres) or running.over:
            break
    return None
