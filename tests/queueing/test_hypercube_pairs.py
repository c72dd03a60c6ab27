"""Calls for two crews (Chelst & Barlach 1981) against brute force, and against the plain hypercube where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.queueing.cube import HypercubeResult, PairCalls
from tests.queueing.hypercubes import F64, City, cities, pairs_by_brute_force, random_city

MOST_ERROR = 1e-8
untied = cities(most_crews=5, most_load=3.0, partial=True, travel=True).map(
    lambda city: city._replace(ties=np.zeros_like(city.ties))
)
shares = st.lists(st.sampled_from([0.0, 0.2, 1.0, 3.0]), min_size=8, max_size=8)


def with_pairs(city: City, pair_rates: F64) -> tuple[HypercubeResult, PairCalls]:
    """Return the answer and its part on pair calls."""
    result = city.solved(line="zero", tol=1e-10, pair_rates=pair_rates)
    assert result.pairs is not None
    return result, result.pairs


@settings(deadline=None, max_examples=150)
@given(untied, shares)
def test_all_balance_equations(city: City, share: list[float]) -> None:
    """Up to five crews, short lists: states, workloads, who goes first and second, who goes alone, how long they travel."""
    pair_rates = city.rates * np.array(share[: len(city.rates)])
    result, pairs = with_pairs(city, pair_rates)
    truth = pairs_by_brute_force(city, pair_rates)
    assert result.states is not None
    assert np.abs(result.states - truth.states).sum() <= MOST_ERROR
    for name in ("workload", "dispatch_share", "p_lost"):
        assert getattr(result, name) == pytest.approx(getattr(truth, name), abs=MOST_ERROR)
    assert result.p_full == pytest.approx(truth.states[-1], abs=MOST_ERROR)
    if pair_rates.any():
        assert pairs.dispatch_share == pytest.approx(truth.pair_share, abs=1e-6)
        for name in ("p_one_only", "p_none"):
            assert getattr(pairs, name) == pytest.approx(getattr(truth, name), abs=MOST_ERROR)
        for name in ("first_travel", "second_travel"):
            assert getattr(pairs, name) == pytest.approx(getattr(truth, name), abs=1e-6, nan_ok=True)


@settings(deadline=None)
@given(untied)
def test_without_pair_calls_it_is_the_plain_hypercube(city: City) -> None:
    """The other solver, the same answer."""
    paired, pairs = with_pairs(city, np.zeros(len(city.rates)))
    plain = city.solved(line="zero", tol=1e-10)
    for name in ("workload", "dispatch_share", "states", "p_lost", "p_full", "mean_travel", "travel_by_crew"):
        assert getattr(paired, name) == pytest.approx(getattr(plain, name), abs=MOST_ERROR, nan_ok=True)
    assert (pairs.p_one_only, pairs.dispatch_share.sum()) == (0.0, 0.0)
    assert np.isnan(pairs.first_travel)


def test_two_crews_who_always_go_together() -> None:
    """Two crews, one atom: by hand. States none, one and both busy, calls 1 and 2 per unit of time for one and for two."""
    city = City(np.array([1.0]), np.array([[0, 1]]), np.ones(2), np.zeros((1, 2), bool), np.array([[2.0], [1.0]]))
    result, pairs = with_pairs(city, np.array([2.0]))
    # Out of none: 3 calls, one busy after 1 of them and both after 2. Out of one: 3 calls (all take the free crew), 1 done.
    # Out of both: 2 done. Balance: 3 a = b, 2 c = 2 a + 3 b.
    none, one, both = np.array([1.0, 3.0, 5.5]) / 9.5
    assert result.p_full == pytest.approx(both, abs=MOST_ERROR)
    assert result.workload.sum() == pytest.approx(one + 2 * both, abs=MOST_ERROR)
    assert (pairs.p_one_only, pairs.p_none) == pytest.approx((one, both), abs=MOST_ERROR)
    assert (pairs.first_travel, pairs.second_travel) == pytest.approx((1.0, 2.0), abs=MOST_ERROR)
    assert pairs.dispatch_share.sum() == pytest.approx((one + 2 * none) / (one + none), abs=MOST_ERROR)


def test_a_city_sends_pairs() -> None:
    """Ten crews: what comes in is what they finish, and the second crew comes from farther away."""
    city = random_city(10, 0.3, seed=1)
    result, pairs = with_pairs(city, city.rates / 2)
    calls = city.rates.sum()
    crews_sent = (
        calls * (1.0 - result.p_lost) + calls / 2 * (1.0 - result.p_lost) + calls / 2 * (1.0 - pairs.p_none - pairs.p_one_only)
    )
    assert result.workload.sum() == pytest.approx(crews_sent, abs=1e-7)
    assert pairs.second_travel > pairs.first_travel > 0.0
    assert pairs.dispatch_share.sum() == pytest.approx(2.0 - pairs.p_one_only / (1.0 - pairs.p_none), abs=MOST_ERROR)
