"""Shares: how the calls of a station fall on its places: slow, because places have too few calls for weeks of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.forecast.hours.basis import F64
from qinwu.forecast.hours.decayed import ages
from qinwu.forecast.hours.series import HourlySeries

HALF_LIFE_W = 52.0
"""Half-life of what teaches shares, in weeks: they move with building and moving, not with the weather."""
PRIOR_CALLS = 0.5
"""Calls given to each place beforehand (the prior of Jeffreys): a place without a call so far has a small share, not none."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of places.

    Parameters
    ----------
    names
        (P,) of the places.
    mean
        (P,) shares, > 0; they add up to 1.
    variation
        (P,) coefficient of variation of each share: how little is known of it.
    """

    names: tuple[str, ...]
    mean: F64
    variation: F64

    def widened(self, spread: F64) -> F64:
        """Return the over-dispersion of each place, (P,), given that of the whole, () or (1,).

        Thinning leaves the size of a negative binomial as it is; a share known with a coefficient of variation v adds to it:
        1 + a' = (1 + a)(1 + v²).
        """
        found: F64 = (1.0 + spread) * (1.0 + self.variation**2) - 1.0
        return found


def shares_of(series: HourlySeries) -> Shares:
    """Return the share of each series in the sum of all: Dirichlet, mean and spread of the posterior.

    Calls weigh 2^(−age / 52 weeks); those of hours not observed are none, for all places alike.
    """
    weight = 0.5 ** (ages(series.days) / HALF_LIFE_W)
    calls = series.counts.sum(axis=2) @ weight + PRIOR_CALLS
    whole = float(calls.sum())
    mean = calls / whole
    return Shares(series.names, mean, np.sqrt((1.0 - mean) / (mean * (whole + 1.0))))
