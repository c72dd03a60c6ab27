"""Heaping: stamps on round minutes or whole minutes, more than with others, or more than the unit's own machine-made stamps."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from qinwu.judge.integrity.look import Look
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
    """Look for stamps rounder than the time received of the same rows: McNemar's exact test on rows that differ."""
    for stamp in ("dispatched", "arrived", "cleared"):
        if record.has(stamp, "received"):
            rows = record.answered().drop_nulls(["received", stamp])
            yield from _paired(rows, _round(stamp), _round("received"), ABOUT[stamp], OWN)
            if len(rows) and rows.select(_whole("received").mean()).item() < TYPED:
                yield from _paired(rows, _whole(stamp), _whole("received"), ABOUT[stamp], SECONDS)


def _paired(rows: pl.DataFrame, hand: pl.Expr, machine: pl.Expr, about: str, message: str) -> Iterator[Look]:
    from scipy.stats import binom

    table = (
        rows.select("unit", hand.alias("hand"), machine.alias("own"))
        .group_by("unit")
        .agg(
            pl.len().alias("n"),
            pl.col("hand", "own").sum(),
            (pl.col("hand") & ~pl.col("own")).sum().alias("more"),
            (pl.col("own") & ~pl.col("hand")).sum().alias("less"),
        )
        .filter(pl.col("n") >= FEWEST)
        .sort("unit")
    )
    for unit, n, by_hand, own, more, less in table.iter_rows():
        chance = float(binom.sf(more - 1, more + less, 0.5)) if more else 1.0
        seen, expected = by_hand / n, own / n
        large = seen >= 1.3 * expected and seen - expected >= 0.04
        yield Look("heaping_own", unit, about, "", n, seen, expected, chance, large, message)
