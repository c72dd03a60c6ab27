"""Four classic siting models, each as one program solved to proof by HiGHS: coverage, backup, expected coverage, distance."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from qinwu.plan.effort import Running
from qinwu.plan.mip import Program, Solved, solve
from qinwu.plan.posts.problem import F64, I64, SitingProblem

RAREST = 1e-3
"""Crews within reach are counted as long as it is likelier than this that all nearer ones are busy."""
SECOND_SHARE = 0.5
"""Weight of being covered twice in the backup model, against once."""


class Sited(NamedTuple):
    """Places with a post, crews at each (C,), what the model minimises there, and a proven bound of it."""

    sites: I64
    crews: I64
    value: float
    bound: float


def max_cover(problem: SitingProblem, running: Running, start: I64 | None = None) -> Sited:
    """Return the posts that leave the smallest share of calls beyond the limit.

    The maximal covering location problem: Church & ReVelle 1974, Papers of the Regional Science Association 32. Atoms that the same
    places cover are one row.
    """
    groups, weight = _same_cover(problem)
    return _covering(problem, groups, [weight], running, start)


def max_backup(problem: SitingProblem, running: Running, start: I64 | None = None) -> Sited:
    """Return the posts that leave the smallest share of calls beyond the limit of one crew, and half as important, of a second.

    Backup coverage, model 2 of Hogan & ReVelle 1986, Management Science 32(11).
    """
    groups, weight = _same_cover(problem)
    return _covering(problem, groups, [(1.0 - SECOND_SHARE) * weight, SECOND_SHARE * weight], running, start)


def max_expected_cover(problem: SitingProblem, busy: float, running: Running, start: I64 | None = None) -> Sited:
    """Return the posts that leave the smallest share of calls without a free crew within the limit.

    Crews are busy independently with probability `busy`: the k-th crew within reach is the first free one with (1 - q) q^(k-1).
    Maximum expected covering: Daskin 1983, Transportation Science 17(1).
    """
    groups, weight = _same_cover(problem)
    chances = [(1.0 - busy) * busy**k * weight for k in range(problem.crews) if busy**k >= RAREST]
    return _covering(problem, groups, chances, running, start)


def _same_cover(problem: SitingProblem) -> tuple[F64, F64]:
    """Return (G, C) the different sets of places that cover atoms, and (G,) the share of calls of each."""
    seen = problem.row_weight > 0.0
    groups, where = np.unique(problem.covers[:, seen].T & problem.possible, axis=0, return_inverse=True)
    weight = np.bincount(where.ravel(), problem.row_weight[seen], minlength=len(groups))
    reached = groups.any(axis=1)
    return groups[reached].astype(np.float64), np.asarray(weight[reached], dtype=np.float64)


def _covering(problem: SitingProblem, groups: F64, gains: list[F64], running: Running, start: I64 | None) -> Sited:
    """Solve a model in which the k-th crew within reach of a group gains ``gains[k]``, which fall with k.

    Variables: a post at each place, crews at each place, and for each group and k whether a k-th crew is within reach.
    """
    places, count, deep = problem.places, len(groups), len(gains)
    blocks: list[list[Any]] = [
        [sparse.csr_array((count, places)), groups, *[-sparse.eye_array(count)] * deep],
        [*_crew_rows(problem), *[sparse.csr_array((2 * places + 2, count))] * deep],
    ]
    low = np.concatenate([np.zeros(count), np.full(2 * places, -np.inf), [problem.posts, problem.crews]])
    high = np.concatenate([np.full(count, np.inf), np.zeros(2 * places), [problem.posts, problem.crews]])
    cost = np.concatenate([np.zeros(2 * places), *(-gain for gain in gains)])
    most = np.concatenate([problem.possible, np.full(places, float(problem.crews)), np.ones(count * deep)])
    least = np.concatenate([problem.needed.astype(float), np.zeros(places + count * deep)])
    whole = np.arange(len(cost)) < 2 * places
    program = Program(cost, sparse.block_array(blocks, format="csr"), low, high, least, most, whole)
    solved = solve(program, running, None if start is None else _cover_start(problem, groups, deep, start))
    return _sited(problem, solved, -1.0)


def _crew_rows(problem: SitingProblem) -> list[Any]:
    """Return the rows of posts and crews: none without a post, the fewest at each post, so many posts, so many crews."""
    one, none = sparse.eye_array(problem.places), np.zeros((1, problem.places))
    posts: Any = sparse.vstack([-problem.crews * one, problem.least * one, none + 1.0, none])  # type: ignore[arg-type]
    crews: Any = sparse.vstack([one, -one, none, none + 1.0])  # type: ignore[arg-type]
    return [posts.tocsr(), crews.tocsr()]


def _cover_start(problem: SitingProblem, groups: F64, deep: int, sites: I64) -> F64:
    posts, crews = np.zeros(problem.places), np.zeros(problem.places)
    posts[sites] = 1.0
    crews[sites] = problem.least
    crews[sites[0]] += problem.crews - crews.sum()
    reach = groups @ crews
    return np.concatenate([posts, crews, *((reach > k).astype(float) for k in range(deep))])


def _sited(problem: SitingProblem, solved: Solved, base: float) -> Sited:
    """Return the places of a solution; its value is told above `base`, the value of the model with nothing left to gain."""
    if solved.x is None:
        return Sited(np.empty(0, dtype=np.int64), np.zeros(problem.places, dtype=np.int64), np.inf, solved.bound - base)
    posts = solved.x[: problem.places] > 0.5
    crews = np.round(solved.x[problem.places : 2 * problem.places]).astype(np.int64)
    return Sited(np.flatnonzero(posts), crews, solved.value - base, solved.bound - base)


def min_distance(problem: SitingProblem, running: Running, start: I64 | None = None) -> Sited:
    """Return the posts from which calls are nearest on average: the p-median (Hakimi 1964, Operations Research 12(3)).

    The formulation of ReVelle & Swain 1970 (*Central facilities location*, Geographical Analysis 2): each atom is served from one
    place, which must have a post. Places farther than a post that is certain (`needed`) are left out.
    """
    sites = start if start is not None else interchange(problem)
    place, atom = _servable(problem)
    solved = solve(_median_program(problem, place, atom), running, _median_start(problem, sites, place, atom))
    if solved.x is None:
        return _spread(problem, sites, problem.mean_travel(sites), solved.bound)
    return _spread(problem, np.flatnonzero(solved.x[: problem.places] > 0.5), solved.value, solved.bound)


def _servable(problem: SitingProblem) -> tuple[I64, I64]:
    """Return the place and the atom of every journey that an optimum may have."""
    fixed = np.flatnonzero(problem.needed)
    certain = problem.rows[fixed].min(axis=0) if len(fixed) else np.full(problem.rows.shape[1], np.inf)
    near = (problem.rows < certain) | (problem.needed[:, None] & (problem.rows <= certain))
    place, atom = np.nonzero(near & problem.possible[:, None] & (problem.row_weight > 0.0))
    return place, atom


def _median_program(problem: SitingProblem, place: I64, atom: I64) -> Program:
    """Return the program: posts, then journeys; every atom served once, only from posts, so many posts."""
    places, size = problem.places, len(place)
    atoms, row = np.unique(atom, return_inverse=True)
    once = sparse.csr_array((np.ones(size), (row, np.arange(size))), shape=(len(atoms), size))
    posts = sparse.csr_array((np.ones(size), (np.arange(size), place)), shape=(size, places))
    blocks: Any = [[None, once], [posts, -sparse.eye_array(size)], [np.ones((1, places)), None]]
    low = np.concatenate([np.ones(len(atoms)), np.zeros(size), [problem.posts]])
    high = np.concatenate([np.ones(len(atoms)), np.full(size, np.inf), [problem.posts]])
    least = np.concatenate([problem.needed.astype(float), np.zeros(size)])
    most = np.concatenate([problem.possible.astype(float), np.ones(size)])
    cost = np.concatenate([np.zeros(places), problem.row_weight[atom] * problem.rows[place, atom]])
    return Program(cost, sparse.block_array(blocks, format="csr"), low, high, least, most, np.arange(places + size) < places)


def _median_start(problem: SitingProblem, sites: I64, place: I64, atom: I64) -> F64:
    nearest = sites[problem.rows[sites].argmin(axis=0)]
    chosen = np.isin(np.arange(problem.places), sites)
    return np.concatenate([chosen, nearest[atom] == place]).astype(np.float64)


def _spread(problem: SitingProblem, sites: I64, value: float, bound: float) -> Sited:
    return Sited(sites, spread(problem, sites), value, bound)


def spread(problem: SitingProblem, sites: I64) -> I64:
    """Return (C,) crews: the fewest at each of the posts, and the rest where most calls are nearest."""
    crews = np.zeros(problem.places, dtype=np.int64)
    crews[sites] = problem.least
    nearest = sites[problem.rows[sites].argmin(axis=0)]
    load = np.bincount(nearest, problem.row_weight, minlength=problem.places)
    for _ in range(problem.crews - problem.least * len(sites)):
        crews[sites[int((load[sites] / crews[sites]).argmax())]] += 1
    return crews


def interchange(problem: SitingProblem) -> I64:
    """Return posts that no single move makes nearer: greedy, then Teitz & Bart 1968, Operations Research 16(5)."""
    sites = np.flatnonzero(problem.needed)
    movable = np.flatnonzero(problem.possible & ~problem.needed)
    nearest = problem.rows[sites].min(axis=0) if len(sites) else np.full(problem.rows.shape[1], 1e12)
    while len(sites) < problem.posts:
        free = np.setdiff1d(movable, sites)
        gain = np.minimum(problem.rows[free], nearest) @ problem.row_weight
        sites = np.append(sites, free[int(gain.argmin())])
        nearest = problem.rows[sites].min(axis=0)
    better = True
    while better:
        better = False
        for at in range(len(sites)):
            if problem.needed[sites[at]]:
                continue
            others = np.delete(sites, at)
            rest = problem.rows[others].min(axis=0) if len(others) else np.full(problem.rows.shape[1], np.inf)
            free = np.append(np.setdiff1d(movable, sites), sites[at])
            cost = np.minimum(problem.rows[free], rest) @ problem.row_weight
            best = int(cost.argmin())
            if cost[best] < cost[-1] - 1e-9:
                sites[at], better = free[best], True
    return np.sort(sites)
