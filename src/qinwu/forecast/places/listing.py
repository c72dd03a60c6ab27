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
    events: Events, expected: F64, chosen: tuple[I64, I64], shares: tuple[F64, F64], wish: Wish, start: float, spread: float
) -> pl.DataFrame:
    """Return the list: a row for each hot place and part of the day, and one for each place drawn by lot.

    Parameters
    ----------
    events
        What is known.
    expected
        (P,) expected events.
    chosen, shares
        Hot places and those drawn by lot, and their shares of patrol.
    wish
        Days of the list, and whether it tells parts of the day apart.
    start
        Its first day.
    spread
        Variance over mean of what comes about what was foreseen, >= 1.
    """
    ground = events.ground
    course = course_of(events) if wish.by_part else np.ones((len(ground), 1))
    known = _by_part(events, np.ones(len(events)), course.shape[1])
    days = {"valid_from": EPOCH + timedelta(days=start), "valid_to": EPOCH + timedelta(days=start + wish.days - 1)}
    rows: list[dict[str, object]] = []
    for place, share in zip(chosen[0].tolist(), shares[0].tolist(), strict=True):
        for part in range(course.shape[1]):
            there = float(course[place, part])
            row = {"place": ground.ids[place], "atom": _atom(ground, place), "part_of_day": part if wish.by_part else None}
            row |= {"share": share * there, "explore": False, **days}
            rows.append(row | (_band(float(expected[place]) * there, spread) if known[place, part] >= FEWEST else {}))
    for place, share in zip(chosen[1].tolist(), shares[1].tolist(), strict=True):
        row = {"place": ground.ids[place], "atom": _atom(ground, place), "share": share, "explore": True, **days}
        rows.append(row)
    return table_of(rows)


def _band(mean: float, spread: float) -> dict[str, float]:
    """Return a number of events with its interval: negative binomial as wide as the past was, Poisson where it was no wider."""
    from scipy.stats import nbinom, poisson

    law = nbinom(mean / (spread - 1.0), 1.0 / spread) if spread > 1.0 else poisson(mean)
    return {"expected": mean, "low": float(law.ppf((1.0 - SIDE) / 2.0)), "high": float(law.ppf((1.0 + SIDE) / 2.0))}


def _atom(ground: Ground, place: int) -> str | None:
    return ground.atoms[place] if ground.atoms else None


def course_of(events: Events) -> F64:
    """Return (P, 4) the share of each place's events by six hours of the day, drawn towards the course of all places."""
    count = _by_part(events, events.weight, PARTS)
    usual = count.sum(axis=0) / count.sum()
    found: F64 = (count + PRIOR * usual) / (count.sum(axis=1, keepdims=True) + PRIOR)
    return found


def _by_part(events: Events, amount: F64, parts: int) -> F64:
    """Return (P, parts) sums of amounts by place and equal part of the day."""
    found = np.zeros((len(events.ground), parts))
    np.add.at(found, (events.place, ((events.day % 1.0) * parts).astype(np.int64)), amount)
    return found
