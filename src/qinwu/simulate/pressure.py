"""Pressure: which calls came when others had just taken the crews they would have had.

Were crews plentiful, a call would wait no longer for the calls just before it. How much longer it does wait tells how scarce free
crews are, and so how much other work they have, apart from how long dispatching itself takes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import I64, ResponsePlan
from qinwu.simulate.stream import CallSource

RECENT_S = 1800.0
"""About as long as a crew is taken by a call."""


def same_crews(plan: ResponsePlan) -> NDArray[np.bool_]:
    """Return (R, R) which rows of the plan share a crew in their first tier."""
    tier = plan.dispatching.tier.astype(np.int64)
    first = np.where(tier >= 0, tier, 127).min(axis=1, keepdims=True)
    mine = ((tier == first) & (tier >= 0)).astype(np.float32)
    shared: NDArray[np.bool_] = mine @ mine.T > 0.0
    return shared


def calls_just_before(plan: ResponsePlan, source: CallSource) -> I64:
    """Return (n,) how many calls of the last half hour had a first choice of crews in common with each call."""
    row = plan.dispatching.row[source.priority, source.call_class, source.atom]
    shared = same_crews(plan)
    count = np.zeros(len(source), np.int64)
    for lag in range(1, len(source)):
        near = source.time_s[lag:] - source.time_s[:-lag] < RECENT_S
        if not near.any():
            break
        count[lag:] += near & shared[row[lag:], row[:-lag]]
    return count


def pressed(plan: ResponsePlan, source: CallSource) -> NDArray[np.bool_]:
    """Return (n,) which calls had more such calls just before them than half of all calls have."""
    count = calls_just_before(plan, source)
    return count > np.median(count) if len(count) else count > 0
