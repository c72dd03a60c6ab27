"""Cover: who is on duty on a day, and where the next days lack officers once those who are away are taken off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from qinwu.board.absences import between
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence
from qinwu.duty.gaps import DAY_MIN, I64, Gap, gaps_between
from qinwu.queueing.mismatch.cover import LEAST, posts_of
from qinwu.queueing.mismatch.staffed import windows

DAYS = 7


@dataclass(frozen=True, slots=True)
class Stretch:
    """A crew on duty: who it is, from when to when, and which of its officers are away for any part of it."""

    crew: str
    officers: tuple[str, ...]
    beat: str
    start: datetime
    end: datetime
    away: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A time with too few officers on a post."""

    post: str
    start: datetime
    end: datetime
    lacking: int
    officer_hours: float


def day_of(force: InForce, day: date) -> list[Stretch]:
    """Return who is on duty on a day of the station, by the time they begin."""
    start = midnight(force, day)
    absences = list(between(start, start + timedelta(days=1)))
    found = [_stretch(force, k, begin, end, absences) for k, begin, end in stretches(force, start, DAY_MIN)]
    return sorted(found, key=lambda one: (one.start, one.crew))


def _stretch(force: InForce, crew: int, begin: datetime, end: datetime, absences: list[Absence]) -> Stretch:
    label = force.plan.crews[crew]
    away = {each.officer for each in absences if each.start < end and (each.end is None or each.end > begin)}
    missing = tuple(officer for officer in label.officers if officer in away)
    return Stretch(label.id, label.officers, label.beat, begin, end, missing)


def midnight(force: InForce, day: date) -> datetime:
    """Return when a day begins at the station."""
    return datetime.combine(day, datetime.min.time(), ZoneInfo(force.station.config.time_zone))


def stretches(force: InForce, start: datetime, minutes: int) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield the station's own crews on duty within a span: position, begin and end, cut to the span."""
    crew, begin, end = windows(force.plan.duty)
    first = force.cycle_s(start)
    rounds = np.floor(first / force.plan.duty.cycle_s) * force.plan.duty.cycle_s
    for turn in range(int(np.ceil(minutes * 60.0 / force.plan.duty.cycle_s)) + 1):
        shift = rounds + turn * force.plan.duty.cycle_s - first
        for k, came, went in zip(crew.tolist(), (begin + shift).tolist(), (end + shift).tolist(), strict=True):
            since, until = max(0.0, came), min(minutes * 60.0, went)
            if since < until and force.plan.crew.external[k] == 0:
                yield k, start + timedelta(seconds=since), start + timedelta(seconds=until)


def lacks(force: InForce, day: date, days: int = DAYS, least: int = LEAST, also_away: Sequence[Absence] = ()) -> list[Lack]:
    """Return when posts have fewer than `least` officers on duty in the days from `day` on, absences counted.

    Parameters
    ----------
    force
        The duty system in force.
    day, days
        First day, and how many.
    least
        Officers a post needs, >= 1.
    also_away
        Absences that are not ordered yet, counted as if they were.
    """
    start = midnight(force, day)
    found: list[Lack] = []
    for post in posts_of(force.plan, force.loaded.system):
        on = on_duty(force, start, days * DAY_MIN, post.crews, also_away)
        found += [_lack(gap, start) for gap in gaps_between(on, np.full(len(on), least), post.id)]
    return sorted(found, key=lambda one: (one.start, one.post))


def on_duty(
    force: InForce,
    start: datetime,
    minutes: int,
    crews: np.ndarray[tuple[int], np.dtype[np.bool_]],
    also_away: Sequence[Absence] = (),
) -> I64:
    """Return (minutes,) officers of some crews on duty in each minute from `start`, those away taken off."""
    change = np.zeros(minutes + 1, np.int64)
    absences = [*between(start, start + timedelta(minutes=minutes)), *also_away]
    for k, begin, end in stretches(force, start, minutes):
        if crews[k]:
            _add(change, start, begin, end, int(force.plan.crew.people[k]))
            for officer in force.plan.crews[k].officers:
                for since, until in _once(absences, officer, begin, end):
                    _add(change, start, since, until, -1)
    return np.cumsum(change[:-1])


def _once(absences: Sequence[Absence], officer: str, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the times of a duty at which an officer is away, in order; two absences at one time count once."""
    done = begin
    for each in sorted((one for one in absences if one.officer == officer), key=lambda one: one.start):
        since, until = max(done, each.start), min(end, each.end) if each.end else end
        if since < until:
            yield since, until
            done = until


def _add(change: I64, start: datetime, begin: datetime, end: datetime, people: int) -> None:
    since, until = (round((moment - start).total_seconds() / 60.0) for moment in (begin, end))
    if since < until:
        change[since] += people
        change[until] -= people


def _lack(gap: Gap, start: datetime) -> Lack:
    begin, end = start + timedelta(minutes=gap.since), start + timedelta(minutes=gap.until)
    return Lack(gap.post, begin, end, gap.lacking, gap.officer_hours)
