"""Shares by unit: counted from rows or taken from totals, and set beside those of the other units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.peers import below_ceiling, shares_beside_rest
from qinwu.judge.integrity.record import F64

FEWEST = 30
"""Rows below which a unit's share is not looked at: it could not be told from anything."""


class Counted(NamedTuple):
    """Hits and cases of each unit."""

    units: list[str]
    hits: F64
    n: F64


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a share.

    Parameters
    ----------
    screen, about, message
        Of the look.
    tail
        Which side is strange.
    odds
        Smallest ratio of odds, in that direction, that matters.
    points
        Smallest difference of shares that matters.
    ceiling
        Units at or above this share are no peers; 1.01 for none.
    values
        What else the message names.
    """

    screen: str
    about: str
    message: str
    tail: Literal["above", "below"] = "above"
    odds: float = 1.5
    points: float = 0.02
    ceiling: float = 1.01
    values: Mapping[str, object] | None = None


def count(rows: pl.DataFrame, event: pl.Expr) -> Counted:
    """Return by unit how many rows meet `event`, among those where it is not null; units with fewer than `FEWEST` are left out."""
    found = (
        rows.select("unit", event.alias("event"))
        .drop_nulls()
        .group_by("unit")
        .agg(pl.col("event").sum().alias("hits"), pl.len().alias("n"))
        .filter((pl.col("n") >= FEWEST) & (pl.col("unit") != ""))
        .sort("unit")
    )
    return Counted(found["unit"].to_list(), found["hits"].to_numpy().astype(float), found["n"].to_numpy().astype(float))


def beside(counted: Counted, question: Question, period: str = "") -> Iterator[Look]:
    """Yield one look for each unit that has peers."""
    if len(counted.units) < 2:
        return
    found = shares_beside_rest(counted.hits, counted.n, below_ceiling(question.ceiling))
    chance = found.above if question.tail == "above" else found.below
    shares = counted.hits / counted.n
    sign = 1.0 if question.tail == "above" else -1.0
    gap = sign * (_logit(counted.hits, counted.n) - np.log(found.expected / (1.0 - found.expected)))
    large = (gap >= np.log(question.odds)) & (sign * (shares - found.expected) >= question.points)
    for at, unit in enumerate(counted.units):
        if np.isfinite(chance[at]):
            yield Look(
                question.screen,
                unit,
                question.about,
                period,
                int(counted.n[at]),
                float(shares[at]),
                float(found.expected[at]),
                float(min(chance[at], 1.0)),
                bool(large[at]),
                question.message,
                "share",
                question.values or {},
            )


def _logit(hits: F64, n: F64) -> F64:
    found: F64 = np.log((hits + 0.5) / (n - hits + 0.5))
    return found
