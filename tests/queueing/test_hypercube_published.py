"""The hypercube against published figures, and figures computed from published descriptions."""

from __future__ import annotations

from itertools import islice
from math import factorial

import numpy as np
import pytest

from qinwu.queueing.cube.approximate import correction_factors, rounds
from qinwu.queueing.cube.problem import make_problem
from qinwu.queueing.erlang import busy_probabilities
from tests.queueing.hypercubes import F64, erlang_delay, erlang_loss, linear_command, three_server_city

LINEAR = {
    (0.3, "zero"): (0.001413, (0.26883, 0.30475, 0.30959, 0.30998, 0.30987), 0.298585, 1.104413),
    (0.3, "infinite"): (0.002017, (0.26927, 0.30517, 0.31001, 0.31040, 0.31029), 0.299776, 1.114251),
    (0.5, "zero"): (0.023567, (0.43523, 0.48890, 0.50500, 0.51132, 0.51305), 0.475864, 1.891874),
    (0.5, "infinite"): (0.046050, (0.44824, 0.50066, 0.51640, 0.52257, 0.52426), 0.494883, 2.080198),
}
"""By load and line: chance of a full house, workloads of the first half, inter-district share, mean travel; from a dense LU."""


def digits(count: int) -> float:
    """Return half a unit in the last of so many digits."""
    return 0.5000001 * 10.0**-count


def test_three_server_city() -> None:
    """Published workloads; states, delays and borrowing as computed when the tables were written."""
    city = three_server_city()
    result = city.solved()
    assert result.workload == pytest.approx([0.5574, 0.4734, 0.4693], abs=digits(4))
    assert result.workload == pytest.approx([0.557364, 0.473372, 0.469264], abs=digits(6))
    assert result.states is not None
    not_full = [0.210526, 0.136690, 0.088633, 0.094887, 0.090466, 0.088945, 0.053011]
    assert result.states[:-1] == pytest.approx(not_full, abs=digits(6))
    assert result.states[-1] == pytest.approx(0.118421 + 0.118421, abs=2 * digits(6))
    assert result.p_delay == result.p_full == pytest.approx(erlang_delay(3, 1.5), abs=1e-9)
    assert result.p_delay == pytest.approx(0.236842, abs=digits(6))
    assert result.mean_wait == pytest.approx(0.15789474, abs=digits(8))
    assert result.p_lost == 0.0


def test_three_server_city_sends_crews_out_of_their_districts() -> None:
    """Calls answered at once, and after a wait, by another district's crew."""
    city = three_server_city()
    result = city.solved()
    at_once = result.undelayed_share.sum() - result.undelayed_share[city.district, np.arange(4)].sum()
    assert at_once == pytest.approx(0.277430, abs=digits(6))
    assert city.borrowed(result) - at_once == pytest.approx(0.157895, abs=digits(6))
    assert city.borrowed(result) == pytest.approx(0.435325, abs=digits(6))


def test_three_server_city_without_a_line() -> None:
    """States and workloads where calls that find nobody are served by others."""
    result = three_server_city().solved(line="zero")
    states = [0.238806, 0.155052, 0.100539, 0.107633, 0.102619, 0.100892, 0.060132, 0.134328]
    assert result.states == pytest.approx(states, abs=digits(6))
    assert result.workload == pytest.approx([0.497905, 0.402631, 0.397971], abs=digits(6))
    assert [result.p_lost, result.p_full] == pytest.approx([erlang_loss(3, 1.5)] * 2, abs=1e-9)
    assert (result.p_delay, result.mean_wait) == (0.0, 0.0)


def test_three_server_city_approximately() -> None:
    """The published third iteration, to a unit of its last digit, and the fixed point."""
    city = three_server_city()
    problem = make_problem(city.rates, city.preferences, city.service_rates)
    third = next(islice(rounds(problem), 2, None))
    assert third.workload == pytest.approx([0.5627, 0.4716, 0.4657], abs=1e-4)
    fixed = city.solved(method="approximate")
    assert fixed.workload == pytest.approx([0.56263, 0.47170, 0.46566], abs=digits(5))


def test_published_correction_factors() -> None:
    """Q of three servers at half load (Larson & Odoni 1981, section 5.5.3)."""
    factors, _ = correction_factors(busy_probabilities(3, 1.5, "infinite"))
    assert factors == pytest.approx([1.0, 0.73684, 0.63158], abs=digits(5))


@pytest.mark.parametrize(("crews", "load"), [(2, 0.1), (5, 0.5), (9, 0.9), (30, 0.75)])
def test_correction_factors_with_a_line_are_larsons(crews: int, load: float) -> None:
    """Q(k) as a sum over the number busy (Larson 1975, eq. 12)."""
    factors, _ = correction_factors(busy_probabilities(crews, load * crews, "infinite"))
    offered = crews * load
    terms = sum(offered**n / factorial(n) for n in range(crews)) + offered**crews / (factorial(crews) * (1.0 - load))
    assert factors == pytest.approx(spread(crews, load) / (terms * (1.0 - load)), rel=1e-10)


@pytest.mark.parametrize(("crews", "load"), [(2, 0.1), (5, 0.5), (9, 0.9), (30, 0.75), (4, 1.8)])
def test_correction_factors_without_a_line_are_jarviss(crews: int, load: float) -> None:
    """Q(k) of a loss system (Jarvis 1985, eq. 4)."""
    factors, _ = correction_factors(busy_probabilities(crews, load * crews, "zero"))
    lost = erlang_loss(crews, load * crews)
    empty = 1.0 / sum((load * crews) ** n / factorial(n) for n in range(crews + 1))
    given = empty / ((1.0 - lost) ** np.arange(crews) * (1.0 - load * (1.0 - lost)))
    assert factors == pytest.approx(spread(crews, load) * given, rel=1e-10)


def spread(crews: int, load: float) -> F64:
    """Return the sums over the number busy that both papers share."""
    return np.array(
        [
            sum(
                factorial(crews - k - 1) * (crews - n) / factorial(n - k) * float(crews) ** n / factorial(crews) * load ** (n - k)
                for n in range(k, crews)
            )
            for k in range(crews)
        ]
    )


@pytest.mark.parametrize(("load", "line"), LINEAR)
def test_linear_command(load: float, line: str) -> None:
    """Nine units on a line: every figure to its last digit, and the mirror image of the workloads."""
    full, workload, borrowed, travel = LINEAR[load, line]
    city = linear_command(load)
    result = city.solved(line=line)
    assert result.p_full == pytest.approx(full, abs=digits(6))
    assert result.workload[:5] == pytest.approx(workload, abs=digits(5))
    assert result.workload == pytest.approx(result.workload[::-1], abs=1e-9)
    assert city.borrowed(result) == pytest.approx(borrowed, abs=digits(6))
    assert result.mean_travel == pytest.approx(travel, abs=digits(6))
