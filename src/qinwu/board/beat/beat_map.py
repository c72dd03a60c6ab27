"""Beat map: the beat and what lies around it as a drawing, with open calls and tasks at their atoms. No positions, no tracks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from qinwu.board.in_force import InForce

Points: TypeAlias = NDArray[np.float64]
Placing = Callable[[Points], Points]
WIDE = 600.0
MARGIN = 0.06
TURN = 6.0
"""Dots of one atom stand side by side, so many drawing units apart."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One atom: its outline as a path, what it is called, and ``mine``, ``seen`` (visited this month) or ``atom`` (around it)."""

    path: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Dot:
    """An open call or a task at an atom."""

    x: float
    y: float
    what: str
    title: str


@dataclass(frozen=True)
class Drawing:
    """A map to draw: width and height in drawing units, atoms, the outline of the beat, dots."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    edge: str
    dots: tuple[Dot, ...]


def map_of(force: InForce, atoms: Collection[str], seen: Collection[str], things: Iterable[tuple[str, str, str]]) -> Drawing | None:
    """Return the map of some atoms; None where there are none.

    Parameters
    ----------
    force
        The duty system in force.
    atoms
        Those of the beat.
    seen
        Those visited this month.
    things
        What lies where: ``call`` or ``task``, its atom, and what it is.
    """
    area = force.station.area
    mine = [area.index[atom] for atom in atoms if atom in area.index]
    if not mine:
        return None
    west, south, east, north = shapely.union_all([area.polygons[at] for at in mine]).bounds
    pad = MARGIN * max(east - west, north - south)
    west, south, east, north = west - pad, south - pad, east + pad, north + pad
    flat = np.cos(np.radians((south + north) / 2.0))
    scale = WIDE / ((east - west) * flat)

    def placed(points: Points) -> Points:
        return np.column_stack(((points[:, 0] - west) * flat * scale, (north - points[:, 1]) * scale))

    frame = shapely.box(west, south, east, north)
    inside = set(mine)
    shapes = []
    for at in range(len(area)):
        cut = area.polygons[at].intersection(frame)
        if not cut.is_empty:
            name = area.atom_ids[at]
            state = "atom" if at not in inside else "seen" if name in seen else "mine"
            shapes.append(Shape(_path(shapely.transform(cut, placed)), area.called(name), state))
    edge = _path(shapely.transform(shapely.union_all([area.polygons[at] for at in mine]), placed))
    return Drawing(WIDE, (north - south) * scale, tuple(shapes), edge, tuple(_dots(force, inside, placed, things)))


def _path(shape: shapely.Geometry) -> str:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords) + "Z" for ring in rings)


def _dots(force: InForce, inside: Collection[int], placed: Placing, things: Iterable[tuple[str, str, str]]) -> Iterator[Dot]:
    area, count = force.station.area, Counter[int]()
    for what, atom, title in things:
        at = area.index.get(atom, -1)
        if at in inside:
            (x, y), turn = placed(np.array(area.polygons[at].representative_point().coords))[0], count[at]
            count[at] += 1
            yield Dot(float(x) + TURN * turn, float(y), what, title)
