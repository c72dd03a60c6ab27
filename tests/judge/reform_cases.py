"""The tiny county with calls, and reforms that are tried on it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from qinwu.duty.reform.reform import Reform
from qinwu.duty.system import DutySystem
from qinwu.judge.reform.tried import Asked, TriedReform, try_reform
from qinwu.station.station import Station
from tests.duty.counties import a_reform, county_force, county_system
from tests.stations import grid_area, station

WHY = {"zh": "假设", "en": "assumed"}
MERGED: dict[str, Any] = {"op": "merge", "units": ["level:station"], "by": "parent"}
ONE_LEVEL: dict[str, Any] = {"op": "set_dispatch_levels", "levels": 1}
OVERHEAD: tuple[dict[str, Any], ...] = ({"level": "station", "command": 2, "administration": 1},)
WEEKS = 6


@cache
def county_with_calls(per_week: int = 900, seed: int = 1) -> Station:
    """Return the county with some weeks of calls, at any hour, in every atom."""
    rng = np.random.default_rng(seed)
    count = per_week * WEEKS
    hours, atoms = rng.random(count) * 168.0 * WEEKS, rng.integers(1, 10, count)
    kinds = rng.choice(["theft", "help", "dispute"], count)
    rows = sorted((float(hour), str(kind), f"a{atom}") for hour, kind, atom in zip(hours, kinds, atoms, strict=True))
    return station(grid_area(3, 3), county_force(), rows=rows)


def vary(key: str, low: float, high: float, **more: Any) -> dict[str, Any]:
    """Return an assumption with a range."""
    return {"key": key, "name": WHY, "low": low, "high": high, "why": WHY, **more}


def no_system(name: str) -> DutySystem:
    """Fail: no step should read a system."""
    raise AssertionError(name)


def reform_of(*steps: dict[str, Any], vary: tuple[dict[str, Any], ...] = (), **more: Any) -> Reform:
    """Return a reform of these steps with assumptions that vary."""
    made = a_reform(*steps, overhead=OVERHEAD).model_dump(mode="json", exclude_none=True)
    return Reform.model_validate({**made, "vary": list(vary), **more})


def tried_on_county(*reforms: Reform, replications: int = 4, swings: int = 0, back: bool = False, **changes: Any) -> TriedReform:
    """Return reforms tried on the county."""
    asked = Asked(replications=replications, swings=swings, back=back)
    return try_reform(county_with_calls(), county_system(**changes), reforms, no_system, asked)
