"""What crosses into the event kernel and what comes out of it: arrays with names, nothing else."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F32, F64, I8, I16, I32, I64, ResponsePlan

Table = NDArray[Any]
"""A structured array, one row per thing."""

SLOTS = 6
"""The most crews one call can hold at once."""

OFF, FREE, BLOCK, BUSY, PLEDGED = range(5)
"""States of a crew: off duty, free, in a fixed block of other duty, committed to a call, counted on for one (for a moment)."""

COMING, WAITING, COMMITTED, DONE = 0, 1, 2, 3
"""States of a call: not yet ready, short of crews, all crews sent, over."""

ACTIVITIES = ("idle", "flexible", "follow_up", "fixed", "travel", "scene", "wrap_up")
"""What a crew's time goes to; these add up to its time on duty and in overtime."""

IDLE, FLEXIBLE, FOLLOW_UP, FIXED, TRAVEL, SCENE, WRAP_UP, ON_DUTY, OVERTIME, AWAY, LOST, FLEXIBLE_DUE, FOLLOW_UP_DUE = range(13)
"""Columns of ``World.crew_s``."""

DELAYED, PREEMPTED, CARRIED, UNDER_STRENGTH, FORGONE, BORROWED = 1, 2, 4, 8, 16, 32
"""Bits of the ``flags`` of a call."""

EVENT_KINDS = ("ready", "queued", "dispatch", "start", "free", "preempt", "on", "off", "block", "hand_over", "forgone", "finish")
READY, QUEUED, DISPATCH, START, RELEASED, TAKEN, CAME_ON, WENT_OFF, BLOCK_ON, HANDED_OVER, GIVEN_UP, FINISHED = range(12)
"""Kinds of trace rows."""

CREW = np.dtype(
    [
        ("people", "i4"), ("sworn", "i4"), ("skills", "i8"), ("base", "i4"), ("patrols", "i4"), ("own_beat", "i4"),
        ("external", "i4"), ("reserve", "i4"), ("extra_travel_s", "f8"), ("flexible_rate", "f8"),
        ("status", "i4"), ("call", "i4"), ("slot", "i4"), ("leaving", "i4"), ("origin", "i4"), ("place", "i4"),
        ("since", "f8"), ("arrive", "f8"), ("scene_end", "f8"), ("settled", "f8"), ("duty_end", "f8"), ("on_since", "f8"),
        ("follow_up", "f8"), ("flexible", "f8"), ("flexible_mark", "f8"), ("block_left", "f8"), ("block_yields", "i4"),
        ("block_away", "i4"),
    ],
    align=True,
)  # fmt: skip
"""A crew: what it is, then its state; ``since`` is when the present state began, ``settled`` when it is back from a call."""

CALL = np.dtype(
    [
        ("received", "f8"), ("ready", "f8"), ("call_class", "i4"), ("priority", "i4"), ("atom", "i4"), ("people", "i4"),
        ("self_initiated", "i4"), ("follow_up", "f8"), ("key", "i8"),
        ("phase", "i4"), ("crews_now", "i4"), ("people_now", "i4"), ("sworn_now", "i4"), ("need_people", "i4"),
        ("need_sworn", "i4"), ("first_arrive", "f8"), ("resume", "f8"), ("timer", "f8"), ("timer_at", "i8"),
        ("waiting_from", "f8"), ("waited", "f8"),
        ("dispatched", "f8"), ("arrived", "f8"), ("full", "f8"), ("cleared", "f8"), ("officer_s", "f8"), ("crew", "i4"),
        ("tier", "i4"), ("support_tier", "i4"), ("crews", "i4"), ("people_sent", "i4"), ("flags", "i4"),
    ],
    align=True,
)  # fmt: skip
"""A call: what it asks, its state, and its record.

Times are kernel seconds, nan where a thing did not happen before the end. ``full`` is when all required officers were there,
``crew`` and ``tier`` the first crew sent and the tier it stood in, ``support_tier`` the tier of the last that joined.
"""

