"""Inspecting: which due visit may be made on which outing, and the double draw 双随机 of who inspects which venue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from qinwu.duty.calendar import HOUR_S
from qinwu.plan.rounds.aims import Aims, seconds_of_day
from qinwu.plan.rounds.due import DueVisit, own_generator
from qinwu.plan.rounds.free import mean_share
from qinwu.plan.rounds.inserting import Draft
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.outings import Outing
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.routing import F64, I64, Bool, Route, Routed, Task

MOST_DRAWS = 20
JOINS = 0.7
"""Chance that a visit joins an outing already drawn that can take it in time: higher is less travel, lower less foreseeable."""


def may_inspect(aims: Aims, people: People, visit: DueVisit, officer: str) -> bool:
    """Return whether nothing keeps an officer from a venue: no veto, and not the own beat where that is excluded."""
    venue = visit.venue
    vetoed = any(one.officer == officer and (one.venue == venue.id or (one.kind and one.kind == venue.kind)) for one in aims.veto)
    return not vetoed and (aims.inspection.own_beat or people.beat_officer(venue.atom) != officer)


def must_inspect(aims: Aims, people: People, visit: DueVisit) -> str:
    """Return the specialist who must be there, empty where there is none or a veto keeps them away."""
    owner = people.owner(visit.venue)
    return owner if owner and may_inspect(aims, people, visit, owner) else ""


def inspection_task(visits: Sequence[DueVisit], outings: Sequence[Outing], aims: Aims, people: People, month: Month) -> Task:
    """Return the inspections of a month as a task of routing: places are atoms, a day of delay costs what the aims say."""
    area = people.station.area
    hours = [aims.hours_of(visit.venue.kind) for visit in visits]
    stay = np.array([aims.minutes_of(visit.venue.kind, visit.venue.inspection_min) * 60.0 for visit in visits])
    days = np.array([outing.day for outing in outings], dtype=np.int64)
    task = Task(
        travel_s=area.travel.base_s.astype(np.float64),
        place=np.array([area.index[visit.venue.atom] for visit in visits], dtype=np.int64),
        stay_s=stay,
        opens_s=np.array([seconds_of_day(one) for one, _ in hours]),
        closes_s=np.array([seconds_of_day(two) for _, two in hours]),
        start_s=np.array([outing.start_s for outing in outings]),
        end_s=np.array([outing.end_s for outing in outings]),
        most_s=np.array([outing.most_s for outing in outings]),
        base=np.array([outing.base for outing in outings], dtype=np.int64),
        factor=factors(outings, area.travel.hour_factor, month),
        allowed=_allowed(visits, outings, aims, people),
        late_s=late_days(visits, days) * aims.inspection.late_min_per_day * 60.0,
    )
    return replace(task, allowed=task.allowed & _fits(task))


def factors(outings: Sequence[Outing], hour_factor: F64, month: Month) -> F64:
    """Return (m,) the mean factor of travel time over each outing, in hundredths."""
    means = [mean_share(hour_factor, month, outing.day, outing.start_s, outing.end_s) for outing in outings]
    return np.array([round(mean, 2) for mean in means], dtype=np.float64)


def late_days(visits: Sequence[DueVisit], days: I64) -> F64:
    """Return (n, m) days after a visit is due, or after the month began where it was overdue then; 0 where it is in time."""
    due = np.array([max(visit.due, 0) for visit in visits], dtype=np.float64)
    late: F64 = np.maximum(days[None, :] - due[:, None], 0.0)
    return late


def _allowed(visits: Sequence[DueVisit], outings: Sequence[Outing], aims: Aims, people: People) -> Bool:
    names = sorted({officer for outing in outings for officer in outing.officers})
    number = {name: place for place, name in enumerate(names)}
    on = np.zeros((len(names), len(outings)), dtype=bool)
    for place, outing in enumerate(outings):
        on[[number[officer] for officer in outing.officers], place] = True
    days = np.array([outing.day for outing in outings])
    allowed = np.ones((len(visits), len(outings)), dtype=bool)
    for place, visit in enumerate(visits):
        barred = [number[name] for name in names if not may_inspect(aims, people, visit, name)]
        allowed[place] = (days >= visit.earliest) & (days <= visit.latest) & ~on[barred].any(axis=0)
        owner = must_inspect(aims, people, visit)
        if owner:
            allowed[place] &= on[number[owner]] if owner in number else False
    return allowed


def _fits(task: Task) -> Bool:
    """Return (n, m) which visits fit into which outings at all: open long enough meanwhile, and not longer than it may take."""
    begin = np.maximum(task.opens_s[:, None], task.start_s[None, :])
    end = np.minimum(task.closes_s[:, None], task.end_s[None, :])
    fits: Bool = (end - begin >= task.stay_s[:, None]) & (task.stay_s[:, None] <= task.most_s[None, :])
    return fits


def drawn_again(task: Task, visits: Sequence[DueVisit], outings: Sequence[Outing], seed: int | None) -> Routed:
    """Return the first of up to 20 draws that leaves no visit out, else the one that leaves out fewest.

    Parameters
    ----------
    task, visits, outings, seed
        As for :func:`drawn`.
    """
    best = drawn(task, visits, outings, seed)
    for turn in range(1, MOST_DRAWS if seed is not None else 1):
        if not best.left_out:
            break
        other = drawn(task, visits, outings, seed, turn)
        best = other if len(other.left_out) < len(best.left_out) else best
    return best


def drawn(task: Task, visits: Sequence[DueVisit], outings: Sequence[Outing], seed: int | None, turn: int = 0) -> Routed:
    """Return first routes: every visit on an outing drawn by lot among those of the month that can take it.

    Visits that are due come before those only the lot chose, and first those that fewest outings can take in time. A visit goes,
    seven times in ten, to one of the outings already drawn that can take it in time, each with the same chance; else another outing
    is drawn, officers who have given fewer hours so far being likelier. Without a seed the cheapest is taken instead of drawing.

    Parameters
    ----------
    task, visits, outings
        What is to be routed; the same order in all.
    seed
        Of the draw; None for no draw.
    turn
        Number of the draw, where an earlier one is drawn again.
    """
    draft, given = Draft(task), dict[str, float]()
    options = (task.allowed & (task.late_s == 0.0)).sum(axis=1)
    order = sorted(range(len(visits)), key=lambda one: (visits[one].drawn, options[one], visits[one].due, visits[one].id))
    for visit in order:
        chosen = _drawn_outing(draft, visit, f"{visits[visit].id}/{turn}" if turn else visits[visit].id, outings, given, seed)
        if chosen is None:
            draft.left_out.append(visit)
            continue
        if chosen.outing not in draft.routes:
            for officer in outings[chosen.outing].officers:
                given[officer] = given.get(officer, 0.0) + outings[chosen.outing].most_s / HOUR_S
        draft.put(chosen)
    return draft.done()


def _drawn_outing(
    draft: Draft, visit: int, name: str, outings: Sequence[Outing], given: dict[str, float], seed: int | None
) -> Route | None:
    """Return the route of the outing that takes a visit: the least late that can, drawn among equals."""
    may = np.flatnonzero(draft.task.allowed[visit]).tolist()
    late = draft.task.late_s[visit]
    lots = None if seed is None else own_generator(seed, name, "inspectors")
    for cost in np.unique(late[may]).tolist():
        begun = [outing for outing in may if late[outing] == cost and outing in draft.routes]
        fresh = [outing for outing in may if late[outing] == cost and outing not in draft.routes]
        if lots is None:
            found = draft.cheapest(visit, begun) or draft.cheapest(visit, fresh)
        else:
            first, then = (begun, fresh) if lots.random() < JOINS else (fresh, begun)
            found = _by_lot(draft, visit, first, outings, given, lots) or _by_lot(draft, visit, then, outings, given, lots)
        if found is not None:
            return found
    return None


def _by_lot(
    draft: Draft,
    visit: int,
    some: Sequence[int],
    outings: Sequence[Outing],
    given: dict[str, float],
    lots: np.random.Generator,
) -> Route | None:
    """Return the first of some outings, in an order drawn by lot, that can take a visit; None where none can."""
    weights = np.array([1.0 if at in draft.routes else _chance(outings[at], given) for at in some])
    keys = lots.exponential(size=len(some)) / weights
    return next((route for at in np.argsort(keys).tolist() if (route := draft.with_visit(visit, some[at])) is not None), None)


def _chance(outing: Outing, given: dict[str, float]) -> float:
    return 1.0 / (1.0 + sum(given.get(officer, 0.0) for officer in outing.officers)) ** 2


def fixed_to(task: Task, routed: Routed) -> Task:
    """Return the task in which every visit stays on the outing it has been drawn for."""
    allowed = np.zeros_like(task.allowed)
    for route in routed.routes:
        allowed[list(route.visits), route.outing] = True
    return replace(task, allowed=allowed)
