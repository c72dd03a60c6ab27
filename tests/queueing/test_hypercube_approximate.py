"""The approximate hypercube against the exact one, against independent queues, and by what must hold anyway."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.queueing.cube import hypercube, preference_lists
from tests.queueing.hypercubes import City, cities, erlang_delay, erlang_loss, random_city, shortened

LINES = ("infinite", "zero")
SEEDS = range(8)
MOST_ERROR = 0.03


def workload_error(city: City, line: str) -> float:
    """Return the mean error of workloads relative to their mean."""
    exact = city.solved(line=line, tol=1e-8).workload
    near = city.solved(line=line, method="approximate", tol=1e-6).workload
    return float(np.abs(near - exact).mean() / exact.mean())


def worst(cities_: list[City], line: str) -> float:
    """Return the error of the worst city."""
    return max(workload_error(city, line) for city in cities_)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("load", [0.2, 0.3, 0.5, 0.7, 0.9])
def test_workloads_of_twelve_crews(load: float, line: str) -> None:
    """The mean error of a city; measured: 0.2-1.5 % on average by load, 2.0 % in the worst city of all."""
    assert worst([random_city(12, load, seed) for seed in SEEDS], line) < MOST_ERROR


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("load", [0.3, 0.5, 0.7, 0.9])
def test_mean_travel_of_twelve_crews(load: float, line: str) -> None:
    """Measured: short by 0.6-1.8 % on average by load, by 2.8 % at most; calls out of their beat to 1.1 points."""
    for city in (random_city(12, load, seed) for seed in SEEDS):
        exact = city.solved(line=line, tol=1e-8)
        near = city.solved(line=line, method="approximate", tol=1e-6)
        assert near.mean_travel == pytest.approx(exact.mean_travel, rel=0.03)
        assert city.borrowed(near) == pytest.approx(city.borrowed(exact), abs=0.015)


@pytest.mark.parametrize("load", [0.3, 0.5, 0.9])
def test_workloads_of_crews_of_different_speed(load: float) -> None:
    """Service rates up to three times each other; measured: 0.2-1.4 % on average, 1.9 % at most."""
    speeds = [np.random.default_rng(seed).uniform(0.5, 1.5, 10) for seed in SEEDS]
    towns = [
        city._replace(service_rates=speed, rates=city.rates * speed.mean())
        for city, speed in ((random_city(10, load, seed), speeds[seed]) for seed in SEEDS)
    ]
    assert worst(towns, "infinite") < MOST_ERROR


@pytest.mark.parametrize("most", [2, 3, 5, 8])
@pytest.mark.parametrize("load", [0.3, 0.7, 1.5])
def test_short_lists_without_a_line(load: float, most: int) -> None:
    """Only the nearest few go; measured: workloads 0.6-1.5 % on average, 2.1 % at most; lost calls to 2.7 points."""
    towns = [shortened(random_city(10, load, seed), most) for seed in SEEDS]
    assert worst(towns, "zero") < MOST_ERROR
    for city in towns:
        exact, near = city.solved(line="zero", tol=1e-8), city.solved(line="zero", method="approximate", tol=1e-6)
        assert near.p_lost == pytest.approx(exact.p_lost, abs=0.03)


@pytest.mark.parametrize("line", LINES)
def test_crews_who_share_nothing(line: str) -> None:
    """Each crew alone in its beat: the approximation is exact, call by call."""
    loads = np.array([0.2, 0.5, 0.8, 0.35])
    lists = np.full((4, 4), -1)
    lists[:, 0] = np.arange(4)
    city = City(loads, lists, np.ones(4), np.zeros((4, 4), bool), np.eye(4))
    result = city.solved(line=line, method="approximate", tol=1e-10)
    busy = loads if line == "infinite" else loads / (1.0 + loads)
    assert result.workload == pytest.approx(busy, abs=1e-8)
    delayed = float(loads @ busy / loads.sum())
    assert (result.p_delay, result.p_lost) == pytest.approx((delayed, 0.0) if line == "infinite" else (0.0, delayed), abs=1e-8)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("load", [0.5, 0.9])
@pytest.mark.parametrize("crews", [1, 2, 40, 300])
def test_any_number_of_crews(crews: int, load: float, line: str) -> None:
    """One crew to three hundred: all calls are carried, every one by somebody, and as many wait or are lost as Erlang says."""
    city = random_city(crews, load, seed=2, atoms=200)
    result = city.solved(line=line, method="approximate", tol=1e-9)
    waiting, lost = erlang_delay(crews, load * crews), erlang_loss(crews, load * crews)
    assert (result.p_delay, result.p_lost) == pytest.approx((waiting, 0.0) if line == "infinite" else (0.0, lost), abs=1e-7)
    assert result.dispatch_share.sum() == pytest.approx(1.0, abs=1e-9)
    assert result.dispatch_share.min() >= 0.0
    assert result.dispatch_share.sum(axis=0) == pytest.approx(city.rates / city.rates.sum(), abs=1e-9)
    assert result.workload.sum() == pytest.approx(load * crews * (1.0 - result.p_lost), rel=1e-6)
    assert result.states is None


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("crews", [40, 300])
def test_everybody_equally_good(crews: int, line: str) -> None:
    """A tie of all crews is fair and Erlang's."""
    ties = np.arange(crews)[None] > 0
    city = City(np.array([0.8 * crews]), np.arange(crews)[None], np.ones(crews), ties)
    result = city.solved(line=line, method="approximate")
    lost = erlang_loss(crews, 0.8 * crews) if line == "zero" else 0.0
    assert result.workload == pytest.approx(np.full(crews, 0.8 * (1.0 - lost)), abs=1e-6)
    assert result.dispatch_share.sum(axis=1) == pytest.approx(np.full(crews, 1.0 / crews), abs=1e-9)


