"""Routing: which visit is made on which outing, in what order and at what time; routes by PyVRP on the travel matrix.

An outing is a stretch of one day in which certain officers may be on the road together. All clocks are seconds after 00:00 of the
outing's own day, so that opening hours are the same numbers on every day of the month.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.extra import needed

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

PRIZE = 1_000_000
"""Seconds of travel that leaving a visit out is worth: more than any way to make it."""
NEVER = 20_000_000
"""Seconds to a visit that an outing may not make."""
Stop = Callable[[float], bool]


@dataclass(frozen=True)
class Task:
    """What is to be routed.

    Parameters
    ----------
    travel_s
        (P, P) seconds between places, > 0 (the diagonal from one address to another in the same place).
    place
        (n,) place of each visit.
    stay_s
        (n,) how long each takes.
    opens_s, closes_s
        (n,) between which it begins and ends, seconds of the day.
    start_s, end_s
        (m,) between which each outing leaves and is back, seconds of its day.
    most_s
        (m,) how long it may take, seconds.
    base
        (m,) the place where it begins and ends.
    factor
        (m,) multiplier of travel time.
    allowed
        (n, m) which visits an outing may make.
    late_s
        (n, m) what making a visit on an outing costs besides travel, seconds, >= 0.
    """

    travel_s: F64
    place: I64
    stay_s: F64
    opens_s: F64
    closes_s: F64
    start_s: F64
    end_s: F64
    most_s: F64
    base: I64
    factor: F64
    allowed: Bool
    late_s: F64

    @property
    def visits(self) -> int:
        """How many visits there are."""
        return len(self.place)

    @property
    def outings(self) -> int:
        """How many outings there are."""
        return len(self.base)

    def part(self, visits: I64, outings: I64) -> Task:
        """Return the task of some visits and outings only."""
        both = np.ix_(visits, outings)
        return Task(
            travel_s=self.travel_s,
            place=self.place[visits],
            stay_s=self.stay_s[visits],
            opens_s=self.opens_s[visits],
            closes_s=self.closes_s[visits],
            start_s=self.start_s[outings],
            end_s=self.end_s[outings],
            most_s=self.most_s[outings],
            base=self.base[outings],
            factor=self.factor[outings],
            allowed=self.allowed[both],
            late_s=self.late_s[both],
        )

    def between(self, visits: Sequence[int], outing: int) -> list[int]:
        """Return whole seconds of each leg of an outing that makes these visits in this order, the way back last."""
        places = [int(self.base[outing]), *(int(self.place[visit]) for visit in visits), int(self.base[outing])]
        legs = pairwise(places)
        return [int(np.ceil(self.travel_s[one, two] * self.factor[outing])) for one, two in legs] if visits else []


@dataclass(frozen=True, slots=True)
class Route:
    """One outing that is made: the visits in order, when each begins, and when it leaves and is back (seconds of its day)."""

    outing: int
    visits: tuple[int, ...]
    begins_s: tuple[float, ...]
    leaves_s: float
    back_s: float
    travel_s: float


@dataclass(frozen=True)
class Routed:
    """Routes, and the visits left out."""

    routes: tuple[Route, ...]
    left_out: tuple[int, ...]

    def cost(self, task: Task) -> float:
        """Return seconds of travel and of delay."""
        late = sum(float(task.late_s[visit, route.outing]) for route in self.routes for visit in route.visits)
        return late + sum(route.travel_s for route in self.routes)

    def value(self, task: Task) -> float:
        """Return the cost, visits left out counted at their prize."""
        return self.cost(task) + PRIZE * len(self.left_out)


def timed(task: Task, outing: int, visits: Sequence[int]) -> Route | None:
    """Return an outing that makes visits in this order, back as early as possible and then leaving as late as that allows.

    None where it cannot: a visit is not allowed, not open, or the outing is too long.
    """
    if not visits or not task.allowed[list(visits), outing].all():
        return None
    legs, stays = task.between(visits, outing), [float(task.stay_s[one]) for one in visits]
    latest = [float(task.closes_s[one]) - stay for one, stay in zip(visits, stays, strict=True)]
    leave = float(task.start_s[outing])
    begins = _begins(task, visits, legs, stays, leave)
    must = begins[-1]
    for place in range(len(visits) - 2, -1, -1):
        must = min(latest[place], must - legs[place + 1] - stays[place])
    leave = max(leave, must - legs[0])
    begins = _begins(task, visits, legs, stays, leave)
    back = begins[-1] + stays[-1] + legs[-1]
    late = any(begin > last + 1e-6 for begin, last in zip(begins, latest, strict=True))
    if late or back > task.end_s[outing] + 1e-6 or back - leave > task.most_s[outing] + 1e-6:
        return None
    return Route(outing, tuple(visits), tuple(begins), leave, back, float(sum(legs)))


def _begins(task: Task, visits: Sequence[int], legs: Sequence[int], stays: Sequence[float], leave: float) -> list[float]:
    """Return when each visit begins, as early as possible after leaving."""
    begins: list[float] = []
    at = leave
    for visit, leg, stay in zip(visits, legs[:-1], stays, strict=True):
        begins.append(max(at + leg, float(task.opens_s[visit])))
        at = begins[-1] + stay
    return begins


def routed(task: Task, seed: int, stop: Stop, start: Routed | None = None) -> Routed:
    """Return routes of least travel and delay, by PyVRP's iterated local search; no visit that fits is left out for their sake.

    Parameters
    ----------
    task
        What is to be routed.
    seed
        Of the search.
    stop
        Asked again and again, with the best value so far, whether to stop.
    start
        Routes to begin from, which the result is never worse than.

    Raises
    ------
    QinwuError
        PyVRP is not installed.

    References
    ----------
    Wouda, Lan & Kool 2024, INFORMS J. Comput. 36(4): 943-955.
    """
    everything = Routed((), tuple(range(task.visits)))
    if not task.visits or not task.outings:
        return everything
    pyvrp: Any = needed("pyvrp")
    data = _problem(pyvrp, task)
    begun = _solution(pyvrp, data, start) if start is not None and start.routes else None
    best = pyvrp.solve(data, stop, seed=seed % 2**31, collect_stats=False, initial_solution=begun).best
    found = _read(task, best) if best.is_feasible() else everything
    return min((one for one in (found, start, everything) if one is not None), key=lambda one: one.value(task))


def _problem(pyvrp: Any, task: Task) -> Any:
    """Return the task as PyVRP has it: a visit is optional at a high prize, delay and what is not allowed are part of distance."""
    bases, base_of = np.unique(task.base, return_inverse=True)
    places = np.concatenate([bases, task.place])
    seconds = task.travel_s[np.ix_(places, places)]
    keys = np.concatenate([task.allowed, task.late_s, task.factor[None, :]], axis=0)
    _, first, profile = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    profile = profile.ravel()
    distance, duration = [], []
    for outing in first.tolist():
        drive = np.ceil(seconds * task.factor[outing]).astype(np.int64)
        cost = drive.copy()
        cost[:, len(bases) :] += np.where(task.allowed[:, outing], np.ceil(task.late_s[:, outing]), NEVER).astype(np.int64)
        for matrix in (drive, cost):
            np.fill_diagonal(matrix, 0)
        distance.append(cost)
        duration.append(drive)
    latest = np.maximum(task.closes_s - task.stay_s, task.opens_s)
    clients = [
        pyvrp.Client(
            location=len(bases) + visit,
            service_duration=int(np.ceil(task.stay_s[visit])),
            tw_early=int(task.opens_s[visit]),
            tw_late=int(latest[visit]),
            prize=PRIZE,
            required=False,
        )
        for visit in range(task.visits)
    ]
    depots = [pyvrp.Depot(location=number) for number in range(len(bases))]
    vehicles = [
        pyvrp.VehicleType(
            start_depot=int(base_of[outing]),
            end_depot=int(base_of[outing]),
            tw_early=int(np.ceil(task.start_s[outing])),
            tw_late=int(task.end_s[outing]),
            shift_duration=int(task.most_s[outing]),
            profile=int(profile[outing]),
        )
        for outing in range(task.outings)
    ]
    locations = [pyvrp.Location(0.0, 0.0) for _ in places]
    return pyvrp.ProblemData(locations, clients, depots, vehicles, distance, duration)


def _solution(pyvrp: Any, data: Any, start: Routed) -> Any:
    """Return routes as PyVRP has them."""
    client = pyvrp.ActivityType.CLIENT
    routes = [pyvrp.Route(data, [pyvrp.Activity(client, visit) for visit in route.visits], route.outing) for route in start.routes]
    return pyvrp.Solution(data, routes)


def _read(task: Task, best: Any) -> Routed:
    """Return PyVRP's routes with our own clocks; a route that our clocks do not accept loses its visits."""
    routes = []
    for route in best.routes():
        visits = [int(one.idx) for one in route.schedule() if one.is_client()]
        made = timed(task, int(route.vehicle_type()), visits)
        routes += [made] if made else []
    made_visits = {visit for route in routes for visit in route.visits}
    return Routed(tuple(routes), tuple(visit for visit in range(task.visits) if visit not in made_visits))
