"""Service points 便民服务站: where they stand, who reaches one in so many minutes, how long the line is, what response it costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qinwu.findings import Finding, Place, raise_on_errors
from qinwu.language import N_
from qinwu.plan.effort import Effort
from qinwu.plan.posts.answering import Answered, answered
from qinwu.plan.posts.improving import bases_of
from qinwu.plan.posts.models import interchange, max_cover, min_distance
from qinwu.plan.posts.problem import F64, I64, SitingProblem
from qinwu.plan.posts.scene import PostScene, shared_out
from qinwu.plan.proof import Proof
from qinwu.queueing.erlang import wait_mean
from qinwu.station.station import Station

MOST_STAFF = 50
WALK_DETOUR = 1.3
"""Ways on foot against the straight line: an assumption."""


@dataclass(frozen=True, slots=True)
class ServiceAims:
    """What service points are for.

    Parameters
    ----------
    points
        How many, the counter of the station house included.
    minutes
        Minutes on the way within which residents are counted as reached.
    objective
        ``cover``: most residents reached; ``distance``: nearest on average.
    walking_kmh
        Speed of residents on their way.
    visits_per_1000
        Visits a week by a thousand residents.
    visit_min
        Minutes one visit takes at the counter.
    open_h
        Hours a week that a counter is open.
    wait_min
        Mean minutes that a visitor may wait.
    """

    points: int = 3
    minutes: float = 15.0
    objective: str = "cover"
    walking_kmh: float = 4.5
    visits_per_1000: float = 6.0
    visit_min: float = 12.0
    open_h: float = 40.0
    wait_min: float = 10.0

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the numbers."""
        for name in ("points", "minutes", "walking_kmh", "visits_per_1000", "visit_min", "open_h", "wait_min"):
            if not getattr(self, name) > 0.0:
                message, remedy = N_("{name} cannot be {value}."), N_("Use a number above 0.")
                yield Finding("bad-number", "error", message, remedy, Place(), {"name": name, "value": getattr(self, name)})


@dataclass(frozen=True, slots=True)
class Counter:
    """One service point: place, residents nearest to it, visits an hour, staff, mean minutes of waiting, share of time busy."""

    place: int
    residents: float
    visits_h: float
    staff: int
    wait_min: float
    busy: float


@dataclass(frozen=True)
class ServicePlan:
    """Service points of a station.

    Parameters
    ----------
    station, aims
        Whose, and what for.
    problem
        Ways of residents.
    counters, before
        The points planned, and the counter of the station house alone.
    reached, reached_before
        Share of residents within the minutes.
    way_s, way_before_s
        Mean seconds to the nearest point.
    response, response_open
        How calls are answered now, and while counters are open if their staff come from the crews; None without calls.
    proof
        How good the places are.
    """

    station: Station
    aims: ServiceAims
    problem: SitingProblem
    counters: tuple[Counter, ...]
    before: tuple[Counter, ...]
    reached: float
    reached_before: float
    way_s: float
    way_before_s: float
    response: Answered | None
    response_open: Answered | None
    proof: Proof

    def part(self) -> dict[str, list[dict[str, Any]]]:
        """Return a ``work`` table: hours at the counters of those points that are new, shared by all crews."""
        people = max(1, len(self.station.force))
        extra = sum(each.staff for each in self.counters) - sum(each.staff for each in self.before)
        hours = round(max(0.0, extra * self.aims.open_h / people), 2)
        name = {"zh": "便民服务点值守", "en": "Service points"}
        work = {"id": "service_points", "name": name, "kind": "desk", "who": "all", "hours_per_week": hours, "where": "base"}
        return {"work": [work]} if hours else {}


