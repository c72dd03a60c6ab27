"""Teamwork: calls that need several officers, who joins, whose beat it was, what is interrupted or carried over."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qinwu.simulate.arrays import BORROWED, CARRIED, PREEMPTED, UNDER_STRENGTH
from qinwu.simulate.measures.value import Key, Value, mean, spread
from qinwu.simulate.run import Run
from qinwu.station.context import Context


def full_crew(run: Run, context: Context) -> Iterator[Value]:
    """Calls that need two or more: time to the full crew and the wait for the partner; how many must borrow, or never fill."""
    calls = run.resident
    rows = np.flatnonzero((calls["need_people"] >= 2) & (calls["crews"] > 0))
    full, flags = calls["full"][rows], calls["flags"][rows]
    yield from spread("full_crew_s", "all", "all", full - calls["received"][rows])
    yield from spread("partner_wait_s", "all", "all", full - calls["arrived"][rows])
    yield Key("borrow_share", "all", "all", "share"), mean((flags & BORROWED) > 0)
    yield Key("under_strength_share", "all", "all", "share"), mean((flags & UNDER_STRENGTH) > 0)


def own_beat(run: Run, context: Context) -> Iterator[Value]:
    """Share of calls whose first crew is accountable for the beat, over all and by beat; the rest are cross-beat."""
    calls = run.resident
    rows = np.flatnonzero(calls["crew"] >= 0)
    beat = run.plan.area.beat_of[calls["atom"][rows]]
    own = run.plan.crew.own_beat[calls["crew"][rows]] == beat
    response = (calls["arrived"] - calls["received"])[rows]
    yield Key("own_beat_share", "all", "all", "share"), mean(own[beat >= 0])
    for b, name in enumerate(run.plan.beats):
        here = np.flatnonzero(beat == b)
        yield Key("own_beat_share", "beat", name, "share"), mean(own[here])
        yield from spread("response_s", "beat", name, response[here])
        yield Key("calls_per_week", "beat", name, "mean"), len(here) / run.weeks


def effort(run: Run, context: Context) -> Iterator[Value]:
    """Officer-minutes and officers per call; calls taken from a crew, and carried over a shift end."""
    calls = run.resident
    rows = np.flatnonzero(calls["crews"] > 0)
    flags = calls["flags"][rows]
    yield Key("calls_per_week", "all", "all", "mean"), len(calls["flags"]) / run.weeks
    yield Key("officer_min_per_call", "all", "all", "mean"), mean(calls["officer_s"][rows] / 60.0)
    yield Key("officers_per_call", "all", "all", "mean"), mean(calls["people_sent"][rows].astype(np.float64))
    yield Key("preempted_share", "all", "all", "share"), mean((flags & PREEMPTED) > 0)
    yield Key("carried_share", "all", "all", "share"), mean((flags & CARRIED) > 0)
