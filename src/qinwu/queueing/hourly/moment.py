"""A moment of a plan: which crews are on duty, and what keeps them from calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.calendar import HOUR_S, WEEK_S
from qinwu.duty.response_plan import F64, I64, DutyArrays, ResponsePlan

MOST_MOMENTS = 3
"""So many different weeks of the duty cycle are looked at for one hour of the week, spread evenly over the cycle."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One hour of a plan's duty cycle.

    Parameters
    ----------
    hour
        Of the week, 0-167.
    crews
        (N,) the station's own crews on duty in the middle of it, by number.
    outside
        (M,) crews of other stations.
    blocked
        (N, 5) part of the hour each spends in fixed blocks, by the least urgent priority that may interrupt them (0: none may).
    left_s
        (N,) seconds from the beginning of the hour to the end of each crew's duty, inf where that is not within the hour.
    borrowed
        Whether none of the station's own is on duty: then other stations' crews are all there is, and stand in ``crews``.
    """

    hour: int
    crews: I64
    outside: I64
    blocked: F64
    left_s: F64
    borrowed: bool


def moments(plan: ResponsePlan, hour: int, most: int = MOST_MOMENTS) -> list[Moment]:
    """Return up to `most` hours of the duty cycle that fall on `hour` of the week."""
    weeks = round(plan.duty.cycle_s / WEEK_S)
    chosen = np.unique((np.arange(min(weeks, most)) * weeks) // min(weeks, most))
    return [moment_at(plan, week * WEEK_S + hour * HOUR_S) for week in chosen.tolist()]


def moment_at(plan: ResponsePlan, start_s: float) -> Moment:
    """Return the hour that begins `start_s` seconds into the duty cycle."""
    on = on_duty(plan.duty, start_s + HOUR_S / 2)
    own = plan.crew.external == 0
    crews, outside = np.flatnonzero(on & own), np.flatnonzero(on & ~own)
    borrowed = not len(crews)
    if borrowed:
        crews, outside = outside, crews
    busy, until = blocked(plan.duty, start_s)[crews], left(plan.duty, start_s)[crews]
    return Moment(int(start_s // HOUR_S) % 168, crews, outside, busy, until, borrowed)


def on_duty(duty: DutyArrays, time_s: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return (K,) which crews are on duty at a time of the cycle."""
    on = duty.on_at_start > 0.0
    before = int(np.searchsorted(duty.event_s, time_s, side="right"))
    on[duty.event_crew[:before]] = duty.event_on[:before] == 1
    return on


def blocked(duty: DutyArrays, start_s: float) -> F64:
    """Return (K, 5) which part of the hour from `start_s` each crew is in fixed blocks, by who may interrupt them."""
    shares = np.zeros((len(duty.on_at_start), 5))
    for shift in (0.0, duty.cycle_s):
        begin, end = duty.block_s - shift, duty.block_s - shift + duty.block_len_s
        overlap = np.minimum(end, start_s + HOUR_S) - np.maximum(begin, start_s)
        inside = np.flatnonzero(overlap > 0.0)
        np.add.at(shares, (duty.block_crew[inside], duty.block_yields[inside]), overlap[inside] / HOUR_S)
    return np.minimum(shares, 1.0)


def left(duty: DutyArrays, start_s: float) -> F64:
    """Return (K,) seconds until each crew goes off duty in the hour from `start_s`, its end included; inf where it does not."""
    until = np.full(len(duty.on_at_start), np.inf)
    at = duty.event_s - start_s
    at = np.where(at <= 0.0, at + duty.cycle_s, at)
    goes = np.flatnonzero((duty.event_on == 0) & (at <= HOUR_S))
    until[duty.event_crew[goes]] = at[goes]
    return until
