"""Two urns: whether patrol that follows a forecast makes two equal places drift apart.

Ensign et al. 2018 (PMLR 81: 160-171): residents report the same number in both places; patrol goes where the forecast says;
officers find incidents only where they are. A forecast that learns from what officers find sends them back there for ever. The test
runs the very method that made the list, once on residents' reports only and once on everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from shapely import box

from qinwu.forecast.places.events import Events, make_events
from qinwu.forecast.places.ground import Ground
from qinwu.forecast.places.library import Library, Method

F64 = NDArray[np.float64]

ROUNDS = 50
RUNS = 2
WINDOW = 30.0
BEFORE = 12
"""Windows with reports and without patrol before the first round."""
REPORTED, FOUND = 12.0, 12.0
"""Mean reports of each place in a window, and mean incidents that the patrol of a window finds wherever it is."""
APART = 0.1
"""Mean distance of the share of a place from one half, in the last ten rounds, that counts as drifting apart."""
LAST = 10


@dataclass(frozen=True, slots=True)
class Urns:
    """Both tests.

    Parameters
    ----------
    rounds
        Rounds of patrol.
    filtered, unfiltered
        Mean distance from one half of a place's share of the forecast, by round: with residents' reports only, and with everything.
    """

    rounds: int
    filtered: tuple[float, ...]
    unfiltered: tuple[float, ...]

    @property
    def drift(self) -> float:
        """Mean distance from one half in the last rounds, residents' reports only."""
        return float(np.mean(self.filtered[-LAST:]))

    @property
    def without(self) -> float:
        """The same where what officers find is learnt from."""
        return float(np.mean(self.unfiltered[-LAST:]))

    @property
    def passed(self) -> bool:
        """Whether equal places stay equal."""
        return self.drift <= APART


@cache
def two_urns(method: Method, seed: int, rounds: int = ROUNDS, runs: int = RUNS) -> Urns:
    """Return what happens to two equal places under a method; it is played once for each method and seed.

    Parameters
    ----------
    method
        The method that makes the list.
    seed
        Of every draw.
    rounds, runs
        Windows with patrol, and how often they are played.
    """
    told = []
    for keep in (False, True):
        plays = [_play(method, rounds, np.random.default_rng([seed, run]), learn_found=keep) for run in range(runs)]
        told.append(tuple(np.mean(plays, axis=0).tolist()))
    return Urns(rounds, told[0], told[1])


def _ground() -> Ground:
    """Return two squares of 500 m, too far from each other to be neighbours."""
    x = np.array([0.0, 100_000.0])
    shapes = tuple(box(left, 0.0, left + 500.0, 500.0) for left in x)
    return Ground("grid", ("one", "two"), np.column_stack([x + 250.0, [250.0, 250.0]]), np.full(2, 250_000.0), shapes, 500.0)


def _play(method: Method, rounds: int, rng: np.random.Generator, *, learn_found: bool) -> F64:
    """Return (rounds,) distance from one half of the first place's share of the forecast."""
    ground = _ground()
    events = _reports(ground, rng, 0.0, BEFORE)
    library = Library(events, WINDOW, 1)
    away = np.zeros(rounds)
    for number in range(rounds):
        origin = (BEFORE + number) * WINDOW
        told = library.expected(method, origin)
        share = told[0] / told.sum() if told.sum() > 0.0 else 0.5
        away[number] = abs(share - 0.5)
        patrol = int(share < 0.5) if share != 0.5 else int(rng.integers(2))
        new = _reports(ground, rng, origin, 1)
        found = rng.poisson(FOUND)
        days = rng.uniform(origin, origin + WINDOW, found)
        place, day = np.r_[events.place, new.place], np.r_[events.day, new.day]
        if learn_found:
            place, day = np.r_[place, np.full(found, patrol)], np.r_[day, days]
        events = make_events(ground, place.astype(np.int32), day, first=0.0)
        library.grow(events)
    return away


def _reports(ground: Ground, rng: np.random.Generator, start: float, windows: int) -> Events:
    """Return reports of both places in windows from a day."""
    count = rng.poisson(REPORTED * windows, 2)
    place = np.repeat(np.arange(2, dtype=np.int32), count)
    return make_events(ground, place, rng.uniform(start, start + WINDOW * windows, count.sum()), first=0.0)
