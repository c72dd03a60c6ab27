"""Teamwork: calls that need several officers, who joins, whose beat it was, what is interrupted or carried over."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qinwu.simulate.arrays import BORROWED, CARRIED, PREEMPTED, UNDER_STRENGTH
from qinwu.simulate.measures.value import Context, Key, Value, mean, spread
from qinwu.simulate.run import Run


def full_crew(run: Run, context: Context) -> Iterator[Value]:
    """Calls that need two or more: time to the full crew and the wait for the partner; how many must borrow, or never fill."""
    calls = run.resident
    calls = calls[(calls["need_people"] >= 2) & (calls["crews"] > 0)]
    yield from spread("full_crew_s", "all", "all", calls["full"] - calls["received"])
    yield from spread("partner_wait_s", "all", "all", calls["full"] - calls["arrived"])
    yield Key("borrow_share", "all", "all", "share"), mean((calls["flags"] & BORROWED) > 0)
    yield Key("under_strength_share", "all", "all", "share"), mean((calls["flags"] & UNDER_STRENGTH) > 0)


def own_beat(run: Run, context: Context) -> Iterator[Value]:
    """Share of calls whose first crew is accountable for the beat, over all and by beat; the rest are cross-beat."""
    calls = run.resident
    calls = calls[calls["crew"] >= 0]
    beat = run.plan.area.beat_of[calls["atom"]]
    own = run.plan.crew.own_beat[calls["crew"]] == beat
    in_beat = beat >= 0
    yield Key("own_beat_share", "all", "all", "share"), mean(own[in_beat])
    for b, name in enumerate(run.plan.beats):
        yield Key("own_beat_share", "beat", name, "share"), mean(own[beat == b])
        yield from spread("response_s", "beat", name, (calls["arrived"] - calls["received"])[beat == b])
        yield Key("calls_per_week", "beat", name, "mean"), float((beat == b).sum()) / run.weeks


def effort(run: Run, context: Context) -> Iterator[Value]:
    """Officer-minutes and officers per call; calls taken from a crew, and carried over a shift end."""
    calls = run.resident
    served = calls[calls["crews"] > 0]
    yield Key("calls_per_week", "all", "all", "mean"), len(calls) / run.weeks
    yield Key("officer_min_per_call", "all", "all", "mean"), mean(served["officer_s"] / 60.0)
    yield Key("officers_per_call", "all", "all", "mean"), mean(served["people_sent"].astype(np.float64))
    yield Key("preempted_share", "all", "all", "share"), mean((served["flags"] & PREEMPTED) > 0)
    yield Key("carried_share", "all", "all", "share"), mean((served["flags"] & CARRIED) > 0)
