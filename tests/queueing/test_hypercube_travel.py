"""Travel of the hypercube: its means agree, calls that wait travel from other calls, travel counts into service."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.queueing.cube import HypercubeResult, hypercube
from qinwu.queueing.numbers import UnstableError
from tests.queueing.hypercubes import City, by_brute_force, cities, random_city

MOST_ERROR = 1e-8
METHODS = ("exact", "approximate")
either_line = st.one_of(
    st.tuples(cities(travel=True), st.just("infinite")),
    st.tuples(cities(most_load=5.0, partial=True, travel=True), st.just("zero")),
)


def means_agree(city: City, result: HypercubeResult) -> None:
    """Require travel by atom and by crew to average to the mean over all served calls."""
    for share, travel in (
        (result.dispatch_share.sum(axis=0), result.travel_by_atom),
        (result.dispatch_share.sum(axis=1), result.travel_by_crew),
    ):
        assert share @ np.where(share > 1e-12, travel, 0.0) == pytest.approx(result.mean_travel, abs=1e-7)


@settings(deadline=None)
@given(either_line, st.sampled_from(METHODS))
def test_means_by_atom_and_by_crew_are_of_the_same_calls(case: tuple[City, str], method: str) -> None:
    """Both average to the mean, with either line and method."""
    city, line = case
    means_agree(city, city.solved(line=line, method=method, tol=1e-9 if method == "exact" else 1e-3))


@settings(deadline=None)
@given(cities(most_load=5.0, partial=True, travel=True))
def test_who_goes_says_how_far(city: City) -> None:
    """Without a line, travel is the mean over who goes where, from brute force."""
    assert city.travel is not None
    share = by_brute_force(city, "zero").undelayed
    result = city.solved(line="zero")
    assert result.mean_travel == pytest.approx((share * city.travel).sum(), abs=MOST_ERROR)
    gone = share.sum(axis=1)
    by_crew = (share * city.travel).sum(axis=1)[gone > 1e-6] / gone[gone > 1e-6]
    assert result.travel_by_crew[gone > 1e-6] == pytest.approx(by_crew, abs=1e-5)
    came = share.sum(axis=0)
    by_atom = (share * city.travel).sum(axis=0)[came > 1e-6] / came[came > 1e-6]
    assert result.travel_by_atom[came > 1e-6] == pytest.approx(by_atom, abs=1e-5)


def test_calls_that_wait_get_a_crew_from_another_call() -> None:
    """Larson's T_Q: two independent calls, whatever crews would have been near."""
    city = random_city(6, 0.8, seed=2)
    assert city.between is not None
    part = city.rates / city.rates.sum()
    result, nearer = city.solved(), city.solved(between=city.between / 2)
    assert result.mean_travel - nearer.mean_travel == pytest.approx(result.p_delay * part @ city.between @ part / 2, abs=MOST_ERROR)
    means_agree(city, result)


def test_without_times_between_atoms_they_start_where_they_are_when_free() -> None:
    """Two crews, of whom the quicker is free next twice as often."""
    travel = np.array([[1.0, 4.0], [7.0, 7.0]])
    city = City(np.array([0.75, 1.5]), np.array([[0, 1], [0, 1]]), np.array([2.0, 1.0]), np.zeros((2, 2), bool), travel)
    result = city.solved()
    late = result.mean_travel - float((result.undelayed_share * travel).sum())
    assert late == pytest.approx(result.p_delay * (2 / 3 * 3.0 + 1 / 3 * 7.0), abs=MOST_ERROR)


def test_without_travel_there_are_no_figures() -> None:
    """And none are made up."""
    result = random_city(4, 0.5, seed=1).solved(travel=None, between=None)
    assert np.isnan([result.mean_travel, *result.travel_by_atom, *result.travel_by_crew]).all()


