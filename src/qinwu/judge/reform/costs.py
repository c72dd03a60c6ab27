"""Costs: officer-hours and vehicle-kilometres a week, and money where prices are given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.reform.reform import Cost
from qinwu.simulate.outcome import Outcome
from qinwu.station.area import Area

SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Costs:
    """What a duty system costs a week: hours of its crews, kilometres to calls and on patrol, and money (nan without prices)."""

    officer_hours: float
    call_km: float
    patrol_km: float
    money: float


def mean_speed_kmh(area: Area) -> float:
    """Return the mean speed between the places of an area: Manhattan distance over travel time, over all pairs of atoms."""
    apart = np.abs(area.xy_m[:, None, :] - area.xy_m[None, :, :]).sum(axis=2)
    between = ~np.eye(len(area), dtype=bool)
    seconds = float(area.travel.base_s[between].sum())
    return float(apart[between].sum()) / 1000.0 / (seconds / SECONDS_PER_HOUR) if seconds > 0.0 else 0.0


def costs(outcome: Outcome, area: Area, patrol_kmh: float, prices: Cost | None) -> Costs:
    """Return the weekly costs of a system as tried.

    Parameters
    ----------
    outcome
        What it did.
    area
        For the mean speed on the way to calls.
    patrol_kmh
        Speed on patrol, km/h.
    prices
        Of an officer-hour and a kilometre; None for no money.
    """
    hours = outcome.interval("duty_hours").mean + outcome.interval("overtime_hours").mean
    call_km = outcome.interval("driving_hours").mean * mean_speed_kmh(area)
    patrol_km = outcome.interval("patrol_hours").mean * patrol_kmh
    money = hours * prices.officer_hour + (call_km + patrol_km) * prices.vehicle_km if prices else float("nan")
    return Costs(hours, call_km, patrol_km, money)
