"""Shares: one number for each officer side by side, in groups that should have alike, with the mean of each group as a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import ticks
from qinwu.report.figures.svg import attribute, drawing, tag, tip, words

WIDTH, HEIGHT = 960.0, 124.0
LEFT, TOP, BOTTOM = 26.0, 8.0, 16.0
APART = 1.2
LETTER = 6.0
"""About so wide is a letter; a name that would not fit ends at the edge."""


class Column(NamedTuple):
    """One officer's number, and what pointing says."""

    value: float
    tip: str


class Group(NamedTuple):
    """Officers who should have alike, under one name."""

    name: str
    columns: tuple[Column, ...]


def columns_figure(groups: Sequence[Group], label: str) -> str:
    """Return columns by group, zero included, each group with a line at its mean.

    Parameters
    ----------
    groups
        What is drawn, in order.
    label
        What the panel shows.
    """
    levels = ticks(0.0, max((column.value for group in groups for column in group.columns), default=1.0), 3)
    floor, top = HEIGHT - BOTTOM, levels[-1]
    count = sum(len(group.columns) for group in groups) + APART * max(len(groups) - 1, 0)
    step = (WIDTH - LEFT) / max(count, 1.0)
    pieces = [_level(level, floor - level / top * (floor - TOP)) for level in levels]
    x = LEFT
    for group in groups:
        heights = [column.value / top * (floor - TOP) for column in group.columns]
        for number, (column, height) in enumerate(zip(group.columns, heights, strict=True)):
            box = tag("rect", tip(column.tip), x=x + number * step, y=floor - height, width=step * 0.8, height=height)
            pieces.append(tag("g", box, class_="column"))
        end = x + len(heights) * step
        mean = floor - sum(heights) / max(len(heights), 1)
        pieces.append(tag("line", x1=x, x2=end - step * 0.2, y1=mean, y2=mean, class_="mean"))
        narrow = len(group.name) * LETTER / 2 > WIDTH - (x + end) / 2
        middle, anchor = (WIDTH, "end") if narrow else ((x + end) / 2, "middle")
        pieces.append(words(group.name, x=middle, y=HEIGHT - 3, text_anchor=anchor, class_="tick"))
        x = end + APART * step
    return drawing(WIDTH, HEIGHT, label, *pieces, class_="figure shares")


def _level(level: float, y: float) -> str:
    line = tag("line", x1=LEFT, x2=WIDTH, y1=y, y2=y, class_="grid")
    return line + words(attribute(float(level)), x=LEFT - 4, y=y + 3.5, text_anchor="end", class_="tick")
