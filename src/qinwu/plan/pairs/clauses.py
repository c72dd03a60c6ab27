"""The cheapest stable pairing as clauses: every pair of the table is formed, or one of the two has somebody better."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import numpy as np

from qinwu.plan.effort import Running
from qinwu.plan.extra import needed
from qinwu.plan.pairs.problem import ALONE, I32
from qinwu.plan.pairs.program import StableProgram

SCALE = 1e6
"""CP-SAT counts in whole numbers: costs in millionths."""
LOOK_S = 0.1


def cheapest_stable(program: StableProgram, running: Running, start: I32) -> tuple[I32, bool]:
    """Return the cheapest stable pairing among the pairs of a program, and whether it is proven.

    On the table that Irving's proposals leave, clauses settle most pairs before any search; CP-SAT takes a quarter of the time that
    branch and bound takes there.

    Parameters
    ----------
    program
        Pairs of the table, all of them watched; none may block.
    running
        Time left, and the request to stop.
    start
        (n,) a stable pairing; all stable pairings have the same people without a partner.
    """
    cp = needed("ortools.sat.python.cp_model")
    model = cp.CpModel()
    x = [model.new_bool_var("") for _ in program.edges]
    mine: list[list[Any]] = [[] for _ in start]
    for edge, (one, two) in enumerate(program.edges.tolist()):
        mine[one].append(x[edge])
        mine[two].append(x[edge])
        model.add_hint(x[edge], int(start[one] == two))
    for who in np.flatnonzero(start != ALONE):
        model.add_exactly_one(mine[who])
    for one, two in program.watched:
        content = np.union1d(program.as_good(one, two), program.as_good(two, one))
        model.add_bool_or([x[edge] for edge in content.tolist()])
    cost = np.round(program.pair_cost * SCALE).astype(np.int64)
    model.minimize(cp.LinearExpr.weighted_sum(x, cost.tolist()))
    solver = _solver(cp, running)
    status = _stoppable(solver, model, running)
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        return start, False
    mate = np.full(len(start), ALONE, dtype=np.int32)
    one, two = program.edges[[bool(solver.value(each)) for each in x]].T
    mate[one], mate[two] = two, one
    return mate, status == cp.OPTIMAL


def _solver(cp: Any, running: Running) -> Any:
    solver = cp.CpSolver()
    solver.parameters.num_workers = 1  # one worker, so that the same seed gives the same pairing
    solver.parameters.random_seed = running.effort.seed % 2**31
    solver.parameters.max_time_in_seconds = max(running.left, 1e-3)
    return solver


def _stoppable(solver: Any, model: Any, running: Running) -> Any:
    """Solve, while somebody looks out for the request to stop."""
    done = Event()

    def look() -> None:
        while not done.wait(LOOK_S):
            if running.interrupted:
                solver.stop_search()

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    try:
        return solver.solve(model)
    finally:
        done.set()
        watcher.join()
