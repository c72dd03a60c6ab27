"""Erlang's formulas: published figures, exact fractions, thousands of servers, and the laws they obey."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from qinwu.findings import QinwuError
from qinwu.queueing.erlang import (
    Line,
    busy_probabilities,
    carried_load,
    erlang_b,
    erlang_c,
    offered_load,
    wait_mean,
    wait_quantile,
    wait_within,
)
from qinwu.queueing.numbers import UnstableError

SERVERS = st.integers(1, 60)
USE = st.floats(0.0, 0.999)


@pytest.mark.parametrize(
    ("servers", "load", "lost", "delayed", "wait"),
    [(3, 1.5, 0.13432836, 0.23684211, 0.15789474), (10, 8.0, 0.12166106, 0.40918015, 0.20459008)],
)
def test_published_figures(servers: int, load: float, lost: float, delayed: float, wait: float) -> None:
    """Two systems from the tables of the validation page."""
    assert erlang_b(servers, load) == pytest.approx(lost, abs=5e-9)
    assert erlang_c(servers, load) == pytest.approx(delayed, abs=5e-9)
    assert wait_mean(servers, load, 1.0) == pytest.approx(wait, abs=5e-9)


@pytest.mark.parametrize(("servers", "load"), [(0, 2.0), (1, 0.25), (3, 1.5), (12, 30.0), (40, 0.125), (60, 55.5)])
def test_loss_is_the_last_term_of_erlangs_sum(servers: int, load: float) -> None:
    """B by its definition, in exact fractions."""
    terms = [Fraction(load) ** n / factorial(n) for n in range(servers + 1)]
    assert erlang_b(servers, load) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-13)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.25), (3, 1.5), (12, 11.75), (40, 0.125), (60, 55.5)])
def test_delay_by_its_definition(servers: int, load: float) -> None:
    """C by its definition, in exact fractions."""
    terms = [Fraction(load) ** n / factorial(n) for n in range(servers + 1)]
    terms[-1] *= servers / (servers - Fraction(load))
    assert erlang_c(servers, load) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-13)


@pytest.mark.parametrize("load", [2_000.0, 4_900.0, 5_000.0, 9_000.0])
def test_loss_with_thousands_of_servers(load: float) -> None:
    """Five thousand servers, against fifty digits."""
    with localcontext() as digits:
        digits.prec = 50
        lost = Decimal(1)
        for n in range(1, 5_001):
            lost = Decimal(load) * lost / (n + Decimal(load) * lost)
    assert erlang_b(5_000, load) == pytest.approx(float(lost), rel=1e-12, abs=1e-300)


def test_arrays_go_together() -> None:
    """Servers down, loads across: each element is what it is alone."""
    servers, loads = np.array([[1], [4], [9]]), np.array([0.0, 0.5, 0.9])
    for formula in (erlang_b, erlang_c):
        table = formula(servers, loads)
        assert table.shape == (3, 3)
        assert table.tolist() == [[float(formula(c, a)) for a in loads] for c in servers[:, 0]]


def test_nothing_to_do_and_nobody_to_do_it() -> None:
    """Without calls none is lost or waits; without servers all are lost."""
    assert erlang_b([0, 0, 1, 7], [0.0, 3.0, 0.0, 0.0]).tolist() == [1.0, 1.0, 0.0, 0.0]
    assert erlang_c([1, 7], 0.0).tolist() == [0.0, 0.0]
    assert wait_quantile(3, 0.0, 60.0, 0.99) == 0.0
    assert busy_probabilities(2, 0.0).tolist() == [1.0, 0.0, 0.0]


@settings(deadline=None)
@given(SERVERS, st.floats(0.0, 100.0), st.floats(0.0, 10.0))
def test_more_load_loses_more_and_more_servers_lose_less(servers: int, load: float, more: float) -> None:
    """B rises with the load and falls with the servers."""
    assert erlang_b(servers, load) <= erlang_b(servers, load + more) * (1 + 1e-12)
    assert erlang_b(servers + 1, load) <= erlang_b(servers, load) * (1 + 1e-12)


@settings(deadline=None)
@given(SERVERS, USE, USE)
def test_more_load_delays_more(servers: int, one: float, other: float) -> None:
    """C and the mean wait rise with the load, and C is no less than B."""
    less, more = sorted((one * servers, other * servers))
    assert erlang_c(servers, less) <= erlang_c(servers, more) * (1 + 1e-12)
    assert wait_mean(servers, less, 5.0) <= wait_mean(servers, more, 5.0) * (1 + 1e-12)
    assert erlang_c(servers, less) >= erlang_b(servers, less) * (1 - 1e-12)


@settings(deadline=None)
@given(st.sampled_from([1, 2, 17, 300, 4_000]), USE, st.sampled_from(["zero", "infinite"]))
def test_busy_servers_balance(servers: int, use: float, line: Line) -> None:
    """Probabilities sum to one, calls in equal completions between neighbours, and the mean is the load that is carried."""
    load = use * servers
    busy = busy_probabilities(servers, load, line)
    assert busy.sum() == pytest.approx(1.0, rel=1e-12)
    count = np.arange(servers + 1)
    assert load * busy[:-2] == pytest.approx(count[1:-1] * busy[1:-1], rel=1e-11, abs=1e-300)
    carried = load if line == "infinite" else carried_load(servers, load)
    assert busy @ count == pytest.approx(carried, rel=1e-11)
    assert busy[-1] == pytest.approx((erlang_c if line == "infinite" else erlang_b)(servers, load), rel=1e-10, abs=1e-300)


def test_a_loss_system_may_be_offered_more_than_it_carries() -> None:
    """Without a line there is a steady state at any load."""
    assert busy_probabilities(2, 1e6, "zero")[-1] == pytest.approx(1.0, abs=1e-5)
    assert carried_load(2, 1e6) == pytest.approx(2.0, rel=1e-5)


@settings(deadline=None)
@given(SERVERS, st.floats(0.01, 0.99), st.floats(0.0, 0.9999))
def test_quantiles_and_shares_are_inverse(servers: int, use: float, p: float) -> None:
    """The share that waits no longer than the p-quantile is p, or all who do not wait."""
    wait = wait_quantile(servers, use * servers, 900.0, p)
    at_once = 1.0 - erlang_c(servers, use * servers)
    assert wait_within(servers, use * servers, 900.0, wait) == pytest.approx(max(p, at_once), rel=1e-10)


def test_the_mean_wait_is_the_area_under_the_tail() -> None:
    """Mean and distribution of the wait tell the same story."""
    tail = quad(lambda t: 1.0 - float(wait_within(4, 3.5, 20.0, t)), 0.0, 3_000.0)[0]
    assert wait_mean(4, 3.5, 20.0) == pytest.approx(tail, rel=1e-8)


def test_load_is_calls_times_their_length() -> None:
    """Loads of several hours at once."""
    assert offered_load([0.0, 2.0, 6.0], 0.5).tolist() == [0.0, 1.0, 3.0]


@pytest.mark.parametrize("formula", [erlang_c, lambda c, a: wait_mean(c, a, 1.0), lambda c, a: wait_quantile(c, a, 1.0, 0.5)])
def test_too_much_load_has_no_steady_state(formula: type) -> None:
    """One element at capacity is enough, and the error says which numbers."""
    with pytest.raises(UnstableError) as raised:
        formula([5, 4, 3], [2.0, 4.0, 9.0])
    (finding,) = raised.value.findings
    assert (finding.code, finding.values["load"], finding.values["servers"]) == ("no-steady-state", 4.0, 4)


def test_too_much_load_for_an_infinite_line() -> None:
    """Busy probabilities with a line need room."""
    with pytest.raises(UnstableError):
        busy_probabilities(3, 3.0)


def test_every_wrong_argument_is_named() -> None:
    """Four problems, four findings."""
    with pytest.raises(QinwuError) as raised:
        wait_within(0, -1.0, 0.0, float("nan"))
    found = [(finding.values["name"], finding.code) for finding in raised.value.findings]
    assert found == [
        ("servers", "not-a-count"),
        ("load", "negative-number"),
        ("mean_service", "not-positive"),
        ("limit", "negative-number"),
    ]


def test_a_word_that_is_no_line() -> None:
    """Only zero and infinite are lines; a near miss is offered the right word."""
    with pytest.raises(QinwuError) as raised:
        busy_probabilities(3, 1.0, "infinit")  # type: ignore[arg-type]
    (finding,) = raised.value.findings
    assert (finding.code, finding.values["known"]) == ("unknown-choice", "infinite")
