"""Calls for several officers: published figures, chains solved by brute force, and the cases that are Erlang's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.queueing.erlang import busy_probabilities, erlang_c, wait_mean
from qinwu.queueing.levels import stationary, visits_before_down
from qinwu.queueing.numbers import UnstableError
from qinwu.queueing.several_officers import MultiOfficerQueue, Release, multi_officer
from tests.queueing.chain import mean, steady_state

State = tuple[tuple[int, ...], tuple[int, ...]]


def every_need_known(
    rate: float, need: tuple[float, ...], servers: int, joint: bool, most: int
) -> tuple[dict[State, float], dict[str, float]]:
    """Return the chain of (parts in service, needs of all in line) by the rule itself, service at rate 1, and what it says."""

    def settled(parts: tuple[int, ...], line: tuple[int, ...]) -> State:
        """Let the head of the line start as long as it can."""
        while line and sum(parts) + line[0] <= servers:
            parts, line = tuple(sorted((*parts, *((line[0],) if joint else (1,) * line[0])))), line[1:]
        return parts, line

    def moves(state: State) -> Iterator[tuple[State, float]]:
        parts, line = state
        for k, share in enumerate(need):
            if share and len(line) < most:
                yield settled(parts, (*line, k + 1)), rate * share
        for i in range(len(parts)):
            yield settled(parts[:i] + parts[i + 1 :], line), 1.0

    nobody: State = ((), ())
    chain = steady_state(nobody, moves)
    waits = {str(k + 1): mean(chain, lambda state, k=k: state[1].count(k + 1)) / (rate * p) for k, p in enumerate(need) if p}  # type: ignore[misc]
    delay = sum(
        p * mean(chain, lambda state, k=k: bool(state[1]) or sum(state[0]) + k + 1 > servers)  # type: ignore[misc]
        for k, p in enumerate(need)
    )
    return chain, waits | {"delay": delay, "line": mean(chain, lambda state: len(state[1]))}


def only_head_known(rate: float, need: tuple[float, ...], servers: int, joint: bool, most: int) -> dict[tuple[object, ...], float]:
    """Return the chain of (parts in service, number in line, need of the head), where a long line stays small."""

    def settled(parts: tuple[int, ...], line: int, head: int, chance: float) -> Iterator[tuple[tuple[object, ...], float]]:
        """Let heads start, drawing the need of each next one, as long as they can."""
        if not line or sum(parts) + head > servers:
            yield (parts, line, head if line else 0), chance
            return
        now = tuple(sorted((*parts, *((head,) if joint else (1,) * head))))
        for k, share in enumerate(need if line > 1 else (1.0,)):
            if share:
                yield from settled(now, line - 1, k + 1, chance * share)

    def moves(state: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], float]]:
        parts, line, head = state
        assert isinstance(parts, tuple)
        assert isinstance(line, int)
        assert isinstance(head, int)
        for k, share in enumerate(need if line < most else ()):
            if share:
                yield from settled(parts, line + 1, head or k + 1, rate * share)
        for i in range(len(parts)):
            yield from settled(parts[:i] + parts[i + 1 :], line, head, 1.0)

    return steady_state(((), 0, 0), moves)


@pytest.mark.parametrize(
    ("servers", "rate", "need", "wait", "delay", "digits"),
    [(2, 0.8, [0.5, 0.5], 23 / 6, 23 / 30, 1e-12), (5, 2.0, [0.6, 0.4], 0.216159, 0.309467, 5e-7)],
)
def test_published_figures(servers: int, rate: float, need: list[float], wait: float, delay: float, digits: float) -> None:
    """The two systems of the validation page, officers released one by one."""
    found = multi_officer(rate, need, servers, 1.0)
    assert found.mean_wait_s == pytest.approx(wait, abs=digits)
    assert found.p_delay == pytest.approx(delay, abs=digits)


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize(
    ("servers", "rate", "need", "most"),
    [(2, 0.2, (0.5, 0.5), 9), (3, 0.25, (0.5, 0.2, 0.3), 7), (4, 0.4, (0.4, 0.0, 0.6), 9), (3, 0.3, (0.0, 1.0), 60)],
)
def test_every_need_in_line_known(servers: int, rate: float, need: tuple[float, ...], most: int, joint: bool) -> None:
    """A chain that remembers the need of every call in line says the same: waits by need, delay, line and busy officers."""
    chain, said = every_need_known(rate, need, servers, joint, most)
    found = multi_officer(rate, need, servers, 1.0, "joint" if joint else "independent")
    waits = [said.get(str(k + 1), np.nan) for k in range(len(need))]
    assert found.wait_by_need == pytest.approx(waits, rel=1e-3, nan_ok=True)
    assert found.p_delay == pytest.approx(said["delay"], rel=2e-4)
    assert found.mean_waiting == pytest.approx(said["line"], rel=1e-3)
    busy = [mean(chain, lambda state, n=n: sum(state[0]) == n) for n in range(servers + 1)]  # type: ignore[misc]
    assert found.busy == pytest.approx(busy, abs=2e-5)


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize(
    ("servers", "rate", "need"), [(5, 2.0, (0.6, 0.4)), (4, 1.0, (0.5, 0.2, 0.3)), (6, 1.2, (0.3, 0.3, 0.2, 0.2))]
)
def test_long_lines(servers: int, rate: float, need: tuple[float, ...], joint: bool) -> None:
    """Higher loads to nine digits, against a chain that is cut off where nobody gets any more."""
    chain = only_head_known(rate, need, servers, joint, 150)
    found = multi_officer(rate / 60.0, need, servers, 60.0, "joint" if joint else "independent")
    waiting = mean(chain, lambda state: float(state[1]))  # type: ignore[arg-type]
    assert found.mean_waiting == pytest.approx(waiting, rel=1e-9)
    assert found.mean_wait_s == pytest.approx(60.0 * waiting / rate, rel=1e-9)
    busy = [mean(chain, lambda state, n=n: sum(state[0]) == n) for n in range(servers + 1)]  # type: ignore[misc]
    assert found.busy == pytest.approx(busy, abs=1e-10)


@pytest.mark.parametrize("release", ["independent", "joint"])
def test_one_officer_each_is_erlang(release: Release) -> None:
    """Where no call needs two, releases do not matter."""
    found = multi_officer(0.008, [1.0], 10, 1_000.0, release)
    assert found.p_delay == pytest.approx(float(erlang_c(10, 8.0)), rel=1e-12)
    assert found.mean_wait_s == pytest.approx(float(wait_mean(10, 8.0, 1_000.0)), rel=1e-12)
    assert found.busy == pytest.approx(busy_probabilities(10, 8.0), abs=1e-14)


def test_pairs_that_stay_together_are_erlang() -> None:
    """Nine officers in pairs are four servers, and the ninth is never asked."""
    found = multi_officer(3.0, [0.0, 1.0], 9, 1.0, "joint")
    assert found.mean_wait_s == pytest.approx(float(wait_mean(4, 3.0, 1.0)), rel=1e-12)
    assert found.busy[::2] == pytest.approx(busy_probabilities(4, 3.0), abs=1e-14)
    assert found.busy[1::2].tolist() == [0.0] * 5


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.just(0.0) | st.floats(1e-12, 1.0), min_size=1, max_size=4),
    st.integers(4, 9),
    st.floats(0.05, 0.6),
    st.sampled_from(["independent", "joint"]),
)
def test_what_comes_in_goes_out(weights: list[float], servers: int, use: float, release: Release) -> None:
    """Officers are busy as long as calls keep them, waits of all needs make up the mean, and those who need more wait longer."""
    assume(max(weights) > 0.01)
    need = np.array(weights) / sum(weights)
    officers = need @ np.arange(1, len(need) + 1)
    try:
        found = multi_officer(float(use * servers / officers), need, servers, 1.0, release)
    except UnstableError:
        assume(False)
    assert found.busy.sum() == pytest.approx(1.0, rel=1e-10)
    assert found.utilisation == pytest.approx(use, rel=1e-9)
    assert need @ np.nan_to_num(found.wait_by_need) == pytest.approx(found.mean_wait_s, rel=1e-9, abs=1e-14)
    assert np.all(np.diff(found.wait_by_need[need > 0.0]) > -1e-12)
    assert 0.0 <= found.p_delay <= 1.0


@settings(deadline=None)
@given(st.floats(0.0, 0.98), st.floats(0.0, 0.98))
def test_more_calls_wait_longer(one: float, other: float) -> None:
    """Waits and delays rise with the calls."""
    less, more = (multi_officer(rate, [0.5, 0.5], 2, 1.0) for rate in sorted((one, other)))
    assert less.mean_wait_s <= more.mean_wait_s * (1 + 1e-9) + 1e-12
    assert less.p_delay <= more.p_delay * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize("rate", [1e-3, 1e-9, 1e-15])
def test_rare_calls_lose_no_digits(rate: float) -> None:
    """Who waits finds one call in service: half of the time a pair, or needs a pair itself; waits grow with the rate."""
    found = multi_officer(rate, [0.5, 0.5], 2, 1.0)
    assert found.p_delay / rate == pytest.approx(0.75, rel=2 * rate + 1e-12)
    assert found.wait_by_need / rate == pytest.approx([0.125, 1.375], rel=20 * rate + 1e-9)


def test_no_calls() -> None:
    """Nobody waits where nobody calls, and one who did would wait for nothing."""
    found = multi_officer(0.0, [0.5, 0.5], 3, 60.0)
    assert (found.mean_wait_s, found.p_delay, found.utilisation, found.mean_waiting) == (0.0, 0.0, 0.0, 0.0)
    assert found.wait_by_need.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("release", "capacity"), [("independent", 1.0), ("joint", 8 / 7)])
def test_capacity_by_hand(release: Release, capacity: float) -> None:
    """Two officers, half of the calls for both of them: calls started per service time while the line never ends.

    One by one: the head waits 1/2 or 3/2, on average 1. Jointly: of two singles in service, a single with a double in line, and a
    double, 1, 1 and 2 of every 4 are left after 1/2, 1 and 1, which makes 4 calls in 7/2.
    """
    assert multi_officer(0.9999 * capacity / 60.0, [0.5, 0.5], 2, 60.0, release).mean_wait_s > 60.0 * 1_000.0
    with pytest.raises(UnstableError) as raised:
        multi_officer(1.0001 * capacity / 60.0, [0.5, 0.5], 2, 60.0, release)
    (finding,) = raised.value.findings
    assert finding.code == "no-steady-state"
    assert finding.values["capacity"] == pytest.approx(capacity / 60.0, rel=1e-5)


@pytest.mark.parametrize(
    ("need", "servers", "release", "codes"),
    [
        ([0.5, 0.4], 3, "independent", ["not-shares"]),
        ([0.0, 0.0, 1.0], 2, "independent", ["need-above-servers"]),
        ([1.5, -0.5], 0, "independent", ["not-a-share", "not-a-count"]),
        ([0.2] * 5, 40, "joint", ["too-many-states"]),
        ([0.4, 0.3, 0.3], 60, "joint", ["too-many-states"]),
        ([1.0], 3, "together", ["unknown-choice"]),
    ],
)
def test_wrong_arguments(need: list[float], servers: int, release: Release, codes: list[str]) -> None:
    """Each problem of the arguments has its own finding."""
    with pytest.raises(QinwuError) as raised:
        multi_officer(0.1, need, servers, 1.0, release)
    assert [finding.code for finding in raised.value.findings] == codes


def test_many_officers_released_one_by_one() -> None:
    """A whole city's officers are a small chain, because only the number busy counts."""
    found: MultiOfficerQueue = multi_officer(100.0, [0.5, 0.3, 0.2], 200, 1.0)
    assert found.utilisation == pytest.approx(0.85, rel=1e-9)
    assert 0.0 < found.p_delay < float(erlang_c(200, 180.0))


def test_levels_of_an_erlang_queue() -> None:
    """A queue of one phase: R is the load, whatever excursions are taken into account."""
    up, down = np.array([[0.45]]), np.array([[0.55]])
    visits = visits_before_down(up, np.zeros((1, 1)), down)
    assert up @ visits == pytest.approx(0.45 / 0.55, rel=1e-12)
    assert visits @ down == pytest.approx(1.0, rel=1e-12)


def test_stationary_of_a_chain_with_a_state_left_for_good() -> None:
    """A state that is never entered again has no weight."""
    chain = np.array([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0], [0.0, 0.5, 0.5]])
    assert stationary(chain, often=2) == pytest.approx([0.0, 1 / 3, 2 / 3], abs=1e-15)
