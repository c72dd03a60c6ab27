"""Foretold: a band with its middle over time, and dots for what came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from qinwu.report.figures.scale import ticks
from qinwu.report.figures.svg import attribute, drawing, tag, tip, words

WIDTH, HEIGHT = 1060.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 42.0, 10.0, 22.0, 26.0
LEVELS = 4
INSIDE, OUTSIDE = "#1c1b19", "#b3612a"
"""What came inside and outside its band."""


class Step(NamedTuple):
    """One hour or day: foretold, fewest and most, what came (nan for none or not yet), and what pointing at it says."""

    told: float
    low: float
    high: float
    came: float
    tip: str


class Beginning(NamedTuple):
    """A label of the axis: the step it begins at and its words."""

    at: int
    text: str


def foretold_figure(steps: Sequence[Step], beginnings: Sequence[Beginning], unit: str, label: str) -> str:
    """Return steps in a row: band, middle, dots; the axis begins at 0.

    Parameters
    ----------
    steps
        In order of time; nan where nothing is foretold.
    beginnings
        Labels, such as the days.
    unit
        On top of the axis.
    label
        What the panel shows.
    """
    known = [value for step in steps for value in (step.high, step.came) if math.isfinite(value)]
    levels = ticks(0.0, max(known, default=1.0), LEVELS)
    place = _Place(len(steps), levels[-1])
    grid = [_level(level, place) for level in levels]
    marks = [_beginning(each, place) for each in beginnings]
    runs = [list(run) for told, run in groupby(range(len(steps)), key=lambda at: math.isfinite(steps[at].told)) if told]
    bands = [_band(run, steps, place) for run in runs]
    middles = [_middle(run, steps, place) for run in runs]
    dots = [_dot(at, step, place) for at, step in enumerate(steps) if math.isfinite(step.came)]
    tips = [_tip(at, step, place) for at, step in enumerate(steps)]
    head = words(unit, x=0, y=9, class_="tick")
    return drawing(WIDTH, HEIGHT, label, head, *grid, *marks, *bands, *middles, *dots, *tips, class_="figure foretold")


class _Place(NamedTuple):
    """Where things stand: the number of steps, and the value at the top."""

    steps: int
    top: float

    def x(self, at: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * at / self.steps, 1)

    def y(self, value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value / self.top), 1)


def _level(value: float, place: _Place) -> str:
    y = place.y(value)
    line = tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid")
    return line + words(f"{value:g}", x=LEFT - 5, y=y + 3.5, text_anchor="end", class_="tick")


def _beginning(each: Beginning, place: _Place) -> str:
    x = place.x(each.at)
    line = tag("line", x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM + 5, class_="grid")
    return line + words(each.text, x=x + 3, y=HEIGHT - 8, class_="tick")


def _corners(run: Sequence[int], values: Sequence[float], place: _Place) -> list[str]:
    return [f"{attribute(place.x(at + side))} {attribute(place.y(values[at]))}" for at in run for side in (0, 1)]


def _band(run: Sequence[int], steps: Sequence[Step], place: _Place) -> str:
    above = _corners(run, [step.high for step in steps], place)
    below = _corners(run, [step.low for step in steps], place)[::-1]
    return tag("path", d=f"M{'L'.join([*above, *below])}Z", fill="#cde0ea")


def _middle(run: Sequence[int], steps: Sequence[Step], place: _Place) -> str:
    return tag("path", d=f"M{'L'.join(_corners(run, [step.told for step in steps], place))}", class_="line now", fill="none")


def _dot(at: int, step: Step, place: _Place) -> str:
    outside = math.isfinite(step.told) and not step.low <= step.came <= step.high
    size = 2.6 if place.steps > 100 else 3.6
    return tag("circle", cx=place.x(at + 0.5), cy=place.y(step.came), r=size, fill=OUTSIDE if outside else INSIDE)


def _tip(at: int, step: Step, place: _Place) -> str:
    """Return an unseen column that says its values."""
    width = (WIDTH - LEFT - RIGHT) / place.steps
    return tag("rect", tip(step.tip), x=place.x(at), y=TOP, width=width, height=HEIGHT - TOP - BOTTOM, fill="transparent")
