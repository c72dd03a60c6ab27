"""Response plans and calls for tests: a bare station where the nearest free crew goes, and ways to alter it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qinwu.duty.response_plan import (
    F32,
    F64,
    PATROL_SLOTS,
    AreaArrays,
    CrewArrays,
    Dispatching,
    DutyArrays,
    FollowUpArrays,
    ResponsePlan,
)
from qinwu.simulate import kernel
from qinwu.simulate.arrays import SLOTS, Demand, World, build_world

PRIORITIES = 4
WEEK_S = 604_800.0


def _dispatching(crews: int, atoms: int, classes: int) -> Dispatching:
    everywhere = np.zeros((PRIORITIES, classes, atoms), np.int32)
    return Dispatching(
        row=everywhere,
        support_row=everywhere.copy(),
        tier=np.zeros((1, crews), np.int8),
        rank=np.arange(crews, dtype=np.int16)[None, :],
        opens_s=np.zeros((1, 1)),
        hand_over_s=np.zeros((1, 1)),
        refusal=np.zeros((1, 1)),
        wait_s=np.zeros((1, 1)),
        people=np.ones((classes, 168), np.int8),
        sworn=np.zeros((classes, 168), np.int8),
        skills=np.zeros(classes, np.int64),
        reserve=np.zeros(PRIORITIES, np.int64),
        last_s=np.zeros(PRIORITIES),
        preempts=np.zeros(PRIORITIES, np.int8),
        preempt_en_route=0,
        preempt_wrap_up=0,
        preempt_on_scene=0,
        nearest=1,
        all_at_once=0,
        strict_fifo=0,
        joint_release=1,
        patience_s=900.0,
        acknowledge_s=0.0,
        turnout_s=0.0,
        call_taking_s=0.0,
        call_taking_spread=0.0,
        takers=0,
        level_s=0.0,
        hand_over_at_end=0,
        end_limit_s=0.0,
        end_hand_over_s=0.0,
        handed_off=np.zeros((PRIORITIES, classes)),
        pace=np.ones((PRIORITIES, classes)),
    )


def _crews(crews: int, atoms: int) -> CrewArrays:
    base = (np.arange(crews) * atoms // crews).astype(np.int32)
    return CrewArrays(
        people=np.ones(crews, np.int8),
        sworn=np.ones(crews, np.int8),
        skills=np.zeros(crews, np.int64),
        base=base,
        slots=np.repeat(base.astype(np.int16)[:, None], PATROL_SLOTS, axis=1),
        patrols=np.zeros(crews, np.int8),
        own_beat=np.full(crews, -1, np.int16),
        extra_travel_s=np.zeros(crews),
        external=np.zeros(crews, np.int8),
        reserve=np.ones(crews, np.int8),
        flexible=np.zeros(crews),
        dwell_s=900.0,
    )


def _always_on(crews: int) -> DutyArrays:
    none = np.zeros(0)
    return DutyArrays(
        cycle_s=WEEK_S,
        event_s=none,
        event_crew=np.zeros(0, np.int32),
        event_on=np.zeros(0, np.int8),
        event_end_s=none,
        on_at_start=np.full(crews, np.inf),
        block_s=none,
        block_crew=np.zeros(0, np.int32),
        block_len_s=none,
        block_yields=np.zeros(0, np.int8),
        block_kind=np.zeros(0, np.int8),
        block_away=np.zeros(0, np.int8),
    )


def bare_plan(travel_s: NDArray[Any], crews: int, classes: int = 1) -> ResponsePlan:
    """Return a plan in which all crews are always on and the nearest free one goes to every call, alone."""
    atoms = len(travel_s)
    return ResponsePlan(
        system="bare",
        dispatching=_dispatching(crews, atoms, classes),
        crew=_crews(crews, atoms),
        duty=_always_on(crews),
        follow_up=FollowUpArrays(np.full((classes, atoms), -1, np.int32), np.zeros((0, crews), np.int8)),
        area=AreaArrays(np.asarray(travel_s, np.float32), np.ones(168), np.full(atoms, -1, np.int16)),
        crews=(),
        beats=(),
        call_classes=(),
        atoms=(),
        block_kinds=(),
        row_order=(),
        tier_words=(),
    )


def altered(plan: ResponsePlan, **parts: Mapping[str, Any]) -> ResponsePlan:
    """Return `plan` with fields of its parts replaced: ``altered(plan, dispatching={"strict_fifo": 1})``."""
    return replace(plan, **{name: getattr(plan, name)._replace(**fields) for name, fields in parts.items()})


def no_travel(atoms: int = 1) -> F32:
    """Return travel times of nothing at all, for queues without geography."""
    return np.zeros((atoms, atoms), np.float32)


def town_travel(atoms: int, seed: int, side_m: float = 10_000.0) -> F32:
    """Return Manhattan travel at 10 m/s between `atoms` random points of a square, and 20 s inside an atom."""
    xy = np.random.default_rng(seed).uniform(0, side_m, (atoms, 2))
    travel: F32 = (np.abs(xy[:, None] - xy[None]).sum(axis=2) / 10.0 + 20.0).astype(np.float32)
    return travel


def each_slot(values: ArrayLike) -> F64:
    """Return the same draw for every crew of a call."""
    return np.repeat(np.asarray(values, np.float64)[:, None], SLOTS, axis=1)


def calls(ready_s: ArrayLike, **columns: ArrayLike) -> Demand:
    """Return calls at `ready_s`: of class 0, priority index 0, at atom 0, of no length, unless `columns` say otherwise."""
    ready = np.asarray(ready_s, np.float64)
    n = len(ready)
    none = np.zeros(n)
    demand = Demand(
        received_s=ready,
        ready_s=ready,
        call_class=none.astype(np.int16),
        priority=none.astype(np.int8),
        atom=none.astype(np.int32),
        people=none.astype(np.int8),
        self_initiated=none.astype(np.int8),
        travel_noise=np.ones((n, SLOTS)),
        on_scene_s=np.zeros((n, SLOTS)),
        wrap_up_s=np.zeros((n, SLOTS)),
        follow_up_s=none,
        key=np.arange(n),
    )
    return demand._replace(**{name: np.asarray(values) for name, values in columns.items()})


def poisson_calls(n: int, rate: float, seed: int, mean_s: float = 1.0) -> Demand:
    """Return `n` Poisson calls per second `rate`, with exponential on-scene times of mean `mean_s`, one for each slot."""
    rng = np.random.default_rng(seed)
    return calls(np.cumsum(rng.exponential(1.0 / rate, n)), on_scene_s=rng.exponential(mean_s, (n, SLOTS)))


def simulate(plan: ResponsePlan, demand: Demand, end_s: float, trace_rows: int = 0) -> World:
    """Return the world after a run of the kernel to `end_s`."""
    world = build_world(plan, demand, trace_rows)
    kernel.run(world, float(end_s))
    return world
