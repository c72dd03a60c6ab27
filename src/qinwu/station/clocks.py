"""Clocks: time stamps as people write them, read into UTC.

Exports write the same minute as ``2025-03-01 08:05:00``, ``2025/3/1 8:05``, ``2025年3月1日 8时5分``, ``3/1/2025 8:05 AM``,
``20250301080500`` or the Excel number ``45717.336806``. The commonest spelling of a column is read in one vectorised
pass; what is left goes, once per distinct text, through one grammar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from qinwu.station.calls import TIME

DateOrder = Literal["ymd", "mdy", "dmy"]
NAIVE = pl.Datetime("us")

USUAL_FORMATS = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
)
_SAMPLE = 200
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
        ``strptime`` formats tried before the usual ones.
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


def plain_text(column: pl.Series) -> pl.Series:
    """Return `column` as text with half-width digits and punctuation, trimmed, null where blank."""
    text = column.cast(pl.String)
    if text.str.contains(r"[^ -~]|^\s|\s$|^$").any():
        text = text.str.normalize("NFKC").str.strip_chars().replace("", None)
    return text


def _parse_text(text: pl.Series, clock: Clock) -> pl.DataFrame:
    """Read the commonest format in one pass, and every distinct remaining text through the grammar."""
    fast = _read_format(text, _commonest_format(text, clock))
    left = fast.with_row_index("at").filter(pl.col("text").is_not_null() & pl.col("local").is_null() & pl.col("zoned").is_null())
    if len(left):
        slow = left.select("at", "text").join(_grammar(left["text"].unique(), clock.date_order), on="text", how="left")
        fast = fast.with_row_index("at").join(slow.drop("text"), on="at", how="left", suffix="_slow", maintain_order="left")
        fast = fast.with_columns(local=pl.coalesce("local", "local_slow"), zoned=pl.coalesce("zoned", "zoned_slow"))
    return fast.select("local", "zoned", present=pl.col("text").is_not_null())


def _commonest_format(text: pl.Series, clock: Clock) -> str:
    sample = text.drop_nulls().head(_SAMPLE)
    return max((*clock.formats, *USUAL_FORMATS), key=lambda form: _to_datetime(sample, form).count())


def _to_datetime(text: pl.Series, form: str) -> pl.Series:
    return text.str.to_datetime(form, time_unit="us", strict=False)


def _read_format(text: pl.Series, form: str) -> pl.DataFrame:
    read = _to_datetime(text, form).alias("read")
    zoned = isinstance(read.dtype, pl.Datetime) and read.dtype.time_zone is not None
    return pl.DataFrame([text.alias("text"), read]).select(
        "text",
        local=pl.lit(None, NAIVE) if zoned else pl.col("read"),
        zoned=pl.col("read").cast(TIME) if zoned else pl.lit(None, TIME),
    )


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
