"""Own tables: the station's own CSV and Excel files that a card declares, read with owners and days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.judge.targets.card import OwnTable
from qinwu.judge.targets.kept import Kept, joined
from qinwu.judge.targets.periods import Span
from qinwu.judge.targets.standing import Standing
from qinwu.judge.targets.tables import DAY, OWNERS, ROW, Table, filled, looked_up, with_owners
from qinwu.language import N_
from qinwu.station.sheet import clean, parse_date, read_table

KEYS = ("time", "beat", "atom", "venue", "officer", "squad", "unit")
ATOM, VENUE = "atom", "venue"
WORDS = {"是": "true", "否": "false", "有": "true", "无": "false"}


def own_table(declared: OwnTable, folder: Path, standing: Standing, place: Place, kept: Kept | None = None) -> Table:
    """Return a table of the station's own, its rows with their owners, and a day each where it has times.

    Columns about people are left out and told; numbers are numbers where every cell is one, 是/否 are conditions. Rows whose day
    cannot be read, or whose owner the station does not have, are left out and told.

    Parameters
    ----------
    declared
        As the card declares it; `place` is where.
    folder
        The station folder.
    standing
        Who owns what.
    kept
        What is kept elsewhere: rows of a book of this name come behind those of the file, or stand alone where there is none.

    Raises
    ------
    QinwuError
        With everything that keeps it from being used.
    """
    path = folder / declared.file
    if not path.resolve().is_relative_to(folder.resolve()):
        message, remedy = N_("The file {path} is not in the station folder."), N_("Put it there.")
        raise QinwuError([Finding("outside-folder", "error", message, remedy, place, {"path": declared.file})])
    more = kept.books.get(path.stem) if kept is not None and declared.time else None
    frame, findings = pl.DataFrame(), list[Finding]()
    if more is None or path.exists():
        frame, findings = _of_file(declared, path, place)
    if more is not None:
        frame = joined(frame, more) if frame.columns else more
    frame, strangers = _known_owners(frame, declared, standing)
    findings += strangers
    frame = _of_venues(frame, standing) if declared.venue else frame
    owned = with_owners(frame, standing, ATOM if ATOM in frame.columns else "")
    span = _span(owned, declared)
    if kept is not None and more is not None:
        span = kept.span(span)
    return Table(declared.id, owned, bool(declared.time), span, declared.file, tuple(findings))


def _of_file(declared: OwnTable, path: Path, place: Place) -> tuple[pl.DataFrame, list[Finding]]:
    rows = read_table(path)
    header = [clean(cell) for cell in rows[0]]
    findings = list(_header_findings(declared, header, place))
    if any(one.severity == "error" for one in findings):
        raise QinwuError(findings)
    frame = _frame(declared, header, rows[1:])
    if DAY in frame.columns and declared.time:
        frame, unread = _with_days(frame, declared)
        findings += unread
    return frame, findings


def _header_findings(declared: OwnTable, header: list[str], place: Place) -> Iterator[Finding]:
    from qinwu.station.guards import forbidden_columns

    refused = forbidden_columns([name for name in header if name], declared.file)
    yield from refused
    there = [name for name in header if name not in {one.place.key for one in refused}]
    for key, name in [*((key, getattr(declared, key)) for key in KEYS), *(("columns", old) for old in declared.columns.values())]:
        if name and name not in there:
            guess = did_you_mean(name, there)
            message = N_("The file {file} has no column {value}.")
            remedy = N_("Did you mean {guess}?") if guess else N_("Its columns: {known}.")
            values = {"file": declared.file, "value": name, "guess": guess, "known": ", ".join(there)}
            at = Place(place.file, place.row, f"{place.key}.{key}")
            yield Finding("unknown-column", "error", message, remedy, at, values)


def _frame(declared: OwnTable, header: list[str], rows: list[list[str]]) -> pl.DataFrame:
    """Return the cells under the names that formulas use, without columns about people."""
    from qinwu.station.guards import forbidden_names

    refused = forbidden_names(header)
    names = {DAY: declared.time} | {key: getattr(declared, key) for key in KEYS if key != "time"} | dict(declared.columns)
    called = {old: new for new, old in names.items() if old}
    filled_in = [(number, row) for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    full = [[*row, *[""] * (len(header) - len(row))][: len(header)] for _, row in filled_in]
    columns = {ROW: pl.Series([number for number, _ in filled_in], dtype=pl.Int64)}
    for at, name in enumerate(header):
        if name and name not in refused and called.get(name, name) not in columns:
            texts = pl.Series([clean(row[at]) or None for row in full], dtype=pl.String)
            columns[called.get(name, name)] = texts if name in names.values() and called[name] in (DAY, *KEYS) else _typed(texts)
    return pl.DataFrame(columns)


def _typed(texts: pl.Series) -> pl.Series:
    """Return cells as numbers or conditions where every cell is one."""
    if texts.null_count() == len(texts):
        return texts
    numbers = texts.str.replace_all(",", "").cast(pl.Float64, strict=False)
    if numbers.null_count() == texts.null_count():
        return numbers
    words = texts.str.to_lowercase().replace(WORDS)
    return words == "true" if words.drop_nulls().is_in(["true", "false"]).all() else texts


def _with_days(frame: pl.DataFrame, declared: OwnTable) -> tuple[pl.DataFrame, list[Finding]]:
    """Return a frame with days, without rows whose day cannot be read; every such row is told."""
    texts, rows = frame[DAY].to_list(), frame[ROW].to_list()
    days = [parse_date(text) if text else None for text in texts]
    message, remedy = N_("{value} is not a day; the row is left out."), N_("Write it as 2025-01-31.")
    findings = [
        Finding("wrong-date", "warning", message, remedy, Place(declared.file, number, declared.time), {"value": text or '""'})
        for number, text, day in zip(rows, texts, days, strict=True)
        if day is None
    ]
    dated = frame.with_columns(pl.Series(DAY, days, dtype=pl.Date))
    return dated.filter(pl.col(DAY).is_not_null()), findings


def _known_owners(frame: pl.DataFrame, declared: OwnTable, standing: Standing) -> tuple[pl.DataFrame, list[Finding]]:
    """Return a frame without rows that name an owner the station does not have; each name is told with its rows."""
    known: Mapping[str, set[str]] = {
        "beat": {one.id for one in standing.system.beat},
        "atom": set(standing.station.area.atom_ids),
        "venue": {one.id for one in standing.station.venues},
        "officer": {one.id for one in standing.station.force},
        "squad": {one.id for one in standing.system.squad},
        "unit": {*(one.id for one in standing.system.unit), standing.home},
    }
    findings, keep = list[Finding](), pl.lit(True)
    for column in [name for name in (*OWNERS, ATOM, VENUE) if name in known and name in frame.columns and getattr(declared, name)]:
        for name, count in frame.filter(~pl.col(column).is_in(list(known[column])))[column].value_counts(sort=True).iter_rows():
            guess = did_you_mean(str(name), known[column])
            message = N_("{count} rows name {value}, which the station does not have; they are left out.")
            remedy = N_("Did you mean {guess}?") if guess else N_("Use the ids of the duty and officers files.")
            values = {"count": count, "value": name, "guess": guess}
            header = getattr(declared, column)
            findings.append(Finding("unknown-owner", "warning", message, remedy, Place(declared.file, None, header), values))
        keep = keep & (pl.col(column).is_null() | pl.col(column).is_in(list(known[column])))
    return frame.filter(keep), findings


def _of_venues(frame: pl.DataFrame, standing: Standing) -> pl.DataFrame:
    """Return rows with the place of their venue and who answers for it, where they do not say so themselves."""
    venues = {one.id: one for one in standing.station.venues}
    atoms = {name: one.atom for name, one in venues.items()}
    officers = {name: standing.owner_of_venue(one) for name, one in venues.items()}
    return filled(filled(frame, ATOM, looked_up(pl.col(VENUE), atoms)), "officer", looked_up(pl.col(VENUE), officers))


def _span(frame: pl.DataFrame, declared: OwnTable) -> Span | None:
    if not declared.time or not len(frame):
        return None
    first, last = frame[DAY].min(), frame[DAY].max()
    return Span(first, last) if isinstance(first, date) and isinstance(last, date) else None
