"""Dots: rows of named differences on one scale, each with its interval; who loses to the right, who gains to the left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.svg import drawing, tag, tip, words

ROW, HEAD = 24.0, 26.0
VALUE = 84.0
EDGE = 10.0
CHINESE, LATIN = 13.2, 8.2
"""About so wide is a letter of a name."""


class Row(NamedTuple):
    """One difference: its name, the point and its interval in the unit of the scale, ``better``, ``worse`` or ``none``, and words.

    ``text`` stands at the right; ``note`` is what pointing says.
    """

    name: str
    at: float
    low: float
    high: float
    kind: str
    text: str
    note: str = ""


def dot_rows(rows: Sequence[Row], label: str, left: str, right: str, width: float = 520.0, value: float = VALUE) -> str:
    """Return the rows as one drawing with a common zero.

    Parameters
    ----------
    rows
        From top to bottom; bounds that are nan stand for the point.
    label
        What the drawing shows, for those who cannot see it.
    left, right
        What lies on either side of zero.
    width
        Of the drawing.
    value
        Room for the words at the right.
    """
    name = max((_wide(row.name) for row in rows), default=0.0)
    scale = _Scale.of(rows, name + 2.0 * EDGE, width - value - EDGE)
    floor = HEAD + ROW * len(rows)
    zero = tag("line", x1=scale.x(0.0), x2=scale.x(0.0), y1=HEAD - 6.0, y2=floor, class_="zero")
    heads = (
        words(f"← {left}", x=scale.x(0.0) - 8.0, y=12.0, text_anchor="end", class_="tick"),
        words(f"{right} →", x=scale.x(0.0) + 8.0, y=12.0, text_anchor="start", class_="tick"),
    )
    lines = [_row(row, HEAD + ROW * (at + 0.5), scale, name, width) for at, row in enumerate(rows)]
    return drawing(width, floor + 4.0, label, *heads, zero, *lines, class_="figure dots")


class _Scale(NamedTuple):
    """From values to places."""

    least: float
    most: float
    start: float
    end: float

    @classmethod
    def of(cls, rows: Sequence[Row], start: float, end: float) -> _Scale:
        ends = [0.0, *(value for row in rows for value in (row.at, row.low, row.high) if value == value)]
        least, most = min(ends), max(ends)
        spare = 0.06 * (most - least) or 1.0
        return cls(least - spare, most + spare, start, end)

    def x(self, value: float) -> float:
        return self.start + (value - self.least) / (self.most - self.least) * (self.end - self.start)


def _wide(text: str) -> float:
    return sum(CHINESE if ord(sign) > 0x2E80 else LATIN for sign in text)


def _row(row: Row, y: float, scale: _Scale, name: float, width: float) -> str:
    low, high = (end if end == end else row.at for end in (row.low, row.high))
    return tag(
        "g",
        tip(row.note),
        tag("rect", x=0.0, y=y - ROW / 2.0, width=width, height=ROW, fill="transparent"),
        words(row.name, x=name, y=y + 4.0, text_anchor="end", class_="row-name"),
        tag("line", x1=scale.x(low), x2=scale.x(high), y1=y, y2=y, class_=f"span {row.kind}"),
        tag("circle", cx=scale.x(row.at), cy=y, r=4.6, class_=f"dot {row.kind}"),
        words(row.text, x=width, y=y + 4.0, text_anchor="end", class_=f"row-value {row.kind}"),
    )