STEP = np.dtype([("opens", "f8"), ("hand_over", "f8"), ("refusal", "f8"), ("wait", "f8")])
URGENCY = np.dtype([("reserve", "i8"), ("last", "f8"), ("preempts", "i8")])
CHANGE = np.dtype([("time", "f8"), ("end", "f8"), ("crew", "i8"), ("on", "i8")])
FIXED_BLOCK = np.dtype([("time", "f8"), ("length", "f8"), ("crew", "i8"), ("yields", "i8"), ("away", "i8")])
EVENT = np.dtype([("time", "f8"), ("kind", "i4"), ("call", "i4"), ("crew", "i4"), ("pad", "i4")])
CLOCK = np.dtype(
    [
        ("now", "f8"), ("waiting_s", "f8"), ("queued", "i8"), ("free_people", "i8"), ("free_reserve", "i8"), ("waiting", "i8"),
        ("timers", "i8"), ("at_hand", "i8"), ("logged", "i8"),
    ]
)  # fmt: skip
RULES = np.dtype(
    [
        ("nearest", "i4"), ("all_at_once", "i4"), ("strict_fifo", "i4"), ("joint_release", "i4"), ("take_en_route", "i4"),
        ("take_wrap_up", "i4"), ("take_on_scene", "i4"), ("hand_over_at_end", "i4"), ("patience", "f8"), ("turnout", "f8"),
        ("end_limit", "f8"), ("end_hand_over", "f8"), ("dwell", "f8"), ("cycle", "f8"),
    ],
    align=True,
)  # fmt: skip


class Demand(NamedTuple):
    """Calls ready for the kernel, by ready time.

    ``received_s`` and ``ready_s`` (n,) seconds on the local clock from Monday 00:00 of the first week; ready = a dispatcher may
    act. ``call_class``, ``priority`` (index 0-3), ``atom`` (n,); ``people`` (n,) officers required, 0 where the plan's class table
    decides; ``self_initiated`` 1 where an officer found it. The draws every compared system shares: ``travel_noise``,
    ``on_scene_s``, ``wrap_up_s`` (n, SLOTS) and ``follow_up_s`` (n,); ``key`` (n,) identifies the call for hashed draws.
    """

    received_s: F64
    ready_s: F64
    call_class: I16
    priority: I8
    atom: I32
    people: I8
    self_initiated: I8
    travel_noise: F64
    on_scene_s: F64
    wrap_up_s: F64
    follow_up_s: F64
    key: I64


class World(NamedTuple):
    """All the kernel reads and writes.

    Plan: ``rows`` (2, P, C, J) first and support rows, ``order`` (2, R, K) tier and rank, ``steps`` (R, T), ``need`` (2, C,
    168) people and sworn, ``skills`` (C,), ``urgency`` (P,), ``rules`` (1,), ``travel_to`` (J, J) s by
    destination and start, ``hour_factor`` (168,), ``beat_of`` (J,), ``slots`` (K, S), ``changes`` and ``blocks`` of the duty
    cycle, ``owner`` (C, J), ``group`` (G, K). State and records: ``crews`` (K,), ``next_s`` (K,), ``at_hand`` (K,) the crews
    that are free or in a block, by number, ``calls`` (n,), ``crew_at`` (n, SLOTS), ``queue`` (n,), ``timers`` (n,) a heap of
    waiting calls by the time they are to be tried again, ``clock`` (1,). ``draws`` (3, n, SLOTS) travel noise, on-scene and
    wrap-up seconds. Totals: ``crew_s`` (K, 13), ``patrol_s`` (K, 168) free seconds by hour of the week, ``short_s`` (2, 168)
    seconds with nobody and with fewer than two officers free; ``trace`` (rows,).
    """

    rows: I32
    order: I16
    steps: Table
    need: I8
    skills: I64
    urgency: Table
    rules: Table
    travel_to: F32
    hour_factor: F64
    beat_of: I16
    slots: I16
    changes: Table
    blocks: Table
    owner: I32
    group: I8
    crews: Table
    next_s: F64
    at_hand: I64
    calls: Table
    crew_at: I64
    queue: I64
    timers: I64
    clock: Table
    draws: F64
    crew_s: F64
    patrol_s: F64
    short_s: F64
    trace: Table


def _crews(plan: ResponsePlan) -> Table:
    c = plan.crew
    crews = np.zeros(len(c.people), CREW)
    crews["flexible_rate"] = c.flexible
    crews["call"] = -1
    for name in ("people", "sworn", "skills", "base", "patrols", "own_beat", "external", "reserve", "extra_travel_s"):
        crews[name] = getattr(c, name)
    crews["duty_end"] = plan.duty.on_at_start
    return crews


