"""The hypercube queueing model: crews that answer calls from atoms by preference lists, exact and approximate."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qinwu.duty.response_plan import I64
from qinwu.findings import QinwuError
from qinwu.queueing.cube.approximate import approximate, not_converged
from qinwu.queueing.cube.exact import SMALLEST_TOLERANCE, solve_exactly
from qinwu.queueing.cube.pairs import solve_with_pairs
from qinwu.queueing.cube.problem import NOBODY, Flags, Method, Problem, make_problem, not_one_of, out_of_range
from qinwu.queueing.cube.result import HypercubeResult, PairCalls
from qinwu.queueing.erlang import Line

__all__ = ["HypercubeResult", "PairCalls", "completed_lists", "hypercube", "preference_lists"]

MOST_CALIBRATIONS = 200


def hypercube(
    rates: ArrayLike,
    preferences: ArrayLike,
    service_rates: ArrayLike,
    travel: ArrayLike | None = None,
    line: Line = "infinite",
    method: Method = "exact",
    tol: float = 1e-9,
    *,
    ties: ArrayLike | None = None,
    between: ArrayLike | None = None,
    pair_rates: ArrayLike | None = None,
    travel_in_service: bool = False,
) -> HypercubeResult:
    """Return the steady state of N crews that answer calls from J atoms by preference lists.

    A call from atom j goes to the first crew of its list that is free. Service takes an exponential time, whoever comes; states are
    the sets of busy crews.

    Parameters
    ----------
    rates
        (J,) calls per unit of time (Poisson), >= 0.
    preferences
        (J, N) crew indices, best first, -1 at the end of lists that leave crews out. Such calls are lost while all listed crews are
        busy (``zero``), or wait for one of them (``infinite``, approximate only).
    service_rates
        (N,) calls that each busy crew finishes per unit of time, > 0.
    travel
        (N, J) mean travel time of a free crew to an atom, in the same unit of time, >= 0; without it there are no travel figures.
    line
        ``infinite``: calls that find nobody wait, first come first served; ``zero``: others serve them.
    method
        ``exact``: all 2^N states, up to 28 crews. ``approximate``: any number of crews; against exact solutions the mean error is
        0.2-2.4 % of workloads and 1-4 % of mean travel; for lists that leave crews out, up to 5 % of workloads
        (``benchmarks/hypercube.py``).
    tol
        Largest error: exact, summed over all states; approximate, of the last round's workloads. 1e-13 to 0.1.
    ties
        (J, N) True where a crew is as good as the one before it in the list; the free ones among equals go equally often.
    between
        (J, J) travel time between atoms, for waiting calls, whose crew comes straight from another call (Larson's T_Q).
    pair_rates
        (J,) calls for two crews, besides `rates`; zero line only (Chelst & Barlach 1981).
    travel_in_service
        Count travel into the time a crew is busy: `service_rates` then are those of the work on scene, and each crew's mean travel
        is added until both agree (Larson's mean-service-time calibration). Needs `travel`.

    Raises
    ------
    QinwuError
        With everything that is wrong with the input, naming atoms and crews by number; or no convergence, with the residual.
    UnstableError
        More calls than can be finished with an infinite line, travel included where asked for.

    References
    ----------
    Larson 1974, A hypercube queueing model for facility location and redistricting in urban emergency services, Computers &
    Operations Research 1(1). Larson & Odoni 1981, Urban Operations Research, ch. 5. Larson 1975, Operations Research 23(5). Jarvis
    1985, Management Science 31(2). Chelst & Barlach 1981, Management Science 27(12).

    Examples
    --------
    The three-server city of Larson & Odoni (1981, section 5.4.3):

    >>> city = hypercube([0.5, 0.25, 0.35, 0.4], [[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]], [1.0, 1.0, 1.0])
    >>> city.workload.round(4).tolist()
    [0.5574, 0.4734, 0.4693]
    >>> round(city.inter_beat_share([0, 0, 1, 2]), 4)
    0.4353
    """
    idle = pair_rates is not None
    problem = make_problem(rates, preferences, service_rates, travel, between, ties, line, may_be_idle=idle)
    if not SMALLEST_TOLERANCE <= tol <= 0.1:
        raise QinwuError([out_of_range("tol", "hypercube", tol, f"{SMALLEST_TOLERANCE:g}-0.1")])
    if method not in ("exact", "approximate") or (pair_rates is not None and method != "exact"):
        raise QinwuError([not_one_of("method", method, "exact" if pair_rates is not None else "exact, approximate")])
    if travel_in_service:
        return _calibrated(problem, method, tol, pair_rates)
    return _solved(problem, method, tol, pair_rates)


def _solved(problem: Problem, method: Method, tol: float, pair_rates: ArrayLike | None) -> HypercubeResult:
    if pair_rates is not None:
        return solve_with_pairs(problem, pair_rates, tol)
    return solve_exactly(problem, tol) if method == "exact" else approximate(problem, tol)


def _calibrated(problem: Problem, method: Method, tol: float, pair_rates: ArrayLike | None) -> HypercubeResult:
    """Add each crew's mean travel to its service until both agree (Larson & Odoni 1981, section 5.4.5).

    Raises
    ------
    UnstableError
        Travel grows with the load until nothing is left: the fixed point does not exist.
    """
    if problem.travel is None:
        raise QinwuError([not_one_of("travel_in_service", "True", "False (there is no travel)")])
    on_scene = 1.0 / problem.service_rates
    spent = np.zeros(problem.crews)  # from below: more travel than at the fixed point would look like an overload
    for _round in range(MOST_CALIBRATIONS):
        now = make_problem(
            problem.rates,
            problem.preferences,
            1.0 / (on_scene + spent),
            problem.travel,
            problem.between,
            problem.ties,
            problem.line,
            may_be_idle=pair_rates is not None,
        )
        result = _solved(now, method, min(tol, 1e-6), pair_rates)
        again = np.where(np.isnan(result.travel_by_crew), spent, result.travel_by_crew)
        change = float(np.abs(again - spent).max() / (on_scene + spent).max())
        if change <= max(tol, 1e-10):
            return result
        spent = again
    raise QinwuError([not_converged(MOST_CALIBRATIONS, change)])


def preference_lists(travel: ArrayLike, tolerance: float = 1e-9) -> tuple[I64, Flags]:
    """Return preference lists by least travel time, and which crews are as near as the one before.

    Parameters
    ----------
    travel
        (N, J) mean travel time of each crew to each atom; infinite where a crew never goes.
    tolerance
        Times that differ by no more than this are equal, in the unit of `travel`, >= 0.

    Returns
    -------
    tuple
        (J, N) preferences and ties, as :func:`hypercube` takes them.

    Examples
    --------
    >>> lists, ties = preference_lists([[5.0, 1.0], [5.0, 2.0]])
    >>> lists.tolist(), ties.tolist()
    ([[0, 1], [0, 1]], [[False, True], [False, False]])
    """
    times = np.asarray(travel, dtype=np.float64).T
    order = np.argsort(times, axis=1, kind="stable")
    sorted_times = np.take_along_axis(times, order, axis=1)
    going = np.isfinite(sorted_times)
    known = np.where(going, sorted_times, np.finfo(float).max)
    near = np.diff(known, axis=1, prepend=-np.inf) <= tolerance if times.size else going
    return np.where(going, order, NOBODY), near & going


def completed_lists(preferences: ArrayLike, crews: int, ties: ArrayLike | None = None) -> tuple[I64, Flags]:
    """Return lists in which everybody who was left out follows at the end, all equally good, and the ties.

    Parameters
    ----------
    preferences
        (J, <=N) crew indices, best first, -1 at the end of short lists.
    crews
        How many crews there are, >= 1.
    ties
        Like `preferences`, True where a crew is as good as the one before; none by default.

    Examples
    --------
    >>> lists, tied = completed_lists([[2, -1]], 3)
    >>> lists.tolist(), tied.tolist()
    ([[2, 0, 1]], [[False, False, True]])
    """
    given = np.asarray(preferences, dtype=np.int64)
    old = np.zeros(given.shape, dtype=bool) if ties is None else np.asarray(ties, dtype=bool)
    lists, tied = np.empty((len(given), crews), dtype=np.int64), np.zeros((len(given), crews), dtype=bool)
    for atom, row in enumerate(given):
        named = row[row != NOBODY]
        rest = np.setdiff1d(np.arange(crews), named)
        lists[atom] = np.append(named, rest)
        tied[atom, : len(named)] = old[atom, : len(named)]
        tied[atom, len(named) + 1 :] = True
    return lists, tied
