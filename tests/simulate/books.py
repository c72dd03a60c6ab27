"""What must balance after any run of the kernel, whatever the rules."""

from __future__ import annotations

import numpy as np

from qinwu.simulate.arrays import (
    BUSY,
    CARRIED,
    COMING,
    COMMITTED,
    DONE,
    FLEXIBLE,
    FLEXIBLE_DUE,
    FOLLOW_UP,
    FOLLOW_UP_DUE,
    FREE,
    IDLE,
    ON_DUTY,
    OVERTIME,
    PREEMPTED,
    SCENE,
    TRAVEL,
    WAITING,
    WRAP_UP,
    World,
)


def keep(world: World) -> None:
    """Require that no second of a crew, no call and no follow-up work is lost or counted twice."""
    officers_time(world)
    work_owed(world)
    calls_conserved(world)
    crews_and_calls_agree(world)
    waiting_time(world)


def officers_time(world: World) -> None:
    """What crews did adds up to their time on duty and in overtime; time for calls, to what calls record."""
    sums = world.crew_s
    np.testing.assert_allclose(sums[:, IDLE : WRAP_UP + 1].sum(axis=1), sums[:, ON_DUTY] + sums[:, OVERTIME], rtol=1e-9, atol=1e-3)
    on_calls = sums[:, [TRAVEL, SCENE, WRAP_UP]].sum(axis=1) @ world.crews["people"]
    np.testing.assert_allclose(on_calls, world.calls["officer_s"].sum(), rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(world.patrol_s.sum(axis=1), sums[:, IDLE], rtol=1e-9, atol=1e-3)
    assert np.all(sums >= -1e-6)


def work_owed(world: World) -> None:
    """Follow-up and flexible work that fell due is done or still owed."""
    sums, crews = world.crew_s, world.crews
    np.testing.assert_allclose(sums[:, FOLLOW_UP_DUE], sums[:, FOLLOW_UP] + crews["follow_up"], rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(sums[:, FLEXIBLE_DUE], sums[:, FLEXIBLE] + crews["flexible"], rtol=1e-9, atol=1e-3)
    present = sums[:, ON_DUTY] + sums[:, OVERTIME]
    np.testing.assert_allclose(sums[:, FLEXIBLE_DUE], crews["flexible_rate"] * present, rtol=1e-9, atol=1e-3)


def calls_conserved(world: World) -> None:
    """Every call is still to come, waiting, in progress or over; those to come are the last ones."""
    phase, now = world.calls["phase"], world.clock["now"][0]
    assert np.isin(phase, [COMING, WAITING, COMMITTED, DONE]).all()
    np.testing.assert_array_equal(phase == COMING, world.calls["ready"] >= now)
    queued = world.queue[: world.clock["queued"][0]]
    assert sorted(queued) == np.flatnonzero(phase == WAITING).tolist()
    order = list(zip(world.calls["priority"][queued], queued, strict=True))
    assert order == sorted(order)


def crews_and_calls_agree(world: World) -> None:
    """A busy crew is with one call that counts it; counters of free officers and waiting calls are right."""
    crews, calls, clock = world.crews, world.calls, world.clock[0]
    here = world.crew_at >= 0
    np.testing.assert_array_equal(here.sum(axis=1), calls["crews_now"])
    np.testing.assert_array_equal(np.sort(world.crew_at[here]), np.flatnonzero(crews["status"] == BUSY))
    np.testing.assert_array_equal(here.any(axis=1) & (calls["phase"] != WAITING), calls["phase"] == COMMITTED)
    free = (crews["status"] == FREE) & (crews["external"] == 0)
    assert clock["free_people"] == crews["people"][free].sum()
    assert clock["free_reserve"] == crews["reserve"][free].sum()
    assert clock["waiting"] == np.sum((calls["phase"] == WAITING) & (calls["crews_now"] == 0))


def waiting_time(world: World) -> None:
    """The integral of the number waiting is the sum of the waits, where nobody waited twice (Little 1961)."""
    calls, now = world.calls, world.clock["now"][0]
    if np.any(calls["flags"] & (PREEMPTED | CARRIED)):
        return
    came = calls[calls["phase"] != COMING]
    waited = np.where(np.isnan(came["dispatched"]), now, came["dispatched"]) - came["ready"]
    waited[(came["phase"] == DONE) & np.isnan(came["dispatched"])] = 0.0
    np.testing.assert_allclose(world.clock["waiting_s"][0], waited.sum(), rtol=1e-9, atol=1e-3)
