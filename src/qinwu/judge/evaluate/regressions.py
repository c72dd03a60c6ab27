"""Regressions, by statsmodels: two-way differences with errors that know a place resembles itself, and the interrupted series."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from qinwu.findings import Finding
from qinwu.judge.evaluate.design import Design
from qinwu.judge.evaluate.estimate import Estimate, Interval, of_logs, without
from qinwu.judge.evaluate.panel import F64
from qinwu.judge.evaluate.ratio import quantile
from qinwu.language import N_

SEASONS = 2
"""Whole years before the start without which the season cannot be told from the reform."""
LEAST_TREATED = 2
"""Treated places without which an error by place is far too small."""
AFTER = 3
"""Periods after the start without which a level cannot be told from one odd period."""


def linear(design: Design) -> Estimate:
    """Return the two-way linear difference in differences on counts (or rates), errors clustered by place.

    Place and period effects are taken out by subtracting both means, which is exact for a panel without holes (Baltagi,
    *Econometric Analysis of Panel Data*, eq. 3.5). This is the estimate of Di Tella & Schargrodsky 2004.
    """
    from statsmodels.api import OLS

    if design.treated.size < LEAST_TREATED:
        return without("linear", _too_few_treated())
    rows = np.concatenate([design.treated, design.control])
    rates = design.panel.counts[rows] / design.panel.base[rows]
    exposed = np.zeros_like(rates)
    exposed[: design.treated.size, design.start :] = 1.0
    places = np.repeat(np.arange(rows.size), rates.shape[1])
    fitted = OLS(_within(rates).ravel(), _within(exposed).ravel()).fit(cov_type="cluster", cov_kwds={"groups": places})
    seen = rates.size - 1.0
    # Period effects were estimated, too; place effects are nested in the clusters and do not count (Cameron & Miller 2015, III.B).
    effect, error = float(fitted.params[0]), float(fitted.bse[0]) * math.sqrt(seen / (seen - rates.shape[1]))
    expected = float(rates[: design.treated.size, design.start :].mean()) - effect
    at = quantile(rows.size - 1.0)
    bounds = (effect, effect - at * error, effect + at * error)
    share = Interval(*(bound / expected if expected > 0.0 else math.nan for bound in bounds))
    return Estimate("linear", share, _p(effect / error, rows.size - 1.0), {"effect": effect, "error": error, "expected": expected})


def _within(values: F64) -> F64:
    """Return values less the mean of their row and of their column."""
    found: F64 = values - values.mean(1, keepdims=True) - values.mean(0, keepdims=True) + values.mean()
    return found


def clustered(design: Design) -> Estimate:
    """Return the two-way Poisson difference in differences, errors clustered by place.

    With place effects conditioned out, two times leave a logistic regression of each place's share of events that came after
    (Hausman, Hall & Griliches 1984): the same coefficient, and a robust error by place. With few treated places that error is too
    small (Conley & Taber 2011), which is why this test does not decide.
    """
    from statsmodels.api import GLM
    from statsmodels.genmod.families import Binomial

    rows = np.concatenate([design.treated, design.control])
    totals = design.totals().of(rows)
    seen = totals.before + totals.after > 0.0
    treated = (np.arange(rows.size) < design.treated.size).astype(float)[seen]
    if treated.sum() < LEAST_TREATED or not totals.of(np.arange(design.treated.size)).after.sum():
        return without("clustered", _too_few_treated())
    after, before = totals.after[seen], totals.before[seen]
    offset = np.log(totals.base_after[seen] / totals.base_before[seen])
    design_matrix = np.column_stack([np.ones_like(treated), treated])
    model = GLM(np.column_stack([after, before]), design_matrix, family=Binomial(), offset=offset)
    fitted = model.fit(cov_type="cluster", cov_kwds={"groups": np.arange(int(seen.sum()))})
    effect, error = float(fitted.params[1]), float(fitted.bse[1])
    freedom = float(seen.sum()) - 1.0
    return Estimate(
        "clustered", of_logs(effect, error, quantile(freedom)), _p(effect / error, freedom), {"log": effect, "error": error}
    )


def interrupted(design: Design) -> Estimate:
    """Return the interrupted series of the treated places: a step at the start beside trend and season, without any comparison.

    Quasi-Poisson regression of counts with a logarithmic link (Bernal, Cummins & Gasparrini 2017): level, linear trend, step, and
    one or two yearly harmonics; errors by Newey & West over a season of lags at most.
    """
    counts, base = design.series(design.treated)
    season, time = design.panel.season, np.arange(counts.size)
    if design.start < max(SEASONS * season, 8) or design.after < AFTER or counts.sum() == 0.0:
        message = N_("An interrupted series needs two whole years before and three periods after; there are {before} and {after}.")
        return without(
            "interrupted", Finding("series-too-short", "note", message, values={"before": design.start, "after": design.after})
        )
    columns = {"level": np.ones(counts.size), "trend": (time - design.start) / season, "step": (time >= design.start).astype(float)}
    effect, error, detail = _step(counts, base, columns | _harmonics(time, season))
    freedom = float(counts.size - len(columns) - len(_harmonics(time, season)))
    return Estimate("interrupted", of_logs(effect, error, quantile(freedom)), _p(effect / error, freedom), detail)


def _harmonics(time: np.ndarray, season: int) -> dict[str, F64]:
    """Return yearly waves: two for months, one for quarters, none for years."""
    waves = {12: 2, 4: 1}.get(season, 0)
    angles = {number: 2.0 * np.pi * number * time / season for number in range(1, waves + 1)}
    return {f"{name}{number}": wave(angle) for number, angle in angles.items() for name, wave in (("sin", np.sin), ("cos", np.cos))}


def _step(counts: F64, base: F64, columns: Mapping[str, F64]) -> tuple[float, float, dict[str, float]]:
    """Return the step of an interrupted series, its error, and the trend a year."""
    from statsmodels.api import GLM
    from statsmodels.genmod.families import Poisson

    lags = max(round(4.0 * (counts.size / 100.0) ** (2.0 / 9.0)), 1)
    model = GLM(counts, np.column_stack(list(columns.values())), family=Poisson(), offset=np.log(base))
    fitted = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
    at = {name: place for place, name in enumerate(columns)}
    effect, error = float(fitted.params[at["step"]]), float(fitted.bse[at["step"]])
    trend = math.expm1(float(fitted.params[at["trend"]]))
    return effect, error, {"log": effect, "error": error, "trend": trend, "lags": float(lags)}


def _too_few_treated() -> Finding:
    return Finding(
        "too-few-treated", "note", N_("Errors by place need at least two treated places that have events before and after.")
    )


def _p(t: float, freedom: float) -> float:
    from scipy.special import stdtr

    return float(2.0 * stdtr(freedom, -abs(t)))
