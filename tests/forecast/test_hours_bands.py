"""Bands and shares: closed forms, invariants, and coverage where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from qinwu.forecast.hours.backtest import back_test
from qinwu.forecast.hours.bands import PRIOR, band, held, spread_of
from qinwu.forecast.hours.learning import choose, origins, say_from
from qinwu.forecast.hours.series import series_of
from qinwu.forecast.hours.shares import shares_of
from tests.forecast.hours_cases import MONDAY, smooth_week


@given(st.floats(0.0, 500.0), st.floats(0.0, 2.0), st.floats(0.5, 0.99))
def test_bands_are_ordered_and_hold_enough(mean: float, spread: float, inside: float) -> None:
    """The band begins at 0 or more, holds its median, and at least the share asked for."""
    low, high = band(np.array([mean]), np.array([spread]), inside)
    assert 0.0 <= low[0] <= high[0]
    assert held(np.array([mean]), np.array([spread]), low, high)[0] >= inside - 1e-9


def test_bands_by_hand() -> None:
    """Without over-dispersion a band is that of Poisson; with it, the negative binomial of variance m + a·m²."""
    low, high = band(np.array([6.0]), np.array([0.0]))
    assert (low[0], high[0]) == (poisson.ppf(0.05, 6.0), poisson.ppf(0.95, 6.0))
    low, high = band(np.array([6.0]), np.array([0.25]))
    assert (low[0], high[0]) == (nbinom.ppf(0.05, 4.0, 0.4), nbinom.ppf(0.95, 4.0, 0.4))
    assert nbinom.var(4.0, 0.4) == pytest.approx(6.0 + 0.25 * 36.0)
    assert np.isnan(band(np.array([np.nan]), np.array([0.1]))).all()


@pytest.mark.parametrize("size", [8.0, 1e6])
def test_coverage_where_the_truth_is_known(size: float) -> None:
    """Negative binomial counts around a known week: nine of ten lie in the band, and the spread is found."""
    rates = np.tile(smooth_week(6.0), 34)
    counts = np.random.default_rng(3).negative_binomial(size, size / (size + rates)).astype(float)
    series = series_of(counts, MONDAY)
    said = say_from(series, origins(series, 28))
    test = back_test(series, said, 18)
    inside, expected = test.coverage()
    assert inside == pytest.approx(expected, abs=0.02)
    assert expected >= 0.9
    spread = spread_of(series, said[-10:], choose(series, said[-10:]))
    assert spread.hour[0] == pytest.approx(1.0 / size, abs=0.03)


def test_nothing_known_is_the_prior() -> None:
    """Without a past week to compare the spread is the one assumed."""
    spread = spread_of(series_of(np.ones(14 * 24), MONDAY), [], (2, 2))
    assert (spread.hour[0], spread.day[0], spread.week[0]) == (PRIOR, PRIOR, PRIOR)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_shares_add_up(calls: list[int]) -> None:
    """Shares are above 0, add up to 1, and keep the order of calls."""
    counts = np.zeros((len(calls), 24))
    counts[:, 5] = calls
    shares = shares_of(series_of(counts, MONDAY))
    assert shares.mean.sum() == pytest.approx(1.0)
    assert (shares.mean > 0.0).all()
    assert (np.argsort(shares.mean, kind="stable") == np.argsort(calls, kind="stable")).all()


def test_shares_by_hand() -> None:
    """Three and one calls on the last day, half a call beforehand: (3½, 1½) of 5; drawn from the Dirichlet, the spread agrees."""
    counts = np.zeros((2, 24))
    counts[:, 0] = [3.0, 1.0]
    shares = shares_of(series_of(counts, MONDAY))
    np.testing.assert_allclose(shares.mean, [0.7, 0.3])
    drawn = np.random.default_rng(4).dirichlet([3.5, 1.5], 200_000)
    np.testing.assert_allclose(shares.variation, drawn.std(axis=0) / drawn.mean(axis=0), rtol=0.02)


def test_a_share_of_a_negative_binomial() -> None:
    """Thinning with an uncertain share: variance of drawn counts of a place is that of its band."""
    rng = np.random.default_rng(5)
    mean, spread = 40.0, 0.1
    whole = rng.negative_binomial(1 / spread, 1 / (1 + spread * mean), 400_000)
    share = rng.beta(30.5, 70.5, whole.size)
    place = rng.binomial(whole, share)
    counts = np.zeros((2, 24))
    counts[:, 0] = [30.0, 70.0]
    shares = shares_of(series_of(counts, MONDAY))
    wide = shares.widened(np.array([spread]))[0]
    told = mean * shares.mean[0]
    assert place.mean() == pytest.approx(told, rel=0.01)
    assert place.var() == pytest.approx(told + wide * told**2, rel=0.02)
