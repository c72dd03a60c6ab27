"""The two methods: closed forms, a brute-force twin of the regression, and another program's."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.optimize import minimize

from qinwu.forecast.hours.basis import day_basis, week_basis
from qinwu.forecast.hours.decayed import decayed_weeks, level_now
from qinwu.forecast.hours.harmonic import MEMORY_W, fit
from qinwu.forecast.hours.learning import LEVELS_W, WEEKS_W, choose, origins, say, say_from
from qinwu.forecast.hours.naive import eight_weeks, last_week
from qinwu.forecast.hours.series import series_of
from qinwu.station.holidays import HOLIDAY, Holidays
from tests.forecast.hours_cases import MONDAY, poisson, repeated, smooth_week

ORDINARY_WEEK = np.zeros(7, dtype=np.int8)


def test_a_constant_series_stays_constant() -> None:
    """Three calls in every hour are foretold by both methods, whatever the half-lives."""
    said = say(repeated(np.full(168, 3.0), 10), ORDINARY_WEEK)
    for level in range(len(LEVELS_W)):
        for week in range(len(WEEKS_W)):
            harmonic, decayed = said.parts((level, week))
            np.testing.assert_allclose(harmonic, 3.0, rtol=1e-3)
            np.testing.assert_allclose(decayed, 3.0, rtol=1e-3)


def test_a_pure_pattern_is_recovered() -> None:
    """A week that repeats itself is foretold as it is, from any day of it on."""
    week = smooth_week()
    series = repeated(week, 12)
    harmonic, decayed = say(series, ORDINARY_WEEK).parts((2, 2))
    np.testing.assert_allclose(harmonic.ravel(), week, rtol=0.02)
    np.testing.assert_allclose(decayed.ravel(), week, rtol=0.03)
    later = say(series.until(80), ORDINARY_WEEK).averaged((2, 2))
    np.testing.assert_allclose(later.ravel(), np.roll(week, -24 * (80 % 7)), rtol=0.03)


def test_more_calls_of_the_same_kind() -> None:
    """Seven times the calls give seven times the forecast, where there are enough of them to outweigh the prior."""
    rates = np.tile(smooth_week(60.0), 10)
    one = poisson(rates, 1)
    seven = series_of(7.0 * one.counts.reshape(1, -1), MONDAY)
    told, larger = (say(each, ORDINARY_WEEK).averaged((3, 3)) for each in (one, seven))
    np.testing.assert_allclose(larger, 7.0 * told, rtol=0.02)


def test_the_regression_is_the_optimum_of_the_whole_likelihood() -> None:
    """Solving in two blocks finds what a general optimiser finds on all hours at once."""
    series = poisson(np.tile(smooth_week(2.0), 4), 2)
    week, day = week_basis(), day_basis(series.first, series.days, series.days, series.kinds)
    rows = week.columns.shape[1]
    columns = np.hstack(
        [np.tile(week.columns, (4, 1)), np.repeat(day.columns[:, 1:], 24, axis=0)]
    )  # the level of the day is that of the week: one intercept
    precision = np.concatenate([week.precision, day.precision[1:]])
    weight = np.repeat(0.5 ** ((series.days - 1 - np.arange(series.days)) / (7 * MEMORY_W)), 24)
    counts = series.counts.ravel()

    def lost(beta: np.ndarray) -> tuple[float, np.ndarray]:
        mean = np.exp(columns @ beta)
        value = (weight * (mean - counts * (columns @ beta))).sum() + 0.5 * (precision * beta**2).sum()
        return float(value), columns.T @ (weight * (mean - counts)) + precision * beta

    start = np.zeros(len(precision))
    start[0] = np.log(counts.mean())
    found = minimize(lost, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000, "ftol": 1e-14, "gtol": 1e-9})
    rates = np.exp(columns @ found.x).reshape(1, -1, 24)
    np.testing.assert_allclose(fit(series, np.zeros(0, dtype=np.int8)).rates(0, series.days), rates, rtol=2e-3)
    assert rows + day.columns.shape[1] - 1 == len(start)


def test_many_calls_agree_with_statsmodels() -> None:
    """With many calls the ridge does not count: Poisson regression of statsmodels gives the same rates."""
    statsmodels = pytest.importorskip("statsmodels.api")
    series = poisson(np.tile(smooth_week(400.0), 4), 3)
    weight = np.repeat(0.5 ** ((series.days - 1 - np.arange(series.days)) / (7 * MEMORY_W)), 24)
    columns = np.tile(week_basis().columns, (4, 1))
    peer = statsmodels.GLM(series.counts.ravel(), columns, family=statsmodels.families.Poisson(), var_weights=weight).fit()
    ours = fit(series, np.zeros(0, dtype=np.int8))
    level = ours.level / ours.level.mean()
    np.testing.assert_allclose((ours.rates(0, 28) / level[..., None]).ravel(), peer.fittedvalues, rtol=0.01)


def test_series_do_not_know_of_each_other() -> None:
    """Several series fitted together are fitted as if alone."""
    rates = np.stack([np.tile(smooth_week(level), 8) for level in (0.5, 5.0, 50.0)])
    together = poisson(rates, 4)
    said = say(together, ORDINARY_WEEK).averaged((2, 2))
    for number in range(3):
        alone = say(series_of(together.counts[number].reshape(1, -1), MONDAY), ORDINARY_WEEK).averaged((2, 2))
        np.testing.assert_allclose(said[number], alone[0], rtol=1e-4)


def test_hours_not_observed_are_no_zeros() -> None:
    """Leaving out the second half of every month does not lower what is foretold."""
    week = smooth_week()
    counts = np.tile(week, 20)
    day = np.repeat(np.arange(140), 24)
    counts[day % 28 >= 12] = np.nan
    told = say(series_of(counts, MONDAY), ORDINARY_WEEK).averaged((2, 3))
    np.testing.assert_allclose(told.ravel(), week, rtol=0.05)


def test_hours_never_observed_are_not_foretold() -> None:
    """A record of day shifts says nothing about nights."""
    counts = np.tile(smooth_week(), 6)
    hour = np.arange(counts.size) % 24
    counts[(hour < 8) | (hour >= 16)] = np.nan
    told = say(series_of(counts, MONDAY), ORDINARY_WEEK).averaged((2, 2))[0]
    assert np.isnan(told[:, :8]).all()
    assert np.isnan(told[:, 16:]).all()
    assert not np.isnan(told[:, 8:16]).any()


def test_holidays_are_learnt() -> None:
    """Holidays that bring half the calls are foretold with about half, and with the hours of a Sunday."""
    holidays = Holidays("CN")
    first, days = date(2024, 1, 1), 600
    kinds = holidays.kinds(first, days)
    factor = np.where(kinds == HOLIDAY, 0.5, 1.0)
    rates = np.tile(smooth_week(40.0, weekly=0.0), days // 7 + 1)[: days * 24] * np.repeat(factor, 24)
    series = series_of(np.random.default_rng(5).poisson(rates).astype(float), first, holidays=holidays)
    ahead = np.array([HOLIDAY, 0, 0, 0, 0, 0, 0], dtype=np.int8)
    fitted = fit(series, ahead)
    assert fitted.level[0, days] / fitted.level[0, days + 1] == pytest.approx(0.5, rel=0.06)
    assert fitted.weekday[days] == 6


def test_decayed_mean_by_hand() -> None:
    """Two weeks of a flat series, 2 calls and then 4, half-life a week: (2·½ + 4)/(½ + 1) in the middle of the week's ages."""
    series = series_of(np.repeat([2.0, 4.0], 168), MONDAY)
    fitted = fit(series, ORDINARY_WEEK)
    flat = fitted.__class__(np.ones((1, 7, 24)), np.ones((1, 21)), fitted.weekday)
    mean = decayed_weeks(series, flat, [1.0])[0, 0]
    np.testing.assert_allclose(mean, (2.0 * 0.5 + 4.0) / 1.5)


