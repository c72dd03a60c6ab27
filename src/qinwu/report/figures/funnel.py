"""Funnel: units by size and value, with the room that chance leaves to a unit of each size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import LOAD, WAIT, ticks
from qinwu.report.figures.svg import drawing, tag, tip, words

WIDTH, HEIGHT = 380.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 24.0, 40.0
ROOM = 0.06
"""Spare room above and below, as a share of what is drawn."""

OUTER, INNER = LOAD[0], LOAD[1]
COLOURS = {"within": LOAD[3], "edge": WAIT[3], "beyond": WAIT[5]}
HALO = "paint-order:stroke;stroke:var(--paper);stroke-width:3px"


class Unit(NamedTuple):
    """One unit: size, value, ``within``, ``edge`` or ``beyond``, its name (empty: not written), and what pointing says."""

    size: float
    value: float
    stand: str
    name: str
    tip: str


class Limits(NamedTuple):
    """Lower and upper limits along sizes."""

    low: Sequence[float]
    high: Sequence[float]


class _Box(NamedTuple):
    """From sizes and values to places."""

    most: float
    bottom: float
    top: float

    def x(self, size: float) -> float:
        return LEFT + size / self.most * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        inside = min(max(value, self.bottom), self.top)
        return HEIGHT - BOTTOM - (inside - self.bottom) / (self.top - self.bottom) * (HEIGHT - TOP - BOTTOM)


def funnel_figure(
    units: Sequence[Unit],
    sizes: Sequence[float],
    inner: Limits,
    outer: Limits,
    target: float,
    axes: tuple[str, str],
    label: str,
    most: float = math.inf,
) -> str:
    """Return a funnel.

    Parameters
    ----------
    units
        The units.
    sizes, inner, outer
        Where the limits are drawn, ascending, and the limits there.
    target
        The line in the middle.
    axes
        What lies across and up, with its unit.
    label
        What the drawing shows, for those who cannot see it.
    most
        Values cannot be more.
    """
    values = [unit.value for unit in units]
    spare = ROOM * (max(*values, target) - min(*values, target)) or abs(target) * ROOM or 1.0
    floor = max(min(*values, target, _middle(outer.low)) - spare, 0.0)
    ceiling = min(max(*values, target, _middle(outer.high)) + spare, most)
    marks_y = [each for each in ticks(floor, ceiling, 5) if floor <= each <= ceiling]
    box = _Box(max(sizes), floor, ceiling)
    across = [each for each in ticks(0.0, box.most, 5) if each <= box.most]
    grid = [_level(box, each) for each in marks_y] + [_size(box, each) for each in across]
    names = [
        words(axes[0], x=WIDTH - RIGHT, y=HEIGHT - 4.0, text_anchor="end", class_="tick"),
        words(axes[1], x=4.0, y=12.0, class_="tick"),
    ]
    bands = [_band(box, sizes, outer, OUTER), _band(box, sizes, inner, INNER)]
    middle = tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=box.y(target), y2=box.y(target), class_="zero")
    dots = [_dot(box, unit) for unit in sorted(units, key=lambda unit: unit.stand == "beyond")]
    return drawing(WIDTH, HEIGHT, label, *bands, *grid, middle, *names, *dots, class_="figure funnel")


def _middle(limits: Sequence[float]) -> float:
    """Return the limit at a tenth of the sizes: those of the smallest may lie far outside and need not be seen whole."""
    return limits[len(limits) // 10]


def _band(box: _Box, sizes: Sequence[float], limits: Limits, colour: str) -> str:
    forth = [f"{box.x(size):.1f} {box.y(value):.1f}" for size, value in zip(sizes, limits.high, strict=True)]
    back = [f"{box.x(size):.1f} {box.y(value):.1f}" for size, value in zip(sizes, limits.low, strict=True)]
    return tag("path", d="M" + "L".join([*forth, *reversed(back)]) + "Z", fill=colour)


def _level(box: _Box, value: float) -> str:
    line = tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=box.y(value), y2=box.y(value), class_="grid")
    return line + words(f"{value:g}", x=LEFT - 7.0, y=box.y(value) + 4.0, text_anchor="end", class_="tick")


def _size(box: _Box, size: float) -> str:
    return words(f"{size:,g}", x=box.x(size), y=HEIGHT - BOTTOM + 17.0, text_anchor="middle", class_="tick")


def _dot(box: _Box, unit: Unit) -> str:
    x, y = box.x(unit.size), box.y(unit.value)
    dot = tag("circle", tip(unit.tip), cx=x, cy=y, r=5.6 if unit.stand == "beyond" else 4.6, fill=COLOURS[unit.stand], class_="dot")
    if not unit.name:
        return dot
    late = x > 0.8 * WIDTH
    name = words(
        unit.name, x=x + (-9.0 if late else 9.0), y=y + 4.0, text_anchor="end" if late else "start", class_="tick", style=HALO
    )
    return dot + name
