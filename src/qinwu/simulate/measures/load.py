"""Load: where the duty hours go, crew by crew and officer by officer, and how evenly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qinwu.simulate.arrays import (
    FIXED,
    FLEXIBLE,
    FLEXIBLE_DUE,
    FOLLOW_UP,
    IDLE,
    LOST,
    ON_DUTY,
    OVERTIME,
    SCENE,
    TRAVEL,
    WRAP_UP,
)
from qinwu.simulate.measures.value import Key, Value, gini
from qinwu.simulate.run import Run
from qinwu.station.context import Context

SHARES = {
    "call": (TRAVEL, SCENE, WRAP_UP),
    "follow_up": (FOLLOW_UP,),
    "other_duty": (FIXED, FLEXIBLE),
    "uncommitted": (IDLE,),
}


def utilisation(run: Run, context: Context) -> Iterator[Value]:
    """Shares of time held (on duty and overtime) on calls, follow-up, other duty and uncommitted: station, crews, officers."""
    own = run.plan.crew.external == 0
    people = run.plan.crew.people.astype(np.float64)
    held = run.crew_s[:, ON_DUTY] + run.crew_s[:, OVERTIME]
    for name, columns in SHARES.items():
        spent = run.crew_s[:, columns].sum(axis=1)
        yield Key("time_share", "all", name, "share"), float((spent * people)[own].sum() / max((held * people)[own].sum(), 1.0))
        for k in np.flatnonzero(own):
            share = float(spent[k] / max(held[k], 1.0))
            yield Key(f"time_{name}", "crew", run.plan.crews[k].id, "share"), share
            for officer in run.plan.crews[k].officers:
                yield Key(f"time_{name}", "officer", officer, "share"), share


def hours(run: Run, context: Context) -> Iterator[Value]:
    """Officer-hours on duty and in overtime a week; flexible duty done of what was due; fixed duty lost; hours driven to calls."""
    own = run.plan.crew.external == 0
    people = run.plan.crew.people.astype(np.float64)[own]
    seconds = run.crew_s[own]
    officer_hours = (seconds * people[:, None]).sum(axis=0) / 3600.0 / run.weeks
    yield Key("duty_hours", "all", "all", "mean"), float(officer_hours[ON_DUTY])
    yield Key("overtime_hours", "all", "all", "mean"), float(officer_hours[OVERTIME])
    due = officer_hours[FLEXIBLE_DUE]
    yield Key("visits_done", "all", "all", "share"), float(officer_hours[FLEXIBLE] / due) if due > 0.0 else float("nan")
    driving = float(run.crew_s[own, TRAVEL].sum()) / 3600.0 / run.weeks
    yield Key("driving_hours", "all", "all", "mean"), driving
    yield Key("duty_lost_hours", "all", "all", "mean"), float(officer_hours[LOST])


def officers(run: Run, context: Context) -> Iterator[Value]:
    """Duty and call hours of each officer a week, and the spread of call work over officers (largest to mean, Gini)."""
    call = run.crew_s[:, [TRAVEL, SCENE, WRAP_UP, FOLLOW_UP]].sum(axis=1) / 3600.0 / run.weeks
    held = (run.crew_s[:, ON_DUTY] + run.crew_s[:, OVERTIME]) / 3600.0 / run.weeks
    load = []
    for k, label in enumerate(run.plan.crews):
        for officer in label.officers:
            load.append(call[k])
            yield Key("officer_duty_hours", "officer", officer, "mean"), float(held[k])
            yield Key("officer_call_hours", "officer", officer, "mean"), float(call[k])
    x = np.array(load)
    yield Key("load_max_to_mean", "all", "all", "ratio"), float(x.max() / x.mean()) if len(x) and x.mean() > 0 else float("nan")
    yield Key("load_gini", "all", "all", "index"), gini(x)