def town(crews: int, load: float, seed: int, **more: Any) -> City:
    """Return a city where work on scene takes 30 minutes and crews are sized for three minutes' travel on top of it."""
    city = random_city(crews, load, seed)
    assert city.travel is not None
    assert city.between is not None
    nearest = np.average(city.travel.min(axis=0), weights=city.rates)
    minutes = 3.0 / nearest
    return city._replace(
        rates=city.rates / 33.0,
        service_rates=np.full(crews, 1.0 / 30.0),
        travel=city.travel * minutes,
        between=city.between * minutes,
    )


@pytest.mark.parametrize("line", ["infinite", "zero"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("load", [0.3, 0.6])
def test_service_is_work_and_own_travel(load: float, method: str, line: str) -> None:
    """At the fixed point each crew's service is its work on scene and its own mean travel, and a plain solution says the same."""
    city = town(8, load, seed=4)
    result = city.solved(line=line, method=method, travel_in_service=True)
    assert 1.0 / result.service_rates == pytest.approx(30.0 + result.travel_by_crew, abs=1e-6)
    plain = city._replace(service_rates=result.service_rates).solved(line=line, method=method)
    assert result.workload == pytest.approx(plain.workload, abs=1e-6)
    assert result.workload.mean() > city.solved(line=line, method=method).workload.mean() + 0.01


@pytest.mark.parametrize(("method", "crews"), [("exact", 12), ("approximate", 40)])
def test_a_plan_for_the_nearest_crew_may_have_no_steady_state(method: str, crews: int) -> None:
    """The trap: sized for 0.8 at 30 + 3 minutes; the busier, the farther crews come from, until the line grows for ever."""
    city = town(crews, 0.8, seed=2)
    nominal = city._replace(service_rates=np.full(crews, 1.0 / 33.0)).solved(method=method, tol=1e-6)
    assert nominal.workload.mean() == pytest.approx(0.8, abs=1e-5)
    with pytest.raises(UnstableError) as raised:
        city.solved(method=method, travel_in_service=True, tol=1e-6)
    assert [finding.code for finding in raised.value.findings] == ["no-steady-state"]


def test_far_crews_who_seldom_go_do_not_overload_the_plan() -> None:
    """A hundred crews: with cross-town travel for every call they would be overloaded, with their own they are not."""
    city = random_city(100, 0.48, seed=1, atoms=300)
    assert city.travel is not None
    travel = city.travel * 1.8
    assert (1.0 / (1.0 + np.average(travel, axis=1, weights=city.rates))).sum() < city.rates.sum()
    result = city._replace(travel=travel, between=None).solved(method="approximate", tol=1e-6, travel_in_service=True)
    assert result.workload.mean() < 0.6


def test_crews_of_short_lists_come_from_their_own_calls() -> None:
    """Two crews with an atom each and nobody else's: waiting calls are served on the spot, also without times between atoms."""
    answer = hypercube([0.7, 0.3], [[0, -1], [1, -1]], [1.0, 1.0], [[1.0, 100.0], [100.0, 1.0]], method="approximate")
    assert answer.mean_travel == pytest.approx(1.0)
    assert answer.travel_by_crew == pytest.approx([1.0, 1.0])


def test_waiting_calls_do_not_mix_the_ways_of_crews() -> None:
    """A crew that is near everything stays so for calls that wait."""
    answer = hypercube([0.9, 0.9], [[0, 1], [0, 1]], [1.0, 1.0], [[1.0, 1.0], [10.0, 10.0]])
    assert answer.travel_by_crew == pytest.approx([1.0, 10.0])


def test_atoms_without_calls_have_the_way_of_who_would_come() -> None:
    """The first of the list, where it is mostly free."""
    answer = hypercube([0.001, 0.0], [[0, 1], [1, 0]], [1.0, 1.0], [[1.0, 9.0], [9.0, 1.0]], line="zero")
    assert answer.travel_by_atom == pytest.approx([1.0, 1.0], abs=0.02)
