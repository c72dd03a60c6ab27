"""Events: when and in which place residents reported something; nothing about who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.places.ground import Ground

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Events:
    """Events in order of time.

    Parameters
    ----------
    ground
        The places.
    place
        (n,) place of each.
    day
        (n,) when, in days since 1970, in order.
    weight
        (n,) what each counts, 0 to 1: 1 for what a resident reported.
    first
        First day of the record, at or before the first event.
    """

    ground: Ground
    place: I32
    day: F64
    weight: F64
    first: float

    def __len__(self) -> int:
        return len(self.day)

    def before(self, day: float) -> Events:
        """Return the events strictly before a day: all that a forecast made on it may know."""
        last = int(np.searchsorted(self.day, day, side="left"))
        return Events(self.ground, self.place[:last], self.day[:last], self.weight[:last], self.first)

    def counts(self, start: float, end: float) -> F64:
        """Return (P,) weighted counts of each place from `start` to before `end`."""
        low, high = np.searchsorted(self.day, [start, end], side="left")
        return np.bincount(self.place[low:high], self.weight[low:high], minlength=len(self.ground)).astype(np.float64)


def make_events(ground: Ground, place: I32, day: F64, weight: F64 | None = None, first: float | None = None) -> Events:
    """Return events sorted by time; each counts 1 where no weights are given."""
    order = np.argsort(day, kind="stable")
    counted = np.ones(len(day)) if weight is None else np.asarray(weight, dtype=np.float64)
    begin = float(np.floor(day.min())) if first is None and len(day) else float(first or 0.0)
    return Events(ground, np.asarray(place, dtype=np.int32)[order], np.asarray(day, dtype=np.float64)[order], counted[order], begin)
