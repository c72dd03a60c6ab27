"""Calls for the simulator: the station's own, replayed, resampled by week, or drawn from fitted rates.

A :class:`Stream` is one replication's calls with all the luck that goes with them. It knows no duty system, so every compared
system meets the same calls, journeys and service times (common random numbers). :func:`demand_for` adds what depends on a plan:
when a dispatcher may first act.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import F64, I8, I16, I32, I64, Dispatching
from qinwu.simulate.arrays import SLOTS, Demand
from qinwu.station.demand import WEEK_S, CallSource

CallsMode = Literal["replay", "weeks", "sampled"]
FEWEST_WEEKS = 8


class Stream(NamedTuple):
    """One replication's calls and luck.

    Columns are those of :class:`~qinwu.station.demand.CallSource` and :class:`~qinwu.simulate.arrays.Demand`; ``taking`` (n,)
    standard normal draws of the call-taking time; ``elsewhere`` (n,) uniform draws of whether a service line takes the call.
    """

    received_s: F64
    call_class: I16
    priority: I8
    atom: I32
    people: I8
    self_initiated: I8
    taking: F64
    elsewhere: F64
    travel_noise: F64
    on_scene_s: F64
    wrap_up_s: F64
    follow_up_s: F64
    key: I64
    end_s: float


def unit_lognormal(normal: F64, spread: NDArray[np.float64] | float) -> F64:
    """Turn standard normal draws into factors of mean one and coefficient of variation `spread` (log-normal).

    >>> float(unit_lognormal(np.zeros(1), 0.0)[0])
    1.0
    """
    variance = np.log1p(np.square(spread))
    return np.exp(normal * np.sqrt(variance) - variance / 2.0)


def _replayed(source: CallSource) -> tuple[NDArray[np.int64], F64]:
    return np.arange(len(source)), source.time_s


def _resampled_weeks(source: CallSource, weeks: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], F64]:
    whole = np.arange(1, source.weeks - 1) if source.weeks > 2 else np.arange(source.weeks)
    starts = np.searchsorted(source.time_s, np.arange(source.weeks + 1) * WEEK_S)
    rows, times = [], []
    for w, drawn in enumerate(rng.choice(whole, size=weeks)):
        row = np.arange(starts[drawn], starts[drawn + 1])
        rows.append(row)
        times.append(source.time_s[row] + (w - drawn) * WEEK_S)
    return np.concatenate(rows), np.concatenate(times)


def _sampled(source: CallSource, weeks: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], F64]:
    """Poisson calls: a rate for every (hour of week, class); place, priority and officers from a call of the class and daypart.

    Drawing a whole observed call of the same class within the same six-hour daypart keeps the joint pattern of place, priority
    and officers required without a model of it.
    """
    hour = (source.time_s // HOUR_S).astype(np.int64) % 168
    cell = hour * 1000 + source.call_class
    cells, counts = np.unique(cell, return_counts=True)
    rate = counts / np.maximum(source.hours_seen[cells // 1000], 1.0)
    number = rng.poisson(rate * weeks)
    drawn = np.repeat(cells, number)
    time_s = rng.integers(0, weeks, len(drawn)) * WEEK_S + (drawn // 1000 + rng.random(len(drawn))) * HOUR_S
    pool = source.call_class.astype(np.int64) * 4 + (hour % 24) // 6
    by_pool = np.argsort(pool, kind="stable")
    want = (drawn % 1000) * 4 + (drawn // 1000 % 24) // 6
    low = np.searchsorted(pool[by_pool], want, side="left")
    high = np.searchsorted(pool[by_pool], want, side="right")
    row = by_pool[low + (rng.random(len(drawn)) * (high - low)).astype(np.int64)]
    order = np.argsort(time_s, kind="stable")
    return row[order], time_s[order]


def default_mode(source: CallSource) -> CallsMode:
    """Return ``weeks`` where the record is long enough to resample whole weeks, else ``replay``."""
    return "weeks" if source.weeks >= FEWEST_WEEKS else "replay"


def draw_stream(source: CallSource, mode: CallsMode, seed: int, replication: int, weeks: int | None = None) -> Stream:
    """Draw one replication.

    Parameters
    ----------
    source
        The station's calls.
    mode
        ``replay`` the calls at their exact times, ``weeks`` whole weeks of them drawn with replacement, or ``sampled`` from rates
        by hour of week and class.
    seed, replication
        Together they fix every draw: one :class:`numpy.random.SeedSequence` child for each stream (calls, taking, travel, service,
        follow-up, service line).
    weeks
        Length of the run in weeks; the length of the record where None (ignored by ``replay``).
    """
    calls_rng, taking_rng, travel_rng, scene_rng, after_rng, line_rng = (
        np.random.default_rng(s) for s in np.random.SeedSequence([seed, replication]).spawn(6)
    )
    length = source.weeks if weeks is None or mode == "replay" else weeks
    if mode == "replay":
        row, time_s = _replayed(source)
    elif mode == "weeks":
        row, time_s = _resampled_weeks(source, length, calls_rng)
    else:
        row, time_s = _sampled(source, length, calls_rng)
    n = len(row)
    call_class = source.call_class[row]
    service = source.service
    factor = unit_lognormal(scene_rng.standard_normal((n, SLOTS)), service.spread[call_class][:, None])
    on_scene = factor * service.on_scene_s[call_class][:, None]
    if mode != "sampled":
        known = np.isfinite(source.on_scene_s[row])
        on_scene[known] = source.on_scene_s[row][known][:, None]
    after = after_rng.random((n, 2))
    return Stream(
        received_s=time_s,
        call_class=call_class,
        priority=source.priority[row],
        atom=source.atom[row],
        people=source.people[row],
        self_initiated=source.self_initiated[row],
        taking=taking_rng.standard_normal(n),
        elsewhere=line_rng.random(n),
        travel_noise=unit_lognormal(travel_rng.standard_normal((n, SLOTS)), source.travel_spread),
        on_scene_s=on_scene,
        wrap_up_s=np.repeat(service.wrap_up_s[call_class][:, None], SLOTS, axis=1),
        follow_up_s=np.where(
            after[:, 0] < service.follow_up_share[call_class], -np.log1p(-after[:, 1]) * service.follow_up_s[call_class], 0.0
        ),
        key=np.arange(n, dtype=np.int64) + np.int64(replication) * 1_000_003 + np.int64(seed) * 7_919,
        end_s=length * WEEK_S,
    )


def taken_at(received_s: F64, taking_s: F64, takers: int) -> F64:
    """Return when each call leaves the call-taker: first come, first served by `takers` people (0: never busy).

    The recursion of Kiefer and Wolfowitz (1955): a call starts when the first taker is free.

    >>> taken_at(np.array([0.0, 1.0]), np.array([10.0, 10.0]), 1).tolist()
    [10.0, 20.0]
    """
    if takers == 0:
        return received_s + taking_s
    free = np.zeros(takers)
    done = np.empty_like(received_s)
    for i in range(len(received_s)):
        k = int(np.argmin(free))
        free[k] = done[i] = max(received_s[i], free[k]) + taking_s[i]
    return done


def demand_for(plan: Dispatching, stream: Stream) -> Demand:
    """Return the calls as crews meet them under `plan`, ordered by when a dispatcher may act.

    Calls that a service line takes are gone, the way from the ring of the phone to the dispatcher is added, and the time spent on
    residents' calls follows the plan's pace.
    """
    kept = _kept(plan, stream)
    own = stream.self_initiated == 1
    taking = np.where(own, 0.0, plan.call_taking_s * unit_lognormal(stream.taking, plan.call_taking_spread))
    ready = np.where(own, stream.received_s, taken_at(stream.received_s, taking, plan.takers) + plan.level_s)
    order = np.argsort(ready, kind="stable")
    order = order[kept[order]]
    pace = np.where(own, 1.0, plan.pace[stream.priority, stream.call_class])[order, None]
    return Demand(
        stream.received_s[order], ready[order], stream.call_class[order], stream.priority[order], stream.atom[order],
        stream.people[order], stream.self_initiated[order], stream.travel_noise[order], stream.on_scene_s[order] * pace,
        stream.wrap_up_s[order] * pace, stream.follow_up_s[order], stream.key[order],
    )  # fmt: skip


def _kept(plan: Dispatching, stream: Stream) -> NDArray[np.bool_]:
    """Return which calls need the police; call-takers answer all of them."""
    share = plan.handed_off[stream.priority, stream.call_class]
    kept: NDArray[np.bool_] = (stream.self_initiated == 1) | (stream.elsewhere >= share)
    return kept
