"""Cost: what an order that sends officers elsewhere takes from beats, cover, weeks and squads, before it is signed (M20, M49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import fsum
from typing import cast

import numpy as np

from qinwu.board.access.reach import beats_by_officer
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence
from qinwu.board.roster.accounts_of_hours import taken
from qinwu.board.roster.cover import DAYS, Lack, lacks, midnight, on_duty
from qinwu.board.roster.duty_log import duties, of_span
from qinwu.duty.gaps import DAY_MIN
from qinwu.duty.organisation.diversion import Diverted
from qinwu.judge.officers.displaced import Displaced, displaced
from qinwu.judge.officers.diversion import Taken, Week
from qinwu.judge.officers.log import Entry, Kind

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cost:
    """What an order would take.

    Parameters
    ----------
    hours
        Officer-hours it takes as ordered.
    beats
        Duty hours that beats would lose.
    first, days
        The days whose cover is looked at.
    before, after
        Times with too few officers on a post, without the order and with it.
    fewest
        Fewest officers on duty at any minute of these days, without and with.
    weeks
        Ad-hoc work in the weeks it touches, with the order; share of all hours worked.
    limit
        Share of a week that may be ad hoc.
    squads
        Squads of specialists that it takes officers from: share of their hours off their work in these weeks, and their limit.
    """

    hours: float
    beats: tuple[Displaced, ...]
    first: date
    days: int
    before: tuple[Lack, ...]
    after: tuple[Lack, ...]
    fewest: tuple[int, int]
    weeks: tuple[Week, ...]
    limit: float
    squads: tuple[Diverted, ...]

    @property
    def beat_hours(self) -> float:
        """All duty hours that beats would lose."""
        return fsum(one.hours for one in self.beats)

    @property
    def opened(self) -> float:
        """Officer-hours by which the gaps of the cover grow."""
        return fsum(one.officer_hours for one in self.after) - fsum(one.officer_hours for one in self.before)


def cost_of(force: InForce, start: datetime, end: datetime, also: Sequence[Absence]) -> Cost:
    """Return what absences that are not kept yet would take.

    Parameters
    ----------
    force
        The duty system in force.
    start, end
        The whole time of the order.
    also
        The absences, each with an end within that time.
    """
    zone = force.zone
    first = max(now(), start).astimezone(zone).date()
    before, after = lacks(force, first), lacks(force, first, also_away=also)
    everybody, day = np.ones(len(force.plan.crews), bool), midnight(force, first)
    on = [on_duty(force, day, DAYS * DAY_MIN, everybody, more) for more in ((), also)]
    entries = [entry_of(each) for each in also]
    found = _taken(force, start, end, also)
    squads = {row.squad for row in found.rows if row.entry.officer in {each.officer for each in also}}
    return Cost(
        fsum(one.hours for one in entries),
        displaced(duties(force, start, end), entries, beats_by_officer(force)),
        first,
        DAYS,
        tuple(before),
        tuple(after),
        (int(on[0].min()), int(on[1].min())),
        found.weeks,
        found.limit,
        tuple(each for each in found.squads if each.squad in squads),
    )


def _taken(force: InForce, start: datetime, end: datetime, also: Sequence[Absence]) -> Taken:
    """Return hours taken elsewhere in each week that an order touches, as the officers' room counts them."""
    zone = force.zone
    first, last = (moment.astimezone(zone).date() for moment in (start, end))
    monday, sunday = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    since, until = midnight(force, monday), midnight(force, sunday + DAY)
    return taken(force, of_span(force, since, until, now(), also), monday, sunday)


def entry_of(each: Absence) -> Entry:
    """Return an absence with an end as a row of the log of duty."""
    return Entry(each.officer, cast("Kind", each.kind), each.start, each.end or each.start, ordered_by=each.ordered_by)
