"""Setting: a situation laid into a world of the event kernel."""

from __future__ import annotations

import numpy as np

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.simulate.arrays import BLOCK, BUSY, COMING, COMMITTED, FREE, OFF, SLOTS, WAITING, Demand, World, build_world
from qinwu.simulate.live.situation import NOBODY, CallNow, CrewNow, Situation

HOUR_S, WEEK_H = 3600.0, 168


def set_world(plan: ResponsePlan, now: Situation) -> World:
    """Return a world of the kernel that stands as `now` says; chance refusals are off, for here people refuse."""
    world = build_world(plan, _demand(now))
    world.steps["refusal"] = 0.0
    for k, crew in enumerate(now.crews):
        _set_crew(world, k, crew, now.now_s)
    for i, call in enumerate(now.calls):
        _set_call(world, i, call, now)
    _count(world, now.now_s)
    return world


def _demand(now: Situation) -> Demand:
    n = len(now.calls)
    none: F64 = np.zeros((n, SLOTS))
    return Demand(
        received_s=np.array([call.ready_s for call in now.calls]),
        ready_s=np.array([call.ready_s for call in now.calls]),
        call_class=np.array([call.call_class for call in now.calls], np.int16),
        priority=np.array([call.priority for call in now.calls], np.int8),
        atom=np.array([call.atom for call in now.calls], np.int32),
        people=np.zeros(n, np.int8),
        self_initiated=np.zeros(n, np.int8),
        travel_noise=np.ones((n, SLOTS)),
        on_scene_s=none,
        wrap_up_s=none,
        follow_up_s=np.zeros(n),
        key=np.arange(n, dtype=np.int64),
    )


def _set_crew(world: World, k: int, crew: CrewNow, now_s: float) -> None:
    row = world.crews[k]
    row["duty_end"], row["place"], row["origin"] = crew.duty_end_s, crew.place, crew.place
    row["settled"], row["patrols"] = np.inf, 0  # it is where it was last known to be, not where a simulated patrol would be
    row["status"], row["since"], row["flexible_mark"] = OFF, now_s, now_s
    for name, left in (("people", crew.people), ("sworn", crew.sworn), ("skills", crew.skills)):
        row[name] = row[name] if left == NOBODY else left
    if not crew.on_duty:
        return
    if crew.call != NOBODY:
        row["status"], row["call"], row["since"] = BUSY, crew.call, crew.sent_s
        row["arrive"], row["scene_end"] = crew.arrive_s, crew.scene_end_s
        row["leaving"] = int(crew.duty_end_s <= now_s)
    elif crew.block_until_s > now_s:
        row["status"], row["block_yields"] = BLOCK, crew.block_yields
        world.next_s[k] = crew.block_until_s
    else:
        row["status"] = FREE


def _set_call(world: World, i: int, call: CallNow, now: Situation) -> None:
    row = world.calls[i]
    hour = int(now.now_s // HOUR_S) % WEEK_H
    people, sworn = world.need[:, call.call_class, hour]
    row["need_people"] = people if call.people == NOBODY else call.people
    row["need_sworn"] = min(sworn if call.sworn == NOBODY else call.sworn, row["need_people"])
    for k in np.flatnonzero((world.crews["status"] == BUSY) & (world.crews["call"] == i)):
        crew = world.crews[k]
        crew["slot"] = row["crews_now"]
        if row["crews_now"] < SLOTS:
            world.crew_at[i, row["crews_now"]] = k
        row["crews_now"] += 1
        row["people_now"] += crew["people"]
        row["sworn_now"] += crew["sworn"]
        row["first_arrive"] = min(row["first_arrive"], crew["arrive"])
        row["dispatched"] = np.nanmin([row["dispatched"], crew["since"]])
    row["phase"] = COMMITTED if call.complete else WAITING if row["crews_now"] else COMING


def _count(world: World, now_s: float) -> None:
    """Count who is at hand."""
    at_hand = np.flatnonzero(np.isin(world.crews["status"], (FREE, BLOCK)))
    free = world.crews[(world.crews["status"] == FREE) & (world.crews["external"] == 0)]
    world.at_hand[: len(at_hand)] = at_hand
    clock = world.clock[0]
    clock["now"], clock["at_hand"] = now_s, len(at_hand)
    clock["free_people"], clock["free_reserve"] = free["people"].sum(), free["reserve"].sum()
