"""Weeks for tests: a plan without a station, constant calls, and what the closed forms say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from qinwu.duty.response_plan import F32, F64, ResponsePlan
from qinwu.queueing.hourly.calls import HOURS, WeekCalls
from qinwu.queueing.hourly.state import HourState
from qinwu.queueing.hourly.week import settle_weeks, teams_of_week
from qinwu.station.demand import CallSource, Service
from tests.simulate.plans import altered, bare_plan

FEW_OFFICERS = 1


def plan_of(travel_s: F64 | F32, crews: int, **rules: object) -> ResponsePlan:
    """Return a plan of equal crews, the nearest of whom goes, at as many atoms as there are travel times."""
    plan = altered(bare_plan(travel_s, crews), dispatching=rules)
    return replace(plan, atoms=tuple(f"a{number}" for number in range(len(travel_s))))


def constant_calls(per_hour: F64, on_scene_s: float, people: int = FEW_OFFICERS, priority: int = 0, repeat: int = 20) -> CallSource:
    """Return calls at a constant rate, `per_hour` from each atom: whole calls, as of `repeat` weeks."""
    count = np.round(np.asarray(per_hour) * repeat).astype(np.int64)
    atom = np.tile(np.repeat(np.arange(len(count)), count), HOURS)
    hour = np.repeat(np.arange(HOURS), count.sum())
    n = len(hour)
    return CallSource(
        time_s=(hour * 3600.0 + 1800.0).astype(np.float64),
        call_class=np.zeros(n, np.int16),
        priority=np.full(n, priority, np.int8),
        atom=atom.astype(np.int32),
        people=np.full(n, people, np.int8),
        self_initiated=np.zeros(n, np.int8),
        on_scene_s=np.full(n, np.nan),
        weeks=1,
        hours_seen=np.full(HOURS, float(repeat)),
        service=Service(np.array([on_scene_s]), np.ones(1), np.zeros(1), np.zeros(1), np.zeros(1), np.ones(1, dtype=bool)),
        travel_spread=0.0,
    )


def mixed(*sources: CallSource) -> CallSource:
    """Return the calls of several sources together; the rest is that of the first."""
    names: tuple[str, ...] = ("time_s", "call_class", "priority", "atom", "people", "self_initiated", "on_scene_s")
    together: dict[str, Any] = {name: np.concatenate([getattr(one, name) for one in sources]) for name in names}
    return replace(sources[0], **together)


def settled(plan: ResponsePlan, source: CallSource) -> tuple[HourState, ...]:
    """Return the hours of the first week."""
    return settle_weeks(plan, teams_of_week(WeekCalls.of(plan, source), np.zeros(HOURS), 1))[0]
