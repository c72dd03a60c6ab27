"""Back-test: every method on the same past windows, each told nothing of what came after its first day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, QinwuError
from qinwu.forecast.places.library import FEWEST_DAYS, Library, Method
from qinwu.forecast.places.portfolio import SINGLES, Portfolio
from qinwu.forecast.places.scoring import Interval, Scores, score
from qinwu.language import N_

F64 = NDArray[np.float64]

WINDOWS = 24
"""Windows tested where the record is long enough."""
FEWEST_WINDOWS = 3
"""Windows without which nothing can be said; an interval wants twelve or more."""
ENOUGH_WINDOWS = 12


@dataclass(frozen=True)
class BackTest:
    """What the methods did.

    Parameters
    ----------
    origins
        (W,) first days of the windows, in order.
    days
        Length of a window.
    scores
        Of every method by name, the portfolio last.
    spread
        How much more the numbers of the chosen places vary than a Poisson number does, >= 1.
    """

    origins: tuple[float, ...]
    days: float
    scores: Mapping[str, Scores]
    spread: float

    @property
    def best(self) -> str:
        """The single method with most hits."""
        singles = [name for name in self.scores if name != "portfolio"]
        return max(singles, key=lambda name: float(self.scores[name].hits.sum()))

    @property
    def gain(self) -> Interval:
        """PEI of the portfolio less that of the best single method."""
        return self.scores["portfolio"].beats(self.scores[self.best], "pei")

    @property
    def enough(self) -> bool:
        """Whether there are windows enough to judge."""
        return len(self.origins) >= ENOUGH_WINDOWS


def tested(library: Library, end: float, windows: int) -> tuple[float, ...]:
    """Return the first days of the last windows before `end`, the oldest first.

    Raises
    ------
    QinwuError
        The record is too short for a single one to learn from.
    """
    room = int((end - library.events.first - FEWEST_DAYS) // library.days)
    if room < FEWEST_WINDOWS:
        needed = FEWEST_DAYS + FEWEST_WINDOWS * library.days
        message = N_("The record spans {span} days; {needed} are needed to foresee places and to test what was foreseen.")
        remedy = N_("Add older call files, or ask for shorter windows.")
        values = {"span": f"{end - library.events.first:.0f}", "needed": f"{needed:.0f}"}
        raise QinwuError([Finding("record-too-short", "error", message, remedy, values=values)])
    return tuple(end - library.days * back for back in range(min(room, windows), 0, -1))


def back_test(
    library: Library, end: float, methods: Sequence[Method] = (*SINGLES, Portfolio()), windows: int = WINDOWS,
    on_done: Callable[[], None] | None = None,
) -> BackTest:  # fmt: skip
    """Return what methods would have foreseen in past windows and what came.

    Parameters
    ----------
    library
        With the record.
    end
        Day on which the last window ended.
    methods
        To be tested; one is called ``portfolio``.
    windows
        How many at most.
    on_done
        Called after each window.

    Raises
    ------
    QinwuError
        The record is too short.
    """
    origins = tested(library, end, windows)
    told: dict[str, list[F64]] = {method.name: [] for method in methods}
    for day in origins:
        for method in methods:
            told[method.name].append(library.expected(method, day))
        if on_done is not None:
            on_done()
    seen = [library.seen(day) for day in origins]
    scores = {name: score(library.events.ground, each, seen, library.chosen) for name, each in told.items()}
    return BackTest(origins, library.days, scores, _spread(told[methods[-1].name], seen, library.chosen))


def _spread(told: list[F64], seen: list[F64], count: int) -> float:
    """Return variance over mean of what came in the chosen places, about what was foreseen."""
    chosen = [np.argsort(-each, kind="stable")[:count] for each in told]
    square = sum(float(((came[at] - each[at]) ** 2).sum()) for each, came, at in zip(told, seen, chosen, strict=True))
    mean = sum(float(each[at].sum()) for each, at in zip(told, chosen, strict=True))
    return max(square / mean, 1.0) if mean > 0.0 else 1.0
