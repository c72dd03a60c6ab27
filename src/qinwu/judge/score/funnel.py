"""Funnel: every unit beside the target, with the room that chance and ordinary differences leave to a unit of its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from qinwu.judge.score.limits import Extra, Spread, limit, spread_of, z_scores
from qinwu.judge.score.tally import F64, Tally

WARNING, ALARM = 0.025, 0.001
"""Tails of the inner and the outer limits: 95 % and 99.8 % of units at the target lie between them."""

Stand = Literal["within", "edge", "beyond"]
"""Between the inner limits; between inner and outer ones, where one unit in twenty is by chance; beyond the outer ones."""


class Mark(NamedTuple):
    """One unit: events, exposure, value, z-score against chance alone, inner and outer limits at its size, and where it stands."""

    name: str
    events: float
    exposure: float
    value: float
    z: float
    inner: tuple[float, float]
    outer: tuple[float, float]
    stand: Stand


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel.

    Parameters
    ----------
    counts
        The units.
    target
        What they are held against.
    spread
        How much they differ beyond chance.
    marks
        One for each unit, in the order of `counts`.
    """

    counts: Tally
    target: float
    spread: Spread
    marks: tuple[Mark, ...]

    @property
    def beyond(self) -> tuple[Mark, ...]:
        """Units that neither chance nor ordinary differences explain."""
        return tuple(mark for mark in self.marks if mark.stand == "beyond")

    def curve(self, tail: float, exposure: F64) -> F64:
        """Return a limit along sizes of units."""
        return limit(tail, self.target, exposure, self.counts.chance, self.spread)


def funnel(counts: Tally, target: float | None = None, extra: Extra = "additive") -> Funnel:
    """Return the funnel of units.

    Parameters
    ----------
    counts
        The units.
    target
        What they are held against; the value of all together by default.
    extra
        How spread beyond chance enters the limits.

    Examples
    --------
    Among ten units at 80 %, a small one at 100 % is nothing remarkable, a large one at 90 % is.

    >>> from qinwu.judge.score.tally import tally
    >>> usual = [(f"B{number}", 80, 100) for number in range(10)]
    >>> drawn = funnel(tally([*usual, ("small", 9, 9), ("large", 1800, 2000)], "share"), 0.8)
    >>> [mark.stand for mark in drawn.marks[-2:]]
    ['within', 'beyond']
    """
    centre = counts.overall if target is None else target
    spread = spread_of(counts, centre, extra)
    bounds = {tail: limit(tail, centre, counts.exposure, counts.chance, spread) for tail in (WARNING, ALARM)}
    upper = {tail: limit(1.0 - tail, centre, counts.exposure, counts.chance, spread) for tail in (WARNING, ALARM)}
    z = z_scores(counts, centre)
    marks = []
    for at, (name, value) in enumerate(zip(counts.names, counts.values.tolist(), strict=True)):
        inner, outer = ((float(bounds[tail][at]), float(upper[tail][at])) for tail in (WARNING, ALARM))
        events, exposure = float(counts.events[at]), float(counts.exposure[at])
        marks.append(Mark(name, events, exposure, value, float(z[at]), inner, outer, _stand(value, inner, outer)))
    return Funnel(counts, centre, spread, tuple(marks))


def _stand(value: float, inner: tuple[float, float], outer: tuple[float, float]) -> Stand:
    if not outer[0] <= value <= outer[1]:
        return "beyond"
    return "within" if inner[0] <= value <= inner[1] else "edge"


def sizes(counts: Tally, points: int = 120) -> F64:
    """Return sizes from the smallest to the largest unit, closer where units are small; whole ones for shares."""
    low, high = float(counts.exposure.min()), float(counts.exposure.max())
    found = np.geomspace(max(low * 0.7, min(low, 1.0)), high * 1.03, points)
    return np.unique(np.round(found)) if counts.chance == "share" else np.asarray(found, dtype=np.float64)
