"""Priorities: published figures, chains solved by brute force, and the laws that any order of service obeys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.linalg import expm

from qinwu.duty.response_plan import F64
from qinwu.findings import QinwuError
from qinwu.queueing.erlang import erlang_c, wait_mean, wait_quantile, wait_within
from qinwu.queueing.priorities import (
    preemptive_waits,
    priority_wait_quantile,
    priority_wait_within,
    priority_waits,
)
from tests.queueing.chain import mean, steady_state

Waiting = tuple[int, ...]
State = tuple[int, Waiting]
RATES = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4)


def plus(waiting: Waiting, k: int, change: int) -> Waiting:
    """Return `waiting` with class k changed."""
    return (*waiting[:k], waiting[k] + change, *waiting[k + 1 :])


def polite(rates: tuple[float, ...], servers: int, most: Waiting) -> dict[State, float]:
    """Return the steady state of (busy, waiting of each class), nobody leaving a call, service at rate 1, lines cut at `most`."""

    def moves(state: State) -> Iterator[tuple[State, float]]:
        busy, waiting = state
        for k, rate in enumerate(rates):
            if busy < servers:
                yield (busy + 1, waiting), rate
            elif waiting[k] < most[k]:
                yield (busy, plus(waiting, k, 1)), rate
        if busy:
            first = next((k for k, n in enumerate(waiting) if n), None)
            yield ((busy - 1, waiting) if first is None else (busy, plus(waiting, first, -1))), float(busy)

    return steady_state((0, (0,) * len(rates)), moves)


def rude(rates: tuple[float, ...], servers: int, most: Waiting) -> dict[Waiting, float]:
    """Return the steady state of calls present of each class, urgent ones served first at any time, service at rate 1."""

    def moves(present: Waiting) -> Iterator[tuple[Waiting, float]]:
        left = servers
        for k, rate in enumerate(rates):
            if present[k] < most[k]:
                yield plus(present, k, 1), rate
            served = min(left, present[k])
            left -= served
            if served:
                yield plus(present, k, -1), float(served)

    return steady_state((0,) * len(rates), moves)


def test_cobham() -> None:
    """Ten crews, emergencies 2.4 and routine calls 5.6 per mean service: the figures of the validation page."""
    assert priority_waits([2.4, 5.6], 10, 1.0) == pytest.approx([0.053839, 0.269197], abs=5e-7)


@pytest.mark.parametrize("formula", [priority_waits, preemptive_waits])
def test_one_class_is_erlang(formula: Callable[[ArrayLike, int, float], F64]) -> None:
    """Without other classes nobody is preferred."""
    assert formula([0.005], 4, 600.0) == pytest.approx([float(wait_mean(4, 3.0, 600.0))], rel=1e-13)


def test_waits_by_brute_force() -> None:
    """Three classes, two servers: Little's law on a chain with every line."""
    rates = (0.2, 0.3, 0.4)
    chain = polite(rates, 2, (14, 18, 36))
    waits = [mean(chain, lambda state, k=k: state[1][k]) / rate for k, rate in enumerate(rates)]  # type: ignore[misc]
    assert priority_waits(rates, 2, 1.0) == pytest.approx(waits, rel=1e-6)


def test_urgent_classes_wait_a_finite_time_under_an_overload_of_others() -> None:
    """Class 3 alone is too much: classes 1 and 2 always find the servers full, and wait as on a chain whose third line is cut."""
    rates = (0.4, 0.5, 9.0)
    chain = polite(rates, 2, (30, 45, 2))
    waits = [mean(chain, lambda state, k=k: state[1][k]) / rates[k] for k in range(2)]  # type: ignore[misc]
    found = priority_waits(rates, 2, 1.0)
    assert found[2] == np.inf
    assert found[:2] == pytest.approx(waits, rel=0.03)
    deeper = polite(rates, 2, (30, 45, 12))
    waits = [mean(deeper, lambda state, k=k: state[1][k]) / rates[k] for k in range(2)]  # type: ignore[misc]
    assert found[:2] == pytest.approx(waits, rel=1e-6)


def test_interrupted_waits_by_brute_force() -> None:
    """Three classes, two servers, urgent calls taking servers away."""
    rates = (0.2, 0.3, 0.4)
    chain = rude(rates, 2, (12, 16, 36))
    waits = [mean(chain, lambda present, k=k: present[k]) / rate - 1.0 for k, rate in enumerate(rates)]  # type: ignore[misc]
    assert preemptive_waits(rates, 2, 1.0) == pytest.approx(waits, rel=1e-5)


