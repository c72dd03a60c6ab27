"""Small grounds and records of events: a grid of squares, events drawn evenly, with hot places, or set off by each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely import box

from qinwu.forecast.places.events import Events, make_events
from qinwu.forecast.places.ground import Ground, grid_ground

F64 = NDArray[np.float64]

CELL_M = 200.0


def squares(columns: int = 8, rows: int = 8) -> Ground:
    """Return a grid of squares of 200 m."""
    return grid_ground(box(0.0, 0.0, columns * CELL_M, rows * CELL_M), CELL_M)


def drawn(ground: Ground, rates: F64, days: float, seed: int = 1, start: float = 0.0) -> Events:
    """Return Poisson events with `rates` (P,) a day."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(rates * days)
    place = np.repeat(np.arange(len(ground), dtype=np.int32), count)
    return make_events(ground, place, start + rng.uniform(0.0, days, len(place)), first=start)


def uneven(ground: Ground, hot: int = 5, seed: int = 3) -> F64:
    """Return rates a day: 0.01 everywhere, ten times that in a few places."""
    rates = np.full(len(ground), 0.01)
    rates[np.random.default_rng(seed).choice(len(ground), hot, replace=False)] = 0.1
    return rates


def exciting(ground: Ground, rate: float, theta: float, omega: float, days: float, seed: int = 5) -> Events:
    """Return a self-exciting process: even background of `rate` a day in all; each event sets off others in its own place."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(rate * days)
    waiting = list(zip(rng.integers(len(ground), size=count).tolist(), rng.uniform(0.0, days, count).tolist(), strict=True))
    place, day = [], []
    while waiting:
        where, when = waiting.pop()
        place.append(where)
        day.append(when)
        after = when + rng.exponential(1.0 / omega, rng.poisson(theta))
        waiting += [(where, later) for later in after.tolist() if later < days]
    return make_events(ground, np.array(place, dtype=np.int32), np.array(day), first=0.0)
