"""Week: one row of twenty-four cells for each day, as wide as its column, so that numbers in the cells stay readable on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.svg import percent, strip, tag, tip, words

ROW, AXIS = 22, 15
DAY_H = 24
MARK = 3.0


class Hour(NamedTuple):
    """One hour: its colour, the number in it (empty for none), whether that must be white, whether it is marked, and its tip."""

    colour: str
    text: str
    light: bool
    marked: bool
    tip: str


def day_row(hours: Sequence[Hour], label: str) -> str:
    """Return the hours of one day as cells beside each other; marked ones carry a dot."""
    width = 1.0 / len(hours)
    cells = [_cell(place * width, width, hour) for place, hour in enumerate(hours)]
    return strip(ROW, label, *cells, class_="strip week")


def _cell(start: float, width: float, hour: Hour) -> str:
    box = tag("rect", x=percent(start), width=percent(width), y=0, height=ROW, fill=hour.colour, class_="hour")
    middle = percent(start + width / 2.0)
    inside = tag("circle", cx=middle, cy=ROW / 2.0, r=MARK, class_="mark light" if hour.light else "mark") if hour.marked else ""
    if hour.text:
        inside += words(hour.text, x=middle, y=ROW * 0.68, text_anchor="middle", class_="on light" if hour.light else "on")
    return tag("g", tip(hour.tip), box, inside)


def hour_axis(label: str) -> str:
    """Return the hours below the cells, every sixth."""
    ends = {0: "start", DAY_H: "end"}
    marks = [
        words(str(hour), x=percent(hour / DAY_H), y=11, text_anchor=ends.get(hour, "middle"), class_="tick")
        for hour in range(0, DAY_H + 1, 6)
    ]
    return strip(AXIS, label, *marks)
