"""Weighted displacement difference, and what became of the neighbours.

Wheeler & Ratcliffe 2018, "A simple weighted displacement difference test to evaluate place based crime interventions", Crime
Science 7:11: the change of the treated place less that of the control place (plus the same for neighbours), with the sum of all
counts as its variance. That variance is Poisson's; places spread more. Here it is also multiplied by how much more untreated
places spread.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from qinwu.judge.evaluate.design import Design, Totals
from qinwu.judge.evaluate.estimate import Estimate, Interval, Method
from qinwu.judge.evaluate.panel import F64, I64
from qinwu.judge.evaluate.ratio import quantile

NORMAL = 1.959963984540054


class Difference(NamedTuple):
    """A weighted displacement difference in events, and its standard error."""

    events: float
    error: float

    @property
    def z(self) -> float:
        """Standard errors from none."""
        return self.events / self.error if self.error else 0.0


def weighted_difference(
    treated: tuple[float, float],
    control: tuple[float, float],
    neighbours: tuple[float, float] = (0.0, 0.0),
    neighbours_control: tuple[float, float] = (0.0, 0.0),
    weights: tuple[float, float] = (1.0, 1.0),
) -> Difference:
    """Return the weighted displacement difference of counts (before, after) with its Poisson standard error.

    Parameters
    ----------
    treated, control, neighbours, neighbours_control
        Counts before and after.
    weights
        By what control counts are multiplied to be of the size of the treated place and of its neighbours; 1 in the paper.

    Examples
    --------
    >>> found = weighted_difference((100, 80), (100, 90))
    >>> found.events, round(found.error, 2)
    (-10.0, 19.24)
    """
    parts = ((treated, 1.0), (control, -weights[0]), (neighbours, 1.0), (neighbours_control, -weights[1]))
    events = sum(weight * (after - before) for (before, after), weight in parts)
    variance = sum(weight**2 * (before + after) for (before, after), weight in parts)
    return Difference(events, math.sqrt(variance))


class Differences(NamedTuple):
    """Differences of several places against all others, each with its Poisson variance and what it would have had, in events."""

    events: F64
    variance: F64
    expected: F64


def against_others(treated: Totals, control: Totals) -> Differences:
    """Return differences of each place against the sum of `control`, made as large as the place by what both had before."""
    weight = treated.before / control.before
    grown = treated.base_after / treated.base_before, control.base_after / control.base_before
    expected = weight * control.after * grown[0] / grown[1]
    events = treated.after - treated.before * grown[0] - (expected - weight * control.before * grown[0])
    scale = grown[0] / grown[1]
    variance = (
        treated.after + grown[0] ** 2 * treated.before + weight**2 * (scale**2 * control.after + grown[0] ** 2 * control.before)
    )
    return Differences(events, variance, expected)


def overdispersion(design: Design) -> float:
    """Return how much more than Poisson untreated places spread: the mean of squared differences in standard errors, least 1."""
    each = design.totals().of(design.control)
    rest = Totals(*(total.sum() - total for total in each))
    used = (each.before > 0.0) & (rest.before > 0.0)
    found = against_others(Totals(*(part[used] for part in each)), Totals(*(part[used] for part in rest)))
    squares = found.events**2 / np.maximum(found.variance, 1.0)
    return max(float(squares.mean()), 1.0) if squares.size else 1.0


def estimate(design: Design, *, overdispersed: bool, rows: I64 | None = None) -> Estimate:
    """Return the weighted displacement difference of the treated places, or of other `rows`, against all untreated ones."""
    from scipy.special import ndtr, stdtr

    totals = design.totals()
    found = against_others(totals.of(design.treated if rows is None else rows).summed(), totals.of(design.control).summed())
    events, variance, expected = (float(each[0]) for each in found)
    spread = overdispersion(design) if overdispersed else 1.0
    error, freedom = math.sqrt(variance * spread), design.control.size - 1.0
    at = quantile(freedom) if overdispersed else NORMAL
    p = float(2.0 * (stdtr(max(freedom, 1.0), -abs(events / error)) if overdispersed else ndtr(-abs(events / error))))
    share = Interval(*(bound / expected for bound in (events, events - at * error, events + at * error)))
    method: Method = "wdd" if overdispersed else "wdd_poisson"
    detail = {"events": events, "error": error, "spread": spread, "expected": expected}
    return Estimate(method, share, p if math.isfinite(at) else math.nan, detail)


class Displacement(NamedTuple):
    """What became of the neighbours of a treated place.

    Parameters
    ----------
    quotient
        Weighted displacement quotient (Bowers & Johnson 2003): the neighbours' change against the treated place's, both as shares
        of the control. Above 1 benefits spread beyond the place more than within; 0 to 1 they spread; below 0 events moved, below
        -1 more than were gained. nan where the treated place did not become rarer against the control: nothing was there to move.
    neighbours
        The test that decides, on the neighbours.
    total
        The same on treated places and neighbours together.
    difference
        Weighted displacement difference of treated places and neighbours together, its spread as measured.
    """

    quotient: float
    neighbours: Estimate
    total: Estimate
    difference: Estimate


def quotient(treated: tuple[float, float], neighbours: tuple[float, float], control: tuple[float, float]) -> float:
    """Return the weighted displacement quotient of counts (before, after).

    Bowers & Johnson 2003, "Measuring the geographical displacement and diffusion of benefit effects of crime prevention activity",
    J. Quantitative Criminology 19(3): WDQ = (D1/C1 - D0/C0) / (T1/C1 - T0/C0).

    >>> round(quotient((100, 60), (100, 110), (400, 400)), 2), quotient((100, 120), (100, 100), (400, 400))
    (-0.25, nan)
    """
    if not all(control):
        return math.nan
    success = treated[1] / control[1] - treated[0] / control[0]
    moved = neighbours[1] / control[1] - neighbours[0] / control[0]
    return moved / success if success < 0.0 else math.nan


def displacement(design: Design) -> Displacement | None:
    """Return what became of the neighbours; None where none are named."""
    from qinwu.judge.evaluate.ratio import estimate as decide

    if not design.buffer.size:
        return None
    totals = design.totals()

    def pair(rows: I64) -> tuple[float, float]:
        summed = totals.of(rows).summed()
        return float(summed.before[0] / summed.base_before[0]), float(summed.after[0] / summed.base_after[0])

    both = np.concatenate([design.treated, design.buffer])
    found = quotient(pair(design.treated), pair(design.buffer), pair(design.control))
    joint = estimate(design, overdispersed=True, rows=both)
    return Displacement(found, decide(design, "neighbours", design.buffer), decide(design, "neighbours", both), joint)
