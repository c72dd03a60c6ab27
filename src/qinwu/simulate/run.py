"""One replication: a plan, a stream, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.simulate.arrays import CALL, COMING, DONE, FORGONE, ON_DUTY, OVERTIME, WAITING, WRAP_UP, Table, build_world
from qinwu.simulate.stream import Stream, demand_for


class InvariantError(RuntimeError):
    """The kernel broke a law that must hold on every run: a defect of Qinwu, never of the input."""


@dataclass(frozen=True)
class Run:
    """What happened in one replication.

    ``calls`` is the table of :data:`qinwu.simulate.arrays.CALL` by ready time; ``crew_s`` (K, 13), ``patrol_s`` (K, 168),
    ``short_s`` (2, 168) the totals of :class:`qinwu.simulate.arrays.World`; ``trace`` the event log, empty unless asked for.
    """

    plan: ResponsePlan
    calls: Table
    crew_s: F64
    patrol_s: F64
    short_s: F64
    waiting_s: float
    trace: Table
    end_s: float

    @cached_property
    def resident(self) -> dict[str, NDArray[Any]]:
        """Columns of the calls that count in response statistics: those people made, ready before the end."""
        rows = np.flatnonzero((self.calls["self_initiated"] == 0) & (self.calls["phase"] != COMING))
        return {name: self.calls[name][rows] for name in CALL.names or ()}

    @property
    def weeks(self) -> float:
        """Length of the run in weeks."""
        return self.end_s / 604_800.0


def run_plan(plan: ResponsePlan, stream: Stream, trace: bool = False) -> Run:
    """Run `plan` on the calls of `stream` and check the invariants.

    Raises
    ------
    InvariantError
        Little's law or a conservation law does not hold.
    """
    from qinwu.simulate import kernel

    demand = demand_for(plan.dispatching, stream)
    rows = 16 * len(demand.ready_s) + 4096 if trace else 0
    world = build_world(plan, demand, rows)
    kernel.run(world, stream.end_s)
    while int(world.clock[0]["logged"]) > rows > 0:
        rows = int(world.clock[0]["logged"])
        world = build_world(plan, demand, rows)
        kernel.run(world, stream.end_s)
    run = Run(
        plan,
        world.calls,
        world.crew_s,
        world.patrol_s,
        world.short_s,
        float(world.clock[0]["waiting_s"]),
        world.trace[: int(world.clock[0]["logged"])],
        stream.end_s,
    )
    check_invariants(run)
    return run


def check_invariants(run: Run) -> None:
    """Check conservation of crew time and of calls, and that waiting calls integrate to waiting times (Little 1961).

    Raises
    ------
    InvariantError
        Naming the law and by how much it fails.
    """
    spent = run.crew_s[:, : WRAP_UP + 1].sum(axis=1)
    held = run.crew_s[:, ON_DUTY] + run.crew_s[:, OVERTIME]
    worst = float(np.abs(spent - held).max(initial=0.0))
    if worst > 1e-3 * max(1.0, run.weeks):
        raise InvariantError(f"crew time is not conserved: {worst:.3f} s differ between activities and time on duty")
    calls = run.calls
    came = calls["phase"] != COMING
    if (came != (calls["ready"] < run.end_s)).any():
        raise InvariantError("calls are not conserved: a call that was ready before the end was never looked at")
    served = calls["people_sent"] > 0
    closed = calls["phase"] == DONE
    if (closed & ~served & (calls["flags"] & FORGONE == 0)).any():
        raise InvariantError("a call was closed without anybody having been sent")
    still = (calls["phase"] == WAITING) & (calls["crews_now"] == 0)
    waited = float(calls["waited"].sum() + (run.end_s - calls["waiting_from"])[still].sum())
    if abs(waited - run.waiting_s) > 1e-6 * max(1.0, waited) + 1e-3:
        raise InvariantError(
            f"Little's law fails: waiting adds up to {waited:.3f} s, the queue integrates to {run.waiting_s:.3f} s"
        )
