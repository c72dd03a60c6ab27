"""Calls that need several officers at once (两人以上处警): the head of the line waits until all it needs are free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from qinwu.duty.response_plan import F64
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.queueing.in_service import InService
from qinwu.queueing.numbers import COUNT, NOT_NEGATIVE, POSITIVE, SHARE, UnstableError, checked, one_of
from qinwu.queueing.officer_line import OfficerLine, Steady

Release = Literal["independent", "joint"]
RELEASES: tuple[Release, ...] = ("independent", "joint")


@dataclass(frozen=True, slots=True)
class MultiOfficerQueue:
    """The steady state of a queue whose calls need several officers.

    Attributes
    ----------
    mean_wait_s
        Mean wait of all calls, delayed or not, until all their officers start, seconds.
    p_delay
        Probability that a call must wait.
    utilisation
        Share of their time that officers are busy.
    mean_waiting
        Mean number of calls in line.
    busy
        (servers + 1,) probabilities that 0, 1, … officers are busy.
    wait_by_need
        (K,) mean wait of the calls that need 1, 2, … officers, seconds; NaN where no call needs so many.
    """

    mean_wait_s: float
    p_delay: float
    utilisation: float
    mean_waiting: float
    busy: F64
    wait_by_need: F64


def multi_officer(
    rate: float, need: ArrayLike, servers: int, mean_service_s: float, release: Release = "independent"
) -> MultiOfficerQueue:
    """Return the steady state where calls are served first come first served and start when all officers they need are free.

    Nobody overtakes the head of the line, though officers may be free: fewer than it needs. Exact: a quasi-birth-death chain with
    the number waiting as its level, and what is in service with the need of the head as its phase. The needs of those behind the
    head need not be known before they get there.

    Parameters
    ----------
    rate
        Calls per second, >= 0.
    need
        (K,) probabilities that a call needs 1, 2, … K officers; they sum to 1.
    servers
        Number of officers, >= 1, and no fewer than any call needs.
    mean_service_s
        Mean time on a call, seconds, > 0; exponential.
    release
        ``independent``: each officer leaves after an exponential time of its own. ``joint``: all officers of a call leave together.

    Raises
    ------
    QinwuError
        A number or word is out of range, a call needs more officers than there are, or the chain has too many states (joint release
        of many officers with many needs).
    UnstableError
        Calls come at least as fast as the line can start them; the finding says how fast that is.

    References
    ----------
    Green 1980, A queueing system in which customers require a random number of servers, Opns Res. 28(6): 1335-1346 (independent
    release); the matrix-geometric solution as in Opns Res. 39(4), 1991: 633.

    Examples
    --------
    Two officers, half of the calls for both of them: the mean wait is 23/6 service times, and 23 calls of 30 wait.

    >>> queue = multi_officer(0.8, [0.5, 0.5], 2, 1.0)
    >>> round(6 * queue.mean_wait_s, 9), round(30 * queue.p_delay, 9), round(queue.utilisation, 9)
    (23.0, 23.0, 0.6)
    """
    one_of(RELEASES, release=release)
    share, arrivals, c, service = checked(
        need=(need, SHARE.row),
        rate=(rate, NOT_NEGATIVE.single),
        servers=(servers, COUNT.single),
        mean_service_s=(mean_service_s, POSITIVE.single),
    )
    _check_need(share, int(c))
    sizes = np.flatnonzero(share) + 1
    load = float(arrivals * service)
    line = OfficerLine.of(InService.of(int(c), sizes, release == "joint"), sizes, share[sizes - 1], load)
    capacity = line.capacity()
    if load >= capacity:
        raise UnstableError([_too_fast(float(arrivals), capacity / float(service))])
    return _measured(line, line.steady(), share, float(service))


def _measured(line: OfficerLine, steady: Steady, share: F64, service: float) -> MultiOfficerQueue:
    """Return what the steady state of the line says in seconds; Little's law turns calls in line into waits."""
    servers = int(line.work.free[0])
    heads = np.bincount(line.head, steady.line * line.waits, len(line.sizes))
    waiting = float(steady.in_line @ line.waits)
    calls = line.load or 1.0  # nobody waits where nobody calls
    by_need = np.full(len(share), np.nan)
    by_need[line.sizes - 1] = (waiting - heads.sum() + heads / line.share) / calls * service
    count = servers - np.concatenate([line.work.free, line.work.free[line.held]])
    busy = np.asarray(np.bincount(count, np.concatenate([steady.empty, steady.line * line.waits]), servers + 1), np.float64)
    delay = steady.line @ line.waits + steady.empty @ (line.work.start < 0) @ line.share
    return MultiOfficerQueue(
        waiting / calls * service, float(delay), float(busy @ np.arange(servers + 1) / servers), waiting, busy, by_need
    )


def _check_need(share: F64, servers: int) -> None:
    """Raise what is wrong with the needs of calls."""
    if abs(share.sum() - 1.0) > 1e-9:
        values = {"name": "need", "total": float(share.sum())}
        message, remedy = N_("The probabilities {name} sum to {total}."), N_("Let them sum to 1.")
        raise QinwuError([Finding("not-shares", "error", message, remedy, values=values)])
    most = int(np.flatnonzero(share)[-1]) + 1
    if most > servers:
        message = N_("Some calls need {most} officers, and there are {servers}: they would wait for ever.")
        remedy = N_("Add officers, or let these calls need fewer.")
        raise QinwuError([Finding("need-above-servers", "error", message, remedy, values={"most": most, "servers": servers})])


def _too_fast(rate: float, capacity: float) -> Finding:
    message = N_("Calls come at {rate} per second, and at most {capacity} can be started: the line grows without end.")
    remedy = N_("Add officers, or reduce calls, officers per call or service times.")
    return Finding("no-steady-state", "error", message, remedy, values={"rate": rate, "capacity": float(f"{capacity:.6g}")})
