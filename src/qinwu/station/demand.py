"""Demand: the station's own calls as arrays: when and where they came, what they ask for, how long handling one takes.

It knows no duty system, so that every compared system meets the same demand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.station.config import CallClass
from qinwu.station.station import Station

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I16 = NDArray[np.int16]
I8 = NDArray[np.int8]

WEEK_S = 604_800.0
FEWEST_FOR_A_FIT = 30
"""Observed times on scene of a class from which its mean and spread are taken; with fewer they are those stated."""


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
    """The station's calls as a source of demand.

    ``time_s`` (n,) seconds on the local wall clock since the Monday 00:00 before the first call, in order; ``call_class``,
    ``priority`` (index), ``atom``, ``people`` (0: by class), ``self_initiated``, ``on_scene_s`` (nan where not observed); ``weeks``
    weeks spanned; ``hours_seen`` (168,) how often each hour of the week lies in the record.
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
    """Return a station's calls as a source of demand.

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
