"""Demanded hours: what calls ask of officers, by place and hour of the week.

A call asks for its officers times the way, the time on scene and the writing up, in the hour it comes. What it leaves behind
(follow-up) belongs to its place but can wait: it is spread evenly over the hours from 08:00 to 20:00. Only calls of residents
count; what officers find themselves says where officers were.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qinwu.duty.calendar import DAY_S, HOUR_S, WEEK_S
from qinwu.duty.response_plan import F64, I64, ResponsePlan
from qinwu.queueing.hourly.calls import HOURS, MOST_PEOPLE
from qinwu.queueing.mismatch.places import Places
from qinwu.queueing.mismatch.shrinking import Spread, shrunk, spread_of
from qinwu.queueing.mismatch.staffed import answering, time_on_duty
from qinwu.queueing.mismatch.ways import mean_way_s
from qinwu.station.demand import CallSource

FOLLOW_UP_H = (8, 20)
"""Hours of the day in which follow-up is done: an assumption."""
_WAKING = np.tile((np.arange(24) >= FOLLOW_UP_H[0]) & (np.arange(24) < FOLLOW_UP_H[1]), 7)
BY_DAY: F64 = _WAKING / _WAKING.sum()
"""(168,) share of the week's follow-up in each hour."""


@dataclass(frozen=True)
class Demanded:
    """What calls ask of officers.

    Parameters
    ----------
    cell
        (n,) place * 168 + hour of the week of each call that counts.
    week
        (n,) week of the record it came in.
    people, priority
        (n,) officers it needs, and its priority as an index.
    hours
        (n,) officer-hours it asks for at once.
    later
        (n,) officer-hours of follow-up it leaves.
    seen
        (W, 168) 1 where the record covers that hour of that week, else 0.
    places
        How many places there are.
    outside
        Calls in atoms of no place; they are not counted.
    expected
        (168,) calls an hour that a forecast expects instead of those of the record; None without.
    """

    cell: I64
    week: I64
    people: I64
    priority: I64
    hours: F64
    later: F64
    seen: F64
    places: int
    outside: int
    expected: F64 | None = None

    def __len__(self) -> int:
        return len(self.cell)

    @property
    def weeks(self) -> int:
        """Weeks in the record, part of a week counted as one."""
        return len(self.seen)

    def table(self, of: F64 | None = None) -> F64:
        """Return (P, 168) calls, or the sum of something told by call, in the whole record."""
        counts = np.bincount(self.cell, of, minlength=self.places * HOURS).reshape(self.places, HOURS)
        return np.asarray(counts, dtype=np.float64)

    @cached_property
    def calls_per_week(self) -> F64:
        """(P, 168) calls counted, a week."""
        return per_week(self.table(), self.seen.sum(axis=0))

    @cached_property
    def follow_up(self) -> F64:
        """(P,) officer-hours of follow-up a week."""
        hours: F64 = per_week(self.table(self.later), self.seen.sum(axis=0)).sum(axis=1)
        return hours

    @cached_property
    def per_week(self) -> F64:
        """(P, 168) officer-hours a week, smoothed, follow-up included."""
        return self.estimate(self.table(), self.table(self.hours), self.table(self.later), self.seen.sum(axis=0))

    @cached_property
    def spread(self) -> Spread:
        """How much cells of the record truly differ from their margins."""
        return spread_of(self.calls_per_week * self.depth)

    @property
    def depth(self) -> float:
        """How many whole weeks the record is worth, at least 1."""
        return max(float(self.seen.sum(axis=0).mean()), 1.0)

    def estimate(self, count: F64, hours: F64, later: F64, seen: F64, spread: Spread | None = None) -> F64:
        """Return (P, 168) officer-hours a week from tables of a record that covers each hour of the week `seen` (168,) times.

        `spread` is how much cells differ, where it is not to be told from these very counts.
        """
        follow_up = per_week(later, seen).sum(axis=1)
        return np.asarray(self.smoothed(count, hours, seen, spread) + follow_up[:, None] * BY_DAY)

    def smoothed(self, count: F64, of: F64, seen: F64, spread: Spread | None = None) -> F64:
        """Return (P, 168) what calls sum up to a week, smoothed, at the times a forecast expects where there is one."""
        count, of = per_week(count, seen), per_week(of, seen)
        found = shrunk(count * self.depth, of, spread)
        if self.expected is not None:
            usual = shrunk(count * self.depth, count, spread).sum(axis=0)
            found = found * (self.expected / np.maximum(usual, 1e-9))
        return found

    def sum_per_week(self, of: F64 | None = None) -> F64:
        """Return (P, 168) calls a week, or the sum of something told by call, smoothed."""
        return self.smoothed(self.table(), self.table(of), self.seen.sum(axis=0))

    @cached_property
    def minutes_per_call(self) -> F64:
        """(P,) officer-minutes that a call asks for, follow-up included; nan where there is no call."""
        calls = self.table().sum(axis=1)
        spent = (self.table(self.hours) + self.table(self.later)).sum(axis=1)
        minutes: F64 = np.divide(60.0 * spent, calls, out=np.full(self.places, np.nan), where=calls > 0.0)
        return minutes


