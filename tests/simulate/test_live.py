"""Live proposals against the simulator: whom the kernel sent at a moment is whom the board proposes at that moment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from qinwu.findings import QinwuError
from qinwu.simulate import kernel
from qinwu.simulate.arrays import BLOCK, BUSY, COMMITTED, DISPATCH, DONE, OFF, READY, World, build_world
from qinwu.simulate.live.by_roster import crews_by_roster
from qinwu.simulate.live.proposal import Proposal, propose
from qinwu.simulate.live.situation import NOBODY, CallNow, CrewNow, Situation
from tests.simulate.odd_stations import CYCLE_S, CYCLES, Odd, odd_calls, odd_plan, odd_stations
from tests.simulate.plans import altered, bare_plan, calls

END_S = CYCLES * CYCLE_S
TRACE_ROWS = 5000


@njit  # type: ignore[untyped-decorator]
def where(world: World, k: int, t: float) -> int:
    """Return the atom where the simulator has an available crew."""
    return int(kernel.position(world, k, t))


def moment(world: World, until: float, call: int) -> tuple[Situation, int]:
    """Return what a control room would see of a simulated world, and the position of `call` in it."""
    open_calls = [i for i in range(len(world.calls)) if i == call or (world.calls[i]["crews_now"] > 0)]
    waiting = [i for i in world.queue[: world.clock[0]["queued"]].tolist() if i not in open_calls]
    at = {i: n for n, i in enumerate(open_calls + waiting)}
    crews = []
    for k, crew in enumerate(world.crews):
        duty = 0.0 if crew["status"] == OFF else float(crew["duty_end"])
        if crew["status"] == BUSY:
            times = float(crew["since"]), float(crew["arrive"]), float(crew["scene_end"])
            leaving = until if crew["leaving"] else duty
            crews.append(CrewNow(leaving, int(crew["origin"]), at[int(crew["call"])], *times, skills=int(crew["skills"])))
        else:
            block = float(world.next_s[k]) if crew["status"] == BLOCK else 0.0
            yields = int(crew["block_yields"]) if block else 0
            here, skills = int(where(world, k, until)), int(crew["skills"])
            crews.append(CrewNow(duty, here, block_until_s=block, block_yields=yields, skills=skills))
    calls = [
        CallNow(
            call_class=int(one["call_class"]),
            priority=int(one["priority"]),
            atom=int(one["atom"]),
            ready_s=float(one["ready"]),
            people=NOBODY if i == call and one["people"] == 0 else int(one["people"] if i == call else one["need_people"]),
            complete=bool(one["phase"] in (COMMITTED, DONE)),
        )
        for i in at
        for one in [world.calls[i]]
    ]
    return Situation(until, tuple(crews), tuple(calls)), at[call]


def first_looks(world: World, odd: Odd) -> list[tuple[float, int, list[int]]]:
    """Return, for each call met alone, when it was ready, which it is, and the crews sent to it at once."""
    plan = odd_plan(odd)
    rows = world.trace[: world.clock[0]["logged"]]
    scheduled = set(plan.duty.event_s.tolist()) | set(plan.duty.block_s.tolist())
    found = []
    for n in np.flatnonzero(rows["kind"] == READY):
        time, call = float(rows[n]["time"]), int(rows[n]["call"])
        alone = n == 0 or rows[n - 1]["time"] < time
        if alone and time % CYCLE_S not in scheduled and not world.calls[call]["self_initiated"]:
            rest = rows[n:]
            sent = rest[(rest["kind"] == DISPATCH) & (rest["call"] == call) & (rest["time"] == time)]
            found.append((time, call, sent["crew"].tolist()))
    return found


@settings(max_examples=60, deadline=None)
@given(odd_stations)
def test_a_proposal_is_what_the_simulator_does(odd: Odd) -> None:
    """At the moment a call comes in, the proposal names the crews that the simulator sends, in its order.

    The situation says what crews may do now: the plan that is asked knows no skill of theirs.
    """
    odd = replace(odd, refusals=False)
    plan, demand = odd_plan(odd), odd_calls(odd)
    unskilled = altered(plan, crew={"skills": np.zeros_like(plan.crew.skills)})
    whole = build_world(plan, demand, TRACE_ROWS)
    kernel.run(whole, END_S)
    for time, call, sent in first_looks(whole, odd)[:6]:
        world = build_world(plan, demand)
        kernel.run(world, time)
        now, place = moment(world, time, call)
        told = propose(unskilled, now, place)
        listed = [one.crew for one in told.going]
        assert listed == sent, (time, call)
        assert told.lacking == max(0, expected_lack(whole, plan, call, sent))


def expected_lack(world: World, plan: object, call: int, sent: list[int]) -> int:
    """Return how many officers are missing after the crews sent."""
    return int(world.calls[call]["need_people"]) - int(world.crews["people"][sent].sum())


def ask(crews: list[CrewNow], calls: list[CallNow]) -> Proposal:
    """Ask for the last call of a bare station with two crews and two atoms."""
    plan = bare_plan(np.array([[60.0, 600.0], [600.0, 60.0]]), crews=2)
    return propose(plan, Situation(3600.0, tuple(crews), tuple(calls)), len(calls) - 1)


def test_the_nearest_free_crew_goes() -> None:
    """Two free crews: the one at the scene's atom is proposed, the other is passed over as ready but farther."""
    told = ask([CrewNow(9e9, 0), CrewNow(9e9, 1)], [CallNow(0, 0, 1, 3600.0)])
    assert [(one.crew, one.way_s) for one in told.going] == [(1, 60.0)]
    assert [(one.crew, one.standing, one.way_s) for one in told.passed] == [(0, "ready", 600.0)]
    assert (told.lacking, told.look_again_s) == (0, np.inf)


