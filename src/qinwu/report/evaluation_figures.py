"""Figures of evaluations: the two series with the start, stretches with intervals, placebos as a heap, methods as a forest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.bars import Whisker, whisker
from qinwu.report.figures.scale import ticks
from qinwu.report.figures.svg import attribute, drawing, tag, tip, words

WIDE, TALL = 1060.0, 300.0
HALF, LOW = 520.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 14.0, 24.0, 30.0
LABELS = 8
"""Most labels of an axis of time."""
FURTHEST = 1.5
"""Largest share that an axis of changes reaches to."""


class Box(NamedTuple):
    """A drawing with its axis upwards: size, and the values at the bottom and the top."""

    width: float
    height: float
    low: float
    high: float

    def y(self, value: float) -> float:
        """Return the height of a value, kept inside."""
        inside = min(max(value, self.low), self.high)
        return self.height - BOTTOM - (inside - self.low) / (self.high - self.low) * (self.height - TOP - BOTTOM)

    def x(self, place: float, count: float) -> float:
        """Return how far right the middle of one of `count` places is."""
        return LEFT + (place + 0.5) / count * (self.width - LEFT - RIGHT)

    def levels(self, values: Sequence[float], texts: Sequence[str]) -> str:
        """Return lines across with their values."""
        lines = (tag("line", x1=LEFT, x2=self.width - RIGHT, y1=self.y(each), y2=self.y(each), class_="grid") for each in values)
        marks = (
            words(text, x=LEFT - 6, y=self.y(each) + 3.5, text_anchor="end", class_="tick")
            for each, text in zip(values, texts, strict=True)
        )
        return "".join((*lines, *marks))

    def across(self, labels: Sequence[str]) -> str:
        """Return labels of places, as many as there is room for."""
        step = max(math.ceil(len(labels) / LABELS), 1)
        return "".join(
            words(labels[at], x=self.x(at, len(labels)), y=self.height - BOTTOM + 17, text_anchor="middle", class_="tick")
            for at in range(0, len(labels), step)
        )

    def start(self, place: float, count: int, text: str) -> str:
        """Return the line of the start, before a place, with its words."""
        x = self.x(place - 0.5, count)
        late = x > 0.75 * self.width
        line = tag("line", x1=x, x2=x, y1=TOP - 10, y2=self.height - BOTTOM, class_="promise")
        return line + words(
            text, x=x + (-5 if late else 5), y=TOP - 6, text_anchor="end" if late else "start", class_="tick promise-word"
        )


class Line(NamedTuple):
    """A series: its values by period, how it is drawn, and what it is called."""

    values: Sequence[float]
    kind: str
    name: str


def series_figure(lines: Sequence[Line], labels: Sequence[str], start: int, start_text: str, label: str, unit: str) -> str:
    """Return series by period with the line of the start; every period says its values."""
    top = max((value for line in lines for value in line.values if math.isfinite(value)), default=1.0)
    marks = [each for each in ticks(0.0, top, 4) if each <= top * 1.08] or [0.0, top]
    box = Box(WIDE, TALL, 0.0, max(top * 1.04, marks[-1], 1e-9))
    name = words(unit, x=0.0, y=11.0, class_="tick")
    paths = (tag("path", d=_path(box, line.values), class_=f"line {line.kind}") for line in lines)
    tips = (_column(box, at, labels, lines) for at in range(len(labels)))
    return drawing(
        WIDE,
        TALL,
        label,
        box.levels(marks, [f"{each:g}" for each in marks]),
        box.across(labels),
        name,
        *paths,
        box.start(start, len(labels), start_text),
        *tips,
        class_="figure series",
    )


def _path(box: Box, values: Sequence[float]) -> str:
    points = [(box.x(at, len(values)), box.y(value)) for at, value in enumerate(values) if math.isfinite(value)]
    return "M" + "L".join(f"{attribute(round(x, 1))} {attribute(round(y, 1))}" for x, y in points)


def _column(box: Box, at: int, labels: Sequence[str], lines: Sequence[Line]) -> str:
    """Return an unseen column over one period that says its values."""
    width = (box.width - LEFT - RIGHT) / len(labels)
    said = " · ".join(f"{line.name} {line.values[at]:,.1f}" for line in lines)
    rect = tag("rect", x=box.x(at - 0.5, len(labels)), y=TOP, width=width, height=box.height - TOP - BOTTOM, class_="unseen")
    return tag("g", tip(f"{labels[at]}: {said}"), rect)


class Mark(NamedTuple):
    """One stretch: its label, change with bounds as shares, how it is drawn, and what pointing at it says."""

    label: str
    at: float
    low: float
    high: float
    kind: str
    tip: str


def stretches_figure(marks: Sequence[Mark], start: int, start_text: str, label: str) -> str:
    """Return changes by stretch with intervals; `start` is the first stretch after the start."""
    known = [bound for mark in marks for bound in (mark.low, mark.at, mark.high) if math.isfinite(bound)]
    reach = max(min([-0.05, *known]), -1.0), min(max([0.05, *known]), FURTHEST)
    edges = [each for each in ticks(*reach, 5) if -1.0 <= each <= FURTHEST]
    box = Box(HALF, LOW, min(edges[0], -0.05), max(edges[-1], 0.05))
    levels = box.levels(edges, [f"{each:+.0%}".replace("-", "−").replace("+0%", "0") for each in edges])
    zero = tag("line", x1=LEFT, x2=HALF - RIGHT, y1=box.y(0.0), y2=box.y(0.0), class_="zero")
    drawn = (_whisker(box, at, len(marks), mark) for at, mark in enumerate(marks))
    axis = box.across([mark.label for mark in marks]) if len(marks) <= LABELS else _some(box, marks)
    return drawing(
        HALF, LOW, label, levels, axis, zero, box.start(start, len(marks), start_text), *drawn, class_="figure stretches"
    )


def _some(box: Box, marks: Sequence[Mark]) -> str:
    """Return labels of every so many stretches."""
    step = math.ceil(len(marks) / 6)
    return "".join(
        words(marks[at].label, x=box.x(at, len(marks)), y=box.height - BOTTOM + 17, text_anchor="middle", class_="tick")
        for at in range(0, len(marks), step)
    )


def _whisker(box: Box, at: int, count: int, mark: Mark) -> str:
    x = box.x(at, count)
    bounds = (mark.low, mark.high) if math.isfinite(mark.low) and math.isfinite(mark.high) else (mark.at, mark.at)
    span = tag("line", x1=x, x2=x, y1=box.y(bounds[0]), y2=box.y(bounds[1]), class_=f"span {mark.kind}")
    return tag("g", tip(mark.tip), span, tag("circle", cx=x, cy=box.y(mark.at), r=4.4, class_=f"dot {mark.kind}"))


def heap_figure(values: Sequence[float], own: float, kind: str, texts: tuple[str, str], label: str) -> str:
    """Return how often placebos take each value, and where the real one lies.

    Parameters
    ----------
    values, own
        Placebos and the real one, in standard errors.
    kind
        How the real one is drawn.
    texts
        Words at the real one, and the unit below the axis.
    label
        What it shows.
    """
    known = [value for value in values if math.isfinite(value)]
    reach = math.ceil(max((abs(value) for value in (*known, own)), default=1.0) * 1.05)
    bins = 2 * reach * 4
    counts = [0] * bins
    for value in known:
        counts[min(int((value + reach) / (2 * reach) * bins), bins - 1)] += 1
    box = Box(HALF, LOW, 0.0, 1.12 * max([*counts, 1]))
    width = (HALF - LEFT - RIGHT) / bins
    bars = (
        tag(
            "rect",
            tip(f"{count}"),
            x=LEFT + at * width,
            y=box.y(count),
            width=max(width - 1.0, 0.6),
            height=box.y(0.0) - box.y(count),
            class_="heap",
        )
        for at, count in enumerate(counts)
        if count
    )

    def x(value: float) -> float:
        return LEFT + (value + reach) / (2 * reach) * (HALF - LEFT - RIGHT)

    step = max(1, math.ceil(reach / 4))
    axis = (
        words(
            f"{each:+d}".replace("-", "−").replace("+0", "0"), x=x(each), y=LOW - BOTTOM + 16, text_anchor="middle", class_="tick"
        )
        for each in range(-reach + reach % step, reach + 1, step)
    )
    base = tag("line", x1=LEFT, x2=HALF - RIGHT, y1=box.y(0.0), y2=box.y(0.0), class_="zero")
    late = own > 0.3 * reach
    line = tag("line", x1=x(own), x2=x(own), y1=TOP - 8, y2=box.y(0.0), class_=f"own span {kind}")
    word = words(
        texts[0], x=x(own) + (-6 if late else 6), y=TOP - 2, text_anchor="end" if late else "start", class_="tick own-word"
    )
    unit = words(texts[1], x=HALF - RIGHT, y=LOW - 1, text_anchor="end", class_="tick")
    return drawing(HALF, LOW, label, *bars, base, *axis, line, word, unit, class_="figure heap-figure")


def forest(marks: Sequence[Mark]) -> tuple[list[str], float]:
    """Return a whisker for each mark on one scale, and where zero lies on it, 0 to 1."""
    known = [bound for mark in marks for bound in (mark.low, mark.at, mark.high) if math.isfinite(bound)]
    low, high = (max(min([0.0, *known]), -FURTHEST), min(max([0.0, *known]), FURTHEST))
    air = (high - low or 1.0) * 0.06
    low, high = low - air, high + air

    def within(value: float) -> float:
        return min(max((value - low) / (high - low), 0.0), 1.0)

    drawn = []
    for mark in marks:
        bounds = (mark.low, mark.high) if math.isfinite(mark.low) and math.isfinite(mark.high) else (mark.at, mark.at)
        if math.isfinite(mark.at):
            drawn.append(whisker(Whisker(within(mark.at), within(bounds[0]), within(bounds[1]), mark.kind), within(0.0), mark.tip))
        else:
            drawn.append("")
    return drawn, within(0.0)
