"""Stops: a day of patrol stops, a row for each place, a mark for each stop, shaded where stops are promised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH, LEFT, RIGHT, ROW, TOP, BOTTOM = 720.0, 62.0, 10.0, 17.0, 6.0, 18.0
DAY_H = 24.0


class Mark(NamedTuple):
    """One stop: from and to in hours of the day, and what pointing says."""

    start_h: float
    end_h: float
    tip: str


class Row(NamedTuple):
    """One place: its name, hours in which stops are promised there, and the stops."""

    name: str
    promised: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]


def stops_of_day(rows: Sequence[Row], label: str) -> str:
    """Return the stops of a day, midnight to midnight."""
    height = TOP + len(rows) * ROW + BOTTOM
    hours = [
        tag("line", x1=_x(hour), x2=_x(hour), y1=TOP, y2=height - BOTTOM, class_="grid")
        + words(f"{hour}:00", x=_x(hour), y=height - 5, text_anchor="middle" if 0 < hour < DAY_H else "end", class_="tick")
        for hour in range(0, 25, 3)
    ]
    return drawing(WIDTH, height, label, *hours, *(_row(row, at) for at, row in enumerate(rows)), class_="figure stops")


def _x(hour: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * hour / DAY_H


def _row(row: Row, at: int) -> str:
    y = TOP + at * ROW
    name = words(row.name, x=LEFT - 30, y=y + ROW * 0.7, text_anchor="end", class_="tick")
    shade = [
        tag("rect", x=_x(start), y=y + 2, width=_x(end) - _x(start), height=ROW - 4, class_="promised")
        for start, end in row.promised
    ]
    marks = [_mark(one, y) for one in row.marks]
    return name + "".join(shade) + "".join(marks)


def _mark(one: Mark, y: float) -> str:
    x, wide = _x(one.start_h), max(_x(one.end_h) - _x(one.start_h), 2.0)
    return tag("rect", tip(one.tip), x=x, y=y + 3, width=wide, height=ROW - 6, rx=1, class_="stop")
