"""Maps: outlines of beats once, colours as often as there are systems to compare."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from qinwu.report.figures.svg import attribute, drawing, tag, tip, words

WIDTH = 240.0
TALLEST = 300.0
MARGIN = 4.0
DETAIL = 0.4
"""Corners nearer than this, in drawing units, are smoothed away."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Degrees to drawing units: equirectangular around the middle of the area, north up."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    width: float
    height: float
    metres_per_unit: float

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a place on the drawing."""
        return (MARGIN + (lon - self.west) * self.x_scale, MARGIN + (self.north - lat) * self.y_scale)


class Shaded(NamedTuple):
    """A shape to colour: the id of its outline, fill, what pointing at it says, and whether it is hatched as unknown."""

    outline: str
    fill: str
    tip: str


def frame_of(shapes: Iterable[BaseGeometry]) -> Frame:
    """Return the frame that holds `shapes` (WGS84 degrees)."""
    west, south, east, north = shapely.total_bounds(list(shapes)).tolist()
    squeeze = math.cos(math.radians((south + north) / 2.0))
    wide, tall = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)
    metres = 111_320.0 / scale
    return Frame(west, north, scale * squeeze, scale, wide * scale + 2 * MARGIN, tall * scale + 2 * MARGIN, metres)


def outline(shape: BaseGeometry, frame: Frame) -> str:
    """Return the path of a polygon or several."""
    parts: list[str] = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [frame.place(lon, lat) for lon, lat in shapely.get_coordinates(ring)[:-1].tolist()]
            corners = "L".join(f"{attribute(round(x, 1))} {attribute(round(y, 1))}" for x, y in points)
            parts.append(f"M{corners}Z")
    return "".join(parts)


def dissolved(polygons: Sequence[BaseGeometry], groups: Mapping[str, Sequence[int]], frame: Frame) -> dict[str, BaseGeometry]:
    """Return one shape for each group of atoms, without the borders inside it, smoothed to what a drawing can show."""
    tolerance = DETAIL / frame.y_scale
    return {
        name: shapely.union_all([polygons[atom] for atom in atoms]).simplify(tolerance, preserve_topology=True)
        for name, atoms in groups.items()
        if atoms
    }


def definitions(shapes: Mapping[str, BaseGeometry], frame: Frame) -> str:
    """Return an invisible drawing that holds every outline under its id, for :func:`map_of` to point at."""
    paths = (tag("path", id=name, d=outline(shape, frame)) for name, shape in shapes.items())
    return tag("svg", tag("defs", *paths), width=0, height=0, class_="definitions", aria_hidden="true")


def map_of(frame: Frame, shaded: Sequence[Shaded], label: str, base: tuple[float, float] | None = None) -> str:
    """Return one map: coloured shapes, and a mark where the station house is."""
    uses = [tag("use", tip(each.tip), href=f"#{each.outline}", fill=each.fill, class_="beat") for each in shaded]
    if base is not None:
        x, y = frame.place(*base)
        uses.append(tag("circle", cx=x, cy=y, r=3.2, class_="base"))
    return drawing(frame.width, frame.height, label, *uses, class_="figure map")


def scale_bar(frame: Frame) -> tuple[float, float]:
    """Return the length of a round number of kilometres: kilometres, and drawing units."""
    target = frame.width * frame.metres_per_unit / 4.0 / 1000.0
    power = 10.0 ** math.floor(math.log10(target))
    kilometres = max(step * power for step in (1.0, 2.0, 5.0) if step * power <= target * (1 + 1e-9))
    return kilometres, kilometres * 1000.0 / frame.metres_per_unit


def scale_drawing(frame: Frame, unit: str) -> str:
    """Return a small bar that says how long a kilometre is on maps of full width."""
    kilometres, length = scale_bar(frame)
    line = tag("path", d=f"M1 3V7H{attribute(float(length + 1))}V3", class_="ruler")
    return drawing(
        frame.width,
        18.0,
        unit,
        line,
        words(f"{kilometres:g} {unit}", x=length + 7, y=9.5, class_="tick"),
        class_="figure ruler-box",
    )
