"""Curves: the share reached by each minute, one line for each system, named at its end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.svg import attribute, drawing, tag, tip, words

WIDTH, HEIGHT = 262.0, 196.0
LEFT, RIGHT, TOP, BOTTOM = 32.0, 8.0, 18.0, 24.0


class Curve(NamedTuple):
    """One line: number of its system, name, and (minute, share) points in order."""

    system: int
    name: str
    points: tuple[tuple[float, float], ...]


def curve_figure(
    curves: Sequence[Curve], promise: float | None, words_of: tuple[str, str], label: str, end: float, focus: int
) -> str:
    """Return a panel of curves from minute 0 to `end`.

    Parameters
    ----------
    curves
        The current system first; it is drawn last but one, above the others.
    promise
        Promised minutes, drawn as a dotted line; None for no promise or one beyond the panel.
    words_of
        The words for minutes on the axis and for the promise.
    label
        What the panel shows.
    end
        Last minute of the axis, > 0.
    focus
        Position of the system to stand out beside the current one.
    """
    grid = [_level(share) for share in (0.25, 0.5, 0.75, 1.0)] + [_minute(at, end, words_of[0]) for at in _minutes(end)]
    mark = [_promise(promise, end, words_of[1])] if promise is not None and promise <= end else []
    lines = [_line(curve, end, focus) for curve in sorted(curves, key=lambda curve: (curve.system == 0, curve.system == focus))]
    return drawing(WIDTH, HEIGHT, label, *grid, *mark, *lines, class_="figure curve")


def _x(minute: float, end: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * minute / end


def _y(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - share)


def _minutes(end: float) -> tuple[float, ...]:
    step = next(step for step in (5.0, 10.0, 20.0, 60.0) if end / step <= 3 or step == 60.0)
    return tuple(step * number for number in range(int(end // step) + 1))


def _level(share: float) -> str:
    y = _y(share)
    line = tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid")
    return line + words(f"{share:.0%}", x=LEFT - 5, y=y + 3.5, text_anchor="end", class_="tick")


def _minute(at: float, end: float, unit: str) -> str:
    said = f"{at:g} {unit}" if at == _minutes(end)[-1] else f"{at:g}"
    anchor = "end" if at == end else "middle"
    return words(said, x=_x(at, end) + (RIGHT if at == end else 0), y=HEIGHT - BOTTOM + 15, text_anchor=anchor, class_="tick")


def _promise(promise: float, end: float, text: str) -> str:
    x = _x(promise, end)
    late = promise > end * 0.6
    line = tag("line", x1=x, x2=x, y1=TOP - 4, y2=HEIGHT - BOTTOM, class_="promise")
    return line + words(
        text, x=x + (-4 if late else 4), y=TOP - 5, text_anchor="end" if late else "start", class_="tick promise-word"
    )


def _line(curve: Curve, end: float, focus: int) -> str:
    points = [(0.0, 0.0), *((m, s) for m, s in curve.points if m <= end and math.isfinite(s))]
    path = "M" + "L".join(f"{attribute(round(_x(m, end), 1))} {attribute(round(_y(s), 1))}" for m, s in points)
    kind = "now" if curve.system == 0 else "other on" if curve.system == focus else "other"
    return tag("path", tip(curve.name), d=path, class_=f"line s {kind}", data_s=curve.system)
