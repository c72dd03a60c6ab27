"""Bands: negative binomial, as wide as forecasts of the past were off; for hours, days and the week.

The variance of a count is m + a·m² around its forecast m; a is estimated from past one-week-ahead errors by the method of moments
(Breslow 1984, Applied Statistics 33: 38-44), apart for hours, days and weeks, whose errors do not add up independently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.hours.basis import F64, WEEK_D
from qinwu.forecast.hours.learning import Said, week_after
from qinwu.forecast.hours.series import DAY_H, HourlySeries

INSIDE = 0.9
"""Share of counts that a band is to hold."""
PRIOR = 0.01
"""Over-dispersion that stands for one more past week: levels are off by 10 % or so before anything is known (an assumption)."""
LEAST = 1e-6
"""Over-dispersion below which a count is Poisson."""
WHOLE = 0.9
"""Share of the hours of a day or a week that must have been observed for it to tell of days or weeks."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Over-dispersion around forecasts, >= 0: of hours, days and weeks, (S,) each."""

    hour: F64
    day: F64
    week: F64


def spread_of(series: HourlySeries, past: Sequence[Said], choice: tuple[int, int]) -> Spread:
    """Return how far past forecasts were off beyond chance.

    Without an origin that could be compared there is the prior alone; days or weeks not seen whole take the spread of the
    shorter time.
    """
    pairs = [(*week_after(series, said.origin), said.averaged(choice)) for said in past]
    hour = _moment([(calls, told * hours, hours > 0.0) for calls, hours, told in pairs], len(series.names))
    days = [_summed(calls, hours, told, (WEEK_D, DAY_H)) for calls, hours, told in pairs]
    weeks = [_summed(calls, hours, told, (1, WEEK_D * DAY_H)) for calls, hours, told in pairs]
    day = _moment(days, len(series.names)) if any(known.any() for *_, known in days) else hour
    week = _moment(weeks, len(series.names)) if any(known.any() for *_, known in weeks) else day
    return Spread(hour, day, week)


def _summed(calls: F64, hours: F64, told: F64, shape: tuple[int, int]) -> tuple[F64, F64, NDArray[np.bool_]]:
    """Return calls and forecasts summed to days or to the week, and which of them were seen nearly whole."""
    known = (hours > 0.0) & ~np.isnan(told).any(axis=0)
    whole = known.reshape(shape).mean(axis=1) >= WHOLE
    each = [np.where(known, one, 0.0).reshape(-1, *shape).sum(axis=2) for one in (calls, told * hours)]
    return each[0], each[1], whole


def _moment(pairs: Sequence[tuple[F64, F64, NDArray[np.bool_]]], count: int) -> F64:
    """Return sum((y − m)² − m) / sum(m²) of each series, with one week more of over-dispersion `PRIOR`; 0 at least."""
    above, below = np.zeros(count), np.full(count, 1e-12)
    for calls, told, known in pairs:
        use = known & ~np.isnan(told)
        off = np.where(use, (calls - told) ** 2 - told, 0.0)
        above += off.reshape(count, -1).sum(axis=1)
        below += np.where(use, told**2, 0.0).reshape(count, -1).sum(axis=1)
    seen = sum(bool(known.any()) for *_, known in pairs)
    return np.maximum((above / below * seen + PRIOR) / (seen + 1), 0.0)


def band(mean: F64, spread: F64, inside: float = INSIDE) -> tuple[F64, F64]:
    """Return the fewest and the most calls between which a count lies with this probability at least, whole numbers.

    Parameters
    ----------
    mean
        Calls foretold, >= 0; nan gives nan.
    spread
        Over-dispersion, broadcast to `mean`; 0 is Poisson.
    inside
        In (0, 1); both tails are cut at half the rest.
    """
    from scipy.stats import nbinom, poisson

    told = np.where(np.isnan(mean), 1.0, np.maximum(mean, 1e-9))
    wide = np.broadcast_to(np.maximum(spread, LEAST), told.shape)
    tails = ((1.0 - inside) / 2.0, (1.0 + inside) / 2.0)
    size = 1.0 / wide
    ends = [np.where(wide <= LEAST, poisson.ppf(tail, told), nbinom.ppf(tail, size, size / (size + told))) for tail in tails]
    low, high = (np.where(np.isnan(mean), np.nan, end) for end in ends)
    return low, high


def held(mean: F64, spread: F64, low: F64, high: F64) -> F64:
    """Return with which probability a band holds the count: more than asked for, because counts are whole numbers."""
    from scipy.stats import nbinom

    size = 1.0 / np.broadcast_to(np.maximum(spread, LEAST), mean.shape)
    chance = size / (size + np.maximum(mean, 1e-9))
    return np.asarray(nbinom.cdf(high, size, chance) - nbinom.cdf(low - 1.0, size, chance))
