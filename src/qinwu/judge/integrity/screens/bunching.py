"""Bunching: more cases just under a threshold than the cases on both sides allow, fewer just above."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import F64, Record
from qinwu.judge.integrity.screens.shares import Question, beside, count
from qinwu.language import N_

TIMES, AMOUNTS = N_("response time"), N_("amount")
SMOOTH = (
    N_(
        "{unit}: {seen} cases have an amount just under {limit}, where those on both sides let one expect {expected}; just above "
        "there are {above} instead of {usual}."
    ),
    N_(
        "{unit}: {seen} calls have a response time just under {limit} min, where those on both sides let one expect {expected}; "
        "just above there are {above} instead of {usual}."
    ),
)
BESIDE = (
    N_("{unit}: of {n} cases with an amount near {limit}, {seen} are just under it; the other units let one expect {expected}."),
    N_(
        "{unit}: of {n} calls with a response time near {limit} min, {seen} are just under it; the other units let "
        "one expect {expected}."
    ),
)
"""Messages about amounts, and about times."""
NEAR = 0.2
"""Cases within this share of the threshold are near it."""
FEWEST, FEWEST_A_BIN = 150, 3.0
DEGREE = 4
MINUTE_S = 60.0
ROUND = (5.0, 10.0)
"""Amounts are written rounder than they are: bins that begin with a fifth or tenth multiple of the bin get levels of their own."""


class Excess(NamedTuple):
    """Cases just under a threshold and just above it, what is expected there and in every bin, and the chance of such a step."""

    below: float
    expected_below: float
    above: float
    expected_above: float
    smooth: F64
    p: float


class Histogram(NamedTuple):
    """Cases by bin, the first bin above the threshold, the bins left out of the fit on either side, and levels of round bins."""

    counts: F64
    edge: int
    window: int
    levels: F64 | None = None

    def excess(self) -> Excess | None:
        """Return what is too much just under the threshold."""
        return excess(self.counts, self.edge, self.window, self.levels)


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
        Indicators of round bins, bins × levels: heaps multiply, so that the fit is to logarithms.

    Returns
    -------
    Excess or None
        None where too few bins are left. The counterfactual of Chetty et al. 2011 and Kleven & Waseem 2013, fitted to Anscombe's
        2 √(c + 3/8), whose variance is one for Poisson counts, or to ln(c + ½), whose variance is near 1 / (c + ½); more spread
        than that is estimated. The statistic is the mean excess below less the mean excess above, a t of the residuals' degrees of
        freedom.
    """
    from scipy.stats import t

    place = np.arange(len(counts))
    away = (place < edge - window) | (place >= edge + window)
    x = np.polynomial.legendre.legvander(2.0 * place / max(len(counts) - 1, 1) - 1.0, DEGREE)
    design = x if levels is None else np.hstack([x, levels])
    freedom = int(away.sum()) - design.shape[1]
    if freedom < 5:
        return None
    height = 2.0 * np.sqrt(counts + 0.375) if levels is None else np.log(counts + 0.5)
    weight = np.ones(len(counts)) if levels is None else counts + 0.5
    inverse = np.linalg.pinv(design[away].T @ (weight[away, None] * design[away]))
    fitted = design @ (inverse @ (design[away].T @ (weight * height)[away]))
    spread = max(float((weight * (height - fitted) ** 2)[away].sum()) / freedom, 1.0)
    smooth = np.maximum((np.maximum(fitted, 0.0) / 2.0) ** 2 - 0.125, 0.0) if levels is None else np.exp(fitted)
    contrast = np.where(place < edge, 1.0, -1.0) / window * ~away
    carried = contrast @ design
    noise = 1.0 if levels is None else 1.0 / (smooth + 0.5)
    error = float(np.sqrt(spread * ((contrast**2 * noise).sum() + carried @ inverse @ carried)))
    low, high = slice(edge - window, edge), slice(edge, edge + window)
    below, usual_below, above, usual_above = (float(bins[part].sum()) for part in (low, high) for bins in (counts, smooth))
    chance = float(t.sf(float(contrast @ (height - fitted)) / error, freedom))
    return Excess(below, usual_below, above, usual_above, smooth, chance)


def _look(unit: str, times: bool, n: int, found: Excess, threshold: float) -> Look:
    more = found.below / max(found.expected_below, 1.0)
    less = found.above / max(found.expected_above, 1.0)
    large = more >= 1.15 and more / max(less, 0.1) >= 1.4
    values: dict[str, object] = {"limit": _limit(threshold, times=times), "threshold": threshold}
    values |= {"above": f"{found.above:,.0f}", "usual": f"{found.expected_above:,.0f}"}
    screen, about = ("bunching_times", TIMES) if times else ("bunching_amounts", AMOUNTS)
    return Look(
        screen, unit, about, "", n, found.below, round(found.expected_below), found.p, large, SMOOTH[times], "number", values
    )


