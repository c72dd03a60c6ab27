"""Drafting: the columns of one source file turned into canonical columns, each row traceable to its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.call_files import RawTable, listed
from qinwu.station.calls import STAMPS, TIME
from qinwu.station.clocks import Clock, ReadStamps, plain_text, read_stamps
from qinwu.station.guards import forbidden_columns, forbidden_names, scrub
from qinwu.station.profiles import SECONDS, Profile, comparable, find_columns

TEXTS = ("call_id", "atom", "origin", "priority")
NUMBERS = ("lon", "lat", "x", "y", "officers_required")
PLACES = (("atom",), ("lon", "lat"), ("x", "y"))
MOST_OFFICERS = 99

Found = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """Rows of one file on their way to being calls.

    Parameters
    ----------
    table
        ``file``, ``row``, ``reason`` and ``value`` (null while a row is good), `TEXTS`, `NUMBERS`, the source's class words
        in ``class_0`` (finest), ``class_1`` …, stamps in UTC, and flags counted for the
        account: ``bad_`` stamp or officers, ``repeated_hour``, ``moved``.
    findings
        What was seen on the way.
    """

    table: pl.DataFrame
    findings: tuple[Finding, ...]


def draft(raw: RawTable, profile: Profile, time_zone: str, placed: bool) -> Draft:
    """Return the canonical columns of `raw`.

    Parameters
    ----------
    raw, profile
        The source and how to read it.
    time_zone
        The station's clock.
    placed
        Whether every row needs a place.

    Raises
    ------
    QinwuError
        Where a needed column is missing, or the file is a list of people.
    """
    guard = forbidden_columns(raw.table.columns, raw.file)
    source = raw.table.drop(forbidden_names(raw.table.columns))
    found = find_columns(source.columns, profile.columns.items())
    errors = [each for each in guard if each.severity == "error"] or _missing(found, source.columns, profile, placed, raw.file)
    if errors:
        raise QinwuError([*errors, *(each for each in guard if each.severity != "error")])
    clock = Clock(profile.time_zone or time_zone, profile.time_formats, profile.date_order)
    origin = pl.DataFrame({"row": raw.row}).select(
        file=pl.lit(raw.file), row="row", reason=pl.lit(None, pl.String), value=pl.lit(None, pl.String)
    )
    columns = [origin, _words(source, found), _numbers(source, found), _stamps(source, found, profile, clock)]
    table = _reject_by_received(pl.concat(columns, how="horizontal"))
    return Draft(pl.concat([table, _ragged(raw)], how="diagonal"), (*guard, *_unused(source.columns, found, profile, raw.file)))


def reject(table: pl.DataFrame, condition: pl.Expr, reason: str, value: pl.Expr) -> pl.DataFrame:
    """Return `table` with `reason` and `value` set where `condition` holds and no earlier reason stands."""
    hit = pl.col("reason").is_null() & condition.fill_null(value=False)
    return table.with_columns(
        reason=pl.when(hit).then(pl.lit(reason)).otherwise("reason"),
        value=pl.when(hit).then(scrub(value.cast(pl.String)).fill_null("")).otherwise("value"),
    )


def _reject_by_received(table: pl.DataFrame) -> pl.DataFrame:
    table = reject(table, pl.col("skipped_received"), "skipped-hour", pl.col("text_received"))
    table = reject(table, pl.col("bad_received"), "unreadable-time", pl.col("text_received"))
    return reject(table, pl.col("received").is_null(), "missing-received", pl.lit("")).drop("text_received", "skipped_received")


def _ragged(raw: RawTable) -> pl.DataFrame:
    """Return one rejected row for every source row with more fields than the header."""
    rows = {"row": [row for row, _ in raw.ragged], "value": [str(fields) for _, fields in raw.ragged]}
    return pl.DataFrame(rows, schema={"row": pl.UInt32, "value": pl.String}).select(
        "row", "value", file=pl.lit(raw.file), reason=pl.lit("too-many-fields")
    )


def _words(source: pl.DataFrame, found: Found) -> pl.DataFrame:
    texts = [
        plain_text(source[found[name][0]]).alias(name) if name in found else _nothing(source, name, pl.String()) for name in TEXTS
    ]
    levels = [plain_text(source[name]).alias(f"class_{level}") for level, name in enumerate(found.get("call_class", ()))]
    return pl.DataFrame([*texts, *levels])


def _numbers(source: pl.DataFrame, found: Found) -> pl.DataFrame:
    """Return the numbers; a count of officers that is no whole number from 1 to `MOST_OFFICERS` is null and flagged."""
    numbers = pl.DataFrame(
        [number(source[found[name][0]]).alias(name) if name in found else _nothing(source, name, pl.Float64()) for name in NUMBERS]
    )
    officers = pl.col("officers_required")
    sound = officers.is_between(1, MOST_OFFICERS) & (officers == officers.round())
    return numbers.with_columns(pl.when(sound).then(officers), bad_officers=~sound.fill_null(value=True))


def number(column: pl.Series) -> pl.Series:
    """Return `column` as floats, null where it holds no finite number."""
    values = column if column.dtype.is_numeric() else plain_text(column)
    floats = values.cast(pl.Float64, strict=False)
    return floats.to_frame("n").select(pl.when(pl.col("n").is_finite()).then("n")).to_series()


def _nothing(source: pl.DataFrame, name: str, dtype: pl.DataType) -> pl.Series:
    return pl.repeat(None, len(source), dtype=dtype, eager=True).alias(name)


def _stamps(source: pl.DataFrame, found: Found, profile: Profile, clock: Clock) -> pl.DataFrame:
    """Return the six stamps with their flags; an hour shown twice is read as the first one that is not before the call."""
    columns = {stamp: column for stamp in STAMPS if (column := _stamp_source(source, stamp, found, profile)) is not None}
    read = {stamp: read_stamps(column, clock) for stamp, column in columns.items()}
    table = pl.DataFrame([read[stamp].utc.alias(stamp) if stamp in read else _nothing(source, stamp, TIME) for stamp in STAMPS])
    table = _after_received(table, read)
    for stamp, offset in profile.offset.items():
        elapsed = number(source[offset.column]) if offset.column in source.columns else _nothing(source, "", pl.Float64())
        micros = (elapsed * SECONDS[offset.unit] * 1e6).round().cast(pl.Int64)
        table = table.with_columns((pl.col(offset.after) + micros.cast(pl.Duration("us"))).alias(stamp))
    none = pl.repeat(False, len(source), eager=True)
    return table.with_columns(
        *((read[stamp].unreadable | read[stamp].skipped if stamp in read else none).alias(f"bad_{stamp}") for stamp in STAMPS),
        read["received"].later.is_not_null().alias("repeated_hour"),
        none.alias("moved"),
        read["received"].skipped.alias("skipped_received"),
        columns["received"].cast(pl.String).alias("text_received"),
    )


def _stamp_source(source: pl.DataFrame, stamp: str, found: Found, profile: Profile) -> pl.Series | None:
    if stamp in found:
        return source[found[stamp][0]]
    join = next((join for name, join in profile.join.items() if name == stamp), None)
    halves = find_columns(source.columns, [("date", (join.date,)), ("time", (join.time,))]) if join else {}
    if len(halves) < 2:
        return None
    date, time = (plain_text(source[halves[half][0]]) for half in ("date", "time"))
    return date.str.extract(r"^(\S+)") + " " + time.str.extract(r"(?:^\S+ )?(.+)$")


def _after_received(table: pl.DataFrame, read: Mapping[str, ReadStamps]) -> pl.DataFrame:
    second = {stamp: each.later for stamp, each in read.items() if stamp != "received" and each.later.null_count() < len(table)}
    return table.with_columns(
        pl.when((pl.col(stamp) < pl.col("received")) & later.is_not_null()).then(later).otherwise(pl.col(stamp)).alias(stamp)
        for stamp, later in second.items()
    )


def _missing(found: Found, headers: Sequence[str], profile: Profile, placed: bool, file: str) -> list[Finding]:
    """Return one error for every column that the work cannot do without."""
    lacking = [] if "received" in found or "received" in profile.join else ["received"]
    lacking += [] if "call_class" in found or profile.constants.call_class else ["call_class"]
    lacking += [] if not placed or any(all(name in found for name in place) for place in PLACES) else ["atom"]
    return [_missing_column(name, headers, profile, file) for name in lacking]


def _missing_column(name: str, headers: Sequence[str], profile: Profile, file: str) -> Finding:
    wanted = next((words for target, words in profile.columns.items() if target == name), ()) or (name,)
    guess = next((near for word in wanted if (near := did_you_mean(word, headers))), "")
    message = N_("No column holds {column}; the profile looks for {wanted}.")
    remedy = N_("Is it {guess}? Name it in the profile under columns.{column}.") if guess else N_("The file has: {headers}.")
    values = {"column": name, "wanted": ", ".join(wanted), "guess": guess, "headers": listed(headers)}
    return Finding("missing-column", "error", message, remedy, Place(file, key=name), values)


def _unused(headers: Sequence[str], found: Found, profile: Profile, file: str) -> list[Finding]:
    known = {comparable(word) for word in (*profile.drop, *(offset.column for offset in profile.offset.values()))}
    known |= {comparable(part) for join in profile.join.values() for part in (join.date, join.time)}
    used = {name for names in found.values() for name in names}
    unused = [name for name in headers if name not in used and comparable(name) not in known]
    message = N_("Columns not used: {columns}.")
    return [Finding("columns-not-used", "note", message, "", Place(file), {"columns": listed(unused)})] if unused else []
