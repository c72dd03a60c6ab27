"""The test that decides: difference in differences of Poisson counts, with the spread that places show without any reform.

With two groups and one start the two-way Poisson regression (unit and period effects) has a closed form: the treated places' after
over before, divided by the untreated places' after over before. Its Poisson standard error is far too small, because places also
drift apart on their own. That drift is measured on the untreated places as the variance between them beyond Poisson (DerSimonian &
Laird 1986, as in a meta-analysis of places) and added. Places of different kinds drift differently; so the same test is made on
the untreated places, each as if it had been treated, and the error is multiplied by the root mean square of their t. The ratio is
judged by Student's t with as many degrees of freedom as there are untreated places less one. Counts are added up over the whole
time before and after, so that months that resemble their neighbours do not count twice (Bertrand, Duflo & Mullainathan 2004).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from qinwu.judge.evaluate.choosing import choices, membership
from qinwu.judge.evaluate.design import LEAST_UNTREATED, Design, Totals
from qinwu.judge.evaluate.estimate import ALPHA, Estimate, Interval, Method, of_logs
from qinwu.judge.evaluate.panel import F64, I64

PLACEBOS, PLACEBO_SEED = 199, 1
"""Most placebos that calibrate the error, and the seed they are drawn with where there would be more."""
ENOUGH = 20
"""Untreated places from which on placebos may also narrow the error."""
HALF = 0.5
"""Added to every count in a logarithm, so that none is no trouble (Haldane 1956, Anscombe 1956)."""


class Ratios(NamedTuple):
    """Of each choice of treated places: effect and error in logarithms, drift of places (standard deviation), degrees."""

    effect: F64
    error: F64
    drift: F64
    freedom: F64

    @property
    def t(self) -> F64:
        """Effects in standard errors."""
        return np.asarray(self.effect / self.error)


def ratios(totals: Totals, members: F64) -> Ratios:
    """Return the ratio of ratios for many choices of treated places at once.

    Parameters
    ----------
    totals
        Counts and exposure of places before and after.
    members
        Choices × places: 1 for treated, 0 for untreated.

    Examples
    --------
    >>> totals = Totals(*(np.array(each, float) for each in ([100, 100, 100, 100], [80, 90, 90, 90], [1] * 4, [1] * 4)))
    >>> found = ratios(totals, np.array([[1.0, 0.0, 0.0, 0.0]]))
    >>> round(float(found.effect[0]), 3), float(found.drift[0]), float(found.freedom[0])
    (-0.117, 0.0, 2.0)
    """
    others = 1.0 - members
    before, after = totals.before + HALF, totals.after + HALF
    change = np.log(after / before) - np.log(totals.base_after / totals.base_before)
    drift = _drift(change, 1.0 / (1.0 / before + 1.0 / after), others)
    effect, variance = np.zeros(len(members)), np.zeros(len(members))
    for sign, group in ((1.0, members), (-1.0, others)):
        old, new = group @ totals.before + HALF, group @ totals.after + HALF
        effect += sign * (np.log(new / old) - np.log((group @ totals.base_after) / (group @ totals.base_before)))
        variance += 1.0 / old + 1.0 / new + drift * (group @ before**2) / (group @ before) ** 2
    return Ratios(effect, np.sqrt(variance), np.sqrt(drift), others.sum(1) - 1.0)


def _drift(change: F64, weight: F64, others: F64) -> F64:
    """Return the variance of untreated places' changes beyond Poisson, for each choice (DerSimonian & Laird 1986, eq. 8)."""
    total, square = others @ weight, others @ weight**2
    spread = others @ (weight * change**2) - (others @ (weight * change)) ** 2 / total
    freedom = others.sum(1) - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        drift = np.maximum((spread - freedom) / (total - square / total), 0.0)
    return np.nan_to_num(np.where(freedom > 0.0, drift, 0.0))


def p_values(found: Ratios) -> F64:
    """Return two-sided p by Student's t; nan where too few places are untreated."""
    from scipy.special import stdtr

    enough = found.freedom >= LEAST_UNTREATED - 1
    return np.where(enough, 2.0 * stdtr(np.maximum(found.freedom, 1.0), -np.abs(found.t)), np.nan)


def quantile(freedom: float, share: float = 1.0 - ALPHA / 2.0) -> float:
    """Return a quantile of Student's t; nan where too few places are untreated."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, share)) if freedom >= LEAST_UNTREATED - 1 else math.nan


def calibration(untreated: Totals, size: int) -> float:
    """Return by what the error must be multiplied for untreated places to lie as far apart as their own errors say.

    The root mean square of t over placebos, `size` untreated places at a time against the others. Below :data:`ENOUGH` places it
    only makes the test more careful, never less: that few places may look alike by luck.
    """
    count = untreated.before.size
    if count - size < LEAST_UNTREATED:
        return 1.0
    chosen, _ = choices(count, size, PLACEBO_SEED, PLACEBOS)
    scale = math.sqrt(float((ratios(untreated, membership(chosen, count)).t ** 2).mean()))
    return scale if count >= ENOUGH else max(scale, 1.0)


def plain(design: Design, treated: I64, totals: Totals) -> Ratios:
    """Return the ratio of some treated places against the untreated ones of a design, its error not calibrated."""
    rows = np.concatenate([treated, design.control])
    return ratios(totals.of(rows), membership(np.arange(treated.size)[None, :], rows.size))


def one(design: Design, treated: I64, totals: Totals) -> Ratios:
    """Return the ratio of some treated places against the untreated ones of a design, its error calibrated by placebos."""
    found = plain(design, treated, totals)
    return found._replace(error=found.error * calibration(totals.of(design.control), treated.size))


def estimate(design: Design, method: Method = "ratio", treated: I64 | None = None, totals: Totals | None = None) -> Estimate:
    """Return the estimate of a design, or of other places (neighbours) or times against the same untreated places."""
    rows = design.treated if treated is None else treated
    all_totals = design.totals() if totals is None else totals
    found = one(design, rows, all_totals)
    effect, error, drift, freedom = (float(each[0]) for each in found)
    share = of_logs(effect, error, quantile(freedom))
    untouched = all_totals.of(rows).summed()
    expected = float(untouched.after[0]) / math.exp(effect)
    return Estimate(
        method,
        share,
        float(p_values(found)[0]),
        {
            "log": effect,
            "error": error,
            "drift": drift,
            "freedom": freedom,
            "before": float(untouched.before[0]),
            "after": float(untouched.after[0]),
            "expected": expected,
        },
    )


def naive(design: Design) -> Estimate:
    """Return before against after of the treated places alone, as if counts were Poisson and nothing else happened."""
    from scipy.special import ndtr

    totals = design.totals().of(design.treated).summed()
    before, after, base_before, base_after = (float(each[0]) for each in totals)
    effect = math.log((after + HALF) / (before + HALF)) - math.log(base_after / base_before)
    error = math.sqrt(1.0 / (before + HALF) + 1.0 / (after + HALF))
    share: Interval = of_logs(effect, error, 1.959963984540054)
    return Estimate("before_after", share, float(2.0 * ndtr(-abs(effect / error))), {"log": effect, "error": error})
