"""Rostered: when the station's own crews are on duty, by the duty system in force and the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np

from qinwu.board.in_force import InForce
from qinwu.queueing.mismatch.staffed import windows


def midnight(force: InForce, day: date) -> datetime:
    """Return when a day begins at the station."""
    return datetime.combine(day, datetime.min.time(), force.zone)


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


def fixed_work(force: InForce, kind: str, start: datetime, end: datetime) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield the fixed work of a kind that the duty system has for each crew in a span: position, begin and end, cut to the span."""
    duty = force.plan.duty
    first, length = force.cycle_s(start), (end - start).total_seconds()
    wanted = np.array([name == kind for name in force.plan.block_kinds], dtype=bool)
    for at in np.flatnonzero(wanted[duty.block_kind]) if len(duty.block_kind) else ():
        begin, long = float(duty.block_s[at]), float(duty.block_len_s[at])
        turn = np.floor((first - begin - long) / duty.cycle_s)
        while (since := begin + turn * duty.cycle_s - first) < length:
            if since + long > 0.0:
                yield int(duty.block_crew[at]), _at(start, max(0.0, since)), _at(start, min(length, since + long))
            turn += 1


def _at(start: datetime, seconds: float) -> datetime:
    return start + timedelta(seconds=seconds)
