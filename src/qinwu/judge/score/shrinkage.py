"""Shrinkage: a unit with few events says little about itself, so it is drawn to what all units have in common.

Gamma-Poisson for rates (Clayton & Kaldor, Biometrics 43 (1987) 671-681), beta-binomial for shares (Griffiths, Biometrics 29
(1973) 637-648). How strongly units are drawn together is not fixed at its likeliest value, which makes intervals too short (Morris,
JASA 78 (1983) 47-65), but averaged over its likelihood (Deely & Lindley, JASA 76 (1981) 833-841), each weight of the common value
of a typical unit as good as any other beforehand (uniform shrinkage: Daniels, Canadian Journal of Statistics 27 (1999) 567-578).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from qinwu.judge.claims.rates import LEVEL
from qinwu.judge.score.ranks import QUARTER
from qinwu.judge.score.tally import F64, Chance, Tally

GRID = 20
"""Weights of the common value that are tried, evenly between 0 and 1."""

PLACES = (-0.641, -0.262, 0.0, 0.262, 0.641)
"""Halves of the 10th, 30th, 50th, 70th and 90th percentile of a normal law: chance has the error 1/2 on its even scale."""

HALVINGS = 24
FLOOR = 1e-6


class Prior(NamedTuple):
    """What units have in common: mean share or rate, > 0, and the exposure that it weighs as much as, > 0."""

    mean: float
    strength: float


class Shrunk(NamedTuple):
    """A unit: its own value, the value drawn to the common one with its interval, and the weight of its own, 0 to 1."""

    name: str
    raw: float
    value: float
    low: float
    high: float
    weight: float


def log_likelihood(counts: Tally, prior: Prior) -> float:
    """Return how likely the counts are, without the terms that do not depend on the prior.

    Gamma-Poisson with shape a = mean · strength and rate b = strength; beta-binomial with a = mean · strength and
    b = (1 - mean) · strength.
    """
    from scipy.special import betaln, gammaln, xlogy

    y, n, mean, b = counts.events, counts.exposure, prior.mean, prior.strength
    a = mean * b
    if counts.chance == "share":
        return float((betaln(a + y, (1.0 - mean) * b + n - y) - betaln(a, (1.0 - mean) * b)).sum())
    each = gammaln(a + y) - gammaln(a) - a * np.log1p(n / b) + xlogy(y, n) - y * np.log(b + n)
    return float(each.sum())


def priors(counts: Tally) -> tuple[tuple[float, Prior], ...]:
    """Return what the units may have in common, each with its probability.

    For every weight B of the common value of a unit of median size the strength is size · B / (1 - B), as probable as the counts
    are under it. The mean is that of all units weighted by w = exposure / (exposure + strength); it is known as well as one that
    rests on an exposure of strength · sum of w, and stands at five equally probable places on the scale where chance is even.
    """
    size = float(np.median(counts.exposure))
    weights = (np.arange(GRID) + 0.5) / GRID
    found = [_means(counts, strength) for strength in (size * weights / (1.0 - weights)).tolist()]
    likely = np.array([log_likelihood(counts, means[len(means) // 2]) for means in found])
    chance = np.exp(likely - likely.max())
    chance /= chance.sum() * len(PLACES)
    return tuple((each, prior) for each, means in zip(chance.tolist(), found, strict=True) for prior in means)


def _means(counts: Tally, strength: float) -> list[Prior]:
    """Return the common value at each of its places, for one strength."""
    weight = counts.exposure / (counts.exposure + strength)
    known = strength * float(weight.sum())
    mean = float((weight * counts.values).sum() / weight.sum())
    if counts.chance == "share":
        even = math.asin(math.sqrt((mean * known + QUARTER) / (known + 2.0 * QUARTER)))
        ends = [min(max(even + place / math.sqrt(known), 0.0), math.pi / 2.0) for place in PLACES]
        means = [min(max(math.sin(each) ** 2, FLOOR), 1.0 - FLOOR) for each in ends]
    else:
        even = math.sqrt(mean + QUARTER / known)
        means = [max(even + place / math.sqrt(known), FLOOR) ** 2 for place in PLACES]
    return [Prior(each, strength) for each in means]


def shrunk(counts: Tally, prior: Prior | None = None, level: float = LEVEL) -> tuple[Shrunk, ...]:
    """Return every unit drawn to what all have in common.

    For a known prior the posterior mean is weight · own + (1 - weight) · common, with weight = exposure / (exposure + strength).

    Parameters
    ----------
    counts
        The units.
    prior
        What they have in common; averaged over what the counts allow by default.
    level
        Of the intervals, (0, 1).

    Examples
    --------
    Two cases of two are not 100 %: with a common share of 80 % that weighs as much as 8 cases it is 84 %.

    >>> from qinwu.judge.score.tally import tally
    >>> [round(each.value, 2) for each in shrunk(tally([("a", 2, 2)], "share"), Prior(0.8, 8.0))]
    [0.84]
    """
    known = priors(counts) if prior is None else ((1.0, prior),)
    chance = np.array([each for each, _ in known])[:, None]
    mean, strength = (np.array([one[at] for _, one in known])[:, None] for at in (0, 1))
    weight = counts.exposure / (counts.exposure + strength)
    value = (chance * (weight * counts.values + (1.0 - weight) * mean)).sum(0)
    first, second = mean * strength + counts.events, strength + counts.exposure
    if counts.chance == "share":
        second = (1.0 - mean) * strength + counts.exposure - counts.events
    tails = ((1.0 - level) / 2.0, (1.0 + level) / 2.0)
    low, high = (_quantile(tail, chance, first, second, counts.chance) for tail in tails)
    own = (chance * weight).sum(0)
    columns = (counts.values.tolist(), value.tolist(), low.tolist(), high.tolist(), own.tolist())
    return tuple(Shrunk(*row) for row in zip(counts.names, *columns, strict=True))


def _quantile(tail: float, chance: F64, first: F64, second: F64, kind: Chance) -> F64:
    """Return where mixtures of beta (first, second) or gamma (shape first, rate second) laws reach `tail`, by halving."""
    from scipy.special import betainc, gammainc

    low = np.zeros(first.shape[1])
    high = np.ones_like(low) if kind == "share" else (4.0 * (first + 25.0) / second).max(0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        below = betainc(first, second, middle) if kind == "share" else gammainc(first, second * middle)
        under = (chance * below).sum(0) < tail
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2.0, dtype=np.float64)
