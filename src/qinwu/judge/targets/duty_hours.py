"""Duty hours by the clock: how long each crew is on duty, and at set work, in every hour of a span of days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np

from qinwu.duty.calendar import CYCLE_START, DAY_S, HOUR_S
from qinwu.duty.response_plan import F64, ResponsePlan

DAY_H = 24


def duty_hours(plan: ResponsePlan, first: date, days: int) -> F64:
    """Return (K, days, 24): hours (0 to 1) that each crew is on duty in each hour of `days` days from `first`."""
    duty = plan.duty
    on = duty.event_on == 1
    hours = [
        _within_hours(duty.event_s[mine], duty.event_end_s[mine] - duty.event_s[mine], duty.cycle_s, first, days)
        if np.isfinite(duty.on_at_start[crew])
        else np.ones(days * DAY_H)
        for crew, mine in ((crew, on & (duty.event_crew == crew)) for crew in range(len(plan.crews)))
    ]
    return np.array(hours).reshape(len(plan.crews), days, DAY_H)


def set_hours(plan: ResponsePlan, first: date, days: int, without: Collection[str] = ()) -> F64:
    """Return (K, days, 24): hours of set work in each hour, that of the kinds in `without` left out."""
    duty = plan.duty
    counted = np.array([kind not in without for kind in plan.block_kinds], dtype=bool)
    keep = counted[duty.block_kind] if len(duty.block_kind) else np.zeros(0, dtype=bool)
    hours = [
        _within_hours(duty.block_s[mine], duty.block_len_s[mine], duty.cycle_s, first, days)
        for mine in (keep & (duty.block_crew == crew) for crew in range(len(plan.crews)))
    ]
    return np.array(hours).reshape(len(plan.crews), days, DAY_H)


def _within_hours(start_s: F64, length_s: F64, cycle_s: float, first: date, days: int) -> F64:
    """Return hours inside windows that repeat every cycle, for each hour of the days; windows do not overlap.

    The time inside windows before a moment is a broken line; its rise over an hour is the answer, exactly.
    """
    edges = np.arange(days * DAY_H + 1) * HOUR_S + (first - CYCLE_START).days * DAY_S
    if not len(start_s):
        return np.zeros(len(edges) - 1)
    whole, within = np.divmod(edges, cycle_s)
    done = np.clip(within[:, None] - start_s, 0.0, length_s).sum(axis=1)
    done += np.clip(within[:, None] + cycle_s - start_s, 0.0, length_s).sum(axis=1)
    total: F64 = np.diff(whole * length_s.sum() + done) / HOUR_S
    return np.clip(total, 0.0, 1.0)