def test_a_declined_crew_is_not_proposed_again() -> None:
    """The dispatcher passed over the nearest: the next one is proposed and the first is listed as declined."""
    told = ask([CrewNow(9e9, 0), CrewNow(9e9, 1)], [CallNow(0, 0, 1, 3600.0, declined=frozenset({1}))])
    assert [one.crew for one in told.going] == [0]
    assert [(one.crew, one.standing) for one in told.passed] == [(1, "declined")]


def test_off_duty_and_busy_crews_say_so() -> None:
    """One crew off duty, one on an equally urgent call: nobody goes, and both say why."""
    busy = CrewNow(9e9, 1, call=0, sent_s=3000.0, arrive_s=3100.0)
    told = ask([CrewNow(0.0, 0), busy], [CallNow(0, 0, 1, 2900.0, complete=True), CallNow(0, 0, 0, 3600.0)])
    assert told.going == ()
    assert {one.crew: one.standing for one in told.passed} == {0: "off_duty", 1: "on_a_call"}
    assert told.lacking == 1


def test_a_crew_short_of_an_officer_counts_for_less() -> None:
    """Two officers are required: a crew of one that should be two does not suffice, and one more is lacking."""
    crews = [CrewNow(9e9, 1, people=1), CrewNow(0.0, 0)]
    told = ask(crews, [CallNow(0, 0, 1, 3600.0, people=2)])
    assert ([one.crew for one in told.going], told.lacking) == ([0], 1)


def test_a_skill_that_has_lapsed_no_longer_counts() -> None:
    """The nearer crew had the skill that the class asks for; now only the farther one has it, and goes."""
    plan = bare_plan(np.array([[60.0, 600.0], [600.0, 60.0]]), crews=2)
    plan = altered(plan, dispatching={"skills": np.array([2])}, crew={"skills": np.array([2, 2])})
    for lapsed, goes in ((NOBODY, 1), (1, 0)):
        crews = (CrewNow(9e9, 0), CrewNow(9e9, 1, skills=lapsed))
        told = propose(plan, Situation(3600.0, crews, (CallNow(0, 0, 1, 3600.0),)), 0)
        assert [one.crew for one in told.going] == [goes]
    assert [(one.crew, one.standing) for one in told.passed] == [(1, "unfit")]


def test_a_situation_of_another_plan_is_refused() -> None:
    """Three crews do not fit a plan of two."""
    with pytest.raises(QinwuError, match="does not fit"):
        ask([CrewNow(9e9, 0)] * 3, [CallNow(0, 0, 1, 3600.0)])


@settings(max_examples=60, deadline=None)
@given(odd_stations, st.integers(1, 47))
def test_the_roster_says_where_crews_are_before_any_call(odd: Odd, half_hour: int) -> None:
    """Without calls the calendar alone gives the simulator's crews: who is on until when, and who is in fixed work."""
    plan = odd_plan(replace(odd, blocks=min(odd.blocks, 1)))
    now = half_hour * 1800.0 + 7.0
    world = build_world(plan, calls(np.zeros(0)))
    kernel.run(world, now)
    for k, crew in enumerate(crews_by_roster(plan, now)):
        status = int(world.crews[k]["status"])
        assert crew.on_duty == (status != OFF)
        if crew.on_duty:
            assert crew.duty_end_s == world.crews[k]["duty_end"]
        assert (crew.block_until_s > now) == (status == BLOCK)
        if status == BLOCK:
            assert (crew.block_until_s, crew.block_yields) == (world.next_s[k], world.crews[k]["block_yields"])
