"""Time stamps of every spelling are read into UTC, and what is no time is said to be none."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.station.clocks import Clock, DateOrder, is_local_format, read_stamps

SHANGHAI = Clock("Asia/Shanghai")
DETROIT = Clock("America/Detroit")
MORNING = datetime(2025, 3, 1, 0, 5, tzinfo=UTC)
SPELLINGS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %I:%M:%S %p",
    "%Y年%m月%d日 %H时%M分",
    "%Y年%m月%d日%H时%M分%S秒",
    "%Y.%m.%d %H:%M",
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
)


def one(text: object, clock: Clock = SHANGHAI) -> datetime | None:
    stamp = read_stamps(pl.Series([text]), clock).utc[0]
    assert stamp is None or isinstance(stamp, datetime)
    return stamp


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01 08:05:00",
        "2025-03-01 08:05",
        "2025/3/1 8:05",
        "2025.3.1 8:05",
        "2025年3月1日 8时5分",
        "2025年03月01日08时05分00秒",
        "2025年3月1日 8点5分",
        "2025年3月1日 上午8:05",
        "2025-03-01 上午 08:05",
        "2025-3-1 AM 8:05",
        "2025-03-01 8:05 am",
        "2025-03-01 8:05:00 a.m.",
        "20250301080500",
        "202503010805",
        "20250301 080500",
        "45717.336805556",
        "２０２５－０３－０１　０８：０５",
        " 2025-03-01 08:05:00 ",
        "2025-03-01T08:05:00+08:00",
        "2025-03-01T00:05:00Z",
        "2025-03-01T00:05:00.000000+0000",
        "2025-02-28 19:05 -0500",
    ],
)
def test_each_spelling_names_the_same_minute(text: str) -> None:
    """Every way to write five past eight in Shanghai gives five past midnight UTC."""
    assert one(text) == MORNING


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2025年3月1日 凌晨12时30分", 0),
        ("2025年3月1日 上午11时30分", 11),
        ("2025年3月1日 中午12时30分", 12),
        ("2025年3月1日 中午1时30分", 13),
        ("2025年3月1日 中午11时30分", 11),
        ("2025年3月1日 下午3时30分", 15),
        ("2025年3月1日 下午15时30分", 15),
        ("2025年3月1日 晚上8时30分", 20),
        ("2025-03-01 12:30 AM", 0),
        ("2025-03-01 12:30 PM", 12),
    ],
)
def test_half_days_are_counted_from_midnight(text: str, hour: int) -> None:
    """Twelve-hour clocks give the hour that people mean, also the Chinese words for parts of the day."""
    stamp = one(text)
    assert stamp is not None
    local = stamp.astimezone(ZoneInfo("Asia/Shanghai"))
    assert (local.day, local.hour, local.minute) == (1, hour, 30)


@pytest.mark.parametrize(
    ("order", "text"),
    [("mdy", "3/1/2025 8:05:00 AM"), ("mdy", "3/1/25 8:05"), ("dmy", "1/3/2025 08:05"), ("dmy", "1.3.2025 08:05")],
)
def test_the_order_of_day_and_month_is_the_sources(order: DateOrder, text: str) -> None:
    """The first of March is read as such where the source says whether day or month comes first."""
    assert one(text, Clock("Asia/Shanghai", date_order=order)) == MORNING


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01",
        "08:05",
        "2025-13-01 08:00",
        "2025-03-01 25:00",
        "3/1/2025 8:05",
        "昨天",
        "0",
        "2025年3月1日 晚上12时",
        "13800000000",
    ],
)
def test_what_is_no_time_is_reported(text: str) -> None:
    """A date without a time of day, an impossible date, an ambiguous order and a telephone number are unreadable."""
    read = read_stamps(pl.Series([text]), SHANGHAI)
    assert read.utc.to_list() == [None]
    assert read.unreadable.to_list() == [True]


def test_blank_is_missing_and_not_unreadable() -> None:
    """Empty and white cells are missing stamps."""
    read = read_stamps(pl.Series(["", "  ", "　", None]), SHANGHAI)
    assert read.utc.null_count() == 4
    assert not read.unreadable.any()


def test_the_hour_shown_twice_is_kept_in_both_readings() -> None:
    """At the end of summer time 01:30 is read as the first of two, and the second is given beside it."""
    read = read_stamps(pl.Series(["2025-11-02 01:30:00", "2025-11-02 03:30:00"]), DETROIT)
    assert read.utc.to_list() == [datetime(2025, 11, 2, 5, 30, tzinfo=UTC), datetime(2025, 11, 2, 8, 30, tzinfo=UTC)]
    assert read.later.to_list() == [datetime(2025, 11, 2, 6, 30, tzinfo=UTC), None]


def test_the_hour_never_shown_is_reported() -> None:
    """At the start of summer time 02:30 does not exist: no stamp, and flagged as skipped, not as unreadable."""
    read = read_stamps(pl.Series(["2025-03-09 02:30:00"]), DETROIT)
    assert read.utc.to_list() == [None]
    assert read.skipped.to_list() == [True]
    assert read.unreadable.to_list() == [False]


def test_an_offset_in_the_text_overrules_the_clock() -> None:
    """A text with its own offset is never ambiguous."""
    read = read_stamps(pl.Series(["2025-11-02T01:30:00-05:00"]), DETROIT)
    assert read.utc.to_list() == [datetime(2025, 11, 2, 6, 30, tzinfo=UTC)]
    assert read.later.to_list() == [None]


def test_typed_stamps_pass_through() -> None:
    """Naive datetimes are on the local clock, zoned ones are what they are, dates have no time of day."""
    naive = pl.Series([datetime(2025, 3, 1, 8, 5)])
    assert read_stamps(naive, SHANGHAI).utc.to_list() == [MORNING]
    assert read_stamps(naive.cast(pl.Datetime("ns")), SHANGHAI).utc.to_list() == [MORNING]
    assert read_stamps(naive.dt.replace_time_zone("America/New_York"), SHANGHAI).utc.to_list() == [
        datetime(2025, 3, 1, 13, 5, tzinfo=UTC)
    ]
    assert read_stamps(naive.dt.date(), SHANGHAI).unreadable.to_list() == [True]


def test_a_column_of_many_spellings_is_read_row_by_row() -> None:
    """Mixed spellings keep their rows."""
    texts = ["2025-03-01 08:05:00", "2025年3月1日 8时5分", None, "x", "45717.336805556", "2025/3/1 8:05"] * 50
    read = read_stamps(pl.Series(texts), SHANGHAI)
    assert read.utc.to_list() == [MORNING, MORNING, None, None, MORNING, MORNING] * 50
    assert int(read.unreadable.sum()) == 50


def test_an_empty_column_is_read() -> None:
    """No rows and only nulls give no stamps and no trouble."""
    assert len(read_stamps(pl.Series([], dtype=pl.String), SHANGHAI).utc) == 0
    assert read_stamps(pl.Series([None, None]), SHANGHAI).utc.to_list() == [None, None]


def test_own_formats_come_first() -> None:
    """A profile can name a format that nobody would guess."""
    assert one("01-Mar-2025 08:05", Clock("Asia/Shanghai", formats=("%d-%b-%Y %H:%M",))) == MORNING


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%H:%M", "%Y-%m-%d %H:%M%z", "no time", "%Q", ""])
def test_formats_without_date_and_time_are_refused(form: str) -> None:
    """A format must give date and time of day and no offset."""
    assert not is_local_format(form)


@settings(max_examples=60, deadline=None)
@given(
    moments=st.lists(st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1)), min_size=1, max_size=12),
    spelling=st.sampled_from(SPELLINGS),
)
def test_writing_and_reading_gives_the_same_minute(moments: list[datetime], spelling: str) -> None:
    """Whatever the spelling, reading undoes writing, to the minute, on a clock without summer time."""
    minutes = [moment.replace(second=0, microsecond=0) for moment in moments]
    texts = pl.Series(minutes).dt.strftime(spelling)
    read = read_stamps(texts, SHANGHAI).utc.dt.convert_time_zone("Asia/Shanghai").dt.replace_time_zone(None)
    assert read.to_list() == minutes


@settings(max_examples=60, deadline=None)
@given(moments=st.lists(st.datetimes(datetime(1992, 1, 1), datetime(2035, 1, 1)), min_size=1, max_size=12))
def test_local_time_and_back_on_a_clock_with_summer_time(moments: list[datetime]) -> None:
    """One of the two readings of a local time is always the moment it was written at."""
    utc = pl.Series(moments, dtype=pl.Datetime("us")).dt.replace_time_zone("UTC")
    read = read_stamps(utc.dt.convert_time_zone("America/Detroit").dt.replace_time_zone(None), DETROIT)
    assert not read.skipped.any()
    assert all(moment in pair for moment, *pair in zip(utc.to_list(), read.utc.to_list(), read.later.to_list(), strict=True))