def per_week(table: F64, seen: F64) -> F64:
    """Return sums over a record as figures of one week; hours of the week it never covers stay 0."""
    return np.asarray(table / np.maximum(seen, 1.0))


def demanded_by(plan: ResponsePlan, source: CallSource, places: Places, expected: F64 | None = None) -> Demanded:
    """Return what the calls of a station ask of its officers under a plan.

    Parameters
    ----------
    plan
        Officers by class and hour, who goes, and from where.
    source
        The calls.
    places
        Where to sort them.
    expected
        (168,) calls an hour of a forecast.
    """
    hour = (source.time_s // HOUR_S).astype(np.int64)
    place = places.place_of[source.atom].astype(np.int64)
    resident = source.self_initiated == 0
    counts = np.flatnonzero(resident & (place >= 0))
    call_class, priority, atom = (getattr(source, name)[counts].astype(np.int64) for name in ("call_class", "priority", "atom"))
    d, service, at = plan.dispatching, source.service, hour[counts] % HOURS
    on_duty = time_on_duty(plan).mean(axis=1)
    asked = source.people[counts].astype(np.int64)
    people = np.minimum(np.where(asked > 0, asked, d.people[call_class, at].astype(np.int64)), MOST_PEOPLE)
    way_s = mean_way_s(plan, d.row[priority, call_class, atom].astype(np.int64), people, atom, on_duty) * plan.area.hour_factor[at]
    handling_s = (service.on_scene_s + service.wrap_up_s)[call_class] * d.pace[priority, call_class]
    taken = 1.0 - d.handed_off[priority, call_class]
    later_s = (service.follow_up_share * service.follow_up_s)[call_class] * _owners(plan)[call_class, atom]
    return Demanded(
        cell=place[counts] * HOURS + at,
        week=hour[counts] // HOURS,
        people=people,
        priority=priority,
        hours=taken * people * (way_s + handling_s) / HOUR_S,
        later=taken * later_s / HOUR_S,
        seen=covered(source),
        places=len(places),
        outside=int((resident & (place < 0)).sum()),
        expected=expected,
    )


def covered(source: CallSource) -> F64:
    """Return (W, 168) which hours of which weeks the record covers: all from the day of its first call to that of its last."""
    weeks = int(source.time_s[-1] // WEEK_S) + 1
    days = np.zeros(weeks * 7)
    days[int(source.time_s[0] // DAY_S) : int(source.time_s[-1] // DAY_S) + 1] = 1.0
    return np.repeat(days, 24).reshape(weeks, HOURS)


def _owners(plan: ResponsePlan) -> F64:
    """Return (C, J) officers in the crew that gets what a call leaves behind; of several crews, their mean."""
    people, own = plan.crew.people.astype(np.float64), answering(plan)
    usual = float(people[own].mean()) if own.any() else 1.0
    owner, group = plan.follow_up.owner.astype(np.int64), plan.follow_up.group
    found = np.where(owner >= 0, people[np.maximum(owner, 0)], usual)
    for number, members in enumerate(group):
        found = np.where(owner == -2 - number, float(people[members == 1].mean()) if members.any() else usual, found)
    return np.asarray(found)
