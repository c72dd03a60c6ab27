"""Wall: a roster as a table of colours, officers down and days across, one square for each duty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.svg import drawing, tag, tip, words

LEFT, RIGHT, CELL_W, CELL_H = 62.0, 44.0, 25.0, 17.0
HEAD, BAND = 34.0, 19.0
FREE, AWAY = "#f6f3ec", "url(#away)"


class Square(NamedTuple):
    """One officer-day: its colour (empty: free), a letter, whether the letter must be white, whether away, and its tip."""

    colour: str = ""
    letter: str = ""
    light: bool = False
    away: bool = False
    tip: str = ""


class Row(NamedTuple):
    """One officer: name, a square for each day, and what stands at the end of the row."""

    name: str
    squares: tuple[Square, ...]
    total: str


class Band(NamedTuple):
    """Officers of one post, under its name."""

    name: str
    rows: tuple[Row, ...]


class Day(NamedTuple):
    """One day: its number, its short weekday, whether it is a weekend."""

    number: str
    weekday: str
    weekend: bool


def wall_figure(bands: Sequence[Band], days: Sequence[Day], total: str, label: str) -> str:
    """Return the wall sheet.

    Parameters
    ----------
    bands
        Posts with their officers.
    days
        The days across.
    total
        What stands above the ends of the rows.
    label
        What the drawing shows.
    """
    width = LEFT + CELL_W * len(days) + RIGHT
    height = HEAD + sum(BAND + CELL_H * len(band.rows) for band in bands) + 4
    pieces = [_hatch(), *_weekends(days, height), *_head(days, total, width)]
    y = HEAD
    for band in bands:
        pieces.append(words(band.name, x=0, y=y + 14, class_="band"))
        y += BAND
        for row in band.rows:
            pieces.append(_row(row, y))
            y += CELL_H
    return drawing(width, height, label, *pieces, class_="figure wall")


def _hatch() -> str:
    line = tag("path", d="M-1,5 l6,-6 M0,8 l8,-8 M3,9 l6,-6", stroke="#b9b2a4", stroke_width=0.9)
    back = tag("rect", width=8, height=8, fill=FREE)
    return tag("defs", tag("pattern", back, line, id="away", width=8, height=8, patternUnits="userSpaceOnUse"))


def _weekends(days: Sequence[Day], height: float) -> list[str]:
    return [
        tag("rect", x=LEFT + at * CELL_W - 0.5, y=0, width=CELL_W, height=height, class_="weekend")
        for at, day in enumerate(days)
        if day.weekend
    ]


def _head(days: Sequence[Day], total: str, width: float) -> list[str]:
    middle = [LEFT + (at + 0.5) * CELL_W - 0.5 for at in range(len(days))]
    numbers = [words(day.number, x=x, y=13, text_anchor="middle", class_="date") for day, x in zip(days, middle, strict=True)]
    names = [words(day.weekday, x=x, y=27, text_anchor="middle", class_="tick") for day, x in zip(days, middle, strict=True)]
    return [*numbers, *names, words(total, x=width, y=27, text_anchor="end", class_="tick")]


def _row(row: Row, y: float) -> str:
    base = y + CELL_H - 5
    squares = [_square(square, LEFT + at * CELL_W, y, base) for at, square in enumerate(row.squares)]
    end = words(row.total, x=LEFT + CELL_W * len(row.squares) + RIGHT, y=base, text_anchor="end", class_="tick")
    return tag("g", words(row.name, x=LEFT - 6, y=base, text_anchor="end", class_="tick"), *squares, end)


def _square(square: Square, x: float, y: float, base: float) -> str:
    fill = square.colour or (AWAY if square.away else FREE)
    box = tag("rect", tip(square.tip), x=x, y=y, width=CELL_W - 1, height=CELL_H - 1, fill=fill, rx=1.5)
    if not square.letter:
        return box
    style = "letter light" if square.light else "letter"
    return box + words(square.letter, x=x + CELL_W / 2 - 0.5, y=base, text_anchor="middle", class_=style)
