"""Scores of forecasts of counts: relative mean absolute error and mean Poisson deviance."""

from __future__ import annotations

import numpy as np

from qinwu.forecast.hours.basis import F64

FLOOR = 0.01
"""Calls that count as foretold where a method foretells fewer: the deviance of a forecast of nothing has no bound."""


def deviances(calls: F64, foretold: F64) -> F64:
    """Return the Poisson deviance of each count, 2·(y·log(y/m) − y + m) (McCullagh & Nelder 1989, section 2.3).

    >>> deviances(np.array([0.0, 2.0]), np.array([1.5, 2.0])).tolist()
    [3.0, 0.0]
    """
    mean = np.maximum(foretold, FLOOR)
    ratio = np.where(calls > 0.0, calls, 1.0) / np.where(calls > 0.0, mean, 1.0)
    found: F64 = 2.0 * (np.where(calls > 0.0, calls * np.log(ratio), 0.0) - calls + mean)
    return found


def relative_error(calls: F64, foretold: F64) -> float:
    """Return the mean absolute error divided by the mean count; nan where nothing happened."""
    return float(np.abs(calls - foretold).sum() / calls.sum()) if calls.sum() > 0.0 else float("nan")
