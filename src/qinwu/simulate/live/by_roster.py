"""By roster: where the duty system has every crew at a moment, before anything else is known of it."""

from __future__ import annotations

import numpy as np

from qinwu.duty.response_plan import F64, I32, DutyArrays, ResponsePlan
from qinwu.simulate.live.situation import CrewNow


def crews_by_roster(plan: ResponsePlan, now_s: float, places: I32 | None = None) -> tuple[CrewNow, ...]:
    """Return every crew as the duty calendar has it at `now_s` seconds of the duty cycle's clock.

    A crew that patrols is taken to be in the middle of what it patrols, others at their base. One that came on late or left early
    is for whoever knows better to correct. `places` are those of :func:`middle_places`, for whoever asks often.
    """
    end = duty_ends(plan.duty, now_s)
    until, yields = block_ends(plan.duty, now_s)
    places = middle_places(plan) if places is None else places
    return tuple(
        CrewNow(end[k], int(places[k]), block_until_s=float(until[k]) if end[k] else 0.0, block_yields=int(yields[k]))
        for k in range(len(end))
    )


def duty_ends(duty: DutyArrays, now_s: float) -> list[float]:
    """Return when the duty of each crew that is on duty ends, on the same clock as `now_s`; 0.0 for the others."""
    rounds = np.floor(now_s / duty.cycle_s) * duty.cycle_s
    inside = now_s - rounds
    end = np.where(duty.on_at_start > inside, duty.on_at_start + rounds, 0.0)
    for shift in (duty.cycle_s, 0.0):  # a window may begin in the cycle before and reach into this one
        came = (duty.event_on == 1) & (duty.event_s - shift <= inside) & (inside < duty.event_end_s - shift)
        end[duty.event_crew[came].astype(np.int64)] = duty.event_end_s[came] - shift + rounds
    return [float(each) for each in end]


def block_ends(duty: DutyArrays, now_s: float) -> tuple[F64, I32]:
    """Return when the fixed work each crew is in ends (0: in none), and the least urgent priority that may interrupt it."""
    until, yields = np.zeros(len(duty.on_at_start)), np.zeros(len(duty.on_at_start), np.int32)
    since = (now_s - duty.block_s) % duty.cycle_s
    for at in np.flatnonzero(since < duty.block_len_s):
        k = int(duty.block_crew[at])
        until[k], yields[k] = now_s - since[at] + duty.block_len_s[at], duty.block_yields[at]
    return until, yields


def middle_places(plan: ResponsePlan) -> I32:
    """Return (K,) the atom from which each crew has the least mean way to where it may be while free."""
    travel = plan.area.travel_s
    places = [int(slots[travel[np.ix_(slots, slots)].sum(axis=1).argmin()]) for slots in plan.crew.slots]
    return np.array(places, np.int32)
