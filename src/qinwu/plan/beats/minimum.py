"""Minimum: the recurring work of each beat against the hours its officer has for it; hours staffed against hours asked for.

Recurring work is what must be done whether or not the phone rings: visits, inspections, and what calls leave behind (M12). The
officer has for it what is left of his duty after calls, meals, training and other fixed work.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.calendar import HOUR_S
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.predicting import Prediction
from qinwu.plan.beats.workload import FOLLOW_UP, INSPECTION, VISIT

F64 = NDArray[np.float64]
HOURS = 168


@dataclass(frozen=True, slots=True)
class MinimumRow:
    """One beat: hours a week of visits, inspections and follow-up work asked for, and hours its crew has free for them."""

    beat: str
    visits: float
    inspections: float
    follow_up: float
    available: float

    @property
    def required(self) -> float:
        """Hours a week that must be done."""
        return self.visits + self.inspections + self.follow_up

    @property
    def lacking(self) -> float:
        """Hours a week that are missing, 0 where there are enough."""
        return max(0.0, self.required - self.available)


def minimum_rows(plan: BeatPlan, prediction: Prediction) -> tuple[MinimumRow, ...]:
    """Return required and available hours of every beat that has a crew of its own."""
    crews = prediction.analysis.crews.filter(prediction.analysis.crews["beat"] != "")
    free = {row["beat"]: float(row["duty_h"]) * float(row["free"]) for row in crews.iter_rows(named=True)}
    people = {label.beat: len(label.officers) for label in prediction.plan.crews if label.beat}
    rows = []
    for number, beat in enumerate(plan.problem.names):
        if beat in free:
            parts = plan.problem.workload.of(np.flatnonzero(plan.beat_of == number))
            asked = (parts[VISIT], parts[INSPECTION], parts[FOLLOW_UP])
            rows.append(MinimumRow(beat, *asked, free[beat] * max(1, people[beat])))
    return tuple(rows)


def overloaded(rows: tuple[MinimumRow, ...]) -> tuple[Finding, ...]:
    """Return a warning for each beat whose officer cannot do the least there is to do, worst first."""
    message = N_(
        "Beat {beat}: {required} hours a week of visits, inspections and follow-up work are asked for, {available} are free."
    )
    remedy = N_("Make the beat smaller, give it another officer, or ask for less.")
    worst = sorted((row for row in rows if row.lacking > 0.0), key=lambda row: -row.lacking)
    return tuple(
        Finding(
            "minimum-out-of-reach",
            "warning",
            message,
            remedy,
            values={"beat": row.beat, "required": f"{row.required:.1f}", "available": f"{row.available:.1f}"},
        )
        for row in worst
    )


@dataclass(frozen=True)
class Mismatch:
    """Hours staffed against hours asked for.

    Parameters
    ----------
    staffed, asked
        (168, K) officer-hours of each hour of the week in each beat.
    """

    staffed: F64
    asked: F64

    @property
    def index(self) -> float:
        """Share of the staffed hours that stand at another hour or in another beat than the work does, 0 to 1.

        Half the sum of the differences between the shares of both (the index of dissimilarity of Duncan & Duncan 1955).
        """
        return float(np.abs(_shares(self.staffed) - _shares(self.asked)).sum() / 2.0)

    @property
    def by_beat(self) -> float:
        """The same between beats alone, hours of the week added up."""
        return float(np.abs(_shares(self.staffed.sum(axis=0)) - _shares(self.asked.sum(axis=0))).sum() / 2.0)


def mismatch(plan: BeatPlan, prediction: Prediction) -> Mismatch:
    """Return staffed and asked hours of a plan: crews count where they patrol, calls where and when they come."""
    compiled, source = prediction.plan, prediction.analysis.source
    beats, beat_of = plan.problem.beats, plan.beat_of
    crew = compiled.crew
    own = np.flatnonzero(crew.external == 0)
    there = np.array([np.bincount(beat_of[slots], minlength=beats) / len(slots) for slots in crew.slots[own]])
    staffed: F64 = _on_duty(prediction)[:, own] * crew.people[own] @ there
    hour = (source.time_s // HOUR_S).astype(np.int64) % HOURS
    service = source.service
    seconds = (service.on_scene_s + service.wrap_up_s)[source.call_class] * compiled.dispatching.people[source.call_class, hour]
    cells = hour * beats + beat_of[source.atom]
    asked = np.bincount(cells, seconds, HOURS * beats).reshape(HOURS, beats) / HOUR_S / source.weeks
    return Mismatch(staffed, asked)


def _on_duty(prediction: Prediction) -> F64:
    """Return (168, K) the share of each hour of the week that each crew is on duty, over the whole duty cycle."""
    duty = prediction.plan.duty
    crews = len(prediction.plan.crews)
    weeks = max(1, round(duty.cycle_s / HOUR_S / HOURS))
    hours = np.zeros((weeks * HOURS, crews))
    for crew in np.flatnonzero(np.isinf(duty.on_at_start)).tolist():
        hours[:, crew] = 1.0
    for at in np.flatnonzero(duty.event_on == 1).tolist():
        _add(hours[:, duty.event_crew[at]], duty.event_s[at] / HOUR_S, duty.event_end_s[at] / HOUR_S)
    mean: F64 = hours.reshape(weeks, HOURS, crews).mean(axis=0)
    return mean


def _add(hours: F64, begin: float, end: float) -> None:
    """Add a span of duty to the hours it covers, those beyond the end of the cycle to its beginning."""
    for hour in range(int(begin), int(np.ceil(end))):
        hours[hour % len(hours)] += min(end, hour + 1.0) - max(begin, float(hour))


def _shares(hours: F64) -> F64:
    shares: F64 = hours / max(float(hours.sum()), 1e-300)
    return shares
