"""Harmonic Poisson regression of many hourly series at once, in two blocks that are solved in turn.

log of the rate at hour h of day d = shape of the week(h) + level of the day(d). Given the levels, the counts of an hour of the week
are sufficient for the shape: 168 rows instead of all hours; given the shape, the counts of a day are sufficient for the levels.
Each block is a Poisson regression with a ridge, solved by Newton's method (iteratively reweighted least squares; McCullagh & Nelder
1989, section 2.5), and the two are repeated until nothing moves: block coordinate ascent on a concave likelihood. Hours not
observed have exposure 0 and weigh nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.hours.basis import F64, WEEK_D, Basis, day_basis, week_basis
from qinwu.forecast.hours.series import DAY_H, I64, HourlySeries
from qinwu.station.holidays import like_weekday

MEMORY_W = 104.0
"""Half-life in weeks of what teaches shape, seasons and holidays; the level of today is learnt apart and faster."""
SWEEPS, STEPS = 12, 6
ENOUGH = 1e-5
"""Change of a coefficient below which it has settled, on the log scale."""
LONGEST_STEP = 2.0
"""Largest change of a log rate in one step of Newton's method."""


@dataclass(frozen=True, slots=True)
class Harmonic:
    """A fitted regression and what it says of days, those to foretell included.

    Parameters
    ----------
    shape
        (S, 7, 24) rate of each hour of the week relative to the level, Monday first.
    level
        (S, D + horizon) level of each day.
    weekday
        (D + horizon,) whose hours each day resembles.
    """

    shape: F64
    level: F64
    weekday: I64

    def rates(self, start: int, end: int) -> F64:
        """Return calls an hour, (S, days, 24), from one day to the day before another."""
        return self.shape[:, self.weekday[start:end]] * self.level[:, start:end, None]


def fit(series: HourlySeries, kinds_ahead: NDArray[np.int8]) -> Harmonic:
    """Return the regression of each series.

    Parameters
    ----------
    series
        What teaches: at least one observed hour.
    kinds_ahead
        (horizon,) kinds of the days to foretell.
    """
    known = series.days
    kinds = np.concatenate([series.kinds, kinds_ahead])
    weekday = like_weekday(series.first, kinds)
    week, day = week_basis(), day_basis(series.first, known, len(kinds), kinds)
    weight = 0.5 ** ((known - 1 - np.arange(known)) / (WEEK_D * MEMORY_W))
    return _solved(series, Block(week, series, weekday[:known], weight), day, weekday)


class Block:
    """Sums by hour of the week: what the shape needs to know of the counts, and of the hours given the levels."""

    def __init__(self, basis: Basis, series: HourlySeries, weekday: I64, weight: F64) -> None:
        self.basis, self.hours, self.weekday, self.weight = basis, series.hours, weekday, weight
        self.of = [np.flatnonzero(weekday == place) for place in range(WEEK_D)]
        self.calls = np.stack([np.einsum("d,sdh->sh", weight[own], series.counts[:, own]) for own in self.of], axis=1)  # (S, 7, 24)
        self.days = weight * series.counts.sum(axis=2)  # (S, D)

    def exposure(self, level: F64) -> F64:
        """Return hours of observation by hour of the week, each multiplied by the level of its day, (S, 7, 24)."""
        return np.stack([(level[:, own] * self.weight[own]) @ self.hours[own] for own in self.of], axis=1)

    def exposure_of_days(self, shape: F64) -> F64:
        """Return hours of observation by day, each multiplied by the shape of its hour, (S, D)."""
        return by_day(shape, self.weekday, self.hours) * self.weight


def by_day(week: F64, weekday: I64, hours: F64) -> F64:
    """Return what a week of hours, (S, 7, 24), comes to on each day, (S, D), its hours weighed by those observed, (D, 24)."""
    found = np.zeros((week.shape[0], weekday.size))
    for place in range(WEEK_D):
        own = weekday == place
        found[:, own] = week[:, place] @ hours[own].T
    return found


def _solved(series: HourlySeries, block: Block, day: Basis, weekday: I64) -> Harmonic:
    known, count = series.days, len(series.names)
    calls = block.calls.reshape(count, -1)
    theta = np.zeros((count, block.basis.columns.shape[1]))
    gamma = np.zeros((count, day.columns.shape[1]))
    past = Basis(day.columns[:known], day.precision)
    theta[:, 0] = np.log(np.maximum(calls.sum(axis=1), 0.5) / max(float((block.weight[:, None] * series.hours).sum()), 1e-9))
    for _ in range(SWEEPS):
        level = np.exp(gamma @ past.columns.T)
        moved, theta = _newton(block.basis, calls, block.exposure(level).reshape(count, -1), theta)
        shape = np.exp(theta @ block.basis.columns.T).reshape(count, WEEK_D, DAY_H)
        also, gamma = _newton(past, block.days, block.exposure_of_days(shape), gamma)
        if max(moved, also) < ENOUGH:
            break
    shape = np.exp(theta @ block.basis.columns.T).reshape(count, WEEK_D, DAY_H)
    return Harmonic(shape, np.exp(gamma @ day.columns.T), weekday)


def _newton(basis: Basis, calls: F64, exposure: F64, start: F64) -> tuple[float, F64]:
    """Return how far the coefficients of the first step went, and the coefficients, (S, P), of Poisson regressions with a ridge.

    Parameters
    ----------
    basis
        Columns (R, P) shared by all series.
    calls, exposure
        (S, R).
    start
        (S, P).
    """
    columns, precision = basis.columns, basis.precision
    # The curvature is a sum over rows of column times column: their products are made once, and each step is one multiplication.
    products = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    found, first = start, 0.0
    size = columns.shape[1]
    for number in range(STEPS):
        mean = exposure * np.exp(found @ columns.T)
        slope = (calls - mean) @ columns - precision * found
        curve = (mean @ products).reshape(-1, size, size) + np.diag(precision)
        step = np.linalg.solve(curve, slope[:, :, None])[:, :, 0]
        far = np.abs(step @ columns.T).max(axis=1, keepdims=True)
        step *= np.minimum(1.0, LONGEST_STEP / np.maximum(far, 1e-12))
        found = found + step
        moved = float(np.abs(step).max())
        first = moved if number == 0 else first
        if moved < ENOUGH:
            break
    return first, found
