"""Library: what each method foresaw on each day, computed once; a method is handed nothing but what happened before that day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.places import near_repeat, self_exciting
from qinwu.forecast.places.events import Events
from qinwu.forecast.places.spreading import shares, spread

F64 = NDArray[np.float64]

Made = TypeVar("Made")

FEWEST_DAYS = 90.0
"""Days of record before a window from which methods may learn."""
MOST_WINDOWS = 24
"""Past windows that methods learn from."""


class Method(Protocol):
    """A way to foresee: hashable, with a name."""

    @property
    def name(self) -> str:
        """Short name, a key of the words of reports."""

    def expected(self, library: Library, origin: float) -> F64:
        """Return (P,) expected events of each place in the days of the library from `origin`."""


class Library:
    """Forecasts of one record of events, kept.

    Parameters
    ----------
    events
        The record.
    days
        Length of a window, days.
    chosen
        How many places are chosen.
    """

    def __init__(self, events: Events, days: float, chosen: int) -> None:
        self.events, self.days, self.chosen = events, days, chosen
        self._kept: dict[tuple[Method, float], F64] = {}
        self._shares: dict[float, F64] = {}
        self._made: dict[tuple[Method, float, str], object] = {}

    def expected(self, method: Method, origin: float) -> F64:
        """Return what a method foresees on a day."""
        key = (method, origin)
        if key not in self._kept:
            self._kept[key] = method.expected(self, origin)
        return self._kept[key]

    def once(self, method: Method, origin: float, what: str, make: Callable[[], Made]) -> Made:
        """Return something else that a method made for a day, made once."""
        key = (method, origin, what)
        if key not in self._made:
            self._made[key] = make()
        return cast("Made", self._made[key])

    def grow(self, events: Events) -> None:
        """Take a record that says the same up to the last day foreseen from, and more after it; what was foreseen stays."""
        self.events = events

    def history(self, origin: float) -> Events:
        """Return all that is known on a day."""
        return self.events.before(origin)

    def seen(self, origin: float) -> F64:
        """Return (P,) what happened in the window from `origin`; for windows that have passed."""
        return self.events.counts(origin, origin + self.days)

    def spread(self, bandwidth_m: float, amount: F64) -> F64:
        """Return amounts spread with a bandwidth."""
        if bandwidth_m not in self._shares:
            self._shares[bandwidth_m] = shares(self.events.ground, bandwidth_m)
        return spread(self.events.ground, self._shares[bandwidth_m], amount)

    def past(self, origin: float) -> tuple[float, ...]:
        """Return the first days of the windows that had passed on a day, the last first."""
        reach = int((origin - self.events.first - FEWEST_DAYS) // self.days)
        return tuple(origin - self.days * back for back in range(1, min(reach, MOST_WINDOWS) + 1))


@dataclass(frozen=True)
class LastYear:
    """Last year's count of each place, at its pace."""

    days: float = 365.0
    name: str = "count"

    def expected(self, library: Library, origin: float) -> F64:
        """Return the count of the last year, scaled to the window."""
        span = min(self.days, max(origin - library.events.first, 1.0))
        return library.history(origin).counts(origin - span, origin) * library.days / span


@dataclass(frozen=True)
class Decayed:
    """A kernel: events smoothed over near places, each worth half as much after a half-life.

    ``bandwidth`` in widths of a place (0: not smoothed), ``half_life`` in days.
    """

    bandwidth: float
    half_life: float
    name: str = "kernel"

    def expected(self, library: Library, origin: float) -> F64:
        """Return the decayed pace, spread."""
        past = library.history(origin)
        worth = past.weight * np.exp2(-(origin - past.day) / self.half_life)
        amount = np.bincount(past.place, worth, minlength=len(past.ground))
        rate = np.log(2.0) / self.half_life
        span = -np.expm1(-rate * max(origin - past.first, 1.0)) / rate
        found: F64 = amount * library.days / span
        return library.spread(self.bandwidth * past.ground.size_m, found) if self.bandwidth else found


@dataclass(frozen=True)
class SelfExciting:
    """The self-exciting process; ``bandwidth`` of its background in widths of a place."""

    bandwidth: float = 0.5
    name: str = "self_exciting"

    def expected(self, library: Library, origin: float) -> F64:
        """Return background and what recent events set off."""
        past = library.history(origin)
        return self_exciting.foresee(past, origin, library.days, self.bandwidth * past.ground.size_m)


@dataclass(frozen=True)
class NearRepeat:
    """Last year's pace and the followers of recent events."""

    name: str = "near_repeat"

    def expected(self, library: Library, origin: float) -> F64:
        """Return last year's pace and the followers of recent events."""
        return near_repeat.foresee(library.history(origin), origin, library.days)
