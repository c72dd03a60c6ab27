"""Rounds: a few lines of shares, round by round, each named at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import ticks
from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH, HEIGHT = 720.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 12.0, 20.0, 34.0
COLOURS = {"better": "#12506f", "worse": "#b3612a"}


class Line(NamedTuple):
    """One line: its name, a share for each round, and ``better`` or ``worse``."""

    name: str
    values: tuple[float, ...]
    kind: str


def rounds_figure(lines: Sequence[Line], across: str, label: str) -> str:
    """Return the lines on one scale from zero, in points; `across` names the rounds."""
    levels = ticks(0.0, 100.0 * max(value for line in lines for value in line.values), 4)
    rounds = max(len(line.values) for line in lines)

    def x(at: float) -> float:
        return LEFT + at / max(rounds - 1, 1) * (WIDTH - LEFT - RIGHT)

    def y(points: float) -> float:
        return HEIGHT - BOTTOM - points / levels[-1] * (HEIGHT - TOP - BOTTOM)

    grid = [tag("path", d=f"M{LEFT} {y(level):.1f}H{WIDTH - RIGHT}", class_="grid") for level in levels]
    grid += [words(f"{level:g}", x=LEFT - 6, y=y(level) + 3.5, text_anchor="end", class_="tick") for level in levels]
    grid += [
        words(str(at), x=x(at - 1), y=HEIGHT - BOTTOM + 14, text_anchor="middle", class_="tick")
        for at in (1, *range(10, rounds + 1, 10))
    ]
    axis = words(across, x=WIDTH - RIGHT, y=HEIGHT - 4, text_anchor="end", class_="tick")
    return drawing(WIDTH, HEIGHT, label, *grid, axis, *(_line(line, x, y) for line in lines), class_="figure rounds")


def _line(line: Line, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    points = [(x(at), y(100.0 * value)) for at, value in enumerate(line.values)]
    path = "M" + "L".join(f"{left:.1f} {up:.1f}" for left, up in points)
    style = f"fill:none;stroke:{COLOURS[line.kind]};stroke-width:2"
    above = min(up for _, up in points[len(points) // 2 :]) - 7  # over the half of the line that the name may cover
    name = words(line.name, x=points[-1][0], y=above, text_anchor="end", style=f"font-size:12px;fill:{COLOURS[line.kind]}")
    return tag("g", tip(line.name), tag("path", d=path, style=style), name)
