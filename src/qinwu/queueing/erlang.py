"""Erlang: equal officers, one kind of call, nobody chooses: chance to find all busy, and how long the wait."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qinwu.duty.response_plan import F64
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.queueing.numbers import (
    COUNT,
    COUNT_OR_NONE,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE_BELOW_ONE,
    Kind,
    UnstableError,
    broadcast,
    checked,
    one_of,
)

Line = Literal["zero", "infinite"]
LINES = ("zero", "infinite")


def offered_load(rate: ArrayLike, mean_service: ArrayLike) -> F64:
    """Return the offered load in erlangs: the number of servers that would be busy if there were always one free.

    Parameters
    ----------
    rate
        Calls per unit of time, >= 0; any shape.
    mean_service
        Mean service time in the same unit, > 0; broadcast against `rate`.

    Raises
    ------
    QinwuError
        A number is out of range.

    Examples
    --------
    Three calls an hour of half an hour each keep one and a half servers busy.

    >>> float(offered_load(3.0, 0.5))
    1.5
    """
    rate, mean_service = broadcast(rate=(rate, NOT_NEGATIVE), mean_service=(mean_service, POSITIVE))
    return np.asarray(rate * mean_service)


def erlang_b(servers: ArrayLike, load: ArrayLike) -> F64:
    """Return the probability that a call finds all servers busy and is lost: M/G/c/c, insensitive to the service distribution.

    The recursion for 1/B adds and multiplies positive numbers only, so that it loses no digits with thousands of servers.

    Parameters
    ----------
    servers
        Number of servers, whole, >= 0 (none: every call is lost); any shape.
    load
        Offered load in erlangs, >= 0; broadcast against `servers`.

    Raises
    ------
    QinwuError
        A number is out of range, or the shapes do not go together.

    References
    ----------
    Erlang 1917; the recursion: Jagerman 1974, Bell Syst. Tech. J. 53(3): 525-551.

    Examples
    --------
    >>> erlang_b([3, 10], [1.5, 8.0]).round(8)
    array([0.13432836, 0.12166106])
    """
    servers, load = broadcast(servers=(servers, COUNT_OR_NONE), load=(load, NOT_NEGATIVE))
    inverse = np.ones(servers.shape)
    with np.errstate(divide="ignore", over="ignore"):
        for n in range(1, int(servers.max(initial=0.0)) + 1):
            inverse = np.where(n <= servers, 1.0 + n / load * inverse, inverse)
    return np.asarray(1.0 / inverse)


def erlang_c(servers: ArrayLike, load: ArrayLike) -> F64:
    """Return the probability that a call must wait: M/M/c with an unlimited line.

    Parameters
    ----------
    servers
        Number of servers, whole, >= 1; any shape.
    load
        Offered load in erlangs, >= 0 and below `servers`; broadcast against `servers`.

    Raises
    ------
    QinwuError
        A number is out of range, or the shapes do not go together.
    UnstableError
        The load of any element is not below its servers.

    References
    ----------
    Erlang 1917; C from B: Cooper 1981, Introduction to Queueing Theory, section 3.4.

    Examples
    --------
    >>> erlang_c([3, 10], [1.5, 8.0]).round(8)
    array([0.23684211, 0.40918015])
    """
    servers, load = broadcast(servers=(servers, COUNT), load=(load, NOT_NEGATIVE))
    _require_room(servers, load)
    lost = erlang_b(servers, load)
    return np.asarray(servers * lost / (servers - load + load * lost))


def carried_load(servers: ArrayLike, load: ArrayLike) -> F64:
    """Return the mean number of busy servers where calls that find none are lost: load x (1 - B). With a line it is the load.

    Parameters
    ----------
    servers
        Number of servers, whole, >= 0; any shape.
    load
        Offered load in erlangs, >= 0; broadcast against `servers`.

    Raises
    ------
    QinwuError
        A number is out of range, or the shapes do not go together.

    Examples
    --------
    >>> carried_load(3, 1.5).round(8)
    np.float64(1.29850746)
    """
    return np.asarray(np.asarray(load, np.float64) * (1.0 - erlang_b(servers, load)))


def busy_probabilities(servers: int, load: float, line: Line = "infinite") -> F64:
    """Return (servers + 1,) probabilities that 0, 1, … servers are busy.

    Parameters
    ----------
    servers
        Number of servers, >= 1.
    load
        Offered load in erlangs, >= 0; below `servers` with an infinite line.
    line
        ``zero``: a call that finds all busy is lost (M/M/c/c). ``infinite``: it waits (M/M/c), and the last entry is the chance
        that all are busy whatever the line.

    Raises
    ------
    QinwuError
        A number or word is out of range.
    UnstableError
        The line is infinite and the load not below `servers`.

    References
    ----------
    Erlang 1917. Products of ratios run outwards from the largest term, so that thousands of servers neither overflow nor cancel.

    Examples
    --------
    >>> busy_probabilities(3, 1.5).round(5)
    array([0.21053, 0.31579, 0.23684, 0.23684])
    """
    one_of(LINES, line=line)
    c, a = checked(servers=(servers, COUNT.single), load=(load, NOT_NEGATIVE.single))
    n = np.arange(1, int(c) + 1)
    peak = min(int(c), int(a))
    fewer, more = np.cumprod(n[:peak][::-1] / a)[::-1], np.cumprod(a / n[peak:])
    weight = np.concatenate([fewer, [1.0], more])
    if line == "infinite":
        _require_room(c, a)
        weight[-1] *= c / (c - a)
    return np.asarray(weight / weight.sum())


def wait_mean(servers: ArrayLike, load: ArrayLike, mean_service: ArrayLike) -> F64:
    """Return the mean wait of all calls, delayed or not: M/M/c.

    Parameters
    ----------
    servers
        Number of servers, whole, >= 1; any shape.
    load
        Offered load in erlangs, >= 0 and below `servers`; broadcast.
    mean_service
        Mean service time, > 0, in the unit wanted of the wait; broadcast.

    Raises
    ------
    QinwuError
        A number is out of range, or the shapes do not go together.
    UnstableError
        The load of any element is not below its servers.

    Examples
    --------
    >>> wait_mean([3, 10], [1.5, 8.0], 1.0).round(8)
    array([0.15789474, 0.20459008])
    """
    delayed, scale = _delay(servers, load, mean_service)
    return np.asarray(delayed * scale)


def wait_within(servers: ArrayLike, load: ArrayLike, mean_service: ArrayLike, limit: ArrayLike) -> F64:
    """Return the probability that a call waits at most `limit`: M/M/c, first come first served.

    Parameters
    ----------
    servers, load, mean_service
        As for :func:`wait_mean`.
    limit
        Longest wait, >= 0, in the unit of `mean_service`; broadcast.

    Raises
    ------
    QinwuError
        A number is out of range, or the shapes do not go together.
    UnstableError
        The load of any element is not below its servers.

    Examples
    --------
    >>> wait_within(10, 8.0, 30.0, [0.0, 15.0]).round(5)
    array([0.59082, 0.84947])
    """
    delayed, scale, limit = _delay(servers, load, mean_service, limit=(limit, NOT_NEGATIVE))
    return np.asarray(1.0 - delayed * np.exp(-limit / scale))


def wait_quantile(servers: ArrayLike, load: ArrayLike, mean_service: ArrayLike, p: ArrayLike) -> F64:
    """Return the wait that a share `p` of the calls does not exceed: M/M/c, first come first served.

    Parameters
    ----------
    servers, load, mean_service
        As for :func:`wait_mean`.
    p
        Share of the calls, at least 0 and below 1; broadcast.

    Raises
    ------
    QinwuError
        A number is out of range, or the shapes do not go together.
    UnstableError
        The load of any element is not below its servers.

    Examples
    --------
    >>> wait_quantile(10, 8.0, 30.0, [0.5, 0.9]).round(3)
    array([ 0.   , 21.135])
    """
    delayed, scale, p = _delay(servers, load, mean_service, p=(p, SHARE_BELOW_ONE))
    return np.asarray(scale * np.log(np.maximum(delayed / (1.0 - p), 1.0)))


def _delay(servers: ArrayLike, load: ArrayLike, mean_service: ArrayLike, **more: tuple[ArrayLike, Kind]) -> list[F64]:
    """Return the probability of delay, the mean wait of a delayed call (which is exponential), and what else is to be checked."""
    c, a, s, *rest = broadcast(servers=(servers, COUNT), load=(load, NOT_NEGATIVE), mean_service=(mean_service, POSITIVE), **more)
    return [erlang_c(c, a), np.asarray(s / (c - a)), *rest]


def _require_room(servers: F64, load: F64) -> None:
    """Raise :class:`UnstableError` with the first load that is not below its servers."""
    full = np.atleast_1d(load >= servers)
    if full.any():
        values = {"load": float(np.atleast_1d(load)[full][0]), "servers": int(np.atleast_1d(servers)[full][0])}
        message = N_("A load of {load} erlangs is too much for {servers} servers: the line grows without end.")
        remedy = N_("Add servers, or reduce calls or service times.")
        raise UnstableError([Finding("no-steady-state", "error", message, remedy, values=values)])
