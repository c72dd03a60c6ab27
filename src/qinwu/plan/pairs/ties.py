"""Breaking ties so that a stable pairing exists: whoever is indifferent may be told to like one more than another."""

from __future__ import annotations

import numpy as np

from qinwu.plan.effort import Running
from qinwu.plan.pairs.irving import stable_partition
from qinwu.plan.pairs.problem import I32, PairProblem

PATIENCE = 300
"""So many changes in a row without fewer odd parties end the search."""


def broken_well(problem: PairProblem, running: Running, until: float) -> I32:
    """Return strict places in which ties are broken by the cost, and anew where people stand in odd parties.

    A stable pairing of preferences with ties broken in any way is weakly stable in those with ties; whether some way leads to one
    is NP-complete to decide (Ronn 1990, *NP-complete stable matching problems*, Journal of Algorithms 11). So the lists of people
    in odd parties, who stand in the way, are shuffled within their ties, one at a time, as long as that helps.

    Parameters
    ----------
    problem
        With ties.
    running
        Seed, and time left.
    until
        Seconds since the beginning after which it stops.
    """
    rng = np.random.default_rng(running.effort.seed)
    places = problem.places()
    odd = stable_partition(places).odd()
    tired = 0
    while odd and tired < PATIENCE and running.seconds < until and not running.over:
        who = int(rng.choice([person for party in odd for person in party]))
        other = places.copy()
        other[who] = _shuffled(problem.levels[who], rng)
        again = stable_partition(other).odd()
        tired = 0 if _size(again) < _size(odd) else tired + 1
        if _size(again) <= _size(odd):
            places, odd = other, again
    return places


def _size(odd: list[list[int]]) -> tuple[int, int]:
    return len(odd), sum(map(len, odd))


def _shuffled(levels: I32, rng: np.random.Generator) -> I32:
    """Return the places on one list with its ties in a new order."""
    allowed = levels >= 0
    order = np.lexsort((rng.random(len(levels)), np.where(allowed, levels, np.iinfo(np.int32).max)))
    places = np.empty(len(levels), dtype=np.int32)
    places[order] = np.arange(len(levels), dtype=np.int32)
    return np.where(allowed, places, np.int32(-1))
