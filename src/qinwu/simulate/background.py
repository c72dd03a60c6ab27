"""Background jobs: the work that takes crews away and is not in the call file, drawn for one replication.

How much there is, :class:`~qinwu.duty.background.Background` says. Jobs are begun by officers themselves and of the lowest
priority: a free crew takes one where it is, none is free and the job is let go. They know no duty system, so compared systems meet
the same ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qinwu.duty.background import Background
from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import F64
from qinwu.simulate.arrays import SLOTS
from qinwu.simulate.stream import Stream
from qinwu.station.demand import CallSource

LOWEST = 3
"""Priority index of background jobs."""
FIRST_KEY = 1 << 40
"""Keys of background jobs start here, beyond those of calls."""
_TAG = 20_011


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
        elsewhere=np.ones(n),
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
