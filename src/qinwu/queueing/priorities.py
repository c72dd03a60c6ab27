"""Priorities: how long urgent and less urgent calls wait for equal officers (M/M/c, one mean service time).

Classes stand in order of urgency, most urgent first; inside a class, first come first served. Sigma_k is the load per server of
class k and all more urgent ones. A class with sigma_k >= 1 waits for ever; the classes above it do not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from qinwu.duty.response_plan import F64
from qinwu.queueing.erlang import erlang_b, erlang_c
from qinwu.queueing.laplace import C128, inverse_at
from qinwu.queueing.numbers import COUNT, NOT_NEGATIVE, POSITIVE, SHARE_BELOW_ONE, Kind, checked


def priority_waits(rates: ArrayLike, servers: int, mean_service_s: float) -> F64:
    """Return the mean wait of each class, delayed or not, where nobody leaves a call for a more urgent one.

    W_k = P(delay) x (S / c) / ((1 - sigma_(k-1)) (1 - sigma_k)). P(delay) is Erlang's C; it is 1 where less urgent calls alone are
    too many, because they then fill every server that the urgent ones leave. A class that overloads the servers together with the
    classes above it waits for ever (inf), and so do the classes below it.

    Parameters
    ----------
    rates
        (P,) calls per second of each class, >= 0, most urgent first; a class without calls shows what a single one would wait.
    servers
        Number of servers c, >= 1.
    mean_service_s
        Mean service time S of all classes, seconds, > 0; exponential.

    Returns
    -------
    F64
        (P,) seconds.

    Raises
    ------
    QinwuError
        A number is out of range.

    References
    ----------
    Cobham 1954, Opns Res. 2(1): 70-76, corrected 1955, 3(4): 547.

    Examples
    --------
    >>> priority_waits([2.4, 5.6], 10, 1.0).round(6)
    array([0.053839, 0.269197])
    >>> priority_waits([2.4, 9.6], 10, 1.0).round(6)
    array([0.131579,      inf])
    """
    above, upto, c, s = _loads(rates, servers, mean_service_s)
    return _never_below(upto, _delayed(c, upto) * s / c / ((1.0 - above) * (1.0 - upto)))


def preemptive_waits(rates: ArrayLike, servers: int, mean_service_s: float) -> F64:
    """Return the mean wait of each class where urgent calls take servers from less urgent ones, which resume later.

    The wait is all the time a call is not being served, interruptions included. Classes 1 to k are not aware of those below: they
    form an M/M/c queue of their own, and the wait of class k follows from the lengths of two such queues by Little's law.

    Parameters
    ----------
    rates, servers, mean_service_s
        As for :func:`priority_waits`.

    Returns
    -------
    F64
        (P,) seconds; inf where a class and those above it are too many.

    Raises
    ------
    QinwuError
        A number is out of range.

    References
    ----------
    Buzen & Bondi 1983, Opns Res. 31(3): 456-465, section 2; for one server White & Christie 1958, Opns Res. 6(1).

    Examples
    --------
    >>> preemptive_waits([2.4, 5.6], 10, 1.0).round(6)
    array([2.7000e-05, 2.9226e-01])
    """
    above, upto, c, s = _loads(rates, servers, mean_service_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [_never_below(load, _queue(c, load)) for load in (above, upto)]
        step = c * (upto - above)
        middle = (above + upto) / 2.0
        tiny = step <= 1e-6 * c * np.minimum(middle, 1.0 - middle)
        growth = np.where(tiny, _queue_slope(c, middle), (ends[1] - ends[0]) / np.where(tiny, 1.0, step))
    return _never_below(upto, s * growth)


def priority_wait_within(rates: ArrayLike, servers: int, mean_service_s: float, limit_s: float) -> F64:
    """Return the probability that a call of each class waits at most `limit_s`; nobody leaves a call for a more urgent one.

    A delayed call of class k waits like a customer of an M/G/1 queue with vacations, in which the services and vacations are busy
    periods of the more urgent calls; the transform of that wait is inverted to 12 digits.

    Parameters
    ----------
    rates, servers, mean_service_s
        As for :func:`priority_waits`.
    limit_s
        Longest wait, seconds, >= 0.

    Returns
    -------
    F64
        (P,) probabilities; 0 for classes that wait for ever.

    Raises
    ------
    QinwuError
        A number is out of range.

    References
    ----------
    Davis 1966, Opns Res. 14(1): 133-136; Kella & Yechiali 1985, Opns Res. 33(5) (the argument with vacations).

    Examples
    --------
    >>> priority_wait_within([2.4, 5.6], 10, 1.0, 0.5).round(6)
    array([0.990846, 0.814915])
    """
    above, upto, c, s = _loads(rates, servers, mean_service_s, limit_s=(limit_s, NOT_NEGATIVE.single))
    completions = float(limit_s) * c / s
    delayed = _delayed(c, upto)
    return np.array([1.0 - delayed * _longer(h, k, completions) for h, k in zip(above, upto, strict=True)])


def priority_wait_quantile(rates: ArrayLike, servers: int, mean_service_s: float, p: float) -> F64:
    """Return the wait that a share `p` of the calls of each class does not exceed; nobody leaves a call for a more urgent one.

    Parameters
    ----------
    rates, servers, mean_service_s
        As for :func:`priority_waits`.
    p
        Share of the calls, at least 0 and below 1.

    Returns
    -------
    F64
        (P,) seconds; 0 where at least that share is served at once, inf for classes that wait for ever.

    Raises
    ------
    QinwuError
        A number is out of range.

    Examples
    --------
    >>> priority_wait_quantile([2.4, 5.6], 10, 1.0, 0.9).round(4)
    array([0.1854, 0.9307])
    """
    above, upto, c, s = _loads(rates, servers, mean_service_s, p=(p, SHARE_BELOW_ONE.single))
    left = (1.0 - float(p)) / max(_delayed(c, upto), 1e-300)
    return np.array([_when_longer(h, k, left) * s / c for h, k in zip(above, upto, strict=True)])


def _loads(rates: ArrayLike, servers: int, mean_service_s: float, **more: tuple[ArrayLike, Kind]) -> tuple[F64, F64, float, float]:
    """Return sigma of the classes above each, sigma of each, the number of servers and the mean service time, all checked."""
    rate, c, s, *_ = checked(
        rates=(rates, NOT_NEGATIVE.row), servers=(servers, COUNT.single), mean_service_s=(mean_service_s, POSITIVE.single), **more
    )
    upto: F64 = np.cumsum(rate) * float(s) / float(c)
    return np.concatenate([[0.0], upto[:-1]]), upto, float(c), float(s)


def _delayed(c: float, upto: F64) -> float:
    """Return the probability that a call of any class is delayed."""
    return float(erlang_c(c, c * upto[-1])) if upto[-1] < 1.0 else 1.0


def _never_below(upto: F64, values: F64) -> F64:
    """Return `values`, infinite from the first class on that is too much."""
    return np.where(upto < 1.0, values, np.inf)


def _queue(c: float, load: F64) -> F64:
    """Return the mean number waiting of an M/M/c queue with `load` per server; 0 where it is too much."""
    a = c * np.where(load < 1.0, load, 0.0)
    return np.asarray(erlang_c(c, a) * a / (c - a))


def _queue_slope(c: float, load: F64) -> F64:
    """Return how fast the mean number waiting grows with the load in erlangs."""
    a = c * np.where(load < 1.0, load, 0.0)
    lost = erlang_b(c, a)
    logarithmic = (c + 1.0) / a - 1.0 + 1.0 / (c - a) + (1.0 - lost) / (c - a + a * lost)
    return np.where(a > 0.0, _queue(c, load) * logarithmic, 0.0)


def _longer(above: float, upto: float, t: float) -> float:
    """Return the probability that a delayed call waits longer than `t`, in units of the mean time between completions.

    With Lambda the rate of more urgent calls, lambda that of the class, both per completion, and theta(s) the transform of a busy
    period of the more urgent, the wait has the transform (1 - sigma_k)(1 - theta) / (s - lambda (1 - theta)). Below, h is
    (1 - theta) / s, written so that nothing cancels near s = 0.
    """
    if upto >= 1.0 or t < 1e-12:
        return 1.0
    root = np.sqrt(above)

    def transform(s: C128) -> C128:
        r = np.sqrt(s + (1.0 - root) ** 2) * np.sqrt(s + (1.0 + root) ** 2)
        h = 4.0 / ((r + 1.0 - above - s) * (r + 1.0 + above + s))
        return np.asarray((1.0 - (1.0 - above) * h) / (s * (1.0 - (upto - above) * h)))

    return min(max(inverse_at(transform, t), 0.0), 1.0)


def _when_longer(above: float, upto: float, left: float) -> float:
    """Return the wait that a delayed call exceeds with probability `left`."""
    if upto >= 1.0 or left >= 1.0:
        return float(np.inf) if upto >= 1.0 else 0.0
    most = 1.0 / ((1.0 - above) * (1.0 - upto))
    while _longer(above, upto, most) > left:
        most *= 2.0
    return float(brentq(lambda t: _longer(above, upto, t) - left, 0.0, most, xtol=1e-12, rtol=1e-12))
