"""Entries: rows entered late, many at a time, or before what they tell of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record
from qinwu.judge.integrity.screens.shares import FEWEST, Question, beside, count
from qinwu.language import N_

LATE_H, WINDOW_MIN, TOGETHER, APART_H = 24.0, 10.0, 5, 48.0
SLOW_CLOCK_MIN = 5.0
ABOUT_LATE, ABOUT_BATCH, ABOUT_EARLY = N_("entry more than a day later"), N_("entry in one sitting"), N_("entry before the event")
LATE = N_("{unit}: {seen} of {n} rows were entered more than a day after the event; the other units let one expect {expected}.")
BATCH = N_(
    "{unit}: {seen} of {n} rows were entered five or more within ten minutes, of events two days or more apart; with the unit's "
    "own delays chance makes {expected}."
)
EARLY = N_("{unit}: {seen} of {n} rows were entered before the event they tell of; the other units let one expect {expected}.")
DRAWS = 60
ENTERED_LATE = (pl.col("entered") - pl.col("at")).dt.total_minutes() > LATE_H * 60.0
ENTERED_EARLY = (pl.col("at") - pl.col("entered")).dt.total_minutes() > SLOW_CLOCK_MIN


def late(record: Record) -> Iterator[Look]:
    """Look for units that enter more of their rows more than a day after the event."""
    yield from beside(count(record.rows, ENTERED_LATE), Question("late_entry", ABOUT_LATE, LATE, odds=2.0, points=0.03))


def backdated(record: Record) -> Iterator[Look]:
    """Look for rows that were entered before the event, by more than a clock can be wrong."""
    yield from beside(count(record.rows, ENTERED_EARLY), Question("backdated", ABOUT_EARLY, EARLY, odds=2.0, points=0.01))


def batches(record: Record) -> Iterator[Look]:
    """Look for sittings in which many rows of different days were entered: written up from memory, or made up.

    The entry delays of a unit are shuffled among its rows `DRAWS` times: events as they were, delays as they were, only not
    together. Rows in batches are then counted as a negative binomial with the mean and variance of the shuffles.
    """
    from scipy.stats import nbinom, poisson

    rows = record.rows.drop_nulls(["at", "entered"])
    for (unit,), group in rows.sort("unit", "at").group_by("unit", maintain_order=True):
        if len(group) < FEWEST:
            continue
        at, entered = (group[name].to_numpy().astype("datetime64[s]").astype(float) for name in ("at", "entered"))
        seen = _batched(at, entered)
        rng = np.random.default_rng(len(group))
        shuffled = np.array([_batched(at, at + rng.permutation(entered - at)) for _ in range(DRAWS)]) if seen else np.zeros(2)
        mean = (shuffled.sum() + 1.0) / len(shuffled)
        spread = max(float(shuffled.var(ddof=1)), TOGETHER * mean)
        chance = (
            float(nbinom.sf(seen - 1, mean**2 / (spread - mean), mean / spread))
            if spread > mean
            else float(poisson.sf(seen - 1, mean))
        )
        large = seen >= 2 * TOGETHER and seen >= 3.0 * mean
        yield Look("batches", str(unit), ABOUT_BATCH, "", len(group), float(seen), mean, chance, large, BATCH, "number")


def in_batches(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of one unit that stand in a batch, by the time they were entered."""
    ordered = rows.drop_nulls(["at", "entered"]).sort("entered", maintain_order=True)
    at, entered = (ordered[name].to_numpy().astype("datetime64[s]").astype(float) for name in ("at", "entered"))
    return ordered.filter(pl.Series(_marked(at, entered)))


def _batched(at: np.ndarray, entered: np.ndarray) -> int:
    """Return how many rows stand in a batch."""
    order = np.argsort(entered, kind="stable")
    return int(_marked(at[order], entered[order]).sum())


def _marked(at: np.ndarray, entered: np.ndarray) -> np.ndarray:
    """Return which rows stand in a window of entries with `TOGETHER` or more rows of events `APART_H` or more apart.

    Rows are in the order in which they were entered.
    """
    ends = np.searchsorted(entered, entered + WINDOW_MIN * 60.0, side="right")
    marked = np.zeros(len(at) + 1, dtype=np.int64)
    for start in np.flatnonzero(ends - np.arange(len(at)) >= TOGETHER):
        inside = at[start : ends[start]]
        if inside.max() - inside.min() >= APART_H * 3600.0:
            marked[start] += 1
            marked[ends[start]] -= 1
    return np.cumsum(marked[:-1]) > 0
