"""Stamps: when each call was sent out, taken on, arrived at and cleared.

A simple queue makes them, not a duty system: by day and by night the area is divided among the crews on duty; a call waits for the
crew of its part, and when that takes too long for its priority the crew that can be there first goes instead; where nobody of the
station can be sent for ten minutes, a neighbouring station lends a crew if it has one to spare. Calls that need two cars keep a
second crew busy. What a real duty system would do is the business of the simulator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray

from qinwu.station.config import CallClass, Travel
from qinwu.station.sample.calibration import Answer
from qinwu.station.sample.demand import DAY_S, Demand

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

DAY_HOURS = (8, 20)
"""Hours between which the day parts are on duty: assumption."""


@dataclass(frozen=True)
class Stamps:
    """Seconds since the start of the year, (N,) each."""

    dispatched: F64
    acknowledged: F64
    en_route: F64
    arrived: F64
    cleared: F64


@dataclass(frozen=True)
class Lender:
    """A crew that a neighbouring station may lend: where it starts (plane metres) and the seconds it needs to get there."""

    xy_m: tuple[float, float]
    extra_s: float


@dataclass(frozen=True)
class Cover:
    """Which crew covers each atom by day and by night ((J,) positions), where atoms lie, km/h of journeys there, and who lends."""

    day: I64
    night: I64
    xy_m: F64
    kmh: F64
    people: int = 2
    lenders: tuple[Lender, ...] = ()


@dataclass(frozen=True)
class _Luck:
    """Everything left to chance, drawn before the queue runs so that it does not depend on it."""

    taking: list[float]
    later: list[float]
    patience: list[float]
    turnout: list[float]
    journey: list[float]
    on_scene: list[float]
    acknowledge: list[float]


def answer(
    calls: Demand, classes: Sequence[CallClass], cover: Cover, travel: Travel, figures: Answer, rng: np.random.Generator
) -> Stamps:
    """Return the stamps of calls, whole seconds."""
    luck = _draw(calls, classes, travel, figures, rng)
    queue = _Queue(cover, figures)
    rows = zip(calls.received_s.tolist(), calls.atom.tolist(), calls.xy_m.tolist(), calls.call_class.tolist(), strict=True)
    stamps = []
    for at, (received, atom, (x, y), kind) in enumerate(rows):
        ready = received + luck.taking[at]
        patience = luck.patience[at] * 60 * figures.patience_min[classes[kind].priority]
        crew, start = queue.choose(received, ready, atom, (x, y), patience)
        start += luck.later[at]
        accepted = start + luck.acknowledge[at]
        left = accepted + luck.turnout[at]
        there = left + queue.journey_s(crew, start, atom, (x, y)) * luck.journey[at]
        done = there + luck.on_scene[at]
        queue.keep_busy(crew, (x, y), done + 60 * classes[kind].wrap_up_min, luck.later[at])
        if classes[kind].officers > cover.people:
            queue.keep_busy_another(received, crew, (x, y), start, done)
        stamps.append((start, accepted, left, there, done))
    return Stamps(*np.round(np.array(stamps)).T)


def _draw(calls: Demand, classes: Sequence[CallClass], travel: Travel, figures: Answer, rng: np.random.Generator) -> _Luck:
    count = len(calls)
    hour = (calls.received_s % DAY_S // 3600).astype(np.int64)
    night = np.where((hour >= 23) | (hour < 6), figures.night_turnout, 1.0)
    mean = np.array([60 * each.on_scene_min for each in classes])[calls.call_class]
    spread = np.array([each.spread for each in classes])[calls.call_class]
    patient = np.array([each.priority >= 3 for each in classes])[calls.call_class]
    asked, least = patient & (rng.random(count) < figures.later_share), figures.later_least_min
    return _Luck(
        taking=(figures.call_taking_s * _around_one(figures.call_taking_spread, count, rng)).tolist(),
        later=(asked * 60 * (least + rng.exponential(figures.later_min - least, count))).tolist(),
        patience=rng.exponential(1.0, count).tolist(),
        turnout=(figures.turnout_s * night * _around_one(figures.turnout_spread, count, rng)).tolist(),
        journey=(np.array(travel.hour_factor)[hour] * _around_one(figures.travel_spread, count, rng)).tolist(),
        on_scene=(mean * _around_one(spread, count, rng)).tolist(),
        acknowledge=rng.exponential(figures.acknowledge_s, count).tolist(),
    )


def _around_one(spread: float | F64, count: int, rng: np.random.Generator) -> F64:
    """Return log-normal numbers with mean 1 and this coefficient of variation."""
    sigma = np.sqrt(np.log1p(np.square(spread)))
    return np.asarray(rng.lognormal(-(sigma**2) / 2, sigma, count))


class _Queue:
    """Where each crew is and when it will be free: day crews first, then night crews, then those of neighbours."""

    def __init__(self, cover: Cover, figures: Answer) -> None:
        self.figures = figures
        self.day = cover.day.tolist()
        self.days = int(cover.day.max()) + 1
        self.night = (cover.night + self.days).tolist()
        self.seconds_per_metre: list[float] = (3.6 / cover.kmh * figures.street_detour).tolist()
        parts = [np.flatnonzero(which == each) for which in (cover.day, cover.night) for each in range(int(which.max()) + 1)]
        self.own = len(parts)
        self.rounds = [cover.xy_m[part].tolist() for part in parts] + [[lender.xy_m] for lender in cover.lenders]
        self.extra_s = [0.0] * self.own + [lender.extra_s + figures.lend_s for lender in cover.lenders]
        self.step = [0] * len(self.rounds)
        self.free = [0.0] * len(self.rounds)
        self.place: list[tuple[float, float]] = [(each[0][0], each[0][1]) for each in self.rounds]

    def on_duty(self, second: float) -> range:
        """Return the station's crews on duty at this second of the year."""
        by_day = DAY_HOURS[0] <= second % DAY_S / 3600 < DAY_HOURS[1]
        return range(self.days) if by_day else range(self.days, self.own)

    def choose(self, received: float, ready: float, atom: int, xy: tuple[float, float], patience: float) -> tuple[int, float]:
        """Return the crew that goes and when it is sent."""
        crews = self.on_duty(received)
        own = (self.day if crews.start == 0 else self.night)[atom]
        if self.free[own] <= ready + patience:
            return own, max(ready, self.free[own])
        crew, start = self._first_there([(each, ready + (patience if each != own else 0.0)) for each in crews], atom, xy)
        asked = ready + 60 * self.figures.lend_after_min
        if start <= asked:
            return crew, start
        spare = [(each, asked) for each in range(self.own, len(self.free)) if self.free[each] <= asked]
        return self._first_there(spare, atom, xy) if spare else (crew, start)

    def _first_there(self, options: list[tuple[int, float]], atom: int, xy: tuple[float, float]) -> tuple[int, float]:
        """Return which of these crews, each to be sent no earlier than stated, arrives first, and when it is sent."""
        sent = [(crew, max(earliest, self.free[crew])) for crew, earliest in options]
        return min(sent, key=lambda option: option[1] + self.journey_s(option[0], option[1], atom, xy))

    def journey_s(self, crew: int, start: float, atom: int, xy: tuple[float, float]) -> float:
        """Return seconds from where the crew is at `start`: at its last call, or on its round when free for a while."""
        x, y = self.place[crew]
        if start > self.free[crew] + 300.0:
            x, y = self.rounds[crew][self.step[crew] % len(self.rounds[crew])]
        return hypot(x - xy[0], y - xy[1]) * self.seconds_per_metre[atom] + self.figures.door_s + self.extra_s[crew]

    def keep_busy(self, crew: int, xy: tuple[float, float], until: float, later: float) -> None:
        """Keep the crew until it is done; while a resident asked to be met later it was free for others."""
        self.free[crew] = until if later == 0 else max(self.free[crew], until - later)
        self.place[crew] = xy
        self.step[crew] += 7

    def keep_busy_another(self, received: float, crew: int, xy: tuple[float, float], start: float, done: float) -> None:
        """Keep the free crew nearest to `xy`, other than `crew`, until the call is done."""
        others = [other for other in self.on_duty(received) if other != crew]
        if others:
            second = min(
                others,
                key=lambda other: (
                    max(self.free[other], start),
                    abs(self.place[other][0] - xy[0]) + abs(self.place[other][1] - xy[1]),
                ),
            )
            self.free[second] = max(self.free[second], start, done)
            self.place[second] = xy
