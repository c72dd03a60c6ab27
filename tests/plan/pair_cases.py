"""Small pairing problems, and every pairing of a few people written out: the oracle of the planner of pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from qinwu.plan.pairs.problem import ALONE, F64, I32, PairProblem

Rng = np.random.Generator


def ranked(lists: list[list[int]]) -> I32:
    """Return (n, n) places from lists of people counted from 1, as papers print them; whoever is missing is refused."""
    places = np.full((len(lists), len(lists)), -1, dtype=np.int32)
    for who, row in enumerate(lists):
        places[who, [other - 1 for other in row]] = np.arange(len(row))
    return places


SIX = ranked([[3, 4, 2, 6, 5], [6, 5, 4, 1, 3], [2, 4, 5, 1, 6], [5, 2, 3, 6, 1], [3, 1, 2, 4, 6], [5, 1, 3, 4, 2]])
"""A worked example of the textbooks: the only stable pairing is 1-6, 2-4, 3-5."""
IRVING_FOUR = ranked([[2, 3, 4], [3, 1, 4], [1, 2, 4], [1, 2, 3]])
"""Irving 1985, after Gale & Shapley 1962: nobody wants the fourth, and no pairing is stable."""


def drawn(
    rng: Rng, people: int, *, refuse: float = 0.0, tie: int = 1, tail: int | None = None, everybody: bool = False
) -> PairProblem:
    """Return a random problem: a share of pairs refused, ties of so many, all after the first `tail` alike."""
    allowed = rng.random((people, people)) >= refuse
    allowed &= allowed.T
    np.fill_diagonal(allowed, val=False)
    key = np.where(allowed, rng.random((people, people)), 9.0)
    levels = np.argsort(np.argsort(key, axis=1), axis=1).astype(np.int32) // tie
    levels = levels if tail is None else np.minimum(levels, tail).astype(np.int32)
    cost = rng.random((people, people))
    return PairProblem(np.where(allowed, levels, np.int32(-1)).astype(np.int32), cost + cost.T, everybody)


def every_pairing(people: list[int]) -> Iterator[list[tuple[int, int]]]:
    """Yield every way to pair some of these people."""
    if not people:
        yield []
        return
    first, *rest = people
    yield from every_pairing(rest)
    for other in rest:
        for pairs in every_pairing([one for one in rest if one != other]):
            yield [(first, other), *pairs]


def mates(pairs: list[tuple[int, int]], people: int) -> I32:
    """Return (n,) partners."""
    mate = np.full(people, ALONE, dtype=np.int32)
    for one, two in pairs:
        mate[one], mate[two] = two, one
    return mate


def best(problem: PairProblem) -> tuple[int, int, float] | None:
    """Return fewest blocking pairs, fewest alone, least cost, by trying every pairing; None where no pairing keeps the rules."""
    found: list[tuple[int, int, float]] = []
    for pairs in every_pairing(list(range(len(problem)))):
        mate = mates(pairs, len(problem))
        alone = int((mate == ALONE).sum())
        if all(problem.allowed[pair] for pair in pairs) and not (problem.everybody and alone > problem.odd):
            found.append((len(problem.blocking(mate)), alone, problem.total(mate)))
    return min(found, default=None)


def cheapest(cost: F64) -> float:
    """Return the least cost of a pairing of all but one of an odd number, by trying every one."""
    people = len(cost)
    full = (pairs for pairs in every_pairing(list(range(people))) if len(pairs) == people // 2)
    return min(sum(float(cost[pair]) for pair in pairs) for pairs in full)
