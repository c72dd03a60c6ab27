"""Reserves (留备勤): less urgent calls wait as soon as so many officers are busy, so that the rest stay free for urgent ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qinwu.duty.response_plan import F64, I64
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.queueing.numbers import COUNT, NOT_NEGATIVE, POSITIVE, UnstableError, checked


@dataclass(frozen=True, slots=True)
class CutoffQueue:
    """The steady state of a queue with cut-offs.

    Attributes
    ----------
    waits
        (P,) mean wait of each class, delayed or not, seconds.
    delayed
        (P,) probability that a call of the class is delayed.
    busy
        (servers + 1,) probabilities that 0, 1, … servers are busy.
    """

    waits: F64
    delayed: F64
    busy: F64


def cutoff_waits(rates: ArrayLike, cutoffs: ArrayLike, mean_service_s: float) -> CutoffQueue:
    """Return waits and busy servers where a call of class i starts only while fewer than ``cutoffs[i]`` servers are busy.

    A waiting call of class i starts the moment fewer than ``cutoffs[i]`` are busy and nobody more urgent waits; inside a class,
    first come first served; no call is interrupted. With all cut-offs at the number of servers this is Cobham's queue
    (:func:`qinwu.queueing.priorities.priority_waits`).

    Exact, by descent from all busy. G_b is the time at b busy until the next completion there, excursions to more than b included;
    D_b the time from b busy down to b - 1. A call with a cut-off above b starts an excursion, of length D_(b+1): G_b is an
    exponential time (of b servers) with a Poisson number of D_(b+1) in it. A call with the cut-off b waits in line for a G_b of its
    own: D_b is a busy period of an M/G/1 queue with services G_b, and the delayed wait as in an M/G/1 queue with priorities whose
    server never rests, E[G_b²] / 2 E[G_b] / ((1 - sigma_(i-1)) (1 - sigma_i)), sigma counting the classes with this cut-off.

    Parameters
    ----------
    rates
        (P,) calls per second of each class, >= 0, most urgent first; a class without calls shows what a single one would wait.
    cutoffs
        (P,) whole, >= 1, never rising; the first is the number of servers.
    mean_service_s
        Mean service time of all classes, seconds, > 0; exponential.

    Raises
    ------
    QinwuError
        A number is out of range.
    UnstableError
        A class, which the finding names, comes faster than what its cut-off and the classes above leave for it.

    References
    ----------
    Schaack & Larson 1986, An N-server cutoff priority queue, Opns Res. 34(2): 257-266.

    Examples
    --------
    Ten crews; keeping two of them for emergencies makes these wait five times less often, and the rest five times as long.

    >>> shared, kept = (cutoff_waits([2.4, 4.0], [10, most], 1.0) for most in (10, 8))
    >>> shared.delayed.round(4), kept.delayed.round(4)
    (array([0.142, 0.142]), array([0.0257, 0.4126]))
    >>> shared.waits.round(4), kept.waits.round(4)
    (array([0.0187, 0.0519]), array([0.0034, 0.2767]))
    """
    rate, limit, (service,) = _checked(rates, cutoffs, mean_service_s)
    servers = int(limit[0])
    delay, waits = np.ones(servers + 2), np.zeros(len(rate))
    first = second = 0.0  # moments of D_(b+1)
    for b in range(servers, 0, -1):
        urgent, here = rate[limit > b].sum(), np.flatnonzero(limit == b)
        step = (1.0 + urgent * first) * service / b
        square = 2.0 * step**2 + urgent * second * service / b
        sigma = np.concatenate([[0.0], np.cumsum(rate[here]) * step])
        _require_room(here, sigma[1:])
        waits[here] = square / (2.0 * step) / ((1.0 - sigma[:-1]) * (1.0 - sigma[1:]))
        first, second = step / (1.0 - sigma[-1]), square / (1.0 - sigma[-1]) ** 3
        delay[b] = rate[limit >= b].sum() * first
    # P(b or more busy) is P(exactly b - 1) x rate upwards x E[D_b]
    share = delay[1:-1] / (1.0 + delay[1:-1])
    reached = np.concatenate([[1.0], np.cumprod(share), [0.0]])
    delayed = reached[limit]
    return CutoffQueue(waits * delayed, delayed, -np.diff(reached))


def _checked(rates: ArrayLike, cutoffs: ArrayLike, mean_service_s: float) -> tuple[F64, I64, F64]:
    """Return the arguments as arrays, the cut-offs as many as the rates and never rising."""
    given = {"rates": (rates, NOT_NEGATIVE.row), "cutoffs": (cutoffs, COUNT.row)}
    rate, limit, service = checked(**given, mean_service_s=(mean_service_s, POSITIVE.single))
    values = {"rates": len(rate), "cutoffs": len(limit)}
    if len(rate) != len(limit):
        message, remedy = N_("There are {rates} rates and {cutoffs} cut-offs."), N_("Give one cut-off for each class.")
        raise QinwuError([Finding("wrong-shape", "error", message, remedy, values=values)])
    rises = np.flatnonzero(np.diff(limit) > 0)
    if len(rises):
        k = int(rises[0])
        message = N_("Class {number} may use {more} servers, the more urgent class above it only {fewer}.")
        remedy = N_("Let cut-offs fall, or stay, from each class to the next less urgent one.")
        more = {"number": k + 2, "more": int(limit[k + 1]), "fewer": int(limit[k])}
        raise QinwuError([Finding("cutoffs-rise", "error", message, remedy, values=more)])
    return rate, limit.astype(np.int64), service.reshape(1)


def _require_room(here: I64, sigma: F64) -> None:
    """Raise :class:`UnstableError` for the first class of this cut-off that is too much."""
    full = np.flatnonzero(sigma >= 1.0)
    if len(full):
        values = {"number": int(here[full[0]]) + 1, "load": round(float(sigma[full[0]]), 3)}
        message = N_("Class {number} comes {load} times as fast as its cut-off lets it be served: its line grows without end.")
        remedy = N_("Raise its cut-off, add servers, or reduce calls or service times.")
        raise UnstableError([Finding("no-steady-state", "error", message, remedy, values=values)])
