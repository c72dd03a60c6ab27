"""Within the limit: shares and spreads of response times that are too good beside those of the other units."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.peers import values_beside_rest
from qinwu.judge.integrity.record import Record
from qinwu.judge.integrity.screens.shares import FEWEST, Counted, Question, beside, count
from qinwu.judge.integrity.screens.sums import TOTAL_WORDS
from qinwu.language import N_

CEILING = 0.97
"""A unit at or above this share is no measure of what is possible for the others: it may be padded itself."""
ABOUT = N_("arrival within the limit")
GOOD = N_("{unit}: {seen} of {n} within the limit; the other units let one expect {expected}.")
EVEN = N_(
    "{unit}: response times spread by a factor of {seen} around their middle in {n} calls; the other units let one expect "
    "{expected}."
)
LEAST_S = 1.0
"""Response times below one second are those of a crew already there."""


def hit(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with a promised time and a response time, and whether it was kept in ``hit``."""
    known = rows.filter(pl.col("response_s").is_not_null() & pl.col("limit_s").is_not_null())
    return known.with_columns(hit=pl.col("response_s") <= pl.col("limit_s"))


def too_good(record: Record) -> Iterator[Look]:
    """Look for units that keep the limit more often than the others make credible.

    Peers are units below `CEILING`: where one honest unit stands among many that are padded, it is the measure, and is not called
    too bad.
    """
    question = Question("too_good", ABOUT, GOOD, odds=2.0, points=0.02, ceiling=CEILING)
    if record.has("response_s", "limit_s"):
        yield from beside(count(hit(record.answered()), pl.col("hit")), question)
    parts = ~pl.col("unit").str.to_lowercase().is_in(TOTAL_WORDS)
    totals = record.totals.filter(pl.col("n").is_not_null() & pl.col("hits").is_not_null() & (pl.col("n") >= FEWEST) & parts)
    for (about, period), group in totals.sort("about", "period", "unit").group_by("about", "period", maintain_order=True):
        counted = Counted(group["unit"].to_list(), group["hits"].to_numpy().astype(float), group["n"].to_numpy().astype(float))
        named = Question("too_good", str(about) if about else ABOUT, GOOD, odds=2.0, points=0.02, ceiling=CEILING)
        yield from beside(counted, named, "" if period is None else str(period))


def too_even(record: Record) -> Iterator[Look]:
    """Look for units whose response times spread less than those of the others: real journeys differ.

    The spread is the standard deviation of the logarithm of response times; its logarithm has the standard error
    ½ √((κ − 1) / n) with κ the kurtosis.
    """
    rows = record.answered().filter(pl.col("response_s") >= LEAST_S).with_columns(log=pl.col("response_s").log())
    table = (
        rows.group_by("unit")
        .agg(pl.len().alias("n"), pl.col("log").std().alias("sd"), pl.col("log").kurtosis(fisher=False).alias("kurtosis"))
        .filter((pl.col("n") >= FEWEST) & (pl.col("sd") > 0.0) & (pl.col("unit") != ""))
        .sort("unit")
    )
    if len(table) < 3:
        return
    sd, n = table["sd"].to_numpy(), table["n"].to_numpy().astype(float)
    error = 0.5 * np.sqrt(np.maximum(table["kurtosis"].to_numpy() - 1.0, 0.5) / n)
    found = values_beside_rest(np.log(sd), error)
    for at, unit in enumerate(table["unit"].to_list()):
        seen, usual = float(np.exp(sd[at])), float(np.exp(np.exp(found.expected[at])))
        large = np.log(seen) <= 0.8 * np.log(usual)
        yield Look("too_even", unit, ABOUT, "", int(n[at]), seen, usual, float(found.below[at]), bool(large), EVEN, "number")