@pytest.mark.parametrize("load", [0.3, 0.7])
def test_large_ties(load: float) -> None:
    """Travel in thirds of a city: several crews tie almost everywhere; measured: 0.4-0.9 % on average, 1.2 % at most."""

    def coarse(city: City) -> City:
        assert city.travel is not None
        lists, ties = preference_lists((3.0 * city.travel).round())
        assert ties.mean() > 0.5
        return city._replace(preferences=lists, ties=ties)

    assert worst([coarse(random_city(10, load, seed)) for seed in SEEDS], "infinite") < MOST_ERROR


@settings(deadline=None, max_examples=50)
@given(cities(most_load=0.8), st.integers(0, 6), st.integers(2, 4))
def test_equals_take_turns(city: City, place: int, size: int) -> None:
    """As in the exact model, a tie is the mean of all its orders; crews of one speed."""
    city = city._replace(service_rates=np.ones(len(city.service_rates)))
    row, crews = city.preferences[0], len(city.service_rates)
    first = place % crews
    last = min(first + size, crews)
    tied, apart = city.ties.copy(), city.ties[0].copy()
    apart[first : last + 1] = False
    tied[0] = apart
    tied[0, first + 1 : last] = True
    rows = [np.concatenate([row[:first], order, row[last:]]) for order in permutations(row[first:last])]
    orders = City(
        np.append(np.full(len(rows), city.rates[0] / len(rows)), city.rates[1:]),
        np.vstack([*rows, city.preferences[1:]]),
        city.service_rates,
        np.vstack([*[apart] * len(rows), city.ties[1:]]),
    )
    one, other = (c.solved(line="zero", method="approximate", tol=1e-6) for c in (city._replace(ties=tied), orders))
    assert one.workload == pytest.approx(other.workload, abs=1e-5)


@pytest.mark.parametrize("seed", [0, 1])
def test_hundreds_of_crews_settle(seed: int) -> None:
    """Three hundred crews at 85 % of their time: rare states far down long lists count, and the rounds come to an end."""
    city = random_city(300, 0.85, seed, atoms=500)
    answer = hypercube(city.rates, city.preferences, city.service_rates, method="approximate", tol=1e-6)
    assert answer.workload.sum() == pytest.approx(city.rates.sum() / city.service_rates[0], rel=1e-4)
