"""The approximate hypercube: N workloads instead of 2^N states.

Larson (1975, Operations Research 23(5)) corrects the product of workloads, as if crews were independent, by a factor Q for drawing
crews without replacement from a birth-death queue. Jarvis (1985, Management Science 31(2)) lets service rates differ. Lists may be
partial: what the listed crews cannot take is lost, or waits for one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.special import gammaln

from qinwu.duty.response_plan import F64, I64
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.queueing.cube.problem import NOBODY, Problem
from qinwu.queueing.cube.result import HypercubeResult, on_list, travel_times
from qinwu.queueing.cube.spreading import spread_calls
from qinwu.queueing.erlang import busy_probabilities, erlang_b
from qinwu.queueing.numbers import UnstableError

MOST_ROUNDS = 2_000
LEAST_STEP = 0.03
FULLEST = 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class Lists:
    """Preference lists end to end: atom j prefers ``order[start[j]:start[j + 1]]``; ``tied`` 1 where as good as the one before.

    ``listed`` (N, J) is 1 where a crew stands on the list of an atom, ``complete`` (J,) 1 where all do.
    """

    start: I64
    order: I64
    tied: I64
    listed: F64
    complete: I64


def make_lists(problem: Problem) -> Lists:
    """Return the preference lists of a problem end to end."""
    named = problem.preferences != NOBODY
    return Lists(
        np.append(0, np.cumsum(named.sum(axis=1))).astype(np.int64),
        problem.preferences[named],
        problem.ties[named].astype(np.int64),
        on_list(problem),
        (named.sum(axis=1) == problem.crews).astype(np.int64),
    )


@lru_cache(maxsize=8)
def _drawn(crews: int) -> tuple[F64, F64]:
    """Return (k, n): the chance that k crews drawn of N are all busy when n are, and that the next one drawn is free."""
    number, k = np.arange(crews + 1), np.arange(crews + 1)[:, None]
    logs = gammaln(number + 1.0)
    ways = logs[number] - logs[np.maximum(number - k, 0)] + logs[crews - k] - logs[crews]
    all_busy = np.where(number >= k, np.exp(np.minimum(ways, 0.0)), 0.0)
    free = np.divide(crews - number, crews - k, out=np.zeros((crews + 1, crews + 1)), where=k < crews)
    return all_busy, all_busy * free


def correction_factors(busy: F64) -> tuple[F64, F64]:
    """Return Larson's Q(k) for k = 0..N-1, and R(k) for k = 0..N.

    Q(k) r^k (1 - r) is the probability that k crews drawn at random are busy and the next one is free, R(k) r^k that k crews are
    busy, r being the mean workload (Larson 1975, eq. 12; Jarvis 1985, eq. 4).

    Parameters
    ----------
    busy
        (N + 1,) probability of each number busy; sums to 1, neither all crews nor none always busy.

    Examples
    --------
    >>> q, _ = correction_factors(busy_probabilities(3, 1.5, "infinite"))
    >>> q.round(5).tolist()
    [1.0, 0.73684, 0.63158]
    """
    crews = len(busy) - 1
    r = float(busy @ np.arange(crews + 1)) / crews
    all_busy, next_free = _drawn(crews)
    power = np.maximum(r ** np.arange(crews + 1.0), 1e-290)
    return (next_free @ busy / (power * (1.0 - r)))[:-1], all_busy @ busy / power


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the approximation.

    ``workload`` (N,) and by how much the largest ``change`` in it was; ``share`` (N, J) who gets a call at once, ``waiting`` (N, J)
    who gets it after a wait, ``nobody`` (J,) the chance that it finds nobody; ``p_full`` that all crews are busy.
    """

    workload: F64
    change: float
    share: F64
    waiting: F64
    nobody: F64
    p_full: float


def rounds(problem: Problem) -> Iterator[Round]:
    """Yield round after round; steps are halved whenever changes grow, as they do where service rates differ widely, and recover.

    Where the work that crews carry is known, their workloads are scaled to it: without a line too, else forty crews and more run
    away to being busy all the time.
    """
    lists = make_lists(problem)
    crews, part, service = problem.crews, problem.rates / problem.total, 1.0 / problem.service_rates
    infinite, later = problem.line == "infinite", _later(problem, lists)
    mean_service, step, last = float(service.mean()), 1.0, np.inf
    workload = np.full(crews, min(problem.total * mean_service / crews, 0.99))
    share = np.zeros((crews, len(part)))
    while True:
        busy = busy_probabilities(crews, _load(problem, mean_service, workload), problem.line)
        q, r = correction_factors(busy)
        asked, nobody = spread_calls(
            workload, problem.rates, lists.start, lists.order, lists.tied, q, r, float(busy[-1]), lists.complete, share
        )
        waiting = later * nobody if infinite else np.zeros_like(later)
        flow = (share + waiting) @ part
        mean_service += step * (float(flow @ service / flow.sum()) - mean_service)
        better = service * (asked + problem.total * (waiting @ part)) / (1.0 + service * asked)
        if infinite or not problem.partial:
            better *= problem.total * float(flow @ service) / better.sum()
        change = float(np.abs(better - workload).max())
        step = max(step / 2.0, LEAST_STEP) if change > last else min(1.1 * step, 1.0)
        workload, last = np.minimum(workload + step * (better - workload), FULLEST), change
        yield Round(workload, change, share, waiting, nobody, float(busy[-1]))


