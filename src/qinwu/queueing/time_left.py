"""Time left: which part of a crew's duty calls are expected to leave in each hour of the week, by the closed forms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.response_plan import F64
from qinwu.queueing.analysis import Analysis

WEEK_HOURS = 168


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """What calls leave.

    Parameters
    ----------
    share
        (K, 168) part of a crew's time without set work that calls leave, by hour of the week; its mean where it is never on duty.
    duty_h, call_h, free_h
        (K,) hours a week on duty, on calls and free of both calls and set work.
    """

    share: F64
    duty_h: F64
    call_h: F64
    free_h: F64


def time_left(analysis: Analysis) -> TimeLeft:
    """Return what calls leave each crew of the analysed plan."""
    shape = (len(analysis.plan.crews), WEEK_HOURS)
    calls, idle, duty = np.zeros(shape), np.zeros(shape), np.zeros(shape[0])
    for week in analysis.weeks:
        for state in week:
            if not state.moment.borrowed:
                crews, hour = state.moment.crews, state.moment.hour
                calls[crews, hour] += state.workload
                idle[crews, hour] += state.idle
                duty[crews] += 1.0
    seen = np.array(calls + idle > 0.0, dtype=bool).reshape(shape)
    left = np.where(seen, idle / np.maximum(calls + idle, 1e-300), 1.0)
    usual = idle.sum(axis=1) / np.maximum((calls + idle).sum(axis=1), 1e-300)
    left = np.where(seen | ~seen.any(axis=1, keepdims=True), left, usual[:, None])
    weeks = len(analysis.weeks)
    return TimeLeft(left, duty / weeks, calls.sum(axis=1) / weeks, idle.sum(axis=1) / weeks)
