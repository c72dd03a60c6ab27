"""Digits: last digits that people like, and first digits where Benford's law holds at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import F64, Record
from qinwu.language import N_

PLAIN = np.array([1, 2, 3, 4, 6, 7, 8, 9])
"""Last digits that are no rounding: 0 and 5 are heaps of their own, which another screen looks at."""
FEWEST_LAST, FEWEST_FIRST = 100, 300
LEAST_TOTAL = 100
SPAN = 2.5
"""Powers of ten between the 1st and 99th percentile below which first digits follow no law (Hill 1995; Fewster 2009)."""
NONCONFORMING = 0.015
"""Mean absolute deviation of first digits beyond which Nigrini 2012 speaks of nonconformity."""
SECONDS, AMOUNTS, TOTALS = N_("seconds of the time of arrival"), N_("amounts"), N_("reported counts")
LAST = N_(
    "{unit}: last digits of {about} are uneven: {digit} is the last one in {seen} of {n}, where {expected} is even (0 and 5 aside)."
)
FIRST = N_("{unit}: first digits of {about} depart from Benford's law by {seen} on average ({n} values); {expected} is usual.")


def last(record: Record) -> Iterator[Look]:
    """Look for uneven last digits: of seconds, of amounts, of counts of a hundred or more."""
    rows = record.answered()
    seconds = rows.filter(pl.col("arrived").is_not_null()).select("unit", value=pl.col("arrived").dt.second().cast(pl.Float64))
    if len(seconds) and (seconds["value"] > 0).mean() > 0.5:  # type: ignore[operator]
        yield from _last_by_unit(seconds, SECONDS)
    amounts = record.rows.filter(pl.col("amount") >= LEAST_TOTAL).select("unit", value=pl.col("amount").floor())
    yield from _last_by_unit(amounts, AMOUNTS)
    counts = [record.totals.select("unit", value=pl.col(name).cast(pl.Float64)).drop_nulls() for name in ("n", "reported")]
    yield from _last_by_unit(pl.concat(counts).filter(pl.col("value") >= LEAST_TOTAL), TOTALS)


def _last_by_unit(table: pl.DataFrame, about: str) -> Iterator[Look]:
    for (unit,), group in table.sort("unit").group_by("unit", maintain_order=True):
        look = uneven_last(group["value"].to_numpy(), str(unit), about)
        if look is not None:
            yield look


def uneven_last(values: F64, unit: str, about: str) -> Look | None:
    """Return the look at last digits other than 0 and 5, or None for too few values: Pearson's χ² with seven degrees of freedom."""
    from scipy.stats import chi2

    digits = np.bincount(values.astype(np.int64) % 10, minlength=10)[PLAIN].astype(float)
    n = digits.sum()
    if n < FEWEST_LAST:
        return None
    even = n / len(PLAIN)
    statistic = float(((digits - even) ** 2 / even).sum())
    # Cramér's V is what is left of χ² when the number of values is taken out of it.
    strength = float(np.sqrt(statistic / n / (len(PLAIN) - 1)))
    top = int(digits.argmax())
    values_said = {"digit": str(PLAIN[top])}
    return Look(
        "last_digit",
        unit,
        about,
        "",
        int(n),
        float(digits[top] / n),
        1.0 / len(PLAIN),
        float(chi2.sf(statistic, len(PLAIN) - 1)),
        strength >= 0.07,
        LAST,
        "share",
        values_said,
    )


def benford_valid(values: F64) -> str:
    """Return why Benford's law says nothing about values; empty where it holds.

    >>> benford_valid(np.full(1000, 7.0))
    'They do not span enough powers of ten.'
    """
    above = values[values > 0.0]
    if len(above) < FEWEST_FIRST:
        return N_("There are fewer than 300 values.")
    low, high = np.quantile(above, [0.01, 0.99])
    if np.log10(high / low) < SPAN:
        return N_("They do not span enough powers of ten.")
    share = np.unique(above, return_counts=True)[1].max() / len(above)
    return N_("One value fills more than a tenth: they are assigned, not measured.") if share > 0.1 else ""


def first(record: Record) -> Iterator[Look]:
    """Look for amounts whose first digits depart from Benford's law, where the law can hold."""
    rows = record.rows.filter(pl.col("amount") > 0.0)
    for (unit,), group in rows.sort("unit").group_by("unit", maintain_order=True):
        amounts = group["amount"].to_numpy()
        if not benford_valid(amounts):
            yield first_digits(amounts, str(unit))


def first_digits(amounts: F64, unit: str) -> Look:
    """Return the look at first digits: χ² with eight degrees of freedom, and the mean absolute deviation."""
    from scipy.stats import chi2

    digit = (amounts / 10.0 ** np.floor(np.log10(amounts) + 1e-12)).astype(np.int64).clip(1, 9)
    law = np.log10(1.0 + 1.0 / np.arange(1, 10))
    seen = np.bincount(digit, minlength=10)[1:10]
    statistic = float(((seen - len(amounts) * law) ** 2 / (len(amounts) * law)).sum())
    off = float(np.abs(seen / len(amounts) - law).mean())
    chance = float(chi2.sf(statistic, 8))
    return Look("benford", unit, AMOUNTS, "", len(amounts), off, NONCONFORMING, chance, off >= NONCONFORMING, FIRST, "share")
