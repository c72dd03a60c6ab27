"""Bunching: more cases just under a threshold than the cases on both sides allow, fewer just above."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import F64, Record
from qinwu.language import N_

TIMES, AMOUNTS = N_("response time"), N_("amount")
MESSAGE = N_(
    "{unit}: {seen} cases have a {about} just under {limit}, where the cases on both sides let one expect {expected}; just above "
    "there are {above} instead of {usual}."
)
FEWEST = 150
DEGREE = 4
MINUTE_S = 60.0
ROUND = (5.0, 10.0)
"""Amounts are written rounder than they are: bins that begin with a fifth or tenth multiple of the bin get levels of their own."""


class Excess(NamedTuple):
    """Cases just under a threshold and just above it, what is expected there, and the chance of such a step."""

    below: float
    expected_below: float
    above: float
    expected_above: float
    p: float


def excess(counts: F64, edge: int, window: int, levels: F64 | None = None) -> Excess | None:
    """Compare counts on either side of an edge with a smooth curve through all others.

    Parameters
    ----------
    counts
        Cases by bin, of equal width.
    edge
        First bin above the threshold.
    window
        Bins left out of the fit on either side.
    levels
        Further columns of the fit (indicators of round values), bins × levels.

    Returns
    -------
    Excess or None
        None where too few bins are left. The counterfactual of Chetty et al. 2011 and Kleven & Waseem 2013, fitted to Anscombe's
        2 √(c + 3/8), whose variance is one for Poisson counts and is estimated where they spread more; the statistic is the mean
        excess below less the mean excess above, a t of the residuals' degrees of freedom.
    """
    from scipy.stats import t

    place = np.arange(len(counts))
    away = (place < edge - window) | (place >= edge + window)
    x = np.polynomial.legendre.legvander(2.0 * place / max(len(counts) - 1, 1) - 1.0, DEGREE)
    design = x if levels is None else np.hstack([x, levels])
    freedom = int(away.sum()) - design.shape[1]
    if freedom < 5:
        return None
    height = 2.0 * np.sqrt(counts + 0.375)
    inverse = np.linalg.pinv(design[away].T @ design[away])
    beta = inverse @ (design[away].T @ height[away])
    spread = max(float(((height[away] - design[away] @ beta) ** 2).sum()) / freedom, 1.0)
    contrast = np.where(place < edge, 1.0, -1.0) / window * ~away
    off = float(contrast @ (height - design @ beta))
    carried = contrast @ design
    error = float(np.sqrt(spread * (contrast @ contrast + carried @ inverse @ carried)))
    smooth = np.maximum((np.maximum(design @ beta, 0.0) / 2.0) ** 2 - 0.375 + 0.25, 0.0)
    low, high = slice(edge - window, edge), slice(edge, edge + window)
    return Excess(
        float(counts[low].sum()),
        float(smooth[low].sum()),
        float(counts[high].sum()),
        float(smooth[high].sum()),
        float(t.sf(off / error, freedom)),
    )


def _look(unit: str, about: str, n: int, found: Excess, limit: str) -> Look:
    more = found.below / max(found.expected_below, 1.0)
    less = found.above / max(found.expected_above, 1.0)
    large = more >= 1.15 and more / max(less, 0.1) >= 1.4
    values = {"limit": limit, "above": f"{found.above:,.0f}", "usual": f"{found.expected_above:,.0f}"}
    return Look(
        "bunching_times" if about == TIMES else "bunching_amounts",
        unit,
        about,
        "",
        n,
        found.below,
        round(found.expected_below),
        found.p,
        large,
        MESSAGE,
        "number",
        values,
    )


def at_limits(record: Record) -> Iterator[Look]:
    """Look for response times that gather just under the limit that is promised for them, by unit and in the whole record."""
    rows = record.answered().filter((pl.col("response_s") > 0.0) & pl.col("limit_s").is_not_null())
    for unit, group in _units(rows):
        for (limit,), cases in group.group_by("limit_s", maintain_order=True):
            times = cases["response_s"].to_numpy()
            if len(times) >= FEWEST:
                found = _by_time(times, float(limit))
                if found is not None:
                    yield _look(unit, TIMES, len(times), found, f"{limit / MINUTE_S:g} min")


def _by_time(times: F64, limit: float) -> Excess | None:
    """Count times up to three limits in bins that the clock can tell apart, the last one below the limit ending on it."""
    whole = (times % MINUTE_S == 0.0).mean() > 0.9
    width = MINUTE_S if whole else limit / 20.0
    window = max(round(0.2 * limit / width), 1)
    edge, last = round(limit / width), round(3.0 * limit / width)
    # A time of exactly the limit keeps it: bins are open below and closed above.
    bins = np.ceil(times / width).astype(np.int64) - 1
    counts = np.bincount(bins[bins < last], minlength=last).astype(float)
    near = counts[max(edge - 2 * window, 0) : edge + 2 * window].mean()
    return excess(counts, edge, window) if near >= 3.0 else None


def at_amounts(record: Record) -> Iterator[Look]:
    """Look for amounts that gather just under the threshold from which a case must be filed."""
    rows = record.rows.filter((pl.col("amount") > 0.0) & (pl.col("threshold") > 0.0))
    for unit, group in _units(rows):
        for (threshold,), cases in group.group_by("threshold", maintain_order=True):
            amounts = cases["amount"].to_numpy()
            if len(amounts) >= FEWEST:
                found = _by_amount(amounts, float(threshold))
                if found is not None:
                    yield _look(unit, AMOUNTS, len(amounts), found, f"{threshold:g}")


def _by_amount(amounts: F64, threshold: float) -> Excess | None:
    """Count amounts up to three thresholds in twentieths of it; an amount of exactly the threshold reaches it."""
    width, edge, window, last = threshold / 20.0, 20, 3, 60
    bins = np.floor(amounts / width + 1e-9).astype(np.int64)
    counts = np.bincount(bins[bins < last], minlength=last).astype(float)
    levels = np.column_stack([np.arange(last) % step == 0 for step in ROUND]).astype(float)
    near = counts[edge - 2 * window : edge + 2 * window].mean()
    return excess(counts, edge, window, levels) if near >= 3.0 else None


def _units(rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the whole record, and every unit where there are several."""
    yield "", rows
    if rows["unit"].n_unique() > 1:
        for (unit,), group in rows.sort("unit").group_by("unit", maintain_order=True):
            if len(group) >= FEWEST and unit:
                yield str(unit), group
