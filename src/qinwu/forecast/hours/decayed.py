"""Decayed hour-of-week mean: what each hour of the week brought, recent weeks weighing more; and the level of today."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qinwu.forecast.hours.basis import F64, WEEK_D
from qinwu.forecast.hours.harmonic import Harmonic, by_day
from qinwu.forecast.hours.series import DAY_H, HourlySeries

PRIOR_CALLS = 2.0
"""Calls that stand for the level as fitted: with fewer recent calls than this the level of today hardly departs from it."""
PRIOR_WEEKS = 0.1
"""Weeks that stand for the mean hour of the day, so that no hour is foretold to bring nothing at all."""


def ages(days: int) -> F64:
    """Return how many weeks before the end of the record each day lies, (D,): the last day 0."""
    return (days - 1 - np.arange(days)) / WEEK_D


def decayed_weeks(series: HourlySeries, fitted: Harmonic, half_lives: Sequence[float]) -> F64:
    """Return the decayed mean of each hour of the week relative to the level of its day, (S, C, 7, 24), for each half-life.

    Sums of calls over sums of hours × level, weighed by 2^(−age / half-life): a holiday counts as the Sunday it resembles, and a
    busy season does not look like a busy hour. Hours of the week never observed are nan.
    """
    age, weekday = ages(series.days), series.weekday
    level = fitted.level[:, : series.days]
    usual = level.mean(axis=1)[:, None, None]
    weights = np.stack([0.5 ** (age / half_life) for half_life in half_lives])
    calls = np.empty((len(half_lives), len(series.names), WEEK_D, DAY_H))
    hours = np.empty_like(calls)
    for place in range(WEEK_D):
        own = np.flatnonzero(weekday == place)
        weight = weights[:, None, own]
        calls[:, :, place] = (weight.swapaxes(0, 1) @ series.counts[:, own]).swapaxes(0, 1)
        hours[:, :, place] = (weight * level[:, own]) @ series.hours[own]
    mean = np.divide(calls, hours, out=np.full_like(calls, np.nan), where=hours > 0.0)
    return np.stack([_smoothed(one, weeks / usual) for one, weeks in zip(mean, hours, strict=True)], axis=1)


def _smoothed(mean: F64, weeks: F64) -> F64:
    """Return means drawn a little to the mean of the day."""
    day = np.nansum(mean * weeks, axis=1, keepdims=True) / np.maximum(np.nansum(weeks, axis=1, keepdims=True), 1e-12)
    return (mean * weeks + day * PRIOR_WEEKS) / (weeks + PRIOR_WEEKS)


def level_now(series: HourlySeries, week: F64, fitted: Harmonic, half_lives: Sequence[float]) -> F64:
    """Return by what fitted rates must be multiplied today, (S, C), for each half-life.

    Parameters
    ----------
    series
        What teaches.
    week
        (S, 7, 24) rates relative to the level; nan for hours of the week never observed.
    fitted
        Whose levels the rates are relative to.
    half_lives
        Weeks after which what was seen weighs half.
    """
    calls = series.counts.sum(axis=2)
    due = fitted.level[:, : series.days] * by_day(np.nan_to_num(week), fitted.weekday[: series.days], series.hours)
    weights = np.stack([0.5 ** (ages(series.days) / half_life) for half_life in half_lives])
    found: F64 = (calls @ weights.T + PRIOR_CALLS) / (due @ weights.T + PRIOR_CALLS)
    return found
