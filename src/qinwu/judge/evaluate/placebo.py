"""Placebos: the same test on places that had no reform, and at times when there was none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.judge.evaluate.choosing import choices, membership
from qinwu.judge.evaluate.design import Design
from qinwu.judge.evaluate.estimate import ALPHA
from qinwu.judge.evaluate.panel import F64, I64
from qinwu.judge.evaluate.ratio import one, p_values, plain, ratios

MOST = 4999
"""Most choices of places that are tried; where there are more, so many are drawn."""


@dataclass(frozen=True, slots=True)
class PlacesPlacebo:
    """The test on untreated places, each in turn as if the reform had been there.

    Parameters
    ----------
    effects
        Effect of each choice, in logarithms.
    t
        In standard errors.
    p
        Share of choices, the real one among them, that differ at least as much (Fisher's randomisation test).
    smallest
        The smallest p that so many choices can give.
    whole
        Whether all choices were tried, not a sample.
    """

    effects: F64
    t: F64
    p: float
    smallest: float
    whole: bool


def in_space(design: Design, seed: int = 1) -> PlacesPlacebo:
    """Return the placebo in space: as many untreated places as were treated, against the other untreated ones."""
    size, count = design.treated.size, design.control.size
    if count - size < 2:
        return PlacesPlacebo(np.array([]), np.array([]), float("nan"), float("nan"), True)
    chosen, whole = choices(count, size, seed, MOST)
    found = ratios(design.totals().of(design.control), membership(chosen, count))
    real = float(plain(design, design.treated, design.totals()).t[0])
    beyond = int((np.abs(found.t) >= abs(real) * (1.0 - 1e-12)).sum())
    smallest = 1.0 / (len(chosen) + 1)
    return PlacesPlacebo(found.effect, found.t, (beyond + 1) * smallest, smallest, whole)


@dataclass(frozen=True, slots=True)
class TimesPlacebo:
    """The test at starts before the real one, on the treated places: period of each, effect in logarithms, and p."""

    starts: I64
    effects: F64
    p: F64

    @property
    def found(self) -> int:
        """How many of them would have been called a difference."""
        return int((self.p <= ALPHA).sum())


def in_time(design: Design) -> TimesPlacebo:
    """Return the placebo in time: starts after a third of the time before, with as long a time after as there really was.

    Where the time before is too short for that, the time after a placebo ends with the real start.
    """
    least = max(2, design.start // 3)
    length = min(design.after, design.start - least)
    starts = np.arange(least, design.start - length + 1) if length >= 1 else np.array([], dtype=np.int64)
    found = [one(design, design.treated, design.totals(0, int(at), int(at) + length)) for at in starts]
    effects = np.array([float(each.effect[0]) for each in found])
    return TimesPlacebo(starts, effects, np.array([float(p_values(each)[0]) for each in found]))
