"""The libraries of the planners: missing ones are named, and solvers of one process do not get in each other's way."""

from __future__ import annotations

import numpy as np
import pytest

from qinwu.findings import QinwuError
from qinwu.plan.effort import Effort
from qinwu.plan.extra import highs, needed
from qinwu.plan.mip import Program, rows_of, solve


def test_a_missing_library_says_how_to_get_it() -> None:
    """A library that is not there is named with the command that installs the extra."""
    with pytest.raises(QinwuError) as told:
        needed("no_such_library.inside")
    (finding,) = told.value.findings
    assert finding.values == {"library": "no_such_library", "command": 'pip install "qinwu[plan]"'}


def knapsack() -> Program:
    """Return three things of which two fit: at best 7."""
    weights = rows_of([2.0, 3.0, 4.0], [0, 0, 0], [0, 1, 2], (1, 3))
    return Program(
        np.array([-3.0, -4.0, -5.0]), weights, np.array([-np.inf]), np.array([5.0]), np.zeros(3), np.ones(3), np.ones(3, dtype=bool)
    )


def test_solvers_of_one_process_agree_on_their_threads(capfd: pytest.CaptureFixture[str]) -> None:
    """HiGHS refuses to run beside a solver with another number of threads; every planner's solver runs after every other's."""
    for _ in range(2):
        assert solve(knapsack(), Effort(10.0).begin()).value == pytest.approx(-7.0)
        core, solver = highs()
        solver.addVars(1, np.array([1.0]), np.array([2.0]))
        assert solver.run() == core.HighsStatus.kOk
        assert solver.getModelStatus() == core.HighsModelStatus.kOptimal
    assert capfd.readouterr() == ("", "")
