"""Aoristic times: shares of hours and expected gaps against closed forms and against drawing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.forecast.leads.aoristic import DAY_S, HOUR_S, WEEK_S, agreement, cycle_weights, expected_gap

MOMENTS = st.floats(-3.0, 3.0).map(lambda value: round(value, 3))
LENGTHS = st.one_of(st.just(0.0), st.floats(0.01, 4.0).map(lambda value: round(value, 3)))


def one(value: float) -> np.ndarray:
    """Return a number as an array of one."""
    return np.array([value])


def gap(a: float, length: float, b: float, other: float) -> float:
    """Return the expected gap of two intervals given by start and length."""
    return float(expected_gap(one(a), one(a + length), one(b), one(b + other))[0])


def test_an_evening_to_morning_spreads_over_its_hours() -> None:
    """22:30 to 01:30 is a sixth in the hour of 22 and of 1, a third in 23 and in 0."""
    weights = cycle_weights(one(22.5 * HOUR_S), one(25.5 * HOUR_S), DAY_S, 24)[0]
    assert weights[[22, 23, 0, 1]] == pytest.approx([1 / 6, 1 / 3, 1 / 3, 1 / 6])


def test_two_whole_days_and_a_half_weigh_as_they_last() -> None:
    """Sixty hours from midnight: the first twelve hours of the day three times, the others twice."""
    weights = cycle_weights(one(0.0), one(60.0 * HOUR_S), DAY_S, 24)[0]
    assert weights[:12] == pytest.approx(np.full(12, 3 / 60))
    assert weights[12:] == pytest.approx(np.full(12, 2 / 60))


def test_an_instant_lies_in_its_hour_and_day() -> None:
    """Thursday 13:59 is hour 13 and day 3, also before the first Monday that is counted from."""
    moment = one(-WEEK_S + 3 * DAY_S + 13.99 * HOUR_S)
    assert cycle_weights(moment, moment, DAY_S, 24)[0].argmax() == 13
    assert cycle_weights(moment, moment, WEEK_S, 7)[0].argmax() == 3


@settings(deadline=None, max_examples=50)
@given(MOMENTS, LENGTHS)
def test_shares_add_up_to_one(start: float, length: float) -> None:
    """However long an interval is, its shares of the hours are positive and add up to one."""
    weights = cycle_weights(one(start * DAY_S), one((start + length) * DAY_S), DAY_S, 24)
    assert weights.min() >= -1e-12
    assert weights.sum() == pytest.approx(1.0)


def test_gaps_in_closed_form() -> None:
    """Apart: between the middles. The same unit interval: a third. A moment in its middle: a quarter. One inside the other."""
    assert gap(0.0, 1.0, 5.0, 3.0) == pytest.approx(6.0)
    assert gap(0.0, 1.0, 0.0, 1.0) == pytest.approx(1 / 3)
    assert gap(0.0, 1.0, 0.5, 0.0) == pytest.approx(1 / 4)
    assert gap(0.0, 3.0, 1.0, 1.0) == pytest.approx(0.75 + 1 / 36)
    assert gap(2.0, 0.0, 2.0, 0.0) == 0.0


@settings(deadline=None, max_examples=50)
@given(MOMENTS, LENGTHS, MOMENTS, LENGTHS)
def test_gaps_agree_with_many_moments_of_each_interval(a: float, length: float, b: float, other: float) -> None:
    """The mean distance of evenly spaced moments comes to the same; either way round it is the same."""
    moments = (np.arange(400) + 0.5) / 400
    many = np.abs((a + length * moments)[:, None] - (b + other * moments)).mean()
    assert gap(a, length, b, other) == pytest.approx(many, abs=2e-3)
    assert gap(a, length, b, other) == pytest.approx(gap(b, other, a, length), abs=1e-9)


def test_agreeing_at_a_rare_hour_says_more() -> None:
    """Of ten cases eight at noon and two at four: the two agree oftener than by chance, and more so than two of the eight."""
    at = np.array([12.0] * 8 + [4.0] * 2) * HOUR_S
    ratio = agreement(cycle_weights(at, at, DAY_S, 24), 1.0)
    assert ratio[8, 9] > ratio[0, 1] > 0.0 > ratio[0, 8]
    assert ratio == pytest.approx(ratio.T)
