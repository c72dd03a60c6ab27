"""Scoring: how good chosen places were: hits, PAI, PEI, calibration and stability, with intervals over windows.

PAI is the share of events in the chosen places over their share of the area (Chainey, Tompson & Uhlig 2008, Security J. 21: 4-28);
PEI the hits over the most that as many places could have had (Hunt 2016, for the challenge of the National Institute of Justice).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.places.ground import Ground
from qinwu.forecast.places.portfolio import most

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

DRAWS = 2000
"""Draws of windows for an interval."""


class Interval(NamedTuple):
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What one method did in each window.

    Parameters
    ----------
    hits, events, best
        (W,) events in the chosen places, in all, and in as many places chosen with hindsight.
    area
        (W,) share of the area that the chosen places take.
    chosen
        (W, k) the places.
    expected, seen
        (10,) events foreseen and seen by tenths of places in order of what was foreseen, the least first.
    """

    hits: F64
    events: F64
    best: F64
    area: F64
    chosen: I64
    expected: F64
    seen: F64

    @property
    def pai(self) -> Interval:
        """Prediction accuracy index over all windows."""
        return over_windows(self.pai_in, len(self.hits))

    @property
    def pei(self) -> Interval:
        """Prediction efficiency index over all windows: 1 is hindsight."""
        return over_windows(self.pei_in, len(self.hits))

    @property
    def overlap(self) -> float:
        """Mean share of the chosen places that were chosen in the window before, too; nan with one window."""
        pairs = zip(self.chosen[:-1], self.chosen[1:], strict=True)
        shared = [np.intersect1d(one, two).size / len(one) for one, two in pairs]
        return float(np.mean(shared)) if shared else float("nan")

    def pai_in(self, at: I64) -> F64:
        """Return the PAI over some windows, whose numbers are along the last axis."""
        return _ratio(_ratio(self.hits[at].sum(-1), self.events[at].sum(-1)), self.area[at].mean(-1))

    def pei_in(self, at: I64) -> F64:
        """Return the PEI over some windows, whose numbers are along the last axis."""
        return _ratio(self.hits[at].sum(-1), self.best[at].sum(-1))

    def beats(self, other: Scores, figure: Literal["pai", "pei"] = "pai") -> Interval:
        """Return how much larger a figure is than that of another method on the same windows."""
        mine, theirs = (one.pai_in if figure == "pai" else one.pei_in for one in (self, other))
        return over_windows(lambda at: mine(at) - theirs(at), len(self.hits))


def _ratio(part: F64, whole: F64) -> F64:
    """Return part over whole, nan where the whole is nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: F64 = np.where(whole > 0.0, part / whole, np.nan)
    return found


def over_windows(figure: Callable[[I64], F64], windows: int, seed: int = 1) -> Interval:
    """Return a figure of windows with its interval from windows drawn again, in the same draws for every method."""
    drawn = figure(np.random.default_rng(seed).integers(0, windows, (DRAWS, windows)))
    known = drawn[np.isfinite(drawn)]
    low, high = np.percentile(known, [2.5, 97.5]) if known.size else (np.nan, np.nan)
    return Interval(float(figure(np.arange(windows))), float(low), float(high))


def score(ground: Ground, expected: list[F64], seen: list[F64], count: int) -> Scores:
    """Return what a method did that foresaw `expected` (P,) in windows where `seen` (P,) came, choosing `count` places."""
    chosen = np.stack([most(each, count) for each in expected])
    whole = ground.measure.sum()
    pairs = list(zip(seen, chosen, strict=True))
    tenths = np.zeros((2, 10))
    for told, came in zip(expected, seen, strict=True):
        for at, part in enumerate(np.array_split(np.argsort(told, kind="stable"), 10)):
            tenths[:, at] += told[part].sum(), came[part].sum()
    return Scores(
        hits=np.array([came[at].sum() for came, at in pairs]),
        events=np.array([came.sum() for came in seen]),
        best=np.array([np.sort(came)[::-1][:count].sum() for came in seen]),
        area=np.array([ground.measure[at].sum() / whole for at in chosen]),
        chosen=chosen,
        expected=tenths[0],
        seen=tenths[1],
    )
