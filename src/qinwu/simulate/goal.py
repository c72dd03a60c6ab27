"""Goals: what simulated times should be like, and how far off they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64
from qinwu.simulate.agreement import FEWEST_IN_GROUP, chance_longer, chance_se, recorded_like, step_of

CUTS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Observed quantiles that bound the cells of chi-square."""
FEWEST_IN_STRATUM = 60


class Cells(NamedTuple):
    """Calls of one stratum and the cells that their observed times fall into: upper edges (E,), and shares (E + 1,)."""

    calls: NDArray[np.bool_]
    edges: F64
    share: F64
    number: int


@dataclass(frozen=True)
class Goal:
    """What simulated times of one part of the response should be like.

    ``cells`` by priority where each has calls enough; ``chance`` that a call pressed by others takes longer than one that is not,
    with its standard error (inf: not asked for); ``seen`` (n,) observed times,
    recorded in steps of ``step_s``.
    """

    seen: F64
    step_s: float
    cells: tuple[Cells, ...]
    pressed: NDArray[np.bool_]
    chance: float
    chance_se: float

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which calls have an observed time."""
        return np.isfinite(self.seen)

    @property
    def terms(self) -> int:
        """How many independent terms the misfit adds up."""
        return sum(len(cells.edges) for cells in self.cells) + int(np.isfinite(self.chance_se))

    def misfit(self, done: F64) -> float:
        """Return the chi-square of (R, n) simulated times."""
        done = recorded_like(done, self.step_s)
        total = sum(_chi_square(cells, done[:, cells.calls].ravel()) for cells in self.cells)
        if np.isfinite(self.chance_se):
            marked = np.broadcast_to(self.pressed[self.known], (len(done), int(self.known.sum())))
            longer = chance_longer(done[:, self.known].ravel(), marked.ravel())
            total += ((longer - self.chance) / self.chance_se) ** 2
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


def make_goal(seen: F64, priority: NDArray[np.int8], marked: NDArray[np.bool_], *, ask_chance: bool) -> Goal | None:
    """Return the goal for observed times `seen`, None where too few are known."""
    known = np.isfinite(seen)
    if known.sum() < FEWEST_IN_GROUP:
        return None
    strata = [known & (priority == p) for p in range(4)]
    strata = [calls for calls in strata if calls.sum() >= FEWEST_IN_STRATUM] or [known]
    among, others = int((known & marked).sum()), int((known & ~marked).sum())
    asked = ask_chance and min(among, others) >= FEWEST_IN_GROUP
    se = chance_se(among, others) if asked else np.inf
    return Goal(
        seen, step_of(seen), tuple(_cells(seen, calls) for calls in strata), marked, chance_longer(seen[known], marked[known]), se
    )
