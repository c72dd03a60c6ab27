"""Fewest blocking pairs: where no stable pairing exists, which pairs must be let down so that all others are content."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from qinwu.plan.effort import Running
from qinwu.plan.pairs.irving import Partition, stable_partition
from qinwu.plan.pairs.problem import I32, REFUSED

MOST_TRIED = 400
"""So many pairs are tried in one round at most."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Preferences from which pairs have been struck until a stable pairing exists.

    Parameters
    ----------
    places
        (n, n) what is left of them; places keep their gaps closed.
    partition
        Its stable partition, without odd parties where all went well.
    let_down
        The pairs struck: only these can block.
    least
        No pairing has fewer blocking pairs.
    """

    places: I32
    partition: Partition
    let_down: tuple[tuple[int, int], ...]
    least: int


def strike(places: I32, running: Running) -> Relaxed:
    """Strike pairs of odd parties until a stable pairing exists.

    A pairing with b blocking pairs is stable once these are struck, and each pair struck takes away at most two odd parties of
    three or more; so b is at least half their number (Abraham, Biró & Manlove 2006, *"Almost stable" matchings in the roommates
    problem*, WAOA 2005, LNCS 3879). Here the pair that takes away most is struck each time, which nearly always reaches that bound.

    Parameters
    ----------
    places
        (n, n) strict places, -1 where refused.
    running
        Time left; where it is over before a stable pairing exists, odd parties are left.
    """
    partition = stable_partition(places)
    least = ceil(len(partition.odd()) / 2)
    struck: list[tuple[int, int]] = []
    while partition.odd() and not running.over:
        places, partition, pair = _best_strike(places, partition, running)
        struck.append(pair)
    return Relaxed(places, partition, tuple(struck), least)


def _best_strike(places: I32, partition: Partition, running: Running) -> tuple[I32, Partition, tuple[int, int]]:
    """Return what striking the best pair of neighbours in an odd party leaves: the fewest odd parties, then the fewest in them."""
    parties = partition.odd()
    tried = [(one, two) for party in parties for one, two in pairwise([*party, party[0]])][:MOST_TRIED]
    best: tuple[tuple[int, int], I32, Partition, tuple[int, int]] | None = None
    for pair in tried:
        left = without(places, *pair)
        again = stable_partition(left)
        score = (len(again.odd()), sum(map(len, again.odd())))
        if best is None or score < best[0]:
            best = (score, left, again, pair)
        if score[0] <= len(parties) - 2 or running.over:
            break
    if best is None:
        raise AssertionError("an odd party has pairs")
    return best[1:]


def without(places: I32, one: int, two: int) -> I32:
    """Return the places with a pair struck from both lists."""
    left = places.copy()
    for who, whom in ((one, two), (two, one)):
        left[who][left[who] > places[who, whom]] -= 1
        left[who, whom] = REFUSED
    return left