def approximate(problem: Problem, tol: float) -> HypercubeResult:
    """Return the approximate steady state; see :func:`qinwu.queueing.cube.hypercube`.

    Raises
    ------
    UnstableError
        Calls that only some crews may serve are more than those can finish.
    QinwuError
        No convergence.
    """
    check_stable(problem, on_list(problem))
    for number, now in enumerate(islice(rounds(problem), MOST_ROUNDS), start=1):
        if now.change <= tol:
            return _result(problem, now, number)
    raise QinwuError([not_converged(MOST_ROUNDS, now.change)])


def _load(problem: Problem, mean_service: float, workload: F64) -> float:
    """Return the erlangs that give the number of busy crews its spread.

    With partial lists fewer calls are served than a common pool would serve: then it is the load whose carried part is what the
    crews carry.
    """
    offered = problem.total * mean_service
    if problem.line == "infinite":
        return min(offered, problem.crews * FULLEST)
    if not problem.partial:
        return offered
    lost = erlang_b(problem.crews, offered)
    return min(offered, float(workload.sum()) / (1.0 - float(lost)))


def _later(problem: Problem, lists: Lists) -> F64:
    """Return (N, J) who takes a call that waits: the listed crew that is free next."""
    rate = problem.service_rates[:, None] * lists.listed
    later: F64 = rate / np.maximum(rate.sum(axis=0), 1e-300)
    return later


def check_stable(problem: Problem, listed: F64) -> None:
    """Refuse calls that only some crews may serve and that are more than those can finish, by linear programming.

    Raises
    ------
    UnstableError
        However calls are shared out among the crews of their lists, some crew has more than it can finish.
    """
    if problem.line == "zero" or not problem.partial:
        return
    crew, atom = np.nonzero(listed)
    pairs = np.arange(len(crew))
    everybody, columns = np.arange(problem.crews), len(pairs) + 1
    work = np.append(1.0 / problem.service_rates[crew], -np.ones(problem.crews))
    most: Any = coo_array(
        (work, (np.append(crew, everybody), np.append(pairs, np.full(problem.crews, len(pairs))))), shape=(problem.crews, columns)
    )
    served: Any = coo_array((np.ones(len(pairs)), (atom, pairs)), shape=(len(problem.rates), columns))
    share_out: dict[str, Any] = {
        "c": np.append(np.zeros(len(pairs)), 1.0),
        "A_ub": most.tocsr(),
        "b_ub": np.zeros(problem.crews),
        "A_eq": served.tocsr(),
        "b_eq": problem.rates,
    }
    least: Any = linprog(method="highs", **share_out)
    if least.fun >= 1.0:
        load = np.bincount(crew, least.x[:-1] / problem.service_rates[crew])
        raise UnstableError([crew_overloaded(int(np.argmax(load)))])


def _result(problem: Problem, now: Round, number: int) -> HypercubeResult:
    """Gather the answer from the last round."""
    part = problem.rates / problem.total
    infinite = problem.line == "infinite"
    p_nobody = float(now.nobody @ part)
    p_delay, p_lost = (p_nobody, 0.0) if infinite else (0.0, p_nobody)
    undelayed = now.share * part / (1.0 - p_lost)
    mean_travel, by_atom, by_crew = travel_times(problem, part, now.share, now.waiting)
    spare = float(problem.service_rates.sum()) - problem.total
    return HypercubeResult(
        workload=now.workload,
        dispatch_share=undelayed + now.waiting * part,
        undelayed_share=undelayed,
        p_delay=p_delay,
        p_full=now.p_full,
        p_lost=p_lost,
        mean_wait=0.0 if not infinite else float("nan") if problem.partial else p_delay / spare,
        mean_travel=mean_travel,
        travel_by_atom=by_atom,
        travel_by_crew=by_crew,
        service_rates=problem.service_rates,
        method="approximate",
        line=problem.line,
        iterations=number,
        residual=now.change,
    )


def not_converged(rounds: int, residual: float) -> Finding:
    """Return the finding for an iteration that did not come to an end."""
    return Finding(
        "not-converged",
        "error",
        N_("No steady state to the asked tolerance after {rounds} rounds; the residual is {residual}."),
        N_("Ask for a larger tolerance, and check for rates of very different size."),
        values={"rounds": rounds, "residual": f"{residual:.3g}"},
    )


def crew_overloaded(crew: int) -> Finding:
    """Return the finding for calls that only some crews may serve, and cannot."""
    return Finding(
        "crew-overloaded",
        "error",
        N_("Calls that only some crews may serve keep crew {crew} busy for ever: the line grows without end."),
        N_("Let more crews serve them, or add crews."),
        values={"crew": crew},
    )
