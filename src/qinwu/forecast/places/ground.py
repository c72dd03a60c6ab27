"""Ground: the places a forecast chooses from: cells of a grid, atoms of a station or pieces of street, and who lies near whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.station.area import Area

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

REACH = 5.0
"""How far a place still feels another, in widths of a typical place."""


class Near(NamedTuple):
    """Places near each place, itself first: `offsets` (P + 1,), then `place` and `metres` (pairs,)."""

    offsets: I64
    place: I32
    metres: F64


@dataclass(frozen=True)
class Ground:
    """Places.

    Parameters
    ----------
    kind
        ``grid``, ``atoms`` or ``streets``.
    ids
        (P,) names.
    xy_m
        (P, 2) centres, metres.
    measure
        (P,) how large each is: square metres of cells and atoms, metres of streets; all > 0.
    shapes
        (P,) polygons or lines in metres; empty where they are not known.
    size_m
        Width of a typical place, metres, > 0.
    atoms
        (P,) the atom each lies in, empty text where it is not known.
    """

    kind: Literal["grid", "atoms", "streets"]
    ids: tuple[str, ...]
    xy_m: F64
    measure: F64
    shapes: tuple[BaseGeometry, ...]
    size_m: float
    atoms: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def near(self) -> Near:
        """Every pair of places within ``REACH`` widths, in order of distance."""
        tree = cKDTree(self.xy_m)
        pairs = tree.query_pairs(REACH * self.size_m, output_type="ndarray").astype(np.int64)
        own = np.arange(len(self))
        first, second = np.r_[own, pairs[:, 0], pairs[:, 1]], np.r_[own, pairs[:, 1], pairs[:, 0]]
        metres = np.hypot(*(self.xy_m[first] - self.xy_m[second]).T)
        order = np.lexsort((second != first, metres, first))
        offsets = np.r_[0, np.cumsum(np.bincount(first, minlength=len(self)))]
        return Near(offsets.astype(np.int64), second[order].astype(np.int32), metres[order])

    @cached_property
    def room(self) -> F64:
        """(P,) how much of what spreads each place takes, beside others as near: a cell that the border cuts takes less."""
        return self.measure / self.measure.max() if self.kind == "grid" else np.ones(len(self))

    def locate(self, x_m: F64, y_m: F64) -> I32:
        """Return the place of each point, -1 where it lies in none; streets take points within half a width."""
        points = shapely.points(x_m, y_m)
        tree = shapely.STRtree(np.array(self.shapes, dtype=object))
        found = np.full(len(points), -1, dtype=np.int32)
        if self.kind == "streets":
            at, place = tree.query_nearest(points, max_distance=self.size_m / 2.0, all_matches=False)
        else:
            at, place = tree.query(points, predicate="intersects")
        found[at[::-1]] = place[::-1]
        return found


def grid_ground(area: BaseGeometry, cell_m: float) -> Ground:
    """Return square cells of `cell_m` clipped to an area (a polygon in metres), from its south-west corner.

    Raises
    ------
    QinwuError
        The area is empty, or not a single cell fits.
    """
    if area.is_empty or cell_m <= 0.0:
        message = N_("There is no area to lay a grid over, or its cells have no width: {cell} m.")
        remedy = N_("Give a polygon in metres and a width above 0.")
        raise QinwuError([Finding("no-ground", "error", message, remedy, values={"cell": cell_m})])
    west, south, east, north = area.bounds
    columns, rows = (int(np.ceil(span / cell_m)) or 1 for span in (east - west, north - south))
    column, row = (each.ravel() for each in np.meshgrid(np.arange(columns), np.arange(rows), indexing="ij"))
    x, y = west + column * cell_m, south + row * cell_m
    boxes = shapely.box(x, y, x + cell_m, y + cell_m)
    shapely.prepare(area)
    touched = np.flatnonzero(shapely.intersects(area, boxes))
    inside = shapely.contains_properly(area, boxes[touched])
    clipped = boxes[touched]
    clipped[~inside] = shapely.intersection(clipped[~inside], area)
    size = shapely.area(clipped)
    kept = size > 0.0
    at = touched[kept]
    return Ground(
        "grid",
        tuple(f"{c}-{r}" for c, r in zip(column[at].tolist(), row[at].tolist(), strict=True)),
        np.column_stack([x[at], y[at]]) + cell_m / 2.0,
        size[kept],
        tuple(clipped[kept]),
        cell_m,
    )


def atom_ground(area: Area) -> Ground:
    """Return the atoms of a station as places."""
    return Ground(
        "atoms", area.atom_ids, area.xy_m, area.area_m2, area.polygons, float(np.sqrt(np.median(area.area_m2))), area.atom_ids
    )


def street_ground(lines: Sequence[BaseGeometry], piece_m: float = 150.0) -> Ground:
    """Return pieces of streets of about `piece_m` as places, cut evenly from lines in metres."""
    pieces, ids = [], []
    for number, line in enumerate(lines):
        count = max(round(line.length / piece_m), 1)
        for part in range(count):
            pieces.append(substring(line, part / count, (part + 1) / count, normalized=True))
            ids.append(f"{number}-{part}")
    made = np.array(pieces, dtype=object)
    centres = shapely.get_coordinates(shapely.line_interpolate_point(made, 0.5, normalized=True))
    return Ground("streets", tuple(ids), centres, shapely.length(made), tuple(pieces), piece_m)
