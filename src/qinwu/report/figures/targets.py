"""Targets: hours required beside hours there are, a row for each group of officers; and past periods that met a target or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import LOAD, NOTHING, WAIT
from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH = 720.0
ROW, TOP, EDGE = 24.0, 22.0, 10.0
VALUE = 178.0
MOST = 2.0
SUMMARY = 154.0
CHINESE, LATIN = 12.5, 7.0
LONGEST_NAME = 250.0
THERE, USED, OVER = LOAD[1], LOAD[4], WAIT[4]
CELL_W, CELL_H = 34.0, 20.0
INK = "font-size:12.5px;fill:var(--ink)"
SOFT = "font-size:11.5px;fill:var(--soft)"


class Hours(NamedTuple):
    """One group: its name, hours required and hours there are, the words at the right, and what pointing says."""

    name: str
    required_h: float
    available_h: float
    text: str
    tip: str


class Past(NamedTuple):
    """One period of one target: whether it was met (None: no figure), and what pointing says."""

    met: bool | None
    text: str
    tip: str


class Line(NamedTuple):
    """One target or owner: its name, its periods in order, and the words at the right."""

    name: str
    cells: tuple[Past, ...]
    text: str


def hours_rows(rows: Sequence[Hours], label: str) -> str:
    """Return rows of hours, each as a share of its own hours there are (pale): required (deep), and what is lacking (brown).

    Bars end at ``MOST`` times the hours there are; whom work falls to without any hours has a full brown bar.
    """
    left = _room(row.name for row in rows)
    top = min(MOST, max([1.0, *(_share(row) for row in rows)]))
    full = (WIDTH - left - VALUE) / top
    drawn = [_hours(row, EDGE + at * ROW, left, full, top) for at, row in enumerate(rows)]
    return drawing(WIDTH, EDGE + len(rows) * ROW + 4.0, label, *drawn, class_="figure hours-rows")


def _share(row: Hours) -> float:
    if row.available_h <= 0.0:
        return MOST if row.required_h > 0.0 else 0.0
    return row.required_h / row.available_h


def _hours(row: Hours, y: float, left: float, full: float, top: float) -> str:
    there = full if row.available_h > 0.0 else 0.0
    wide = min(_share(row), top) * full
    bars = [
        tag("rect", x=left, y=y + 3.0, width=there, height=ROW - 8.0, fill=THERE),
        tag("rect", x=left, y=y + 6.0, width=min(wide, there), height=ROW - 14.0, fill=USED),
    ]
    lacking = row.required_h > row.available_h
    if lacking:
        bars.append(tag("rect", x=left + there, y=y + 6.0, width=max(wide - there, 1.0), height=ROW - 14.0, fill=OVER))
    name = words(row.name, x=left - 8.0, y=y + ROW * 0.62, text_anchor="end", style=INK)
    style = f"font-size:12px;font-weight:600;fill:{OVER}" if lacking else SOFT
    value = words(row.text, x=WIDTH, y=y + ROW * 0.62, text_anchor="end", style=style)
    return tag("g", tip(row.tip), name, *bars, value)


def past_rows(lines: Sequence[Line], heads: Sequence[str], label: str) -> str:
    """Return a row of cells for each target, one for each period: deep where it was met, brown where not, grey without a figure."""
    left = _room(line.name for line in lines)
    wide = min(CELL_W, (WIDTH - left - SUMMARY) / max(len(heads), 1))
    every = max(1, round(CELL_W * 1.6 / wide))
    ticks = [
        words(head, x=left + (at + 0.5) * wide, y=TOP - 8.0, text_anchor="middle", style=SOFT)
        for at, head in enumerate(heads)
        if at % every == 0
    ]
    rows = [_line(line, TOP + at * (CELL_H + 4.0), left, wide) for at, line in enumerate(lines)]
    return drawing(WIDTH, TOP + len(lines) * (CELL_H + 4.0) + 4.0, label, *ticks, *rows, class_="figure past-rows")


def _line(line: Line, y: float, left: float, wide: float) -> str:
    name = words(line.name, x=left - 8.0, y=y + CELL_H * 0.7, text_anchor="end", style=INK)
    cells = [_cell(cell, left + at * wide, y, wide) for at, cell in enumerate(line.cells)]
    return tag("g", name, *cells, words(line.text, x=WIDTH, y=y + CELL_H * 0.7, text_anchor="end", style=SOFT))


def _cell(cell: Past, x: float, y: float, wide: float) -> str:
    colour = NOTHING if cell.met is None else USED if cell.met else OVER
    box = tag("rect", x=x, y=y, width=wide - 2.0, height=CELL_H, rx=2, fill=colour)
    mark = words(cell.text, x=x + (wide - 2.0) / 2.0, y=y + CELL_H * 0.68, text_anchor="middle", style="font-size:10.5px;fill:#fff")
    return tag("g", tip(cell.tip), box, mark if cell.text and wide >= CELL_W * 0.7 else "")


def _room(names: Iterable[str]) -> float:
    """Return the room names take at the left."""
    widths = [sum(CHINESE if ord(sign) > 0x2E80 else LATIN for sign in name) for name in names]
    return min(LONGEST_NAME, max(widths, default=0.0)) + 14.0
