"""The exact hypercube against all balance equations solved by elimination, Erlang's formulas, and what must hold anyway."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.queueing.cube import HypercubeResult, completed_lists, preference_lists
from tests.queueing.hypercubes import City, Truth, any_city, by_brute_force, cities, erlang_delay, erlang_loss, random_city

TOLERANCE = 1e-9
MOST_ERROR = 1e-8
LINES = st.sampled_from(["infinite", "zero"])
any_line = st.one_of(
    st.tuples(cities(), st.just("infinite")),
    st.tuples(cities(most_load=5.0, partial=True), st.just("zero")),
)
"""Any city with a line it can have."""


def answers(city: City, line: str, **more: Any) -> HypercubeResult:
    """Return the exact answer at a tight tolerance."""
    return city.solved(line=line, tol=TOLERANCE, **more)


def same_as_truth(city: City, line: str) -> None:
    """Require states, workloads, shares and lost calls to be those of brute force."""
    result, truth = answers(city, line), by_brute_force(city, line)
    assert result.states is not None
    assert np.abs(result.states - truth.states).sum() <= MOST_ERROR
    assert result.workload == pytest.approx(truth.workload, abs=MOST_ERROR)
    assert result.undelayed_share == pytest.approx(truth.undelayed, abs=MOST_ERROR)
    assert result.p_lost == pytest.approx(truth.p_lost, abs=MOST_ERROR)
    assert result.p_full == pytest.approx(truth.states[-1], abs=MOST_ERROR)


def same(one: HypercubeResult, other: HypercubeResult) -> None:
    """Require two answers about the same crews to be one."""
    assert one.workload == pytest.approx(other.workload, abs=MOST_ERROR)
    for name in ("p_full", "p_delay", "p_lost", "mean_wait"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-6, abs=MOST_ERROR)
    assert one.dispatch_share.sum(axis=1) == pytest.approx(other.dispatch_share.sum(axis=1), abs=MOST_ERROR)


@settings(deadline=None, max_examples=200)
@given(any_line)
def test_all_balance_equations(case: tuple[City, str]) -> None:
    """Up to seven crews: unequal service, ties, short lists without a line, both lines."""
    same_as_truth(*case)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.tuples(cities(most_crews=10), st.just("infinite")),
        st.tuples(cities(most_crews=10, most_load=5.0, partial=True), st.just("zero")),
    )
)
def test_all_balance_equations_of_ten_crews(case: tuple[City, str]) -> None:
    """The same up to ten crews."""
    same_as_truth(*case)


@pytest.mark.parametrize("line", ["infinite", "zero"])
@pytest.mark.parametrize("crews", [8, 9])
def test_all_balance_equations_across_tiles(crews: int, line: str) -> None:
    """A city on a map, crews of very different speed."""
    city = random_city(crews, 0.7, seed=crews)
    same_as_truth(city._replace(service_rates=np.geomspace(0.4, 4.0, crews)), line)


@pytest.mark.parametrize("load", [0.05, 0.5, 0.9])
@pytest.mark.parametrize("crews", [1, 2, 5, 9, 13])
def test_equal_crews_are_erlangs(crews: int, load: float) -> None:
    """Whoever goes, calls wait or are lost as often as with any order of equal servers."""
    city = any_city(np.random.default_rng(crews), crews, 6, load, tied=0.2)
    waiting, losing = answers(city, "infinite"), answers(city, "zero")
    assert waiting.p_delay == waiting.p_full == pytest.approx(erlang_delay(crews, load * crews), abs=MOST_ERROR)
    assert waiting.mean_wait == pytest.approx(erlang_delay(crews, load * crews) / (crews * (1.0 - load)), abs=1e-6)
    assert losing.p_full == pytest.approx(erlang_loss(crews, load * crews), abs=MOST_ERROR)
    assert losing.p_lost == pytest.approx(erlang_loss(crews, load * crews), abs=MOST_ERROR)


@settings(deadline=None)
@given(any_line)
def test_calls_in_are_calls_done(case: tuple[City, str]) -> None:
    """Every served call is somebody's, and crews finish as many as come in and are not lost."""
    city, line = case
    result = answers(city, line)
    served = city.rates.sum() * (1.0 - result.p_lost)
    assert result.dispatch_share.sum() == pytest.approx(1.0, abs=MOST_ERROR)
    assert result.undelayed_share.sum() == pytest.approx(1.0 - result.p_delay, abs=MOST_ERROR)
    assert served * result.dispatch_share.sum(axis=1) == pytest.approx(
        result.workload * city.service_rates, abs=MOST_ERROR * city.service_rates.sum()
    )


