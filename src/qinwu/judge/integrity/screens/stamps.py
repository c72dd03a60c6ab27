"""Stamps: missing where the call took long, missing more than with others, out of order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record
from qinwu.judge.integrity.screens.shares import Question, beside, count
from qinwu.language import N_
from qinwu.station.calls import STAMPS

ARRIVAL = N_("time of arrival")
ORDER = N_("order of the stamps")
MISSING = N_("{unit}: {about} is missing in {seen} of {n} calls; {expected} is what the other units let one expect.")
LATE = N_("{unit}: of {n} calls that took long, {seen} lack {about}; {expected} is what the other units let one expect.")
DISORDER = N_(
    "{unit}: in {seen} of {n} calls a later stamp is before an earlier one; {expected} is what the other units let one expect."
)


def missing(record: Record) -> Iterator[Look]:
    """Look for units in which arrivals are missing more often than in the others."""
    counted = count(record.answered(), pl.col("arrived").is_null())
    yield from beside(counted, Question("missing", ARRIVAL, MISSING, odds=1.5, points=0.02))


def missing_when_late(record: Record) -> Iterator[Look]:
    """Look for units in which the arrivals of long calls are missing: those over the median of all, from call to clearing.

    A call cancelled on the way lacks its arrival and is short; a long one that lacks it was worked on the spot.
    """
    rows = record.answered().filter(pl.col("total_s").is_not_null())
    if len(rows):
        long = rows.filter(pl.col("total_s") > rows["total_s"].median())
        yield from beside(
            count(long, pl.col("arrived").is_null()), Question("missing_when_late", ARRIVAL, LATE, odds=1.5, points=0.03)
        )


def disorder(record: Record) -> Iterator[Look]:
    """Look for units whose stamps run backwards more often than those of the others."""
    if (back := backwards(record)) is not None:
        yield from beside(count(record.answered(), back), Question("disorder", ORDER, DISORDER, odds=1.5, points=0.02))


def backwards(record: Record) -> pl.Expr | None:
    """Return whether a row's stamps run backwards; None where the record has fewer than two kinds of stamps."""
    there = [stamp for stamp in STAMPS if record.rows[stamp].null_count() < len(record.rows)]
    back = [pl.col(later) < pl.col(earlier) for earlier, later in pairwise(there)]
    return pl.any_horizontal(*(each.fill_null(value=False) for each in back)) if back else None
