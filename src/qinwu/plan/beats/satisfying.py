"""CP-SAT over the same model: whether there are districts at all, and the best of small models whose relaxation says little.

Tight bounds on loads make a puzzle of whole numbers, of which linear relaxations see nothing; clause learning does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.core import Core
from qinwu.plan.beats.cuts import Rows
from qinwu.plan.beats.model import Answer, Model, OnBound
from qinwu.plan.effort import Running
from qinwu.plan.extra import THREADS, needed

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]

WEIGHT_UNITS, COST_UNITS = 10_000_000, 1_000_000_000
"""Loads of all lots together, and the cost of a plan, are about so many whole units."""

POLL_S = 0.2
"""Seconds between two looks at whether somebody asked to stop."""


class Satisfier:
    """CP-SAT over one model, cut after cut.

    Parameters
    ----------
    model
        What to solve.
    cutoff
        The cost of a plan, or a guess: where it is finite, the cheapest plan below it is asked for, otherwise any.
    running
        The clock.
    on_bound
        Told every bound that is proven.
    """

    def __init__(self, model: Model, cutoff: float, running: Running, on_bound: OnBound) -> None:
        self.cp: Any = needed("ortools.sat.python.cp_model")
        self.model, self.cutoff, self.running, self.on_bound = model, cutoff, running, on_bound
        self.program = self.cp.CpModel()
        self.pair = [self.program.new_bool_var("") for _ in range(model.columns)]
        self.scale = COST_UNITS / abs(cutoff) if np.isfinite(cutoff) and cutoff != 0.0 else 0.0
        self.state()

    def state(self) -> None:
        """State every rule of the model but separators, and the aim."""
        model = self.model
        for lot in range(model.core.lots):
            self.program.add_exactly_one(self.pair[at] for at in np.flatnonzero(model.lot == lot))
        self.program.add_linear_constraint(sum(self.pair[at] for at in model.using[model.open]), model.core.fewest, model.core.most)
        for at in np.flatnonzero(model.lot != model.core.site[model.centre]):
            self.program.add_implication(self.pair[at], self.pair[model.using[model.centre[at]]])
        for at in model.using[model.held & (model.using >= 0)]:
            self.program.add(self.pair[at] == 1)
        for load in range(len(model.core.low)):
            self.load(load)
        rest = [rows() for rows, there in ((model.supported, len(model.core.need)), (model.parted, len(model.core.apart))) if there]
        for rows in rest:
            self.linear(rows)
        if model.core.contiguous and not len(model.core.need):
            self.clauses(model.neighbourly())
        if self.scale:
            unit = np.rint(model.core.cost[model.centre, model.lot] * self.scale).astype(np.int64)
            self.program.minimize(sum(int(cost) * pair for cost, pair in zip(unit, self.pair, strict=True)))

    def load(self, load: int) -> None:
        """Keep the bounds of one load, in whole units rounded so that no true plan is lost."""
        model, core = self.model, self.model.core
        weight = core.weight[load]
        whole = (weight == np.rint(weight)).all()
        scale = 1.0 if whole else WEIGHT_UNITS / max(float(weight.sum()), 1e-300)
        units = np.floor(weight * scale).astype(np.int64)
        spare = 0 if whole else core.lots
        for centre in model.open:
            own = self.pair[model.using[centre]]
            column = np.flatnonzero(model.centre == centre)
            total = sum(int(units[model.lot[at]]) * self.pair[at] for at in column)
            if np.isfinite(core.high[load]):
                self.program.add(total <= int(np.floor(core.high[load] * scale)) * own)
            if core.low[load] > 0.0:
                self.program.add(total >= (int(np.ceil(core.low[load] * scale)) - spare) * own)

    def linear(self, rows: Rows) -> None:
        """State rows of small whole coefficients."""
        for at in range(len(rows)):
            span = slice(rows.start[at], rows.start[at + 1])
            total = sum(int(value) * self.pair[column] for value, column in zip(rows.value[span], rows.column[span], strict=True))
            if np.isfinite(rows.low[at]):
                self.program.add(total >= int(rows.low[at]))
            if np.isfinite(rows.high[at]):
                self.program.add(total <= int(rows.high[at]))

    def clauses(self, rows: Rows) -> None:
        """State rows of the form "one of these, or not that"."""
        for at in range(len(rows)):
            span = slice(rows.start[at], rows.start[at + 1])
            columns, values = rows.column[span], rows.value[span]
            literals = [self.pair[c] if v > 0.0 else self.pair[c].negated() for c, v in zip(columns, values, strict=True)]
            self.program.add_bool_or(literals)

    def solve(self, plan: I32 | None) -> Answer:
        """Solve in rounds until a plan keeps the rules, or it is proven that none does, or the clock stops it."""
        bound = -np.inf
        if plan is not None:
            column = set(self.model.column[plan, np.arange(len(plan))].tolist())
            for at, pair in enumerate(self.pair):
                self.program.add_hint(pair, at in column)
        while not self.running.over:
            solver = self.cp.CpSolver()
            solver.parameters.num_workers = THREADS
            solver.parameters.random_seed = self.running.effort.seed
            solver.parameters.max_time_in_seconds = max(0.1, self.running.left)
            with stopped_by(self.running, solver):
                status = solver.solve(self.program)
            if status == self.cp.INFEASIBLE:
                return Answer(plan, self.cutoff, self.cutoff, True)
            if self.scale:
                bound = max(bound, min(self.cutoff, (solver.best_objective_bound - 0.5 * self.model.core.lots) / self.scale))
                self.on_bound(bound)
            if status == self.cp.UNKNOWN:
                break
            values = np.array([solver.boolean_value(pair) for pair in self.pair], np.float64)
            found = self.model.read(values)
            if self.model.core.keeps(found):
                return self.better(found, plan, bound, status == self.cp.OPTIMAL)
            rows = self.model.broken(found)
            self.clauses(rows)
            if not len(rows):
                break
        return Answer(plan, self.cutoff, bound, False)

    def better(self, found: I32, plan: I32 | None, bound: float, best: bool) -> Answer:
        """Return a plan found, or the one known where it is as cheap."""
        cost = self.model.core.worth(found)
        if plan is not None and self.cutoff <= cost:
            return Answer(plan, self.cutoff, bound, best)
        return Answer(found, cost, bound, best)


@contextmanager
def stopped_by(running: Running, solver: Any) -> Iterator[None]:
    """Stop the solver soon after somebody asks to: it calls nobody while it finds nothing."""
    done = Event()

    def watch() -> None:
        while not done.wait(POLL_S):
            if running.interrupted:
                solver.stop_search()

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def any_plan(core: Core, running: Running) -> Answer:
    """Return any plan that keeps the rules; done without one where it is proven that there is none."""
    model = Model(core, core.may, core.needed)
    if (np.bincount(model.lot, minlength=core.lots) == 0).any() or len(model.open) < core.fewest:
        return Answer(None, np.inf, np.inf, True)
    return Satisfier(model, np.inf, running, lambda _: None).solve(None)
