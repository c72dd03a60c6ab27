"""Aoristic times: a case that happened between two moments has a share in every hour of the interval.

Ratcliffe & McCullagh 1998, "Aoristic crime analysis", Int. J. Geographical Information Science 12(7): 751-764.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
HOUR_S, DAY_S, WEEK_S = 3600.0, 86_400.0, 604_800.0
LEAST_RATIO = 1e-3
"""Hours that never agree count as agreeing this much as often as by chance."""


def cycle_weights(start: F64, end: F64, period: float, parts: int) -> F64:
    """Return the share of each interval that lies in each part of a repeating period; rows add up to 1.

    Parameters
    ----------
    start, end
        Seconds from the beginning of some period, ``start <= end``; an instant lies wholly in its part.
    period
        Length of the period in seconds.
    parts
        Number of equal parts.

    >>> cycle_weights(np.array([5400.0]), np.array([9000.0]), DAY_S, 24)[0, :4]
    array([0. , 0.5, 0.5, 0. ])
    """
    width = period / parts
    edges = np.arange(parts) * width

    def until(moment: F64) -> F64:
        whole = np.floor(moment / period)
        return whole[:, None] * width + np.clip((moment - whole * period)[:, None] - edges, 0.0, width)

    long = end > start
    weights = np.zeros((start.size, parts))
    weights[long] = (until(end[long]) - until(start[long])) / (end - start)[long, None]
    at = np.flatnonzero(~long)
    weights[at, (np.floor(start[at] / width) % parts).astype(np.int64)] = 1.0
    return weights


def expected_gap(start: F64, end: F64, other_start: F64, other_end: F64) -> F64:
    """Return the expected distance of two moments, each uniform on its interval, in the unit given.

    Where the intervals are apart it is the distance of their middles. Where they overlap, the second antiderivative of the
    distance, ``|z|³ / 6``, is taken at the four differences of the ends.

    >>> expected_gap(np.zeros(1), np.ones(1), np.zeros(1), np.ones(1))
    array([0.33333333])
    """
    gap = np.abs(start + end - other_start - other_end) / 2.0
    instant, other_instant = end == start, other_end == other_start
    over = ~instant & ~other_instant & (np.minimum(end, other_end) > np.maximum(start, other_start))
    a, b, c, d = start[over], end[over], other_start[over], other_end[over]
    thirds = np.abs(b - c) ** 3 + np.abs(a - d) ** 3 - np.abs(b - d) ** 3 - np.abs(a - c) ** 3
    gap[over] = thirds / 6.0 / ((b - a) * (d - c))
    inside = instant & (other_start < start) & (start < other_end)
    gap[inside] = _from_instant(start[inside], other_start[inside], other_end[inside])
    inside = other_instant & (start < other_start) & (other_start < end)
    gap[inside] = _from_instant(other_start[inside], start[inside], end[inside])
    return gap


def _from_instant(moment: F64, start: F64, end: F64) -> F64:
    """Return the expected distance of a moment inside an interval from one uniform on it."""
    found: F64 = ((moment - start) ** 2 + (end - moment) ** 2) / 2.0 / (end - start)
    return found


def agreement(weights: F64, spread: float) -> F32:
    """Return, for all pairs of rows, the log of how much oftener than by chance their moments agree on a cycle.

    Parameters
    ----------
    weights
        Rows of :func:`cycle_weights`.
    spread
        Standard deviation, in parts of the cycle, within which moments agree: a normal curve wrapped round it.

    Notes
    -----
    With ``K`` the curve and ``b`` the smoothed share of all cases in each part, the ratio of a pair is
    ``Σ p_a q_c K_ac / sqrt(b_a b_c)``: agreeing at an hour when little happens says more than at one when much does.
    """
    parts = weights.shape[1]
    apart = np.minimum(np.arange(parts), parts - np.arange(parts))
    curve = np.exp(-0.5 * (apart / spread) ** 2)
    kernel = (curve / curve.sum())[(np.arange(parts)[:, None] - np.arange(parts)) % parts]
    usual = np.maximum(kernel @ weights.mean(0), 1e-9)
    scaled = (weights / np.sqrt(usual)).astype(np.float32)
    found: F32 = np.log(np.maximum(scaled @ kernel.astype(np.float32) @ scaled.T, np.float32(LEAST_RATIO)))
    return found
