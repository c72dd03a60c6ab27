"""Calls for the simulator: the station's own, replayed, resampled by week, or drawn from fitted rates.

A :class:`Stream` is one replication's calls with all the luck that goes with them. It knows no duty system, so every compared
system meets the same calls, journeys and service times (common random numbers). :func:`demand_for` adds what depends on a plan:
when a dispatcher may first act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.duty.response_plan import F64, I8, I16, I32, I64, Dispatching
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.simulate.arrays import SLOTS, Demand
from qinwu.station.config import CallClass
from qinwu.station.station import Station

WEEK_S = 604_800.0
HOUR_S = 3_600.0
CallsMode = Literal["replay", "weeks", "sampled"]
FEWEST_FOR_A_FIT = 30
FEWEST_WEEKS = 8


class Service(NamedTuple):
    """What handling a call of each class takes, (C,): mean and coefficient of variation on scene, mean writing up, follow-up."""

    on_scene_s: F64
    spread: F64
    wrap_up_s: F64
    follow_up_share: F64
    follow_up_s: F64
    observed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CallSource:
    """The station's calls as the simulator draws from them.

    ``time_s`` (n,) seconds on the local wall clock since the Monday 00:00 before the first call, in order; ``call_class``,
    ``priority`` (index), ``atom``, ``people`` (0: by class), ``self_initiated``, ``on_scene_s`` (nan where not observed); ``weeks``
    weeks spanned; ``hours_seen`` (168,) how often each hour of the week lies in the record; ``own_priority`` (C,) index by class.
    """

    time_s: F64
    call_class: I16
    priority: I8
    atom: I32
    people: I8
    self_initiated: I8
    on_scene_s: F64
    weeks: int
    hours_seen: F64
    service: Service
    travel_spread: float

    def __len__(self) -> int:
        return len(self.time_s)


class Stream(NamedTuple):
    """One replication's calls and luck; see :class:`CallSource` and :class:`qinwu.simulate.arrays.Demand` for the columns.

    ``taking`` (n,) standard normal draws of the call-taking time.
    """

    received_s: F64
    call_class: I16
    priority: I8
    atom: I32
    people: I8
    self_initiated: I8
    taking: F64
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


def _fit_service(classes: tuple[CallClass, ...], call_class: I16, on_scene_s: F64) -> Service:
    mean = np.array([c.on_scene_min * 60.0 for c in classes])
    spread = np.array([c.spread for c in classes])
    seen = np.zeros(len(classes), dtype=bool)
    for c in range(len(classes)):
        known = on_scene_s[(call_class == c) & (on_scene_s > 0.0)]
        if len(known) >= FEWEST_FOR_A_FIT:
            mean[c], spread[c], seen[c] = known.mean(), known.std() / known.mean(), True
    return Service(
        mean,
        spread,
        np.array([c.wrap_up_min * 60.0 for c in classes]),
        np.array([c.follow_up.share for c in classes]),
        np.array([c.follow_up.minutes * 60.0 for c in classes]),
        seen,
    )


def local_seconds(stamps: pl.Series, time_zone: str) -> tuple[F64, float]:
    """Return wall-clock seconds since the Monday 00:00 before the first stamp, and that Monday as seconds since 1970."""
    local = stamps.dt.convert_time_zone(time_zone).dt.replace_time_zone(None).dt.epoch("us").to_numpy() / 1e6
    first = float(np.floor(local.min() / 86_400.0))
    monday = (first - (first + 3) % 7) * 86_400.0
    return local - monday, monday


def read_source(station: Station, days: int | None = None) -> CallSource:
    """Prepare a station's calls for simulation.

    Parameters
    ----------
    station
        A station whose calls have places.
    days
        Use only the last so many days of the record; all of it where None.

    Raises
    ------
    QinwuError
        The station has no calls to try a duty system on.
    """
    table = station.calls.table
    if days is not None and len(table):
        last = table["received"].max()
        table = table.filter(pl.col("received") > pl.lit(last) - pl.duration(days=days))
    if not len(table):
        message = N_("There are no calls to try a duty system on.")
        remedy = N_("Add call files to [files] calls in station.toml, or run: qinwu import PROFILE FILE --into STATION")
        raise QinwuError([Finding("no-calls", "error", message, remedy)])
    classes = station.config.call_class
    index = {c.id: position for position, c in enumerate(classes)}
    time_s, _ = local_seconds(table["received"], station.calls.time_zone)
    order = np.argsort(time_s, kind="stable")
    table = table[order]
    time_s = time_s[order]
    call_class = table["call_class"].replace_strict(index, return_dtype=pl.Int16).to_numpy()
    on_scene = (table["cleared"] - table["arrived"]).dt.total_microseconds().cast(pl.Float64).fill_null(np.nan).to_numpy() / 1e6
    on_scene = np.where(on_scene > 0.0, on_scene, np.nan)
    weeks = int(time_s[-1] // WEEK_S) + 1
    seen_days = np.unique((time_s // 86_400.0).astype(np.int64))
    hours_seen = np.repeat(np.bincount(seen_days % 7, minlength=7).astype(float), 24)
    return CallSource(
        time_s=time_s,
        call_class=call_class.astype(np.int16),
        priority=(table["priority"].to_numpy() - 1).astype(np.int8),
        atom=table["atom"].replace_strict(station.area.index, return_dtype=pl.Int32).to_numpy().astype(np.int32),
        people=table["officers_required"].fill_null(0).to_numpy().astype(np.int8),
        self_initiated=(table["origin"] == "officer").to_numpy().astype(np.int8),
        on_scene_s=on_scene,
        weeks=weeks,
        hours_seen=hours_seen,
        service=_fit_service(classes, call_class, on_scene),
        travel_spread=station.area.travel.spread,
    )


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
        follow-up).
    weeks
        Length of the run in weeks; the length of the record where None (ignored by ``replay``).
    """
    calls_rng, taking_rng, travel_rng, scene_rng, after_rng = (
        np.random.default_rng(s) for s in np.random.SeedSequence([seed, replication]).spawn(5)
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
    """Add the way from the ring of the phone to the dispatcher under `plan`, and order the calls by when one may act."""
    own = stream.self_initiated == 1
    taking = np.where(own, 0.0, plan.call_taking_s * unit_lognormal(stream.taking, plan.call_taking_spread))
    ready = np.where(own, stream.received_s, taken_at(stream.received_s, taking, plan.takers) + plan.level_s)
    order = np.argsort(ready, kind="stable")
    return Demand(
        stream.received_s[order], ready[order], stream.call_class[order], stream.priority[order], stream.atom[order],
        stream.people[order], stream.self_initiated[order], stream.travel_noise[order], stream.on_scene_s[order],
        stream.wrap_up_s[order], stream.follow_up_s[order], stream.key[order],
    )  # fmt: skip
