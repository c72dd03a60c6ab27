"""Stages: the time chain of many calls, against counts made by hand and by numpy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from qinwu.station.calls import SCHEMA, STAMPS
from qinwu.station.stages import STAGES, STATES, in_stage, stage_figures, stage_named
from qinwu.station.time_chain import time_chain

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
LIMITS = {1: 5.0, 3: 30.0}


def call(number: int, priority: int, **after_s: float) -> dict[str, Any]:
    """Return a call at noon with the stamps given, in seconds after it."""
    stamps = {stamp: NOON + timedelta(seconds=after_s[stamp]) if stamp in after_s else None for stamp in STAMPS}
    base = {"call_id": str(number), "call_class": "help", "priority": priority, "atom": "a1", "origin": "resident"}
    return base | stamps | {"received": NOON}


def table_of(*calls: dict[str, Any]) -> pl.DataFrame:
    """Return calls as a station keeps them."""
    return pl.DataFrame([{name: one.get(name) for name in SCHEMA} for one in calls], schema=SCHEMA)


FOUR = (
    call(1, 1, dispatched=30, acknowledged=40, en_route=60, arrived=240, cleared=900),
    call(2, 1, dispatched=60, en_route=90, arrived=400, cleared=1000),
    call(3, 3, dispatched=500, acknowledged=490, en_route=520, cleared=700),
    call(4, 3),
)


def row(figures: pl.DataFrame, stage: str, priority: int) -> dict[str, Any]:
    """Return the figures of one stage and priority."""
    return figures.row(by_predicate=(pl.col("stage") == stage) & (pl.col("priority") == priority), named=True)


def test_each_call_is_told_of_once_in_each_stage() -> None:
    """Timed, missing, without a beginning, backwards and not given add up to the calls."""
    figures = stage_figures(table_of(*FOUR), LIMITS)
    assert (figures.select(pl.sum_horizontal(STATES)).to_series() == figures["calls"]).all()
    assert figures["stage"].unique(maintain_order=True).to_list() == [stage.name for stage in STAGES]


@pytest.mark.parametrize(
    ("stage", "states"),
    [
        ("dispatch", ["timed", "timed", "timed", "not_given"]),
        ("acknowledge", ["timed", "lacking", "backwards", "not_given"]),
        ("turnout", ["timed", "no_start", "timed", "not_given"]),
        ("travel", ["timed", "timed", "lacking", "not_given"]),
        ("on_scene", ["timed", "timed", "no_start", "not_given"]),
        ("whole", ["timed", "timed", "timed", "not_given"]),
    ],
)
def test_what_a_stamp_lacks_is_named(stage: str, states: list[str]) -> None:
    """A stamp is missing where a later one was given; not given where none was."""
    found = stage_named(stage)
    assert found is not None
    assert in_stage(table_of(*FOUR), found, LIMITS)["state"].to_list() == states


def test_taking_down_is_told_where_it_is_known() -> None:
    """With the time at which a call was taken down, sending has two parts; without, nothing is called missing."""
    accepted = pl.Series("accepted", [NOON + timedelta(seconds=10), None, NOON + timedelta(seconds=-5), None], SCHEMA["received"])
    figures = stage_figures(table_of(*FOUR).with_columns(accepted), LIMITS)
    assert (row(figures, "accept", 1)["timed"], row(figures, "accept", 1)["median_s"]) == (1, 10.0)
    assert (row(figures, "assign", 1)["timed"], row(figures, "assign", 1)["median_s"]) == (1, 20.0)
    assert row(figures, "accept", 3)["backwards"] == 1
    assert [row(figures, "accept", 0)[state] for state in ("lacking", "not_given")] == [0, 2]
    unknown = stage_figures(table_of(*FOUR), LIMITS)
    assert (row(unknown, "accept", 0)["not_given"], row(unknown, "accept", 0)["lacking"]) == (4, 0)


def test_a_promise_is_kept_or_not_at_each_stamp_up_to_the_arrival() -> None:
    """The second urgent call was sent in time and reached too late; afterwards nothing is promised."""
    figures = stage_figures(table_of(*FOUR), LIMITS)
    kept = {stage.name: (row(figures, stage.name, 1)["in_time"], row(figures, stage.name, 1)["stamped"]) for stage in STAGES}
    assert kept["dispatch"] == kept["turnout"] == (2, 2)
    assert kept["travel"] == kept["response"] == (1, 2)
    assert kept["on_scene"] == kept["whole"] == (0, 0)
    assert row(figures, "response", 1)["limit_s"] == 300.0
    assert row(figures, "response", 0)["limit_s"] is None


def test_quantiles_are_those_of_numpy_and_delays_those_of_the_chain() -> None:
    """On calls with every stamp median and 90th percentile of each stage agree with one call's chain, taken by numpy."""
    rng = np.random.default_rng(7)
    calls = [
        call(number, 1, **dict(zip(STAMPS[1:], np.round(rng.exponential(200.0, 5)).cumsum().tolist(), strict=True)))
        for number in range(60)
    ]
    figures = stage_figures(table_of(*calls), LIMITS)
    by_stamp: dict[str, list[Any]] = {link.stamp: [] for link in time_chain(calls[0])}
    for one in calls:
        for link in time_chain(one):
            by_stamp[link.stamp].append(link.delay_s)
    for stage in STAGES:
        if stage.name in ("dispatch", "acknowledge", "turnout", "travel", "on_scene"):
            found = row(figures, stage.name, 1)
            assert [found["median_s"], found["p90_s"]] == pytest.approx(np.quantile(by_stamp[stage.end], [0.5, 0.9]))


def test_no_calls_have_no_figures() -> None:
    """An empty table gives an empty one."""
    assert stage_figures(table_of(), LIMITS).is_empty()
