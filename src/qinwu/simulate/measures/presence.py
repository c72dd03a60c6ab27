"""Presence: beats attended, hours covered, and police seen in the street (见警率)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qinwu.queueing.visibility import p_seen, passes_per_hour
from qinwu.simulate.arrays import AWAY, ON_DUTY, OVERTIME
from qinwu.simulate.measures.value import Key, Value
from qinwu.simulate.run import Run
from qinwu.station.context import Context


def unattended(run: Run, context: Context) -> Iterator[Value]:
    """Minutes a day each beat's accountable crew is off duty or away from the beat."""
    held = run.crew_s[:, ON_DUTY] + run.crew_s[:, OVERTIME]
    there = held - run.crew_s[:, AWAY]
    total = []
    for b, name in enumerate(run.plan.beats):
        mine = run.plan.crew.own_beat == b
        share = min(1.0, float(there[mine].sum()) / run.end_s)
        total.append(1440.0 * (1.0 - share))
        yield Key("beat_unattended_min", "beat", name, "mean"), total[-1]
    if total:
        yield Key("beat_unattended_min", "all", "all", "mean"), float(np.mean(total))


def coverage(run: Run, context: Context) -> Iterator[Value]:
    """Time with no officer free, and with fewer than two: share of the week, and of each hour of the week."""
    per_hour = run.end_s / 168.0
    for row, measure in ((0, "nobody_free"), (1, "fewer_than_two_free")):
        share = run.short_s[row] / per_hour
        yield Key(measure, "all", "all", "share"), float(share.mean())
        for hour, value in enumerate(share):
            yield Key(measure, "hour", str(hour), "share"), float(value)


def visibility(run: Run, context: Context) -> Iterator[Value]:
    """Patrol passes per street-hour, the chance to see a patrol within the stated stay, and visible patrol hours a week."""
    crew = run.plan.crew
    atoms = len(context.street_m)
    share = np.zeros((len(crew.people), atoms))
    for k in np.flatnonzero(crew.patrols == 1):
        share[k] = np.bincount(crew.slots[k], minlength=atoms) / crew.slots.shape[1]
    patrol = run.patrol_s.sum(axis=1) * (crew.patrols == 1)
    passes = passes_per_hour(patrol, share, context.street_m, context.patrol_mps, run.end_s)
    seen = p_seen(patrol @ share / run.end_s, context.patrol_mps, context.sight_m, context.area_m2, context.stay_s)
    weight = context.street_m / max(context.street_m.sum(), 1.0)
    yield Key("patrol_passes", "all", "all", "mean"), float(passes @ weight)
    yield Key("p_seen", "all", "all", "share"), float(seen @ weight)
    yield Key("patrol_hours", "all", "all", "mean"), float(patrol.sum() / 3600.0 / run.weeks)
    beat_of = run.plan.area.beat_of
    for b, name in enumerate(run.plan.beats):
        here = beat_of == b
        yield Key("patrol_passes", "beat", name, "mean"), float(passes[here] @ weight[here] / max(weight[here].sum(), 1e-12))
