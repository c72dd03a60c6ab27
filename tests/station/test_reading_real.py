"""The quality figures quoted for the public data come out of the reader and the health checks."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from qinwu.station.calls import Calls
from qinwu.station.config import StationConfig, Text
from qinwu.station.durations import read_durations
from qinwu.station.health import durations_health, health, heaping
from qinwu.station.profiles import load_profile
from qinwu.station.reading import read_files

DATA = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.is_dir(), reason="the public data folder ../shared/data is not beside the checkout"),
]
STATION = StationConfig(name=Text(zh="外地"))


@cache
def calls_of(profile: str, file: str) -> Calls:
    return read_files([DATA / file], load_profile(profile), STATION, None)


@cache
def detroit_components() -> pl.DataFrame:
    return read_durations([DATA / "detroit_time_components_2022_08.parquet"], load_profile("detroit_components"))


@cache
def alexandria() -> Calls:
    return calls_of("alexandria", "alexandria_calls_2025_aug_oct.parquet")


def last_eight_weeks(calls: Calls) -> Calls:
    """Return Sunday 7 September to Saturday 1 November 2025."""
    start = datetime(2025, 9, 7, 4, tzinfo=UTC)
    table = calls.table.filter(pl.col("received") >= start)
    return Calls(table, calls.rejected, len(table) + len(calls.rejected), (), calls.time_zone)


def test_every_detroit_row_is_read() -> None:
    """70,969 rows of elapsed times."""
    assert len(detroit_components()) == 70_969


def test_detroit_has_negative_parts_in_3_8_per_cent() -> None:
    """Of the rows with a dispatch time, 3.8 % have a negative one; no other part is ever negative."""
    report = durations_health(detroit_components())
    assert report.find("negative-part", "dispatch_s").share == pytest.approx(0.038, abs=0.0005)
    assert [check.about for check in report.checks if check.code == "negative-part" and check.count] == ["dispatch_s"]


def test_detroit_parts_do_not_add_up_in_19_9_per_cent() -> None:
    """The quoted 19.9 % is a tolerance of 0.6 minutes, where rows at exactly 0.6 fall either way by rounding."""
    above, from_on = (
        durations_health(detroit_components(), tolerance).find("parts-do-not-add-up", "response_s") for tolerance in (36.5, 35.5)
    )
    assert above.share < 0.199 < from_on.share
    assert from_on.share - above.share < 0.015
    minutes = detroit_components() / 60
    gap = (minutes["intake_s"] + minutes["dispatch_s"] + minutes["travel_s"] - minutes["response_s"]).abs()
    assert (gap.drop_nulls() > 0.6).mean() == pytest.approx(0.199, abs=0.01)


def test_alexandria_calls_have_no_arrival_in_11_per_cent() -> None:
    """11.9 % of the file, and the quoted 11.4 % of its last eight full weeks; officers' own calls included."""
    assert alexandria().table["arrived"].is_null().mean() == pytest.approx(0.119, abs=0.0005)
    assert last_eight_weeks(alexandria()).table["arrived"].is_null().mean() == pytest.approx(0.114, abs=0.0005)


def test_alexandria_calls_are_cleared_before_arrival_in_7_5_per_cent() -> None:
    """7.6 % of the file, and the quoted 7.5 % of its last eight full weeks: a first unit that left before another came."""
    for calls, share in ((alexandria(), 0.0759), (last_eight_weeks(alexandria()), 0.0753)):
        assert (calls.table["cleared"] < calls.table["arrived"]).fill_null(value=False).mean() == pytest.approx(share, abs=0.0005)
    check = health(alexandria()).find("out-of-order", "arrived > cleared")
    assert check.severity == "warning"
    assert check.share == pytest.approx(728 / 6264)


def test_alexandria_officers_arrive_in_the_moment_of_dispatch() -> None:
    """What officers start themselves has arrival = dispatch in 7 of 10 calls; what residents report, in 1 of 100."""
    table = alexandria().table.filter(pl.col("arrived").is_not_null())
    at_once = table.group_by("origin").agg((pl.col("arrived") == pl.col("dispatched")).mean().alias("share"))
    share = dict(at_once.iter_rows())
    assert share["officer"] > 0.75
    assert share["resident"] < 0.01
    report = health(alexandria())
    assert report.find("officer-initiated").count == 2061
    assert report.find("zero-travel").severity == "note"


def test_st_louis_crimes_are_heaped_on_the_hour() -> None:
    """Minute :00 in 34 to 35 % of recorded crimes, where one in sixty is expected."""
    occurred = pl.read_parquet(DATA / "stlouis_crime_2008_2015.parquet", columns=["occurred"])["occurred"]
    assert (occurred.dt.minute() == 0).mean() == pytest.approx(0.345, abs=0.005)
    check = heaping(occurred, "America/Chicago")
    assert (check.severity, check.share > 0.5) == ("warning", True)


def test_san_antonio_is_read_and_its_repeats_are_named() -> None:
    """Half a million calls, the same second, class and place being one call; the repeated hour of autumn is reported."""
    calls = calls_of("san_antonio", "san_antonio_calls_2022_2025_partial.parquet")
    assert calls.rows_read == 571_979 == len(calls) + len(calls.rejected)
    assert calls.rejected["reason"].unique().to_list() == ["duplicate-call"]
    assert len(calls.rejected) == 91
    assert "repeated-hour" in {finding.code for finding in calls.findings}
    assert health(calls).find("heaping", "received").severity == "note"


def test_detroit_priority_calls_keep_their_minutes() -> None:
    """Stamps made of minutes give the minutes back."""
    calls = calls_of("detroit_priority", "detroit_priority_calls.parquet")
    source = pl.read_parquet(DATA / "detroit_priority_calls.parquet")
    assert len(calls) == len(source) == 3749
    minutes = (calls.table["dispatched"] - calls.table["received"]).dt.total_milliseconds() / 60_000
    assert minutes.sort().drop_nulls().to_list() == pytest.approx(source["dispatch_min"].sort().drop_nulls().to_list(), abs=1e-3)
    assert calls.table["priority"].unique().to_list() == [1]
