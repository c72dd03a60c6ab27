"""Deciding: the kernel serves one call of a world that is thrown away afterwards; and why each crew does or does not go."""

from __future__ import annotations

from typing import Any

import numpy as np

from qinwu.compiled import entry, inner
from qinwu.simulate.arrays import BUSY, COMING, FREE, OFF, SLOTS, World
from qinwu.simulate.kernel import available, current_row, helps, open_tiers, serve, set_timer, takeable, way_s, whereabouts

NEVER, OFF_DUTY, LATER, ON_A_CALL, AT_FIXED_WORK, RESERVE, UNFIT, READY, TAKEABLE = range(9)
"""Why a crew does not go, or that it could: not listed, off duty, its tier still closed, on a call, in fixed work that does not
yield, kept as reserve, not fit (skills, end of shift, sworn), free to go, could be taken from less urgent work."""


@entry
def decide(w: World, i: int, t: float, blocked: bool) -> float:
    """Let the kernel serve call `i` at `t`; return when it is to be looked at again, inf where nobody more is needed."""
    w.calls[i].phase = COMING
    if serve(w, i, t, blocked):
        return np.inf
    set_timer(w, i, t)
    return float(w.calls[i].timer)


@entry
def stand(w: World, i: int, t: float, codes: Any, tiers: Any, ways: Any) -> None:
    """Fill, for each crew, why it does not go to call `i` at `t` or that it could, its tier, and its seconds to the scene."""
    row = current_row(w, i)
    opened = open_tiers(w, i, row, t)
    p = w.calls[i].priority
    for k in range(len(w.crews)):
        tier = w.order[0, row, k]
        tiers[k] = tier
        ways[k] = np.inf
        if tier >= 0 and w.crews[k].status != OFF and w.calls[i].crews_now < SLOTS:
            ways[k] = way_s(w, i, k, row, tier, whereabouts(w, k, t), t)
        codes[k] = standing(w, i, k, t, tier, opened, p)


@inner
def standing(w: World, i: int, k: int, t: float, tier: int, opened: int, p: int) -> int:
    """Return how crew `k` stands to call `i`: one of the codes above."""
    status = w.crews[k].status
    if tier < 0:
        return NEVER
    if status == OFF:
        return OFF_DUTY
    if opened >> tier & 1 == 0:
        return LATER
    if status == BUSY:
        if w.urgency[p].preempts == 0 or not takeable(w, k, p, t):
            return ON_A_CALL
        return TAKEABLE if helps(w, i, k, t) else UNFIT
    if not available(w, k, p):
        return RESERVE if status == FREE else AT_FIXED_WORK
    return READY if helps(w, i, k, t) else UNFIT
