"""Data health counts what is odd, and says nothing where nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom

from qinwu.station.calls import REJECTED, SCHEMA, STAMPS, Calls, parts
from qinwu.station.durations import DURATIONS
from qinwu.station.health import HEAPED_EXPECTED, DataHealth, durations_health, health, heaping

START = datetime(2025, 3, 1, 0, 0, 7, tzinfo=UTC)
ORDINARY = {"dispatched": 45.0, "acknowledged": 60.0, "en_route": 95.0, "arrived": 400.0, "cleared": 2000.0}


def some_calls(
    count: int, seconds: Mapping[str, float | None] = ORDINARY, origin: str = "resident", rejected: tuple[str, ...] = ()
) -> Calls:
    """Return calls 41 minutes and 13 seconds apart, each stamp so many seconds after its call, plus a varying second."""
    received = [START + timedelta(minutes=41 * n, seconds=13 * n) for n in range(count)]
    columns: dict[str, list[object]] = {name: [None] * count for name in SCHEMA}
    columns |= {"call_id": [str(n) for n in range(count)], "received": list(received), "call_class": ["theft"] * count}
    columns |= {"priority": [1] * count, "atom": ["a1"] * count, "origin": [origin] * count}
    for stamp, after in seconds.items():
        columns[stamp] = [
            None if after is None else at + timedelta(seconds=after + n * STAMPS.index(stamp)) for n, at in enumerate(received)
        ]
    account = pl.DataFrame([("c.csv", n, reason, "") for n, reason in enumerate(rejected, 2)], schema=REJECTED, orient="row")
    return Calls(pl.DataFrame(columns, schema=SCHEMA), account, count + len(rejected), (), "Asia/Shanghai")


def warned(report: DataHealth) -> set[tuple[str, str]]:
    return {(check.code, check.about) for check in report.checks if check.severity != "note"}


def test_ordinary_calls_raise_no_warning() -> None:
    """A clean set has every check and not one warning."""
    report = health(some_calls(300), {1: 5})
    assert warned(report) == set()
    assert report.findings() == ()
    assert report.find("missing-stamp", "arrived").share == 0


@pytest.mark.parametrize(
    ("seconds", "code", "about"),
    [
        ({**ORDINARY, "arrived": 20.0}, "out-of-order", "en_route > arrived"),
        ({**ORDINARY, "cleared": 10.0}, "negative-part", "on_scene_s"),
        ({**ORDINARY, "dispatched": -30.0}, "negative-part", "dispatch_s"),
    ],
)
def test_stamps_out_of_order_are_counted(seconds: dict[str, float], code: str, about: str) -> None:
    """A stamp before the one it follows, and a part that runs backwards, are warned about with all their rows."""
    check = health(some_calls(5, seconds)).find(code, about)
    assert (check.count, check.of, check.severity) == (5, 5, "warning")


def test_missing_stamps_are_told_from_stamps_that_nobody_records() -> None:
    """A column without one stamp is a note; a stamp missing in half of the calls is a warning."""
    calls = some_calls(10, {"dispatched": 30.0, "arrived": 300.0})
    half = calls.table.with_columns(arrived=pl.when(pl.int_range(pl.len()) < 5).then("arrived"))
    report = health(Calls(half, calls.rejected, 10, (), "Asia/Shanghai"))
    assert (report.find("missing-stamp", "arrived").count, report.find("missing-stamp", "arrived").severity) == (5, "warning")
    assert report.find("no-stamp", "cleared").severity == "note"


def test_officers_own_calls_are_kept_out_of_response() -> None:
    """Zero travel is the nature of officer-initiated calls, and a question about the others."""
    at_once = {"dispatched": 0.0, "arrived": -2.0}
    officer, resident = some_calls(60, at_once, "officer"), some_calls(60, {"dispatched": 3.0, "arrived": 3.0})
    both = Calls(pl.concat([officer.table, resident.table]), officer.rejected, 120, (), "Asia/Shanghai")
    report = health(both)
    assert (report.find("officer-initiated").count, report.find("officer-initiated").of) == (60, 120)
    assert report.find("zero-travel").of == 60


def test_zero_travel_is_warned_about() -> None:
    """Crews that all arrive in the second of dispatch were written down, not timed."""
    calls = some_calls(60)
    same = calls.table.with_columns(arrived=pl.col("dispatched"))
    check = health(Calls(same, calls.rejected, 60, (), "Asia/Shanghai")).find("zero-travel")
    assert (check.share, check.severity) == (1.0, "warning")


def test_rejected_rows_are_counted_by_reason() -> None:
    """Shares are of all source rows."""
    report = health(some_calls(6, rejected=("outside-area", "outside-area", "unknown-class", "duplicate-call")))
    assert (report.find("rejected", "outside-area").share, report.find("rejected", "outside-area").severity) == (0.2, "warning")
    assert report.find("rejected", "duplicate-call").of == 10


def test_practically_everything_within_the_limit_is_suspicious() -> None:
    """A hundred per cent within five minutes deserves a look, ninety does not, and few calls prove nothing."""
    fast = some_calls(300, {"arrived": 100.0}).table.with_columns(
        arrived=pl.col("received") + pl.duration(seconds=pl.int_range(pl.len()) % 290)
    )
    mixed = fast.with_columns(
        arrived=pl.when(pl.int_range(pl.len()) % 10 == 0).then(pl.col("received") + timedelta(hours=1)).otherwise("arrived")
    )

    def wrap(table: pl.DataFrame) -> Calls:
        return Calls(table, pl.DataFrame(schema=REJECTED), len(table), (), "Asia/Shanghai")

    assert ("within-limit", "1") in warned(health(wrap(fast), {1: 5}))
    assert ("within-limit", "1") not in warned(health(wrap(mixed), {1: 5}))
    assert ("within-limit", "1") not in warned(health(wrap(fast.head(50)), {1: 5}))


def test_one_value_that_fills_a_part_is_found() -> None:
    """An on-scene time of exactly twenty minutes in every call is not a measurement."""
    calls = some_calls(80)
    constant = calls.table.with_columns(cleared=pl.col("arrived") + timedelta(minutes=20))
    report = health(Calls(constant, calls.rejected, 80, (), "Asia/Shanghai"))
    assert ("constant-part", "on_scene_s") in warned(report)
    assert "1200 s" in report.find("constant-part", "on_scene_s").text("en")


def test_heaping_follows_the_binomial_test() -> None:
    """The chance given is that of the binomial distribution; only rounding far beyond chance is warned about."""
    minutes = np.concatenate([np.arange(60).repeat(20), np.zeros(5)]).astype(int)
    stamps = pl.Series("arrived", [START.replace(minute=int(minute)) for minute in minutes])
    check = heaping(stamps, "Asia/Shanghai")
    assert (check.count, check.of, check.severity) == (45, 1205, "note")
    assert check.values["chance"] == pytest.approx(float(binom.sf(44, 1205, HEAPED_EXPECTED)))
    rounded = heaping(
        pl.concat([stamps, stamps.filter(stamps.dt.minute() == 30).sample(400, with_replacement=True, seed=1)]), "Asia/Shanghai"
    )
    assert rounded.severity == "warning"


def test_heaping_looks_at_the_local_clock() -> None:
    """Half an hour and three quarters are the same minute elsewhere: Nepal's clock is 5:45 ahead."""
    stamps = pl.Series("received", [START.replace(minute=15)] * 100)
    assert heaping(stamps, "Asia/Kathmandu").count == 100
    assert heaping(stamps, "Asia/Shanghai").count == 0
    assert heaping(stamps.head(0), "Asia/Shanghai").share == 0


