"""Mixed-integer programs by HiGHS under an effort: progress told, stopped without loss, the bound always known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from qinwu.plan.effort import Running
from qinwu.plan.extra import highs

F64 = NDArray[np.float64]

GAP = 1e-9
"""Relative gap at which HiGHS may stop: smaller than what a proof calls optimal."""


@dataclass(frozen=True)
class Program:
    """Minimise ``cost · x`` where ``low <= rows x <= high`` and ``least <= x <= most``.

    Parameters
    ----------
    cost
        (V,) of each variable.
    rows
        (R, V) sparse.
    low, high
        (R,) infinite where a side is free.
    least, most
        (V,) bounds of the variables.
    whole
        (V,) which variables are whole numbers.
    """

    cost: F64
    rows: Any
    low: F64
    high: F64
    least: F64
    most: F64
    whole: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Solved:
    """What HiGHS found: `x` (None: nothing), the value of `x` (inf), a proven bound (-inf; inf where nothing is feasible).

    ``infeasible`` is proven; ``row_price`` (R,) are the dual values of a program without whole variables, empty otherwise.
    """

    x: F64 | None
    value: float
    bound: float
    infeasible: bool
    row_price: F64

    @property
    def optimal(self) -> bool:
        """Whether nothing better exists."""
        return self.x is not None and self.value - self.bound <= 1e-6 * max(1.0, abs(self.value))


def rows_of(entries: ArrayLike, row: ArrayLike, column: ArrayLike, shape: tuple[int, int]) -> Any:
    """Return a sparse matrix from its entries."""
    return sparse.csr_array((np.asarray(entries, dtype=np.float64), (np.asarray(row), np.asarray(column))), shape=shape)


def solve(program: Program, running: Running, start: F64 | None = None, *, tell: bool = False, gap: float = GAP) -> Solved:
    """Solve a program with HiGHS in what is left of the effort.

    Parameters
    ----------
    program
        What to solve.
    running
        Time left, the request to stop, and whom to tell.
    start
        (V,) a solution to begin with, feasible or nearly.
    tell
        Whether value and bound are those of the plan and are passed on.
    gap
        Relative gap between value and bound at which to stop.

    Raises
    ------
    QinwuError
        ``highspy`` is not installed.
    """
    core, solver = highs()
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("random_seed", running.effort.seed % 2**31)
    solver.setOptionValue("time_limit", max(running.left, 1e-3))
    solver.passModel(_model(core, program))
    if start is not None:
        known = core.HighsSolution()
        known.col_value = start.tolist()
        solver.setSolution(known)
    _listen(core, solver, running, tell)
    solver.run()
    return _result(core, solver, program)


def _model(core: Any, program: Program) -> Any:
    model, rows = core.HighsLp(), sparse.csr_array(program.rows)
    model.num_col_, model.num_row_ = len(program.cost), len(program.low)
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.least, program.most
    model.row_lower_, model.row_upper_ = program.low, program.high
    model.a_matrix_.format_ = core.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    if program.whole.any():
        kinds = (core.HighsVarType.kContinuous, core.HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in program.whole.astype(int).tolist()]
    return model


def _listen(core: Any, solver: Any, running: Running, tell: bool) -> None:
    """Let HiGHS ask now and then whether to stop, and say what it knows."""

    def asked(_kind: Any, _message: str, known: Any, answer: Any, _none: Any) -> None:
        if tell and np.isfinite(known.mip_primal_bound):
            running.tell(known.mip_primal_bound, known.mip_dual_bound)
        if running.interrupted:
            answer.user_interrupt = True

    solver.setCallback(asked, None)
    for kind in (core.cb.HighsCallbackType.kCallbackMipInterrupt, core.cb.HighsCallbackType.kCallbackSimplexInterrupt):
        solver.startCallback(kind)


def _result(core: Any, solver: Any, program: Program) -> Solved:
    info, status = solver.getInfo(), solver.getModelStatus()
    infeasible = status in (core.HighsModelStatus.kInfeasible, core.HighsModelStatus.kUnboundedOrInfeasible)
    nothing = np.empty(0)
    if infeasible or info.primal_solution_status != core.SolutionStatus.kSolutionStatusFeasible:
        bound = np.inf if infeasible else info.mip_dual_bound if program.whole.any() else -np.inf
        return Solved(None, np.inf, float(bound), infeasible, nothing)
    found = solver.getSolution()
    x = np.array(found.col_value)
    if program.whole.any():
        x[program.whole] = np.round(x[program.whole])
        return Solved(x, float(program.cost @ x), float(info.mip_dual_bound), False, nothing)
    done = status == core.HighsModelStatus.kOptimal
    value = float(program.cost @ x)
    return Solved(x, value, value if done else -np.inf, False, np.array(found.row_dual))
