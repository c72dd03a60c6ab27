"""Tallies: what a month's visits mean for officers, beats and venues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from qinwu.duty.calendar import HOUR_S
from qinwu.plan.rounds.aims import Aims
from qinwu.plan.rounds.answer import Contact, Load, Revisit
from qinwu.plan.rounds.free import Span
from qinwu.plan.rounds.patrol import PatrolRound, chance_of_seeing
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.visits import Tour, Visit


def loads_of(
    people: People, spans: Sequence[Span], tours: Iterable[Tour], asked_h: Mapping[str, float], own_h: Mapping[str, float]
) -> tuple[Load, ...]:
    """Return the month of every sworn officer in a crew, and of auxiliaries who go along.

    Parameters
    ----------
    people, spans
        Who there is, and their free time.
    tours
        What is planned.
    asked_h, own_h
        By officer: hours of beat visits asked for, and of inspections due in the own beat.
    """
    hours: dict[str, dict[str, float]] = {}
    for tour in tours:
        length = (tour.back - tour.leaves).total_seconds() / HOUR_S
        for officer in tour.officers:
            mine = hours.setdefault(officer, {"inspection": 0.0, "beat_visit": 0.0, "abroad": 0.0})
            mine[tour.visits[0].kind] += length
            mine["abroad"] += sum(_hours(visit) for visit in tour.visits if _abroad(people, visit, officer))
    free: dict[str, float] = {}
    for span in spans:
        free[span.officer] = free.get(span.officer, 0.0) + span.hours
    named = [name for name, one in people.officers.items() if one.kind == "sworn" or name in hours]
    nothing = {"inspection": 0.0, "beat_visit": 0.0, "abroad": 0.0}
    return tuple(
        Load(
            name,
            "specialist" if name in people.specialists else "beat" if name in people.beat_officers else "other",
            free.get(name, 0.0),
            hours.get(name, nothing)["inspection"],
            hours.get(name, nothing)["beat_visit"],
            hours.get(name, nothing)["abroad"],
            asked_h.get(name, 0.0),
            own_h.get(name, 0.0),
        )
        for name in sorted(named)
    )


def _hours(visit: Visit) -> float:
    return (visit.end - visit.start).total_seconds() / HOUR_S


def _abroad(people: People, visit: Visit, officer: str) -> bool:
    return visit.kind == "inspection" and people.beat_officer(visit.atom) != officer


def contacts_of(people: People, visits: Sequence[Visit]) -> tuple[Contact, ...]:
    """Return the contact of every geographic beat."""
    area = people.station.area
    found = []
    for beat in people.muster.beats:
        atoms = [atom for atom in beat.atoms if atom in area.index and people.beat_of_atom[atom] == beat.id]
        mine = [visit for visit in visits if visit.atom in set(atoms)]
        officer = people.muster.accountable.get(beat.id)
        found.append(
            Contact(
                beat.id,
                officer.id if officer else "",
                float(area.population[[area.index[atom] for atom in atoms]].sum()),
                sum(visit.officer_hours for visit in mine if visit.kind == "inspection"),
                sum(visit.officer_hours for visit in mine if visit.kind == "beat_visit"),
                sum(venue.atom in atoms for venue in people.station.venues),
                sum(visit.kind == "inspection" for visit in mine),
                len(atoms),
                len({visit.atom for visit in mine}),
            )
        )
    return tuple(found)


def revisits_of(people: People, aims: Aims, visits: Sequence[Visit], last: Mapping[str, date]) -> tuple[Revisit, ...]:
    """Return how often venues of each grade are seen, from what was recorded before and is planned now."""
    found = []
    for grade in aims.grade:
        venues = {venue.id for venue in people.station.venues if venue.grade == grade.id}
        mine = sorted((visit.start.date(), visit.venue) for visit in visits if visit.venue in venues)
        before, days = dict(last), []
        for day, venue in mine:
            if venue in before:
                days.append((day - before[venue]).days)
            before[venue] = day
        mean, longest = (float(np.mean(days)), float(max(days))) if days else (float("nan"), float("nan"))
        found.append(Revisit(grade.id, grade.interval_days, len(venues), len(mine), mean, longest))
    return tuple(found)


def seen_at(people: People, patrols: Sequence[PatrolRound], stay_s: float) -> dict[str, float]:
    """Return the chance that somebody who stays at a hot place during patrol rounds sees a stop there, by atom (M43)."""
    found: dict[int, list[float]] = {}
    for one in patrols:
        for place in one.places:
            mine = [stop for stop in one.stops if stop.atom == place]
            found.setdefault(place, []).append(chance_of_seeing(mine, one.span, stay_s))
    ids = people.station.area.atom_ids
    return {ids[place]: float(np.mean(chances)) for place, chances in sorted(found.items())}