def test_interrupted_classes_do_not_see_those_below() -> None:
    """Whatever the lower class does, even too much, the upper one is an Erlang queue."""
    alone = float(wait_mean(3, 2.0, 1.0))
    assert preemptive_waits([2.0, 0.5], 3, 1.0)[0] == pytest.approx(alone, rel=1e-12)
    assert preemptive_waits([2.0, 1.5, 0.1], 3, 1.0) == pytest.approx([alone, np.inf, np.inf])


@pytest.mark.parametrize("formula", [priority_waits, preemptive_waits])
@pytest.mark.parametrize("rates", [[1.0, 0.0, 1.5], [0.0, 2.0], [2.9, 0.0], [0.0]])
def test_a_class_without_calls_shows_what_one_would_wait(
    formula: Callable[[ArrayLike, int, float], F64], rates: list[float]
) -> None:
    """A rate of nothing is the limit of small rates, from the exact derivative where a difference would be 0 / 0."""
    small = np.maximum(rates, 3e-5)
    assert formula(rates, 3, 1.0) == pytest.approx(formula(small, 3, 1.0), rel=1e-3, abs=1e-8)
    assert np.all(np.isfinite(formula(rates, 3, 1.0)))


@pytest.mark.parametrize("rate", [1e-4, 1e-6, 1e-8, 1e-10])
def test_rare_classes_lose_no_digits(rate: float) -> None:
    """The slope of the queue and its difference agree where one takes over from the other."""
    assert preemptive_waits([2.0, rate], 3, 1.0)[1] == pytest.approx(preemptive_waits([2.0, 0.0], 3, 1.0)[1], rel=2 * rate + 1e-8)


@pytest.mark.parametrize("formula", [priority_waits, preemptive_waits])
@settings(deadline=None)
@given(rates=RATES, use=st.floats(0.05, 0.95), servers=st.integers(1, 12))
def test_conservation(formula: Callable[[ArrayLike, int, float], F64], rates: list[float], use: float, servers: int) -> None:
    """Whoever goes first, the mean number waiting is that of one class (Kleinrock 1965)."""
    rate = np.array(rates) * use * servers / sum(rates)
    waiting = float(wait_mean(servers, use * servers, 1.0)) * use * servers
    for order in permutations(rate):
        assert np.dot(order, formula(order, servers, 1.0)) == pytest.approx(waiting, rel=1e-8)


@settings(deadline=None)
@given(rates=RATES, use=st.floats(0.05, 0.95), servers=st.integers(1, 12))
def test_urgency_pays(rates: list[float], use: float, servers: int) -> None:
    """A more urgent class never waits longer; taking servers away helps the first class and nobody waits less than nothing."""
    rate = np.array(rates) * use * servers / sum(rates)
    polite_waits, rude_waits = priority_waits(rate, servers, 1.0), preemptive_waits(rate, servers, 1.0)
    assert np.all(np.diff(polite_waits) >= 0.0)
    assert np.all(np.diff(rude_waits) >= -1e-9 * rude_waits[1:])
    assert 0.0 <= rude_waits[0] <= polite_waits[0] * (1 + 1e-12)


def longer_by_brute_force(rates: tuple[float, float, float], servers: int, limits: F64) -> F64:
    """Return P(wait > limit) of class 2 of 3: what it finds from a chain, and then a walk down to nobody ahead."""
    calls = (rates[0] + rates[1], rates[2])
    chain = polite(calls, servers, (70, 90))
    ahead = np.zeros(160)
    for (busy, waiting), chance in chain.items():
        if busy == servers:
            ahead[waiting[0] + 1] += chance
    up, down = np.full(159, rates[0]), np.full(159, float(servers))
    up[0] = 0.0
    walk = np.diag(up, 1) + np.diag(down, -1)
    walk[0] = 0.0
    walk -= np.diag(walk.sum(axis=1))
    return np.array([(ahead @ expm(walk * t))[1:].sum() for t in limits])


def test_distribution_by_brute_force() -> None:
    """The middle of three classes: found by a chain, and counted down while more urgent calls go ahead."""
    rates, limits = (0.7, 0.5, 0.3), np.array([1e-3, 0.1, 1.0, 4.0, 12.0])
    within = [priority_wait_within(rates, 2, 1.0, t)[1] for t in limits]
    assert 1.0 - np.array(within) == pytest.approx(longer_by_brute_force(rates, 2, limits), abs=1e-10)


