"""The kernel against its slow twin: the same events in the same order, the same records, the same totals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings

from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.arrays import ACTIVITIES, COMING, COMMITTED, DONE, EVENT_KINDS, WAITING, World
from qinwu.simulate.stream import demand_for, draw_stream
from tests.simulate.books import keep
from tests.simulate.busy import busy_plan, busy_source, slow_plan
from tests.simulate.odd_stations import CYCLE_S, CYCLES, Odd, odd_calls, odd_plan, odd_stations
from tests.simulate.plans import simulate
from tests.simulate.twin import Twin

END_S = CYCLES * CYCLE_S
TRACE_ROWS = 5000
SUMS = (*ACTIVITIES, "on_duty", "overtime", "away", "lost", "flexible_due", "follow_up_due")
PHASES = {"coming": COMING, "waiting": WAITING, "committed": COMMITTED, "done": DONE}
RECORDS = ("dispatched", "arrived", "full", "cleared", "officer_s", "crew", "tier", "support_tier", "flags")


def both(odd: Odd) -> tuple[World, Twin]:
    """Run the kernel and the twin on an odd station."""
    plan, demand = odd_plan(odd), odd_calls(odd)
    twin = Twin(plan, demand)
    twin.run(END_S)
    return simulate(plan, demand, END_S, TRACE_ROWS), twin


def written(world: World) -> list[tuple[float, str, int, int]]:
    """Return the trace of the kernel as the twin writes it."""
    rows = world.trace[: world.clock["logged"][0]]
    return [(float(r["time"]), EVENT_KINDS[r["kind"]], int(r["call"]), int(r["crew"])) for r in rows]


def same_events(world: World, twin: Twin) -> None:
    """Compare the logs, naming the first difference."""
    ours = written(world)
    for place, (one, other) in enumerate(zip(ours, twin.trace, strict=False)):
        assert one == other, (place, ours[max(0, place - 8) : place + 3], twin.trace[place : place + 3])
    assert len(ours) == len(twin.trace)


def same_records(world: World, twin: Twin) -> None:
    """Compare what is recorded of every call."""
    for name in RECORDS:
        np.testing.assert_array_equal(world.calls[name], [getattr(call, name) for call in twin.calls], name)
    for name, value in (("phase", [PHASES[call.state] for call in twin.calls]), ("crews", [len(c.helped) for c in twin.calls])):
        np.testing.assert_array_equal(world.calls[name], value, name)
    np.testing.assert_array_equal(world.calls["people_sent"], [sum(crew.people for crew in call.helped) for call in twin.calls])


def same_totals(world: World, twin: Twin) -> None:
    """Compare what every crew did, when it was on patrol, and how long nobody was free."""
    for crew in twin.crews:
        did = crew.did | {"on_duty": twin.scheduled(crew), "overtime": crew.present_s - twin.scheduled(crew)}
        np.testing.assert_array_equal(world.crew_s[crew.number], [did.get(name, 0.0) for name in SUMS], f"crew {crew.number}")
        np.testing.assert_array_equal(world.patrol_s[crew.number], [crew.patrol[hour] for hour in range(168)])
    for row, short in zip(world.short_s, twin.short, strict=True):
        np.testing.assert_array_equal(row, [short[hour] for hour in range(168)])
    assert world.clock["waiting_s"][0] == twin.waiting_s


@settings(deadline=None, max_examples=400)
@given(odd_stations)
def test_kernel_and_twin_agree_event_by_event(odd: Odd) -> None:
    """On small stations with any mixture of rules the two write the same log, records and totals."""
    world, twin = both(odd)
    same_events(world, twin)
    same_records(world, twin)
    same_totals(world, twin)
    keep(world)


@pytest.mark.parametrize("plan", [busy_plan, slow_plan], ids=["busy", "slow"])
def test_kernel_and_twin_agree_on_a_compiled_plan(plan: Callable[[], ResponsePlan]) -> None:
    """On a duty system as it is compiled, with drawn times: the same events of the same calls and crews, to a microsecond."""
    stream = draw_stream(busy_source(), "weeks", seed=5, replication=0, weeks=2)
    demand = demand_for(plan().dispatching, stream)
    twin = Twin(plan(), demand)
    twin.run(stream.end_s)
    ours = written(simulate(plan(), demand, stream.end_s, 100_000))
    assert len(ours) > 1000
    assert [event[1:] for event in ours] == [event[1:] for event in twin.trace]
    np.testing.assert_allclose([event[0] for event in ours], [event[0] for event in twin.trace], rtol=0.0, atol=1e-6)


@pytest.mark.slow
@settings(deadline=None, max_examples=5000)
@given(odd_stations)
def test_kernel_and_twin_agree_on_thousands(odd: Odd) -> None:
    """The same, on many more."""
    world, twin = both(odd)
    same_events(world, twin)
    same_records(world, twin)
    same_totals(world, twin)
    keep(world)
