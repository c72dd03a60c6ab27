"""Intervals: named shares with their intervals on one scale from zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import LOAD, ticks
from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH, ROW, TOP, EDGE, VALUE = 720.0, 24.0, 24.0, 10.0, 150.0
CHINESE, LATIN = 12.5, 6.6
INK = "font-size:12px;fill:var(--ink)"


class Span(NamedTuple):
    """One share: its name, the share, its interval (0 to 1), the words at the right, and whether it is the total."""

    name: str
    at: float
    low: float
    high: float
    text: str
    total: bool = False


def interval_rows(rows: Sequence[Span], label: str) -> str:
    """Return shares as dots with their intervals, one row each."""
    room = max((sum(CHINESE if ord(sign) > 0x2E80 else LATIN for sign in row.name) for row in rows), default=40.0)
    left = min(room + 2.0 * EDGE, 330.0)
    scale = ticks(0.0, max([0.01, *(row.high for row in rows)]), 5)
    floor = TOP + ROW * len(rows)

    def x(share: float) -> float:
        return left + (WIDTH - left - VALUE - EDGE) * share / scale[-1]

    grid = [
        tag("line", x1=x(at), x2=x(at), y1=TOP - 4, y2=floor, class_="grid")
        + words(f"{at * 100.0:g}%", x=x(at), y=13.0, text_anchor="middle", class_="tick")
        for at in scale
    ]
    drawn = []
    for at, row in enumerate(rows):
        y, colour = TOP + ROW * (at + 0.5), "var(--ink)" if row.total else LOAD[4]
        drawn.append(
            tag(
                "g",
                tip(f"{row.name}: {row.text}"),
                words(row.name, x=left - EDGE, y=y + 4.0, text_anchor="end", style=INK),
                tag("line", x1=x(row.low), x2=x(row.high), y1=y, y2=y, stroke=colour, stroke_width=2.4, stroke_linecap="round"),
                tag("circle", cx=x(row.at), cy=y, r=4.8, fill=colour),
                words(row.text, x=WIDTH, y=y + 4.0, text_anchor="end", style=INK),
            )
        )
    return drawing(WIDTH, floor + 6.0, label, *grid, *drawn, class_="figure intervals")
