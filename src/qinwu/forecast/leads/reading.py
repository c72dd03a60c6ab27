"""Reading a file of calls or cases for leads: CSV, Excel or Parquet, headers in either language, nothing about persons."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.forecast.leads.cases import I64, Cases
from qinwu.forecast.leads.layout import found_columns, known_headers, method_columns, person_columns, readable
from qinwu.forecast.leads.moments import Moments, read_moments
from qinwu.forecast.leads.placed_calls import PlacedCalls
from qinwu.forecast.leads.points import Points, read_points
from qinwu.language import N_
from qinwu.station.call_files import listed, read_raw
from qinwu.station.clocks import plain_text

Kind = Literal["auto", "calls", "cases"]
SPLIT = re.compile(r"[;；、,，|/]+")
OFFICERS_OWN = r"patrol by|officer traffic stop|on.?view|self.?init|officer.?init|自行发现|巡逻发现|盘查|^巡逻$"
"""Words of origin or class that say an officer began it: nobody called, so nobody called twice."""


@dataclass(frozen=True, slots=True)
class ReadCases:
    """Cases of a file, in order of time, the numbers of confirmed series each belongs to, and findings."""

    cases: Cases
    series: tuple[frozenset[str], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ReadCalls:
    """Calls of a file, in order of time, and findings."""

    calls: PlacedCalls
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _File:
    """A file before its rows are looked at."""

    name: str
    table: pl.DataFrame
    rows: tuple[int, ...]
    columns: dict[str, str]
    methods: list[str]
    findings: tuple[Finding, ...]


def read_leads(path: Path, kind: Kind = "auto", coordinates: str = "") -> ReadCases | ReadCalls:
    """Read a file of calls or of cases.

    Parameters
    ----------
    path
        CSV (UTF-8, GB18030, UTF-16), Excel or Parquet.
    kind
        What a row is; ``auto`` takes a file with an interval of time, a method or a series for cases, any other for calls.
    coordinates
        As in :func:`qinwu.forecast.leads.points.read_points`.

    Raises
    ------
    QinwuError
        Where the file cannot be read, has a column about suspects or offenders, is a list of people, or has no time.
    """
    file = _open(path)
    as_cases = kind == "cases" or (kind == "auto" and bool(file.methods or {"series", "end", "end_date"} & set(file.columns)))
    moments = read_moments(file.table, file.columns, file.rows, file.name)
    points = read_points(file.table, file.columns, file.rows, file.name, coordinates)
    kept = np.flatnonzero(np.isfinite(moments.start_s))
    if not kept.size:
        message, remedy = N_("Not one row has a time that can be read."), N_("Write times as 2025-03-01 08:05.")
        raise QinwuError([*file.findings, *moments.findings, Finding("no-rows", "error", message, remedy, Place(file.name))])
    found = (*file.findings, *moments.findings, *points.findings)
    return _cases(file, moments, points, kept, found) if as_cases else _calls(file, moments, points, kept, found)


def _open(path: Path) -> _File:
    raws = read_raw(path, path.name, known_headers())
    raw = raws[0]
    names = list(raw.table.columns)
    guard = person_columns(names, path.name)
    raise_on_errors(guard)
    columns = found_columns(readable(names))
    if not {"start", "moment", "start_date"} & set(columns):
        message = N_("No column says when it happened; the file has: {headers}.")
        remedy = N_("Head it 发生时间起 and 发生时间止, or 报警时间; in English from and to, or received.")
        values = {"headers": listed(names)}
        raise QinwuError([*guard, Finding("missing-column", "error", message, remedy, Place(path.name, 1), values)])
    methods = method_columns(readable(names), columns.values())
    unread = [_other_sheets(raw.file, len(raws))] if len(raws) > 1 else []
    findings = (*guard, *unread, *_unused(names, columns, methods, path.name), *_ragged(raw.ragged, path.name))
    return _File(path.name, raw.table, tuple(raw.row.to_list()), columns, methods, findings)


def _other_sheets(file: str, count: int) -> Finding:
    message, remedy = N_("Of {count} sheets only the first is read."), N_("Put all rows on one sheet.")
    return Finding("other-sheets", "warning", message, remedy, Place(file), {"count": count})


def _unused(names: list[str], columns: dict[str, str], methods: list[str], file: str) -> list[Finding]:
    unused = [name for name in readable(names) if name not in {*columns.values(), *methods}]
    message = N_("Columns not used: {columns}.")
    return [Finding("columns-not-used", "note", message, "", Place(file), {"columns": listed(unused)})] if unused else []


def _ragged(ragged: tuple[tuple[int, int], ...], file: str) -> list[Finding]:
    if not ragged:
        return []
    message = N_("{count} row(s) have more fields than the header; left out.")
    remedy = N_("Put quotes round text that contains the separator.")
    return [Finding("too-many-fields", "warning", message, remedy, Place(file, ragged[0][0]), {"count": len(ragged)})]


def _texts(file: _File, target: str) -> list[str]:
    if target not in file.columns:
        return [""] * len(file.table)
    return plain_text(file.table[file.columns[target]]).fill_null("").to_list()


def _ids(file: _File) -> tuple[list[str], list[Finding]]:
    """Return a name for each row: its number, the row where it has none or another has it too."""
    given = _texts(file, "id")
    times = Counter(given)
    ids = [name if name and times[name] == 1 else f"{name}@{row}".lstrip("@") for name, row in zip(given, file.rows, strict=True)]
    double = sum(count for name, count in times.items() if name and count > 1)
    if not double:
        return ids, []
    message, remedy = N_("{count} rows share their number with another; the row was added to it."), N_("Give each its own number.")
    return ids, [Finding("repeated-id", "warning", message, remedy, Place(file.name), {"count": double})]


def _in_order(moments: Moments, ids: list[str], kept: I64) -> list[int]:
    """Return rows by time, those of one moment by name, so that the order of the file changes nothing."""
    return sorted(kept.tolist(), key=lambda at: (moments.start_s[at], moments.end_s[at], ids[at]))


def _cases(file: _File, moments: Moments, points: Points, kept: I64, found: tuple[Finding, ...]) -> ReadCases:
    ids, double = _ids(file)
    order = _in_order(moments, ids, kept)
    columns = [*file.methods, *([file.columns["kind"]] if "kind" in file.columns else [])]
    words: list[set[str]] = [set() for _ in ids]
    for column in columns:
        for at, text in enumerate(plain_text(file.table[column]).fill_null("").to_list()):
            words[at] |= {f"{column}={word.strip()}" for word in SPLIT.split(text) if word.strip()}
    series = [frozenset(part.strip() for part in SPLIT.split(text) if part.strip()) for text in _texts(file, "series")]
    cases = Cases(
        ids=tuple(ids[at] for at in order),
        rows=tuple(file.rows[at] for at in order),
        x_m=points.x_m[order],
        y_m=points.y_m[order],
        start_s=moments.start_s[order],
        end_s=moments.end_s[order],
        methods=tuple(tuple(sorted(words[at])) for at in order),
    )
    return ReadCases(cases, tuple(series[at] for at in order), (*found, *double, *_no_method(columns, file.name)))


def _no_method(columns: list[str], file: str) -> list[Finding]:
    if columns:
        return []
    message, remedy = N_("No column says how it was done: only place and time can count."), N_("Add a column 作案手段 or method.")
    return [Finding("no-method", "warning", message, remedy, Place(file, 1))]


def _calls(file: _File, moments: Moments, points: Points, kept: I64, found: tuple[Finding, ...]) -> ReadCalls:
    ids, double = _ids(file)
    own = np.zeros(len(ids), dtype=bool)
    for target in {"origin", "kind"} & set(file.columns):
        said = plain_text(file.table[file.columns[target]]).str.to_lowercase()
        own |= said.str.contains(OFFICERS_OWN).fill_null(value=False).to_numpy()
    placed = np.isfinite(points.x_m)
    order = [at for at in _in_order(moments, ids, kept) if placed[at] and not own[at]]
    kinds = _texts(file, "kind")
    calls = PlacedCalls(
        ids=tuple(ids[at] for at in order),
        rows=tuple(file.rows[at] for at in order),
        received_s=moments.start_s[order],
        x_m=points.x_m[order],
        y_m=points.y_m[order],
        kinds=tuple(kinds[at] for at in order),
        by_name=points.by_name,
    )
    left_out = _left_out(int((~placed).sum()), int(own.sum()), file.name)
    return ReadCalls(calls, (*found, *double, *left_out, *_one_class(calls.kinds, file.name)))


def _one_class(kinds: tuple[str, ...], file: str) -> list[Finding]:
    if len(set(kinds)) > 1:
        return []
    message = N_("All calls are of one class, or of none: only place and time tell them apart.")
    return [Finding("one-class", "warning", message, N_("Add a column 警情类别 or class."), Place(file, 1))]


def _left_out(unplaced: int, own: int, file: str) -> list[Finding]:
    counts = (
        (unplaced, "calls-without-place", N_("{count} calls have no place and are compared with none.")),
        (own, "officers-own", N_("{count} calls were made by officers themselves and are compared with none.")),
    )
    return [Finding(code, "note", message, "", Place(file), {"count": count}) for count, code, message in counts if count]
