"""Response curve: how many calls have somebody there by each minute."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qinwu.simulate.measures.value import Key, Value
from qinwu.simulate.run import Run
from qinwu.station.context import Context

STEPS_MIN = (*range(1, 21), *range(22, 31, 2), *range(35, 61, 5))
"""Minutes at which the curve is read: finer where promises lie."""


def response_curve(run: Run, context: Context) -> Iterator[Value]:
    """Share of the calls of each priority reached by each minute; calls never reached stay below every minute."""
    calls = run.resident
    response = np.nan_to_num(calls["arrived"] - calls["received"], nan=np.inf)
    steps_s = np.array(STEPS_MIN) * 60.0
    for p in range(4):
        waits = np.sort(response[calls["priority"] == p])
        reached = np.searchsorted(waits, steps_s, side="right") / len(waits) if len(waits) else np.full(len(steps_s), np.nan)
        for minute, share in zip(STEPS_MIN, reached, strict=True):
            yield Key("response_curve", f"priority_{p + 1}", str(minute), "share"), float(share)
