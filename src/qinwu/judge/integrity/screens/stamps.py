"""Stamps: missing where the call took long, missing more than with others, out of order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.peers import values_beside_rest
from qinwu.judge.integrity.record import Record
from qinwu.judge.integrity.screens.shares import FEWEST, Question, beside, count
from qinwu.language import N_
from qinwu.station.calls import STAMPS

ARRIVAL = N_("time of arrival")
ORDER = N_("order of the stamps")
MISSING = N_("{unit}: {about} is missing in {seen} of {n} calls; {expected} is what the other units let one expect.")
LATE = N_(
    "{unit}: where the call took long, the odds that {about} is missing are {seen} times those of short calls; elsewhere "
    "{expected} times."
)
DISORDER = N_(
    "{unit}: in {seen} of {n} calls a later stamp is before an earlier one; {expected} is what the other units let one expect."
)
SPREAD = 0.4
"""Prior spread between units of the logarithm of the odds ratio of :data:`LATE`."""


def missing(record: Record) -> Iterator[Look]:
    """Look for units in which arrivals are missing more often than in the others."""
    counted = count(record.answered(), pl.col("arrived").is_null())
    yield from beside(counted, Question("missing", ARRIVAL, MISSING, odds=1.5, points=0.02))


def missing_when_late(record: Record) -> Iterator[Look]:
    """Look for units in which it is the long calls whose arrival is missing.

    A call cancelled on the way lacks its arrival and is short; that is so everywhere. The ratio of odds (long against short, halves
    added) of a unit is set beside that of the others.
    """
    rows = record.answered().filter(pl.col("total_s").is_not_null())
    if not len(rows):
        return
    middle = float(rows["total_s"].median())  # type: ignore[arg-type]
    gone, long = pl.col("arrived").is_null(), pl.col("total_s") > middle
    cells = {"long_gone": gone & long, "long_there": ~gone & long, "short_gone": gone & ~long, "short_there": ~gone & ~long}
    table = rows.group_by("unit").agg(*(cell.sum().alias(name) for name, cell in cells.items()), pl.len().alias("n"))
    table = table.filter((pl.col("n") >= 2 * FEWEST) & (pl.col("unit") != "")).sort("unit")
    if len(table) < 3:
        return
    four = [table[name].to_numpy() + 0.5 for name in cells]
    ratio = np.log(four[0] * four[3] / (four[1] * four[2]))
    error = np.sqrt(sum(1.0 / each for each in four))
    found = values_beside_rest(ratio, error, SPREAD)
    for at, unit in enumerate(table["unit"].to_list()):
        odds, usual = float(np.exp(ratio[at])), float(np.exp(found.expected[at]))
        large = odds >= 2.0 * usual and four[0][at] > 3.0
        yield Look(
            "missing_when_late",
            unit,
            ARRIVAL,
            "",
            int(table["n"][at]),
            odds,
            usual,
            float(found.above[at]),
            bool(large),
            LATE,
            "number",
        )


def disorder(record: Record) -> Iterator[Look]:
    """Look for units whose stamps run backwards more often than those of the others."""
    there = [stamp for stamp in STAMPS if record.rows[stamp].null_count() < len(record.rows)]
    back = [pl.col(later) < pl.col(earlier) for earlier, later in pairwise(there)]
    if back:
        counted = count(record.answered(), pl.any_horizontal(*(each.fill_null(value=False) for each in back)))
        yield from beside(counted, Question("disorder", ORDER, DISORDER, odds=1.5, points=0.02))
