"""Weighted displacement difference and quotient: figures of the literature, and figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.judge.evaluate.evaluation import evaluate
from qinwu.judge.evaluate.wdd import displacement, estimate, overdispersion, quotient, weighted_difference
from tests.judge.evaluation_cases import design_of, drawn, panel_of

COUNT = st.integers(0, 10_000)
PAIR = st.tuples(COUNT, COUNT)


def test_published_example() -> None:
    """Treated 100 to 80, control 100 to 90: -10, standard error 19.24."""
    found = weighted_difference((100, 80), (100, 90))
    assert (found.events, round(found.error, 2)) == (-10.0, 19.24)
    assert found.z == pytest.approx(-10 / math.sqrt(370))


def test_neighbours_count_as_well() -> None:
    """Events that moved next door are no gain: 20 fewer here, 20 more there, nothing in the controls."""
    found = weighted_difference((100, 80), (100, 100), (50, 70), (50, 50))
    assert found.events == 0.0
    assert found.error == pytest.approx(math.sqrt(180 + 200 + 120 + 100))


@given(PAIR, PAIR, PAIR, PAIR)
def test_treated_and_control_are_mirrors(
    one: tuple[int, int], two: tuple[int, int], near: tuple[int, int], far: tuple[int, int]
) -> None:
    """Swapping treated and control turns the sign and keeps the error."""
    there, back = weighted_difference(one, two, near, far), weighted_difference(two, one, far, near)
    assert there.events == -back.events
    assert there.error == back.error


@pytest.mark.parametrize(
    ("treated", "near", "control", "expected"),
    [
        ((100, 60), (100, 110), (400, 400), -0.25),
        ((100, 60), (100, 100), (400, 400), 0.0),
        ((100, 60), (100, 60), (400, 400), 1.0),
        ((100, 60), (100, 150), (400, 400), -1.25),
        ((100, 100), (100, 80), (400, 500), 1.8),
    ],
)
def test_quotient(treated: tuple[int, int], near: tuple[int, int], control: tuple[int, int], expected: float) -> None:
    """Bowers and Johnson's quotient, by hand: a quarter moved, none, as much gained next door, more moved than gained."""
    assert quotient(treated, near, control) == pytest.approx(expected)


def test_no_quotient_without_a_gain() -> None:
    """Where the treated place did not become rarer there is nothing that could have moved."""
    assert math.isnan(quotient((100, 120), (100, 100), (400, 400)))
    assert math.isnan(quotient((100, 80), (100, 100), (400, 0)))


def test_equal_controls_give_the_plain_difference() -> None:
    """Against places that sum to as much as the treated one before, the difference is that of the counts."""
    counts = np.zeros((3, 36))
    counts[0, 0], counts[0, 24], counts[1:, 0], counts[1:, 24] = 100, 80, 50, 45
    found = estimate(design_of(panel_of(counts)), overdispersed=False)
    # Two years before, one after: before counts are halved.
    assert found.detail["events"] == pytest.approx(80 - 50 - (90 - 50))
    assert found.share.change == pytest.approx(-10 / 90)


def test_spread_of_poisson_places_is_about_one() -> None:
    """Places that only chance moves spread like Poisson counts; places that drift spread more."""
    calm, wild = (overdispersion(design_of(drawn(drift=drift))) for drift in (0.0, 0.3))
    assert 1.0 <= calm < 2.0
    assert wild > 10.0


def test_displacement_needs_neighbours() -> None:
    """None are named: nothing is said of them. Some are: they are compared with the untreated, not counted among them."""
    panel = drawn(fall=0.3)
    assert displacement(design_of(panel)) is None
    design = design_of(panel, buffer=("乙所", "丙所"))
    found = displacement(design)
    assert found is not None
    assert len(design.control) == 21
    assert found.quotient == pytest.approx(0.0, abs=0.35)
    assert not found.neighbours.shown
    alone = estimate(design, overdispersed=True)
    assert found.difference.detail["events"] == pytest.approx(alone.detail["events"], abs=3.0 * found.difference.detail["error"])
    assert found.difference.detail["error"] > alone.detail["error"]
    assert evaluate(design).moved is not None
