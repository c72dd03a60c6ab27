"""Replay: the station's own calls run once more, set beside what was observed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.duty.background import Background
from qinwu.duty.response_plan import F64, I64, ResponsePlan
from qinwu.simulate.arrays import Table
from qinwu.simulate.background import FIRST_KEY, with_background
from qinwu.simulate.run import Run, run_plan
from qinwu.simulate.stream import Stream, draw_stream
from qinwu.station.calls import Calls, parts
from qinwu.station.demand import CallSource, local_seconds

PARTS = ("wait", "travel", "response")
"""From the ring of the phone to dispatch, from dispatch to the first arrival, and both together."""


class Times(NamedTuple):
    """Seconds of each part for each call: (n,) observed, or (R, n) simulated.

    nan where unknown; a simulated call to which nobody was ever sent has waited, and taken, for ever (inf), and has no journey.
    """

    wait: F64
    travel: F64
    response: F64

    def at(self, rows: NDArray[np.bool_] | I64) -> Times:
        """Return the times of some calls."""
        return Times(*(part[..., rows] for part in self))


def observed_times(calls: Calls) -> Times:
    """Return what the record says, in the order of :func:`qinwu.station.demand.read_source`.

    Parts that run backwards or lack an end are nan, and so is everything of calls that officers began themselves.
    """
    time_s, _ = local_seconds(calls.table["received"], calls.time_zone)
    table = calls.table[np.argsort(time_s, kind="stable")]
    known = parts(table).select("dispatch_s", "travel_s", "response_s").cast(pl.Float64).fill_null(np.nan)
    own = (table["origin"] == "officer").to_numpy()
    return Times(*(np.where(own, np.nan, known[name].to_numpy()) for name in known.columns))


def some_calls(source: CallSource, rows: NDArray[np.bool_] | I64) -> CallSource:
    """Return `source` with only the calls at `rows`; what was learned from all of them stays."""
    names = ("time_s", "call_class", "priority", "atom", "people", "self_initiated", "on_scene_s")
    return replace(source, **{name: getattr(source, name)[rows] for name in names})


@dataclass(frozen=True)
class Replay:
    """One replication: ``stream`` without background, ``calls`` its records in the same order, ``run`` everything."""

    stream: Stream
    calls: Table
    run: Run

    @property
    def times(self) -> Times:
        """What happened to each call."""
        c = self.calls
        wait, response = c["dispatched"] - c["received"], c["arrived"] - c["received"]
        return Times(np.nan_to_num(wait, nan=np.inf), c["arrived"] - c["dispatched"], np.nan_to_num(response, nan=np.inf))


def replay_once(plan: ResponsePlan, source: CallSource, background: Background, spans: F64, seed: int, replication: int) -> Replay:
    """Run the calls of `source` at their exact times under `plan`, with background work inside `spans`."""
    stream = draw_stream(source, "replay", seed, replication)
    busy = stream if background.none else with_background(stream, source, background, seed, replication, spans)
    run = run_plan(plan, busy)
    calls = run.calls[run.calls["key"] < FIRST_KEY]
    return Replay(stream, calls[np.argsort(calls["key"])], run)


def replay(
    plan: ResponsePlan, source: CallSource, background: Background, spans: F64, seed: int, replications: int
) -> tuple[Replay, ...]:
    """Return so many replications."""
    return tuple(replay_once(plan, source, background, spans, seed, number) for number in range(replications))


def simulated_times(replays: tuple[Replay, ...]) -> Times:
    """Return (R, n) what happened to each call in each replication."""
    return Times(*(np.stack(part) for part in zip(*(each.times for each in replays), strict=True)))