@settings(deadline=None)
@given(any_line, st.randoms(use_true_random=False))
def test_names_of_crews_do_not_matter(case: tuple[City, str], luck: Any) -> None:
    """Crews renamed have their answers renamed."""
    city, line = case
    new = list(range(len(city.service_rates)))
    luck.shuffle(new)
    named = np.append(new, -1)
    renamed = city._replace(preferences=named[city.preferences], service_rates=city.service_rates[np.argsort(new)])
    before, after = answers(city, line), answers(renamed, line)
    assert after.workload[new] == pytest.approx(before.workload, abs=MOST_ERROR)
    assert after.dispatch_share[new] == pytest.approx(before.dispatch_share, abs=MOST_ERROR)
    assert after.p_lost == pytest.approx(before.p_lost, abs=MOST_ERROR)


@settings(deadline=None)
@given(any_line, st.integers(0, 7), st.floats(0.0, 1.0))
def test_atoms_may_be_split(case: tuple[City, str], atom: int, part: float) -> None:
    """Two halves of an atom with its list are the atom."""
    city, line = case
    at = atom % len(city.rates)
    rates = np.append(city.rates, city.rates[at] * part)
    rates[at] *= 1.0 - part
    split = City(
        rates, np.vstack([city.preferences, city.preferences[at]]), city.service_rates, np.vstack([city.ties, city.ties[at]])
    )
    same(answers(split, line), answers(city, line))


@settings(deadline=None)
@given(any_line, st.floats(1.0, 3.0))
def test_more_calls_never_leave_more_crews_free(case: tuple[City, str], more: float) -> None:
    """All crews are busy no less often when every atom has more calls."""
    city, line = case
    room = 0.99 * city.service_rates.sum() / city.rates.sum() if line == "infinite" else more
    busier = city._replace(rates=city.rates * max(1.0, min(more, room)))
    assert answers(busier, line).p_full >= answers(city, line).p_full - MOST_ERROR


@settings(deadline=None)
@given(any_line, st.integers(0, 7), st.integers(0, 6), st.integers(2, 4))
def test_equals_take_turns(case: tuple[City, str], atom: int, place: int, size: int) -> None:
    """An atom with equally good crews is the mean of atoms with every order of them."""
    city, line = case
    at = atom % len(city.rates)
    row, length = city.preferences[at], int((city.preferences[at] >= 0).sum())
    first = place % length
    last = min(first + size, length)
    tied, apart = city.ties.copy(), city.ties[at].copy()
    apart[first : last + 1] = False
    tied[at] = apart
    tied[at, first + 1 : last] = True
    rows = [np.concatenate([row[:first], order, row[last:]]) for order in permutations(row[first:last])]
    orders = City(
        np.append(np.delete(city.rates, at), np.full(len(rows), city.rates[at] / len(rows))),
        np.vstack([np.delete(city.preferences, at, axis=0), *rows]),
        city.service_rates,
        np.vstack([np.delete(city.ties, at, axis=0), *[apart] * len(rows)]),
    )
    same(answers(orders, line), answers(city._replace(ties=tied), line))


def test_atoms_without_calls_change_nothing() -> None:
    """Atoms where nothing happens may have any list, even an empty one, and are told who would come."""
    city = any_city(np.random.default_rng(5), 5, 4, 0.6)
    quiet = City(
        np.append(city.rates, [0.0, 0.0]),
        np.vstack([city.preferences, city.preferences[0], np.full(5, -1)]),
        city.service_rates,
        np.vstack([city.ties, np.zeros((2, 5), bool)]),
    )
    for line in ("infinite", "zero"):
        same(answers(quiet, line), answers(city, line))
        assert answers(quiet, line).dispatch_share[:, 4:].sum() == 0.0


