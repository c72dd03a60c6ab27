"""The districting problem as arrays: what it costs to serve each atom from each centre, and what every district must keep.

Beats of a station, police areas of a published table and counties of a state all become this one value; the engine knows
nothing else. A district is a set of atoms with one centre among them, and the centre's atom belongs to its own district. The
cost is the sum over atoms of what it costs to serve each from the centre of its district (Hess et al. 1965).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.graph import Graph
from qinwu.plan.proof import Proof

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

ROUNDING = 1e-9
"""Loads may pass their bounds by this share of the bound: sums of floats."""


@dataclass(frozen=True)
class Balance:
    """A load of which every district has a fair part.

    Parameters
    ----------
    name
        For messages: ``calls``, ``population``, ``officer-hours``.
    weight
        (J,) of each atom, >= 0.
    low, high
        Least and most of one district, ``0 <= low <= high``; ``high`` may be inf.
    """

    name: str
    weight: F64
    low: float
    high: float

    @classmethod
    def around(cls, name: str, weight: F64, count: int, share: float) -> Balance:
        """Return the bounds `share` below and above the mean of `count` districts.

        >>> Balance.around("calls", np.array([4.0, 1.0, 2.0, 3.0]), 2, 0.2).high
        6.0
        """
        mean = float(weight.sum()) / count
        return cls(name, weight, mean * (1.0 - share), mean * (1.0 + share))


@dataclass(frozen=True)
class Support:
    """A compact form of contiguity: an atom is served from a centre only where neighbours nearer to that centre are, too.

    Parameters
    ----------
    nearer
        (C, 2E) by centre and by entry of ``graph.other``: whether this neighbour of the atom the entry belongs to counts.
    need
        (C, J) how many of those that count must be in the same district; 0 where nothing is asked.

    Notes
    -----
    With a need of 1 it is the contiguity of Mehrotra, Johnson & Nemhauser (1998): a shortest-path tree inside each district.
    """

    nearer: Bool
    need: NDArray[np.int8]

    @classmethod
    def _closer(cls, graph: Graph, far: F64) -> Bool:
        """Return (C, 2E) whether each neighbour is strictly nearer to the centre than the atom itself; `far` is (C, J)."""
        atom = np.repeat(np.arange(len(graph)), graph.degree)
        return np.asarray(far[:, graph.other] < far[:, atom])

    @classmethod
    def by_distance(cls, graph: Graph, far: F64, centres: NDArray[np.integer], level: int = 1) -> Support:
        """Return the rules C1, C2 and C3 of the published police instances.

        Parameters
        ----------
        graph
            Who borders whom.
        far
            (C, J) distance of each atom from each centre.
        centres
            (C,) the atom of each centre.
        level
            1 asks for one nearer neighbour; 2 for two where there are two; 3 also, where exactly five neighbours are nearer than
            the farthest one, for three of these. Atoms beside the centre, and the centre's own, are free.
        """
        count, atoms = len(centres), len(graph)
        closer = cls._closer(graph, far)
        start = graph.start[:-1]
        full = graph.degree > 0
        many = np.zeros((count, atoms), np.int64)
        many[:, full] = np.add.reduceat(closer, start[full], axis=1, dtype=np.int64)
        need = np.ones_like(many) if level == 1 else np.where(many > 1, 2, 1)
        if level >= 3:
            edge = far[:, graph.other]
            most = np.zeros((count, atoms))
            most[:, full] = np.maximum.reduceat(edge, start[full], axis=1)
            inner = edge < np.repeat(most, graph.degree, axis=1)
            some = np.zeros_like(many)
            some[:, full] = np.add.reduceat(inner, start[full], axis=1, dtype=np.int64)
            wide = some == 5
            closer = np.where(np.repeat(wide, graph.degree, axis=1), inner, closer)
            need = np.where(wide, 3, need)
        for row, centre in enumerate(centres):
            need[row, centre] = 0
            need[row, graph.neighbours(int(centre))] = 0
        return cls(closer, need.astype(np.int8))


@dataclass(frozen=True)
class DistrictProblem:
    """Everything districts must keep and what they cost, over J atoms and C possible centres.

    Parameters
    ----------
    names
        (J,) names of the atoms, for messages.
    cost
        (C, J) of serving each atom from each centre, finite.
    graph
        Who borders whom.
    count
        Fewest and most districts, ``1 <= fewest <= most``.
    centres
        (C,) the atom of each possible centre, each once; None for every atom.
    balance
        Loads with bounds.
    contiguous
        Whether the atoms of a district must hang together.
    support
        A stronger rule of shape; None for none.
    allowed
        (C, J) which atoms may be served from which centre; None for all.
    needed
        (C,) centres that must be used, for example where an officer lives; None for none.
    fixed
        (J,) position of the centre that serves this atom, -1 for any; None for any.
    together
        Sets of atoms that stay in one district: communities kept whole.
    apart
        Pairs of atoms in different districts.
    """

    names: tuple[str, ...]
    cost: F64
    graph: Graph
    count: tuple[int, int]
    centres: I32 | None = None
    balance: tuple[Balance, ...] = ()
    contiguous: bool = True
    support: Support | None = None
    allowed: Bool | None = None
    needed: Bool | None = None
    fixed: I32 | None = None
    together: tuple[tuple[int, ...], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def sites(self) -> I32:
        """(C,) the atom of each possible centre."""
        return np.arange(len(self), dtype=np.int32) if self.centres is None else np.asarray(self.centres, np.int32)

    @cached_property
    def open(self) -> Bool:
        """(C, J) which atoms may be served from which centre, by `allowed` and `fixed` together; a centre's own always may."""
        may = np.ones(self.cost.shape, np.bool_) if self.allowed is None else self.allowed.copy()
        if self.fixed is not None:
            held = np.flatnonzero(self.fixed >= 0)
            rows = np.arange(len(self.sites))[:, None] == self.fixed[held][None, :]
            may[:, held] &= rows
        return may

    def load(self, balance: Balance, centre_of: I32) -> F64:
        """Return (C,) the load of the district of each centre."""
        return np.bincount(centre_of, balance.weight, minlength=len(self.sites)).astype(np.float64)

    def worth(self, centre_of: I32) -> float:
        """Return what a plan costs; `centre_of` (J,) is the position of the centre that serves each atom."""
        return float(self.cost[centre_of, np.arange(len(self))].sum())


@dataclass(frozen=True)
class DistrictPlan:
    """Districts of a problem and what is known of them.

    Parameters
    ----------
    centre_of
        (J,) position of the centre, among the candidates of the problem, that serves each atom.
    cost
        What they cost.
    proof
        Bound, seconds, seed, method.
    """

    centre_of: I32
    cost: float
    proof: Proof

    @cached_property
    def used(self) -> I32:
        """(K,) positions of the centres in use, ascending."""
        return np.unique(self.centre_of)

    @cached_property
    def district_of(self) -> I32:
        """(J,) number of the district of each atom, 0..K-1 in the order of `used`."""
        return np.searchsorted(self.used, self.centre_of).astype(np.int32)
