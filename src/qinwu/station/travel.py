"""Travel times between atoms: along the roads, or from a stated metric and speed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qinwu.station.area import TravelTimes
from qinwu.station.config import Travel

F64 = NDArray[np.float64]

WITHIN_SQUARE = {"euclid": 0.5214, "manhattan": 2.0 / 3.0}
_LEAST_S = 1.0


def metres_per_second(speed_kmh: float) -> float:
    """Return a speed in metres per second."""
    return speed_kmh / 3.6


def straight_s(xy_m: F64, travel: Travel) -> F64:
    """Return (J, J) seconds between points in the stated metric, with the stated detour and speed.

    Manhattan distance is taken along the grid of the local projection (east and north).
    """
    apart = np.abs(xy_m[:, None, :] - xy_m[None, :, :])
    metres = apart.sum(axis=2) if travel.metric == "manhattan" else np.hypot(apart[..., 0], apart[..., 1])
    return np.asarray(metres * travel.detour / metres_per_second(travel.speed_kmh))


def within_s(area_m2: F64, travel: Travel) -> F64:
    """Return (J,) mean seconds between two random points of one atom, taken as a square of the same area.

    The mean distance in a square of side 1 is 0.5214 (Euclid: (2 + √2 + 5 ln(1 + √2)) / 15) or 2/3 (Manhattan); see Larson and
    Odoni, *Urban Operations Research* (1981), chapter 3.
    """
    metres = WITHIN_SQUARE[travel.metric] * np.sqrt(area_m2) * travel.detour
    return np.asarray(metres / metres_per_second(travel.speed_kmh))


def straight_travel(xy_m: F64, area_m2: F64, travel: Travel) -> TravelTimes:
    """Return travel times of an area without roads."""
    words = f"{travel.metric}, {travel.speed_kmh:g} km/h" + (f", detour {travel.detour:g}" if travel.detour != 1 else "")
    return times(straight_s(xy_m, travel), area_m2, travel, words)


def times(between_s: NDArray[np.floating], area_m2: F64, travel: Travel, source: str) -> TravelTimes:
    """Return travel times with the diagonal of atoms' own size; nothing is nearer than one second."""
    base = np.array(between_s, dtype=np.float64)
    np.fill_diagonal(base, within_s(area_m2, travel))
    hours = np.tile(np.asarray(travel.hour_factor, dtype=np.float64), 7)
    return TravelTimes(np.maximum(base, _LEAST_S).astype(np.float32), hours, travel.spread, source)
