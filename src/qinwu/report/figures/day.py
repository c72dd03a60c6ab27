"""Day: figures over the twenty-four hours of a day, as lines, steps or a filled area."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from qinwu.report.figures.scale import ticks
from qinwu.report.figures.svg import attribute, drawing, tag, tip, words

WIDTH, HEIGHT = 340.0, 196.0
LEFT, RIGHT, TOP, BOTTOM = 30.0, 8.0, 20.0, 22.0
DAY_H = 24
LINES = 4


class Series(NamedTuple):
    """One figure by hour: its class of colour, its name, 24 values (nan for none), and whether the area below is filled."""

    kind: str
    name: str
    values: tuple[float, ...]
    filled: bool = False


def day_figure(series: Sequence[Series], unit: str, label: str, promise: tuple[float, str] | None = None) -> str:
    """Return a panel of figures over the day, zero included.

    Parameters
    ----------
    series
        What is drawn, in order; each hour is a step.
    unit
        The unit of the axis, written on top of it.
    label
        What the panel shows.
    promise
        A value to draw as a dotted line, and its name; None for none.
    """
    known = [value for one in series for value in one.values if math.isfinite(value)]
    levels = ticks(0.0, max([*known, promise[0] if promise else 0.0], default=1.0), LINES)
    top = levels[-1]
    grid = [_level(level, top) for level in levels]
    hours = [
        words(str(hour), x=_x(hour), y=HEIGHT - 6, text_anchor="middle" if hour < DAY_H else "end", class_="tick")
        for hour in range(0, DAY_H + 1, 6)
    ]
    head = words(unit, x=0, y=9, class_="tick")
    drawn = [_drawn(one, top) for one in series]
    return drawing(WIDTH, HEIGHT, label, head, *grid, *drawn, *hours, *_promise(promise, top), class_="figure day")


def _x(hour: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * hour / DAY_H


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value / top)


def _level(value: float, top: float) -> str:
    y = _y(value, top)
    line = tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid")
    return line + words(f"{value:g}", x=LEFT - 5, y=y + 3.5, text_anchor="end", class_="tick")


def _promise(promise: tuple[float, str] | None, top: float) -> list[str]:
    if promise is None:
        return []
    y = _y(promise[0], top)
    line = tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="promise")
    return [line, words(promise[1], x=WIDTH - RIGHT, y=y - 4, text_anchor="end", class_="tick promise-word")]


def _drawn(one: Series, top: float) -> str:
    """Return the steps of a series, broken where there is no value."""
    parts = []
    for known, group in groupby(enumerate(one.values), key=lambda item: math.isfinite(item[1])):
        if known:
            steps = [(hour + side, value) for hour, value in group for side in (0, 1)]
            corners = [f"{attribute(round(_x(hour), 1))} {attribute(round(_y(value, top), 1))}" for hour, value in steps]
            parts.append((corners, steps))
    line = "".join("M" + "L".join(corners) for corners, _ in parts)
    area = "".join(f"M{_floor(steps[0][0])}L{'L'.join(corners)}L{_floor(steps[-1][0])}Z" for corners, steps in parts)
    filled = tag("path", d=area, class_=f"area {one.kind}") if one.filled and area else ""
    return filled + (tag("path", tip(one.name), d=line, class_=f"line {one.kind}") if line else "")


def _floor(hour: float) -> str:
    return f"{attribute(round(_x(hour), 1))} {attribute(HEIGHT - BOTTOM)}"
