"""Reporting: how the chosen places move when the residents of one part report less than the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.places.allocating import Sharing, share_out
from qinwu.forecast.places.events import Events
from qinwu.forecast.places.library import Library, Method
from qinwu.forecast.places.portfolio import most

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

LEVELS = (0.15, 0.3)
"""Shares of the reports of a part that are left out."""
AMPLIFIED = 2.0
"""Loss of patrol, relative to the loss of reports, from which the list exaggerates what is not reported."""


@dataclass(frozen=True, slots=True)
class Thinned:
    """What happens when a share of the reports of a part is not made.

    ``kept`` is the share of all hot places that stay; ``before`` and ``after`` the share of patrol of the part.
    """

    part: str
    missing: float
    kept: float
    before: float
    after: float

    @property
    def amplified(self) -> float:
        """Share of patrol lost over share of reports lost; 1 where patrol falls as reports do."""
        return (1.0 - self.after / self.before) / self.missing if self.before > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Reporting:
    """What unequal reporting does."""

    thinned: tuple[Thinned, ...]

    @property
    def worst(self) -> float:
        """The largest loss of patrol over loss of reports."""
        return max((each.amplified for each in self.thinned), default=0.0)

    @property
    def passed(self) -> bool:
        """Whether the list does not exaggerate what is not reported."""
        return self.worst <= AMPLIFIED


def unequal_reporting(
    library: Library, method: Method, origin: float, sharing: Sharing, hot: I64, parts: Sequence[str], seed: int
) -> Reporting:
    """Return what a list becomes when the part with most patrol reports less.

    Parameters
    ----------
    library
        With the record and what was foreseen.
    method, origin
        What made the list, and the day it is made.
    sharing
        How patrol is shared.
    hot
        The hot places of the list.
    parts
        (P,) the part of each place.
    seed
        Of the reports that are left out.
    """
    names = np.array(parts, dtype=object)
    before = _patrol(library.expected(method, origin), hot, sharing, names)
    if not before:
        return Reporting(())
    part = max(before, key=lambda name: before[name])
    found = []
    for missing in LEVELS:
        thin = Library(_without(library.history(origin), names == part, missing, seed), library.days, library.chosen)
        told = thin.expected(method, origin)
        now = most(told, len(hot))
        after = _patrol(told, now, sharing, names).get(part, 0.0)
        found.append(Thinned(part, missing, np.intersect1d(now, hot).size / len(hot), before[part], after))
    return Reporting(tuple(found))


def _patrol(expected: F64, hot: I64, sharing: Sharing, parts: NDArray[np.object_]) -> dict[str, float]:
    """Return the share of patrol by part that goes to hot places; places by lot do not depend on reports."""
    if not len(hot):
        return {}
    share = share_out(expected, hot, np.arange(max(sharing.explored, 0)), sharing)[0]
    return {str(name): float(share[parts[hot] == name].sum()) for name in dict.fromkeys(parts[hot].tolist())}


def _without(events: Events, inside: NDArray[np.bool_], missing: float, seed: int) -> Events:
    """Return events without a share of those inside, drawn by lot."""
    lost = inside[events.place] & (np.random.default_rng(seed).random(len(events)) < missing)
    return Events(events.ground, events.place[~lost], events.day[~lost], events.weight[~lost], events.first)
