"""Change: the period from which a share is another one, and the chance that a share without a change looks like it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from qinwu.judge.integrity.record import F64

SHORTEST = 3
"""Periods before and after a change at least."""
DRAWS, TAIL, WANDERING = 4000, 250, 5.0
LIKE_BEFORE = 0.8
"""Residuals of neighbouring periods cannot correlate more than this: beyond it there is a trend, not a level."""


class Change(NamedTuple):
    """The first period after the change, the shares before and after it, and the chance of so sharp a rise anywhere."""

    at: int
    before: float
    after: float
    p: float


def rise(hits: F64, n: F64, rest_hits: F64 | None = None, rest_n: F64 | None = None) -> Change | None:
    """Return the sharpest rise of a share over periods, in excess of that of the rest.

    Parameters
    ----------
    hits, n
        By period, in order; periods without cases count for nothing.
    rest_hits, rest_n
        Of all other units: what happens to everybody is a season or a new rule, not padding.

    Returns
    -------
    Change or None
        None for too few periods. All splits are tried: shares become 2 arcsin √((hits + 3/8) / (n + 3/4)), whose variance is near
        1 / (n + ½) (Anscombe 1948); the statistic is the largest t of after less before, with the spread estimated beside that
        split and widened for periods that resemble their neighbours. Its null distribution is drawn (`DRAWS` series of noise), the
        tail beyond the draws from a generalised Pareto fit (Knijnenburg et al. 2009).
    """
    periods = len(n)
    if periods < 2 * SHORTEST + 2:
        return None
    height, weight = _level(hits, n), n + 0.5
    if rest_hits is not None and rest_n is not None:
        height = height - _level(rest_hits, rest_n)
        weight = 1.0 / (1.0 / weight + 1.0 / (rest_n + 0.5))
    weight = np.where(n > 0, weight, 0.0)
    score = _scores(height[None, :], weight)[0]
    at = int(score.argmax())
    split = at + SHORTEST
    before, after = (float(hits[part].sum() / max(n[part].sum(), 1.0)) for part in (slice(0, split), slice(split, periods)))
    return Change(split, before, after, _chance(float(score[at]), periods))


def _level(hits: F64, n: F64) -> F64:
    found: F64 = 2.0 * np.arcsin(np.sqrt((hits + 0.375) / (n + 0.75)))
    return found


def _scores(height: F64, weight: F64) -> F64:
    """Return the t of each split of each series (rows)."""
    periods = height.shape[1]
    w, wy = np.cumsum(weight), np.cumsum(weight * height, axis=1)
    splits = np.arange(SHORTEST, periods - SHORTEST + 1)
    w0, w1 = w[splits - 1], w[-1] - w[splits - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        m0, m1 = wy[:, splits - 1] / w0, (wy[:, -1:] - wy[:, splits - 1]) / w1
        jump = m1 - m0
        total = (weight * height**2).sum(1, keepdims=True) - w0 * m0**2 - w1 * m1**2
        spread = np.maximum(total / (periods - 2), 1.0)
        score = jump / np.sqrt(spread * (1.0 / w0 + 1.0 / w1))
    score = np.where(np.isfinite(score), score, -np.inf)
    best = score.argmax(axis=1)
    rows = np.arange(len(height))
    later = np.arange(periods)[None, :] >= splits[best][:, None]
    left = (height - np.where(later, m1[rows, best][:, None], m0[rows, best][:, None])) * np.sqrt(weight)
    square = np.maximum((left**2).sum(1), 1e-12)
    alike = (left[:, 1:] * left[:, :-1]).sum(1) / square
    # The estimate falls short by (1 + 3 ρ) / T (Kendall 1954), and as much again beside the split that was looked for.
    alike = np.clip(alike + 2.0 * (1.0 + 3.0 * np.maximum(alike, 0.0)) / periods, 0.0, LIKE_BEFORE)
    found: F64 = score / np.sqrt((1.0 + alike) / (1.0 - alike))[:, None]
    return found


@lru_cache(maxsize=128)
def _null(periods: int) -> F64:
    """Return the sorted largest scores of series of noise without a change.

    The noise is far larger than chance of counts alone, so that the spread is estimated, not given: units do wander.
    """
    rng = np.random.default_rng([periods, 1948])
    return np.sort(_scores(WANDERING * rng.standard_normal((DRAWS, periods)), np.ones(periods)).max(axis=1))


def _chance(score: float, periods: int) -> float:
    """Return P(largest score ≥ `score`) without a change."""
    null = _null(periods)
    beyond = DRAWS - int(np.searchsorted(null, score))
    if beyond >= 10:
        return (beyond + 1.0) / (DRAWS + 1.0)
    start = float(null[-TAIL - 1])
    over = null[-TAIL:] - start
    # Moments of the generalised Pareto distribution (Hosking & Wallis 1987); a tail that ends is not believed.
    ratio = over.mean() ** 2 / over.var()
    shape, scale = max(0.5 * (1.0 - ratio), 0.0), 0.5 * over.mean() * (ratio + 1.0)
    away = score - start
    tail = np.exp(-away / scale) if shape < 1e-6 else (1.0 + shape * away / scale) ** (-1.0 / shape)
    return float(max(tail * TAIL / DRAWS, 1e-12))
