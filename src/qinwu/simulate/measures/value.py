"""What a measure returns, and the few statistics they share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64
from qinwu.station.station import Station


class Key(NamedTuple):
    """What a figure is: the measure, how it is broken down (``by``), the group, and the statistic."""

    measure: str
    by: str
    group: str
    statistic: str


Value = tuple[Key, float]


@dataclass(frozen=True, slots=True)
class Context:
    """What measures need to know of a station beyond the plan: promises, streets, and how a patrol is seen."""

    limit_s: F64
    ladder_s: tuple[float, ...]
    call_classes: tuple[str, ...]
    street_m: F64
    area_m2: F64
    patrol_mps: float
    sight_m: float
    stay_s: float

    @classmethod
    def of(cls, station: Station) -> Context:
        """Collect the context of `station`."""
        policy, patrol = station.config.policy, station.config.patrol
        return cls(
            limit_s=np.array([policy.limit_min.get(p, np.inf) * 60.0 for p in (1, 2, 3, 4)]),
            ladder_s=tuple(minutes * 60.0 for minutes in policy.ladder_min),
            call_classes=tuple(c.id for c in station.config.call_class),
            street_m=station.area.street_m,
            area_m2=station.area.area_m2,
            patrol_mps=patrol.speed_kmh / 3.6,
            sight_m=patrol.sight_m,
            stay_s=patrol.stay_min * 60.0,
        )


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
