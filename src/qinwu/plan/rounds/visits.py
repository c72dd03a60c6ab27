"""Visits and tours: what officers have in their diaries once rounds are planned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.outings import Outing
from qinwu.plan.rounds.routing import Routed, Task

Kind = Literal["inspection", "beat_visit"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One dated visit.

    Parameters
    ----------
    id
        Stable: venue and number in the month (``V012#1``), or atom and number (``A007+2``).
    kind
        ``inspection`` or ``beat_visit``.
    venue
        Venue id, empty for beat visits.
    atom
        Where.
    start, end
        Local clock.
    officers
        Who, the one in charge first.
    travel_s
        Seconds of the way to it, from the place before.
    due
        The day it is due; None for beat visits and for what only the lot chose.
    drawn
        Whether only the lot chose the venue.
    """

    id: str
    kind: Kind
    venue: str
    atom: str
    start: datetime
    end: datetime
    officers: tuple[str, ...]
    travel_s: float
    due: date | None = None
    drawn: bool = False

    @property
    def late_days(self) -> int:
        """Days after it was due, 0 where it is in time."""
        return max(0, (self.start.date() - self.due).days) if self.due else 0

    @property
    def officer_hours(self) -> float:
        """Hours of all officers together, without the way."""
        return (self.end - self.start).total_seconds() / 3600.0 * len(self.officers)


@dataclass(frozen=True, slots=True)
class Tour:
    """One outing as made: the day on which the duty began, who leaves the base when and is back when, and the visits in order."""

    day: date
    officers: tuple[str, ...]
    base: str
    leaves: datetime
    back: datetime
    visits: tuple[Visit, ...]
    travel_s: float

    @property
    def officer_hours(self) -> float:
        """Hours of all officers together, the way included."""
        return (self.back - self.leaves).total_seconds() / 3600.0 * len(self.officers)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a visit is besides its time: id, kind, venue, atom, when due, and whether the lot alone chose it."""

    id: str
    kind: Kind
    venue: str
    atom: str
    due: date | None = None
    drawn: bool = False


def tours_of(
    task: Task, routed: Routed, outings: Sequence[Outing], planned: Sequence[Planned], atoms: Sequence[str], month: Month
) -> tuple[Tour, ...]:
    """Return routes as dated tours, in order of time.

    Parameters
    ----------
    task, routed
        What was routed, and how.
    outings, planned
        What positions of outings and visits mean.
    atoms
        Ids of the area's atoms.
    month
        The days planned.
    """
    tours = []
    for route in routed.routes:
        outing = outings[route.outing]
        visits = []
        for at, begin, way in zip(route.visits, route.begins_s, task.between(route.visits, route.outing)[:-1], strict=True):
            one = planned[at]
            start, end = month.time(outing.day, begin), month.time(outing.day, begin + float(task.stay_s[at]))
            visits.append(Visit(one.id, one.kind, one.venue, one.atom, start, end, outing.officers, float(way), one.due, one.drawn))
        tours.append(
            Tour(
                month.date_of(outing.day),
                outing.officers,
                atoms[outing.base],
                month.time(outing.day, route.leaves_s),
                month.time(outing.day, route.back_s),
                tuple(visits),
                route.travel_s,
            )
        )
    return tuple(sorted(tours, key=lambda tour: (tour.leaves, tour.officers)))


def busy(tours: Iterable[Tour], month: Month) -> dict[str, list[tuple[int, float, float]]]:
    """Return when officers are on tours: day of the month, start and end in seconds after its 00:00."""
    taken: dict[str, list[tuple[int, float, float]]] = {}
    for tour in tours:
        day = (tour.day - month.first).days
        midnight = month.time(day, 0.0)
        span = (day, (tour.leaves - midnight).total_seconds(), (tour.back - midnight).total_seconds())
        for officer in tour.officers:
            taken.setdefault(officer, []).append(span)
    return taken