@pytest.mark.parametrize("use", [0.1, 0.7, 0.99])
def test_the_first_class_waits_an_exponential_time(use: float) -> None:
    """Delayed calls of the first class leave at the rate at which the others do not come."""
    rates = np.array([0.3, 0.7]) * use * 8 / 60.0
    for t in (0.0, 1.0, 30.0, 600.0):
        longer = erlang_c(8, 8 * use) * np.exp(-(8 / 60.0 - rates[0]) * t)
        assert 1.0 - priority_wait_within(rates, 8, 60.0, t)[0] == pytest.approx(float(longer), abs=1e-12)


def test_equal_classes_are_one() -> None:
    """With all calls in the last class the distribution is Erlang's, and under overload of others the first always waits."""
    assert priority_wait_within([0.0, 3.5], 4, 1.0, 2.0)[1] == pytest.approx(float(wait_within(4, 3.5, 1.0, 2.0)), abs=1e-12)
    assert priority_wait_quantile([0.0, 3.5], 4, 1.0, 0.9)[1] == pytest.approx(float(wait_quantile(4, 3.5, 1.0, 0.9)), rel=1e-10)
    assert priority_wait_within([1.0, 9.0], 4, 1.0, 0.5) == pytest.approx([1.0 - np.exp(-1.5), 0.0], abs=1e-12)


@pytest.mark.parametrize("rates", [(0.5, 2.5, 0.6), (2.0, 0.5, 1.4), (1.2, 1.3, 1.45)])
def test_the_mean_is_the_area_under_the_tail(rates: tuple[float, ...]) -> None:
    """Cobham's mean and the transform tell the same story."""
    for k, wait in enumerate(priority_waits(rates, 4, 1.0)):

        def tail(t: float, k: int = k) -> float:
            return 1.0 - float(priority_wait_within(rates, 4, 1.0, t)[k])

        parts = pairwise([0.0, 1.0, 10.0, 100.0, 1_000.0, 10_000.0])
        assert wait == pytest.approx(sum(quad(tail, *ends, epsabs=1e-9)[0] for ends in parts), rel=1e-6)


@settings(deadline=None)
@given(rates=RATES, use=st.floats(0.05, 0.98), servers=st.integers(1, 12), p=st.floats(0.0, 0.9999))
def test_quantiles_and_shares_are_inverse(rates: list[float], use: float, servers: int, p: float) -> None:
    """The share that waits no longer than the p-quantile is p, or all who do not wait."""
    rate = np.array(rates) * use * servers / sum(rates)
    at_once = 1.0 - erlang_c(servers, use * servers)
    for k, wait in enumerate(priority_wait_quantile(rate, servers, 1.0, p)):
        assert priority_wait_within(rate, servers, 1.0, wait)[k] == pytest.approx(max(p, at_once), abs=1e-9)


@settings(deadline=None)
@given(rates=RATES, use=st.floats(0.05, 1.2), one=st.floats(0.0, 1e6), other=st.floats(0.0, 1e6))
def test_longer_limits_include_shorter(rates: list[float], use: float, one: float, other: float) -> None:
    """Shares are shares, and rise with the limit."""
    rate = np.array(rates) * use * 3 / sum(rates)
    less, more = (priority_wait_within(rate, 3, 1.0, limit) for limit in sorted((one, other)))
    assert np.all((less >= 0.0) & (more <= 1.0) & (less <= more + 1e-12))


def test_too_much_waits_for_ever() -> None:
    """No share of the calls of an overloaded class waits a finite time."""
    assert priority_wait_quantile([1.0, 9.0], 4, 1.0, 0.5).tolist() == [pytest.approx(np.log(2.0) / 3.0), np.inf]


def test_every_wrong_argument_is_named() -> None:
    """A negative rate, half a server and a share of one: three findings."""
    with pytest.raises(QinwuError) as raised:
        priority_wait_quantile([1.0, -2.0], 1.5, 1.0, 1.0)  # type: ignore[arg-type]
    found = [(finding.values["name"], finding.code, finding.values["value"]) for finding in raised.value.findings]
    assert found == [("rates", "negative-number", -2.0), ("servers", "not-a-count", 1.5), ("p", "not-a-share", 1.0)]


@pytest.mark.parametrize("rates", [[], 1.0, [[1.0]]])
def test_rates_are_a_row(rates: ArrayLike) -> None:
    """One number for each class, and at least one class."""
    with pytest.raises(QinwuError) as raised:
        priority_waits(rates, 2, 1.0)
    assert [finding.code for finding in raised.value.findings] == ["wrong-shape"]
