"""Reading what is to be evaluated: a table of totals by unit and period, or one row for each event, counted by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.judge.evaluate.panel import Panel, Period, label_of, parse_period
from qinwu.language import N_
from qinwu.station.sheet import Row, read_sheet

Kind = Literal["auto", "totals", "events"]
HEADERS: dict[str, tuple[str, ...]] = {
    "unit": ("单位", "辖区", "派出所", "责任区", "警务区", "社区", "地区", "place", "area", "district", "neighbourhood", "beat"),
    "period": ("月份", "日期", "年月", "时间", "年份", "年度", "季度", "接警时间", "报警时间", "month", "date", "year", "quarter"),
    "count": ("起数", "件数", "数量", "次数", "警情数", "发案数", "calls", "crimes", "incidents"),
    "exposure": ("人口", "人口数", "常住人口", "户数", "population"),
    "buffer": ("缓冲区", "相邻", "是否相邻", "邻近", "neighbour", "adjacent"),
}
YES = ("1", "y", "yes", "true", "是", "有", "相邻", "缓冲", "缓冲区", "buffer")
SHOWN_ROWS = 8


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: the panel, the units that its own column calls neighbours, and what is worth saying about it."""

    panel: Panel
    buffer: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One row of the file that could be read."""

    row: int
    unit: str
    period: Period
    count: float
    exposure: float
    buffer: bool


def read_panel(
    path: Path, columns: Mapping[str, str] | None = None, kind: Kind = "auto", first: int | None = None, last: int | None = None
) -> Read:
    """Return the panel of a CSV, Excel or Parquet file.

    Parameters
    ----------
    path
        The file: columns unit, period (month, quarter, year or day) and count, exposure and buffer where there are such;
        without a count every row is one event.
    columns
        Canonical column to the header this file has for it, for headers that :data:`HEADERS` does not know.
    kind
        ``totals`` for one row a unit and period, ``events`` for rows to be added up, ``auto`` to tell from count and dates.
    first, last
        First and last month to use (12 × year + month - 1); all by default.

    Raises
    ------
    QinwuError
        With everything wrong: columns, numbers, dates, negative or double totals, periods without rows.
    """
    headers = {name: ((columns or {}).get(name, name), *others) for name, others in HEADERS.items()}
    chosen = {name: (header,) if name in (columns or {}) else headers[name] for name, (header, *_) in headers.items()}
    rows, found = read_sheet(path, chosen, ("unit", "period"))
    if any(finding.severity == "error" for finding in found):
        raise QinwuError(found)
    cells, wrong = _cells(rows, path.name)
    counted = any("count" in row.cells for row in rows)
    as_events = kind == "events" or (kind == "auto" and (not counted or any(cell.period.day for cell in cells)))
    cells = [
        cell for cell in cells if (first is None or cell.period.month >= first) and (last is None or cell.period.month <= last)
    ]
    if not cells and not wrong:
        wrong.append(_finding("no-rows", N_("No row is left in the time asked for."), N_("Look at --from and --to."), path.name))
    if not as_events:
        wrong += [*_negative(cells, path.name), *_double(cells, path.name)]
    if wrong or not cells:
        raise QinwuError([*found, *wrong])
    return _panel(cells, as_events, path.name, found)


def _cells(rows: Sequence[Row], file: str) -> tuple[list[_Cell], list[Finding]]:
    """Return the rows that can be read, and one finding for each kind of row that cannot."""
    periods: dict[str, Period | None] = {}
    units, dates, numbers = [], [], []
    cells = []
    for row in rows:
        text = row["period"]
        if text not in periods:
            periods[text] = parse_period(text)
        period = periods[text]
        count = _number(row.cells.get("count", "1"))
        exposure = _number(row.cells.get("exposure", "1"))
        if not row["unit"]:
            units.append(row)
        elif period is None:
            dates.append(row)
        elif count is None or exposure is None or exposure <= 0.0:
            numbers.append(row)
        else:
            cells.append(_Cell(row.number, row["unit"], period, count, exposure, row["buffer"].lower() in YES))
    return cells, [*_unreadable(units, dates, numbers, file)]


def _unreadable(units: Sequence[Row], dates: Sequence[Row], numbers: Sequence[Row], file: str) -> Iterable[Finding]:
    if units:
        yield _rows(
            N_("{rows} rows have no unit: {at}."), N_("Say where each was counted, or remove the row."), units, "unit", file
        )
    if dates:
        message = N_("{rows} rows have no period that can be read, first “{value}”: {at}.")
        yield _rows(
            message, N_("Write months as 2014-01, quarters as 2014Q1, years as 2014, days as 2014-01-05."), dates, "period", file
        )
    if numbers:
        message = N_("{rows} rows have a count that is no number or a population that is not above zero, first “{value}”: {at}.")
        yield _rows(message, N_("Write a number; a count of none is 0, not an empty cell."), numbers, "count", file)


def _rows(message: str, remedy: str, rows: Sequence[Row], column: str, file: str) -> Finding:
    values = {"rows": len(rows), "value": rows[0][column], "at": _listed([row.number for row in rows])}
    return Finding(f"unreadable-{column}", "error", message, remedy, Place(file, rows[0].number, column), values)


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        return None
    return found if np.isfinite(found) else None


def _negative(cells: Sequence[_Cell], file: str) -> Iterable[Finding]:
    """Yield what is wrong with totals below zero."""
    below = [cell for cell in cells if cell.count < 0.0]
    if below:
        message = N_("{rows} counts are negative, first {value}: rows {at}.")
        remedy = N_("A total cannot be below zero. Where a row of -1 takes back an earlier event, say --rows events.")
        values = {"rows": len(below), "value": f"{below[0].count:g}", "at": _listed([cell.row for cell in below])}
        yield Finding("negative-count", "error", message, remedy, Place(file, below[0].row, "count"), values)


def _double(cells: Sequence[_Cell], file: str) -> Iterable[Finding]:
    """Yield what is wrong with units that have two totals for one period."""
    times = Counter((cell.unit, cell.period.month) for cell in cells)
    twice = [cell for cell in cells if times[cell.unit, cell.period.month] > 1]
    if twice:
        message = N_("{rows} rows give a unit and period that another row gives too, first {unit} {period}: rows {at}.")
        remedy = N_("Keep one row for each unit and period. Where each row is one event, say --rows events.")
        first = twice[0]
        values = {
            "rows": len(twice),
            "unit": first.unit,
            "period": label_of(first.period.month, first.period.step),
            "at": _listed([cell.row for cell in twice]),
        }
        yield Finding("double-row", "error", message, remedy, Place(file, first.row), values)


def _panel(cells: Sequence[_Cell], as_events: bool, file: str, found: Sequence[Finding]) -> Read:
    """Return the panel of readable rows, or raise what is wrong with it as a whole."""
    steps = {cell.period.step for cell in cells}
    if len(steps) > 1:
        message, remedy = N_("Months, quarters and years stand in one column."), N_("Use one kind of period.")
        raise QinwuError([*found, _finding("mixed-periods", message, remedy, file)])
    step = steps.pop()
    start = min(cell.period.month for cell in cells)
    length = (max(cell.period.month for cell in cells) - start) // step + 1
    units = tuple(sorted({cell.unit for cell in cells}, key=_natural))
    where = {unit: at for at, unit in enumerate(units)}
    at = (np.array([where[cell.unit] for cell in cells]), np.array([(cell.period.month - start) // step for cell in cells]))
    counts, present = np.zeros((len(units), length)), np.zeros((len(units), length), dtype=bool)
    np.add.at(counts, at, np.array([cell.count for cell in cells]))
    present[at] = True
    exposure = _exposure(cells, at, counts.shape)
    wrong = [*_holes(present, units, start, step, as_events, file), *_below(counts, units, start, step, file)]
    if wrong:
        raise QinwuError([*found, *wrong])
    if as_events:
        present[:] = True
    neighbours = tuple(sorted({cell.unit for cell in cells if cell.buffer}, key=_natural))
    return Read(Panel(units, start, step, counts, exposure, present, as_events), neighbours, tuple(found))


def _exposure(cells: Sequence[_Cell], at: tuple[np.ndarray, np.ndarray], shape: tuple[int, int]) -> np.ndarray | None:
    """Return what counts are divided by; None where the file has none, or has none for a cell."""
    if all(cell.exposure == 1.0 for cell in cells):
        return None
    exposure = np.full(shape, np.nan)
    exposure[at] = [cell.exposure for cell in cells]
    known = np.where(np.isnan(exposure), 0.0, exposure).sum(1) / np.maximum((~np.isnan(exposure)).sum(1), 1)
    return np.where(np.isnan(exposure), known[:, None], exposure)


def _holes(present: np.ndarray, units: Sequence[str], start: int, step: int, as_events: bool, file: str) -> Iterable[Finding]:
    """Yield periods without any row, and units that lack rows between others of theirs."""
    empty = np.flatnonzero(~present.any(0))
    if empty.size:
        message = N_("There is no row at all for {count} periods, first {period}.")
        remedy = N_("Add them, or use only the time after with --from: a period that is missing is not a period without events.")
        values = {"count": empty.size, "period": label_of(start + int(empty[0]) * step, step)}
        yield Finding("missing-period", "error", message, remedy, Place(file), values)
    if as_events:
        return
    gaps = [(at, hole) for at in range(len(units)) for hole in _inner(present[at]) if present[:, hole].any()]
    if gaps:
        at, hole = gaps[0]
        message = N_("{count} totals are missing between others of the same unit, first {unit} {period}.")
        remedy = N_("Add the rows; a period without events needs a row that says 0.")
        values = {"count": len(gaps), "unit": units[at], "period": label_of(start + hole * step, step)}
        yield Finding("gap", "error", message, remedy, Place(file), values)


def _inner(present: np.ndarray) -> Iterable[int]:
    """Yield the holes of a unit that lie between two of its rows."""
    there = np.flatnonzero(present)
    return (int(hole) for hole in np.flatnonzero(~present) if there[0] < hole < there[-1])


def _below(counts: np.ndarray, units: Sequence[str], start: int, step: int, file: str) -> Iterable[Finding]:
    """Yield units from which more events were taken back in a period than had been entered."""
    for at, period in np.argwhere(counts < 0.0)[:1]:
        message = N_("{unit} {period}: the rows add up to {value}, fewer than none.")
        remedy = N_("More events are taken back than entered; check the rows, or use longer periods.")
        values = {"unit": units[at], "period": label_of(start + int(period) * step, step), "value": f"{counts[at, period]:g}"}
        yield Finding("negative-total", "error", message, remedy, Place(file), values)


def months_asked(text: str, option: str, *, end: bool = False) -> tuple[int | None, list[Finding]]:
    """Return the month that an option names (the last of a quarter or year where `end`), and what is wrong with it."""
    if not text:
        return None, []
    period = parse_period(text)
    if period is not None:
        return period.month + (period.step - 1 if end else 0), []
    message, remedy = N_("{option} is no month: “{value}”."), N_("Write it as 2014-01.")
    return None, [Finding("bad-month", "error", message, remedy, Place(), {"option": option, "value": text})]


def columns_asked(text: str) -> tuple[dict[str, str], list[Finding]]:
    """Return which header stands for which column, from ``unit=nhood,period=month``, and what is wrong with it.

    >>> columns_asked("unit=nhood,period=coded_month")
    ({'unit': 'nhood', 'period': 'coded_month'}, [])
    """
    named: dict[str, str] = {}
    wrong = []
    for part in filter(None, text.split(",")):
        name, _, header = part.partition("=")
        if name.strip() in HEADERS and header.strip():
            named[name.strip()] = header.strip()
        else:
            message = N_("--columns does not understand “{value}”.")
            remedy = N_("Write it as unit=header,period=header; columns are {known}.")
            values = {"value": part, "known": ", ".join(HEADERS), "guess": did_you_mean(name, HEADERS)}
            wrong.append(Finding("bad-columns", "error", message, remedy, Place(), values))
    return named, wrong


def _finding(code: str, message: str, remedy: str, file: str) -> Finding:
    return Finding(code, "error", message, remedy, Place(file))


def _listed(rows: Sequence[int]) -> str:
    """Return the first row numbers, and a mark where there are more."""
    return ", ".join(map(str, rows[:SHOWN_ROWS])) + (" …" if len(rows) > SHOWN_ROWS else "")


def _natural(name: str) -> tuple[int, float, str]:
    """Return a key that sorts numbers by value, before words."""
    return (0, float(name), name) if name.replace(".", "", 1).isdigit() else (1, 0.0, name)
