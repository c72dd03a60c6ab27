"""Week: what is due on a beat now and in the next days, and the double draw 双随机 of a week's inspections.

The same rules as those of a month's rounds: intervals by grade, venues drawn by lot besides, who may inspect what, stays shared out
by residents. Nothing here is planned to the minute; it is the list from which a beat officer works.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from qinwu.plan.rounds.aims import Aims
from qinwu.plan.rounds.beat_visits import Stay, stays_due
from qinwu.plan.rounds.due import DueVisit, drawn_visits, due_visits, own_generator
from qinwu.plan.rounds.inspecting import may_inspect, must_inspect
from qinwu.plan.rounds.month import Month, month_of
from qinwu.plan.rounds.people import People
from qinwu.station.venues import Venue

WEEK = timedelta(days=7)
YEAR_DAYS = 366


@dataclass(frozen=True, slots=True)
class NextDue:
    """When a venue is to be inspected next.

    Parameters
    ----------
    venue
        Which.
    last
        When it was inspected before; None where no record says so.
    due
        By when; None where that is more than a year away.
    late_days
        Days since then, 0 where it is not over.
    interval_days
        How often its grade is inspected.
    """

    venue: Venue
    last: date | None
    due: date | None
    late_days: int
    interval_days: float

    def within(self, until: date) -> bool:
        """Return whether it is due by a day, overdue included."""
        return self.due is not None and self.due <= until


@dataclass(frozen=True, slots=True)
class Drawn:
    """One inspection of a week's draw: the visit, who makes it, and whether the lot alone chose the venue."""

    visit: DueVisit
    officers: tuple[str, ...]

    @property
    def by_lot(self) -> bool:
        """Whether it is not due and was drawn besides 随机抽查."""
        return self.visit.drawn


@dataclass(frozen=True)
class WeekDraw:
    """The double draw of a week: its Monday, the seed from which anybody can repeat it, and what was drawn."""

    monday: date
    seed: int
    drawn: tuple[Drawn, ...]

    def of(self, officer: str) -> tuple[Drawn, ...]:
        """Return what an officer was drawn for."""
        return tuple(one for one in self.drawn if officer in one.officers)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week.

    >>> monday_of(date(2026, 3, 4))
    datetime.date(2026, 3, 2)
    """
    return day - timedelta(days=day.weekday())


def seed_of(monday: date) -> int:
    """Return the seed of a week: year and number of the week, so that nobody chooses it.

    >>> seed_of(date(2026, 3, 2))
    202610
    """
    year, week, _ = monday.isocalendar()
    return year * 100 + week


def next_due(venues: Sequence[Venue], aims: Aims, last: Mapping[str, date], today: date, seed: int) -> tuple[NextDue, ...]:
    """Return when each venue is to be inspected next, what is overdue longest first.

    Parameters
    ----------
    venues
        Those to look at; their grades must be among those of `aims`.
    aims
        Intervals by grade.
    last
        Last inspections by venue; a venue without one is due on a day drawn from the beginning of the month on.
    today
        The day of the list.
    seed
        Of that draw.
    """
    year = Month(today.replace(day=1), YEAR_DAYS)
    visits, _ = due_visits(venues, aims, year, last, seed)
    first: dict[str, DueVisit] = {}
    for visit in visits:
        first.setdefault(visit.venue.id, visit)
    interval = {grade.id: grade.interval_days for grade in aims.grade}
    found = [_next(venue, first.get(venue.id), year, last, today, interval[venue.grade]) for venue in venues]
    return tuple(sorted(found, key=lambda one: (one.due or date.max, one.venue.id)))


def _next(venue: Venue, visit: DueVisit | None, year: Month, last: Mapping[str, date], today: date, interval: float) -> NextDue:
    due = year.date_of(visit.due) if visit is not None else None
    late = max(0, (today - due).days) if due is not None else 0
    return NextDue(venue, last.get(venue.id), due, late, interval)


def week_draw(people: People, aims: Aims, last: Mapping[str, date], on_duty: Iterable[str], monday: date, seed: int) -> WeekDraw:
    """Return the draw of a week: the venues due in it and those the lot chose besides, each with officers drawn by lot.

    Parameters
    ----------
    people
        Who there is, and whose each venue is.
    aims
        Intervals, shares drawn, how many officers go and who may not.
    last
        Last inspections by venue, before the week.
    on_duty
        Officers who are on duty in the week, in any order.
    monday
        The first day of the week.
    seed
        The same seed gives the same draw; one more venue or officer changes no other's lot.
    """
    venues = [venue for venue in people.station.venues if venue.grade in {grade.id for grade in aims.grade}]
    sunday = monday + WEEK - timedelta(days=1)
    due = [one for one in next_due(venues, aims, last, monday, seed) if one.within(sunday)]
    must = [DueVisit(f"{one.venue.id}#1", one.venue, 0, _day(one, monday), 6, one.last) for one in due]
    there = sorted(set(on_duty) & set(people.officers))
    visits = [*must, *_lots(venues, aims, must, last, monday, seed)]
    return WeekDraw(monday, seed, tuple(Drawn(visit, _pair(people, aims, visit, there, monday, seed)) for visit in visits))


def _day(one: NextDue, monday: date) -> int:
    return (one.due - monday).days if one.due is not None else 0


def _lots(
    venues: Sequence[Venue], aims: Aims, due: Sequence[DueVisit], last: Mapping[str, date], monday: date, seed: int
) -> tuple[DueVisit, ...]:
    """Return the week's part of what the lot chooses in a month."""
    week = Month(monday, WEEK.days)
    share = WEEK.days / month_of(f"{monday:%Y-%m}").days
    grades = [grade.model_copy(update={"drawn_share": grade.drawn_share * share}) for grade in aims.grade]
    return drawn_visits(venues, grades, due, week, last, seed)


