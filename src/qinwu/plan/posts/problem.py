"""The siting problem as arrays: where posts may stand, how long it takes from there in each season, and where calls come from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class SitingProblem:
    """Where posts may stand and what they are for.

    Parameters
    ----------
    times
        (S, C, J) seconds from each of C places to each of J atoms in each of S seasons, all > 0.
    share
        (S,) the share of the year each season has, summing to 1.
    weight
        (J,) how much each atom counts (calls a second, or residents), >= 0.
    limit_s
        Seconds of travel within which an atom is covered, > 0.
    posts
        How many posts, 1 to C.
    crews
        Crews on duty at one time, >= posts * least.
    least
        Fewest crews at a post, >= 1.
    needed
        (C,) places that must have a post, such as the station house.
    possible
        (C,) places that may have one.
    """

    times: F64
    share: F64
    weight: F64
    limit_s: float
    posts: int
    crews: int
    least: int
    needed: Bool
    possible: Bool

    @property
    def places(self) -> int:
        """How many places there are."""
        return int(self.times.shape[1])

    @cached_property
    def rows(self) -> F64:
        """(C, S * J) travel from every place to every atom in every season, one season after the other."""
        return np.ascontiguousarray(np.moveaxis(self.times, 0, 1).reshape(self.places, -1))

    @cached_property
    def row_weight(self) -> F64:
        """(S * J,) the share of all calls, summing to 1."""
        share: F64 = self.weight / max(float(self.weight.sum()), 1e-300)
        return (self.share[:, None] * share[None, :]).ravel()

    @cached_property
    def covers(self) -> Bool:
        """(C, S * J) whether an atom can be reached from a place within the limit."""
        return self.rows <= self.limit_s

    def mean_travel(self, sites: I64) -> float:
        """Return the mean seconds to calls from the nearest of these places."""
        return float(self.row_weight @ self.rows[sites].min(axis=0))

    def covered(self, sites: I64, times: int = 1) -> float:
        """Return the share of calls within the limit of at least so many of these crews' places."""
        return float(self.row_weight @ (self.covers[sites].sum(axis=0) >= times))
