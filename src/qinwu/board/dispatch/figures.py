"""Figures: what the day looks like so far, counted from the board and measured as the simulator measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import isnan

import numpy as np
from django.db.models import Min

from qinwu.board.in_force import InForce
from qinwu.board.models import Call
from qinwu.board.roster.cover import midnight
from qinwu.simulate.measures.value import quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """The calls of one priority since midnight (0: all of them).

    Parameters
    ----------
    priority
        1 to 4, or 0.
    calls
        How many came in, repeats left out.
    answered
        How many of them somebody has arrived at.
    median_min, p90_min
        Minutes from the call to the first arrival among those answered; None of none.
    limit_min
        What the policy promises; None where it promises nothing.
    within
        How many of those answered were reached in that time.
    """

    priority: int
    calls: int
    answered: int
    median_min: float | None
    p90_min: float | None
    limit_min: float | None
    within: int


def day_figures(force: InForce, at: datetime) -> tuple[Figure, ...]:
    """Return the figures of the day so far: all calls, then each priority that had any."""
    start = midnight(force, at.astimezone(force.zone).date())
    calls = Call.objects.filter(received__gte=start, received__lte=at, same_as__isnull=True).order_by()
    rows = calls.annotate(first=Min("sendings__arrived")).values_list("priority", "received", "first")
    priority = np.array([row[0] for row in rows], np.int64)
    minutes = np.array([(first - received).total_seconds() / 60.0 if first else np.nan for _p, received, first in rows], float)
    limit = force.station.config.policy.limit_min
    promised = np.array([limit.get(each, np.nan) for each in priority.tolist()], float)
    within = minutes <= promised
    whole = _figure(0, minutes, None, int(within.sum()))
    each = [
        _figure(p, minutes[priority == p], limit.get(p), int(within[priority == p].sum())) for p in sorted(set(priority.tolist()))
    ]
    return (whole, *each)


def _figure(priority: int, minutes: np.ndarray[tuple[int], np.dtype[np.float64]], limit: float | None, within: int) -> Figure:
    known = minutes[~np.isnan(minutes)]
    median, p90 = (None if isnan(value) else value for value in quantiles(known, (0.5, 0.9)))
    return Figure(priority, len(minutes), len(known), median, p90, limit, within)
