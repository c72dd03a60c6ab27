"""What the reader tells about a whole reading: how many rows were left out and why, and which stamps could not be used."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from qinwu.findings import Finding, Place, Severity, did_you_mean
from qinwu.language import N_
from qinwu.station.calls import STAMPS
from qinwu.station.config import StationConfig

_SHOWN_CLASSES = 20
_REASONS: dict[str, tuple[str, str]] = {
    "missing-received": (N_("{count} row(s) have no received time; left out."), N_("The first is row {row}.")),
    "unreadable-time": (
        N_("{count} row(s) have a received time that cannot be read, such as {value}; left out."),
        N_("Set time_formats or date_order in the profile if many are alike."),
    ),
    "skipped-hour": (
        N_("{count} row(s) were received in an hour that the clock skipped at the start of summer time; left out."),
        N_("Check time_zone in station.toml."),
    ),
    "missing-class": (N_("{count} row(s) have no class; left out."), N_("Set calls.default_class to keep them.")),
    "unknown-class": (
        N_("{count} row(s) have a class not known here; left out."),
        N_("Map them in calls.class_map, or set calls.default_class."),
    ),
    "missing-place": (N_("{count} row(s) have no place; left out."), N_("The first is row {row}.")),
    "unknown-atom": (
        N_("{count} row(s) name an atom that does not exist, such as {value}; left out."),
        N_("Compare with the ids in the atoms file."),
    ),
    "outside-area": (
        N_("{count} row(s) lie outside the area, such as {value}; left out."),
        N_("If there are many, check coordinates in station.toml: WGS84, GCJ-02, BD-09 or EPSG:n."),
    ),
    "call-in-the-future": (
        N_("{count} row(s) were received in the future, such as {value}; left out."),
        N_("Check the date and time_zone in station.toml."),
    ),
    "duplicate-call": (N_("{count} row(s) repeat an earlier call; left out."), N_("The first is row {row}.")),
    "too-many-fields": (
        N_("{count} row(s) have more fields than the header; left out."),
        N_("Put quotes round text that contains the separator."),
    ),
}

_ODDITIES: dict[str, tuple[str, Severity, str]] = {
    "repeated_hour": (
        "repeated-hour",
        "note",
        N_("{count} call(s) fall in the hour shown twice at the end of summer time; read as the first."),
    ),
    "moved": ("placed-nearest", "note", N_("{count} call(s) lie just outside every atom; given to the nearest.")),
    "bad_priority": (
        "unknown-priority",
        "warning",
        N_("{count} call(s) have a priority that is not known; that of their class is used."),
    ),
    "bad_officers": (
        "unknown-officers",
        "warning",
        N_("{count} call(s) have a number of officers that cannot be right; left empty."),
    ),
    "renamed": (
        "repeated-id",
        "note",
        N_("{count} call(s) have an id used before for another time; file and row were added to it."),
    ),
}


def reading_findings(table: pl.DataFrame, config: StationConfig) -> tuple[Finding, ...]:
    """Return the findings of one reading.

    Parameters
    ----------
    table
        All source rows as drafted, with ``reason`` where they are rejected.
    config
        The station's description.
    """
    return (*_rejections(table), *_unknown_classes(table, config), *_stamps(table), *_oddities(table), *_nothing_left(table))


def _rejections(table: pl.DataFrame) -> Iterator[Finding]:
    counts = table.filter(pl.col("reason").is_not_null()).group_by("reason", maintain_order=True)
    for (reason,), rows in counts:
        message, remedy = _REASONS[str(reason)]
        values = {"count": len(rows), "row": rows["row"][0], "value": rows["value"][0]}
        yield Finding(str(reason), "warning", message, remedy, Place(rows["file"][0], rows["row"][0]), values)


def _unknown_classes(table: pl.DataFrame, config: StationConfig) -> Iterator[Finding]:
    """Name the unknown classes, the most frequent first, each with the nearest known one."""
    known = [word for each in config.call_class for word in (each.id, each.name.zh, each.name.en) if word]
    unknown = table.filter(pl.col("reason") == "unknown-class").group_by("value").agg(pl.len(), pl.col("file", "row").first())
    for word, count, file, row in unknown.sort("len", "value", descending=[True, False]).head(_SHOWN_CLASSES).iter_rows():
        guess = did_you_mean(word, known)
        remedy = (
            N_("Did you mean {guess}?") if guess else N_('Write in station.toml: [calls.class_map] "{value}" = one of {known}.')
        )
        values = {"value": word, "count": count, "guess": guess, "known": ", ".join(each.id for each in config.call_class)}
        yield Finding("unknown-class-word", "warning", N_("Class {value}: {count} row(s)."), remedy, Place(file, row), values)


def _stamps(table: pl.DataFrame) -> Iterator[Finding]:
    message = N_("{count} stamp(s) in {column} cannot be read; left empty, the calls are kept.")
    for stamp in STAMPS[1:]:
        yield from _counted(table, f"bad_{stamp}", "unreadable-stamp", "warning", message, stamp)


def _oddities(table: pl.DataFrame) -> Iterator[Finding]:
    for flag, (code, severity, message) in _ODDITIES.items():
        yield from _counted(table, flag, code, severity, message)


def _counted(table: pl.DataFrame, flag: str, code: str, severity: Severity, message: str, column: str = "") -> Iterator[Finding]:
    """Report how many good rows carry `flag`, and where the first stands."""
    rows = table.filter(pl.col(flag) & pl.col("reason").is_null())
    if len(rows):
        values: dict[str, object] = {"count": len(rows), "column": column}
        yield Finding(code, severity, message, "", Place(rows["file"][0], rows["row"][0], column), values)


def _nothing_left(table: pl.DataFrame) -> Iterator[Finding]:
    if len(table) == 0:
        remedy = N_("Export the calls again; the first line holds the column names, each further line one call.")
        yield Finding("no-calls", "error", N_("The call files have no rows."), remedy, Place("station.toml", key="files.calls"))
    elif not table["reason"].is_null().any():
        message = N_("Of {count} row(s) not one is a usable call.")
        remedy = N_("See the reasons given; correct the profile, the time zone or the area.")
        yield Finding("no-calls", "error", message, remedy, Place("station.toml", key="files.calls"), {"count": len(table)})
