"""Stable pairs as a program: one variable for each pair, one row for each pair that could block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.effort import Running
from qinwu.plan.mip import Program, Solved, rows_of, solve
from qinwu.plan.pairs.problem import ALONE, I32, Bool, PairProblem

Ints = NDArray[np.int64]

ALONE_COST = 4.0
"""What being left out costs in the program, in units of the most expensive pair: nobody is left out to save something."""


@dataclass(frozen=True)
class StableProgram:
    """The pairs among which to choose, and those that must not block, or whose blocking is counted.

    Parameters
    ----------
    problem
        Whose pairs.
    edges
        (E, 2) pairs that may be formed, the smaller index first.
    watched
        (B, 2) pairs that could block.
    may_yield
        Whether watched pairs may block at a price; otherwise none may.
    """

    problem: PairProblem
    edges: Ints
    watched: Ints
    may_yield: bool

    @cached_property
    def number_of(self) -> I32:
        """(n, n) the variable of each pair, -1 for none."""
        number = np.full(self.problem.levels.shape, -1, dtype=np.int32)
        one, two = self.edges.T
        number[one, two] = number[two, one] = np.arange(len(self.edges))
        return number

    @cached_property
    def rows(self) -> Any:
        """(n + B + 2, E + B) everybody in one pair; for every watched pair one of the two with somebody as good, or it blocks.

        The last rows count blocking pairs, and pairs.
        """
        people, size, watched = len(self.problem), len(self.edges), len(self.watched)
        row = [self.edges[:, 0], self.edges[:, 1]]
        column = [np.arange(size), np.arange(size)]
        for at, (one, two) in enumerate(self.watched):
            content = np.union1d(self.as_good(one, two), self.as_good(two, one))
            row.append(np.full(len(content), people + at))
            column.append(content)
        last = np.arange(watched)
        row += [people + last, np.full(watched, people + watched), np.full(size, people + watched + 1)]
        column += [size + last, size + last, np.arange(size)]
        entries = np.ones(sum(map(len, row)))
        return rows_of(entries, np.concatenate(row), np.concatenate(column), (people + watched + 2, size + watched))

    def as_good(self, one: int, two: int) -> Ints:
        """Return the variables that give `one` somebody at least as good as `two`."""
        levels = self.problem.levels[one]
        good = np.flatnonzero((levels >= 0) & (levels <= levels[two]))
        number = self.number_of[one, good]
        return np.asarray(number[number >= 0], dtype=np.int64)

    def fewest_blocking(self, running: Running, start: I32 | None = None) -> Solved:
        """Return a pairing with the fewest blocking pairs of all in the program."""
        cost = np.concatenate([np.zeros(len(self.edges)), np.ones(len(self.watched))])
        return solve(self._program(cost, float(len(self.watched))), running, self.as_start(start), tell=False)

    def cheapest(self, blocking: int, running: Running, start: I32 | None = None) -> Solved:
        """Return the cheapest pairing with at most so many blocking pairs; nobody is left out to save something."""
        each = 0.0 if self.problem.everybody else ALONE_COST * max(1.0, float(self.problem.cost.max(initial=0.0)))
        cost = np.concatenate([self.pair_cost - 2.0 * each, np.zeros(len(self.watched))])
        return solve(self._program(cost, float(blocking)), running, self.as_start(start))

    @property
    def pair_cost(self) -> NDArray[np.float64]:
        """(E,) what each pair costs."""
        return self.problem.cost[self.edges[:, 0], self.edges[:, 1]]

    def _program(self, cost: NDArray[np.float64], blocking: float) -> Program:
        problem, watched = self.problem, len(self.watched)
        people, size = len(problem), len(self.edges)
        least_one = 0.0 if problem.odd or not problem.everybody else 1.0
        pairs = people // 2 if problem.everybody else 0
        low = np.concatenate([np.full(people, least_one), np.ones(watched), [0.0, pairs]])
        high = np.concatenate([np.ones(people), np.full(watched, np.inf), [blocking, np.inf]])
        most = np.concatenate([np.ones(size), np.full(watched, float(self.may_yield))])
        whole = np.concatenate([np.ones(size, dtype=bool), np.zeros(watched, dtype=bool)])
        return Program(cost, self.rows, low, high, np.zeros(size + watched), most, whole)

    def as_start(self, mate: I32 | None) -> NDArray[np.float64] | None:
        """Return the variables of a pairing, None where one of its pairs is not in the program."""
        if mate is None:
            return None
        one = np.flatnonzero(mate > np.arange(len(mate)))
        chosen = self.number_of[one, mate[one]]
        if (chosen < 0).any():
            return None
        x = np.zeros(len(self.edges) + len(self.watched))
        x[chosen] = 1.0
        blocked = {tuple(pair) for pair in self.problem.blocking(mate).tolist()}
        x[len(self.edges) :] = [tuple(pair) in blocked for pair in self.watched.tolist()]
        return x

    def mates(self, solved: Solved) -> I32 | None:
        """Return the partners that a solution gives, None for none."""
        if solved.x is None:
            return None
        mate = np.full(len(self.problem), ALONE, dtype=np.int32)
        one, two = self.edges[solved.x[: len(self.edges)] > 0.5].T
        mate[one], mate[two] = two, one
        return mate


def pairs_of(mask: Bool) -> Ints:
    """Return (P, 2) the pairs of a symmetric mask, the smaller index first."""
    return np.argwhere(np.triu(mask, 1))
