"""Small sheets from CSV, Excel or Parquet: headers in either language, cells as clean text, row numbers kept."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.library_words import in_words
from qinwu.station.text_file import decode, read_bytes

Headers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number in the file (the header is row 1) and its cells by column name, absent cells empty."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_sheet(path: Path, headers: Headers, required: Sequence[str]) -> tuple[list[Row], list[Finding]]:
    """Return the rows of a CSV, Excel or Parquet sheet with canonical column names, and what is wrong with its header.

    Parameters
    ----------
    path
        ``.csv`` (UTF-8, GB18030 or UTF-16; comma, semicolon or tab), ``.xlsx`` or ``.parquet``.
    headers
        Canonical column name to the other headers people use for it, compared without case, width and spaces.
    required
        Columns without which the sheet cannot be used.

    Raises
    ------
    QinwuError
        Where the file is missing, unreadable or empty.
    """
    table = read_table(path)
    names = [clean(cell) for cell in table[0]]
    columns, findings = _columns(names, headers, required, path.name)
    rows = [
        Row(number, {column: clean(cells[at]) for at, column in columns.items() if at < len(cells)})
        for number, cells in enumerate(table[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    return rows, findings


def read_table(path: Path) -> list[list[str]]:
    """Return every row of a sheet as text, the header first; raise `QinwuError` where it is empty or unreadable."""
    kind = path.suffix.lower()
    table = _excel(path) if kind in (".xlsx", ".xls", ".xlsm", ".ods") else _parquet(path) if kind == ".parquet" else _csv(path)
    if not table:
        message, remedy = N_("The file is empty."), N_("It needs a header and at least one row.")
        raise QinwuError([Finding("empty-file", "error", message, remedy, Place(path.name))])
    return table


def clean(text: str) -> str:
    """Return a cell without outer spaces, full-width letters and digits made plain.

    >>> clean("　ＰＣ０１２ ")
    'PC012'
    """
    return unicodedata.normalize("NFKC", text).strip()


def parse_date(text: str) -> date | None:
    """Return a date written 2015-07-01, 2015/7/1, 2015.7.1, 2015年7月1日, 20150701, 2015-07 or 2015; None for anything else.

    >>> parse_date("2015年7月1日")
    datetime.date(2015, 7, 1)
    """
    plain = text.translate(str.maketrans("年月/.", "----", "日")).split(" ")[0].split("T")[0].strip("-")
    for form in ("%Y-%m-%d", "%Y%m%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    return None


def word(text: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """Return the canonical word that `text` stands for, or an empty string.

    >>> word("辅警", {"auxiliary": ("辅警", "协警")})
    'auxiliary'
    """
    key = _key(text)
    return next((name for name, others in words.items() if key in {_key(name), *map(_key, others)}), "")


def _key(text: str) -> str:
    return "".join(clean(text).lower().split()).replace("_", "").replace("-", "")


def _columns(names: Sequence[str], headers: Headers, required: Sequence[str], file: str) -> tuple[dict[int, str], list[Finding]]:
    """Return which position holds which canonical column, and findings about unknown, double and missing headers."""
    columns: dict[int, str] = {}
    findings = _forbidden(names, file)
    refused = {finding.place.key for finding in findings}
    for at, name in enumerate(names):
        column = word(name, headers)
        if column in columns.values():
            message, remedy = N_("The column {value} is there twice; the first is used."), N_("Remove one.")
            findings.append(Finding("double-column", "warning", message, remedy, Place(file, 1, name), {"value": name}))
        elif column and name not in refused:
            columns[at] = column
        elif name and name not in refused:
            findings.append(_unknown_column(name, headers, file))
    for column in required:
        if column not in columns.values():
            message = N_("The column {value} is missing.")
            remedy = N_("Add it; it may also be headed: {others}.")
            values = {"value": column, "others": ", ".join(headers[column])}
            findings.append(Finding("missing-column", "error", message, remedy, Place(file, 1), values))
    return columns, findings


def _unknown_column(name: str, headers: Headers, file: str) -> Finding:
    guess = did_you_mean(name, [*headers, *(other for others in headers.values() for other in others)])
    message = N_("The column {value} is not known and is not read.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Known columns: {known}.")
    values = {"value": name, "guess": guess, "known": ", ".join(headers)}
    return Finding("unknown-column", "warning", message, remedy, Place(file, 1, name), values)


def _forbidden(names: Sequence[str], file: str) -> list[Finding]:
    from qinwu.station.guards import forbidden_columns

    return list(forbidden_columns([name for name in names if name], file, kind="other"))


def _csv(path: Path) -> list[list[str]]:
    text = decode(read_bytes(path), path.name)
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        message, remedy = N_("This is not a CSV table: {reason}."), N_("Look for a quotation mark that is never closed.")
        raise QinwuError([Finding("broken-csv", "error", message, remedy, Place(path.name), {"reason": in_words(error)})]) from None


def _excel(path: Path) -> list[list[str]]:
    import polars as pl

    content = read_bytes(path)
    try:
        frame = pl.read_excel(io.BytesIO(content), has_header=False, drop_empty_rows=False, infer_schema_length=0)
    except Exception as error:  # every reader behind polars raises its own kind
        message = N_("The workbook cannot be read: {reason}.")
        remedy = N_("Save it again as .xlsx, the table on the first sheet.")
        raise QinwuError(
            [Finding("unreadable-file", "error", message, remedy, Place(path.name), {"reason": in_words(error)})]
        ) from None
    return [["" if cell is None else _cell(str(cell)) for cell in row] for row in frame.iter_rows()]


def _parquet(path: Path) -> list[list[str]]:
    import polars as pl

    content = read_bytes(path)
    try:
        frame = pl.read_parquet(io.BytesIO(content))
    except Exception as error:  # every reader behind polars raises its own kind
        message, remedy = N_("The Parquet file cannot be read: {reason}."), N_("Write it again, or save it as CSV.")
        raise QinwuError(
            [Finding("unreadable-file", "error", message, remedy, Place(path.name), {"reason": in_words(error)})]
        ) from None
    whole = [pl.col(name).dt.strftime("%Y-%m-%d %H:%M:%S") for name, kind in frame.schema.items() if kind == pl.Datetime]
    texts = frame.with_columns(whole).cast(pl.String).fill_null("")
    return [frame.columns, *([_cell(cell) for cell in row] for row in texts.iter_rows())]


def _cell(text: str) -> str:
    """Return the text of an Excel cell: whole numbers without decimals, dates without midnight."""
    return text.removesuffix(" 00:00:00").removesuffix(".0") if text[:1].isdigit() else text
