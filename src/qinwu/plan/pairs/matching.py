"""The cheapest pairing of all, whatever people prefer: what stability costs is measured against it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.effort import Running
from qinwu.plan.mip import Program, Solved, rows_of, solve
from qinwu.plan.pairs.problem import F64, I32

NEAREST = 8
"""So many of the cheapest partners of each are in the first program."""
TINY = 1e-7

Ints = NDArray[np.int64]


class Matching(NamedTuple):
    """The partner of each (n,), what all pairs cost together, and a proven lower bound of it."""

    mate: I32
    cost: float
    bound: float


def cheapest_matching(cost: F64, running: Running) -> Matching:
    """Return the perfect matching of least cost; of an odd number the one who is left out costs nothing.

    Linear program over the pairs that matter, others added where their reduced cost says so, with an inequality for each odd
    set of people that the program splits among more pairs than it has (Edmonds 1965, *Maximum matching and a polyhedron with
    0,1-vertices*, J. Res. NBS 69B). Where the odd sets found this way leave fractions, whole numbers are asked of the pairs whose
    reduced cost does not rule them out.

    Parameters
    ----------
    cost
        (n, n) symmetric and finite; the diagonal is not read.
    running
        Time left; where it ends early, the best matching found and the bound are returned.
    """
    count = len(cost)
    if count % 2:
        cost = np.pad(cost, ((0, 1), (0, 1)))
    mate, value, bound = _matched(cost, running) if count > 1 else (np.full(len(cost), -1, dtype=np.int32), 0.0, 0.0)
    mate = mate[:count]
    return Matching(np.where(mate < count, mate, -1).astype(np.int32), value, bound)


def _matched(cost: F64, running: Running) -> Matching:
    people = np.arange(len(cost))
    known = _improved(cost, (people ^ 1).astype(np.int32))
    edges = _first_edges(cost, known)
    cuts: list[Ints] = []
    bound = float((cost + np.diag(np.full(len(cost), np.inf))).min(axis=1).sum() / 2.0)
    if _total(cost, known) <= bound + TINY:  # everybody has one of those who cost least
        return Matching(known, _total(cost, known), bound)
    while not running.over:
        solved = solve(_program(cost, edges, cuts), running)
        if solved.x is None:
            break
        reduced = _reduced(cost, solved.row_price, cuts)
        missing = _missing(reduced, edges)
        if len(missing):
            edges = np.concatenate([edges, missing])
            continue
        bound = solved.value
        more = _odd_sets(edges, solved.x, len(cost), cuts)
        if not more:
            return _whole(cost, edges, cuts, solved, reduced, known, running)
        cuts += more
    return Matching(known, _total(cost, known), bound)


def _total(cost: F64, mate: I32) -> float:
    return float(cost[np.arange(len(mate)), mate].sum() / 2.0)


def _improved(cost: F64, mate: I32) -> I32:
    """Return a matching that no exchange of partners between two pairs makes cheaper; exchanges are tried pair by pair."""
    mate, better = mate.copy(), True
    while better:
        better = False
        for one in range(len(mate)):
            two = mate[one]
            # one with j, and two with the partner of j
            change = cost[one] + cost[two, mate] - cost[one, two] - cost[np.arange(len(mate)), mate]
            change[[one, two]] = 0.0
            other = int(change.argmin())
            if change[other] < -TINY:
                rest = mate[other]
                mate[[one, other, two, rest]] = other, one, rest, two
                better = True
    return mate


def _first_edges(cost: F64, mate: I32) -> Ints:
    near = min(NEAREST, len(cost) - 1)
    apart = cost + np.diag(np.full(len(cost), np.inf))
    best = np.argpartition(apart, near - 1, axis=1)[:, :near]
    ends = np.column_stack([np.repeat(np.arange(len(cost)), near), best.ravel()])
    ends = np.concatenate([ends, np.column_stack([np.arange(len(cost)), mate])])
    return np.unique(np.sort(ends, axis=1), axis=0)


def _program(cost: F64, edges: Ints, cuts: list[Ints]) -> Program:
    count, size = len(cost), len(edges)
    rows, columns = [edges[:, 0], edges[:, 1]], [np.arange(size)] * 2
    for number, cut in enumerate(cuts):
        inside = np.flatnonzero(np.isin(edges, cut).all(axis=1))
        rows.append(np.full(len(inside), count + number))
        columns.append(inside)
    row, column = np.concatenate(rows), np.concatenate(columns)
    most = np.array([(len(cut) - 1) / 2 for cut in cuts])
    low = np.concatenate([np.ones(count), np.full(len(cuts), -np.inf)])
    high = np.concatenate([np.ones(count), most])
    entries = rows_of(np.ones(len(row)), row, column, (len(low), size))
    zeros, ones = np.zeros(size), np.ones(size)
    return Program(cost[edges[:, 0], edges[:, 1]], entries, low, high, zeros, np.full(size, np.inf), ones < 0)


def _reduced(cost: F64, price: F64, cuts: list[Ints]) -> F64:
    """Return (n, n) the reduced cost of every pair, in the program or not."""
    count = len(cost)
    reduced = cost - price[:count, None] - price[None, :count]
    for cut, each in zip(cuts, price[count:], strict=True):
        reduced[np.ix_(cut, cut)] -= each
    return reduced


def _missing(reduced: F64, edges: Ints) -> Ints:
    """Return the pairs that would make the program cheaper, at most a few for each person."""
    wanted = reduced < -TINY
    np.fill_diagonal(wanted, val=False)
    wanted[edges[:, 0], edges[:, 1]] = wanted[edges[:, 1], edges[:, 0]] = False
    found = np.argwhere(np.triu(wanted, 1))
    order = np.argsort(reduced[found[:, 0], found[:, 1]])
    return found[order[: 4 * len(reduced)]]


def _odd_sets(edges: Ints, x: F64, count: int, known: list[Ints]) -> list[Ints]:
    """Return odd sets of people with more of `x` inside than pairs fit; found as connected parts of its fractions."""
    from scipy.sparse.csgraph import connected_components

    found: dict[tuple[int, ...], Ints] = {tuple(cut.tolist()): cut for cut in known}
    before = len(found)
    for least in (TINY, 0.1, 0.25, 0.4):
        split = edges[(x > least) & (x < 1.0 - TINY)]
        graph = rows_of(np.ones(len(split)), split[:, 0], split[:, 1], (count, count))
        _, part = connected_components(graph, directed=False)
        for number in np.flatnonzero(np.bincount(part) % 2 & (np.bincount(part) > 1)):
            people = np.flatnonzero(part == number)
            inside = float(x[np.isin(edges, people).all(axis=1)].sum())
            if inside > (len(people) - 1) / 2 + 1e-6:
                found.setdefault(tuple(people.tolist()), people)
    return list(found.values())[before:]


def _whole(cost: F64, edges: Ints, cuts: list[Ints], solved: Solved, reduced: F64, known: I32, running: Running) -> Matching:
    """Return the best matching in whole numbers: that of the program where it is whole, else by branch and bound."""
    if solved.x is None:
        return Matching(known, _total(cost, known), -np.inf)
    if np.abs(solved.x - np.round(solved.x)).max() > 1e-6:
        room = _total(cost, known) - solved.value
        edges = np.argwhere(np.triu(reduced <= room + TINY, 1))
        program = _program(cost, edges, cuts)
        ones = np.ones(len(edges))
        again = solve(Program(program.cost, program.rows, program.low, program.high, program.least, ones, ones > 0), running)
        if again.x is None:
            return Matching(known, _total(cost, known), solved.value)
        solved = again
    mate = np.full(len(cost), -1, dtype=np.int32)
    one, two = edges[np.asarray(solved.x) > 0.5].T
    mate[one], mate[two] = two, one
    return Matching(mate, _total(cost, mate), solved.bound)
