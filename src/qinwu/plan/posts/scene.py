"""What posts are planned for: the station's travel times by season, its calls as work, and the posts it has now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import ResponsePlan
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.plan.posts.aims import Aims
from qinwu.plan.posts.answering import Work
from qinwu.plan.posts.problem import F64, I64, SitingProblem
from qinwu.queueing.hourly.moment import on_duty
from qinwu.station.demand import WEEK_S, CallSource, read_source
from qinwu.station.station import Station

HOUR_S = 3600.0
LEAST_LIMIT_S = 60.0


@dataclass(frozen=True)
class PostScene:
    """The problem of one station, and what stands behind its numbers.

    Parameters
    ----------
    station, plan
        What there is, and the duty system's plan whose crews are placed.
    problem, work
        As arrays.
    seasons
        Names, in the order of the problem's seasons.
    now
        (C,) crews at each place today, as many in all as the problem has.
    people
        Officers in a crew, on average.
    aims
        What the posts are for.
    """

    station: Station
    plan: ResponsePlan
    problem: SitingProblem
    work: Work
    seasons: tuple[str, ...]
    now: I64
    people: float
    aims: Aims


def post_scene(station: Station, plan: ResponsePlan, aims: Aims) -> PostScene:
    """Return what posts are planned for.

    Parameters
    ----------
    station, plan
        What there is, and a compiled duty system.
    aims
        What the posts are for.

    Raises
    ------
    QinwuError
        Numbers that contradict each other, an atom or a season the station does not have, no calls, or too few crews for the calls.
    """
    raise_on_errors([*aims.findings(), *_unknown_atoms(station, aims), *_unknown_seasons(station, aims)])
    share = _share_on_duty(plan)
    own = plan.crew.external == 0
    people = float(np.average(plan.crew.people[own], weights=share[own] + 1e-9))
    source = read_source(station)
    work = work_of(station, source, people)
    posts_now = np.bincount(plan.crew.base[own], share[own], minlength=len(station.area))
    posts = aims.posts or int((posts_now > 0).sum())
    crews = aims.crews or max(posts * aims.least, round(float(share[own].sum())), 1)
    places = _places(station, aims)
    raise_on_errors(_contradictions(aims, posts, crews, places, work))
    problem = SitingProblem(
        _times(station, source, aims),
        np.array([share for _, share in aims.seasons] or [1.0]),
        np.bincount(source.atom, minlength=len(station.area)).astype(np.float64),
        limit_s(station, plan, aims),
        posts,
        crews,
        aims.least,
        np.isin(np.arange(len(station.area)), [station.base] if aims.hub else []),
        places,
    )
    seasons = tuple(name for name, _ in aims.seasons) or (station.config.travel.season,)
    return PostScene(station, plan, problem, work, seasons, shared_out(posts_now, crews), people, aims)


def limit_s(station: Station, plan: ResponsePlan, aims: Aims) -> float:
    """Return the seconds of travel within which a place is covered: as asked, or the promise less what passes before."""
    if aims.minutes is not None:
        return aims.minutes * 60.0
    promises = station.config.policy.limit_min
    before = plan.dispatching.call_taking_s + plan.dispatching.acknowledge_s + plan.dispatching.turnout_s
    return max(LEAST_LIMIT_S, promises[min(promises)] * 60.0 - before)


def work_of(station: Station, source: CallSource, people: float) -> Work:
    """Return what calls ask of crews of so many: journeys by atom, and how long a crew is busy with one, writing up included."""
    asked = np.array([one.officers for one in station.config.call_class])[source.call_class]
    needed = np.where(source.people > 0, source.people, asked)
    crews = np.ceil(needed / max(people, 1.0) - 1e-9)
    rate = np.bincount(source.atom, crews, minlength=len(station.area)) / (source.weeks * WEEK_S)
    busy = (source.service.on_scene_s + source.service.wrap_up_s)[source.call_class]
    return Work(rate, float(np.average(busy, weights=crews)))


def shared_out(amounts: NDArray[Any], whole: int) -> I64:
    """Return whole numbers in proportion to `amounts`, `whole` in all, by the largest remainders.

    >>> shared_out(np.array([2.6, 0.0, 1.5]), 4).tolist()
    [3, 0, 1]
    """
    exact = amounts * whole / max(float(amounts.sum()), 1e-12)
    floor = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - floor), kind="stable")
    floor[order[: whole - int(floor.sum())]] += 1
    return floor


def _share_on_duty(plan: ResponsePlan) -> F64:
    """Return (K,) the share of the cycle that each crew is on duty."""
    times = np.arange(0.5, plan.duty.cycle_s / HOUR_S) * HOUR_S
    return np.asarray(np.mean([on_duty(plan.duty, time) for time in times], axis=0), dtype=np.float64)


def _times(station: Station, source: CallSource, aims: Aims) -> F64:
    """Return (S, J, J) travel by season, at the hours at which calls come."""
    hours = (source.time_s // HOUR_S).astype(np.int64) % 168
    factor = float(station.area.travel.hour_factor[hours].mean())
    if not aims.seasons:
        return station.area.travel.base_s[None].astype(np.float64) * factor
    return np.array([_in_season(station, name) for name, _ in aims.seasons]) * factor


def _in_season(station: Station, season: str) -> F64:
    """Return (J, J) travel in a season, read anew where it is not the station's own."""
    from qinwu.station.survey import read_area

    travel = station.config.travel
    if season == travel.season:
        return station.area.travel.base_s.astype(np.float64)
    config = station.config.model_copy(update={"travel": travel.model_copy(update={"season": season})})
    area, findings = read_area(station.folder, config)
    if area is None:
        raise QinwuError(findings)
    return area.travel.base_s.astype(np.float64)


