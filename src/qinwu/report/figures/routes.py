"""Routes: tours of a day over a map of beats, from the base through numbered places and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qinwu.report.figures.maps import Frame
from qinwu.report.figures.svg import attribute, drawing, tag, tip, words

COLOURS = ("#12506f", "#b3612a", "#4c7a3d", "#7a4b86", "#8a6d1f", "#3c6e71")
"""Of the tours of a day, in order; after the last the first again."""


class Stop(NamedTuple):
    """A place on a route, longitude and latitude, its number and what pointing says."""

    lon: float
    lat: float
    text: str
    tip: str


class Way(NamedTuple):
    """A tour: the base, longitude and latitude, and its stops in order."""

    base: tuple[float, float]
    stops: tuple[Stop, ...]
    tip: str


def route_map(frame: Frame, outlines: Sequence[str], ways: Sequence[Way], label: str) -> str:
    """Return one map of tours.

    Parameters
    ----------
    frame
        Degrees to drawing units.
    outlines
        Ids of the outlines drawn below, as :func:`qinwu.report.figures.maps.definitions` names them.
    ways
        The tours; lines are straight between places, which is not how crews drive.
    label
        What it shows.
    """
    ground = [tag("use", href=f"#{name}", fill="#f2eee6", class_="beat") for name in outlines]
    lines = [_line(frame, way, COLOURS[number % len(COLOURS)]) for number, way in enumerate(ways)]
    marks = [mark for number, way in enumerate(ways) for mark in _marks(frame, way, COLOURS[number % len(COLOURS)])]
    bases = [tag("circle", cx=x, cy=y, r=3.2, class_="base") for x, y in {frame.place(*way.base) for way in ways}]
    return drawing(frame.width, frame.height, label, *ground, *lines, *bases, *marks, class_="figure map")


def _line(frame: Frame, way: Way, colour: str) -> str:
    points = [frame.place(*way.base), *(frame.place(stop.lon, stop.lat) for stop in way.stops), frame.place(*way.base)]
    path = "L".join(f"{attribute(round(x, 1))} {attribute(round(y, 1))}" for x, y in points)
    return tag("path", tip(way.tip), d=f"M{path}", fill="none", stroke=colour, class_="route")


def _marks(frame: Frame, way: Way, colour: str) -> list[str]:
    marks = []
    taken: dict[tuple[float, float], int] = {}
    for stop in way.stops:
        x, y = frame.place(stop.lon, stop.lat)
        beside = taken.get((x, y), 0)
        taken[x, y] = beside + 1
        dot = tag("circle", cx=x + beside * 9.5, cy=y, r=5.2, fill=colour, class_="route-stop")
        number = words(stop.text, x=x + beside * 9.5, y=y + 2.6, text_anchor="middle", class_="route-number")
        marks.append(tag("g", tip(stop.tip), dot, number))
    return marks
