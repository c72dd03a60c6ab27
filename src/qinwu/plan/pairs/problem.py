"""The pairing problem as arrays: who accepts whom, how much each would like it, what a pair costs; and its blocking pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

REFUSED = -1
ALONE = -1


@dataclass(frozen=True)
class PairProblem:
    """Who may pair with whom.

    Parameters
    ----------
    levels
        (n, n) how well each likes each: 0 best, equal numbers where both are liked the same, -1 where either refuses the other
        (then both are -1, as on the diagonal). Being alone is worse than everybody who is not refused.
    cost
        (n, n) symmetric, >= 0: what a pair lacks, whatever its members wish; the smaller, the better.
    everybody
        Whether nobody may be left without a partner, one of an odd number apart.
    """

    levels: I32
    cost: F64
    everybody: bool = True

    def __len__(self) -> int:
        return len(self.levels)

    @cached_property
    def allowed(self) -> Bool:
        """(n, n) whether neither refuses the other."""
        return self.levels >= 0

    @cached_property
    def worst(self) -> I32:
        """(n,) the level of those each likes least."""
        return np.asarray(self.levels.max(axis=1, initial=REFUSED), dtype=np.int32)

    @property
    def odd(self) -> bool:
        """Whether somebody must be left out."""
        return len(self) % 2 == 1

    @cached_property
    def strict(self) -> bool:
        """Whether nobody likes two people the same."""
        ordered = np.sort(self.levels, axis=1)
        return not bool(((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any())

    @cached_property
    def may_block(self) -> Bool:
        """(n, n) pairs of whom both could ever prefer each other to what they have.

        Whoever is certain of a partner never leaves for somebody of the lowest level.
        """
        eager = self.allowed & (self.levels < self.worst[:, None])
        certain = self.everybody and not self.odd
        return eager & eager.T if certain else eager | eager.T

    def places(self, tie_break: F64 | None = None) -> I32:
        """Return (n, n) the place of each on each list, ties broken by least `tie_break` (the cost by default); -1 as in `levels`.

        >>> PairProblem(np.array([[-1, 0, 0], [0, -1, 1], [0, 1, -1]]), np.array([[0, 2, 1], [2, 0, 0], [1, 0, 0.0]])).places()
        array([[-1,  1,  0],
               [ 0, -1,  1],
               [ 0,  1, -1]], dtype=int32)
        """
        second = self.cost if tie_break is None else tie_break
        first = np.where(self.allowed, self.levels, np.iinfo(np.int32).max)
        order = np.lexsort((second, first), axis=1)
        places = np.empty(first.shape, dtype=np.int32)
        np.put_along_axis(places, order, np.arange(len(self), dtype=np.int32)[None, :], axis=1)
        return np.where(self.allowed, places, np.int32(REFUSED))

    def blocking(self, mate: I32) -> NDArray[np.int64]:
        """Return (B, 2) the pairs who would both rather have each other than what `mate` gives them, the smaller index first."""
        people = np.arange(len(self))
        got = np.where(mate >= 0, self.levels[people, mate], np.iinfo(np.int32).max)
        rather = self.allowed & (self.levels < got[:, None])
        return np.argwhere(np.triu(rather & rather.T, 1))

    def total(self, mate: I32) -> float:
        """Return what the pairs of `mate` cost together."""
        one = np.flatnonzero(mate > np.arange(len(self)))
        return float(self.cost[one, mate[one]].sum())
