"""Bars: parts of a whole, sorted loads, and the size of one number; and whiskers for differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.svg import attribute, drawing, percent, strip, tag, tip, words

BAR = 24
NARROWEST = 0.055
"""Parts smaller than this share of a bar get no number."""


class Part(NamedTuple):
    """A part of a whole: its share (0 to 1), the number to print on it, colour, whether the number must be white, and its tip."""

    share: float
    text: str
    colour: str
    light: bool
    tip: str


def stacked_bar(parts: Sequence[Part], label: str) -> str:
    """Return one bar of `parts` beside each other, as wide as its column."""
    pieces: list[str] = []
    start = 0.0
    for part in parts:
        pieces.append(_part(part, start))
        start += part.share
    return strip(BAR, label, *pieces)


def _part(part: Part, start: float) -> str:
    box = tag("rect", tip(part.tip), x=percent(start), width=percent(part.share), y=0, height=BAR, fill=part.colour, class_="part")
    if part.share < NARROWEST:
        return box
    middle = percent(start + part.share / 2.0)
    return box + words(part.text, x=middle, y=BAR * 0.68, text_anchor="middle", class_="on light" if part.light else "on")


class Officer(NamedTuple):
    """One officer's week: hours on calls, hours on duty, and what pointing says."""

    calls_h: float
    duty_h: float
    tip: str


LOAD_WIDTH, LOAD_HEIGHT = 240.0, 110.0


def load_bars(officers: Sequence[Officer], top_h: float, label: str, mean: str) -> str:
    """Return officers side by side, busiest first: hours on calls in front of hours on duty, and a line at the mean.

    Parameters
    ----------
    officers
        In order.
    top_h
        Hours at the top of the panel, > 0; the same for all systems.
    label
        What the panel shows.
    mean
        The word beside the line at mean hours on calls.
    """
    floor = LOAD_HEIGHT - 4.0
    step = LOAD_WIDTH / max(len(officers), 1)
    bars = [_officer(officer, number * step, step, floor, top_h) for number, officer in enumerate(officers)]
    base = tag("line", x1=0, x2=LOAD_WIDTH, y1=floor, y2=floor, class_="axis")
    return drawing(LOAD_WIDTH, LOAD_HEIGHT, label, *bars, base, *_mean_line(officers, floor, top_h, mean), class_="figure load")


def _officer(officer: Officer, x: float, step: float, floor: float, top_h: float) -> str:
    wide = min(step * 0.78, 14.0)
    duty, calls = (hours / top_h * (floor - 4.0) for hours in (officer.duty_h, officer.calls_h))
    back = tag("rect", x=x, y=floor - duty, width=wide, height=duty, class_="duty")
    front = tag("rect", x=x, y=floor - calls, width=wide, height=calls, class_="calls")
    return tag("g", tip(officer.tip), back, front)


def _mean_line(officers: Sequence[Officer], floor: float, top_h: float, text: str) -> list[str]:
    if not officers:
        return []
    y = floor - sum(officer.calls_h for officer in officers) / len(officers) / top_h * (floor - 4.0)
    line = tag("line", x1=0, x2=LOAD_WIDTH, y1=y, y2=y, class_="mean")
    return [line, words(text, x=LOAD_WIDTH, y=y - 4, text_anchor="end", class_="tick mean-word")]


class Whisker(NamedTuple):
    """A difference on a scale from 0 to 1: the point, its interval, and ``better``, ``worse`` or ``none``."""

    at: float
    low: float
    high: float
    kind: str


def whisker(mark: Whisker, zero: float, label: str) -> str:
    """Return a difference with its interval, and the line of no difference at `zero` (0 to 1)."""
    middle = BAR / 2.0
    line = tag("line", x1=percent(zero), x2=percent(zero), y1=0, y2=BAR, class_="zero")
    span = tag("line", x1=percent(mark.low), x2=percent(mark.high), y1=middle, y2=middle, class_=f"span {mark.kind}")
    dot = tag("circle", cx=percent(mark.at), cy=middle, r=4.6, class_=f"dot {mark.kind}")
    return strip(BAR, label, line, span, dot)


def size_bar(value: float, zero: float, kind: str, label: str) -> str:
    """Return one bar from `zero` to `value`, both on a scale from 0 to 1."""
    low, high = min(value, zero), max(value, zero)
    bar = tag("rect", x=percent(low), width=percent(high - low), y=7, height=BAR - 14, class_=f"size {kind}")
    return strip(BAR, label, bar, tag("line", x1=percent(zero), x2=percent(zero), y1=0, y2=BAR, class_="zero"))


def swatch(colour: str) -> str:
    """Return a small square of colour for a legend."""
    return tag("svg", tag("rect", width=11, height=11, fill=colour), width=11, height=11, class_="swatch", aria_hidden="true")


def legend(colours: Sequence[str], texts: Sequence[str], label: str) -> str:
    """Return classes of colour side by side with the numbers between them."""
    step, edge = 30.0, 14.0
    boxes = [tag("rect", x=edge + number * step, y=0, width=step, height=10, fill=colour) for number, colour in enumerate(colours)]
    marks = [words(text, x=edge + number * step, y=22, text_anchor="middle", class_="tick") for number, text in enumerate(texts)]
    width = 2 * edge + step * len(colours)
    svg = drawing(width, 26.0, label, *boxes, *marks, class_="figure legend")
    return svg.replace("<svg ", f'<svg width="{attribute(width)}" ', 1)
