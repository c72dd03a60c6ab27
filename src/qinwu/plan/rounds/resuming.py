"""Resuming: the tours of an earlier plan as first routes, where they still fit."""

from __future__ import annotations

from collections.abc import Sequence

from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.outings import Outing
from qinwu.plan.rounds.routing import Route, Routed, Task, timed
from qinwu.plan.rounds.visits import Tour


def resumed(
    task: Task, outings: Sequence[Outing], names: Sequence[str], tours: Sequence[Tour], first: Routed, month: Month
) -> Routed:
    """Return the routes of earlier tours, or `first` where those are better or leave fewer visits out.

    Parameters
    ----------
    task, outings
        What is to be routed.
    names
        Ids of the visits of the task.
    tours
        Of an earlier plan; what of them no longer fits, or is not asked for any more, is dropped.
    first
        Routes found otherwise.
    month
        The days planned.
    """
    position = {name: at for at, name in enumerate(names)}
    routes: dict[int, Route] = {}
    for tour in tours:
        visits = [position[visit.id] for visit in tour.visits if visit.id in position]
        for at in _outings_of(tour, outings, month):
            route = timed(task, at, visits) if at not in routes else None
            if route is not None:
                routes[at] = route
                break
    made = [visit for route in routes.values() for visit in route.visits]
    earlier = Routed(tuple(routes[at] for at in sorted(routes)), tuple(at for at in range(task.visits) if at not in set(made)))
    return earlier if len(set(made)) == len(made) and earlier.value(task) <= first.value(task) else first


def _outings_of(tour: Tour, outings: Sequence[Outing], month: Month) -> list[int]:
    """Return the outings of the same officers on the same day within which a tour lies."""
    day = (tour.day - month.first).days
    midnight = month.time(day, 0.0)
    leaves, back = ((at - midnight).total_seconds() for at in (tour.leaves, tour.back))
    return [
        at
        for at, one in enumerate(outings)
        if one.day == day and one.officers == tour.officers and one.start_s <= leaves + 1.0 and back <= one.end_s + 1.0
    ]
