"""The square-root law: its constants as integrals, and how travel grows with the load."""

from __future__ import annotations

from math import exp, hypot

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad, quad

from qinwu.findings import QinwuError
from qinwu.queueing.erlang import Line
from qinwu.queueing.numbers import UnstableError
from qinwu.queueing.travel import KAPPA, METRICS, PLACES, Metric, Placed, travel_mean, travel_mean_at_load


def apart(metric: Metric, x: float, y: float) -> float:
    """Return the distance of two points x and y apart along the axes."""
    return x + y if metric == "manhattan" else hypot(x, y)


@pytest.mark.parametrize("metric", METRICS)
def test_constant_of_the_nearest(metric: Metric) -> None:
    """One crew per unit of area: nobody is nearer than r with probability exp(-area within r)."""
    area = {"manhattan": 2.0, "euclid": np.pi}[metric]
    assert KAPPA["nearest"][metric] == pytest.approx(quad(lambda r: exp(-area * r * r), 0.0, np.inf)[0], rel=1e-10)


@pytest.mark.parametrize("metric", METRICS)
def test_constant_of_a_beat(metric: Metric) -> None:
    """Crew and call at random in a unit square: differences along the axes have triangular densities."""
    mean = dblquad(lambda y, x: 4.0 * (1.0 - x) * (1.0 - y) * apart(metric, x, y), 0.0, 1.0, 0.0, 1.0)[0]
    assert KAPPA["own_beat"][metric] == pytest.approx(mean, rel=1e-8)


@pytest.mark.parametrize("metric", METRICS)
def test_constant_of_a_centre(metric: Metric) -> None:
    """A call at random in a quarter of the square whose corner is the centre."""
    mean = dblquad(lambda y, x: 4.0 * apart(metric, x, y), 0.0, 0.5, 0.0, 0.5)[0]
    assert KAPPA["centre"][metric] == pytest.approx(mean, rel=1e-8)


@pytest.mark.parametrize(
    ("placed", "manhattan", "euclid"), [("nearest", 0.6267, 0.5), ("own_beat", 2 / 3, 0.5214), ("centre", 0.5, 0.3826)]
)
def test_published_constants(placed: Placed, manhattan: float, euclid: float) -> None:
    """The constants of the validation page."""
    assert [KAPPA[placed][metric] for metric in METRICS] == pytest.approx([manhattan, euclid], abs=5e-5)


def test_arrays_go_together() -> None:
    """Areas down, crews across; four times the crews halve the way."""
    table = travel_mean(np.array([[1e6], [4e6]]), [1.0, 4.0], 10.0, "euclid")
    assert table == pytest.approx(np.array([[50.0, 25.0], [100.0, 50.0]]))
    assert travel_mean(0.0, 3, 10.0) == 0.0


@pytest.mark.parametrize("placed", PLACES)
@pytest.mark.parametrize("line", ["zero", "infinite"])
def test_travel_at_load_by_hand(placed: Placed, line: Line) -> None:
    """Two crews and one erlang: none or one busy equally often, and only then does anybody drive."""
    by_hand = (travel_mean(9e6, 2, 8.0, placed=placed) + travel_mean(9e6, 1, 8.0, placed=placed)) / 2.0
    assert travel_mean_at_load(2, 1.0, 9e6, 8.0, placed=placed, line=line) == pytest.approx(float(by_hand), rel=1e-13)


@settings(deadline=None)
@given(st.integers(1, 30), st.floats(0.0, 0.99), st.floats(0.0, 0.99))
def test_travel_grows_with_the_load(servers: int, one: float, other: float) -> None:
    """Busier crews are farther away; nobody is nearer than with all free, or farther than one alone."""
    less, more = (float(travel_mean_at_load(servers, use * servers, 1e6, 10.0)) for use in sorted((one, other)))
    assert less <= more * (1 + 1e-12)
    assert travel_mean(1e6, servers, 10.0) <= less * (1 + 1e-12)
    assert more <= travel_mean(1e6, 1, 10.0) * (1 + 1e-12)


def test_no_line_no_limit() -> None:
    """Where calls that find nobody are lost, whoever drives under an enormous load is the last one free."""
    assert travel_mean_at_load(9, 1e9, 1e6, 10.0, line="zero") == pytest.approx(float(travel_mean(1e6, 1, 10.0)), rel=1e-6)
    with pytest.raises(UnstableError):
        travel_mean_at_load(9, 9.0, 1e6, 10.0)


def test_wrong_arguments() -> None:
    """Words and numbers are checked; no free crew is no crew to travel."""
    with pytest.raises(QinwuError) as raised:
        travel_mean(-1.0, 0, 0.0)
    assert [finding.code for finding in raised.value.findings] == ["negative-number", "not-positive", "not-positive"]
    with pytest.raises(QinwuError) as raised:
        travel_mean(1e6, 1, 10.0, "euclidean")  # type: ignore[arg-type]
    assert raised.value.findings[0].values == {"name": "metric", "value": "euclidean", "known": "euclid"}
    with pytest.raises(QinwuError) as raised:
        travel_mean([1e6, 2e6], [1, 2, 3], 10.0)
    assert [finding.code for finding in raised.value.findings] == ["wrong-shape"]
