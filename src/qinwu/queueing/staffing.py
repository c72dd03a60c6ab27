"""Staffing: the fewest officers by hour and by watch that keep stated targets, told from the closed forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, sqrt

import numpy as np

from qinwu.duty.background import stated_background
from qinwu.duty.calendar import seconds_of
from qinwu.duty.response_plan import F64, I64, ResponsePlan
from qinwu.duty.system import DutySystem, Watch
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.queueing.hourly.calls import DAYPARTS, HOURS, HourCalls, WeekCalls
from qinwu.queueing.hourly.moment import Moment
from qinwu.queueing.hourly.state import HourState
from qinwu.queueing.hourly.team import Team
from qinwu.queueing.hourly.week import settle_weeks
from qinwu.queueing.pool import pooled_plan
from qinwu.queueing.targets import Target
from qinwu.station.demand import CallSource
from qinwu.station.station import Station

PLACES = 400
"""Crews for which patrol places are laid out; never more are looked at."""
SATURATION = 0.6
"""The 60 % rule: crews should not be busy with calls for more than this share of their time (ICMA/CPSM, McCabe)."""
DAY_H = 24
WHOLE_DAY = Watch(id="day", start="00:00", hours=24.0)


@dataclass(frozen=True, slots=True)
class Shift:
    """A watch as hours: id, and which hours of the day 0-23 it takes."""

    id: str
    hours: tuple[int, ...]

    @property
    def of_week(self) -> I64:
        """Its hours of the week; those after midnight belong to the day they fall on."""
        return np.sort(np.add.outer(np.arange(7) * DAY_H, self.hours).ravel())


@dataclass(frozen=True)
class Need:
    """Crews that keep the targets.

    Parameters
    ----------
    targets
        What was asked.
    people
        Officers in a crew.
    cells
        The hours of the week that share one number of crews.
    crews
        (168,) crews by hour of the week.
    states
        What the closed forms say of each hour with so many crews.
    taking_s
        Seconds from the ring of the phone until a dispatcher may act.
    """

    targets: tuple[Target, ...]
    people: int
    cells: tuple[I64, ...]
    crews: I64
    states: tuple[HourState, ...]
    taking_s: float

    @property
    def officer_hours(self) -> float:
        """Officer-hours on duty in a week."""
        return float(self.crews.sum() * self.people)

    def figure(self, target: Target, cell: I64) -> float:
        """Return a target's figure in one cell."""
        return target.of([self.states[hour] for hour in cell.tolist()], self.taking_s, self.people)

    def over_week(self, target: Target) -> float:
        """Return a target's figure over the whole week."""
        return self.figure(target, np.arange(HOURS))

    @cached_property
    def saturation_crews(self) -> I64:
        """(168,) crews by which calls take at most 60 % of each hour."""
        return np.array([max(1, ceil(state.offered / SATURATION - 1e-9)) for state in self.states])


