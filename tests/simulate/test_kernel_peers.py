"""The kernel, simpy and ciw on one model and the same calls: the same crew goes to every call at the same time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from benchmarks.peers import Model, Sent, ciw_sent, simpy_sent

from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.arrays import DELAYED, Demand, Table
from tests.simulate.plans import bare_plan, poisson_calls, simulate, town_travel

CREWS, ATOMS, CALLS = 30, 200, 4000
MICROSECOND = 1e-6


@cache
def town() -> tuple[ResponsePlan, Demand]:
    """Return 30 crews among 200 atoms, and calls of three priorities that keep them at three quarters of their time."""
    rng = np.random.default_rng(3)
    demand = poisson_calls(CALLS, 0.75 * CREWS / 1500.0, 2, 1200.0)
    demand = demand._replace(priority=rng.integers(0, 3, CALLS, np.int8), atom=rng.integers(0, ATOMS, CALLS, np.int32))
    return bare_plan(town_travel(ATOMS, 1), CREWS), demand


@cache
def kernel_calls() -> Table:
    """Return the kernel's record of those calls."""
    plan, demand = town()
    return simulate(plan, demand, demand.ready_s[-1] + 1e6).calls


def same(records: Table, sent: Sent) -> None:
    """Compare crews, and times to a microsecond."""
    np.testing.assert_array_equal(records["crew"], sent.crew)
    np.testing.assert_allclose(records["dispatched"], sent.dispatched, rtol=0.0, atol=MICROSECOND)


def test_the_shared_model_is_a_busy_one() -> None:
    """Enough calls wait for the queue, the priorities and the way home to matter."""
    assert (kernel_calls()["flags"] & DELAYED).astype(bool).mean() > 0.1


@pytest.mark.parametrize("engine", [simpy_sent, ciw_sent], ids=["simpy", "ciw"])
def test_an_independent_engine_sends_the_same_crews(engine: Callable[[Model], Sent]) -> None:
    """Call by call, over four thousand calls."""
    same(kernel_calls(), engine(Model.of(*town())))
