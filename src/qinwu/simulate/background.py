"""Background load: the work that takes crews away and is not in the call file.

Escorts, paperwork, other units' calls, everything a station does without a row for it. It is drawn as jobs that officers begin by
themselves, of the lowest priority: a free crew takes one where it is, none is free and the job is let go. The jobs know no duty
system, so compared systems meet the same ones.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.simulate.arrays import SLOTS
from qinwu.simulate.stream import HOUR_S, CallSource, Stream
from qinwu.station.station import Station

LOWEST = 3
"""Priority index of background jobs."""
FIRST_KEY = 1 << 40
"""Keys of background jobs start here, beyond those of calls."""
SAMPLE_S = 300.0
_TAG = 20_011


class Background(NamedTuple):
    """Work not in the file.

    Parameters
    ----------
    busy
        (168,) crews that it asks for at a time, by hour of the week, Monday 00:00 first; >= 0.
    minutes
        Mean length of a job, > 0; lengths are exponential.
    """

    busy: F64
    minutes: float

    @property
    def none(self) -> bool:
        """Whether there is no such work."""
        return not self.busy.any()


def crews_on_duty(plan: ResponsePlan) -> F64:
    """Return (168,) the station's own crews on duty, by hour of the week, averaged over the duty cycle."""
    duty, own = plan.duty, plan.crew.external == 0
    time = np.arange(SAMPLE_S / 2, duty.cycle_s, SAMPLE_S)
    ours = own[duty.event_crew]
    step = np.where(duty.event_on[ours] == 1, 1.0, -1.0)
    there = np.concatenate([[0.0], np.cumsum(step)])[np.searchsorted(duty.event_s[ours], time, side="right")]
    there += (duty.on_at_start[own] > 0.0).sum()
    hour = (time // HOUR_S).astype(np.int64) % 168
    return np.bincount(hour, there, minlength=168) / np.bincount(hour, minlength=168)


def background_of(plan: ResponsePlan, load: float, minutes: float) -> Background:
    """Return background work that asks for the share `load` of the time of the crews on duty under `plan`."""
    return Background(crews_on_duty(plan) * load, minutes)


def stated_background(station: Station, current: ResponsePlan) -> Background | None:
    """Return the work that ``[background]`` of station.toml states for the crews of the `current` system; None without any."""
    stated = station.config.background
    return background_of(current, stated.utilisation, stated.minutes) if stated.utilisation > 0.0 else None


def with_background(
    stream: Stream,
    source: CallSource,
    background: Background,
    seed: int,
    replication: int,
    spans: ArrayLike | None = None,
) -> Stream:
    """Return `stream` with background jobs added.

    Parameters
    ----------
    stream
        The calls of one replication.
    source
        Where jobs happen: each in the atom, and of the class, of a call drawn at random.
    background
        How much work.
    seed, replication
        Fix every draw, apart from the draws of the stream itself. More load moves the same jobs closer together.
    spans
        (S, 2) seconds, sorted and disjoint: draw jobs only inside these; the whole run where None.
    """
    when_rng, length_rng, place_rng = (np.random.default_rng(s) for s in np.random.SeedSequence([seed, replication, _TAG]).spawn(3))
    inside = np.array([[0.0, stream.end_s]]) if spans is None else np.asarray(spans, dtype=np.float64)
    time_s = _starts(background, inside, when_rng)
    n = len(time_s)
    if n == 0 or not len(source):
        return stream
    row = (place_rng.random(n) * len(source)).astype(np.int64)
    length = -np.log1p(-length_rng.random(n)) * background.minutes * 60.0
    jobs = Stream(
        received_s=time_s,
        call_class=source.call_class[row],
        priority=np.full(n, LOWEST, np.int8),
        atom=source.atom[row],
        people=np.ones(n, np.int8),
        self_initiated=np.ones(n, np.int8),
        taking=np.zeros(n),
        travel_noise=np.ones((n, SLOTS)),
        on_scene_s=np.repeat(length[:, None], SLOTS, axis=1),
        wrap_up_s=np.zeros((n, SLOTS)),
        follow_up_s=np.zeros(n),
        key=np.arange(n, dtype=np.int64) + FIRST_KEY,
        end_s=stream.end_s,
    )
    joined: dict[str, Any] = {name: np.concatenate([getattr(stream, name), getattr(jobs, name)]) for name in Stream._fields[:-1]}
    return stream._replace(**joined)


def _starts(background: Background, spans: NDArray[np.float64], rng: np.random.Generator) -> F64:
    """Return the times of a Poisson process with a rate for each hour of the week, inside `spans`.

    Unit-rate arrivals are mapped through the inverse of the cumulated rate (Çinlar 1975, Introduction to Stochastic Processes).
    """
    start, end = _hours(spans)
    rate = background.busy[(start // HOUR_S).astype(np.int64) % 168] / (background.minutes * 60.0)
    until = np.cumsum(rate * (end - start))
    total = float(until[-1]) if len(until) else 0.0
    enough = int(total + 8.0 * np.sqrt(total)) + 40
    point = np.cumsum(rng.standard_exponential(enough))
    point = point[point < total]
    piece = np.searchsorted(until, point, side="right")
    before = until - rate * (end - start)
    return start[piece] + (point - before[piece]) / rate[piece]


def _hours(spans: NDArray[np.float64]) -> tuple[F64, F64]:
    """Return spans cut at full hours: starts and ends."""
    pieces = [np.unique([a, *np.arange(np.ceil(a / HOUR_S) * HOUR_S, b, HOUR_S), b]) for a, b in spans if b > a]
    none = np.empty(0)
    return np.concatenate([none, *(p[:-1] for p in pieces)]), np.concatenate([none, *(p[1:] for p in pieces)])
