"""What a measure returns, and the few statistics they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64


class Key(NamedTuple):
    """What a figure is: the measure, how it is broken down (``by``), the group, and the statistic."""

    measure: str
    by: str
    group: str
    statistic: str


Value = tuple[Key, float]


def mean(x: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    """Return the mean, nan of nothing."""
    return float(np.add.reduce(x)) / len(x) if len(x) else float("nan")


def quantiles(x: F64, shares: Sequence[float]) -> list[float]:
    """Return empirical quantiles (linear interpolation, Hyndman & Fan type 7) without sorting more than is asked; nan of nothing.

    >>> quantiles(np.array([4.0, 1.0, 2.0]), (0.5, 1.0))
    [2.0, 4.0]
    """
    if not len(x):
        return [float("nan")] * len(shares)
    last = len(x) - 1
    places = [share * last for share in shares]
    wanted = {at for place in places for at in (int(place), min(int(place) + 1, last))}
    ordered = np.partition(x, sorted(wanted))
    low = [float(ordered[int(place)]) for place in places]
    high = [float(ordered[min(int(place) + 1, last)]) for place in places]
    return [a + (b - a) * (place - int(place)) for a, b, place in zip(low, high, places, strict=True)]


def spread(measure: str, by: str, group: str, x: F64) -> Iterator[Value]:
    """Yield mean, median and 90th percentile of the known values of `x`."""
    known = x[~np.isnan(x)]
    p50, p90 = quantiles(known, (0.5, 0.9))
    yield Key(measure, by, group, "mean"), mean(known)
    yield Key(measure, by, group, "p50"), p50
    yield Key(measure, by, group, "p90"), p90


def gini(x: F64) -> float:
    """Return the Gini coefficient of non-negative loads (Gini 1912): 0 all equal, towards 1 all on one.

    >>> gini(np.array([1.0, 1.0, 1.0]))
    0.0
    >>> gini(np.array([0.0, 1.0]))
    0.5
    """
    n, total = len(x), float(x.sum())
    if n == 0 or total == 0.0:
        return float("nan")
    ranks = np.arange(1, n + 1)
    return float(2.0 * (ranks * np.sort(x)).sum() / (n * total) - (n + 1) / n)
