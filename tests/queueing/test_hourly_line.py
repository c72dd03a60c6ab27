"""The line through the week against closed forms, and against matrix exponentials."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from qinwu.queueing.erlang import busy_probabilities, erlang_c
from qinwu.queueing.hourly.line import HOUR_S, HOURS, Flows, change_crews, log_factorials, through_week
from qinwu.queueing.several_officers import multi_officer

STATES = 80


def flows(per_hour: float, crews: int, mean_s: float, **other: Any) -> Flows:
    """Return a week of constant flows of calls for one crew, with some of them replaced."""
    constant = Flows(
        rate=np.full(HOURS, per_hour / HOUR_S),
        needs=np.ones((HOURS, 1)),
        service_rate=np.full(HOURS, 1.0 / mean_s),
        other=np.zeros(HOURS),
        relief=np.zeros(HOURS),
        outside=np.zeros(HOURS, np.int64),
        giving_up=np.zeros(HOURS),
        crews=np.full(HOURS, crews),
        kept=np.full(HOURS, crews),
    )
    return constant._replace(**other)


@pytest.mark.parametrize(("per_hour", "crews"), [(1.5, 3), (4.0, 6)])
def test_constant_calls_are_an_m_m_c_queue(per_hour: float, crews: int) -> None:
    """After a week of constant calls the number busy is that of Erlang's delay system."""
    average = through_week(flows(per_hour, crews, HOUR_S), True, STATES)[-1]
    known = busy_probabilities(crews, per_hour, "infinite")
    assert average[:crews] == pytest.approx(known[:crews], abs=1e-6)
    assert average[crews:].sum() == pytest.approx(float(erlang_c(crews, per_hour)), abs=1e-6)


def test_work_that_is_let_go_is_a_loss_system() -> None:
    """Jobs that nobody waits for, alone, are Erlang's loss system."""
    average = through_week(flows(0.0, 4, HOUR_S, other=np.full(HOURS, 2.5 / HOUR_S)), True, STATES)[-1]
    assert average[:5] == pytest.approx(busy_probabilities(4, 2.5, "zero"), abs=1e-7)
    assert average[5:].sum() == pytest.approx(0.0, abs=1e-12)


def test_calls_for_two_that_leave_singly_are_a_bulk_queue() -> None:
    """Calls for two crews that serve on their own keep as many busy as they bring work, and wait longer than single calls."""
    needs = np.tile([0.0, 1.0], (HOURS, 1))
    double = through_week(flows(1.0, 4, HOUR_S, needs=needs), False, STATES)[-1]
    single = through_week(flows(2.0, 4, HOUR_S), False, STATES)[-1]
    number = np.arange(STATES)
    assert np.minimum(number, 4) @ double == pytest.approx(2.0, abs=1e-6)
    assert np.maximum(number - 4, 0) @ double > 1.3 * (np.maximum(number - 4, 0) @ single)


def test_crews_that_leave_together_vary_more() -> None:
    """With ample crews the number busy has the mean of the load, and twice its variance where calls take two that stay together."""
    needs = np.tile([0.0, 1.0], (HOURS, 1))
    number = np.arange(200)
    busy = through_week(flows(3.0, 60, HOUR_S, needs=needs), True, 200)[-1]
    mean = number @ busy
    assert mean == pytest.approx(6.0, abs=1e-4)
    assert (number - mean) ** 2 @ busy == pytest.approx(12.0, rel=1e-3)


def test_hoarding_is_near_the_model_of_green() -> None:
    """For calls for one or two that leave together, the share that finds nobody is near that of the exact model of Green."""
    needs = np.tile([0.6, 0.4], (HOURS, 1))
    busy = through_week(flows(2.0, 5, HOUR_S, needs=needs), True, STATES)[-1]
    exact = multi_officer(2.0, [0.6, 0.4], 5, 1.0, release="joint")
    assert busy[5:].sum() == pytest.approx(float(exact.p_delay), abs=0.08)


def test_a_week_of_changing_calls_follows_its_differential_equations() -> None:
    """Busy evenings, quiet nights, help from outside, patience: hour averages agree with matrix exponentials (Van Loan 1978)."""
    rate = np.where(np.arange(HOURS) % 24 >= 16, 6.0, 1.0) / HOUR_S
    needs = np.tile([0.5, 0.3, 0.2], (HOURS, 1))
    changing = flows(
        0.0, 4, 2400.0, rate=rate, needs=needs, relief=np.full(HOURS, 1.0 / 2000.0), outside=np.full(HOURS, 2),
        giving_up=np.full(HOURS, 1.0 / 3000.0), other=np.full(HOURS, 0.2 / HOUR_S),
    )  # fmt: skip
    ours = through_week(changing, True, STATES)

    def generator(hour: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        matrix = np.zeros((STATES, STATES))
        mean = needs[0] @ [1, 2, 3]
        for i in range(STATES):
            for m in range(3):
                matrix[min(i + m + 1, STATES - 1), i] += rate[hour] * needs[hour, m]
                matrix[max(i - m - 1, i - min(i, 4)), i] += min(i, 4) / 2400.0 * needs[hour, m] / mean
            if i < 4:
                matrix[i + 1, i] += 0.2 / HOUR_S
            if i > 4:
                matrix[i - 1, i] += min((i - 4) / 2000.0, 2 / 2400.0) + (i - 4) / 3000.0
        return matrix - np.diag(matrix.sum(axis=0))

    state, step = np.eye(STATES)[0], np.zeros((2 * STATES, 2 * STATES))
    through = {}  # hours with the same rate move the line alike
    for hour in range(40):
        if rate[hour] not in through:
            step[:STATES, :STATES] = generator(hour) * HOUR_S
            step[:STATES, STATES:] = np.eye(STATES)
            through[rate[hour]] = expm(step)
        moved = through[rate[hour]]
        average = moved[:STATES, STATES:] @ state
        state = moved[:STATES, :STATES] @ state
        if hour >= 24:
            assert ours[hour] == pytest.approx(average, abs=2e-3)


def test_crews_that_leave_take_their_calls_along() -> None:
    """Of three busy crews out of four, two of whom stay, the number still here is hypergeometric; who waits goes on waiting."""
    now, later = np.zeros(10), np.zeros(10)
    now[3] = 1.0
    change_crews(now, later, 4, 2, log_factorials(10))
    assert later[:4].tolist() == pytest.approx([0.0, 0.5, 0.5, 0.0])
    now[:] = 0.0
    now[6] = 1.0
    change_crews(now, later, 4, 2, log_factorials(10))
    assert later[4] == pytest.approx(1.0)
