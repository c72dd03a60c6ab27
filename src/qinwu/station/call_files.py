"""Call files as people have them: CSV, Excel and Parquet read into raw tables, every source row with its number."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import fastexcel
import polars as pl
import polars.selectors as cs

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.library_words import in_words
from qinwu.station.profiles import comparable
from qinwu.station.text_file import decode, read_bytes

_SEPARATORS = ",\t;|"
_HEAD_LINES = 12
_MOST_NAMES = 30
_LONGEST_NAME = 40
_ROW = "\0row"
_EMPTY_REMEDY = N_("Export the calls again; the first line holds the column names.")


@dataclass(frozen=True, slots=True)
class RawTable:
    """One sheet or file before any meaning is read into it.

    Parameters
    ----------
    file
        Name for findings: path inside the station folder, with the sheet where a workbook has several.
    table
        The source columns; blank lines of a text file or sheet are no rows.
    row
        Number of each row in the source, 1-based with the header counted (Parquet: as if it had a header row).
    ragged
        Rows with more fields than the header: their number and how many fields they have.
    path, sha256
        The file and its checksum.
    """

    file: str
    table: pl.DataFrame
    row: pl.Series
    ragged: tuple[tuple[int, int], ...]
    path: Path
    sha256: str


def find_files(folder: Path, patterns: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that match `patterns` inside `folder`, each once, in order.

    Raises
    ------
    QinwuError
        Naming every file that is missing; a pattern with ``*`` may match nothing where another matches.
    """
    matches = {pattern: _matches(folder, pattern) for pattern in patterns}
    found = dict.fromkeys(path for paths in matches.values() for path in paths)
    missing = [pattern for pattern, paths in matches.items() if not paths and not (found and _is_glob(pattern))]
    if missing or not found:
        raise QinwuError([_no_match(pattern, folder) for pattern in missing or ("",)])
    return tuple(found)


def _is_glob(pattern: str) -> bool:
    return any(sign in pattern for sign in "*?[")


def _matches(folder: Path, pattern: str) -> list[Path]:
    if not _is_glob(pattern):
        return [folder / pattern] if (folder / pattern).is_file() else []
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def _no_match(pattern: str, folder: Path) -> Finding:
    there = [path.name for path in folder.glob("*") if path.suffix.lower() in _READERS]
    guess = did_you_mean(pattern, there)
    remedy = (
        N_("Did you mean {guess}?")
        if guess
        else N_("Put an export in with qinwu import, or name the call files under files.calls in station.toml.")
    )
    values = {"pattern": pattern, "guess": guess}
    return Finding(
        "no-call-file", "error", N_("No file matches {pattern}."), remedy, Place("station.toml", key="files.calls"), values
    )


def read_raw(path: Path, label: str, known: frozenset[str]) -> tuple[RawTable, ...]:
    """Read one call file into raw tables, one for each sheet that has a known header.

    Parameters
    ----------
    path, label
        The file, and how findings name it.
    known
        Headers of the profile in comparable form; the first line with two of them is the header.

    Raises
    ------
    QinwuError
        Where the file cannot be opened, is of no known kind, or is empty.
    """
    content = read_bytes(path, label)
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        message, remedy = N_("A call file must be CSV, Excel or Parquet, not {suffix}."), N_("Save it as .csv, .xlsx or .parquet.")
        raise QinwuError([Finding("unknown-file-type", "error", message, remedy, Place(label), {"suffix": suffix or "?"})])
    try:
        sheets = _READERS[suffix](content, label, known)
    except (pl.exceptions.PolarsError, fastexcel.FastExcelError, csv.Error, ValueError, OSError) as error:
        raise QinwuError([_broken(label, error)]) from None
    if not sheets:
        raise QinwuError([Finding("empty-call-file", "error", N_("The file has no rows."), _EMPTY_REMEDY, Place(label))])
    digest = hashlib.sha256(content).hexdigest()
    return tuple(_raw(sheet, f"{label}#{sheet.name}" if len(sheets) > 1 else label, path, digest) for sheet in sheets)


def listed(names: Sequence[str]) -> str:
    """Return column names for a message: the first of them, short and printable.

    Where a file has no header, its first row stands here; numbers long enough to be somebody's are masked.

    >>> listed(["报警时间", "类别", "13800138000"])
    '报警时间, 类别, ***'
    """
    printable = ("".join(sign for sign in name if sign.isprintable()) for name in names[:_MOST_NAMES])
    shown = [re.sub(r"\d{7,}", "***", name)[:_LONGEST_NAME] for name in printable]
    return ", ".join(shown) + (" …" if len(names) > _MOST_NAMES else "")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Source columns as read, how many lines stand above the first row, and rows that are too long."""

    name: str
    table: pl.DataFrame
    above: int
    ragged: tuple[tuple[int, int], ...] = ()
    has_blank_lines: bool = True


def _raw(sheet: _Sheet, file: str, path: Path, sha256: str) -> RawTable:
    table = sheet.table.with_columns(pl.int_range(sheet.above + 1, sheet.above + 1 + len(sheet.table), dtype=pl.UInt32).alias(_ROW))
    too_long = [row for row, _ in sheet.ragged]
    filled = pl.any_horizontal(pl.exclude(_ROW).is_not_null()) if sheet.has_blank_lines else pl.lit(value=True)
    table = table.filter(filled & ~pl.col(_ROW).is_in(too_long))
    return RawTable(file, table.drop(_ROW), table[_ROW], sheet.ragged, path, sha256)


def _plain_columns(table: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that hold one plain value per row, not lists or records; bytes and elapsed times become text."""
    plain = [name for name, dtype in table.schema.items() if not (dtype.is_nested() or dtype == pl.Object)]
    return table.select(plain).with_columns(cs.duration().dt.to_string(), cs.binary().cast(pl.String, strict=False))


