"""Rostered: when the station's own crews are on duty, by the duty system in force and the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from qinwu.board.in_force import InForce
from qinwu.queueing.mismatch.staffed import windows


def midnight(force: InForce, day: date) -> datetime:
    """Return when a day begins at the station."""
    return datetime.combine(day, datetime.min.time(), ZoneInfo(force.station.config.time_zone))


def stretches(force: InForce, start: datetime, minutes: int) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield the station's own crews on duty within a span: position, begin and end, cut to the span."""
    crew, begin, end = windows(force.plan.duty)
    first = force.cycle_s(start)
    rounds = np.floor(first / force.plan.duty.cycle_s) * force.plan.duty.cycle_s
    for turn in range(int(np.ceil(minutes * 60.0 / force.plan.duty.cycle_s)) + 1):
        shift = rounds + turn * force.plan.duty.cycle_s - first
        for k, came, went in zip(crew.tolist(), (begin + shift).tolist(), (end + shift).tolist(), strict=True):
            since, until = max(0.0, came), min(minutes * 60.0, went)
            if since < until and force.plan.crew.external[k] == 0:
                yield k, start + timedelta(seconds=since), start + timedelta(seconds=until)
