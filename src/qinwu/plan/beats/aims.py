"""Aims: what a user asks of beats, in the user's words: how many, how even, what may not be divided, crossed or moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

AIMS = ("response", "balance", "compactness", "continuity")

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Border:
    """A border that no beat may cross: a river, a railway.

    Parameters
    ----------
    name
        In the user's words, for example ``railway``.
    pairs
        Pairs of atoms that it keeps apart.
    """

    name: str
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class BeatAims:
    """What is asked.

    Parameters
    ----------
    beats
        Fewest and most beats, >= 1; as many as today where None.
    within
        The workload of every beat lies within this share of the mean of all, > 0.
    continuity
        At least this share of the residents keep their officer, 0 to 1.
    compactness
        Every beat is at least so compact, 0 to 1 (:func:`qinwu.plan.beats.shapes.compactness`).
    fixed
        Atom to the id of the beat it must be in.
    borders
        Borders that no beat may cross.
    joins
        Pairs of atoms that count as neighbours besides: a bridge, a ferry.
    whole
        Atom to its community, which is in one beat; atoms that are missing stand alone.
    weight
        How much each of ``AIMS`` counts, >= 0, not all 0. Response counts as a share of today's, the others as shares.
    """

    beats: tuple[int, int] | None = None
    within: float = 0.15
    continuity: float = 0.0
    compactness: float = 0.0
    fixed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    borders: tuple[Border, ...] = ()
    joins: frozenset[tuple[str, str]] = frozenset()
    whole: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    weight: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(dict(zip(AIMS, (1.0, 0.5, 0.25, 0.25), strict=True)))
    )

    @property
    def weights(self) -> F64:
        """(4,) weights in the order of ``AIMS``."""
        return np.array([float(self.weight.get(name, 0.0)) for name in AIMS])


def unordered(pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return pairs without direction, each smaller id first.

    >>> sorted(unordered([("b", "a"), ("a", "b")]))
    [('a', 'b')]
    """
    return frozenset((min(pair), max(pair)) for pair in pairs)
