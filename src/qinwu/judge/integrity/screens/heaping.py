"""Heaping: stamps on round minutes or whole minutes, more than with others, or more than the unit's own machine-made stamps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.peers import values_beside_rest
from qinwu.judge.integrity.record import Record
from qinwu.judge.integrity.screens.shares import FEWEST, Question, beside, count
from qinwu.language import N_

ABOUT = {
    "at": N_("time of the event"),
    "dispatched": N_("time of dispatch"),
    "arrived": N_("time of arrival"),
    "cleared": N_("time of clearing"),
}
PEERS = N_(
    "{unit}: {about} is on a minute that ends in 0 or 5 in {seen} of {n} rows; {expected} is what the other units let one expect."
)
OWN = N_(
    "{unit}: {about} is on a minute that ends in 0 or 5 in {seen} of {n} rows, the time received of the same rows in {expected}."
)
SECONDS = N_(
    "{unit}: {about} is a whole minute, to the second, in {seen} of {n} rows, the time received of the same rows in {expected}."
)
TYPED = 0.5
"""Where more of the stamps received than this are whole minutes, the clock has no seconds."""
LEAST_UNITS, SPREAD = 3, 0.2
"""Units that can be set beside each other, and the prior spread between them of the logarithm of the odds."""


def _round(stamp: str) -> pl.Expr:
    return pl.col(stamp).dt.minute() % 5 == 0


def _whole(stamp: str) -> pl.Expr:
    return (pl.col(stamp).dt.second() == 0) & (pl.col(stamp).dt.microsecond() == 0)


def beside_peers(record: Record) -> Iterator[Look]:
    """Look for units whose stamps are on round minutes more often than those of the others."""
    for stamp, about in ABOUT.items():
        if record.has(stamp):
            yield from beside(count(record.answered(), _round(stamp)), Question("heaping", about, PEERS, odds=1.3, points=0.04))


def beside_own(record: Record) -> Iterator[Look]:
    """Look for stamps rounder than the time received of the same rows: in the whole record, and in units beyond the others."""
    for stamp in ("dispatched", "arrived", "cleared"):
        if record.has(stamp, "received"):
            rows = record.answered().drop_nulls(["received", stamp])
            yield from _paired(rows, _round(stamp), _round("received"), ABOUT[stamp], OWN)
            if len(rows) and rows.select(_whole("received").mean()).item() < TYPED:
                yield from _paired(rows, _whole(stamp), _whole("received"), ABOUT[stamp], SECONDS)


def _paired(rows: pl.DataFrame, hand: pl.Expr, machine: pl.Expr, about: str, message: str) -> Iterator[Look]:
    """Yield McNemar's exact test for the whole; for units the odds of the rows that differ beside those of the other units."""
    from scipy.stats import binom

    marked = rows.select("unit", hand.alias("hand"), machine.alias("own"))
    table = (
        marked.group_by("unit")
        .agg(
            pl.len().alias("n"),
            pl.col("hand", "own").sum(),
            (pl.col("hand") & ~pl.col("own")).sum().alias("more"),
            (pl.col("own") & ~pl.col("hand")).sum().alias("less"),
        )
        .sort("unit")
    )
    n, by_hand, own, more, less = (int(table[name].sum()) for name in ("n", "hand", "own", "more", "less"))
    if n < FEWEST:
        return
    chance = float(binom.sf(more - 1, more + less, 0.5)) if more else 1.0
    yield Look("heaping_own", "", about, "", n, by_hand / n, own / n, chance, _rounder(by_hand / n, own / n), message)
    table = table.filter((pl.col("n") >= FEWEST) & (pl.col("unit") != ""))
    if len(table) < LEAST_UNITS:
        return
    up, down = table["more"].to_numpy() + 0.5, table["less"].to_numpy() + 0.5
    found = values_beside_rest(np.log(up / down), np.sqrt(1.0 / up + 1.0 / down), SPREAD)
    for at, (unit, rows_of, hand_of, own_of) in enumerate(table.select("unit", "n", "hand", "own").iter_rows()):
        seen, expected = hand_of / rows_of, own_of / rows_of
        large = _rounder(seen, expected) and up[at] / down[at] >= 1.3 * np.exp(found.expected[at])
        yield Look("heaping_own", unit, about, "", rows_of, seen, expected, float(found.above[at]), bool(large), message)


def _rounder(seen: float, expected: float) -> bool:
    """Return whether a share is so much larger that it matters."""
    return seen >= 1.3 * expected and seen - expected >= 0.04
