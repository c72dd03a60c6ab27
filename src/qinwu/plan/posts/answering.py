"""How crews at their posts answer calls: the closed form with crews that are busy, in every season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.plan.posts.problem import F64, I64, SitingProblem
from qinwu.queueing.cube import hypercube, preference_lists
from qinwu.queueing.erlang import wait_mean
from qinwu.queueing.numbers import UnstableError

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Work:
    """What calls ask of crews: (J,) journeys of crews a second from each atom, and mean seconds each is busy on scene and after."""

    rate: F64
    service_s: float

    @property
    def load(self) -> float:
        """Crews busy on average, travel left out."""
        return float(self.rate.sum() * self.service_s)


@dataclass(frozen=True, slots=True)
class Answered:
    """How calls are answered.

    Parameters
    ----------
    response_s
        Mean seconds from dispatch to the arrival of a crew, waits for a free crew included; inf where crews cannot keep up.
    travel_s, wait_s
        Its two parts.
    within
        Share of journeys that found a free crew and take no longer than the limit.
    by_atom
        (J,) mean seconds of travel to each atom.
    workload
        (K,) share of time that each crew is busy.
    """

    response_s: float
    travel_s: float
    wait_s: float
    within: float
    by_atom: F64
    workload: F64


def answered(problem: SitingProblem, work: Work, bases: I64) -> Answered:
    """Return how crews at these places answer calls, over all seasons.

    The approximate hypercube (Larson 1975, Operations Research 23(5); Jarvis 1985, Management Science 31(2)): the nearest free crew
    goes, and is busy for the way and the work; calls that find none wait in one line.

    Parameters
    ----------
    problem
        Travel times, seasons and limit.
    work
        What calls ask of crews.
    bases
        (K,) the place of each crew.
    """
    parts = [_in_season(times[bases], work, problem.limit_s) for times in problem.times]
    share = problem.share
    numbers = (np.array([getattr(part, name) for part in parts]) for name in ("response_s", "travel_s", "wait_s", "within"))
    response, travel, wait, within = (float(share @ each) for each in numbers)
    by_atom = sum(each * part.by_atom for each, part in zip(share, parts, strict=True))
    workload = sum(each * part.workload for each, part in zip(share, parts, strict=True))
    return Answered(response, travel, wait, within, np.asarray(by_atom), np.asarray(workload))


def _in_season(travel: F64, work: Work, limit_s: float) -> Answered:
    crews, atoms = travel.shape
    lists, ties = preference_lists(travel)
    try:
        found = hypercube(
            work.rate,
            lists,
            np.full(crews, 1.0 / work.service_s),
            travel,
            method="approximate",
            tol=TOLERANCE,
            ties=ties,
            travel_in_service=True,
        )
    except UnstableError:
        return Answered(np.inf, np.inf, np.inf, 0.0, np.full(atoms, np.inf), np.ones(crews))
    within = float(found.undelayed_share[travel <= limit_s].sum())
    total = found.mean_travel + found.mean_wait
    by_atom = np.where(np.isnan(found.travel_by_atom), travel.min(axis=0), found.travel_by_atom)
    return Answered(total, found.mean_travel, found.mean_wait, within, by_atom, found.workload)


def least_wait(problem: SitingProblem, work: Work) -> float:
    """Return seconds below which the mean wait for a free crew cannot be, wherever crews stand; inf where they cannot keep up.

    The wait of M/M/c with journeys as short as the shortest of all.
    """
    busy_s = work.service_s + float(problem.rows.min())
    load = float(work.rate.sum()) * busy_s
    return float(wait_mean(problem.crews, load, busy_s)) if load < problem.crews else np.inf
