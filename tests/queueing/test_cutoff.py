"""Cut-offs: against chains solved by brute force, against Cobham and Erlang, and by what comes in and goes out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.queueing.cutoff import cutoff_waits
from qinwu.queueing.erlang import busy_probabilities, erlang_c
from qinwu.queueing.numbers import UnstableError
from qinwu.queueing.priorities import priority_waits
from tests.queueing.chain import mean, steady_state

State = tuple[int, tuple[int, ...]]


def kept_back(rates: tuple[float, ...], cutoffs: tuple[int, ...], most: tuple[int, ...]) -> dict[State, float]:
    """Return the steady state of (busy, waiting of each class) by the rule itself, service at rate 1, lines cut at `most`."""

    def settled(busy: int, waiting: list[int]) -> State:
        """Let calls start until none may."""
        while True:
            first = next((k for k, n in enumerate(waiting) if n), None)
            if first is None or busy >= cutoffs[first]:
                return busy, tuple(waiting)
            waiting[first] -= 1
            busy += 1

    def moves(state: State) -> Iterator[tuple[State, float]]:
        busy, waiting = state
        for k, rate in enumerate(rates):
            if waiting[k] < most[k]:
                yield settled(busy, [n + (i == k) for i, n in enumerate(waiting)]), rate
        if busy:
            yield settled(busy - 1, list(waiting)), float(busy)

    return steady_state((0, (0,) * len(rates)), moves)


@pytest.mark.parametrize(
    ("rates", "cutoffs", "most"),
    [
        ((0.6, 0.5), (2, 1), (25, 60)),
        ((0.8, 0.7), (4, 2), (20, 50)),
        ((0.4, 0.9), (3, 3), (25, 40)),
        ((0.0, 0.9), (3, 2), (2, 60)),
        ((0.3, 0.3, 0.3), (3, 2, 1), (9, 16, 44)),
        ((0.2, 0.4, 0.3), (3, 2, 2), (9, 16, 30)),
        ((0.3, 0.3, 0.2), (2, 2, 1), (12, 16, 38)),
    ],
)
def test_brute_force(rates: tuple[float, ...], cutoffs: tuple[int, ...], most: tuple[int, ...]) -> None:
    """Waits by Little's law, delays and busy servers of two and three classes, cut-offs shared and not."""
    chain = kept_back(rates, cutoffs, most)
    found = cutoff_waits(np.array(rates) / 600.0, cutoffs, 600.0)
    for k, rate in enumerate(rates):
        assert found.delayed[k] == pytest.approx(mean(chain, lambda state, k=k: state[0] >= cutoffs[k]), rel=1e-6)  # type: ignore[misc]
        if rate:
            waiting = mean(chain, lambda state, k=k: state[1][k])  # type: ignore[misc]
            assert found.waits[k] / 600.0 == pytest.approx(waiting / rate, rel=1e-5)
    busy = [mean(chain, lambda state, n=n: state[0] == n) for n in range(cutoffs[0] + 1)]  # type: ignore[misc]
    assert found.busy == pytest.approx(busy, abs=1e-7)


@settings(deadline=None)
@given(rates=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=4), use=st.floats(0.05, 0.95), servers=st.integers(1, 20))
def test_no_reserve_is_cobham(rates: list[float], use: float, servers: int) -> None:
    """Where every class may use every server, waits are those of priorities, and delay and busy servers Erlang's."""
    rate = np.array(rates) * use * servers / sum(rates)
    found = cutoff_waits(rate, [servers] * len(rate), 1.0)
    assert found.waits == pytest.approx(priority_waits(rate, servers, 1.0), rel=1e-9)
    assert found.delayed == pytest.approx(float(erlang_c(servers, use * servers)), rel=1e-9)
    assert found.busy == pytest.approx(busy_probabilities(servers, use * servers), abs=1e-12)


@settings(deadline=None)
@given(st.data())
def test_what_comes_in_goes_out(data: st.DataObject) -> None:
    """The mean number busy is the load, though no step of the solution uses it; more urgent classes wait less."""
    cutoffs = sorted(data.draw(st.lists(st.integers(1, 25), min_size=1, max_size=5)), reverse=True)
    rates = data.draw(st.lists(st.floats(0.0, 3.0), min_size=len(cutoffs), max_size=len(cutoffs)))
    try:
        found = cutoff_waits(rates, cutoffs, 1.0)
    except UnstableError:
        assume(False)
    assert found.busy.sum() == pytest.approx(1.0, rel=1e-12)
    assert found.busy @ np.arange(cutoffs[0] + 1) == pytest.approx(sum(rates), rel=1e-9, abs=1e-12)
    assert np.all(found.busy >= 0.0)
    assert np.all(np.diff(found.waits) >= -1e-12)
    assert np.all(np.diff(found.delayed) >= 0.0)


@settings(deadline=None)
@given(st.integers(2, 20), st.floats(0.1, 0.9))
def test_a_reserve_helps_the_urgent_and_costs_the_rest(servers: int, use: float) -> None:
    """Each server more that is kept back shortens the first wait and lengthens the second."""
    rates, before = np.array([0.3, 0.7]) * use * servers, None
    for most in range(servers, 0, -1):
        try:
            found = cutoff_waits(rates, [servers, most], 1.0)
        except UnstableError:
            return
        if before is not None:
            assert found.waits[0] <= before[0]
            assert found.waits[1] >= before[1]
        before = found.waits


@pytest.mark.parametrize("factor", [0.999, 1.001])
def test_room_for_the_second_class(factor: float) -> None:
    """Two servers, one kept back: while class 2 never ends, one server is left to it a share 1 - rate / 2 of the time."""
    rates = [0.6, factor * (1.0 - 0.6 / 2.0)]
    if factor < 1.0:
        assert cutoff_waits(rates, [2, 1], 1.0).waits[1] > 500.0
        return
    with pytest.raises(UnstableError) as raised:
        cutoff_waits(rates, [2, 1], 1.0)
    (finding,) = raised.value.findings
    assert (finding.code, finding.values) == ("no-steady-state", {"number": 2, "load": 1.001})


def test_the_class_that_is_too_much_is_named() -> None:
    """Of three classes with one cut-off the first that goes beyond it is named, though all are within their own loads."""
    with pytest.raises(UnstableError) as raised:
        cutoff_waits([1.0, 0.9, 0.5], [2, 2, 2], 1.0)
    assert raised.value.findings[0].values["number"] == 3


@pytest.mark.parametrize(
    ("rates", "cutoffs", "codes"),
    [
        ([1.0, 1.0], [4], ["wrong-shape"]),
        ([1.0, 1.0], [3, 4], ["cutoffs-rise"]),
        ([1.0, -1.0], [4, 0], ["negative-number", "not-a-count"]),
        ([], [], ["wrong-shape", "wrong-shape"]),
    ],
)
def test_wrong_arguments(rates: list[float], cutoffs: list[int], codes: list[str]) -> None:
    """Each problem of the arguments has its own finding."""
    with pytest.raises(QinwuError) as raised:
        cutoff_waits(rates, cutoffs, 1.0)
    assert [finding.code for finding in raised.value.findings] == codes
