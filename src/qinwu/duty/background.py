"""Background load: how much work takes the crews away and is not in the call file.

Escorts, paperwork, other units' calls, everything a station does without a row for it; stated as a share of the time of the crews
that the station's current duty system has on duty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.station.station import Station

SAMPLE_S = 300.0


class Background(NamedTuple):
    """Work not in the file.

    Parameters
    ----------
    busy
        (168,) crews that it asks for at a time, by hour of the week, Monday 00:00 first; >= 0.
    minutes
        Mean length of a job, > 0; lengths are exponential.
    """

    busy: F64
    minutes: float

    @property
    def none(self) -> bool:
        """Whether there is no such work."""
        return not self.busy.any()


def crews_on_duty(plan: ResponsePlan) -> F64:
    """Return (168,) the station's own crews on duty, by hour of the week, averaged over the duty cycle."""
    duty, own = plan.duty, plan.crew.external == 0
    time = np.arange(SAMPLE_S / 2, duty.cycle_s, SAMPLE_S)
    ours = own[duty.event_crew]
    step = np.where(duty.event_on[ours] == 1, 1.0, -1.0)
    there = np.concatenate([[0.0], np.cumsum(step)])[np.searchsorted(duty.event_s[ours], time, side="right")]
    there += (duty.on_at_start[own] > 0.0).sum()
    hour = (time // HOUR_S).astype(np.int64) % 168
    return np.bincount(hour, there, minlength=168) / np.bincount(hour, minlength=168)


def background_of(plan: ResponsePlan, load: float, minutes: float) -> Background:
    """Return background work that asks for the share `load` of the time of the crews on duty under `plan`."""
    return Background(crews_on_duty(plan) * load, minutes)


def stated_background(station: Station, current: ResponsePlan) -> Background | None:
    """Return the work that ``[background]`` of station.toml states for the crews of the `current` system; None without any."""
    stated = station.config.background
    return background_of(current, stated.utilisation, stated.minutes) if stated.utilisation > 0.0 else None
