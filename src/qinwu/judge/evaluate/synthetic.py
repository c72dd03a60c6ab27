"""Synthetic control: untreated places mixed so that before the start they run like the treated ones.

Abadie, Diamond & Hainmueller 2010, "Synthetic control methods for comparative case studies", JASA 105(490): weights that are not
negative and add up to one, chosen by the time before; the ratio of misfit after to misfit before is ranked among the same ratios of
untreated places.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qinwu.findings import Finding
from qinwu.judge.evaluate.design import Design
from qinwu.judge.evaluate.estimate import Estimate, Interval, without
from qinwu.judge.evaluate.panel import F64
from qinwu.language import N_

LEAST_DONORS, LEAST_BEFORE = 5, 6
INTERVAL_DONORS = 39
"""Untreated places from which on the middle 95 % of their gaps mean something."""
SUM_WEIGHT = 1e4
"""How much more the sum of weights counts than the fit, in the least squares that finds them."""


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A synthetic control: the treated series and the mixed one, in their own mean before the start, and weights by place."""

    treated: F64
    mixed: F64
    weights: F64
    donors: tuple[int, ...]


def mixing(target: F64, donors: F64) -> F64:
    """Return weights ≥ 0 that add up to 1 and bring `donors` (periods × places) nearest to `target`.

    >>> mixing(np.array([1.0, 2.0]), np.array([[1.0, 3.0], [2.0, 0.0]])).round(6).tolist()
    [1.0, 0.0]
    """
    from scipy.optimize import nnls

    scale = SUM_WEIGHT * max(float(np.abs(donors).max()), 1.0)
    rows = np.vstack([donors, np.full(donors.shape[1], scale)])
    weights, _ = nnls(rows, np.append(target, scale), maxiter=30 * donors.shape[1])
    found: F64 = weights / weights.sum()
    return found


def synthetic(design: Design) -> tuple[Estimate, Synthetic | None]:
    """Return the estimate of the synthetic control, and the control itself."""
    counts, base = design.panel.counts, design.panel.base
    rates = counts[design.control] / base[design.control]
    level = rates[:, : design.start].mean(1)
    donors = np.flatnonzero(level > 0.0)
    if donors.size < LEAST_DONORS or design.start < LEAST_BEFORE:
        message = N_("A synthetic control needs at least {donors} untreated places and {before} periods before.")
        values = {"donors": LEAST_DONORS, "before": LEAST_BEFORE}
        return without("synthetic", Finding("too-few-donors", "note", message, values=values)), None
    pool = (rates[donors] / level[donors, None]).T
    own, own_base = design.series(design.treated)
    target = own / own_base / (own / own_base)[: design.start].mean()
    weights = mixing(target[: design.start], pool[: design.start])
    mixed = pool @ weights
    gaps = np.array([_gap(pool[:, at], np.delete(pool, at, axis=1), design.start) for at in range(donors.size)])
    change, ratio = _gap_of(target, mixed, design.start)
    beyond = int((gaps[:, 1] >= ratio).sum())
    low, high = _bounds(change, gaps[:, 0])
    detail = {"ratio": ratio, "donors": float(donors.size), "weighted": float((weights > 0.005).sum())}
    found = Estimate("synthetic", Interval(change, low, high), (beyond + 1.0) / (donors.size + 1.0), detail)
    return found, Synthetic(target, mixed, weights, tuple(int(design.control[at]) for at in donors))


def _gap(target: F64, donors: F64, start: int) -> tuple[float, float]:
    """Return what :func:`_gap_of` says of a place mixed from others."""
    return _gap_of(target, donors @ mixing(target[:start], donors[:start]), start)


def _gap_of(target: F64, mixed: F64, start: int) -> tuple[float, float]:
    """Return the mean gap after the start as a share of the mix, and misfit after over misfit before (root mean squares)."""
    gap = target - mixed
    before = math.sqrt(float((gap[:start] ** 2).mean()))
    after = math.sqrt(float((gap[start:] ** 2).mean()))
    expected = float(mixed[start:].mean())
    change = float(gap[start:].mean()) / expected if expected > 0.0 else math.nan
    return change, after / max(before, 1e-9)


def _bounds(change: float, gaps: F64) -> tuple[float, float]:
    """Return the change less the middle 95 % of untreated places' gaps; none where there are too few."""
    if gaps.size < INTERVAL_DONORS:
        return math.nan, math.nan
    low, high = np.nanquantile(gaps, [0.025, 0.975])
    return change - float(high), change - float(low)
