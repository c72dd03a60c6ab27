"""One beside the rest: how likely a unit's share or value is, if it is a unit like the others.

Units differ where nothing is wrong: busy streets, far villages. How much they differ is estimated from the peers, starting from
what public records of police districts show (`TOGETHER`, `SPREAD`), so that two or three peers are enough to say something.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from qinwu.judge.integrity.record import F64

TOGETHER, TOGETHER_SD = 60.0, 1.2
"""a + b of the beta distribution of units' shares: prior median, standard deviation of its logarithm.

Likelihood fits give 92 to 391 for shares within 5 to 15 minutes in the precincts of Detroit (24 to 422 in its beats), 59 to 1600
for shares of records of St. Louis by district and neighbourhood: ``python -m benchmarks.judge.padding --priors`` prints them."""
LEAST_SHAPE = 0.5
"""Of a and b: 24 for records withdrawn by district of St. Louis (1.2 %), 8 for crimes coded a month late by neighbourhood (8 %)."""
SPREAD, SPREAD_ROWS = 0.10, 4.0
"""Standard deviation between units of the logarithm of a spread, and how many units' worth of evidence the prior counts for."""
EDGE = 9.0
_MEANS = np.linspace(-6.5, 6.5, 66)
_SIZES = np.exp(np.linspace(np.log(4.0), np.log(3000.0), 16))
_THETA = 1.0 / (1.0 + np.exp(-np.linspace(-EDGE, EDGE, 241)))


class Beside(NamedTuple):
    """A unit beside the rest: what the rest lets one expect, the chance of as much or more, and of as little or less."""

    expected: F64
    above: F64
    below: F64


@lru_cache(maxsize=1)
def _grid() -> tuple[F64, F64, F64, F64]:
    """Return a, b, the logarithm of the prior, and the probability of each cell of `_THETA`, of every beta on the grid."""
    from scipy.special import betainc

    mean, size = (grid.ravel() for grid in np.meshgrid(1.0 / (1.0 + np.exp(-_MEANS)), _SIZES))
    a, b = mean * size, (1.0 - mean) * size
    # Jeffreys' prior on the mean, on the logit scale of the grid: mean^½ (1 − mean)^½.
    prior = 0.5 * np.log(mean * (1.0 - mean)) - 0.5 * (np.log(size / TOGETHER) / TOGETHER_SD) ** 2
    # Peers at nought must not stand for units of which one has everything: that is no way in which public records differ.
    prior = np.where(np.minimum(a, b) < LEAST_SHAPE, -np.inf, prior)
    edges = np.concatenate([[0.0], (_THETA[1:] + _THETA[:-1]) / 2.0, [1.0]])
    cells: F64 = np.diff(betainc(a[:, None], b[:, None], edges[None, :]), axis=1)
    return a, b, prior, cells


def shares_beside_rest(hits: F64, n: F64, honest: Callable[[F64], F64] | None = None) -> Beside:
    """Compare each unit's share with the beta-binomial prediction from the others, whose mean and spread are integrated out.

    Parameters
    ----------
    hits, n
        Of each unit; 0 ≤ hits ≤ n, n > 0.
    honest
        From shares to weights 0 or 1: which units may stand as peers; all by default.

    Returns
    -------
    Beside
        nan for a unit without a peer. The prediction is ∫ Binomial(n, θ) p(θ | peers) dθ; p(θ | peers) is a mixture of beta
        distributions over a grid of means and sizes (Skellam 1948; Griffiths 1973 for the likelihood).
    """
    from scipy.special import betainc, betaln

    a, b, prior, cells = _grid()
    each = betaln(hits[:, None] + a, (n - hits)[:, None] + b) - betaln(a, b)
    peers = np.ones(len(n)) if honest is None else honest(hits / n)
    rest = prior + (peers @ each)[None, :] - peers[:, None] * each
    alone = peers.sum() - peers < 1.0
    weights = np.exp(rest - rest.max(axis=1, keepdims=True))
    # einsum sums here faster than a matrix product, whose threads wait for each other on a busy machine.
    theta = np.einsum("ug,gt->ut", weights / weights.sum(axis=1, keepdims=True), cells)
    above = np.where(hits[:, None] > 0, betainc(np.maximum(hits, 1.0)[:, None], (n - hits + 1.0)[:, None], _THETA), 1.0)
    more = np.where((hits < n)[:, None], betainc((hits + 1.0)[:, None], np.maximum(n - hits, 1.0)[:, None], _THETA), 0.0)
    found = [(theta * _THETA).sum(axis=1), (theta * above).sum(axis=1), (theta * (1.0 - more)).sum(axis=1)]
    return Beside(*(np.where(alone, np.nan, value) for value in found))


def values_beside_rest(values: F64, errors: F64, spread: float = SPREAD) -> Beside:
    """Compare each unit's value with the others: a t prediction with the spread between units estimated, shrunk towards `spread`.

    Parameters
    ----------
    values, errors
        Of each unit, and its standard error.
    spread
        Prior standard deviation between units, worth `SPREAD_ROWS` units.

    Returns
    -------
    Beside
        nan for a unit with fewer than two peers.
    """
    from scipy.stats import t

    count = len(values)
    if count < 3:
        nothing = np.full(count, np.nan)
        return Beside(nothing, nothing, nothing)
    others = ~np.eye(count, dtype=bool)
    between = np.array([_between(values[row], errors[row], spread) for row in others])
    weights = others / (between[:, None] ** 2 + errors[None, :] ** 2)
    mean = (weights * values).sum(1) / weights.sum(1)
    off = np.sqrt(between**2 + errors**2 + 1.0 / weights.sum(1))
    score, freedom = (values - mean) / off, count - 2 + SPREAD_ROWS
    return Beside(mean, t.sf(score, freedom), t.cdf(score, freedom))


def _between(values: F64, errors: F64, spread: float) -> float:
    """Return the standard deviation between units: by moments, what the errors explain taken off, shrunk towards `spread`."""
    seen = max(float(values.var(ddof=1) - (errors**2).mean()), 0.0)
    rows = len(values) - 1
    return float(np.sqrt((rows * seen + SPREAD_ROWS * spread**2) / (rows + SPREAD_ROWS)))


def below_ceiling(ceiling: float) -> Callable[[F64], F64]:
    """Return who may stand as peer where padding is looked for: a unit at the ceiling says nothing of what is possible."""
    return lambda shares: (shares < ceiling).astype(float)
