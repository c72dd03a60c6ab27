"""Figures of leads: what a list is worth by its length, whether probabilities came true, and a series on map and clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.scale import nice_step, ticks
from qinwu.report.figures.svg import attribute, drawing, tag, tip, words

WIDTH, HEIGHT = 460.0, 270.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 14.0, 22.0, 36.0
INK, QUIET, WARM, RULE = "#12506f", "#6aa2bf", "#b3612a", "#e2ded6"
HOURS = (0, 6, 12, 18, 24)


class Frame(NamedTuple):
    """Axes: range of both, and their names."""

    x: tuple[float, float]
    y: tuple[float, float]
    across: str
    up: str

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is drawn."""
        wide, tall = (WIDTH - LEFT - RIGHT) / (self.x[1] - self.x[0]), (HEIGHT - TOP - BOTTOM) / (self.y[1] - self.y[0])
        return LEFT + (x - self.x[0]) * wide, HEIGHT - BOTTOM - (y - self.y[0]) * tall


def _framed(frame: Frame, x_marks: Sequence[tuple[float, str]], y_marks: Sequence[tuple[float, str]]) -> list[str]:
    parts = []
    for value, text in y_marks:
        y = frame.at(frame.x[0], value)[1]
        parts.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, stroke=RULE))
        parts.append(words(text, x=LEFT - 6, y=y + 3.5, text_anchor="end", class_="tick"))
    for value, text in x_marks:
        x = frame.at(value, frame.y[0])[0]
        parts.append(tag("line", x1=x, x2=x, y1=HEIGHT - BOTTOM, y2=HEIGHT - BOTTOM + 4, stroke=RULE))
        parts.append(words(text, x=x, y=HEIGHT - BOTTOM + 16, text_anchor="middle", class_="tick"))
    parts.append(words(frame.across, x=WIDTH - RIGHT, y=HEIGHT - 4, text_anchor="end", class_="tick"))
    parts.append(words(frame.up, x=4.0, y=11.0, class_="tick"))
    return parts


def _path(points: Sequence[tuple[float, float]], **attributes: str | float) -> str:
    d = "M" + "L".join(f"{attribute(round(x, 1))} {attribute(round(y, 1))}" for x, y in points)
    return tag("path", d=d, fill="none", **attributes)


def list_worth(shares: Sequence[float], base: float, texts: tuple[str, str, str], label: str) -> str:
    """Return the share of confirmed pairs among the first 1, 2, … of a list, above the share that lots would give.

    Parameters
    ----------
    shares
        By length of the list, from 1.
    base
        Share by lot.
    texts
        Names of the axes, and of the line of chance.
    label
        What the drawing shows.
    """
    across, up, chance = texts
    frame = Frame((0.0, float(len(shares))), (0.0, 1.0), across, up)
    marks = [(value, f"{value:g}") for value in ticks(0.0, float(len(shares)), 5) if value <= len(shares)]
    parts = _framed(frame, marks, [(value, f"{value:.0%}") for value in (0.0, 0.25, 0.5, 0.75, 1.0)])
    parts.append(_path([frame.at(at + 1.0, share) for at, share in enumerate(shares)], stroke=INK, stroke_width=2))
    ends = [frame.at(0.0, base), frame.at(float(len(shares)), base)]
    parts.append(_path(ends, stroke=WARM, stroke_width=1.5, stroke_dasharray="4 3"))
    parts.append(words(chance, x=ends[1][0], y=ends[1][1] - 6, text_anchor="end", class_="tick"))
    return drawing(WIDTH, HEIGHT, label, *parts, class_="figure")


class Told(NamedTuple):
    """A class of probability: what was said, what came true, its interval, and what pointing says."""

    said: float
    true: float
    low: float
    high: float
    tip: str