def at_limits(record: Record) -> Iterator[Look]:
    """Look for response times that gather just under the limit that is promised for them, by unit and in the whole record."""
    yield from _looks(record, times=True)


def at_amounts(record: Record) -> Iterator[Look]:
    """Look for amounts that gather just under the threshold from which a case must be filed."""
    yield from _looks(record, times=False)


def _looks(record: Record, *, times: bool) -> Iterator[Look]:
    cases = _cases(record, times=times)
    for unit, group in _units(cases):
        for (threshold,), near in group.group_by("threshold", maintain_order=True):
            histogram = _histogram(near["value"].to_numpy(), float(threshold), times=times)
            found = None if histogram is None else histogram.excess()
            if found is not None:
                yield _look(unit, times, len(near), found, float(threshold))
    yield from _beside(cases, times=times)


def _beside(cases: pl.DataFrame, *, times: bool) -> Iterator[Look]:
    """Yield for each unit the share just under among cases near the threshold, beside the other units: heaps are everybody's."""
    value, threshold = pl.col("value"), pl.col("threshold")
    under = value <= threshold if times else value < threshold
    for (limit,), group in cases.sort("threshold").group_by("threshold", maintain_order=True):
        near = group.filter((value - threshold).abs() <= NEAR * threshold)
        screen, about = ("bunching_times", TIMES) if times else ("bunching_amounts", AMOUNTS)
        values = {"limit": _limit(float(limit), times=times), "threshold": float(limit)}
        yield from beside(count(near, under), Question(screen, about, BESIDE[times], odds=1.8, points=0.05, values=values))


def _limit(threshold: float, *, times: bool) -> str:
    return f"{threshold / MINUTE_S:g}" if times else f"{threshold:g}"


def _cases(record: Record, *, times: bool) -> pl.DataFrame:
    """Return ``unit``, ``value`` and ``threshold`` of the cases that can bunch."""
    value, threshold = ("response_s", "limit_s") if times else ("amount", "threshold")
    rows = record.answered() if times else record.rows
    return rows.select("unit", pl.col(value).alias("value"), pl.col(threshold).alias("threshold")).filter(
        (pl.col("value") > 0.0) & (pl.col("threshold") > 0.0)
    )


def histogram_of(record: Record, look: Look) -> Histogram | None:
    """Return the cases behind a look of this module; None where the record does not hold them."""
    cases = _cases(record, times=look.screen == "bunching_times").filter(pl.col("threshold") == look.values["threshold"])
    if look.unit:
        cases = cases.filter(pl.col("unit") == look.unit)
    if not len(cases):
        return None
    return _histogram(cases["value"].to_numpy(), float(str(look.values["threshold"])), times=look.screen == "bunching_times")


def _histogram(values: F64, threshold: float, *, times: bool) -> Histogram | None:
    """Count values up to three thresholds; None for too few.

    Times are counted in bins that the clock can tell apart; one of exactly the limit keeps it, so that bins are closed above.
    Amounts are counted in twentieths of the threshold; one of exactly the threshold reaches it.
    """
    if len(values) < FEWEST:
        return None
    if times:
        whole = (values % MINUTE_S == 0.0).mean() > 0.9
        width = MINUTE_S if whole else threshold / 20.0
        window = max(round(0.2 * threshold / width), 1)
        bins = np.ceil(values / width).astype(np.int64) - 1
    else:
        width, window = threshold / 20.0, 3
        bins = np.floor(values / width + 1e-9).astype(np.int64)
    edge, last = round(threshold / width), round(3.0 * threshold / width)
    counts = np.bincount(bins[bins < last], minlength=last).astype(float)
    if counts[max(edge - 2 * window, 0) : edge + 2 * window].mean() < FEWEST_A_BIN:
        return None
    levels = None if times else np.column_stack([np.arange(last) % step == 0 for step in ROUND]).astype(float)
    return Histogram(counts, edge, window, levels)


def _units(rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the whole record, and every unit where there are several."""
    yield "", rows
    if rows["unit"].n_unique() > 1:
        for (unit,), group in rows.sort("unit").group_by("unit", maintain_order=True):
            if len(group) >= FEWEST and unit:
                yield str(unit), group
