"""Stages: the life of a call from the ring to the arrival as one bar, with nine in ten and what is promised marked on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import FROM_SOON_TO_LATE
from qinwu.report.figures.svg import percent, strip, tag, tip

BAR, EDGE = 28, 6
COLOURS = ("#8d948c", FROM_SOON_TO_LATE[0], "#357a9b", FROM_SOON_TO_LATE[1], FROM_SOON_TO_LATE[3])
"""Of the stages up to the arrival, in their order."""


class Part(NamedTuple):
    """One stage: until when after the ring half of the calls had it behind them, minutes; what pointing says; one of COLOURS."""

    until_min: float
    tip: str
    colour: str


class Life(NamedTuple):
    """Calls of one priority: their stages in order, nine in ten and the promise in minutes (None for none), and what it shows."""

    parts: tuple[Part, ...]
    nine_min: float | None
    nine_tip: str
    limit_min: float | None
    label: str


def longest(lives: Sequence[Life]) -> float:
    """Return the minutes at the right end of a scale that holds all of `lives`, > 0; promises far beyond it are left outside."""
    ends = [end for life in lives for end in (*(part.until_min for part in life.parts), life.nine_min or 0.0)]
    return max([*ends, 1.0]) * 1.04


def life_strip(life: Life, top_min: float) -> str:
    """Return one bar on a scale from 0 to `top_min` minutes."""
    pieces: list[str] = []
    start = 0.0
    for part in life.parts:
        end = max(part.until_min, start)
        pieces.append(
            tag("rect", tip(part.tip), x=percent(start / top_min), width=percent((end - start) / top_min), y=EDGE,
                height=BAR - 2 * EDGE, fill=part.colour)
        )  # fmt: skip
        start = end
    if life.nine_min is not None:
        middle, nine = BAR / 2.0, percent(life.nine_min / top_min)
        pieces.append(tag("line", tip(life.nine_tip), x1=percent(start / top_min), x2=nine, y1=middle, y2=middle, class_="nine"))
        pieces.append(tag("circle", tip(life.nine_tip), cx=nine, cy=middle, r=4.0, class_="nine"))
    if life.limit_min is not None and life.limit_min <= top_min:
        at = percent(life.limit_min / top_min)
        pieces.append(tag("line", x1=at, x2=at, y1=0, y2=BAR, class_="promise"))
    return strip(BAR, life.label, *pieces, class_="life")