def _places(station: Station, aims: Aims) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return (C,) where a post may be: the atoms named, else all; the station house in any case."""
    area = station.area
    if not aims.possible:
        return np.ones(len(area), dtype=bool)
    return np.isin(np.arange(len(area)), [*(area.index[atom] for atom in aims.possible), station.base])


def _unknown_atoms(station: Station, aims: Aims) -> Iterator[Finding]:
    for atom in aims.possible:
        if atom not in station.area.index:
            near = did_you_mean(atom, station.area.index)
            remedy = N_("Did you mean {near}?") if near else N_("Use an id of the atoms file.")
            yield Finding("unknown-atom", "error", N_("There is no atom {atom}."), remedy, Place(), {"atom": atom, "near": near})


def _unknown_seasons(station: Station, aims: Aims) -> Iterator[Finding]:
    known = {"", *station.config.travel.class_factor}
    for name, _ in aims.seasons:
        if name not in known:
            message = N_("There are no road factors for the season {value}.")
            values = {"value": name, "known": ", ".join(sorted(known - {""})) or "—"}
            yield Finding("unknown-season", "error", message, N_("Seasons of this station: {known}."), Place(), values)


def _contradictions(
    aims: Aims, posts: int, crews: int, places: np.ndarray[tuple[int], np.dtype[np.bool_]], work: Work
) -> Iterator[Finding]:
    if posts > int(places.sum()):
        message, remedy = N_("{posts} posts do not fit into {places} places."), N_("Ask for fewer posts, or name more places.")
        yield Finding("more-posts-than-places", "error", message, remedy, Place(), {"posts": posts, "places": int(places.sum())})
    if crews < posts * aims.least:
        message = N_("{crews} crews are too few for {posts} posts with {least} each.")
        remedy = N_("The cheapest way out: {fits} posts, or {needs} crews.")
        values = {"crews": crews, "posts": posts, "least": aims.least, "fits": crews // aims.least, "needs": posts * aims.least}
        yield Finding("too-few-crews-for-posts", "error", message, remedy, Place(), values)
    if work.load >= crews:
        message = N_("The calls keep {load:.1f} crews busy on scene alone; {crews} cannot answer them.")
        remedy = N_("At least {needs} crews have to be on duty, and more for their journeys.")
        asked: dict[str, float] = {"load": work.load, "crews": crews, "needs": int(work.load) + 1}
        yield Finding("crews-overloaded", "error", message, remedy, Place(), asked)