def _read_csv(content: bytes, label: str, known: frozenset[str]) -> list[_Sheet]:
    text = decode(content, label)
    if not text.strip():
        return []
    if "\n" not in text:
        text = text.replace("\r", "\n")
    text = text.replace("\0", "")
    separator, header = _csv_header(text, known)
    body = _without_lines(text, header)
    table, ragged = _parse_csv(body, separator, header + 1)
    table.columns = _unique([name.strip() for name in table.columns])
    return [_Sheet(label, table, header + 1, ragged)]


def _parse_csv(text: str, separator: str, above: int) -> tuple[pl.DataFrame, tuple[tuple[int, int], ...]]:
    """Parse strictly; else leave long lines out and name them; else, where a quotation mark stays open, take marks as text."""
    content = text.encode()
    with suppress(pl.exceptions.ComputeError):
        return pl.read_csv(content, separator=separator, infer_schema=False), ()
    with suppress(pl.exceptions.ComputeError):
        table = pl.read_csv(content, separator=separator, infer_schema=False, truncate_ragged_lines=True)
        return table, _too_long(text, separator, table.width, above, csv.QUOTE_MINIMAL)
    table = pl.read_csv(content, separator=separator, infer_schema=False, truncate_ragged_lines=True, quote_char=None)
    table.columns = [name.strip('"') for name in table.columns]
    return table.with_columns(pl.all().str.strip_chars('"')), _too_long(text, separator, table.width, above, csv.QUOTE_NONE)


def _csv_header(text: str, known: frozenset[str]) -> tuple[str, int]:
    """Return the separator, and how many lines stand above the header."""
    head = "\n".join(text[:65_536].splitlines()[:_HEAD_LINES])
    tables = {separator: list(csv.reader(io.StringIO(head), delimiter=separator)) for separator in _SEPARATORS}
    scores = {
        (separator, line): (_known(row, known), len(row), -line)
        for separator, rows in tables.items()
        for line, row in enumerate(rows)
    }
    best = max(scores, key=lambda key: scores[key])
    if scores[best][0] >= 2:
        return best
    return max(_SEPARATORS, key=lambda separator: len(tables[separator][0]) if tables[separator] else 0), 0


def _known(row: Iterable[object], known: frozenset[str]) -> int:
    return len({comparable(str(cell)) for cell in row if cell is not None} & known)


def _without_lines(text: str, count: int) -> str:
    for _ in range(count):
        text = text.partition("\n")[2]
    return text


def _too_long(text: str, separator: str, width: int, above: int, quoting: Literal[0, 3]) -> tuple[tuple[int, int], ...]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
    return tuple((number, len(row)) for number, row in enumerate(rows, above) if len(row) > width)


def _read_excel(content: bytes, known: frozenset[str]) -> list[_Sheet]:
    """Read every sheet with a known header; the first sheet where none has one."""
    book = fastexcel.read_excel(content)
    cells = {name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars() for name in book.sheet_names}
    sheets = [(_excel_sheet(name, table, known)) for name, table in cells.items() if len(table) > 1]
    with_header = [sheet for sheet in sheets if _known(sheet.table.columns, known) >= 2]
    return with_header or sheets[:1]


def _excel_sheet(name: str, cells: pl.DataFrame, known: frozenset[str]) -> _Sheet:
    scores = [_known(row, known) for row in cells.head(_HEAD_LINES).iter_rows()]
    header = scores.index(max(scores)) if max(scores) >= 2 else 0
    names = _unique([str(cell or "").strip() for cell in cells.row(header)])
    return _Sheet(name, cells.slice(header + 1).rename(dict(zip(cells.columns, names, strict=True))), header + 1)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 and name else f"{name}#{seen[name]}")
    return unique


def _broken(label: str, error: Exception) -> Finding:
    message, remedy = N_("The file cannot be read: {reason}."), N_("Open it in the program that wrote it and export it again.")
    return Finding("broken-call-file", "error", message, remedy, Place(label), {"reason": in_words(error)})


_READERS: dict[str, Callable[[bytes, str, frozenset[str]], list[_Sheet]]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".txt": _read_csv,
    ".xlsx": lambda content, _, known: _read_excel(content, known),
    ".xls": lambda content, _, known: _read_excel(content, known),
    ".parquet": lambda content, label, _: [_Sheet(label, _plain_columns(pl.read_parquet(content)), 1, has_blank_lines=False)],
}
