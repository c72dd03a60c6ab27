"""Clocks: time stamps as people write them, read into UTC.

Exports write the same minute as ``2025-03-01 08:05:00``, ``2025/3/1 8:05``, ``2025年3月1日 8时5分``, ``3/1/2025 8:05 AM``,
``20250301080500`` or the Excel number ``45717.336806``. The commonest spelling of a column is read in one vectorised
pass; what is left goes, once per distinct text, through one grammar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

from qinwu.station.calls import TIME

DateOrder = Literal["ymd", "mdy", "dmy"]
NAIVE = pl.Datetime("us")

_ISO = "%Y-%m-%dT%H:%M:%S%.f"
_ISO_ZONED = "%Y-%m-%dT%H:%M:%S%.f%#z"
_DATE_FORMATS: dict[DateOrder, tuple[str, ...]] = {
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y"),
    "dmy": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"),
}
_TIME_FORMATS = ("%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H时%M分%S秒", "%H时%M分")
_FIRST_YEAR = 1900
_SAMPLE = 200
_PASSES = 3
_LEFT = pl.col("text").is_not_null() & pl.col("local").is_null() & pl.col("zoned").is_null()
_EXCEL_SERIAL = r"^[2-7]\d{4}(?:\.\d+)?$"
_DATE: dict[DateOrder, str] = {
    "ymd": r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    "mdy": r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
    "dmy": r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
}
_HOUR = (
    r"[ ,T]*(?P<before>AM|NOON|PM|EVE)? *(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}(?:\.\d{1,9})?))?"
    r" *(?P<after>AM|PM)? *(?P<zone>Z|[+-]\d{2}:?\d{2})?$"
)
_WORDS = (
    (r"[年月]", "-"),
    (r"[日号]", " "),
    (r"[时点]", ":"),
    (r"分钟?", ":"),
    (r"秒", ""),
    (r"凌晨|清晨|早上|早晨|上午|A\.M\.?", "AM"),
    (r"中午", "NOON"),
    (r"下午|傍晚|P\.M\.?", "PM"),
    (r"晚上", "EVE"),
    (r"^(\d{4})(\d\d)(\d\d)[ T]?(\d\d)(\d\d)(\d\d)$", "${1}-${2}-${3} ${4}:${5}:${6}"),
    (r"^(\d{4})(\d\d)(\d\d)[ T]?(\d\d)(\d\d)$", "${1}-${2}-${3} ${4}:${5}"),
    (r"([ T](?:AM|NOON|PM|EVE)? *\d{1,2}): *$", "${1}:00"),
    (r": *$", ""),
    (r"\s+", " "),
)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a source writes its times.

    Parameters
    ----------
    time_zone
        IANA name of the clock behind texts that carry no offset of their own.
    formats
        ``strptime`` formats tried before the usual ones, all without an offset.
    date_order
        Order of day, month and year where the year does not come first.
    """

    time_zone: str
    formats: tuple[str, ...] = ()
    date_order: DateOrder = "ymd"


@dataclass(frozen=True, slots=True)
class ReadStamps:
    """One column of time stamps after reading.

    Parameters
    ----------
    utc
        The stamps; where the local clock showed the hour twice (end of summer time), the first of the two.
    later
        The second of the two in those rows, null elsewhere.
    unreadable
        True where the source has something that is no time, or a date without a time of day.
    skipped
        True where the local clock never showed that hour (start of summer time); such stamps are null.
    """

    utc: pl.Series
    later: pl.Series
    unreadable: pl.Series
    skipped: pl.Series


def read_stamps(column: pl.Series, clock: Clock) -> ReadStamps:
    """Read one column of any type into UTC stamps.

    >>> texts = pl.Series(["2025-03-01 08:05:00", "2025年3月1日 下午3时5分", "３/1", None])
    >>> read = read_stamps(texts, Clock("Asia/Shanghai"))
    >>> read.utc.dt.strftime("%H:%M").to_list(), read.unreadable.to_list()
    (['00:05', '07:05', None, None], [False, False, True, False])
    """
    stamps = _parse(column, clock).select(
        "present",
        "local",
        first=pl.coalesce("zoned", _to_utc(clock.time_zone, "earliest")),
        last=pl.coalesce("zoned", _to_utc(clock.time_zone, "latest")),
    )
    read = stamps.select(
        utc="first",
        later=pl.when(pl.col("last") != pl.col("first")).then("last"),
        unreadable=pl.col("present") & pl.col("first").is_null() & pl.col("local").is_null(),
        skipped=pl.col("local").is_not_null() & pl.col("first").is_null(),
    )
    return ReadStamps(read["utc"], read["later"], read["unreadable"], read["skipped"])


def _to_utc(time_zone: str, ambiguous: Literal["earliest", "latest"]) -> pl.Expr:
    local = pl.col("local").dt.replace_time_zone(time_zone, ambiguous=ambiguous, non_existent="null")
    return local.dt.convert_time_zone("UTC").cast(TIME)


def _parse(column: pl.Series, clock: Clock) -> pl.DataFrame:
    """Return columns ``present`` (anything there), ``local`` (naive) and ``zoned`` (UTC), the last two exclusive."""
    if isinstance(column.dtype, pl.Datetime):
        naive = column.dtype.time_zone is None
        value = pl.col("t").cast(NAIVE) if naive else pl.col("t").dt.convert_time_zone("UTC").cast(TIME)
        return column.to_frame("t").select(
            present=pl.col("t").is_not_null(),
            local=value if naive else pl.lit(None, NAIVE),
            zoned=pl.lit(None, TIME) if naive else value,
        )
    return _parse_text(plain_text(column), clock)


