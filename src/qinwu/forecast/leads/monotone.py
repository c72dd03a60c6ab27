"""Monotone regressions: log-odds that can only rise with each piece of evidence, so that every reason reads the right way round.

Both are maximum likelihood with a ridge and weights that cannot be negative, found by the bounded quasi-Newton method of SciPy
(Byrd, Lu, Nocedal & Zhu 1995, SIAM J. Sci. Comput. 16(5): 1190-1208).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qinwu.forecast.leads.cases import F64, Bools

MOST_LOG_ODDS = 30.0


@dataclass(frozen=True, slots=True)
class Monotone:
    """Log-odds ``intercept + weights · (x - centre)``.

    Parameters
    ----------
    intercept
        Log-odds of a pair with the mean of every feature.
    weights
        What one more of each feature adds, ≥ 0.
    centre
        Mean of each feature; it stands for one that is not known.
    """

    intercept: float
    weights: F64
    centre: F64

    def contributions(self, x: F64) -> F64:
        """Return what each feature of each row adds to the log-odds of an average pair."""
        return np.where(np.isnan(x), 0.0, x - self.centre) * self.weights

    def log_odds(self, x: F64) -> F64:
        """Return the log-odds of each row."""
        found: F64 = self.intercept + self.contributions(x).sum(1)
        return found


def logistic(x: F64, linked: Bools, weight: F64, ridge: float) -> Monotone:
    """Return the logistic regression of `linked` on the columns of `x`.

    Parameters
    ----------
    x
        Rows × features, nan where not known.
    linked
        What is foreseen.
    weight
        How much each row counts.
    ridge
        Half of this times the square of a weight, per standard deviation of its feature, is taken from the log-likelihood.
    """

    def loss(eta: F64) -> tuple[F64, F64]:
        from scipy.special import expit

        return np.logaddexp(0.0, eta) - linked * eta, expit(eta) - linked

    return _fit(x, weight, ridge, loss)


def excess(x: F64, observed: Bools, weight: F64, ridge: float) -> Monotone:
    """Return the log of how many more observed rows there are than by chance: ``observed density = chance density × (1 + e^η)``.

    Parameters
    ----------
    x
        Rows × features: what was observed, and what chance alone gives, scaled to the same exposure by `weight`.
    observed
        Which rows were observed.
    weight, ridge
        As in :func:`logistic`.

    Notes
    -----
    ``e^η / (1 + e^η)`` is the probability that an observed row is one of the excess: the local true discovery rate (Efron,
    Tibshirani, Storey & Tusher 2001, JASA 96: 1151-1160), or what stochastic declustering calls the probability to be triggered
    (Zhuang, Ogata & Vere-Jones 2002, JASA 97: 369-380). With ``r = 1 + e^η`` a row is observed, not chance, with odds ``r``.
    """

    def loss(eta: F64) -> tuple[F64, F64]:
        more = np.exp(np.minimum(eta, MOST_LOG_ODDS))
        value = np.log(2.0 + more) - observed * np.log1p(more)
        slope = more * (1.0 / (2.0 + more) - observed / (1.0 + more))
        return value, slope

    return _fit(x, weight, ridge, loss)


def _fit(x: F64, weight: F64, ridge: float, loss: Callable[[F64], tuple[F64, F64]]) -> Monotone:
    """Minimise the weighted loss on standardised features with weights that are not negative."""
    from scipy.optimize import minimize

    centre, spread = _standard(x, weight)
    z = np.where(np.isnan(x), 0.0, (x - centre) / spread)

    def target(beta: F64) -> tuple[float, F64]:
        value, slope = loss(beta[0] + z @ beta[1:])
        pulled = weight * slope
        total = float((weight * value).sum() + ridge / 2.0 * (beta[1:] ** 2).sum())
        return total, np.r_[pulled.sum(), z.T @ pulled + ridge * beta[1:]]

    bounds = [(-MOST_LOG_ODDS, MOST_LOG_ODDS), *[(0.0, None)] * z.shape[1]]
    start = np.zeros(z.shape[1] + 1)
    found = minimize(
        target, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500, "ftol": 1e-10, "gtol": 1e-6}
    ).x
    return Monotone(float(found[0]), found[1:] / spread, centre)


def _standard(x: F64, weight: F64) -> tuple[F64, F64]:
    """Return weighted mean and standard deviation of each feature over the rows that have it; 0 and 1 where none has."""
    known = ~np.isnan(x)
    share = known * weight[:, None]
    total = np.maximum(share.sum(0), 1e-12)
    filled = np.where(known, x, 0.0)
    centre = (filled * share).sum(0) / total
    spread = np.sqrt((((filled - centre) ** 2) * share).sum(0) / total)
    return centre, np.where(spread > 1e-9, spread, 1.0)
