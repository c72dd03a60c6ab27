"""The exact hypercube (Larson 1974, Computers & Operations Research 1(1)): all 2^N states, no transition matrix.

Coefficients come from subset sums of the preference lists, states are solved for by over-relaxed sweeps over their even and odd
halves, dispatch fractions come from superset sums of the states.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from qinwu.duty.response_plan import F64
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.queueing.cube import kernels
from qinwu.queueing.cube.approximate import not_converged, rounds
from qinwu.queueing.cube.problem import Problem
from qinwu.queueing.cube.result import HypercubeResult, freed_share, travel_times
from qinwu.queueing.cube.terms import Terms, make_terms

FEWEST_CREWS = 4
"""Smaller hypercubes get crews that never go: the sweep works on eight states at a time."""
MOST_CREWS = 28
DOUBLE_UP_TO = 25
"""Beyond so many crews coefficients are kept in single precision, which leaves errors of 1e-7 in the workloads."""
TILE_BITS = 10
MOST_SWEEPS = 5_000
GUESSES = 20
SMALLEST_TOLERANCE = 1e-13


@dataclass(frozen=True, slots=True)
class Steady:
    """Probabilities of the (2^N,) states of the chain without a line, sweeps made, and imbalance left."""

    states: F64
    sweeps: int
    residual: float


def solve_exactly(problem: Problem, tol: float) -> HypercubeResult:
    """Return the exact steady state; see :func:`qinwu.queueing.cube.hypercube`.

    Raises
    ------
    QinwuError
        Too many crews, partial lists with an infinite line, or no convergence.
    """
    _check(problem)
    terms = make_terms(problem)
    steady = _steady(problem, terms, tol)
    line = _waiting(problem, float(steady.states[-1]))
    queue, states = line / (1.0 + line), steady.states / (1.0 + line)
    p_full = float(states[-1]) + queue
    p_delay = p_full if problem.line == "infinite" else 0.0
    part = problem.rates / problem.total
    busy_all = states.copy()
    kernels.superset_sums(busy_all, problem.crews)
    found = kernels.sent(busy_all, terms.crew, terms.busy, terms.weight, terms.atom, problem.crews, len(part))
    p_lost = 0.0 if problem.line == "infinite" else float(part @ busy_all[terms.listed])
    workload = busy_all[1 << np.arange(problem.crews)] + queue
    undelayed = found * part / (1.0 - p_lost)
    states[-1] += queue
    late = np.repeat(p_delay * freed_share(problem)[:, None], len(part), axis=1)
    mean_travel, by_atom, by_crew = travel_times(problem, part, found, late)
    return HypercubeResult(
        workload=workload,
        dispatch_share=undelayed + late * part,
        undelayed_share=undelayed,
        p_delay=p_delay,
        p_full=p_full,
        p_lost=p_lost,
        mean_wait=p_delay / (problem.service_rates.sum() - problem.total) if problem.line == "infinite" else 0.0,
        mean_travel=mean_travel,
        travel_by_atom=by_atom,
        travel_by_crew=by_crew,
        service_rates=problem.service_rates,
        method="exact",
        line=problem.line,
        iterations=steady.sweeps,
        residual=steady.residual,
        states=states,
    )


def _check(problem: Problem) -> None:
    """Refuse what the exact model cannot hold."""
    if problem.crews > MOST_CREWS:
        raise QinwuError([too_many_crews(problem.crews)])
    if problem.line == "infinite" and problem.partial:
        atom = int(np.flatnonzero((problem.preferences == -1).any(axis=1) & (problem.rates > 0.0))[0])
        raise QinwuError([partial_list_waits(atom)])


def _waiting(problem: Problem, p_full: float) -> float:
    """Return the weight of all states with waiting calls, those without weighing 1: a birth-death chain behind the full house."""
    if problem.line == "zero":
        return 0.0
    ratio = problem.total / float(problem.service_rates.sum())
    return p_full * ratio / (1.0 - ratio)


def _steady(problem: Problem, terms: Terms, tol: float) -> Steady:
    """Solve the balance equations of the chain without a line."""
    rates = np.append(problem.service_rates, np.ones(max(0, FEWEST_CREWS - problem.crews)))
    crews = len(rates)
    tile_bits = min(TILE_BITS, crews - 1)
    starts = kernels.tile_starts(crews, tile_bits)
    streams = _coefficients(problem, terms, rates, tile_bits, starts)
    refused = _refused(problem, terms, crews)
    staying = [kernels.staying_times(rates, problem.total, refused, parity) for parity in (0, 1)]
    halves = _first_guess(problem, rates)
    pace = _Pace.of(problem)
    for sweeps in range(1, MOST_SWEEPS + 1):
        change = 0.0
        for parity in (0, 1):
            mine, other = halves[parity], halves[1 - parity]
            change += kernels.sweep(mine, other, streams[parity], staying[parity], rates, tile_bits, starts, pace.relaxation)
        whole = abs(float(halves[0].sum() + halves[1].sum()))
        if pace.near_enough(change, whole, tol):
            del streams, staying
            states = kernels.joined(*halves)[: 1 << problem.crews]
            states = np.maximum(states / states.sum(), 0.0)
            return Steady(states, sweeps, change / whole)
    raise QinwuError([not_converged(MOST_SWEEPS, change / whole)])


def _coefficients(
    problem: Problem, terms: Terms, rates: F64, tile_bits: int, starts: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[kernels.Coefficients, kernels.Coefficients]:
    """Return the coefficients of both halves in the order in which a sweep reads them."""
    crews = len(rates)
    kind = np.float64 if crews <= DOUBLE_UP_TO else np.float32
    streams = np.empty(starts[-1], kind), np.empty(starts[-1], kind)
    table = np.empty(1 << (crews - 1))
    rate = problem.rates[terms.atom] * terms.weight
    bounds = np.searchsorted(terms.crew, np.arange(crews + 1))
    for crew in range(crews):
        kernels.arrivals_to(crew, terms.busy, rate, bounds[crew], bounds[crew + 1], table, crews)
        for parity in (0, 1):
            kernels.lay_out(crew, table, rates[crew], parity, tile_bits, starts, streams[parity])
    return streams


def _refused(problem: Problem, terms: Terms, crews: int) -> F64:
    """Return (2^N,) the rate of calls that find nobody of their list free, by state; empty where only a full house refuses."""
    if not problem.partial and crews == problem.crews:
        return np.empty(0)
    refused = np.zeros(1 << crews)
    np.add.at(refused, terms.listed, problem.rates)
    kernels.subset_sums(refused, crews)
    return refused


def _first_guess(problem: Problem, rates: F64) -> tuple[F64, F64]:
    """Start from independent crews with approximate workloads, and the number busy of equal crews."""
    crews = len(rates)
    near = next(now for number, now in enumerate(rounds(problem)) if now.change < 1e-4 or number == GUESSES)
    workload = np.clip(near.workload, 1e-6, 1.0 - 1e-6)
    odds = np.append(workload / (1.0 - workload), np.full(crews - problem.crews, 1e-12))
    load = problem.total / float(problem.service_rates.mean())
    logs = np.cumsum(np.append(0.0, np.log(load / np.arange(1, problem.crews + 1))))
    layer = np.append(np.exp(logs - logs.max()), np.full(crews - problem.crews, 1e-12))
    halves: tuple[F64, F64] = kernels.first_guess(odds, layer / layer.sum(), crews)
    return halves


@dataclass
class _Pace:
    """How strongly to over-relax, learnt while sweeping (Hageman & Young 1981, Applied Iterative Methods, ch. 9).

    Theory holds for real eigenvalues; with very different service rates some are complex and too much over-relaxation diverges.
    Whenever changes grow, half of it is taken back for good: without any the sweeps always converge.
    """

    relaxation: float
    most: float = 1.97
    changes: list[float] = field(default_factory=list)
    settled: int = 0

    SPAN = 3
    CAUTION = 16.0
    ROUNDING = 2e-15

    @classmethod
    def of(cls, problem: Problem) -> _Pace:
        """Start a little below the best for crews whose workloads even out at one and a half times the slowest service rate."""
        leaving = 2.0 * min(problem.total, 0.9 * float(problem.service_rates.sum()))
        radius = max(0.0, 1.0 - 1.6 * float(problem.service_rates.min()) / leaving)
        return cls(min(best_relaxation(radius * radius), 1.5))

    def near_enough(self, change: float, whole: float, tol: float) -> bool:
        """Take note of the change of one sweep; return whether the error left is below `tol` of the `whole`, or mere rounding.

        Sweeps do not keep the sum of all states: from a first guess far off it may end anywhere.
        """
        self.changes.append(change)
        self.settled += 1
        if change <= self.ROUNDING * whole:
            return True
        if self.settled <= self.SPAN + 1:
            return False
        factor = (change / self.changes[-1 - self.SPAN]) ** (1.0 / self.SPAN)
        self._adapt(factor)
        slowest = min(max(factor, change / self.changes[-2], self.relaxation - 1.0), 0.9999)
        left: float = self.CAUTION * change * slowest / (1.0 - slowest)
        return left <= tol * whole

    def _adapt(self, factor: float) -> None:
        """Relax more where changes shrink more slowly than the best relaxation lets them, less where they grow."""
        over = self.relaxation - 1.0
        better = self.relaxation
        if factor >= 1.0:
            better = self.most = 1.0 + over / 2.0
        elif factor > over + 0.06:
            squared = (factor + over) ** 2 / (factor * self.relaxation**2)
            better = min(best_relaxation(min(squared, 0.99999)), self.most)
        if abs(better - self.relaxation) > 0.01:
            self.relaxation, self.settled = better, 0


def best_relaxation(squared_radius: float) -> float:
    """Return the best over-relaxation for this squared spectral radius of the Jacobi iteration (Young 1971, eq. 6-2.9).

    >>> best_relaxation(0.0)
    1.0
    """
    return 2.0 / (1.0 + float(np.sqrt(max(0.0, 1.0 - squared_radius))))


def too_many_crews(crews: int) -> Finding:
    """Return the finding for more crews than states fit into memory."""
    return Finding(
        "too-many-crews-for-exact",
        "error",
        N_("{crews} crews have 2^{crews} states; the exact hypercube takes at most {most}."),
        N_("Use method='approximate'."),
        values={"crews": crews, "most": MOST_CREWS},
    )


def partial_list_waits(atom: int) -> Finding:
    """Return the finding for a call that would wait while crews that may not serve it are free."""
    return Finding(
        "partial-list-waits",
        "error",
        N_("The list of atom {atom} leaves out crews: its calls would wait while those are free, and states do not tell."),
        N_("Use line='zero', complete the list (completed_lists), or use method='approximate'."),
        values={"atom": atom},
    )
