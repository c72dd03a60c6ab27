"""Who borders whom, as compressed rows, and the questions every districting step asks of it, compiled.

A labelling gives each atom the number of its district; atoms of a negative number belong to none. Kernels take the two arrays
of a :class:`Graph`, ``start`` and ``other``: the neighbours of atom j are ``other[start[j]:start[j + 1]]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry

I32 = NDArray[np.int32]
Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class Graph:
    """An undirected graph of atoms in compressed rows.

    Parameters
    ----------
    start
        (J + 1,) where the neighbours of each atom begin in `other`.
    other
        (2E,) neighbours, ascending within each atom; every edge stands in it twice, no atom is its own neighbour.
    """

    start: I32
    other: I32

    @classmethod
    def of(cls, count: int, pairs: NDArray[np.integer]) -> Graph:
        """Return the graph of `count` atoms and (E, 2) pairs of neighbours, in any order; repeats and loops are dropped.

        >>> Graph.of(3, np.array([[0, 1], [2, 1], [1, 2]])).other.tolist()
        [1, 0, 2, 1]
        """
        pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
        both = np.concatenate([pairs, pairs[:, ::-1]])
        both = np.unique(both[both[:, 0] != both[:, 1]], axis=0)
        start = np.zeros(count + 1, dtype=np.int32)
        np.cumsum(np.bincount(both[:, 0], minlength=count), out=start[1:])
        return cls(start, both[:, 1].astype(np.int32))

    def __len__(self) -> int:
        return len(self.start) - 1

    @cached_property
    def degree(self) -> I32:
        """(J,) number of neighbours."""
        return np.diff(self.start).astype(np.int32)

    @cached_property
    def pairs(self) -> I32:
        """(E, 2) each edge once, smaller atom first."""
        first = np.repeat(np.arange(len(self), dtype=np.int32), self.degree)
        return np.column_stack([first, self.other])[first < self.other]

    def neighbours(self, atom: int) -> I32:
        """Return the neighbours of one atom."""
        return self.other[self.start[atom] : self.start[atom + 1]]

    def pieces(self, labels: NDArray[np.integer] | None = None) -> tuple[I32, int]:
        """Return (J,) the connected piece each atom lies in, and the number of pieces; see :func:`pieces`."""
        given = np.zeros(len(self), np.int32) if labels is None else np.ascontiguousarray(labels, np.int32)
        piece, count = pieces(self.start, self.other, given)
        return piece, int(count)

    def connected(self, atoms: NDArray[np.integer] | list[int]) -> bool:
        """Return whether these atoms form one piece; no atoms do not."""
        labels = np.full(len(self), -1, np.int32)
        labels[np.asarray(atoms, dtype=np.int64)] = 0
        return self.pieces(labels)[1] == 1


@entry
def pieces(start: I32, other: I32, label: I32) -> tuple[I32, int]:
    """Return (J,) the piece of each atom, numbered in order of their first atoms, -1 for atoms of no district; and their number.

    A piece is a largest connected set of atoms of one label.
    """
    atoms = len(start) - 1
    piece = np.full(atoms, -1, np.int32)
    queue = np.empty(atoms, np.int32)
    count = 0
    for first in range(atoms):
        if label[first] < 0 or piece[first] >= 0:
            continue
        piece[first] = count
        queue[0] = first
        head, tail = 0, 1
        while head < tail:
            atom = queue[head]
            head += 1
            for at in range(start[atom], start[atom + 1]):
                near = other[at]
                if piece[near] < 0 and label[near] == label[first]:
                    piece[near] = count
                    queue[tail] = near
                    tail += 1
        count += 1
    return piece, count


@entry
def reached(start: I32, other: I32, inside: Bool, source: int) -> Bool:
    """Return (J,) the atoms connected with `source` through atoms that are `inside`; none where it is not inside itself."""
    seen = np.zeros(len(start) - 1, np.bool_)
    if not inside[source]:
        return seen
    queue = np.empty(len(start) - 1, np.int32)
    seen[source] = True
    queue[0] = source
    head, tail = 0, 1
    while head < tail:
        atom = queue[head]
        head += 1
        for at in range(start[atom], start[atom + 1]):
            near = other[at]
            if inside[near] and not seen[near]:
                seen[near] = True
                queue[tail] = near
                tail += 1
    return seen


@entry
def connected_without(start: I32, other: I32, label: I32, atom: int, mark: I32, queue: I32, stamp: int) -> bool:
    """Return whether the rest of `atom`'s district is one piece, or empty, without it.

    Parameters
    ----------
    start, other, label
        Graph and (J,) labels; the district of `atom` is connected now.
    mark, queue
        (J,) each, scratch. `mark` must not hold `stamp` or ``stamp + 1``: start with zeros and raise `stamp` by 2 at every call.

    Notes
    -----
    A search from one neighbour in the district stops as soon as all other neighbours in it have been met, so that most calls
    look at a handful of atoms.
    """
    own = label[atom]
    wanted = 0
    first = -1
    for at in range(start[atom], start[atom + 1]):
        near = other[at]
        if label[near] == own:
            mark[near] = stamp
            wanted += 1
            first = near
    if wanted <= 1:
        return True
    mark[first] = stamp + 1
    queue[0] = first
    head, tail, met = 0, 1, 1
    while head < tail:
        here = queue[head]
        head += 1
        for at in range(start[here], start[here + 1]):
            near = other[at]
            if near == atom or label[near] != own or mark[near] == stamp + 1:
                continue
            if mark[near] == stamp:
                met += 1
                if met == wanted:
                    return True
            mark[near] = stamp + 1
            queue[tail] = near
            tail += 1
    return False


@entry
def separator(start: I32, other: I32, inside: Bool, source: int, target: int) -> I32:
    """Return a smallest-by-inclusion set of atoms outside `inside` that every way from `target` to `source` passes.

    It lies close to the target: among the atoms around the target's piece, those from which the source is reached without
    passing that piece or another of them (Fischetti et al. 2017, algorithm 1). Empty where the graph itself has no way.

    Parameters
    ----------
    inside
        (J,) atoms of one district; `source` and `target` are in it, in different pieces.
    """
    atoms = len(start) - 1
    piece = reached(start, other, inside, target)
    around = np.zeros(atoms, np.bool_)
    for atom in range(atoms):
        if piece[atom]:
            for at in range(start[atom], start[atom + 1]):
                if not piece[other[at]]:
                    around[other[at]] = True
    open_ = ~piece & ~around
    far = reached(start, other, open_, source)
    needed = np.zeros(atoms, np.bool_)
    for atom in range(atoms):
        if around[atom]:
            for at in range(start[atom], start[atom + 1]):
                if far[other[at]]:
                    needed[atom] = True
    return np.nonzero(needed)[0].astype(np.int32)


@entry
def hops(start: I32, other: I32, inside: Bool, source: int) -> I32:
    """Return (J,) the fewest steps from `source` to each atom through atoms `inside`, -1 where there is no way."""
    steps = np.full(len(start) - 1, -1, np.int32)
    if not inside[source]:
        return steps
    queue = np.empty(len(start) - 1, np.int32)
    steps[source] = 0
    queue[0] = source
    head, tail = 0, 1
    while head < tail:
        atom = queue[head]
        head += 1
        for at in range(start[atom], start[atom + 1]):
            near = other[at]
            if inside[near] and steps[near] < 0:
                steps[near] = steps[atom] + 1
                queue[tail] = near
                tail += 1
    return steps
