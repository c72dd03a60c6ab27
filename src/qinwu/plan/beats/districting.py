"""Districts of a problem, soon or proven: checks, bound, heuristic, proof, and where there are none, why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.language import N_
from qinwu.plan.beats.compiling import small_problems, until_compiled
from qinwu.plan.beats.core import Core
from qinwu.plan.beats.district_checks import district_findings, listed, plain
from qinwu.plan.beats.district_conflict import conflict_findings, nearest_findings
from qinwu.plan.beats.districts import DistrictPlan, DistrictProblem
from qinwu.plan.beats.exact import Proven, assigned, prove
from qinwu.plan.beats.heuristic import Found, search
from qinwu.plan.beats.lagrange import Relaxed, relax
from qinwu.plan.beats.model import TIGHT
from qinwu.plan.effort import Effort, Running
from qinwu.plan.proof import Proof

I32 = NDArray[np.int32]

OPENING = 200
"""Subgradient steps before the heuristic."""

HEURISTIC_SHARE, HEURISTIC_MOST = 0.15, 12.0
"""Share of the time, and most seconds, for the heuristic where a proof is to follow."""

AT_BOUND = 0.002
"""A load this near a bound, as a share of it, is held back by it."""


def districts(
    problem: DistrictProblem, effort: Effort, *, exact: bool = True, gap: float = TIGHT, start: I32 | None = None
) -> DistrictPlan:
    """Return good districts, proven best where `exact` and the time allows.

    Parameters
    ----------
    problem
        What is divided.
    effort
        Time, seed, whom to tell.
    exact
        Whether to go for a proof (needs the ``plan`` extra); otherwise the heuristic has all the time.
    gap
        Relative gap at which a proof is near enough.
    start
        (J,) position of the centre of each atom, an earlier plan to go on from; ignored where it breaks a rule.

    Raises
    ------
    QinwuError
        The problem cannot be read, or no districts keep its rules: the rules in conflict and what would have to give; or none were
        found in the time.

    Examples
    --------
    Six atoms in a row, two districts of three:

    >>> from qinwu.plan.beats.districts import Balance
    >>> from qinwu.plan.beats.graph import Graph
    >>> far = np.abs(np.subtract.outer(np.arange(6.0), np.arange(6.0)))
    >>> row = Graph.of(6, np.column_stack([np.arange(5), np.arange(1, 6)]))
    >>> problem = DistrictProblem(tuple("abcdef"), far, row, (2, 2), balance=(Balance("atoms", np.ones(6), 3.0, 3.0),))
    >>> plan = districts(problem, Effort(seconds=10.0))
    >>> plan.district_of.tolist(), plan.cost, plan.proof.status
    ([0, 0, 0, 1, 1, 1], 4.0, 'optimal')
    """
    raise_on_errors(district_findings(problem))
    compile_districts()
    return divided(problem, effort, exact, gap, start)


@cache
def compile_districts() -> None:
    """Compile what districts are found and proven with, before anybody's clock starts."""
    for small in small_problems():
        until_compiled(lambda effort, small=small: divided(small, effort, True, TIGHT, None))  # type: ignore[misc]


def divided(problem: DistrictProblem, effort: Effort, exact: bool, gap: float, start: I32 | None) -> DistrictPlan:
    """Return :func:`districts` of a problem that can be read."""
    running = effort.begin()
    core = Core.of(problem)
    relaxed = opening_bound(core, running)
    if relaxed.value == np.inf:
        raise QinwuError(conflict_findings(problem, running))
    running.tell(bound=relaxed.value)
    known = first_plan(core, relaxed, running, exact, start)
    if not exact:
        return answered(problem, core, known, Proven(None, np.inf, relaxed.value), running)
    feasible = known if known is not None and core.keeps(known.centre_of) else None
    proven = prove(core, feasible, relaxed, running, gap)
    if proven.plan is None and proven.bound == np.inf:
        raise QinwuError(conflict_findings(problem, running))
    if proven.plan is not None:
        known = Found(proven.plan, proven.cost, 0.0)
    return answered(problem, core, known, proven, running)


def opening_bound(core: Core, running: Running) -> Relaxed:
    """Return the bound over all pairs, after a few steps towards the cost of a single centre."""
    dearest = float(np.where(core.may, core.cost, 0.0).sum(axis=1).min())
    return relax(core, core.may, dearest, OPENING, running)


def first_plan(core: Core, relaxed: Relaxed, running: Running, exact: bool, start: I32 | None) -> Found | None:
    """Return what the heuristic finds, in a share of the time where a proof is to follow."""
    seconds = min(HEURISTIC_MOST, HEURISTIC_SHARE * running.left) if exact else running.left
    effort = running.effort
    share = Effort(seconds, effort.seed, lambda news: running.tell(value=news.value), effort.stop).begin()
    lots = None if start is None else lots_from(core, start)
    assign = assigned if exact else assigned_if_possible
    return search(core, relaxed.bias, np.flatnonzero(relaxed.chosen).astype(np.int32), effort.seed, share, lots, assign)


def assigned_if_possible(core: Core, centres: NDArray[np.integer], seconds: float) -> I32 | None:
    """Return :func:`~qinwu.plan.beats.exact.assigned`, or None without the solver: the heuristic needs no extra."""
    try:
        return assigned(core, centres, seconds)
    except QinwuError:
        return None


def lots_from(core: Core, start: I32) -> I32 | None:
    """Return (B,) the centre of each lot in an earlier plan of atoms; None where it is of another problem."""
    if start.shape != core.lot_of.shape or start.min() < 0 or start.max() >= len(core.site):
        return None
    lots = np.zeros(core.lots, np.int32)
    lots[core.lot_of] = start
    return lots if (lots[core.lot_of] == start).all() else None


def answered(problem: DistrictProblem, core: Core, known: Found | None, proven: Proven, running: Running) -> DistrictPlan:
    """Return the plan with its proof, or refuse where none keeps the rules."""
    if known is None or not core.keeps(known.centre_of):
        raise QinwuError(nearest_findings(problem, core, known, running))
    bound = min(proven.bound, known.cost)
    proof = Proof(
        objective=N_("cost of serving every atom from the centre of its district"),
        unit="",
        value=known.cost,
        bound=bound if isfinite(bound) else float("nan"),
        seconds=running.seconds,
        seed=running.effort.seed,
        method=N_("Lagrangian bound, interchange and annealing, branch and bound over centres with cuts for contiguity"),
        interrupted=running.interrupted,
        binding=tuple(binding(problem, core.spread(known.centre_of))),
    )
    return DistrictPlan(core.spread(known.centre_of), known.cost, proof)


def binding(problem: DistrictProblem, centre_of: I32) -> Iterator[Finding]:
    """Yield the bounds of loads that districts stand at."""
    used = np.unique(centre_of)
    for one in problem.balance:
        load = problem.load(one, centre_of)[used]
        for side, bound in (("most", one.high), ("least", one.low)):
            at = used[np.abs(load - bound) <= AT_BOUND * bound] if isfinite(bound) else used[:0]
            if len(at) and bound > 0.0:
                message = N_("Districts at the most they may have of {name}, {bound}: those of {centres}.")
                if side == "least":
                    message = N_("Districts at the least they may have of {name}, {bound}: those of {centres}.")
                values = {"name": one.name, "bound": plain(bound), "centres": listed(problem.names, problem.sites[at])}
                yield Finding("district-at-bound", "note", message, values=values)
