"""Regression to the mean: places chosen because they were at their worst become better on their own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qinwu.judge.evaluate.design import Design
from qinwu.judge.evaluate.panel import F64, I64
from qinwu.judge.evaluate.ratio import HALF

LEAST = 10
"""Untreated places without which it is not told."""


@dataclass(frozen=True, slots=True)
class RegressionToMean:
    """How unusual the last year before the start was for the treated places, and what that alone would have changed.

    Parameters
    ----------
    unusual
        Last year before the start against earlier years, beside the untreated places, as a share.
    rank
        Share of untreated places whose last year was less unusual upwards.
    slope
        How much of such a departure untreated places kept the next time, less one: -1 all is gone, 0 all is kept.
    expected
        Change against the last year before the start that this alone would have brought, as a share.
    """

    unusual: float
    rank: float
    slope: float
    expected: float

    @property
    def suspicious(self) -> bool:
        """Whether the treated places had an unusually bad last year, so that a part of any fall was to be expected."""
        return self.rank >= 0.9 and self.expected < 0.0


def regression_to_mean(design: Design) -> RegressionToMean | None:
    """Return the check; None where there are fewer than two years before, or fewer than ten untreated places."""
    year = design.panel.season
    if design.start < 2 * year or design.control.size < LEAST:
        return None
    earlier, recent, later = (
        _rates(design, *span)
        for span in ((0, design.start - year), (design.start - year, design.start), (design.start, design.panel.periods))
    )
    rows = design.control
    weight = 1.0 / (1.0 / (recent.counts[rows] + HALF) + 1.0 / (later.counts[rows] + HALF) + 0.02)
    departure, change = recent.log - earlier.log, later.log - recent.log
    middle = float(np.average(departure[rows], weights=weight)), float(np.average(change[rows], weights=weight))
    spread = departure[rows] - middle[0]
    slope = float((weight * spread * (change[rows] - middle[1])).sum() / max(float((weight * spread**2).sum()), 1e-12))
    own = _joined(design, design.treated, year) - middle[0]
    rank = float((departure[rows] - middle[0] < own).mean())
    return RegressionToMean(math.expm1(own), rank, slope, math.expm1(min(max(slope, -1.0), 0.0) * own))


@dataclass(frozen=True, slots=True)
class _Rates:
    counts: F64
    log: F64


def _rates(design: Design, first: int, last: int) -> _Rates:
    """Return counts of a span, and logarithms of rates, of all places."""
    counts, base = design.panel.counts[:, first:last].sum(1), design.panel.base[:, first:last].sum(1)
    return _Rates(counts, np.log((counts + HALF) / base))


def _joined(design: Design, rows: I64, year: int) -> float:
    """Return the departure of the last year of some places taken together."""
    counts, base = design.series(rows)
    parts = (slice(0, design.start - year), slice(design.start - year, design.start))
    old, new = (math.log((float(counts[part].sum()) + HALF) / float(base[part].sum())) for part in parts)
    return new - old
