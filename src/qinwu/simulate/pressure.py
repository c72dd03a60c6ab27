"""Pressure: which calls came when others had just taken the crews they would have had.

Were crews plentiful, a call would wait no longer for the calls just before it. How much longer it does wait tells how scarce free
crews are, and so how much other work they have, apart from how long dispatching itself takes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64, I64, ResponsePlan
from qinwu.station.demand import CallSource

RECENT_S = 1800.0
"""About as long as a crew is taken by a call."""
NEAR_SHARE = 0.1


def same_crews(plan: ResponsePlan) -> NDArray[np.bool_]:
    """Return (R, R) which rows of the plan share a crew in their first tier."""
    tier = plan.dispatching.tier.astype(np.int64)
    first = np.where(tier >= 0, tier, 127).min(axis=1, keepdims=True)
    mine = ((tier == first) & (tier >= 0)).astype(np.float32)
    shared: NDArray[np.bool_] = mine @ mine.T > 0.0
    return shared


def near_atoms(plan: ResponsePlan, source: CallSource) -> NDArray[np.bool_]:
    """Return (J, J) which atoms are near each atom: itself, and the nearest that together had a tenth of the calls.

    Whatever the duty system, calls nearby want the same crews.
    """
    calls = np.bincount(source.atom, minlength=len(plan.area.travel_s)).astype(np.float64)
    order = np.argsort(plan.area.travel_s + np.where(np.eye(len(calls), dtype=bool), -np.inf, 0.0), axis=1, kind="stable")
    before = np.cumsum(calls[order], axis=1) - calls[order]
    near = np.zeros(order.shape, dtype=bool)
    np.put_along_axis(near, order, before < NEAR_SHARE * calls.sum(), axis=1)
    return near


def calls_just_before(time_s: F64, kind: NDArray[np.integer[Any]], related: NDArray[np.bool_]) -> I64:
    """Return (n,) how many calls of the last half hour are related to each call.

    Parameters
    ----------
    time_s
        (n,) seconds, in order.
    kind
        (n,) of which kind each call is.
    related
        (kinds, kinds) whether a call of the first kind is pressed by one of the second.
    """
    count = np.zeros(len(time_s), np.int64)
    for lag in range(1, len(time_s)):
        near = time_s[lag:] - time_s[:-lag] < RECENT_S
        if not near.any():
            break
        count[lag:] += near & related[kind[lag:], kind[:-lag]]
    return count


def pressed(plan: ResponsePlan, source: CallSource) -> dict[str, NDArray[np.bool_]]:
    """Return (n,) which calls had more others just before them than half of all calls have, by what makes them rivals.

    ``crews``: the same crews were their first choice under `plan`; ``nearby``: they came from nearby.
    """
    row = plan.dispatching.row[source.priority, source.call_class, source.atom]
    rivals = {
        "crews": calls_just_before(source.time_s, row, same_crews(plan)),
        "nearby": calls_just_before(source.time_s, source.atom, near_atoms(plan, source)),
    }
    return {name: count > np.median(count) if len(count) else count > 0 for name, count in rivals.items()}
