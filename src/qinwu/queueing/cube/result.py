"""What a hypercube answers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from qinwu.duty.response_plan import F64
from qinwu.findings import QinwuError
from qinwu.queueing.cube.problem import NOBODY, Method, Problem, shape
from qinwu.queueing.erlang import Line


@dataclass(frozen=True, slots=True)
class PairCalls:
    """How calls that need two crews fare (Chelst & Barlach 1981).

    Parameters
    ----------
    p_one_only
        Share of them that found one crew free only, and got that one, in [0, 1].
    p_none
        Share that found nobody, in [0, 1].
    first_travel, second_travel
        Mean travel time of the crew that arrives first and second, of calls that got two; nan without travel times.
    dispatch_share
        (N, J) which part of all pair calls that got at least one crew involves crew n at atom j; sums to the mean number of crews.
    """

    p_one_only: float
    p_none: float
    first_travel: float
    second_travel: float
    dispatch_share: F64


@dataclass(frozen=True, slots=True)
class HypercubeResult:
    """The steady state of crews that answer calls from atoms by preference lists.

    Parameters
    ----------
    workload
        (N,) fraction of time that each crew is busy, in [0, 1].
    dispatch_share
        (N, J) fraction of all served calls that are crew n going to atom j; sums to 1.
    undelayed_share
        (N, J) the part of it that found its crew at once.
    p_delay
        Probability that a call waits, in [0, 1]; 0 without a line.
    p_full
        Probability that all crews are busy, in [0, 1].
    p_lost
        Share of calls that nobody of their list was free for and others must serve, in [0, 1]; 0 with an infinite line.
    mean_wait
        Mean wait of all calls for a crew, in the unit of one over the rates.
    mean_travel
        Mean travel time of all served calls; nan without travel times.
    travel_by_atom
        (J,) of calls by atom; nan without travel times.
    travel_by_crew
        (N,) of calls by the crew that goes; nan without travel times, and for crews that never go.
    service_rates
        (N,) the service rates used, after calibration where it was asked for.
    method, line
        How it was computed, and what happens to calls that find nobody.
    iterations
        Sweeps over all states, or rounds of the approximation.
    residual
        Exact: sum over all states of the imbalance relative to the rate of leaving, at the last sweep. Approximate: largest change
        of a workload in the last round.
    states
        (2^N,) probability of each set of busy crews (bit n for crew n), all waiting calls included in the last; exact only.
    pairs
        Calls for two crews, where there are any.
    """

    workload: F64
    dispatch_share: F64
    undelayed_share: F64
    p_delay: float
    p_full: float
    p_lost: float
    mean_wait: float
    mean_travel: float
    travel_by_atom: F64
    travel_by_crew: F64
    service_rates: F64
    method: Method
    line: Line
    iterations: int
    residual: float
    states: F64 | None = field(default=None, repr=False)
    pairs: PairCalls | None = None

    def inter_beat_share(self, owner: ArrayLike) -> float:
        """Return the fraction of served calls that a crew answers outside its own beat (Larson & Odoni 1981, eq. 5.38).

        Parameters
        ----------
        owner
            (J,) the crew in whose beat each atom lies; -1 where it lies in nobody's, which counts as outside.

        Raises
        ------
        QinwuError
            `owner` has not one entry for each atom.
        """
        crew = np.asarray(owner, dtype=np.int64)
        if crew.shape != self.travel_by_atom.shape:
            raise QinwuError([shape("owner", crew.shape, self.travel_by_atom.shape)])
        inside = np.flatnonzero((crew >= 0) & (crew < len(self.workload)))
        return float(1.0 - self.dispatch_share[crew[inside], inside].sum())


def travel_times(problem: Problem, part: F64, found: F64, late: F64) -> tuple[float, F64, F64]:
    """Return mean travel of all calls, (J,) by atom and (N,) by crew (Larson & Odoni 1981, eq. 5.41-5.44).

    Parameters
    ----------
    problem
        Whose travel times and lists hold.
    part
        (J,) share of each atom in the calls.
    found, late
        (N, J) the chance that a call from an atom is given to a crew at once, and after a wait. Then the crew comes straight from
        another of its calls; without times between atoms it counts as coming from where it is when free.
    """
    atoms, crews = len(part), problem.crews
    if problem.travel is None:
        return float("nan"), np.full(atoms, np.nan), np.full(crews, np.nan)
    spent = found * problem.travel + late * _late_travel(problem, problem.travel, part)
    gone = found + late
    by_atom = np.divide(spent.sum(axis=0), gone.sum(axis=0), out=np.full(atoms, np.nan), where=gone.sum(axis=0) > 0.0)
    by_crew = np.divide(spent @ part, gone @ part, out=np.full(crews, np.nan), where=gone @ part > 0.0)
    return float((spent @ part).sum() / (gone @ part).sum()), by_atom, by_crew


def _late_travel(problem: Problem, travel: F64, part: F64) -> F64:
    """Return (N, J) the way to an atom of a crew that comes from a call: from atoms on whose lists it stands, by their calls."""
    if problem.between is None:
        return travel
    origin = on_list(problem) * part
    way: F64 = origin @ problem.between / np.maximum(origin.sum(axis=1, keepdims=True), 1e-300)
    return way


def on_list(problem: Problem) -> F64:
    """Return (N, J) 1 where a crew stands on the list of an atom."""
    listed = np.zeros((problem.crews, len(problem.rates)))
    atom, place = np.nonzero(problem.preferences != NOBODY)
    listed[problem.preferences[atom, place], atom] = 1.0
    return listed


def freed_share(problem: Problem) -> F64:
    """Return (N,) how often each crew is the next to become free when all are busy, and so takes the first waiting call."""
    share: F64 = problem.service_rates / problem.service_rates.sum()
    return share