@dataclass(frozen=True)
class Pool:
    """A station seen as a pool of equal crews, ready to be asked how many it needs.

    Parameters
    ----------
    station, plan, source
        What there is, the plan of a duty system, the calls.
    people
        Officers in a crew, >= 1.
    merged
        So many stations alike are one: that many times the calls, travel longer by its square root (Kolesar & Blum 1973).
    """

    station: Station
    plan: ResponsePlan
    source: CallSource
    people: int = 2
    merged: int = 1

    @cached_property
    def whole(self) -> ResponsePlan:
        """The plan with as many crews as are ever looked at."""
        plan = pooled_plan(self.station, self.plan, np.full(HOURS, PLACES), self.people)
        area = plan.area._replace(travel_s=(plan.area.travel_s * sqrt(self.merged)).astype(np.float32))
        return replace(plan, area=area)

    @cached_property
    def calls(self) -> tuple[HourCalls, ...]:
        """Calls of each hour of the week: as many as in that hour, of the kinds and places of its six hours of the day.

        A single hour has too few urgent calls to say where they come from.
        """
        week = WeekCalls.of(self.whole, self.source)
        hours = [week.at(hour) for hour in range(HOURS)]
        part = [hour % DAY_H // 6 for hour in range(HOURS)]
        mixed = [np.sum([one.rate for one, p in zip(hours, part, strict=True) if p == q], axis=0) for q in range(DAYPARTS)]
        mix = [rate / max(float(rate.sum()), 1e-300) for rate in mixed]
        return tuple(
            replace(one, rate=mix[p] * one.rate.sum() * self.merged, self_initiated=one.self_initiated * self.merged)
            for one, p in zip(hours, part, strict=True)
        )

    @cached_property
    def other(self) -> F64:
        """(168,) crews kept busy by background work."""
        background = stated_background(self.station, self.plan)
        busy: F64 = (background.busy if background else np.zeros(HOURS)) * self.merged
        return busy

    def states(self, crews: I64) -> list[HourState]:
        """Return what happens in each hour of the week with so many crews, (168,)."""
        teams = []
        for hour, count in enumerate(crews.tolist()):
            calls = self.calls[hour]
            nothing = np.zeros((count, 5))
            moment = Moment(hour, np.arange(count), np.empty(0, dtype=np.int64), nothing, np.full(count, np.inf), borrowed=False)
            other = float(self.other[hour]) + calls.self_initiated * calls.self_initiated_s
            teams.append(Team(self.whole, moment, calls, other))
        return list(settle_weeks(self.whole, [teams])[0])

    def need(self, targets: Sequence[Target], cells: Sequence[I64], least_officers: int = 2) -> Need:
        """Return the fewest crews by which every target is kept in every cell.

        Parameters
        ----------
        targets
            What is asked.
        cells
            Hours of the week that get one number of crews each; together all hours.
        least_officers
            Officers on duty at any time, >= 1: two where somebody must always be able to act (两人以上).

        Raises
        ------
        QinwuError
            A target is not kept by any number of crews looked at.
        """
        least = max(1, ceil(least_officers / self.people))
        low, high = np.full(len(cells), least - 1), np.full(len(cells), least)
        while True:
            need = self._with(targets, cells, high)
            kept = np.array([self._kept(need, cell) for cell in cells])
            if kept.all():
                break
            for number in np.flatnonzero(~kept).tolist():
                if high[number] >= self.most_crews:
                    raise QinwuError([cannot_be_kept(_worst(need, cells[number]), cells[number])])
                low[number] = high[number]
                high[number] = min(high[number] + max(1, high[number] // 3), self.most_crews)
        while (open_cells := np.flatnonzero(high - low > 1)).size:
            tried = high.copy()
            tried[open_cells] = (low[open_cells] + high[open_cells]) // 2
            attempt = self._with(targets, cells, tried)
            for number in open_cells.tolist():
                side = high if self._kept(attempt, cells[number]) else low
                side[number] = tried[number]
        return self._with(targets, cells, high)

    def _with(self, targets: Sequence[Target], cells: Sequence[I64], count: I64) -> Need:
        """Return what so many crews in each cell give."""
        crews = np.empty(HOURS, dtype=np.int64)
        for cell, number in zip(cells, count.tolist(), strict=True):
            crews[cell] = number
        return Need(tuple(targets), self.people, tuple(cells), crews, tuple(self.states(crews)), self._taking_s)

    @cached_property
    def most_crews(self) -> int:
        """More crews than this are not looked at: four times what the busiest hour keeps busy, and thirty."""
        load = [
            float((one.rate * np.arange(one.rate.shape[2])).sum()) / self.people * float((one.on_scene_s + one.wrap_up_s).max())
            for one in self.calls
        ]
        return min(30 + 4 * ceil(max(load)), PLACES)

    @property
    def _taking_s(self) -> float:
        return self.plan.dispatching.call_taking_s + self.plan.dispatching.level_s

    def _kept(self, need: Need, cell: I64) -> bool:
        states = [need.states[hour] for hour in cell.tolist()]
        if sum(state.offered for state in states) >= sum(state.crews_on_duty for state in states):
            return False
        return all(target.met_by(target.of(states, self._taking_s, self.people)) for target in need.targets)


def _worst(need: Need, cell: I64) -> Target:
    """Return the first target that a cell does not keep."""
    return next((target for target in need.targets if not target.met_by(need.figure(target, cell))), need.targets[0])


def shifts_of(system: DutySystem) -> tuple[Shift, ...]:
    """Return watches of a system that follow each other around the clock, or the whole day where none do."""
    watches = [watch for watch in system.watch if watch.hours < DAY_H]
    for first in watches:
        chain = [first]
        while sum(watch.hours for watch in chain) < DAY_H:
            ends = (seconds_of(chain[-1].start) / 3600.0 + chain[-1].hours) % DAY_H
            following = [one for one in watches if seconds_of(one.start) / 3600.0 == ends and one not in chain]
            if not following:
                break
            chain.append(following[0])
        if sum(watch.hours for watch in chain) == DAY_H:
            return tuple(_shift(watch) for watch in chain)
    return (_shift(WHOLE_DAY),)


def _shift(watch: Watch) -> Shift:
    start = round(seconds_of(watch.start) / 3600.0)
    return Shift(watch.id, tuple((start + step) % DAY_H for step in range(round(watch.hours))))


def cannot_be_kept(target: Target, cell: I64) -> Finding:
    """Return the finding for a target that more crews do not bring any nearer."""
    return Finding(
        "target-out-of-reach",
        "error",
        N_("{text} is not kept by any number of crews in hour {hour} of the week: driving and call-taking alone take longer."),
        N_("Allow more time, shorten call-taking or turnout, or place crews nearer."),
        Place(key="--target"),
        {"text": target.text, "hour": int(cell[0])},
    )
