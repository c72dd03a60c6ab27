"""The hypercube with calls that take two crews at once (Chelst & Barlach 1981, Management Science 27(12)).

A call for two takes the first two free crews of its list, which then serve independently. Where only one is free it goes alone;
what finds nobody is served by others (zero line). Transitions flip one or two bits, so the halves of the plain hypercube no longer
help: states are swept in numeric order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qinwu.duty.response_plan import F64
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.queueing.cube import kernels
from qinwu.queueing.cube.approximate import make_lists, not_converged
from qinwu.queueing.cube.problem import Problem, out_of_range, shape
from qinwu.queueing.cube.result import HypercubeResult, PairCalls, travel_times

MOST_CREWS = 20
MOST_SWEEPS = 20_000


def solve_with_pairs(problem: Problem, pair_rates: ArrayLike, tol: float) -> HypercubeResult:
    """Return the exact steady state where ``problem.rates`` are calls for one crew and `pair_rates` (J,) calls for two.

    Dispatch shares are of all crews sent; `travel` figures too.

    Raises
    ------
    QinwuError
        Rates of the wrong shape or sign, ties, an infinite line, too many crews, or no convergence.
    """
    double = np.array(pair_rates, dtype=np.float64)
    wrong = list(_wrong(problem, double))
    if wrong:
        raise QinwuError(wrong)
    lists = make_lists(problem)
    states, sweeps, residual = _steady(problem, double, lists.start, lists.order, tol)
    first, pair, alone = kernels.sent_with_pairs(states, problem.crews, lists.start, lists.order)
    second = pair.sum(axis=0)
    sent = (problem.rates + double) * first + double * second
    undelayed = sent / sent.sum()
    busy_all = states.copy()
    kernels.superset_sums(busy_all, problem.crews)
    lost = float((problem.rates + double) @ (1.0 - first.sum(axis=0)) / (problem.rates + double).sum())
    calls = problem.rates + double
    part = np.where(calls > 0.0, calls, 0.0) / calls.sum()
    each = np.divide(sent, calls, out=first.copy(), where=calls > 0.0)
    mean_travel, by_atom, by_crew = travel_times(problem, part, each, np.zeros_like(each))
    return HypercubeResult(
        workload=busy_all[1 << np.arange(problem.crews)],
        dispatch_share=undelayed,
        undelayed_share=undelayed,
        p_delay=0.0,
        p_full=float(states[-1]),
        p_lost=lost,
        mean_wait=0.0,
        mean_travel=mean_travel,
        travel_by_atom=by_atom,
        travel_by_crew=by_crew,
        service_rates=problem.service_rates,
        method="exact",
        line="zero",
        iterations=sweeps,
        residual=residual,
        states=states,
        pairs=_pair_calls(problem, double, first, pair, alone),
    )


def _steady(
    problem: Problem,
    double: F64,
    start: np.ndarray[tuple[int], np.dtype[np.int64]],
    order: np.ndarray[tuple[int], np.dtype[np.int64]],
    tol: float,
) -> tuple[F64, int, float]:
    """Return the (2^N,) states, sweeps made, and the change of the last one."""
    states = np.full(1 << problem.crews, 0.5**problem.crews)
    inflow = np.empty_like(states)
    previous = np.inf
    for sweeps in range(1, MOST_SWEEPS + 1):
        change = kernels.sweep_with_pairs(states, problem.service_rates, start, order, problem.rates, double, inflow)
        factor = min(change / previous, 0.9999)
        if change == 0.0 or (sweeps > 1 and change * factor / (1.0 - factor) <= tol):
            return states, sweeps, change
        previous = change
    raise QinwuError([not_converged(MOST_SWEEPS, change)])


def _pair_calls(problem: Problem, double: F64, first: F64, pair: F64, alone: F64) -> PairCalls:
    """Return how calls for two fare; `pair` is (N, N, J), first and second crew of the list."""
    part = double / max(float(double.sum()), 1e-300)
    some = float(part @ first.sum(axis=0))
    both = part * pair
    sooner = later = float("nan")
    if problem.travel is not None and both.sum() > 0.0:
        one, two = problem.travel[:, None, :], problem.travel[None, :, :]
        sooner = float((both * np.minimum(one, two)).sum() / both.sum())
        later = float((both * np.maximum(one, two)).sum() / both.sum())
    involved = part * (first + pair.sum(axis=0))
    return PairCalls(float(part @ alone), 1.0 - some, sooner, later, involved / max(some, 1e-300))


def _wrong(problem: Problem, double: F64) -> list[Finding]:
    if double.shape != problem.rates.shape:
        return [shape("pair_rates", double.shape, problem.rates.shape)]
    wrong = [
        out_of_range("pair_rates", f"atom {atom}", double[atom], ">= 0")
        for atom in np.flatnonzero(~(np.isfinite(double) & (double >= 0.0)))
    ]
    if problem.crews > MOST_CREWS or problem.ties.any() or problem.line != "zero":
        wrong.append(pairs_need())
    return wrong


def pairs_need() -> Finding:
    """Return the finding for calls for two crews where the model does not hold."""
    return Finding(
        "pairs-need-zero-line",
        "error",
        N_("Calls for two crews are solved without a line, without ties, and for at most {most} crews."),
        N_("Use line='zero' and order the lists; for waiting calls see multi_officer."),
        values={"most": MOST_CREWS},
    )