def test_parts_that_do_not_add_up_are_counted_within_a_tolerance() -> None:
    """Sums are asked only where every part is there, and rounding is allowed for."""
    rows = [
        (10.0, 20.0, 30.0, 60.0, 100.0, 160.0),
        (10.0, 20.0, 30.0, 65.0, 100.0, 165.0),
        (10.0, -20.0, 30.0, 60.0, 100.0, 300.0),
        (None, 20.0, 30.0, 60.0, 100.0, 160.0),
    ]
    report = durations_health(pl.DataFrame(rows, schema=DURATIONS, orient="row"), tolerance_s=6.0)
    response, total = report.find("parts-do-not-add-up", "response_s"), report.find("parts-do-not-add-up", "total_s")
    assert [(check.count, check.of) for check in (response, total)] == [(1, 3), (1, 4)]
    assert (report.find("negative-part", "dispatch_s").count, report.find("missing-stamp", "intake_s").count) == (1, 1)


def test_parts_are_null_where_they_run_backwards() -> None:
    """Whoever fits on-scene times gets no negative ones, unless asked for."""
    table = some_calls(2, {**ORDINARY, "cleared": 100.0}).table
    assert parts(table)["on_scene_s"].to_list() == [None, None]
    assert parts(table, signed=True)["on_scene_s"].to_list() == [-300.0, -299.0]
    assert parts(table)["response_s"].to_list() == [400.0, 404.0]


def test_the_report_is_a_table_in_words() -> None:
    """One row per check, with words that name the numbers."""
    frame = health(some_calls(5, {**ORDINARY, "cleared": 10.0})).frame("en")
    assert frame.columns == ["check", "about", "count", "of", "share", "severity", "words"]
    row = frame.row(by_predicate=(pl.col("check") == "negative-part") & (pl.col("about") == "on_scene_s"), named=True)
    assert row["words"] == "time on scene is negative in 5 of 5 calls (100.0%)."
    with pytest.raises(KeyError):
        health(some_calls(5)).find("nothing")


def test_no_calls_are_healthy() -> None:
    """An empty table is checked without trouble."""
    assert warned(health(some_calls(0))) == set()
