"""Staffed hours: the officers that a compiled duty system has on duty by hour of the week, allotted to places.

The rule: the hours of a crew with a beat of its own belong to that beat; those of a crew that serves several places are shared
among these as their demand of that hour is, since whoever is free goes where calls come. Crews of other stations, and those no
call may be sent to, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.calendar import HOUR_S, WEEK_S
from qinwu.duty.response_plan import F64, DutyArrays, ResponsePlan
from qinwu.duty.stations import Stations
from qinwu.duty.system import Beat, DutySystem
from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.mismatch.places import Places


def windows(duty: DutyArrays) -> tuple[NDArray[np.int64], F64, F64]:
    """Return crew, begin and end of every stretch on duty in one cycle, seconds; what crosses the cycle's end is cut there."""
    comes = duty.event_on == 1
    carried = np.flatnonzero(duty.on_at_start > 0.0)
    crew = np.concatenate([duty.event_crew[comes], carried]).astype(np.int64)
    begin = np.concatenate([duty.event_s[comes], np.zeros(len(carried))])
    end = np.minimum(np.concatenate([duty.event_end_s[comes], duty.on_at_start[carried]]), duty.cycle_s)
    return crew, begin, end


def time_on_duty(plan: ResponsePlan) -> F64:
    """Return (K, 168) which part of each hour of the week each crew is on duty, averaged over the duty cycle, exactly."""
    crew, begin, end = windows(plan.duty)
    first, last = np.floor(begin / HOUR_S).astype(np.int64), np.ceil(end / HOUR_S).astype(np.int64)
    hours = np.maximum(last - first, 0)
    row = np.repeat(np.arange(len(crew)), hours)
    hour = np.arange(len(row)) - np.repeat(np.cumsum(hours) - hours, hours) + first[row]
    part = (np.minimum(end[row], (hour + 1) * HOUR_S) - np.maximum(begin[row], hour * HOUR_S)) / HOUR_S
    total = np.bincount(crew[row] * HOURS + hour % HOURS, part, minlength=len(plan.crews) * HOURS)
    shares: F64 = total.reshape(-1, HOURS) / (plan.duty.cycle_s / WEEK_S)
    return shares


def answering(plan: ResponsePlan) -> NDArray[np.bool_]:
    """Return (K,) which crews are the station's own and stand in some tier for some call."""
    return np.asarray((plan.crew.external == 0) & (plan.dispatching.tier >= 0).any(axis=0))


@dataclass(frozen=True)
class Staffed:
    """Officers on duty by place and hour of the week.

    Parameters
    ----------
    own
        (P, 168) officers whose place is fixed.
    shared
        (G, 168) officers of groups of crews that serve the same places.
    reach
        (G, P) which places each group serves.
    """

    own: F64
    shared: F64
    reach: NDArray[np.bool_]

    @property
    def total(self) -> float:
        """Officer-hours a week."""
        return float(self.own.sum() + self.shared.sum())

    @property
    def by_hour(self) -> F64:
        """(168,) officers on duty."""
        hours: F64 = self.own.sum(axis=0) + self.shared.sum(axis=0)
        return hours

    def allotted(self, demanded: F64) -> F64:
        """Return (P, 168) officers by place, shared crews where the `demanded` hours (P, 168) are.

        Where a group's places ask for nothing in an hour, their demand of the week decides; where they ask for nothing at all, each
        gets the same.
        """
        staffed = self.own.copy()
        for officers, places in zip(self.shared, self.reach, strict=True):
            here = demanded[places]
            week = here.sum(axis=1)
            week = week / week.sum() if week.any() else np.full(len(here), 1.0 / len(here))
            asked = here.sum(axis=0)
            share = np.where(asked > 0.0, here / np.maximum(asked, 1e-300), week[:, None])
            staffed[places] += share * officers
        return staffed


def staffed_by(plan: ResponsePlan, system: DutySystem, places: Places) -> Staffed:
    """Return the officers that a compiled duty system has on duty, by place.

    Parameters
    ----------
    plan, system
        A duty system compiled, and as it was before.
    places
        Where to allot them.
    """
    officers = time_on_duty(plan) * plan.crew.people[:, None]
    own = np.zeros((len(places), HOURS))
    groups: dict[tuple[int, ...], F64] = {}
    reach_of = _reaches(plan, system, places)
    for crew in np.flatnonzero(answering(plan)).tolist():
        reach = reach_of[crew]
        if len(reach) == 1:
            own[reach[0]] += officers[crew]
        elif reach:
            groups[reach] = groups.get(reach, np.zeros(HOURS)) + officers[crew]
    inside = np.zeros((len(groups), len(places)), dtype=bool)
    for number, reach in enumerate(groups):
        inside[number, list(reach)] = True
    return Staffed(own, np.array(list(groups.values())).reshape(-1, HOURS), inside)


def _reaches(plan: ResponsePlan, system: DutySystem, places: Places) -> list[tuple[int, ...]]:
    """Return the places that each crew serves: those of its beat, else those of the beats in its unit's area."""
    stations = Stations.of(system)
    number = {beat: at for at, beat in enumerate(plan.beats)}
    outposts = {unit.id for unit in system.unit if unit.level == "outpost"}
    of_beat = [tuple(np.unique(places.place_of[plan.area.beat_of == at]).tolist()) for at in range(len(plan.beats))]
    everywhere = tuple(range(len(places)))
    of_unit: dict[str, tuple[int, ...]] = {}
    for unit in {crew.unit for crew in plan.crews}:
        here = [beat.id for beat in stations.beats if _serves(stations, beat, unit, outpost=unit in outposts)]
        found = {place for beat in here for place in of_beat[number[beat]] if place >= 0}
        of_unit[unit] = tuple(sorted(found)) or everywhere
    own = plan.crew.own_beat.tolist()
    return [
        tuple(place for place in of_beat[own[at]] if place >= 0) if own[at] >= 0 else of_unit[crew.unit]
        for at, crew in enumerate(plan.crews)
    ]


def _serves(stations: Stations, beat: Beat, unit: str, *, outpost: bool) -> bool:
    """Return whether a beat is in the area of a unit; the outposts of a single station have beats of their own."""
    return stations.inside(beat, unit) if stations.several else not outpost or beat.unit == unit
