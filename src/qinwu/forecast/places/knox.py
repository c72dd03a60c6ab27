"""Knox test: whether there are more pairs of events near in place and time than place and time alone give.

Knox 1964 (Appl. Stat. 13: 25-29), with the chance of places and times mixed at will, as in Ratcliffe's Near Repeat Calculator 1.3:
distances along the axes, bands that include their outer edge, days apart counted whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

Metric = Literal["manhattan", "euclidean"]
SAME = 0.1
"""Distance within which two events are at the same place, in the unit of the points."""


@dataclass(frozen=True, slots=True)
class Knox:
    """The table.

    Parameters
    ----------
    observed
        (S, T) pairs: the same place first, then each band of distance, last beyond all; by days apart, last beyond all.
    expected
        (S, T) mean pairs of the draws.
    p_value
        (S, T) share of draws, the record among them, with at least as many pairs.
    draws
        How often times were mixed.
    """

    observed: I64
    expected: F64
    p_value: F64
    draws: int

    @property
    def ratio(self) -> F64:
        """Observed over expected, nan where nothing is expected."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found: F64 = np.where(self.expected > 0.0, self.observed / self.expected, np.nan)
        return found


@entry
def count_pairs(x: F64, y: F64, day: F64, far: F64, late: F64, manhattan: bool) -> I64:
    """Return (bands of distance + 1, bands of days + 1) pairs.

    `far` are outer edges that belong to their band, `late` outer edges that do not: with ``far = [0.1, 200]`` and
    ``late = [1, 2]`` the rows are the same place, up to 200, beyond; the columns the same day, the next day, later.
    """
    found = np.zeros((len(far) + 1, len(late) + 1), dtype=np.int64)
    for i in range(len(x)):
        for j in range(i):
            dx, dy = abs(x[i] - x[j]), abs(y[i] - y[j])
            metres = dx + dy if manhattan else np.sqrt(dx * dx + dy * dy)
            row = 0
            while row < len(far) and metres > far[row]:
                row += 1
            column = 0
            apart = abs(day[i] - day[j])
            while column < len(late) and apart >= late[column]:
                column += 1
            found[row, column] += 1
    return found


def knox(
    x: F64, y: F64, day: F64, far: Sequence[float], late: Sequence[float], *, metric: Metric = "manhattan", draws: int = 99,
    seed: int = 1, on_done: Callable[[], None] | None = None,
) -> Knox:  # fmt: skip
    """Return the Knox table of events.

    Parameters
    ----------
    x, y
        (n,) places, any unit.
    day
        (n,) days; whole days are taken.
    far
        Outer edges of the bands of distance, ascending, each part of its band; the same place is a band of its own.
    late
        Outer edges of the bands of days apart, ascending, not part of their band: with 1, 2, 3 the same day, the next,
        the next but one.
    metric
        Along the axes or straight.
    draws
        How often the times are mixed among the places.
    seed
        Of the draws.
    on_done
        Called after each draw.

    Raises
    ------
    QinwuError
        Fewer than two events, or edges that do not ascend.
    """
    if len(x) < 2 or (np.diff([SAME, *far]) <= 0.0).any() or (np.diff([0.0, *late]) <= 0.0).any() or draws < 1:
        message = N_("A table of pairs cannot be made of {count} events with these bands.")
        remedy = N_("Give at least two events, one draw, and edges above 0 that ascend.")
        raise QinwuError([Finding("bad-bands", "error", message, remedy, values={"count": len(x)})])
    distance, apart, whole = np.array([SAME, *far]), np.array(late, dtype=np.float64), np.floor(day)
    along = metric == "manhattan"
    observed = count_pairs(x, y, whole, distance, apart, along)
    rng = np.random.default_rng(seed)
    total, reached = np.zeros(observed.shape), np.ones(observed.shape)
    for _ in range(draws):
        drawn = count_pairs(x, y, rng.permutation(whole), distance, apart, along)
        total += drawn
        reached += drawn >= observed
        if on_done is not None:
            on_done()
    return Knox(observed, total / draws, reached / (draws + 1), draws)
