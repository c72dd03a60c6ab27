"""Limits of a funnel: how far chance alone carries a unit from the target, by its size; and how much more spread there is.

After Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005) 1185-1202, and
Handling over-dispersion of performance indicators, Quality and Safety in Health Care 14 (2005) 347-351.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qinwu.judge.score.tally import F64, Chance, Tally

Extra = Literal["additive", "multiplicative"]
"""How spread beyond chance enters: a variance between units that is added, or a factor on the variance of chance."""

WINSORISED = 0.10
"""Share of z-scores at either end that is pulled in to its neighbour before spread is measured."""

HALF = 0.5
SIGNS = 2.0
"""Spread counts as beyond chance where it is so many standard errors above one."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How much the units differ beyond chance.

    Parameters
    ----------
    extra
        How it enters the limits.
    phi
        Mean squared z-score after winsorising: 1 where chance explains everything.
    tau
        Standard deviation between units beyond chance, in the unit of the values; 0 where there is none.
    over
        Whether it is more than chance explains; else limits are those of chance alone.
    """

    extra: Extra
    phi: float
    tau: float
    over: bool


def error_of(target: float, exposure: F64, chance: Chance) -> F64:
    """Return the standard error of units of a size, were they at the target."""
    variance = target * (1.0 - target) if chance == "share" else target
    return np.asarray(np.sqrt(variance / exposure), dtype=np.float64)


def z_scores(counts: Tally, target: float) -> F64:
    """Return how many standard errors each unit is from the target (Spiegelhalter 2005, eq. 1); 0 where chance has no room."""
    error = error_of(target, counts.exposure, counts.chance)
    gap = counts.values - target
    return np.divide(gap, error, out=np.zeros_like(gap), where=error > 0.0)


def winsorised(z: F64, share: float = WINSORISED) -> F64:
    """Return z-scores with the smallest and largest `share` pulled in to the quantile they lie beyond.

    >>> winsorised(np.array([-9.0, *([0.0] * 8), 9.0]), 0.2).max()
    np.float64(0.0)
    """
    low, high = np.quantile(z, [share, 1.0 - share])
    return np.clip(z, low, high)


def spread_of(counts: Tally, target: float, extra: Extra = "additive", share: float = WINSORISED) -> Spread:
    """Return how much units differ beyond chance.

    ``phi`` is the mean of the squared winsorised z-scores; ``tau`` is that of DerSimonian and Laird (1986) from it. Spread is told
    to be more than chance where phi > 1 + 2 sqrt(2/I), its standard error under chance being sqrt(2/I) for I units.

    Parameters
    ----------
    counts
        The units.
    target
        What they are held against, in the unit of their values.
    extra
        How spread is to enter the limits.
    share
        Winsorised at either end, [0, 0.5).
    """
    size = len(counts.names)
    phi = float((winsorised(z_scores(counts, target), share) ** 2).mean())
    over = phi > 1.0 + SIGNS * math.sqrt(2.0 / size)
    return Spread(extra, phi, _between(error_of(target, counts.exposure, counts.chance), phi) if over else 0.0, over)


def _between(error: F64, phi: float) -> float:
    """Return the standard deviation between units, by moments."""
    if not (error > 0.0).all() or error.size < 2:
        return 0.0
    weight = error**-2
    room = weight.sum() - (weight**2).sum() / weight.sum()
    return math.sqrt(max(error.size * phi - (error.size - 1), 0.0) / float(room))


def exact_limit(tail: float, target: float, exposure: F64, chance: Chance) -> F64:
    """Return the value that a unit at the target falls below (`tail` under a half) or rises above with a small probability.

    Exact binomial or Poisson, interpolated between the two counts around it (Spiegelhalter 2005, appendix A.1): a unit is outside
    exactly where so few, or so many, have less than that probability. Upper limits mirror the lower ones; interpolated from below
    as in the paper they would put nine of nine beyond any target.

    Parameters
    ----------
    tail
        Probability of a lower value, (0, 1).
    target
        Share, [0, 1], or rate, >= 0.
    exposure
        Of each unit, > 0; whole numbers for a share.
    chance
        ``share`` or ``rate``.
    """
    from scipy.stats import binom, poisson

    law = binom(np.round(exposure), target) if chance == "share" else poisson(target * exposure)
    if tail < HALF:
        count = law.ppf(tail)
        over, side = law.cdf(count) - tail, -1.0
    else:
        small = 1.0 - tail
        count = law.isf(small)
        count = np.where(law.sf(count - 1.0) < small, count - 1.0, count)
        over, side = law.sf(count - 1.0) - small, 1.0
    here = law.pmf(count)
    part = np.divide(over, here, out=np.zeros_like(here), where=here > 0.0)
    return _possible((count + side * part) / exposure, chance)


def _possible(value: F64, chance: Chance) -> F64:
    """Return values kept at or above 0, shares at or below 1."""
    return np.asarray(np.clip(value, 0.0, 1.0 if chance == "share" else np.inf), dtype=np.float64)


def limit(tail: float, target: float, exposure: F64, chance: Chance, spread: Spread) -> F64:
    """Return the limit of :func:`exact_limit`, widened by spread beyond chance.

    Multiplicative: the distance to the target times sqrt(phi). Additive: distance squared plus (z tau) squared, which is the limit
    of the 2005 paper where chance is normal, and the exact one where tau is 0.
    """
    from scipy.special import ndtri

    exact = exact_limit(tail, target, exposure, chance)
    if not spread.over:
        return exact
    gap = exact - target
    if spread.extra == "multiplicative":
        wide = gap * math.sqrt(spread.phi)
    else:
        wide = math.copysign(1.0, tail - HALF) * np.sqrt(gap**2 + (float(ndtri(tail)) * spread.tau) ** 2)
    return _possible(target + wide, chance)