def _calls(demand: Demand) -> Table:
    calls = np.zeros(len(demand.ready_s), CALL)
    for name in ("call_class", "priority", "atom", "people", "self_initiated", "key"):
        calls[name] = getattr(demand, name)
    calls["received"], calls["ready"], calls["follow_up"] = demand.received_s, demand.ready_s, demand.follow_up_s
    for name in ("dispatched", "arrived", "full", "cleared"):
        calls[name] = np.nan
    calls["first_arrive"] = calls["timer"] = np.inf
    calls["timer_at"] = -1
    calls["crew"] = calls["tier"] = calls["support_tier"] = -1
    return calls


def _rules(plan: ResponsePlan) -> Table:
    d = plan.dispatching
    rules = np.zeros(1, RULES)
    for name in ("nearest", "all_at_once", "strict_fifo", "joint_release", "hand_over_at_end"):
        rules[name] = getattr(d, name)
    rules["take_en_route"], rules["take_wrap_up"] = d.preempt_en_route, d.preempt_wrap_up
    rules["take_on_scene"] = d.preempt_on_scene
    rules["patience"], rules["turnout"] = d.patience_s, d.acknowledge_s + d.turnout_s
    rules["end_limit"], rules["end_hand_over"] = d.end_limit_s, d.end_hand_over_s
    rules["dwell"], rules["cycle"] = plan.crew.dwell_s, plan.duty.cycle_s
    return rules


def _table(kind: np.dtype[Any], **columns: NDArray[Any]) -> Table:
    table = np.zeros(np.shape(next(iter(columns.values()))), kind)
    for name, values in columns.items():
        table[name] = values
    return table


def build_world(plan: ResponsePlan, demand: Demand, trace_rows: int = 0) -> World:
    """Return the world before anything happened: all crews off duty, all calls still to come.

    Parameters
    ----------
    plan
        The compiled duty system.
    demand
        Calls by ready time.
    trace_rows
        Room for so many events in the log, 0 for none.
    """
    d, duty, n, crews = plan.dispatching, plan.duty, len(demand.ready_s), len(plan.crew.people)
    return World(
        rows=np.ascontiguousarray(np.stack([d.row, d.support_row]).astype(np.int32)),
        order=np.ascontiguousarray(np.stack([d.tier.astype(np.int16), d.rank.astype(np.int16)])),
        steps=_table(STEP, opens=d.opens_s, hand_over=d.hand_over_s, refusal=d.refusal, wait=d.wait_s),
        need=np.ascontiguousarray(np.stack([d.people, d.sworn]).astype(np.int8)),
        skills=d.skills.astype(np.int64),
        urgency=_table(URGENCY, reserve=d.reserve, last=d.last_s, preempts=d.preempts),
        rules=_rules(plan),
        travel_to=np.ascontiguousarray(plan.area.travel_s.T, dtype=np.float32),
        hour_factor=np.ascontiguousarray(plan.area.hour_factor, dtype=np.float64),
        beat_of=np.ascontiguousarray(plan.area.beat_of, dtype=np.int16),
        slots=np.ascontiguousarray(plan.crew.slots, dtype=np.int16),
        changes=_table(CHANGE, time=duty.event_s, end=duty.event_end_s, crew=duty.event_crew, on=duty.event_on),
        blocks=_table(
            FIXED_BLOCK, time=duty.block_s, length=duty.block_len_s, crew=duty.block_crew, yields=duty.block_yields,
            away=duty.block_away,
        ),
        owner=np.ascontiguousarray(plan.follow_up.owner, dtype=np.int32),
        group=np.ascontiguousarray(plan.follow_up.group, dtype=np.int8).reshape(-1, crews),
        crews=_crews(plan),
        next_s=np.full(crews, np.inf),
        at_hand=np.zeros(crews, np.int64),
        calls=_calls(demand),
        crew_at=np.full((n, SLOTS), -1, np.int64),
        queue=np.zeros(n, np.int64),
        timers=np.zeros(n, np.int64),
        clock=np.zeros(1, CLOCK),
        draws=np.stack([demand.travel_noise, demand.on_scene_s, demand.wrap_up_s]),
        crew_s=np.zeros((crews, 13)),
        patrol_s=np.zeros((crews, 168)),
        short_s=np.zeros((2, 168)),
        trace=np.zeros(trace_rows, EVENT),
    )  # fmt: skip
