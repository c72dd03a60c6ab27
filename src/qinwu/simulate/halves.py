"""Halves: which part of the record a model is fitted on, and which part it is judged on; never the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64, I64
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.station.demand import WEEK_S

DAY_S = 86_400.0
WARM_UP_S = 6 * 3600.0
"""Background work runs so long before the first call of a span, so that crews are as busy as they usually are."""
TAIL_S = 2 * 3600.0
"""Background work runs on so long after the last call of a span."""
WEEKS_WANTED = 8
DAYS_KEPT = 0.8
FEWEST_UNITS = 4


@dataclass(frozen=True)
class Halves:
    """The record cut into whole days or weeks, some for fitting and the others for judging.

    ``unit`` is what was cut; ``of_call`` (n,) the number of each call's unit; ``fitted`` and ``judged`` unit numbers, drawn at
    random.
    """

    unit: Literal["day", "week"]
    of_call: I64
    fitted: I64
    judged: I64

    def calls(self, units: I64) -> NDArray[np.bool_]:
        """Return (n,) which calls are in these units."""
        return np.isin(self.of_call, units)


def halve(time_s: F64, share: float, seed: int) -> Halves:
    """Cut a record in two.

    Parameters
    ----------
    time_s
        (n,) seconds since a Monday 00:00, in order.
    share
        Share of the units to fit on, in (0, 1).
    seed
        Fixes which units.

    Raises
    ------
    QinwuError
        There are too few days or weeks to keep any back, or the share keeps none back.
    """
    if not 0.0 < share < 1.0:
        message = N_("{share} is not a share of the record to fit on.")
        raise QinwuError([Finding("bad-fit-share", "error", message, N_("Use a number between 0 and 1."), values={"share": share})])
    day = (time_s // DAY_S).astype(np.int64)
    week = (time_s // WEEK_S).astype(np.int64)
    weeks, days = np.unique(week), np.unique(day)
    whole = len(weeks) >= WEEKS_WANTED and len(days) >= DAYS_KEPT * (day[-1] - day[0] + 1)
    units = weeks if whole else days
    if len(units) < FEWEST_UNITS:
        message = N_("The record has {count} days with calls; at least {least} are needed to fit on some and judge on others.")
        values = {"count": len(days), "least": FEWEST_UNITS}
        raise QinwuError([Finding("too-little-history", "error", message, N_("Add calls of more days."), values=values)])
    count = min(max(round(share * len(units)), 1), len(units) - 1)
    drawn = np.random.default_rng([seed, len(units)]).permutation(units)
    return Halves("week" if whole else "day", week if whole else day, np.sort(drawn[:count]), np.sort(drawn[count:]))


def spans_of(time_s: F64) -> F64:
    """Return (S, 2) the stretches of time to simulate for calls at `time_s`, in order: warm-up before, a tail after.

    Calls days apart fall into stretches of their own, so that nothing is simulated in between.

    >>> (spans_of(np.array([30_000.0, 31_000.0, 200_000.0])) / 3600).round(1).tolist()
    [[2.3, 10.6], [49.6, 57.6]]
    """
    if not len(time_s):
        return np.empty((0, 2))
    gap = np.flatnonzero(np.diff(time_s) > WARM_UP_S + TAIL_S)
    first = time_s[np.concatenate([[0], gap + 1])]
    last = time_s[np.concatenate([gap, [len(time_s) - 1]])]
    return np.column_stack([np.maximum(first - WARM_UP_S, 0.0), last + TAIL_S])


def inside(time_s: F64, spans: F64) -> NDArray[np.bool_]:
    """Return which times lie in one of the spans (sorted, disjoint)."""
    at = np.searchsorted(spans[:, 0], time_s, side="right") - 1
    within: NDArray[np.bool_] = (at >= 0) & (time_s <= spans[np.maximum(at, 0), 1])
    return within
