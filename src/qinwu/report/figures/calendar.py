"""Calendar: the days of a month as cells, weeks below each other, with what is planned on each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.svg import drawing, tag, tip, words

WIDE, TALL, GAP, TOP = 94.0, 54.0, 3.0, 18.0


class Day(NamedTuple):
    """One day: its number in the month, weekday (0 is Monday), main figure, lines below it, colour, white text, and the tip."""

    number: int
    weekday: int
    figure: str
    lines: tuple[str, ...]
    colour: str
    light: bool
    tip: str


def calendar(days: Sequence[Day], weekdays: Sequence[str], label: str) -> str:
    """Return days in order as a calendar.

    Parameters
    ----------
    days
        In order, the first anywhere in its week.
    weekdays
        Seven short names, Monday first.
    label
        What it shows.
    """
    first = days[0].weekday if days else 0
    rows = (first + len(days) + 6) // 7
    heads = [
        words(name, x=at * (WIDE + GAP) + WIDE / 2, y=TOP - 6, text_anchor="middle", class_="tick")
        for at, name in enumerate(weekdays)
    ]
    cells = [_cell(day, (first + at) // 7) for at, day in enumerate(days)]
    width, height = 7 * (WIDE + GAP) - GAP, TOP + rows * (TALL + GAP) - GAP
    return drawing(width, height, label, *heads, *cells, class_="figure calendar")


def _cell(day: Day, row: int) -> str:
    x, y = day.weekday * (WIDE + GAP), TOP + row * (TALL + GAP)
    shade = " light" if day.light else ""
    box = tag("rect", x=x, y=y, width=WIDE, height=TALL, rx=2, fill=day.colour, class_="day-box")
    number = words(str(day.number), x=x + 6, y=y + 14, class_=f"day-number{shade}")
    figure = words(day.figure, x=x + WIDE - 6, y=y + 18, text_anchor="end", class_=f"day-figure{shade}")
    lines = [words(text, x=x + 6, y=y + 33 + at * 13, class_=f"day-line{shade}") for at, text in enumerate(day.lines)]
    return tag("g", tip(day.tip), box, number, figure, *lines)
