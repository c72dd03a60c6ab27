"""Goals: what simulated times should be like, and how far off they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from qinwu.duty.response_plan import F64
from qinwu.simulate.agreement import FEWEST_IN_GROUP, chance_by_rank, chance_longer, chance_se, recorded_like, step_of

CUTS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Observed quantiles that bound the cells of chi-square."""
FEWEST_IN_STRATUM = 60
MOST_RANKED = 6000
"""Contrasts of simulated times are taken over so many calls, or one replication."""


class Cells(NamedTuple):
    """Calls of one stratum and the cells that their observed times fall into: upper edges (E,), and shares (E + 1,)."""

    calls: NDArray[np.bool_]
    edges: F64
    share: F64
    number: int


class Contrast(NamedTuple):
    """The chance that a marked call takes longer than one that is not, with its standard error; (n,) which calls are marked."""

    marked: NDArray[np.bool_]
    chance: float
    se: float


@dataclass(frozen=True)
class Goal:
    """What simulated times of one part of the response should be like.

    ``cells`` by priority where each has calls enough; ``contrasts`` of calls pressed by others; ``seen`` (n,) observed times,
    recorded in steps of ``step_s``.
    """

    seen: F64
    step_s: float
    cells: tuple[Cells, ...]
    contrasts: tuple[Contrast, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which calls have an observed time."""
        return np.isfinite(self.seen)

    @property
    def terms(self) -> int:
        """How many independent terms the misfit adds up."""
        return sum(len(cells.edges) for cells in self.cells) + len(self.contrasts)

    def misfit(self, done: F64) -> float:
        """Return the chi-square of (R, n) simulated times."""
        done = recorded_like(done, self.step_s)
        total = sum(_chi_square(cells, done[:, cells.calls].ravel()) for cells in self.cells)
        return total + self._contrast_misfit(done) if self.contrasts else total

    def _contrast_misfit(self, done: F64) -> float:
        known = self.known
        some = done[: max(1, MOST_RANKED // int(known.sum())), known]
        rank = rankdata(some.ravel())
        total = 0.0
        for contrast in self.contrasts:
            marked = np.broadcast_to(contrast.marked[known], some.shape).ravel()
            total += ((chance_by_rank(rank, marked) - contrast.chance) / contrast.se) ** 2
        return total


def _chi_square(cells: Cells, done: F64) -> float:
    cell = np.searchsorted(cells.edges, done, side="left")
    share = np.bincount(cell, minlength=len(cells.share)) / len(done)
    return float(cells.number * (np.square(share - cells.share) / cells.share).sum())


def _cells(seen: F64, calls: NDArray[np.bool_]) -> Cells:
    x = seen[calls]
    edges = np.unique(np.quantile(x, CUTS, method="inverted_cdf"))
    count = np.bincount(np.searchsorted(edges, x, side="left"), minlength=len(edges) + 1)
    share = np.maximum(count, 1.0)
    return Cells(calls, edges, share / share.sum(), len(x))


def make_goal(seen: F64, priority: NDArray[np.int8], marks: Sequence[NDArray[np.bool_]] = ()) -> Goal | None:
    """Return the goal for observed times `seen`, with a contrast for each of `marks`; None where too few are known."""
    known = np.isfinite(seen)
    if known.sum() < FEWEST_IN_GROUP:
        return None
    strata = [known & (priority == p) for p in range(4)]
    strata = [calls for calls in strata if calls.sum() >= FEWEST_IN_STRATUM] or [known]
    cells = tuple(_cells(seen, calls) for calls in strata)
    return Goal(seen, step_of(seen), cells, tuple(_contrasts(seen, known, marks)))


def _contrasts(seen: F64, known: NDArray[np.bool_], marks: Sequence[NDArray[np.bool_]]) -> Iterator[Contrast]:
    for marked in marks:
        among, others = int((known & marked).sum()), int((known & ~marked).sum())
        if min(among, others) >= FEWEST_IN_GROUP:
            yield Contrast(marked, chance_longer(seen[known], marked[known]), chance_se(among, others))
