"""The arrays the engine works on: atoms that stay together merged into lots, loads with float bounds, pairs that may be.

Every step of the engine takes a :class:`Core`; what it finds is spread back over the atoms at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.districts import ROUNDING, DistrictProblem
from qinwu.plan.beats.graph import Graph, pieces

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class Core:
    """A districting problem over B lots and C candidate centres.

    Parameters
    ----------
    lot_of
        (J,) the lot of each atom; without atoms kept together every atom is its own lot.
    cost, may
        (C, B) what it costs to serve a lot from a centre, and whether it may be.
    site
        (C,) the lot each centre lies in.
    start, other
        Graph of lots.
    weight, low, high
        (R, B) loads, (R,) bounds of a district, widened by rounding.
    fewest, most
        Number of districts.
    needed
        (C,) centres that must be used.
    contiguous
        Whether districts hang together.
    nearer, need
        (C, 2E) and (C, B), see :class:`~qinwu.plan.beats.districts.Support`; of length 0 along C where there is no such rule.
    apart
        (P, 2) lots in different districts.
    """

    lot_of: I32
    cost: F64
    may: Bool
    site: I32
    start: I32
    other: I32
    weight: F64
    low: F64
    high: F64
    fewest: int
    most: int
    needed: Bool
    contiguous: bool
    nearer: Bool
    need: NDArray[np.int8]
    apart: I32

    @classmethod
    def of(cls, problem: DistrictProblem) -> Core:
        """Return the arrays of a problem that has passed its checks."""
        lot_of = lots(problem)
        count = int(lot_of.max()) + 1
        whole = count == len(problem)
        cost, may = summed(problem.cost, lot_of, count), every(problem.open, lot_of, count)
        graph = problem.graph if whole else Graph.of(count, lot_of[problem.graph.pairs])
        site = lot_of[problem.sites]
        weight = summed(np.array([one.weight for one in problem.balance]).reshape(-1, len(problem)), lot_of, count)
        low = np.array([one.low * (1.0 - ROUNDING) for one in problem.balance])
        high = np.array([one.high * (1.0 + ROUNDING) for one in problem.balance])
        support = problem.support
        empty = np.zeros((0, len(graph.other)), np.bool_), np.zeros((0, count), np.int8)
        nearer, need = empty if support is None else (support.nearer, support.need)
        needed = np.zeros(len(site), np.bool_) if problem.needed is None else problem.needed
        apart = lot_of[np.array(problem.apart, np.int64).reshape(-1, 2)]
        return cls(
            lot_of, cost, may, site, graph.start, graph.other, weight, low, high, *problem.count, needed, problem.contiguous,
            nearer, need, apart,
        )  # fmt: skip

    @property
    def lots(self) -> int:
        """Number of lots."""
        return int(self.cost.shape[1])

    def narrowed(self, centres: NDArray[np.integer]) -> Core:
        """Return the problem with these candidate centres only, in their order."""
        support = (self.nearer[centres], self.need[centres]) if len(self.need) else (self.nearer, self.need)
        rows = {"cost": self.cost[centres], "may": self.may[centres], "site": self.site[centres], "needed": self.needed[centres]}
        return replace(self, **rows, nearer=support[0], need=support[1])

    def spread(self, centre_of: I32) -> I32:
        """Return (J,) the centre of each atom from (B,) the centre of each lot."""
        return centre_of[self.lot_of].astype(np.int32)

    def worth(self, centre_of: I32) -> float:
        """Return what a plan costs, `centre_of` (B,) being the centre of each lot."""
        return float(self.cost[centre_of, np.arange(self.lots)].sum())

    def loads(self, centre_of: I32) -> F64:
        """Return (R, C) the loads of the district of each centre."""
        return np.array([np.bincount(centre_of, row, minlength=len(self.site)) for row in self.weight]).reshape(-1, len(self.site))

    def keeps(self, centre_of: I32) -> bool:
        """Return whether a plan breaks no rule."""
        used = np.unique(centre_of)
        if not self.fewest <= len(used) <= self.most or (self.needed & ~np.isin(np.arange(len(self.site)), used)).any():
            return False
        if (centre_of[self.site[used]] != used).any() or not self.may[centre_of, np.arange(self.lots)].all():
            return False
        if (centre_of[self.apart[:, 0]] == centre_of[self.apart[:, 1]]).any():
            return False
        load = self.loads(centre_of)[:, used]
        if (load < self.low[:, None]).any() or (load > self.high[:, None]).any():
            return False
        if self.contiguous and pieces(self.start, self.other, centre_of.astype(np.int32))[1] != len(used):
            return False
        return self.supported(centre_of)

    def supported(self, centre_of: I32) -> bool:
        """Return whether every lot has the neighbours it needs in its district."""
        if not len(self.need):
            return True
        lot = np.repeat(np.arange(self.lots), np.diff(self.start))
        good = self.nearer[centre_of[lot], np.arange(len(self.other))] & (centre_of[self.other] == centre_of[lot])
        return bool((np.bincount(lot[good], minlength=self.lots) >= self.need[centre_of, np.arange(self.lots)]).all())


def lots(problem: DistrictProblem) -> I32:
    """Return (J,) the lot of each atom: atoms kept together, by whatever chain, are one lot."""
    pairs = [(group[0], atom) for group in problem.together for atom in group[1:]]
    return Graph.of(len(problem), np.array(pairs, np.int64).reshape(-1, 2)).pieces()[0]


def summed(table: F64, lot_of: I32, count: int) -> F64:
    """Return (N, B) the sums over lots of a table (N, J)."""
    if count == table.shape[1]:
        return np.ascontiguousarray(table, np.float64)
    total = np.zeros((len(table), count))
    np.add.at(total.T, lot_of, table.T)
    return total


def every(table: Bool, lot_of: I32, count: int) -> Bool:
    """Return (N, B) whether a table (N, J) holds for every atom of a lot."""
    if count == table.shape[1]:
        return np.ascontiguousarray(table)
    return np.asarray(summed((~table).astype(np.float64), lot_of, count) == 0.0)
