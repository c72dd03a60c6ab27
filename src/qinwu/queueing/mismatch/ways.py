"""Ways: how long crews are under way to a call, on average, by the tiers of who goes."""

from __future__ import annotations

import numpy as np

from qinwu.duty.response_plan import F64, I64, ResponsePlan
from qinwu.queueing.hourly.calls import MOST_PEOPLE
from qinwu.queueing.mismatch.staffed import answering


def mean_way_s(plan: ResponsePlan, row: I64, people: I64, atom: I64, on_duty: F64) -> F64:
    """Return (n,) seconds a crew is on its way to each call, before the factor of the hour.

    A call is answered by the earliest tiers that have, on average, as many officers on duty as it needs; the way is the mean over
    these crews and the places where they are while free. Calls no own crew may be sent to get the mean way of all crews.

    Parameters
    ----------
    plan
        Who goes, and where crews are.
    row, people, atom
        (n,) row of tiers, officers needed and atom of each call.
    on_duty
        (K,) which part of the week each crew is on duty.
    """
    own = np.flatnonzero(answering(plan))
    way = plan.area.travel_s[plan.crew.slots[own].astype(np.int64)].mean(axis=1)
    there = plan.crew.people[own] * on_duty[own]
    people = np.clip(people, 1, MOST_PEOPLE)
    kinds, kind_of = np.unique(row * (MOST_PEOPLE + 1) + people, return_inverse=True)
    found = np.empty(len(row))
    for number, kind in enumerate(kinds.tolist()):
        calls = np.flatnonzero(kind_of == number)
        crews = _sent(plan.dispatching.tier[kind // (MOST_PEOPLE + 1), own], there, kind % (MOST_PEOPLE + 1))
        found[calls] = way[crews].mean(axis=0)[atom[calls]]
    return found


def _sent(tier: np.ndarray[tuple[int], np.dtype[np.int8]], there: F64, people: int) -> I64:
    """Return the crews of the earliest tiers that have so many officers on duty; all crews where none may be sent."""
    for last in range(int(tier.max(initial=-1)) + 1):
        crews = np.flatnonzero((tier >= 0) & (tier <= last))
        if there[crews].sum() >= people:
            return crews
    some = np.flatnonzero(tier >= 0)
    return some if len(some) else np.arange(len(tier))
