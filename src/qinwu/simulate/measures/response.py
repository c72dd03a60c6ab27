"""Response: how long people wait, in which part of the chain, and whether the promise is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64
from qinwu.simulate.arrays import COMING, DELAYED, FORGONE
from qinwu.simulate.measures.value import Key, Value, mean, spread
from qinwu.simulate.run import Run
from qinwu.station.context import Context

HOUR_S, DAY_H = 3600.0, 24
CLOCK_S = (300.0, 600.0, 900.0, 1800.0)
CLOCK_WORDS = ("0-5", "5-10", "10-15", "15-30", "30+")


def groups(calls: Mapping[str, NDArray[Any]], context: Context) -> Iterator[tuple[str, str, NDArray[np.int64]]]:
    """Yield (by, group, rows) for all calls, each priority and each class."""
    yield "all", "all", np.arange(len(calls["priority"]))
    for p in range(4):
        yield "priority", str(p + 1), np.flatnonzero(calls["priority"] == p)
    for c, name in enumerate(context.call_classes):
        yield "class", name, np.flatnonzero(calls["call_class"] == c)


def response_times(run: Run, context: Context) -> Iterator[Value]:
    """Response from the ring of the phone to the first arrival, and its parts, by priority and class."""
    calls = run.resident
    parts: dict[str, F64] = {
        "response_s": calls["arrived"] - calls["received"],
        "taking_s": calls["ready"] - calls["received"],
        "queue_s": calls["dispatched"] - calls["ready"],
        "travel_s": calls["arrived"] - calls["dispatched"],
    }
    for by, group, rows in groups(calls, context):
        for measure, x in parts.items():
            yield from spread(measure, by, group, x[rows])


def places_and_hours(run: Run, context: Context) -> Iterator[Value]:
    """Response by place and by hour of the day, where places are asked for: who gains and who loses, whatever the beats are."""
    if context.place_of is None:
        return
    calls = run.resident
    response = calls["arrived"] - calls["received"]
    kept = np.nan_to_num(response, nan=np.inf) <= context.limit_s[calls["priority"]]
    here = context.place_of[calls["atom"]]
    hour = (calls["received"] // HOUR_S).astype(np.int64) % DAY_H
    for by, names, of in (("place", context.places, here), ("day_hour", tuple(map(str, range(DAY_H))), hour)):
        for number, name in enumerate(names):
            rows = np.flatnonzero(of == number)
            yield from spread("response_s", by, name, response[rows])
            yield Key("within_limit", by, name, "share"), mean(kept[rows])
            yield Key("calls_per_week", by, name, "mean"), len(rows) / run.weeks


def promises(run: Run, context: Context) -> Iterator[Value]:
    """Share of calls reached within the promised minutes of their priority, and within each step of the ladder."""
    calls = run.resident
    response = np.nan_to_num(calls["arrived"] - calls["received"], nan=np.inf)
    kept = response <= context.limit_s[calls["priority"]]
    for by, group, rows in groups(calls, context):
        yield Key("within_limit", by, group, "share"), mean(kept[rows])
    urgent = response[calls["priority"] == 0]
    for step in context.ladder_s:
        yield Key("within_ladder", "step", f"{step / 60:g}", "share"), mean(urgent <= step)


def response_clock(run: Run, context: Context) -> Iterator[Value]:
    """Share of calls in the buckets of Chinese response bulletins: up to 5, 10, 15, 30 minutes, and over."""
    calls = run.resident
    bucket = np.digitize(np.nan_to_num(calls["arrived"] - calls["received"], nan=np.inf), CLOCK_S, right=True)
    share = np.bincount(bucket, minlength=5) / max(len(bucket), 1)
    for word, value in zip(CLOCK_WORDS, share, strict=True):
        yield Key("response_clock", "bucket", word, "share"), float(value)


def queueing(run: Run, context: Context) -> Iterator[Value]:
    """Share of calls that found nobody to send, and of calls nobody ever reached."""
    calls = run.resident
    delayed = (calls["flags"] & DELAYED) > 0
    unserved = np.isnan(calls["dispatched"])
    for by, group, rows in groups(calls, context):
        yield Key("queued_share", by, group, "share"), mean(delayed[rows])
    yield Key("unserved_share", "all", "all", "share"), mean(unserved)
    own = run.calls[(run.calls["self_initiated"] == 1) & (run.calls["phase"] != COMING)]
    yield Key("forgone_share", "all", "all", "share"), mean((own["flags"] & FORGONE) > 0)
