"""The canonical table of calls: its columns, its order of stamps, its parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from qinwu.station.calls import PARTS, SCHEMA, STAMPS, TIME, parts

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def test_the_stamps_of_the_schema_are_in_the_order_of_a_call() -> None:
    """Six stamps in UTC, the received one first."""
    assert tuple(name for name, dtype in SCHEMA.items() if dtype == TIME) == STAMPS


def test_no_column_of_the_schema_holds_a_person_or_an_address() -> None:
    """The columns are exactly these; whoever adds one thinks about people first (guards.md, rows 1 to 3)."""
    others = {"call_id", "call_class", "priority", "atom", "officers_required", "origin"}
    assert set(SCHEMA) == {*STAMPS, *others}


def test_parts_join_the_stamps_they_are_named_for() -> None:
    """Response is dispatch plus travel, and the whole is response plus on-scene time, where every stamp is there."""
    after = dict(zip(STAMPS, (0, 40, 55, 60, 300, 2000), strict=True))
    table = pl.DataFrame({stamp: [NOON + timedelta(seconds=seconds)] for stamp, seconds in after.items()})
    part = parts(table).row(0, named=True)
    assert set(part) == set(PARTS)
    assert part["response_s"] == part["dispatch_s"] + part["travel_s"] == 300
    assert part["total_s"] == part["response_s"] + part["on_scene_s"] == 2000


def test_a_part_without_an_end_is_null() -> None:
    """A call nobody arrived at has a wait for dispatch and nothing more."""
    stamps = {"received": [NOON], "dispatched": [NOON], "arrived": [None], "cleared": [None]}
    table = pl.DataFrame(stamps, schema_overrides={"arrived": TIME, "cleared": TIME})
    assert parts(table).row(0, named=True) == {
        "dispatch_s": 0.0, "travel_s": None, "response_s": None, "on_scene_s": None, "total_s": None
    }  # fmt: skip
