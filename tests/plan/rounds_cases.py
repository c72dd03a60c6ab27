"""Small rounds: two days in a town of six atoms, outings and visits made by hand; sample stations read once."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.plan.rounds.free import Span, free_spans
from qinwu.plan.rounds.month import month_of
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.routing import Task
from qinwu.simulate.trial import prepare_one
from qinwu.station.sample import write_sample
from qinwu.station.station import Station
from qinwu.station.venues import Venue

HOUR = 3600.0


def small_task(visits: int, outings: int, seed: int) -> Task:
    """Return a task drawn at random: visits of half an hour in the morning or all day, outings of two to four hours."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0.0, 4000.0, (visits + 2, 2))
    travel = np.abs(xy[:, None] - xy[None]).sum(axis=2) / 8.0
    np.fill_diagonal(travel, 60.0)
    start = rng.choice([8.0, 9.0, 13.0], outings) * HOUR
    late = rng.random(visits) < 0.3
    return Task(
        travel_s=travel,
        place=np.arange(visits, dtype=np.int64),
        stay_s=rng.choice([1200.0, 1800.0, 2400.0], visits),
        opens_s=np.where(late, 14.0, 8.0) * HOUR,
        closes_s=np.where(late, 18.0, 17.0) * HOUR,
        start_s=start,
        end_s=start + rng.choice([3.0, 4.0], outings) * HOUR,
        most_s=rng.choice([2.0, 3.0, 4.0], outings) * HOUR,
        base=visits + rng.integers(0, 2, outings),
        factor=rng.choice([1.0, 1.2], outings),
        allowed=rng.random((visits, outings)) < 0.8,
        late_s=rng.choice([0.0, 600.0, 1200.0], (visits, outings)),
    )


@cache
def sample(name: str) -> tuple[Station, DutySystem, ResponsePlan]:
    """Return a sample station with its duty system in force, written and read once."""
    folder = Path(mkdtemp()) / name
    write_sample(folder, name)  # type: ignore[arg-type]
    station, loaded, plan = prepare_one(folder)
    return station, loaded.system, plan


@cache
def free(name: str, month: str) -> tuple[Span, ...]:
    """Return the free time of a sample station's officers in a month, worked out once."""
    station, system, plan = sample(name)
    return free_spans(station, People.of(station, system), plan, month_of(month))


def last_inspected(venues: tuple[Venue, ...], day: date) -> dict[str, date]:
    """Return every venue as inspected on one day."""
    return {venue.id: day for venue in venues}
