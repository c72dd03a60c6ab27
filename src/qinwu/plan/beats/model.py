"""Hess's model of what the bound has left, for HiGHS: one variable for every pair of centre and lot that is still possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.core import Core
from qinwu.plan.beats.cuts import Rows, beside, separating
from qinwu.plan.effort import Running
from qinwu.plan.extra import highs

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

OnBound = Callable[[float], object]

TIGHT = 1e-9
"""The relative gap HiGHS closes: proofs are exact up to sums of floats."""


@dataclass
class Model:
    """The model, its cuts so far, and what is known of its optimum.

    Parameters
    ----------
    core
        What is divided.
    may
        (C, B) the pairs left.
    held
        (C,) centres that must be used.
    """

    core: Core
    may: Bool
    held: Bool
    known: set[bytes] = field(default_factory=set)
    cuts: int = 0

    def __post_init__(self) -> None:
        core = self.core
        # A centre whose own lot it may not serve is none.
        self.may = self.may & self.may[np.arange(len(core.site)), core.site][:, None]
        self.centre, self.lot = np.nonzero(self.may)
        self.column = np.full(core.cost.shape, -1, np.int32)
        self.column[self.centre, self.lot] = np.arange(len(self.lot))
        self.using = self.column[np.arange(len(core.site)), core.site]
        self.open = np.flatnonzero(self.using >= 0)
        some = core.low > 0.0
        self.lacking = core.weight[some] / core.low[some][:, None]
        self.light: Bool = (self.lacking < 1.0).sum(axis=0) > 0

    @property
    def columns(self) -> int:
        """Number of variables."""
        return len(self.lot)

    def rows(self) -> Rows:
        """Return every row of the model but separators."""
        core = self.core
        parts = [self.served(), self.counted(), self.used()]
        parts += [self.loaded(row) for row in range(len(core.low))]
        if len(core.need):
            parts.append(self.supported())
        if len(core.apart):
            parts.append(self.parted())
        if core.contiguous and not len(core.need):
            parts.append(self.neighbourly())
        return Rows.joined(parts)

    def neighbourly(self) -> Rows:
        """A lot has a neighbour in its district."""
        core = self.core
        return beside(core.start, core.other, core.site, self.column, self.light)

    def broken(self, plan: I32, least: float = 0.5) -> Rows:
        """Return the separators that a plan breaks."""
        share = np.zeros(self.core.cost.shape)
        share[plan, np.arange(len(plan))] = 1.0
        return self.separators(share, least)

    def separators(self, share: F64, least: float) -> Rows:
        """Return the separators that a solution breaks, (C, B) values of pairs; those returned before are not repeated."""
        core = self.core
        rows = separating(core.start, core.other, core.site, self.column, share, least, self.lacking, self.known)
        self.cuts += len(rows)
        return rows

    def served(self) -> Rows:
        """Every lot is served once."""
        ones = np.ones(self.core.lots)
        return Rows.of(self.lot, np.arange(self.columns), np.ones(self.columns), ones, ones)

    def counted(self) -> Rows:
        """As many centres as asked for."""
        column = self.using[self.open]
        low, high = np.array([float(self.core.fewest)]), np.array([float(self.core.most)])
        return Rows.of(np.zeros(len(column), np.int64), column, np.ones(len(column)), low, high)

    def used(self) -> Rows:
        """A lot is served from a centre only where that is used."""
        pair = np.flatnonzero(self.lot != self.core.site[self.centre])
        row = np.arange(len(pair))
        value = np.append(np.ones(len(pair)), -np.ones(len(pair)))
        column = np.append(pair, self.using[self.centre[pair]]).astype(np.int32)
        return Rows.of(np.append(row, row), column, value, np.full(len(pair), -np.inf), np.zeros(len(pair)))

    def loaded(self, load: int) -> Rows:
        """Loads of one kind within bounds, both sides."""
        core, count = self.core, len(self.open)
        place = np.full(len(core.site), -1)
        place[self.open] = np.arange(count)
        own = self.lot == core.site[self.centre]
        weight, row = core.weight[load, self.lot], place[self.centre]
        column = np.arange(self.columns)
        sides = []
        for bound, low, high in ((core.high[load], -np.inf, 0.0), (core.low[load], 0.0, np.inf)):
            if np.isfinite(bound):
                value = weight - bound * own
                real = value != 0.0
                rows = Rows.of(row[real], column[real], value[real], np.full(count, low), np.full(count, high))
                sides.append(rows)
        return Rows.joined(sides) if sides else Rows.of(*(np.zeros(0, np.int64),) * 2, *(np.zeros(0),) * 3)

    def supported(self) -> Rows:
        """A lot has the neighbours it needs in its district."""
        core = self.core
        pair = np.flatnonzero(core.need[self.centre, self.lot] > 0)
        degree = np.diff(core.start)[self.lot[pair]]
        row = np.repeat(np.arange(len(pair)), degree)
        at = np.concatenate([np.arange(core.start[j], core.start[j + 1]) for j in self.lot[pair]]) if len(pair) else row
        near = self.column[self.centre[pair][row], core.other[at]]
        real = (near >= 0) & core.nearer[self.centre[pair][row], at]
        need = core.need[self.centre[pair], self.lot[pair]].astype(np.float64)
        rows = np.append(row[real], np.arange(len(pair)))
        value = np.append(np.ones(int(real.sum())), -need)
        return Rows.of(rows, np.append(near[real], pair), value, np.zeros(len(pair)), np.full(len(pair), np.inf))

    def parted(self) -> Rows:
        """Of two lots kept apart, at most one is in a district."""
        pairs = self.column[self.open[:, None], self.core.apart[:, 0]], self.column[self.open[:, None], self.core.apart[:, 1]]
        both = (pairs[0] >= 0) & (pairs[1] >= 0)
        one, two = pairs[0][both], pairs[1][both]
        row = np.arange(len(one))
        ones = np.ones(len(one))
        column = np.append(one, two)
        return Rows.of(np.append(row, row), column, np.append(ones, ones), np.full(len(one), -np.inf), ones)

    def spread(self, values: F64) -> F64:
        """Return (C, B) the value of each pair."""
        table = np.zeros(self.core.cost.shape)
        table[self.centre, self.lot] = values
        return table

    def read(self, values: F64) -> I32:
        """Return (B,) the centre of each lot in an integral solution."""
        plan: I32 = self.spread(values).argmax(axis=0).astype(np.int32)
        return plan


@dataclass(frozen=True)
class Answer:
    """What the solver says: a plan that keeps all rules or None, its cost, the bound, and how it ended."""

    plan: I32 | None
    cost: float
    bound: float
    done: bool


class Solver:
    """HiGHS over one model, cut after cut.

    Parameters
    ----------
    model
        What to solve.
    running
        The clock.
    gap
        Relative gap at which to stop.
    """

    def __init__(self, model: Model, running: Running, gap: float = TIGHT) -> None:
        self.highs, self.solver = highs()
        self.model, self.running = model, running
        for option, value in (("mip_rel_gap", gap), ("mip_abs_gap", 0.0)):
            self.solver.setOptionValue(option, value)
        self.solver.passModel(self.program(model.rows()))

    def program(self, rows: Rows) -> Any:
        """Return the rows and columns as HiGHS wants them."""
        model, highs = self.model, self.highs
        lp = highs.HighsLp()
        lp.num_col_, lp.num_row_ = model.columns, len(rows)
        lp.col_cost_ = model.core.cost[model.centre, model.lot]
        low = np.zeros(model.columns)
        held = model.using[model.held & (model.using >= 0)]
        low[held] = 1.0
        lp.col_lower_, lp.col_upper_ = low, np.ones(model.columns)
        lp.row_lower_, lp.row_upper_ = rows.low, rows.high
        lp.a_matrix_.format_ = highs.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = rows.start.astype(np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.column, rows.value
        return lp

    def relaxed(self, rounds: int, cutoff: float) -> tuple[float, F64]:
        """Solve the linear relaxation, with separators for what falls apart, and return its value and reduced costs."""
        value, duals = -np.inf, np.zeros(self.model.columns)
        for _ in range(rounds):
            self.limit()
            self.solver.run()
            status = self.solver.getModelStatus()
            if status == self.highs.HighsModelStatus.kInfeasible:
                return np.inf, duals
            if status != self.highs.HighsModelStatus.kOptimal:
                break
            value = self.solver.getInfo().objective_function_value
            solution = self.solver.getSolution()
            duals = np.array(solution.col_dual)
            if value > cutoff or not self.model.core.contiguous or self.running.over:
                break
            share = self.model.spread(np.array(solution.col_value))
            if not sum(self.add(self.model.separators(share, least)) for least in (1e-6, 0.2)):
                break
        return value, duals

    def limit(self) -> None:
        """Tell HiGHS how long it may still look: its own clock goes on from run to run."""
        self.solver.setOptionValue("time_limit", float(self.solver.getRunTime() + max(0.05, self.running.left)))

    def add(self, rows: Rows) -> int:
        """Add rows; return how many."""
        if len(rows):
            start = rows.start[:-1].astype(np.int32)
            self.solver.addRows(len(rows), rows.low, rows.high, len(rows.column), start, rows.column, rows.value)
        return len(rows)

    def integral(self) -> None:
        """Ask for whole numbers from now on."""
        kinds = np.full(self.model.columns, self.highs.HighsVarType.kInteger.value, np.uint8)
        self.solver.changeColsIntegrality(self.model.columns, np.arange(self.model.columns, dtype=np.int32), kinds)

    def start_from(self, plan: I32) -> None:
        """Offer a plan to begin with."""
        column = self.model.column[plan, np.arange(len(plan))]
        if (column < 0).any():
            return
        values = np.zeros(self.model.columns)
        values[column] = 1.0
        solution = self.highs.HighsSolution()
        solution.col_value = values.tolist()
        self.solver.setSolution(solution)

    def solve(self, plan: I32 | None, cutoff: float, on_bound: OnBound) -> Answer:
        """Solve to the end, or until the clock stops it, in rounds: solve, cut what falls apart, solve again.

        Parameters
        ----------
        plan
            A plan to begin with, or None.
        cutoff
            What it costs: bounds above it prove it best. inf for none.
        on_bound
            Told every bound that is proven.
        """
        self.integral()
        bound = -np.inf
        seen = self.watch()
        while True:
            if plan is not None:
                self.start_from(plan)
            self.limit()
            self.solver.run()
            status, info = self.solver.getModelStatus(), self.solver.getInfo()
            if status == self.highs.HighsModelStatus.kInfeasible:
                return Answer(plan, cutoff, max(bound, cutoff), True)
            bound = max(bound, min(float(info.mip_dual_bound), cutoff))
            on_bound(bound)
            if info.primal_solution_status != self.highs.SolutionStatus.kSolutionStatusFeasible:
                return Answer(plan, cutoff, bound, status == self.highs.HighsModelStatus.kOptimal)
            found = self.model.read(np.array(self.solver.getSolution().col_value))
            if self.model.core.keeps(found):
                cost = self.model.core.worth(found)
                if cost < cutoff:
                    plan, cutoff = found, cost
                return Answer(plan, cutoff, bound, status == self.highs.HighsModelStatus.kOptimal)
            added = sum(self.add(self.model.broken(plan_met)) for plan_met in (found, *seen))
            seen.clear()
            if not added or self.running.over:
                return Answer(plan, cutoff, bound, False)

    def watch(self) -> list[I32]:
        """Keep the solutions HiGHS meets on its way, so that one round gives the cuts of many; return the list they go to."""
        seen: list[I32] = []

        kinds = self.highs.cb.HighsCallbackType
        better, ask = kinds.kCallbackMipImprovingSolution, kinds.kCallbackMipInterrupt

        def heard(kind: Any, _message: str, known: Any, answer: Any, _none: Any) -> None:
            if kind != better:
                answer.user_interrupt = self.running.interrupted
            elif len(values := np.array(known.mip_solution)) == self.model.columns:
                seen.append(self.model.read(values))

        self.solver.setCallback(heard, None)
        self.solver.startCallback(better)
        self.solver.startCallback(ask)
        return seen
