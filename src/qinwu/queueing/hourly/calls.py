"""Calls by hour of the week as a plan sees them: how many for which row of tiers, from which atom, for how many officers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import F64, I64, ResponsePlan
from qinwu.station.demand import CallSource

HOURS = 168
DAYPARTS = 4
PRIORITIES = 4
MOST_PEOPLE = 12
"""The most officers a call may need; calls that ask for more are counted as asking for so many."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The different lists of crews that calls of a station use: row, support row and atom, (L,) each."""

    row: I64
    support: I64
    atom: I64

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class HourCalls:
    """Calls of one hour of the week.

    Parameters
    ----------
    lists
        The lists of crews that calls use.
    rate
        (L, 4, 13) calls a second by list, priority index and officers needed.
    on_scene_s, wrap_up_s
        (4,) mean seconds of the crews of a call by priority index, weighted by officers.
    self_initiated, self_initiated_s
        Jobs a second that officers find, and their mean length.
    between_s, travel_spread
        Mean travel from one call of the station to another, and the coefficient of variation of a journey; of all hours.
    """

    lists: Lists
    rate: F64
    on_scene_s: F64
    wrap_up_s: F64
    self_initiated: float
    self_initiated_s: float
    between_s: float
    travel_spread: float


@dataclass(frozen=True)
class WeekCalls:
    """A station's calls, ready to be asked for the rates of any hour of the week.

    The rate of a class is its observed rate in that hour; place, priority and officers follow the calls of the same class in the
    same six hours of the day: what the simulator does when it samples calls.

    Parameters
    ----------
    lists
        The lists of crews in use.
    source
        The calls.
    list_of
        (n,) the list of each call.
    """

    plan: ResponsePlan
    source: CallSource
    lists: Lists
    list_of: I64

    @classmethod
    def of(cls, plan: ResponsePlan, source: CallSource) -> WeekCalls:
        """Sort the calls of a station by the lists of a plan."""
        d = plan.dispatching
        where = (source.priority.astype(np.int64), source.call_class.astype(np.int64), source.atom.astype(np.int64))
        rows, atoms = len(d.tier), len(plan.atoms)
        key = (d.row[where].astype(np.int64) * rows + d.support_row[where]) * atoms + source.atom
        keys, list_of = np.unique(key, return_inverse=True)
        return cls(plan, source, Lists(keys // atoms // rows, keys // atoms % rows, keys % atoms), list_of.astype(np.int64))

    @cached_property
    def class_rate(self) -> F64:
        """(168, C) calls a second of each class by hour of the week, residents' calls and officers' finds alike."""
        classes = len(self.source.service.on_scene_s)
        cell = self._hour * classes + self.source.call_class
        count = np.bincount(cell, minlength=HOURS * classes).reshape(HOURS, classes)
        rate: F64 = count / np.maximum(self.source.hours_seen, 1.0)[:, None] / HOUR_S
        return rate

    @cached_property
    def between_s(self) -> float:
        """Mean travel from the place of one call to that of another, Larson's T_Q, before the factor of the hour."""
        share = np.bincount(self.source.atom, minlength=len(self.plan.atoms)) / max(len(self.source), 1)
        return float(share @ self.plan.area.travel_s @ share)

    @cached_property
    def _hour(self) -> I64:
        return (self.source.time_s // HOUR_S).astype(np.int64) % HOURS

    @cached_property
    def _pool(self) -> I64:
        """(n,) class and six hours of the day of each call."""
        return self.source.call_class.astype(np.int64) * DAYPARTS + self._hour % 24 // 6

    @cached_property
    def _pools(self) -> list[tuple[I64, F64]]:
        """For each class and six hours: cells (list, priority, people by the call; self-initiated) and their shares."""
        size = PRIORITIES * (MOST_PEOPLE + 1) * 2
        people = np.minimum(self.source.people, MOST_PEOPLE)
        cell = ((self.list_of * PRIORITIES + self.source.priority) * (MOST_PEOPLE + 1) + people) * 2 + self.source.self_initiated
        span = len(self.lists) * size
        cells, counts = np.unique(self._pool * span + cell, return_counts=True)
        pools = []
        for pool in range(len(self.source.service.on_scene_s) * DAYPARTS):
            low, high = np.searchsorted(cells, [pool * span, (pool + 1) * span])
            pools.append((cells[low:high] - pool * span, counts[low:high] / max(float(counts[low:high].sum()), 1.0)))
        return pools

    def at(self, hour: int) -> HourCalls:
        """Return the calls of one hour of the week, 0-167."""
        d, service = self.plan.dispatching, self.source.service
        rate = np.zeros((len(self.lists), PRIORITIES, MOST_PEOPLE + 1))
        crew_s = np.zeros((3, PRIORITIES))
        found = np.zeros(2)
        for number, calls in enumerate(self.class_rate[hour]):
            if calls == 0.0:
                continue
            cells, share = self._pools[number * DAYPARTS + hour % 24 // 6]
            own, rest = cells % 2 == 1, cells // 2
            people, place = rest % (MOST_PEOPLE + 1), rest // (MOST_PEOPLE + 1)
            people = np.where(people > 0, people, min(int(d.people[number, hour]), MOST_PEOPLE))
            priority = place % PRIORITIES
            amount = calls * share * np.where(own, 1.0, 1.0 - d.handed_off[priority, number])
            np.add.at(rate, (place[~own] // PRIORITIES, priority[~own], people[~own]), amount[~own])
            weight = np.bincount(priority[~own], amount[~own] * people[~own], minlength=PRIORITIES)
            spent = np.outer([service.on_scene_s[number], service.wrap_up_s[number]], d.pace[:, number])
            crew_s += weight * np.vstack([np.ones(PRIORITIES), spent])
            found += amount[own].sum() * np.array([1.0, service.on_scene_s[number] + service.wrap_up_s[number]])
        mean_s = crew_s[1:] / np.maximum(crew_s[0], 1e-300)
        return HourCalls(
            self.lists,
            rate,
            mean_s[0],
            mean_s[1],
            float(found[0]),
            float(found[1] / max(found[0], 1e-300)),
            self.between_s,
            self.source.travel_spread,
        )