def plan_service_points(
    station: Station, aims: ServiceAims, effort: Effort | None = None, scene: PostScene | None = None
) -> ServicePlan:
    """Choose where service points stand, and how many must be there for the line to be short.

    Parameters
    ----------
    station
        With residents by atom.
    aims
        What the points are for.
    effort
        Time and seed.
    scene
        The crews and calls of the station, for what staff taken from crews cost in response; None leaves that out.

    Raises
    ------
    QinwuError
        No residents are known, more points than places, or numbers that make no sense.
    """
    running = (effort or Effort()).begin()
    raise_on_errors([*aims.findings(), *_no_residents(station, aims)])
    problem = _problem(station, aims)
    model = max_cover if aims.objective == "cover" else min_distance
    sited = model(problem, running, interchange(problem))
    sites, house = sited.sites, np.array([station.base])
    counters, before = _counters(station, problem, aims, sites), _counters(station, problem, aims, house)
    cover = aims.objective == "cover"
    scale, unit = (100.0, "%") if cover else (1.0 / 60.0, N_("min"))
    objective = N_("share of residents beyond the minutes") if cover else N_("mean way to the nearest point")
    method = N_("branch and bound to proof")
    bound = sited.bound * scale
    proof = Proof(objective, unit, sited.value * scale, bound, running.seconds, running.effort.seed, method, running.interrupted)
    now, open_now = (None, None) if scene is None else _response(scene, counters, before)
    return ServicePlan(
        station,
        aims,
        problem,
        counters,
        before,
        problem.covered(sites),
        problem.covered(house),
        problem.mean_travel(sites),
        problem.mean_travel(house),
        now,
        open_now,
        proof,
    )


def residents_reached(station: Station, aims: ServiceAims, atoms: Sequence[str]) -> float | None:
    """Return the share of residents who walk to the nearest of these atoms within the minutes; None where nobody is counted."""
    places = np.array([station.area.index[atom] for atom in atoms if atom in station.area.index], dtype=np.int64)
    if not len(places) or not station.area.population.sum() > 0.0:
        return None
    return _problem(station, aims).covered(places)


def _no_residents(station: Station, aims: ServiceAims) -> Iterator[Finding]:
    if not station.area.population.sum() > 0.0:
        message, remedy = N_("No residents are known by atom."), N_("Give the atoms file a population column.")
        yield Finding("no-population", "error", message, remedy)
    if aims.points > len(station.area):
        message, remedy = N_("{points} points do not fit into {places} places."), N_("Ask for fewer points.")
        yield Finding(
            "more-points-than-places", "error", message, remedy, Place(), {"points": aims.points, "places": len(station.area)}
        )


def _problem(station: Station, aims: ServiceAims) -> SitingProblem:
    area = station.area
    apart = np.hypot(*np.moveaxis(area.xy_m[:, None, :] - area.xy_m[None, :, :], 2, 0))
    inside = 0.5214 * np.sqrt(area.area_m2)
    metres = np.where(np.eye(len(area), dtype=bool), inside, apart) * WALK_DETOUR
    needed = np.arange(len(area)) == station.base
    times = (metres / (aims.walking_kmh / 3.6))[None]
    every = np.ones(len(area), dtype=bool)
    return SitingProblem(times, np.ones(1), area.population, aims.minutes * 60.0, aims.points, aims.points, 1, needed, every)


def _counters(station: Station, problem: SitingProblem, aims: ServiceAims, sites: I64) -> tuple[Counter, ...]:
    nearest = problem.times[0, sites].argmin(axis=0)
    residents = np.bincount(nearest, station.area.population, minlength=len(sites))
    return tuple(_counter(int(place), float(count), aims) for place, count in zip(sites, residents, strict=True))


def _counter(place: int, residents: float, aims: ServiceAims) -> Counter:
    """Return a counter with the fewest staff whose line is short enough: M/M/c."""
    visits = residents / 1000.0 * aims.visits_per_1000 / aims.open_h
    load = visits * aims.visit_min / 60.0
    for staff in range(max(1, int(load) + 1), MOST_STAFF + 1):
        wait = float(wait_mean(staff, load, aims.visit_min))
        if wait <= aims.wait_min:
            break
    return Counter(place, residents, visits, staff, wait, load / staff)


def _response(scene: PostScene, counters: tuple[Counter, ...], before: tuple[Counter, ...]) -> tuple[Answered, Answered]:
    """Return how calls are answered by all crews, and by those left when the extra staff of counters come from them."""
    return response_without(scene, sum(each.staff for each in counters) - sum(each.staff for each in before))


def crews_left(scene: PostScene, staff: int) -> int:
    """Return how many whole crews are left on duty, at least one, when so many officers of them are at counters."""
    return max(1, int(np.floor(scene.problem.crews - staff / scene.people)))


def response_without(scene: PostScene, staff: int) -> tuple[Answered, Answered]:
    """Return how calls are answered by all crews on duty, and by those left when so many officers of them are at counters."""
    left = crews_left(scene, staff)
    now: F64 = scene.now.astype(np.float64)
    fewer = shared_out(now, left)
    few = replace(scene.problem, crews=left)
    return answered(scene.problem, scene.work, bases_of(scene.now)), answered(few, scene.work, bases_of(fewer))
