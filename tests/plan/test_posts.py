"""Posts: siting models against every choice, answers against the exact hypercube, service points, stations divided anew."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from threading import Timer

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.plan.effort import Effort
from qinwu.plan.posts.aims import Aims
from qinwu.plan.posts.answering import Work, answered, least_wait
from qinwu.plan.posts.improving import bases_of, improved
from qinwu.plan.posts.ladder import Rung, enough
from qinwu.plan.posts.models import interchange, max_backup, max_cover, max_expected_cover, min_distance
from qinwu.plan.posts.planning import plan_posts
from qinwu.plan.posts.problem import F64, I64, SitingProblem
from qinwu.plan.posts.scene import post_scene
from qinwu.plan.posts.service import ServiceAims, plan_service_points
from qinwu.plan.posts.stations import StationsProblem, plan_stations, stations_problem
from qinwu.plan.posts.stations_part import stations_of, stations_part
from qinwu.queueing.cube import hypercube, preference_lists
from qinwu.queueing.erlang import wait_mean
from qinwu.station.station import Station
from tests.stations import grid_area, officers, six_atom_system, station

Plan = tuple[Station, DutySystem]
BUSY = 0.3


def siting(seed: int, *, places: int = 7, atoms: int = 9, posts: int = 3, crews: int = 4, seasons: int = 1) -> SitingProblem:
    """Return points at random in a square; the second season takes twice as long, the first place must have a post."""
    rng = np.random.default_rng(seed)
    where, calls = rng.random((places, 2)), rng.random((atoms, 2))
    times = np.hypot(*np.moveaxis(where[:, None] - calls[None], 2, 0)) + 0.001
    factor = (1.0 + np.arange(seasons))[:, None, None]
    must = np.arange(places) == 0
    share = np.full(seasons, 1.0 / seasons)
    return SitingProblem(times * factor, share, rng.random(atoms), 0.35, posts, crews, 1, must, np.ones(places, dtype=bool))


def choices(problem: SitingProblem) -> Iterator[I64]:
    """Yield every allowed set of posts."""
    for sites in combinations(range(problem.places), problem.posts):
        if set(np.flatnonzero(problem.needed)) <= set(sites):
            yield np.array(sites)


def crewed(problem: SitingProblem) -> Iterator[I64]:
    """Yield every allowed place of each crew."""
    for sites in choices(problem):
        for each in product(range(problem.least, problem.crews + 1), repeat=problem.posts):
            if sum(each) == problem.crews:
                yield np.repeat(sites, each)


@pytest.mark.parametrize("seed", range(8))
def test_models_against_every_choice(seed: int) -> None:
    """Coverage, backup, expected coverage and distance reach the best of all choices, in one season and in two."""
    problem = siting(seed, seasons=1 + seed % 2)
    covers = {crews.tobytes(): [problem.covered(crews, k) for k in range(1, problem.crews + 1)] for crews in crewed(problem)}
    known = {
        max_cover: 1.0 - max(problem.covered(sites) for sites in choices(problem)),
        max_backup: 1.0 - max(0.5 * one + 0.5 * two for one, two, *_ in covers.values()),
        min_distance: min(problem.mean_travel(sites) for sites in choices(problem)),
    }
    for model, value in known.items():
        found = model(problem, Effort(20.0).begin())
        assert found.value == pytest.approx(value, abs=1e-7)
        assert found.bound == pytest.approx(value, abs=1e-6)
        assert found.crews.sum() == problem.crews
        assert problem.needed[0] <= (0 in found.sites)
    gains = [(1.0 - BUSY) * BUSY**k for k in range(problem.crews)]
    expected = 1.0 - max(sum(gain * cover for gain, cover in zip(gains, each, strict=True)) for each in covers.values())
    assert max_expected_cover(problem, BUSY, Effort(20.0).begin()).value == pytest.approx(expected, abs=1e-7)


def test_interchange_is_not_improved_by_one_move() -> None:
    """No single post moved makes calls nearer."""
    problem = siting(3, places=20, atoms=40, posts=4)
    sites = interchange(problem)
    now = problem.mean_travel(sites)
    for at, new in product(range(1, len(sites)), range(problem.places)):
        if new not in sites:
            moved = sites.copy()
            moved[at] = new
            assert problem.mean_travel(moved) >= now - 1e-9


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_models_against_spopt() -> None:
    """The maximal coverage and the p-median of spopt have the same objective."""
    locate = pytest.importorskip("spopt.locate")
    pulp = pytest.importorskip("pulp")
    problem = siting(1, places=12, atoms=30, posts=4)
    free = replace(problem, needed=np.zeros(12, dtype=bool))
    cost = free.times[0].T
    solver = pulp.HiGHS(msg=False)
    median = locate.PMedian.from_cost_matrix(cost, free.weight, p_facilities=4).solve(solver)
    assert min_distance(free, Effort(20.0).begin()).value == pytest.approx(median.problem.objective.value() / free.weight.sum())
    cover = locate.MCLP.from_cost_matrix(cost, free.weight, free.limit_s, p_facilities=4).solve(solver)
    left = 1.0 - cover.problem.objective.value() / free.weight.sum()
    assert max_cover(free, Effort(20.0).begin()).value == pytest.approx(left)


def test_answers_against_the_exact_hypercube() -> None:
    """Five crews at three posts: response near that of all 32 states, travel counted into the time a crew is busy."""
    problem = siting(2, crews=5)
    minutes = replace(problem, times=problem.times * 600.0, limit_s=210.0)
    work, bases = Work(minutes.weight / minutes.weight.sum() / 900.0, 1800.0), np.array([0, 0, 2, 4, 4])
    found = answered(minutes, work, bases)
    lists, ties = preference_lists(minutes.times[0, bases])
    travel, rates = minutes.times[0, bases], np.full(5, 1.0 / work.service_s)
    exact = hypercube(work.rate, lists, rates, travel, ties=ties, travel_in_service=True)
    assert found.travel_s == pytest.approx(exact.mean_travel, rel=0.04)
    assert found.wait_s == pytest.approx(exact.mean_wait, rel=0.1)
    assert found.response_s == pytest.approx(found.travel_s + found.wait_s)
    assert found.workload.sum() == pytest.approx(exact.workload.sum(), rel=0.02)


def test_too_many_calls_are_never_answered() -> None:
    """Crews that cannot keep up have an infinite response, and the bound says so."""
    problem = replace(siting(0), times=siting(0).times * 600.0)
    work = Work(np.full(9, 1.0 / 600.0), 3600.0)
    assert math.isinf(answered(problem, work, np.zeros(4, dtype=np.int64)).response_s)
    assert math.isinf(least_wait(problem, work))


def test_no_choice_is_below_the_bound() -> None:
    """The bound of the response, travel from the nearest post and the least wait, holds for every choice of posts and crews."""
    problem = replace(siting(4), times=siting(4).times * 900.0)
    work = Work(problem.weight / problem.weight.sum() / 700.0, 1500.0)
    bound = min_distance(problem, Effort(20.0).begin()).bound + least_wait(problem, work)
    every = [answered(problem, work, crews).response_s for crews in crewed(problem)]
    assert bound <= min(every) + 1e-6
    start = np.bincount(next(crewed(problem)), minlength=problem.places)
    crews, best = improved(problem, work, start, Effort(20.0).begin(), bound)
    assert best.response_s <= every[0] + 1e-9
    assert (crews.sum(), (crews > 0).sum(), crews[0] > 0) == (4, 3, True)
    assert best.response_s <= 1.03 * min(every)


def corner() -> Plan:
    """Return eight atoms in a row with the station house at one end and all calls at the other."""
    rows = [(hour * 1.0, "help", "a8" if hour % 3 else "a7") for hour in range(1, 330)]
    place = station(grid_area(8, 1), officers(6, 3), rows=rows)
    beats = [{"id": f"B{n}", "atoms": [f"a{2 * n - 1}", f"a{2 * n}"], "officer": f"P0{n}"} for n in range(1, 5)]
    return place, DutySystem.model_validate({**six_atom_system().model_dump(exclude_defaults=True), "beat": beats})


def test_a_post_is_put_where_the_calls_are() -> None:
    """With the house at the wrong end, the second post stands at the calls, and their beat belongs to it."""
    place, system = corner()
    plan = plan_posts(place, system, compile_plan(place, system), Aims(posts=2, crews=3), Effort(20.0))
    part = plan.part()
    assert plan.chosen.crews[7] >= 1
    assert plan.chosen.answered.response_s < 0.5 * plan.before.answered.response_s
    assert plan.proof.bound <= plan.proof.value
    (unit,) = part["unit"]
    assert (unit["base_atom"], unit["level"], unit["parent"]) == ("a8", "outpost", "station")
    assert {each["id"]: each["unit"] for each in part["beat"]}["B4"] == unit["id"]
    assert [each.place for each in plan.closed] == [7]
    assert plan.closed[0].answered.response_s == pytest.approx(plan.before.answered.response_s, rel=0.05)
    again = plan_posts(place, system, compile_plan(place, system), Aims(posts=2, crews=3), Effort(20.0), start=plan)
    assert again.proof.value <= plan.proof.value + 1e-9


def test_as_many_posts_are_planned_as_are_worth_it() -> None:
    """All calls are in two places beside each other: a post there is worth it, and no more posts than are worth it are planned."""
    place, system = corner()
    plan = plan_posts(place, system, compile_plan(place, system), Aims(crews=3), Effort(20.0))
    assert [rung.posts for rung in plan.rungs] == [1, 2, 3]
    assert all(((rung.crews > 0).sum(), rung.crews.sum()) == (rung.posts, 3) for rung in plan.rungs)
    one, two, three = (rung.answered.response_s for rung in plan.rungs)
    assert two < 0.97 * one
    assert len(plan.posts) == (3 if three < 0.97 * two else 2)
    told = [
        Rung(count, plan.chosen.crews, replace(plan.chosen.answered, response_s=s))
        for count, s in enumerate((9.0, 9.0, 8.9, 5.0, 4.9), 1)
    ]
    assert [enough(told), enough(told[:3]), enough(told[:1])] == [4, 1, 1]


def test_outposts_there_are_keep_their_names() -> None:
    """An outpost moves under its own id; one too many is removed."""
    place, system = corner()
    outposts = [
        {"id": name, "name": {"zh": name}, "level": "outpost", "parent": "station", "base_atom": at}
        for name, at in (("x", "a6"), ("y", "a2"))
    ]
    more = DutySystem.model_validate(
        {**system.model_dump(exclude_defaults=True), "unit": [system.unit[0].model_dump(exclude_defaults=True), *outposts]}
    )
    plan = plan_posts(place, more, compile_plan(place, more), Aims(posts=2, crews=3), Effort(20.0))
    assert plan.part()["unit"] == [{"id": "x", "base_atom": "a8"}, {"id": "y", "remove": True}]


@pytest.mark.parametrize(
    ("aims", "code"),
    [
        (Aims(posts=9), "more-posts-than-places"),
        (Aims(posts=3, crews=4, least=2), "too-few-crews-for-posts"),
        (Aims(posts=0), "bad-number"),
        (Aims(minutes=-1.0), "bad-limit"),
        (Aims(seasons=(("winter", 1.0),)), "unknown-season"),
        (Aims(seasons=(("", 0.4),)), "bad-seasons"),
        (Aims(possible=("a99",)), "unknown-atom"),
    ],
)
def test_contradictions_are_refused(aims: Aims, code: str) -> None:
    """Every aim that cannot be met is refused with a remedy."""
    place, system = corner()
    with pytest.raises(QinwuError) as caught:
        post_scene(place, compile_plan(place, system), aims)
    assert [finding.code for finding in caught.value.findings] == [code]
    assert all(finding.remedy for finding in caught.value.findings)


def test_too_few_crews_for_the_calls_are_refused() -> None:
    """One crew for calls that keep more than one busy: refused, with how many it takes."""
    rows = [(hour / 8.0, "robbery", "a1") for hour in range(1, 1300)]
    place = station(grid_area(3, 2), officers(6, 3), rows=rows)
    with pytest.raises(QinwuError) as caught:
        post_scene(place, compile_plan(place, six_atom_system()), Aims(posts=1, crews=1))
    (finding,) = caught.value.findings
    assert finding.code == "crews-overloaded"
    assert int(str(finding.values["needs"])) > 1


def test_service_points_and_their_lines() -> None:
    """Two points in a row of eight reach everybody; staff is the fewest whose M/M/c line is short enough."""
    place, system = corner()
    aims = ServiceAims(points=2, minutes=40.0, visits_per_1000=400.0, wait_min=5.0)
    plan = plan_service_points(place, aims, Effort(20.0), post_scene(place, compile_plan(place, system), Aims(posts=1, crews=3)))
    assert plan.reached > plan.reached_before
    assert plan.proof.status == "optimal"
    assert sum(each.residents for each in plan.counters) == pytest.approx(4000.0)
    for each in plan.counters:
        load = each.visits_h * aims.visit_min / 60.0
        assert each.wait_min == pytest.approx(float(wait_mean(each.staff, load, aims.visit_min)))
        assert each.wait_min <= 5.0
        assert each.staff - 1 <= load or float(wait_mean(each.staff - 1, load, aims.visit_min)) > 5.0
    assert plan.response is not None
    assert plan.response_open is not None
    assert plan.response_open.response_s >= plan.response.response_s


def halves(spread: float, work: F64 | None = None) -> tuple[Station, StationsProblem]:
    """Return two stations in a row of eight atoms, one with six of them and one with two."""
    place = station(grid_area(8, 1), officers(4))
    today = {f"a{n}": "big" if n <= 6 else "small" for n in range(1, 9)}
    given = np.ones(8) if work is None else work
    return place, stations_problem(place.area, given, {"big": "a1", "small": "a8"}, today, {}, spread)


def every_division(problem: StationsProblem) -> Iterator[I64]:
    """Yield every division of a row of atoms between two stations in one piece each."""
    for cut in range(1, 8):
        yield np.array([0] * cut + [1] * (8 - cut))


@pytest.mark.parametrize("spread", [0.05, 0.3, 0.6])
def test_stations_against_every_division(spread: float) -> None:
    """The cut of the row is the best of all within the spread."""
    work = np.array([3.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 4.0])
    _, problem = halves(spread, work)
    allowed = [of for of in every_division(problem) if np.abs(problem.loads(of) - 1.0).max() <= spread + 1e-9]
    plan = plan_stations(problem, Effort(20.0))
    assert plan.proof.status == "optimal"
    assert any((plan.of == of).all() for of in allowed)
    assert problem.mean_travel(plan.of) <= min(problem.mean_travel(of) for of in allowed) * 1.03


def test_a_spread_that_is_too_narrow_names_the_least() -> None:
    """Work that lies in lumps cannot be halved: refused, with the least spread that works."""
    _, problem = halves(0.01, np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 8.0]))
    with pytest.raises(QinwuError) as caught:
        plan_stations(problem, Effort(20.0))
    (finding,) = caught.value.findings
    assert finding.code == "spread-too-narrow"
    assert finding.values["least"] == pytest.approx(8.0 / 7.5 - 1.0, abs=0.001)


def test_stations_need_an_area_in_one_piece_and_houses_apart() -> None:
    """Two houses in one atom, unknown atoms, one station only."""
    place, _ = halves(0.5)
    for houses, code in (
        ({"big": "a1", "small": "a1"}, "houses-in-one-atom"),
        ({"big": "a1", "small": "a0"}, "unknown-atom"),
        ({"big": "a1"}, "too-few-stations"),
    ):
        with pytest.raises(QinwuError) as caught:
            stations_problem(place.area, np.ones(8), houses, {}, {}, 0.1)
        assert code in {finding.code for finding in caught.value.findings}


def test_new_areas_as_beats() -> None:
    """Atoms that change their unit join a beat of the new one; every atom stays in exactly one beat."""
    place = station(grid_area(8, 1), officers(4))
    units = [
        {"id": name, "name": {"zh": name}, "level": "station", "base_atom": at} for name, at in (("big", "a1"), ("small", "a8"))
    ]
    cut = {"B1": ("big", ["a1", "a2", "a3"]), "B2": ("big", ["a4", "a5", "a6"]), "B3": ("small", ["a7", "a8"])}
    beats = [{"id": beat, "unit": unit, "atoms": atoms} for beat, (unit, atoms) in cut.items()]
    system = DutySystem.model_validate({"id": "two", "name": {"zh": "两所", "en": "Two"}, "unit": units, "beat": beats})
    problem = stations_of(system, place.area, np.ones(8), 0.15)
    assert problem.due.tolist() == pytest.approx([16.0 / 3.0, 8.0 / 3.0])
    plan = plan_stations(problem, Effort(20.0))
    told = {each["id"]: each["atoms"] for each in stations_part(system, place.area, plan)["beat"]}
    assert told == {"B2": ["a4", "a5"], "B3": ["a6", "a7", "a8"]}


def test_stopped_it_gives_what_it_has() -> None:
    """Stopped in the middle, posts are placed and the plan says it was interrupted."""
    place, system = corner()
    effort = Effort(30.0)
    Timer(0.05, effort.stop.set).start()
    plan = plan_posts(place, system, compile_plan(place, system), Aims(posts=3, crews=4), effort)
    assert bases_of(plan.chosen.crews).size == 4
