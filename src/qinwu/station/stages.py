"""Stages: how long each part of a call's life takes, by priority, how much of the promised time is left then, what is not stamped.

The time chain of many calls (M54); of one call it is :func:`qinwu.station.time_chain.time_chain`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import polars as pl

from qinwu.station.calls import STAMPS, TIME, seconds


class Stage(NamedTuple):
    """A part of a call's life from one stamp to another; `name` is its stable name."""

    name: str
    start: str
    end: str


ACCEPTED = "accepted"
"""Column with the time at which a call had been taken down and could be handed on; only who took the call knows it."""
STAGES = (
    Stage("accept", "received", ACCEPTED),
    Stage("assign", ACCEPTED, "dispatched"),
    Stage("dispatch", "received", "dispatched"),
    Stage("acknowledge", "dispatched", "acknowledged"),
    Stage("turnout", "acknowledged", "en_route"),
    Stage("travel", "en_route", "arrived"),
    Stage("response", "received", "arrived"),
    Stage("on_scene", "arrived", "cleared"),
    Stage("whole", "received", "cleared"),
)
"""Parts in the order of the chain; ``dispatch`` is the two before it together, ``response`` all up to it, ``whole`` all of them."""
PROMISED = frozenset({"accept", "assign", "dispatch", "acknowledge", "turnout", "travel", "response"})
"""Stages that end within what is promised: up to the arrival."""

State = Literal["timed", "lacking", "no_start", "backwards", "not_given"]
STATES: tuple[State, ...] = ("timed", "lacking", "no_start", "backwards", "not_given")
"""What can be said of a call in a stage: it has a time; its end was not stamped although a later stamp was; its end was stamped and
its beginning not; it runs backwards; its end was not stamped and nothing after it (still open, or ended without). Each call is in
one of them."""

ALL = 0
"""Stands for all priorities together."""
SCHEMA: dict[str, pl.DataType] = {
    "stage": pl.String(),
    "priority": pl.Int8(),
    "calls": pl.Int64(),
    "timed": pl.Int64(),
    "median_s": pl.Float64(),
    "p90_s": pl.Float64(),
    "since_median_s": pl.Float64(),
    "since_p90_s": pl.Float64(),
    "stamped": pl.Int64(),
    "in_time": pl.Int64(),
    "limit_s": pl.Float64(),
    "lacking": pl.Int64(),
    "no_start": pl.Int64(),
    "backwards": pl.Int64(),
    "not_given": pl.Int64(),
}
"""Columns of :func:`stage_figures`."""


def stage_named(name: str) -> Stage | None:
    """Return a stage by its name, None where there is none."""
    return next((stage for stage in STAGES if stage.name == name), None)


def in_stage(table: pl.DataFrame, stage: Stage, limit_min: Mapping[int, float]) -> pl.DataFrame:
    """Return calls with what can be said of each in one stage.

    Parameters
    ----------
    table
        Calls in the schema of a station's calls, with :data:`ACCEPTED` where that is known.
    stage
        One of :data:`STAGES`.
    limit_min
        Minutes within which a call of each priority is to be reached, > 0; priorities that are not in it have no promise.

    Returns
    -------
    polars.DataFrame
        The calls with ``state`` (one of :data:`STATES`), ``stage_s`` (seconds, null but for ``timed``), ``since_s`` (seconds from
        the ring to the end of the stage, null where either is missing or they run backwards), ``limit_s``, and ``late``: whether
        what is promised was over by then; null where nothing is promised, or not for a part of a call after the arrival.
    """
    later = () if stage.end == ACCEPTED else STAMPS[STAMPS.index(stage.end) + 1 :]
    table = table if ACCEPTED in table.columns else table.with_columns(pl.lit(None, TIME).alias(ACCEPTED))
    took, since = seconds(stage.start, stage.end), seconds("received", stage.end)
    after = pl.any_horizontal(pl.lit(value=False), *(pl.col(stamp).is_not_null() for stamp in later))
    state = (
        pl.when(pl.col(stage.end).is_null())
        .then(pl.when(after).then(pl.lit("lacking")).otherwise(pl.lit("not_given")))
        .when(pl.col(stage.start).is_null())
        .then(pl.lit("no_start"))
        .otherwise(pl.when(took < 0).then(pl.lit("backwards")).otherwise(pl.lit("timed")))
    )
    limit = {priority: minutes * 60.0 for priority, minutes in limit_min.items()} if stage.name in PROMISED else {}
    return table.with_columns(
        state.alias("state"),
        pl.when(took >= 0).then(took).alias("stage_s"),
        pl.when(since >= 0).then(since).alias("since_s"),
        pl.col("priority").replace_strict(limit, default=None, return_dtype=pl.Float64).alias("limit_s"),
    ).with_columns(late=pl.col("since_s") > pl.col("limit_s"))


def stage_figures(table: pl.DataFrame, limit_min: Mapping[int, float]) -> pl.DataFrame:
    """Return how long each stage took, for all calls and for each priority.

    Parameters
    ----------
    table, limit_min
        As for :func:`in_stage`.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`SCHEMA`, a row for each stage and priority (0: all together). ``median_s`` and ``p90_s`` (linear
        interpolation, Hyndman & Fan type 7) are of the ``timed`` calls; ``since_median_s`` and ``since_p90_s`` count from the ring.
        ``in_time`` of the ``stamped`` calls had the stamp at the end of the stage before what is promised for them was over; both
        are 0 where nothing is promised. ``lacking``, ``no_start``, ``backwards`` and ``not_given`` as in :data:`STATES`.
    """
    rows = [_figures(in_stage(table, stage, limit_min), stage.name) for stage in STAGES]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *rows])


def _figures(calls: pl.DataFrame, stage: str) -> pl.DataFrame:
    """Return one row for all calls of a stage and one for each priority."""
    whole = calls.with_columns(pl.lit(ALL, pl.Int8).alias("priority"))
    many = pl.col("limit_s").n_unique() > 1
    counts = (pl.col("state").eq(state).sum().alias(state) for state in STATES)
    found = pl.concat([whole, calls]).group_by("priority").agg(
        pl.len().alias("calls"),
        pl.col("stage_s").median().alias("median_s"),
        pl.col("stage_s").quantile(0.9, "linear").alias("p90_s"),
        pl.col("since_s").median().alias("since_median_s"),
        pl.col("since_s").quantile(0.9, "linear").alias("since_p90_s"),
        pl.col("late").is_not_null().sum().alias("stamped"),
        pl.col("late").not_().sum().alias("in_time"),
        pl.when(many).then(None).otherwise(pl.col("limit_s").first()).alias("limit_s"),
        *counts,
    )  # fmt: skip
    told = found.with_columns(pl.lit(stage).alias("stage")).sort("priority")
    return told.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