def test_level_of_today_by_hand() -> None:
    """Due 24 a day, came 48 on the last day alone: with a short half-life the level doubles, with a long one it hardly moves."""
    counts = np.ones(14 * 24)
    counts[-24:] = 2.0
    series = series_of(counts, MONDAY)
    fitted = fit(series, ORDINARY_WEEK)
    flat = fitted.__class__(np.ones((1, 7, 24)), np.ones((1, 21)), fitted.weekday)
    weights = 0.5 ** ((13 - np.arange(14)) / 7.0 / 0.1)
    now = level_now(series, flat.shape, flat, [0.1, 1000.0])[0]
    assert now[0] == pytest.approx((24.0 * weights.sum() + 24.0 + 2.0) / (24.0 * weights.sum() + 2.0))
    assert now[1] == pytest.approx(1.0 + 24.0 / (14 * 24 + 2), rel=1e-2)


def test_short_memory_where_the_level_jumps() -> None:
    """Where the level wanders a short half-life is chosen, where it stands still a long one."""
    rng = np.random.default_rng(6)
    wander = np.exp(np.cumsum(rng.normal(0.0, 0.25, 30)))
    still, moving = (np.concatenate([smooth_week(20.0) * factor for factor in factors]) for factors in (np.ones(30), wander))
    levels = []
    for rates in (still, moving):
        series = poisson(rates, 7)
        past = say_from(series, origins(series, 10))
        levels.append(LEVELS_W[choose(series, past)[0]])
    assert levels[0] > levels[1]
    assert levels[1] <= 1.0


def test_naive_methods_by_hand() -> None:
    """Weeks of 1, 2, … calls an hour: the last week is the last, eight weeks the mean of the last eight; gaps are passed over."""
    counts = np.repeat(np.arange(1.0, 13.0), 168)
    series = series_of(counts, MONDAY)
    np.testing.assert_allclose(last_week(series, 7), 12.0)
    np.testing.assert_allclose(eight_weeks(series, 9), np.arange(5.0, 13.0).mean())
    counts[-168:-144] = np.nan
    gapped = series_of(counts, MONDAY)
    assert (last_week(gapped, 7)[0, 0] == 11.0).all()
    assert (last_week(gapped, 7)[0, 1:] == 12.0).all()
    np.testing.assert_allclose(eight_weeks(gapped, 7)[0, 0], np.arange(4.0, 12.0).mean())
