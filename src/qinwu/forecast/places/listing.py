"""Listing: the rows of the list: how many events are expected where and when, and how much of the patrol goes there."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.forecast.guards.guard_report import FEWEST
from qinwu.forecast.places.events import Events
from qinwu.forecast.places.ground import Ground
from qinwu.forecast.places.listed import table_of
from qinwu.forecast.places.wish import Wish

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

PARTS = 4
PRIOR = 20.0
"""Events that the usual course of the day counts as, in the course of a single place."""
SIDE = 0.9
"""Level of the interval of a place."""
EPOCH = date(1970, 1, 1)


def listed(
    events: Events, expected: F64, hot: I64, lot: I64, shares: tuple[F64, F64], wish: Wish, start: float, spread: float
) -> pl.DataFrame:
    """Return the list: a row for each hot place and part of the day, and one for each place drawn by lot."""
    from scipy.stats import nbinom, poisson

    ground = events.ground
    course = course_of(events) if wish.by_part else np.ones((len(ground), 1))
    parts = range(PARTS) if wish.by_part else (None,)
    recent = events.place, ((events.day % 1.0) * PARTS).astype(np.int64) if wish.by_part else np.zeros(len(events), dtype=np.int64)
    count = np.zeros((len(ground), course.shape[1]))
    np.add.at(count, recent, 1.0)
    days = {"valid_from": EPOCH + timedelta(days=start), "valid_to": EPOCH + timedelta(days=start + wish.days - 1)}
    rows: list[dict[str, object]] = []
    for place, share in zip(hot.tolist(), shares[0].tolist(), strict=True):
        for at, part in enumerate(parts):
            mean = float(expected[place] * course[place, at])
            row: dict[str, object] = {"place": ground.ids[place], "atom": _atom(ground, place), "part_of_day": part, **days}
            row |= {"share": share * float(course[place, at]), "explore": False}
            if count[place, at] >= FEWEST:
                size = mean / (spread - 1.0) if spread > 1.0 else np.inf
                law = nbinom(size, 1.0 / spread) if np.isfinite(size) else poisson(mean)
                row |= {"expected": mean, "low": float(law.ppf((1 - SIDE) / 2)), "high": float(law.ppf((1 + SIDE) / 2))}
            rows.append(row)
    for place, share in zip(lot.tolist(), shares[1].tolist(), strict=True):
        row = {"place": ground.ids[place], "atom": _atom(ground, place), "part_of_day": None, **days}
        rows.append(row | {"share": share, "explore": True})
    return table_of(rows)


def _atom(ground: Ground, place: int) -> str | None:
    return ground.atoms[place] if ground.atoms else None


def course_of(events: Events) -> F64:
    """Return (P, 4) the share of each place's events by six hours of the day, drawn towards the course of all places."""
    count = np.zeros((len(events.ground), PARTS))
    np.add.at(count, (events.place, ((events.day % 1.0) * PARTS).astype(np.int64)), events.weight)
    usual = count.sum(axis=0) / count.sum()
    found: F64 = (count + PRIOR * usual) / (count.sum(axis=1, keepdims=True) + PRIOR)
    return found
