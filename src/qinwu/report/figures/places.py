"""Places: a league table as rows, each with the places that chance leaves open and the one that a plain ranking would claim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import LOAD, WAIT
from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH, ROW, HEAD, EDGE = 860.0, 22.0, 30.0, 10.0
VALUE = 128.0
CHINESE, LATIN = 12.5, 7.0
LABELS = 10
INK = "font-size:12px;fill:var(--ink)"
SOFT = "font-size:12px;fill:var(--soft)"


class Row(NamedTuple):
    """A unit: its name, its place in a plain ranking, the best and worst place left open (None: no rank), words, and a tip."""

    name: str
    naive: int
    best: int | None
    worst: int | None
    text: str
    tip: str


def place_rows(rows: Sequence[Row], label: str, ends: tuple[str, str], without: str, width: float = WIDTH) -> str:
    """Return the rows, one below the other.

    Parameters
    ----------
    rows
        From top to bottom.
    label
        What the drawing shows.
    ends
        Words for the first and the last place.
    without
        What stands where there is no rank.
    width
        Of the drawing.
    """
    left = min(max((_wide(row.name) for row in rows), default=40.0) + 2.0 * EDGE, 260.0)
    right = width - VALUE
    count = max(len(rows), 2)

    def x(place: float) -> float:
        return left + 8.0 + (place - 1.0) / (count - 1.0) * (right - left - 16.0)

    floor = HEAD + ROW * len(rows)
    step = max(-(-count // LABELS), 1)
    shown = sorted({1, *range(step, count + 1 - step // 2, step), count})
    grid = [tag("line", x1=x(place), x2=x(place), y1=HEAD - 6.0, y2=floor, class_="grid") for place in shown]
    marks = [words(f"{place}", x=x(place), y=HEAD - 10.0, text_anchor="middle", class_="tick") for place in shown]
    heads = [
        words(ends[0], x=x(1.0) - 4.0, y=9.0, text_anchor="start", class_="tick"),
        words(ends[1], x=x(count) + 4.0, y=9.0, text_anchor="end", class_="tick"),
    ]
    drawn = [_row(row, HEAD + ROW * (at + 0.5), x, left, width, without) for at, row in enumerate(rows)]
    return drawing(width, floor + 6.0, label, *grid, *marks, *heads, *drawn, class_="figure places")


def _row(row: Row, y: float, x: Callable[[float], float], left: float, width: float, without: str) -> str:
    parts = [
        tip(row.tip),
        tag("rect", x=0.0, y=y - ROW / 2.0, width=width, height=ROW, fill="transparent"),
        words(row.name, x=left - EDGE, y=y + 4.0, text_anchor="end", style=INK),
        words(row.text, x=width, y=y + 4.0, text_anchor="end", style=SOFT),
    ]
    if row.best is None or row.worst is None:
        return tag("g", *parts, words(without, x=x(1.0), y=y + 4.0, style=SOFT))
    sure = row.best == row.worst
    colour = WAIT[4] if sure else LOAD[3]
    span = tag("line", x1=x(row.best), x2=x(row.worst), y1=y, y2=y, stroke=colour, stroke_width=7.0, stroke_linecap="round")
    dot = tag("circle", cx=x(row.naive), cy=y, r=3.4, fill="#fff", stroke=LOAD[5] if not sure else WAIT[5], stroke_width=1.6)
    return tag("g", *parts, span, dot)


def _wide(text: str) -> float:
    return sum(CHINESE if ord(sign) > 0x2E80 else LATIN for sign in text)