def _pair(people: People, aims: Aims, visit: DueVisit, there: Sequence[str], monday: date, seed: int) -> tuple[str, ...]:
    """Return who inspects: the specialist where there is one, the others by lot, sworn officers first as far as the rule asks."""
    owner = must_inspect(aims, people, visit)
    able = [officer for officer in there if officer != owner and may_inspect(aims, people, visit, officer)]
    lot = {officer: float(own_generator(seed, monday.isoformat(), visit.venue.id, officer).random()) for officer in able}
    able.sort(key=lambda officer: (lot[officer], officer))
    chosen = [owner] if owner in there else []
    sworn = [officer for officer in able if people.officers[officer].kind == "sworn"]
    lacking = aims.inspection.sworn - sum(people.officers[officer].kind == "sworn" for officer in chosen)
    chosen += sworn[: max(0, lacking)]
    chosen += [officer for officer in able if officer not in chosen][: max(0, aims.inspection.officers - len(chosen))]
    return tuple(chosen)


def stays_left(people: People, officer: str, aims: Aims, today: date, made: Counter[str]) -> tuple[Stay, ...]:
    """Return the beat visits of an officer that should be made by the end of the week and are not, most needed first.

    The hours are the least the aims ask for, else what the duty system sets; they are shared out over the atoms of the month, and
    as much of them is due as the month has gone by at the end of the week.

    Parameters
    ----------
    people, officer
        Who there is, and whose visits.
    aims
        How long a visit takes.
    today
        Any day of the week.
    made
        Visits made this month, by atom.
    """
    month = month_of(f"{today:%Y-%m}")
    weekly = aims.beat_visit.hours_per_week
    hours = weekly if weekly is not None else people.visit_hours().get(officer, 0.0)
    whole = stays_due(people, officer, hours * month.weeks, aims.beat_visit.minutes)
    gone = min((monday_of(today) + WEEK - month.first).days, month.days) / month.days
    left: list[Stay] = []
    had = Counter(made)
    for stay in whole[: ceil(len(whole) * gone)]:
        if had[stay.atom] > 0:
            had[stay.atom] -= 1
        else:
            left.append(stay)
    return tuple(left)
