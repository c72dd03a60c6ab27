"""Portfolio: several methods weighed by what each would have foreseen in past windows; and a kernel chosen the same way.

Stacking (Wolpert 1992, Neural Networks 5: 241-259) as a Poisson regression with weights that cannot be negative: the expected
number of a place is ``sum_m w_m x_m``. It is fitted on the places that could be chosen only, because these make the list of hot
places; by multiplicative steps that never lower the likelihood (Lee & Seung 2001, NIPS 13: 556-562, Kullback-Leibler distance).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.places.library import Decayed, LastYear, Library, Method, NearRepeat, SelfExciting

F64 = NDArray[np.float64]

CANDIDATES = 3
"""Places of each method and window that are looked at, for each place that is chosen."""
CAUTION = 100.0
"""Events that the wish for equal weights counts as."""
STEPS = 300
TINY = 1e-6
"""Events that every place is expected to have at least: nothing is impossible."""

KERNELS = tuple(Decayed(bandwidth, half_life) for bandwidth in (0.5, 1.0, 2.0) for half_life in (90.0, 180.0, 365.0, 1000.0))
"""Kernels to choose from."""
SHARP = tuple(Decayed(0.0, half_life) for half_life in (90.0, 180.0, 365.0, 1000.0))
"""Kernels that do not reach beyond the place: to choose from, too, where places differ in size, as atoms and streets do."""


def most(expected: F64, count: int) -> NDArray[np.int64]:
    """Return the `count` places with most expected events, the first of equals."""
    return np.argsort(-expected, kind="stable")[:count]


@dataclass(frozen=True)
class ChosenKernel:
    """The kernel of `options` that would have hit most in past windows; the one in the middle where none had passed."""

    options: tuple[Decayed, ...] = KERNELS
    name: str = "kernel"

    def choice(self, library: Library, origin: float) -> Decayed:
        """Return the kernel chosen on a day."""
        past = library.past(origin)
        options = self.options if library.events.ground.kind == "grid" else (*SHARP, *self.options)
        hits = [sum(self._hits(library, kernel, day) for day in past) for kernel in options]
        return options[int(np.argmax(hits))] if any(hits) else self.options[len(self.options) // 2]

    def _hits(self, library: Library, kernel: Decayed, day: float) -> float:
        """Return what a kernel would have hit in a window that had passed."""
        return library.once(
            kernel, day, "hits", lambda: float(library.seen(day)[most(library.expected(kernel, day), library.chosen)].sum())
        )

    def expected(self, library: Library, origin: float) -> F64:
        """Return what the kernel chosen on that day foresees."""
        return library.expected(self.choice(library, origin), origin)


MEMBERS: tuple[Method, ...] = (
    LastYear(),
    NearRepeat(),
    SelfExciting(),
    Decayed(0.0, 1000.0, "own_slow"),
    Decayed(0.0, 5000.0, "own_slowest"),
    Decayed(0.5, 365.0, "near_year"),
    Decayed(0.5, 1000.0, "near_slow"),
    Decayed(0.5, 5000.0, "near_slowest"),
    Decayed(2.0, 1000.0, "wide_slow"),
)
"""Members: last year, what repeats nearby, the self-exciting process, and long memory without and with neighbours."""
SINGLES: tuple[Method, ...] = (LastYear(), ChosenKernel(), SelfExciting(), NearRepeat())
"""Methods that the portfolio is measured against."""


@dataclass(frozen=True)
class Portfolio:
    """Members weighed on past windows, equally where none had passed; half and half with a leader.

    Parameters
    ----------
    members
        What is weighed.
    leader
        A method of its own that gives the other half: a mean of two forecasts that err differently errs less than either (Bates &
        Granger 1969, Oper. Res. Quart. 20: 451-468). None leaves the weighed members alone.
    """

    members: tuple[Method, ...] = MEMBERS
    leader: Method | None = ChosenKernel()
    name: str = "portfolio"

    def weights(self, library: Library, origin: float) -> F64:
        """Return (members,) weights learnt from what happened before a day, each >= 0."""
        past = library.past(origin)
        if not past:
            return np.full(len(self.members), 1.0 / len(self.members))
        windows = [library.once(self, day, "window", partial(self._window, library, day)) for day in past]
        expected, seen = zip(*windows, strict=True)
        return library.once(self, origin, "weights", lambda: fit_weights(np.concatenate(expected, axis=1), np.concatenate(seen)))

    def _window(self, library: Library, day: float) -> tuple[F64, F64]:
        """Return what members foresaw (members, places) and what came (places,), in places that any of them might choose."""
        told = self._told(library, day)
        count = min(CANDIDATES * library.chosen, told.shape[1])
        looked = np.unique(np.concatenate([most(each, count) for each in told]))
        return told[:, looked], library.seen(day)[looked]

    def _told(self, library: Library, origin: float) -> F64:
        """Return (members, P) what the members foresee."""
        return np.stack([library.expected(member, origin) for member in self.members]) + TINY

    def contributions(self, library: Library, origin: float) -> dict[str, F64]:
        """Return (P,) what each member, and the leader, adds to the expected events of each place."""
        told = self._told(library, origin) * self.weights(library, origin)[:, None]
        found = {member.name: each for member, each in zip(self.members, told, strict=True)}
        if self.leader is None:
            return found
        leader = library.expected(self.leader, origin) + TINY
        half = 0.5 * told.sum() / leader.sum()
        return {name: 0.5 * each for name, each in found.items()} | {self.leader.name: half * leader}

    def expected(self, library: Library, origin: float) -> F64:
        """Return the sum of what members and leader add."""
        found: F64 = np.sum(list(self.contributions(library, origin).values()), axis=0)
        return found


def fit_weights(expected: F64, seen: F64) -> F64:
    """Return weights >= 0 that make the weighed sum most likely, drawn towards equal contributions.

    Parameters
    ----------
    expected
        (members, n) > 0.
    seen
        (n,) events that came.
    """
    each = expected.sum(axis=1)
    members = len(expected)
    equal = max(float(seen.sum()), 1.0) / each / members
    weights = equal.copy()
    some = seen > 0.0
    there, came = expected[:, some], seen[some]
    wish = CAUTION / members
    for _ in range(STEPS):
        before = weights
        weights = (weights * (there @ (came / (weights @ there))) + wish) / (each + wish / equal)
        if np.abs(weights - before).max() <= 1e-6 * weights.max():
            break
    return weights
