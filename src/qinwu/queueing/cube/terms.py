"""Preference lists as sums over sets of busy crews: who is sent in which state, without a table of states.

A crew is sent to an atom when everybody before it in the list is busy and it is free. Among crews that are equally good each of the
free ones is sent equally often. Both are sums of *terms*: the atom, a set of crews that must be busy, the crew that must be free,
and a weight. The arrival rates of the balance equations are sums of terms over all subsets of the busy crews, and the dispatch
fractions are sums over all their supersets (:mod:`qinwu.queueing.cube.kernels`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import comb

import numpy as np

from qinwu.duty.response_plan import F64, I64
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.queueing.cube.problem import NOBODY, Problem

Group = tuple[int, ...]
MOST_TIED = 14
"""The most crews that may be equally good in one place of a list: their subsets are counted one by one."""


@dataclass(frozen=True, slots=True)
class Terms:
    """All terms of a problem, in order of the crew, and who stands on each list.

    Parameters
    ----------
    atom, crew
        (M,) the atom of each term and the crew that is sent.
    busy
        (M,) the crews that must be busy, as a bit mask; all others but `crew` may be either.
    weight
        (M,) in (0, 1].
    listed
        (J,) all crews of each list, as a bit mask.
    """

    atom: I64
    crew: I64
    busy: I64
    weight: F64
    listed: I64


def make_terms(problem: Problem) -> Terms:
    """Return the terms of a problem, atoms without calls included.

    Raises
    ------
    QinwuError
        More crews are equally good for an atom than can be told apart by all their subsets.
    """
    groups = [groups_of(problem, atom) for atom in range(len(problem.rates))]
    if wide := [(atom, len(group)) for atom, lists in enumerate(groups) for group in lists if len(group) > MOST_TIED]:
        raise QinwuError([too_many_tied(atom, size) for atom, size in wide])
    rows = [
        (atom, crew, busy, weight)
        for atom in range(len(problem.rates))
        for busy_before, group in walk(groups[atom])
        for crew, busy, weight in shared(busy_before, group)
    ]
    atom, crew, busy, weight = zip(*rows, strict=True)
    order = np.argsort(crew, kind="stable")
    listed = [mask_of(one for group in lists for one in group) for lists in groups]
    return Terms(
        np.array(atom, dtype=np.int64)[order],
        np.array(crew, dtype=np.int64)[order],
        np.array(busy, dtype=np.int64)[order],
        np.array(weight)[order],
        np.array(listed, dtype=np.int64),
    )


def groups_of(problem: Problem, atom: int) -> list[Group]:
    """Return the list of an atom as groups of equally good crews, best first."""
    named = problem.preferences[atom]
    named = named[named != NOBODY].tolist()
    first = [place for place in range(len(named)) if not problem.ties[atom, place]]
    return [tuple(named[start:end]) for start, end in pairwise([*first, len(named)])]


def walk(groups: list[Group]) -> Iterator[tuple[int, Group]]:
    """Yield each group with the mask of everybody in the groups before it."""
    before = 0
    for group in groups:
        yield before, group
        before |= mask_of(group)


def shared(before: int, group: Group) -> Iterator[tuple[int, int, float]]:
    """Yield crew, busy mask and weight of the terms of one group.

    With n equally good crews, t particular ones besides the crew itself must be busy with weight t! (n - t - 1)! / n!; summed over
    all subsets of those that are busy this gives 1 / (number free), the share of each free one.

    >>> list(shared(0, (3,)))
    [(3, 0, 1.0)]
    >>> [(busy, weight) for crew, busy, weight in shared(0, (0, 1)) if crew == 0]
    [(0, 0.5), (2, 0.5)]
    """
    for crew in group:
        others = [one for one in group if one != crew]
        for count in range(len(group)):
            weight = 1.0 / (len(group) * comb(len(others), count))
            for busy in combinations(others, count):
                yield crew, before | mask_of(busy), weight


def mask_of(crews: Iterator[int] | Group) -> int:
    """Return crews as a bit mask.

    >>> mask_of((0, 3))
    9
    """
    mask = 0
    for crew in crews:
        mask |= 1 << crew
    return mask


def too_many_tied(atom: int, size: int) -> Finding:
    """Return the finding for a tie of too many crews."""
    return Finding(
        "too-many-tied",
        "error",
        N_("{size} crews are equally good for atom {atom}; the exact hypercube takes at most {most} in one place of a list."),
        N_("Order some of them, or use method='approximate'."),
        Place(key="ties"),
        {"atom": atom, "size": size, "most": MOST_TIED},
    )
