"""Workload: officer-hours a week that each atom asks for, by what they are for.

Calls ask for travel, time on scene and writing up of every officer sent, and for the work they leave behind; venues for
inspections by grade and interval; residents for visits. The sum is what beats are balanced by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.rules.venues import functional, owns
from qinwu.duty.system import DutySystem
from qinwu.language import N_
from qinwu.station.demand import CallSource, read_source
from qinwu.station.station import Station

F64 = NDArray[np.float64]

HOUR_S = 3600.0
INSPECTORS = 2
INSPECTION_DAYS: Mapping[str, float] = MappingProxyType({"A": 60.0, "B": 120.0, "C": 240.0})
"""Days between two inspections of a venue by its grade, an assumption: about four inspections a year on a common mix of grades."""

TRAVEL, SCENE, WRAP_UP, FOLLOW_UP = N_("travel to calls"), N_("on scene"), N_("writing up"), N_("what calls leave behind")
INSPECTION, VISIT = N_("venue inspections"), N_("beat visits")


@dataclass(frozen=True)
class Workload:
    """Officer-hours a week by atom and part.

    Parameters
    ----------
    parts
        Part, a catalogue entry, to (J,) officer-hours a week, >= 0.
    calls
        (J,) calls a week.
    """

    parts: Mapping[str, F64]
    calls: F64

    @cached_property
    def hours(self) -> F64:
        """(J,) officer-hours a week of each atom."""
        hours: F64 = np.sum(list(self.parts.values()), axis=0)
        return hours

    def of(self, atoms: NDArray[np.integer] | list[int]) -> dict[str, float]:
        """Return hours a week of these atoms together, by part."""
        return {part: float(hours[atoms].sum()) for part, hours in self.parts.items()}


def workload(
    station: Station,
    system: DutySystem | None = None,
    plan: ResponsePlan | None = None,
    inspection_days: Mapping[str, float] = INSPECTION_DAYS,
    visit_hours: float | None = None,
) -> Workload:
    """Return what the atoms of a station ask of its beat officers.

    Parameters
    ----------
    station
        With calls; without any there are only inspections and visits.
    system
        The duty system in force: where it makes crews of specialists, venues of its functional beats are theirs and left out; its
        beat visits are those of all beats together. None where there is none.
    plan
        The same compiled: how many officers it sends by hour, and from which beat. None: as many as the class of a call says, and
        from the station house.
    inspection_days
        Days between two inspections, by grade, > 0.
    visit_hours
        Hours a week of visits in the whole area, >= 0, spread by residents; by default those of `system`.
    """
    atoms = len(station.area)
    parts: dict[str, F64] = {name: np.zeros(atoms) for name in (TRAVEL, SCENE, WRAP_UP, FOLLOW_UP)}
    calls = np.zeros(atoms)
    if len(station.calls):
        source = read_source(station)
        parts = _of_calls(station, source, plan)
        calls = np.bincount(source.atom, minlength=atoms) / source.weeks
    hours = _visit_hours(system) if visit_hours is None else visit_hours
    return Workload({**parts, INSPECTION: _inspections(station, system, inspection_days), VISIT: hours * _people(station)}, calls)


def _of_calls(station: Station, source: CallSource, plan: ResponsePlan | None) -> dict[str, F64]:
    """Return (J,) hours a week of each part that calls ask for."""
    officers = _officers(station, source, plan)
    kind, service = source.call_class, source.service
    travel_s = _approach_s(station, plan, np.bincount(source.atom, minlength=len(station.area)))
    each = {
        TRAVEL: officers * travel_s[source.atom],
        SCENE: officers * service.on_scene_s[kind],
        WRAP_UP: officers * service.wrap_up_s[kind],
        FOLLOW_UP: (service.follow_up_share * service.follow_up_s)[kind],
    }
    scale = HOUR_S * source.weeks
    return {name: np.bincount(source.atom, seconds, len(station.area)) / scale for name, seconds in each.items()}


def _officers(station: Station, source: CallSource, plan: ResponsePlan | None) -> F64:
    """Return (n,) officers that each call takes: as recorded, else as the plan sends at that hour, else as its class says."""
    if plan is None:
        stated = np.array([one.officers for one in station.config.call_class])[source.call_class]
    else:
        stated = plan.dispatching.people[source.call_class, (source.time_s // HOUR_S).astype(np.int64) % 168]
    found: F64 = np.where(source.people > 0, source.people, stated).astype(np.float64)
    return found


def _approach_s(station: Station, plan: ResponsePlan | None, calls: NDArray[np.int64]) -> F64:
    """Return (J,) mean seconds to each atom: from its beat by where calls are, else from the station house."""
    travel_s: F64 = station.area.travel.base_s.astype(np.float64)
    found: F64 = travel_s[station.base].copy()
    for beat in range(len(plan.beats)) if plan is not None else ():
        inside = np.flatnonzero(plan.area.beat_of == beat) if plan is not None else np.empty(0, dtype=np.int64)
        weight = calls[inside].astype(np.float64)
        if weight.sum() > 0.0:
            found[inside] = weight @ travel_s[np.ix_(inside, inside)] / weight.sum()
    return found


def _inspections(station: Station, system: DutySystem | None, days: Mapping[str, float]) -> F64:
    """Return (J,) officer-hours a week of inspecting the venues that no specialist has."""
    drawn = system is not None and any(rule.form == "specialist" for rule in system.crews)
    special = functional(system) if system is not None and drawn else []
    hours = np.zeros(len(station.area))
    for venue in station.venues:
        if not any(owns(beat, venue) for beat in special):
            hours[station.area.index[venue.atom]] += INSPECTORS * venue.inspection_min / 60.0 * 7.0 / days[venue.grade]
    return hours


def _visit_hours(system: DutySystem | None) -> float:
    if system is None:
        return 0.0
    beats = sum(beat.kind == "geographic" for beat in system.beat)
    each = sum(work.hours_per_week for work in system.work if work.kind == "beat_visit" and work.who in ("beats", "all"))
    return beats * each


def _people(station: Station) -> F64:
    """Return (J,) the share of the residents that live in each atom; alike where nobody is counted."""
    people = station.area.population
    total = float(people.sum())
    share: F64 = people / total if total > 0.0 else np.full(len(people), 1.0 / len(people))
    return share
