"""Drawings of claims: before and after as two dots, people as dots, series as broken lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.judge.claims.implied import Span
from qinwu.report.figures.scale import ticks
from qinwu.report.figures.svg import drawing, percent, strip, tag, tip, words

HEIGHT, MIDDLE = 34, 19.0
ROOM = 0.8
"""Share of the width up to the largest figure; the rest is for words."""


class Ends(NamedTuple):
    """What stands beside the dots: the figure before, and after."""

    before: str
    after: str


def dumbbell(before: Span, after: Span, top: float, ends: Ends, label: str, *, implied: bool) -> str:
    """Return two dots on a line from zero: hollow before, full after; a bar behind each as wide as rounding leaves it.

    Parameters
    ----------
    before, after
        The figures with their bounds, >= 0.
    top
        The figure at the end of the scale, > 0.
    ends
        Words beside the dots.
    label
        What the drawing says.
    implied
        Whether the figure before only follows from the change; its dot is then dashed.
    """
    x_before, x_after = _along(before.value, top), _along(after.value, top)
    rises = after.value >= before.value
    kind = "rise" if rises else "fall"
    ground = tag("line", x1=0, x2="100%", y1=MIDDLE, y2=MIDDLE, class_="ground")
    zero = tag("line", x1=0, x2=0, y1=MIDDLE - 7.0, y2=MIDDLE + 7.0, class_="zero")
    spans = [_span(each, top, name) for each, name in ((before, "before"), (after, "after"))]
    bar = tag("line", x1=x_before, x2=x_after, y1=MIDDLE, y2=MIDDLE, class_=f"bar {kind}")
    dots = [
        tag("circle", tip(ends.before), cx=x_before, cy=MIDDLE, r=5.5, class_="end before implied" if implied else "end before"),
        tag("circle", tip(ends.after), cx=x_after, cy=MIDDLE, r=5.5, class_=f"end after {kind}"),
    ]
    texts = [
        _beside(ends.before, x_before, right=not rises, class_="before"),
        _beside(ends.after, x_after, right=rises, class_="after"),
    ]
    return strip(HEIGHT, label, ground, zero, *spans, bar, *dots, *texts, class_="strip dumbbell")


def _along(value: float, top: float) -> str:
    return percent(value / top * ROOM)


def _span(span: Span, top: float, name: str) -> str:
    if span.high <= span.low:
        return ""
    width = percent((span.high - span.low) / top * ROOM)
    return tag("rect", x=_along(span.low, top), width=width, y=MIDDLE - 9.0, height=18, rx=2, class_=f"rounding {name}")


def _beside(text: str, x: str, *, right: bool, class_: str) -> str:
    """Return words beside a dot: those of the right dot to its right, those of the left above it, where there is always room."""
    if right:
        return words(text, x=x, dx=11, y=MIDDLE + 4.5, class_=f"figure-of {class_}")
    return words(text, x=x, y=MIDDLE - 10.0, text_anchor="middle", class_=f"figure-of {class_}")


def scale(marks: Sequence[tuple[float, str]], label: str) -> str:
    """Return the numbers below several dumbbells of one scale; places are shares of the top."""
    texts = [
        words(text, x=percent(at * ROOM), y=11, text_anchor="start" if at == 0.0 else "middle", class_="tick") for at, text in marks
    ]
    return strip(15, label, *texts)


class Dot(NamedTuple):
    """One period of a series: its name, the rate with its bounds, and what pointing says."""

    period: str
    rate: Span
    tip: str


WIDTH, TALL, LEFT, FLOOR = 960.0, 190.0, 46.0, 166.0


def broken_line(parts: Sequence[Sequence[Dot]], label: str) -> str:
    """Return a series from zero, each period with its interval, the line broken between parts that cannot be compared.

    Parameters
    ----------
    parts
        Periods counted alike, in order.
    label
        What the drawing says.
    """
    levels = ticks(0.0, max((dot.rate.high for part in parts for dot in part), default=1.0), 4)
    count = sum(map(len, parts))
    step = (WIDTH - LEFT) / max(count, 1)
    pieces = [_level(level, _height(level, levels[-1])) for level in levels]
    at = 0
    for part in parts:
        if at:
            x = LEFT + at * step
            pieces.append(tag("line", x1=x, x2=x, y1=6, y2=FLOOR, class_="cut"))
        places = [LEFT + (at + number + 0.5) * step for number in range(len(part))]
        heights = [_height(dot.rate.value, levels[-1]) for dot in part]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(places, heights, strict=True))
        pieces.append(tag("polyline", points=points, class_="line now"))
        pieces += [_dot(dot, x, levels[-1]) for dot, x in zip(part, places, strict=True)]
        at += len(part)
    return drawing(WIDTH, TALL, label, *pieces, class_="figure broken")


def _height(rate: float, top: float) -> float:
    return FLOOR - rate / top * (FLOOR - 10.0)


def _level(level: float, y: float) -> str:
    line = tag("line", x1=LEFT, x2=WIDTH, y1=y, y2=y, class_="grid")
    return line + words(f"{level:,g}", x=LEFT - 6, y=y + 3.5, text_anchor="end", class_="tick")


def _dot(dot: Dot, x: float, top: float) -> str:
    low, high = _height(dot.rate.low, top), _height(dot.rate.high, top)
    whisker = tag("line", x1=x, x2=x, y1=low, y2=high, class_="whisker")
    mark = tag("circle", cx=x, cy=_height(dot.rate.value, top), r=4.2, class_="mark")
    return tag("g", tip(dot.tip), whisker, mark, words(dot.period, x=x, y=TALL - 8, text_anchor="middle", class_="tick"))


class People(NamedTuple):
    """People of one kind: how many, the class of their colour, and their name."""

    number: int
    kind: str
    name: str


STEP, RADIUS = 30.0, 11.0
MOST_DOTS = 60


def people(groups: Sequence[People], label: str) -> str:
    """Return people as dots in a row, group by group; shares of a bar where they are too many for dots."""
    total = sum(group.number for group in groups)
    if total > MOST_DOTS:
        return _people_bar(groups, total, label)
    dots: list[str] = []
    for group in groups:
        for _ in range(group.number):
            dots.append(
                tag(
                    "circle",
                    tip(f"{group.name} {group.number}"),
                    cx=RADIUS + 1 + len(dots) * STEP,
                    cy=13,
                    r=RADIUS,
                    class_=group.kind,
                )
            )
    width = max(total * STEP, STEP)
    return tag("svg", *dots, viewBox=f"0 0 {width:g} 26", role="img", aria_label=label, class_="people", width=width, height=26)


def _people_bar(groups: Sequence[People], total: int, label: str) -> str:
    pieces, start = [], 0
    for group in groups:
        name = f"{group.name} {group.number}"
        pieces.append(
            tag("rect", tip(name), x=percent(start / total), width=percent(group.number / total), y=2, height=22, class_=group.kind)
        )
        start += group.number
    return strip(26, label, *pieces, class_="strip people")
