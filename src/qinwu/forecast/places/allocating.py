"""Allocating: how much of the patrol goes where: places expected to be hot, places drawn by lot, none above its cap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, QinwuError
from qinwu.language import N_

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sharing:
    """How patrol is shared.

    Parameters
    ----------
    chosen
        Hot places.
    explored
        Places drawn by lot among all others.
    floor
        Share of patrol that goes to these, 0 to 1.
    cap
        Largest share of one place, 0 to 1.
    """

    chosen: int = 20
    explored: int = 5
    floor: float = 0.2
    cap: float = 0.15

    def wrong(self, places: int) -> list[Finding]:
        """Return what cannot be done with so many places."""
        found = []
        if not (0.0 <= self.floor < 1.0 and 0.0 < self.cap <= 1.0) or self.chosen < 1 or self.explored < 0:
            message = N_("Patrol cannot be shared so: {chosen} places, {floor} by lot among {explored}, at most {cap} for each.")
            remedy = N_("Choose at least one place; shares lie between 0 and 1, the floor below 1.")
            found.append(Finding("bad-sharing", "error", message, remedy, values=self._values()))
        elif self.chosen + self.explored > places:
            message = N_("{chosen} hot places and {explored} by lot are asked for, but there are only {places} places.")
            remedy = N_("Ask for fewer, or use smaller places.")
            found.append(Finding("too-many-places", "error", message, remedy, values={**self._values(), "places": places}))
        elif self.explored == 0 and self.floor > 0.0:
            message, remedy = (
                N_("A share of {floor} goes to places drawn by lot, but none is drawn."),
                N_("Draw at least one place."),
            )
            found.append(Finding("nothing-explored", "error", message, remedy, values=self._values()))
        return found

    def _values(self) -> dict[str, object]:
        return {"chosen": self.chosen, "explored": self.explored, "floor": f"{self.floor:.0%}", "cap": f"{self.cap:.0%}"}


def capped(amount: F64, total: float, cap: float) -> F64:
    """Return shares in proportion to amounts that add up to `total`, none above `cap`; what is cut off goes to the others.

    Where all are at the cap the rest is left over.

    >>> capped(np.array([8.0, 1.0, 1.0]), 1.0, 0.5).tolist()
    [0.5, 0.25, 0.25]
    """
    share = np.zeros(len(amount))
    free = amount > 0.0
    left = total
    while free.any() and left > 1e-12:
        wanted = left * amount[free] / amount[free].sum()
        over = wanted > cap + 1e-12
        if not over.any():
            share[free] = wanted
            return share
        at = np.flatnonzero(free)[over]
        share[at] = cap
        free[at] = False
        left = total - share.sum()
    return share


def draw(places: int, hot: I64, count: int, seed: int) -> I64:
    """Return `count` of the places that are not hot, drawn by lot, each with the same chance."""
    rest = np.setdiff1d(np.arange(places), hot)
    return np.sort(np.random.default_rng(seed).choice(rest, size=min(count, rest.size), replace=False))


def share_out(expected: F64, hot: I64, lot: I64, sharing: Sharing) -> tuple[F64, F64]:
    """Return the shares of the hot places and of those drawn by lot; together 1.

    What the cap leaves over goes to the lot, so that exploration never gets less than its floor.

    Raises
    ------
    QinwuError
        The cap is so low that patrol is left over.
    """
    first = capped(np.maximum(expected[hot], 1e-9), 1.0 - sharing.floor, sharing.cap)
    second = capped(np.ones(len(lot)), 1.0 - float(first.sum()), sharing.cap)
    if first.sum() + second.sum() < 1.0 - 1e-9:
        message = N_("With at most {cap} for each of {count} places {left} of patrol is left over.")
        remedy = N_("Raise the cap, or choose more places.")
        values = {"cap": f"{sharing.cap:.0%}", "count": len(hot) + len(lot), "left": f"{1.0 - first.sum() - second.sum():.0%}"}
        raise QinwuError([Finding("cap-too-low", "error", message, remedy, values=values)])
    return first, second
