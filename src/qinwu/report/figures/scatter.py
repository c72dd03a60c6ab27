"""Scatter: plans as points between two costs, the one proposed and the one in force marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import ticks
from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH, HEIGHT = 460.0, 280.0
LEFT, BOTTOM, TOP, RIGHT = 40.0, 36.0, 26.0, 14.0


class Point(NamedTuple):
    """A plan: where it stands, its number, how it is drawn (``proposed``, ``today`` or empty), and what pointing at it says."""

    x: float
    y: float
    text: str
    kind: str
    tip: str


def scatter(points: Sequence[Point], across: str, up: str, label: str) -> str:
    """Return points between two axes; `across` and `up` name them with their units. Less is better on both."""
    x = ticks(min(p.x for p in points), max(p.x for p in points), 5)
    y = ticks(min(p.y for p in points), max(p.y for p in points), 4)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        wide, tall = (WIDTH - LEFT - RIGHT) / (x[-1] - x[0]), (HEIGHT - TOP - BOTTOM) / (y[-1] - y[0])
        return LEFT + (point[0] - x[0]) * wide, HEIGHT - BOTTOM - (point[1] - y[0]) * tall

    lines: list[str] = []
    for value in x:
        at, low = place((value, y[0]))
        lines += [tag("path", d=f"M{at:.1f} {TOP}V{low:.1f}", class_="grid")]
        lines += [words(f"{value:g}", x=at, y=low + 14, text_anchor="middle", class_="tick")]
    for value in y:
        left, at = place((x[0], value))
        lines += [tag("path", d=f"M{left:.1f} {at:.1f}H{WIDTH - RIGHT}", class_="grid")]
        lines += [words(f"{value:g}", x=left - 6, y=at + 3.5, text_anchor="end", class_="tick")]
    names = [
        words(across, x=WIDTH - RIGHT, y=HEIGHT - 6, text_anchor="end", class_="tick"),
        words(up, x=6.0, y=11.0, class_="tick"),
    ]
    dots = (_dot(point, *place((point.x, point.y))) for point in points)
    return drawing(WIDTH, HEIGHT, label, *lines, *names, *dots, class_="figure scatter")


def _dot(point: Point, x: float, y: float) -> str:
    dot = tag("circle", tip(point.tip), cx=x, cy=y, r=9.0, class_=f"plan-dot {point.kind}".strip())
    return dot + words(point.text, x=x, y=y + 3.5, text_anchor="middle", class_=f"plan-number {point.kind}".strip())