def came_true(classes: Sequence[Told], across: str, up: str, label: str) -> str:
    """Return classes of probability against what came true; on the line, what was said is what came."""
    frame = Frame((0.0, 1.0), (0.0, 1.0), across, up)
    marks = [(value, f"{value:.0%}") for value in (0.0, 0.25, 0.5, 0.75, 1.0)]
    parts = _framed(frame, marks, marks)
    parts.append(_path([frame.at(0.0, 0.0), frame.at(1.0, 1.0)], stroke=QUIET, stroke_width=1.2, stroke_dasharray="4 3"))
    for each in classes:
        low, high = (min(max(end, 0.0), 1.0) for end in (each.low, each.high))
        (x, top), (_, foot) = frame.at(each.said, high), frame.at(each.said, low)
        y = frame.at(each.said, min(max(each.true, 0.0), 1.0))[1]
        span = tag("line", x1=x, x2=x, y1=top, y2=foot, stroke=INK, stroke_width=2, opacity=0.55)
        parts.append(tag("g", tip(each.tip), span, tag("circle", cx=x, cy=y, r=5.0, fill=INK)))
    return drawing(WIDTH, HEIGHT, label, *parts, class_="figure")


class Stop(NamedTuple):
    """One case of a series: metres east and north, day and hours of its interval, its number, and what pointing says."""

    x_m: float
    y_m: float
    day: float
    first_hour: float
    last_hour: float
    text: str
    tip: str


def series_map(stops: Sequence[Stop], label: str) -> str:
    """Return a series as points rounded to 100 m, joined in order of time, with a scale bar."""
    x, y = [stop.x_m for stop in stops], [stop.y_m for stop in stops]
    span = max(max(x) - min(x), (max(y) - min(y)) * (WIDTH - 80.0) / (HEIGHT - 90.0), 200.0)
    scale = (WIDTH - 80.0) / span
    middle = (min(x) + max(x)) / 2.0, (min(y) + max(y)) / 2.0
    places = [
        (WIDTH / 2 + (px - middle[0]) * scale, (HEIGHT - 30) / 2 - (py - middle[1]) * scale) for px, py in zip(x, y, strict=True)
    ]
    joined = _path(places, stroke=QUIET, stroke_width=1.4, stroke_dasharray="3 3") if len(places) > 1 else ""
    dots = [_numbered(place, stop) for place, stop in zip(places, stops, strict=True)]
    bar = nice_step(span, 3)
    said = f"{bar / 1000:g} km" if bar >= 1000.0 else f"{bar:g} m"
    foot = HEIGHT - 12.0
    rule = tag("path", d=f"M14 {foot - 6}V{foot}H{attribute(14 + bar * scale)}V{foot - 6}", fill="none", stroke="#6b665d")
    return drawing(WIDTH, HEIGHT, label, joined, *dots, rule, words(said, x=18.0, y=foot - 5, class_="tick"), class_="figure")


def series_clock(stops: Sequence[Stop], days: Sequence[tuple[float, str]], hour: str, label: str) -> str:
    """Return a series as bars over the hours in which each case may have happened, day by day; `days` names days of the axis."""
    first, last = min(stop.day for stop in stops), max(stop.day for stop in stops)
    spare = max((last - first) * 0.06, 0.5)
    frame = Frame((first - spare, last + spare), (24.0, 0.0), "", hour)
    parts = _framed(frame, days, [(float(value), f"{value}") for value in HOURS])
    for stop in stops:
        (x, top), (_, foot) = frame.at(stop.day, stop.first_hour), frame.at(stop.day, stop.last_hour)
        bar = tag("line", x1=x, x2=x, y1=top, y2=foot, stroke=INK, stroke_width=4, opacity=0.5, stroke_linecap="round")
        parts.append(bar + _numbered((x, (top + foot) / 2.0), stop))
    return drawing(WIDTH, HEIGHT, label, *parts, class_="figure")


def _numbered(place: tuple[float, float], stop: Stop) -> str:
    x, y = place
    number = tag("text", stop.text, x=x, y=y + 3.5, text_anchor="middle", style="fill:#fff")
    return tag("g", tip(stop.tip), tag("circle", cx=x, cy=y, r=8.5, fill=INK), number)