def is_local_format(form: str) -> bool:
    """Return whether `form` is a ``strptime`` format that reads a date and a time of day without an offset.

    >>> is_local_format("%d-%b-%Y %H:%M"), is_local_format("%Y-%m-%d"), is_local_format("%Y-%m-%d %H:%M%z")
    (True, False, False)
    """
    noon = pl.Series([datetime(2025, 3, 1, 12, 5)])
    try:
        read = noon.dt.strftime(form).str.to_datetime(form, time_unit="us", strict=False)
    except pl.exceptions.PolarsError:
        return False
    return read.dtype == NAIVE and read.to_list() == noon.to_list()


def plain_text(column: pl.Series) -> pl.Series:
    """Return `column` as text with half-width digits and punctuation, trimmed, null where blank."""
    text = column.cast(pl.String)
    if text.str.contains(r"[^ -~]|^\s|\s$|^$").any():
        text = text.str.normalize("NFKC").str.strip_chars().replace("", None)
    return text


def _parse_text(text: pl.Series, clock: Clock) -> pl.DataFrame:
    """Read with the commonest format, then with the commonest of what is left, and the rest through the grammar."""
    read = text.to_frame("text").with_columns(local=pl.lit(None, NAIVE), zoned=pl.lit(None, TIME))
    formats = (*clock.formats, *_usual_formats(clock.date_order))
    for _ in range(_PASSES):
        form, hits = _commonest_format(read.filter(_LEFT)["text"], formats)
        if not hits:
            break
        read = read.with_columns(_by_format(form))
    if read.select(_LEFT.any()).item():
        rest = _grammar(read.filter(_LEFT)["text"].unique(), clock.date_order)
        read = read.join(rest, on="text", how="left", suffix="_rest", maintain_order="left")
        read = read.with_columns(local=pl.coalesce("local", "local_rest"), zoned=pl.coalesce("zoned", "zoned_rest"))
    return read.select("local", "zoned", present=pl.col("text").is_not_null())


def _usual_formats(order: DateOrder) -> list[str]:
    dates = [*_DATE_FORMATS["ymd"], *(_DATE_FORMATS[order] if order != "ymd" else ())]
    return [_ISO_ZONED, _ISO, *(f"{date} {time}" for date in dates for time in _TIME_FORMATS)]


def _commonest_format(text: pl.Series, formats: Sequence[str]) -> tuple[str, int]:
    """Return the format that reads most of a sample spread over `text`, and how many it reads."""
    sample = text.gather_every(max(len(text) // _SAMPLE, 1)).to_frame("text")
    counts = sample.select(_datetime(form).count().alias(form) for form in formats).row(0)
    return max(zip(formats, counts, strict=True), key=lambda pair: pair[1])


def _datetime(form: str) -> pl.Expr:
    """Read ``text``; a year written with two digits is not one of the first century, but for the grammar to read."""
    read = pl.col("text").str.to_datetime(form, time_unit="us", strict=False)
    return pl.when(read.dt.year() >= _FIRST_YEAR).then(read)


def _by_format(form: str) -> pl.Expr:
    read = pl.when(_LEFT).then(_datetime(form))
    return pl.coalesce("zoned", read.cast(TIME)).alias("zoned") if form == _ISO_ZONED else pl.coalesce("local", read).alias("local")


def _grammar(texts: pl.Series, order: DateOrder) -> pl.DataFrame:
    """Read distinct texts word by word: columns ``text``, ``local``, ``zoned``."""
    words = pl.col("text").str.to_uppercase()
    for pattern, replacement in _WORDS:
        words = words.str.replace_all(pattern, replacement)
    patterns = [_DATE["ymd"], *([_DATE[order]] if order != "ymd" else [])]
    parts = [words.str.strip_chars().str.extract_groups(f"^{date}{_HOUR}") for date in patterns]
    read = [_from_parts(part) for part in parts]
    local = pl.coalesce(*(stamp for stamp, _ in read), _from_excel(pl.col("text")))
    return texts.to_frame("text").select("text", local=local, zoned=pl.coalesce(*(stamp for _, stamp in read)))


def _from_parts(parts: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the naive and the zoned stamp of one match."""
    part = parts.struct.field
    year = pl.when(part("year").str.len_chars() == 2).then("20" + part("year")).otherwise(part("year"))
    hour = _hour_of_day(part("hour").cast(pl.Int32), pl.coalesce(part("before"), part("after"))).cast(pl.String)
    text = pl.format("{}-{}-{} {}:{}:{}", year, part("month"), part("day"), hour, part("minute"), part("second").fill_null("00"))
    local = pl.when(part("zone").is_null()).then(text.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False))
    zoned = (text + part("zone")).str.to_datetime("%Y-%m-%d %H:%M:%S%.f%#z", time_unit="us", strict=False).cast(TIME)
    return local, zoned


def _hour_of_day(hour: pl.Expr, half: pl.Expr) -> pl.Expr:
    """Return the hour 0-23; 12 AM is midnight, 中午1点 is 13, 晚上12点 is left unread because it names no date."""
    return (
        pl.when((half == "AM") & (hour == 12))
        .then(0)
        .when((half == "EVE") & (hour == 12))
        .then(None)
        .when(half.is_in(["PM", "EVE"]) & (hour < 12))
        .then(hour + 12)
        .when((half == "NOON") & (hour <= 3))
        .then(hour + 12)
        .otherwise(hour)
    )


def _from_excel(text: pl.Expr) -> pl.Expr:
    """Return the stamp of an Excel day number (1900 system), to the nearest second."""
    days = pl.when(text.str.contains(_EXCEL_SERIAL)).then(text.cast(pl.Float64, strict=False))
    seconds = (days * 86_400).round().cast(pl.Int64)
    return pl.datetime(1899, 12, 30, time_unit="us") + pl.duration(seconds=seconds)
