"""People of a roster: the officers of the force, when they are away and why, their wishes, what they bring from last month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qinwu.language import N_
from qinwu.plan.roster.roster import Duty
from qinwu.station.force import Force, Officer

Why = Literal["leave", "training", "secondment", "sick", "secondment_in"]

WHY: dict[Why, str] = {
    "leave": N_("leave"),
    "training": N_("training"),
    "secondment": N_("secondment"),
    "sick": N_("sick leave"),
    "secondment_in": N_("secondment here"),
}
"""Reasons of absence, in words."""


@dataclass(frozen=True, slots=True)
class Absence:
    """An officer is away from `since` to `until`, both included; ``secondment_in`` is one who is here only then (M49).

    ``order`` is the paper that says so, ``reason`` why.
    """

    officer: str
    why: Why
    since: date
    until: date
    order: str = ""
    reason: str = ""

    def covers(self, day: date) -> bool:
        """Return whether it holds on this day."""
        return self.since <= day <= self.until

    @property
    def back(self) -> date:
        """The first day on which the officer is there again."""
        return self.until + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for one day: ``off``, or a watch id; ``wanted`` is False for anything but that."""

    officer: str
    day: date
    what: str = "off"
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Carried:
    """What an officer brings from earlier months: nights, weekend days, duties beyond a fair share, and hours owed as time off."""

    nights: float = 0.0
    weekends: float = 0.0
    duties: float = 0.0
    owed_h: float = 0.0


NOTHING = Carried()


@dataclass(frozen=True)
class People:
    """Everybody who may be on a roster.

    Parameters
    ----------
    officers
        Those of the force, and those seconded in.
    absences, wishes
        When they are away; what they ask.
    before
        Duties of the days before the roster, from last month's.
    carried
        What each brings from earlier months, by id.
    """

    officers: tuple[Officer, ...]
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    before: tuple[Duty, ...] = ()
    carried: Mapping[str, Carried] | None = None

    def by_id(self) -> dict[str, Officer]:
        """Return officers by id."""
        return {officer.id: officer for officer in self.officers}

    def away(self, officer: str, day: date) -> Absence | None:
        """Return why an officer is not there on a day, None where there is no reason."""
        own = [absence for absence in self.absences if absence.officer == officer]
        found = next((one for one in own if one.why != "secondment_in" and one.covers(day)), None)
        guest = [one for one in own if one.why == "secondment_in"]
        if found or not guest:
            return found
        return None if any(one.covers(day) for one in guest) else guest[0]

    def brings(self, officer: str) -> Carried:
        """Return what an officer brings from earlier months."""
        return (self.carried or {}).get(officer, NOTHING)


def people_of(
    force: Force,
    absences: Sequence[Absence] = (),
    wishes: Sequence[Wish] = (),
    before: Iterable[Duty] = (),
    guests: Sequence[Officer] = (),
    carried: Mapping[str, Carried] | None = None,
) -> People:
    """Return the people of a roster: a force and its guests."""
    return People((*force.officers, *guests), tuple(absences), tuple(wishes), tuple(before), carried)


def hours_lost(absences: Iterable[Absence], first: date, last: date, hours_per_week: float) -> dict[str, float]:
    """Return the duty hours that secondments out cost between two days, by officer (M49).

    >>> away = Absence("P01", "secondment", date(2026, 1, 1), date(2026, 1, 14))
    >>> hours_lost([away], date(2026, 1, 1), date(2026, 1, 31), 42.0)
    {'P01': 84.0}
    """
    lost: dict[str, float] = {}
    for absence in absences:
        if absence.why == "secondment":
            days = (min(absence.until, last) - max(absence.since, first)).days + 1
            if days > 0:
                lost[absence.officer] = lost.get(absence.officer, 0.0) + days / 7 * hours_per_week
    return lost
