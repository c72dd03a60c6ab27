"""Cases: what is known about each incident - where, from when to when, how - and nothing about anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases in order of time.

    Parameters
    ----------
    ids
        Number of each case as its file writes it, or the row where it has none.
    rows
        Row of each in the file, 1-based with the header counted; 0 where there is no file.
    x_m, y_m
        Metres in a local plane; nan where the place is not known.
    start_s, end_s
        Between which moments it happened: seconds from Monday 1970-01-05, 00:00, on the station's clock; equal where the moment
        is known.
    methods
        For each case the words of its methods, each with its column in front (``MO1=window``), sorted.
    """

    ids: tuple[str, ...]
    rows: tuple[int, ...]
    x_m: F64
    y_m: F64
    start_s: F64
    end_s: F64
    methods: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def middle_s(self) -> F64:
        """Middle of each interval."""
        return (self.start_s + self.end_s) / 2.0


@dataclass(frozen=True, slots=True)
class Labels:
    """What is confirmed about cases.

    Parameters
    ----------
    series
        For each case the numbers of the confirmed series it belongs to, none where nothing is confirmed.
    known
        Cases of which it is known to which series they belong, or that they belong to none with others.
    linked, apart
        Pairs of positions (first below second, sorted, each once) confirmed to belong together, or not to.
    """

    series: tuple[frozenset[str], ...]
    known: Bools
    linked: I64
    apart: I64

    @classmethod
    def of(
        cls,
        series: Sequence[frozenset[str]],
        together: Sequence[tuple[int, int]] = (),
        not_together: Sequence[tuple[int, int]] = (),
    ) -> Labels:
        """Return labels from confirmed series and from pairs that somebody decided about.

        Where some case has a series of its own, cases without a number are unknown. Where every series has two cases or more,
        nobody says which cases stand alone: then all count as known, and probabilities err on the low side.
        """
        members: dict[str, list[int]] = {}
        for at, names in enumerate(series):
            for name in names:
                members.setdefault(name, []).append(at)
        pairs = {(a, b) for each in members.values() for n, a in enumerate(each) for b in each[n + 1 :]}
        refused = {(min(pair), max(pair)) for pair in not_together}
        pairs = (pairs | {(min(pair), max(pair)) for pair in together}) - refused
        numbered = np.array([bool(names) for names in series], dtype=bool)
        alone = any(len(each) == 1 for each in members.values())
        known = numbered if alone else np.full(len(series), bool(pairs))
        return cls(tuple(series), known, _pairs(pairs), _pairs(refused))

    def is_linked(self, first: I64, second: I64) -> Bools:
        """Return for pairs of positions (first below second) whether they are confirmed to belong together."""
        return _among(first, second, self.linked, len(self.series))

    def is_decided(self, first: I64, second: I64) -> Bools:
        """Return for pairs whether it is known that they belong together, or that they do not."""
        size = len(self.series)
        numbered = np.array([bool(names) for names in self.series], dtype=bool)
        named = _among(first, second, self.linked, size) | _among(first, second, self.apart, size)
        found: Bools = named | (numbered[first] & numbered[second])
        return found

    def groups(self) -> I64:
        """Return for each case the number of the group that confirmed links tie together; a case alone has its own."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        size = len(self.series)
        first, second = self.linked.T
        graph = coo_matrix((np.ones(first.size), (first, second)), shape=(size, size))
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    def without(self, hidden: Bools) -> Labels:
        """Return labels in which nothing is known about the `hidden` cases."""
        series = tuple(frozenset() if hide else names for names, hide in zip(self.series, hidden, strict=True))
        return Labels(series, self.known & ~hidden, *(_outside(pairs, hidden) for pairs in (self.linked, self.apart)))


def _pairs(pairs: set[tuple[int, int]]) -> I64:
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def _among(first: I64, second: I64, pairs: I64, size: int) -> Bools:
    return np.isin(first * size + second, pairs[:, 0] * size + pairs[:, 1])


def _outside(pairs: I64, hidden: Bools) -> I64:
    return pairs[~(hidden[pairs[:, 0]] | hidden[pairs[:, 1]])]


def all_pairs(positions: I64) -> tuple[I64, I64]:
    """Return every pair of `positions` (ascending) once, the first below the second."""
    first, second = np.triu_indices(positions.size, 1)
    return positions[first], positions[second]