def test_a_tie_of_fourteen_is_fair() -> None:
    """Where everybody is equally good everybody is equally busy."""
    ties = np.ones((1, 14), bool)
    ties[0, 0] = False
    city = City(np.array([7.0]), np.arange(14)[None], np.ones(14), ties)
    assert answers(city, "infinite").workload == pytest.approx(np.full(14, 0.5), abs=MOST_ERROR)


def test_narrow_lists_are_short_lists() -> None:
    """An array of lists with fewer columns than there are crews leaves the others out."""
    lists, ties = np.array([[0, 1], [2, 1]]), np.array([[False, True], [False, False]])
    narrow, wide = City(np.array([1.5, 0.5]), lists, np.ones(5), ties), ((0, 0), (0, 3))
    same_as_truth(narrow._replace(preferences=np.pad(lists, wide, constant_values=-1), ties=np.pad(ties, wide)), "zero")
    same_as_truth(narrow, "zero")


@pytest.mark.parametrize("crews", [2, 3, 4, 6])
def test_crews_that_never_go(crews: int) -> None:
    """Where one crew serves all, it is Erlang's single server, and the others are free."""
    lists = np.full((1, crews), -1)
    lists[0, 0] = crews - 1
    city = City(np.array([6.0]), lists, np.linspace(1.0, 2.0, crews), np.zeros((1, crews), bool))
    same_as_truth(city, "zero")
    assert answers(city, "zero").workload == pytest.approx([0.0] * (crews - 1) + [0.75], abs=MOST_ERROR)


def test_the_error_is_one_of_shares() -> None:
    """A city in which sweeps shrink the sum of all states to a ten-thousandth: changes must be judged by that sum."""
    service = np.array([0.97985264, 0.632471])
    same_as_truth(City(np.array([3.8040761]), np.array([[1, -1]]), service, np.zeros((1, 2), bool)), "zero")


@settings(deadline=None)
@given(cities(most_load=3.0, partial=True))
def test_everybody_helps_in_the_end(city: City) -> None:
    """Completed lists lose calls only when all are busy."""
    crews = len(city.service_rates)
    lists, ties = completed_lists(city.preferences, crews, city.ties)
    assert np.sort(lists, axis=1).tolist() == [list(range(crews))] * len(lists)
    first_of_rest = (city.preferences >= 0).sum(axis=1)[:, None]
    assert ties[np.arange(crews) > first_of_rest].all()
    assert not ties[np.arange(crews) == first_of_rest].any()
    result = answers(city._replace(preferences=lists, ties=ties), "zero")
    assert result.p_lost == pytest.approx(result.p_full, abs=MOST_ERROR)


def test_lists_by_travel() -> None:
    """Nearest first, equals marked, those who never go left out, rounding forgiven."""
    never = float("inf")
    lists, ties = preference_lists([[3.0, 1.0, never], [1.0, 1.0 + 1e-12, never], [never, 0.5, never], [3.0, never, 2.0]])
    assert lists.tolist() == [[1, 0, 3, -1], [2, 0, 1, -1], [3, -1, -1, -1]]
    assert ties.tolist() == [[False, False, True, False], [False, False, True, False], [False] * 4]
    assert preference_lists([[1.0], [1.4]], tolerance=0.5)[1].tolist() == [[False, True]]


@pytest.mark.parametrize("tol", [1e-3, 1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("load", [0.2, 0.9])
def test_the_error_is_below_what_was_asked(load: float, tol: float) -> None:
    """Sum over all states of ten crews."""
    city = ten_crews(load)[0]
    states = city.solved(line="zero", tol=tol).states
    assert states is not None
    assert np.abs(states - ten_crews(load)[1].states).sum() <= max(tol, 2e-12)


@cache
def ten_crews(load: float) -> tuple[City, Truth]:
    """Return a city and its steady state."""
    city = random_city(10, load, seed=3)
    return city, by_brute_force(city, "zero")


@pytest.mark.parametrize("load", [0.3, 0.5, 0.9])
def test_over_relaxation_saves_sweeps(load: float) -> None:
    """Fourteen crews in some twenty sweeps; without it between forty and sixty were measured."""
    assert random_city(14, load, seed=0).solved(tol=1e-6).iterations <= 30
