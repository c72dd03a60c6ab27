"""Metres of street in each atom; a street on the border of two atoms belongs half to each."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from qinwu.station.borders import Polygons

F64 = NDArray[np.float64]


def street_m(lines: NDArray[np.object_], polygons: Polygons) -> F64:
    """Return metres of `lines` in each of `polygons`, both in metres; the sum is the length inside their union.

    A stretch that runs along borders is shared evenly by the atoms it borders.

    Parameters
    ----------
    lines
        (L,) lines.
    polygons
        (J,) polygons that overlap nowhere.
    """
    total = np.zeros(len(polygons))
    tree = shapely.STRtree(lines)
    atom, line = tree.query(polygons, predicate="contains_properly")
    np.add.at(total, atom, shapely.length(lines[line]))
    whole = np.zeros(len(lines), dtype=bool)
    whole[line] = True
    atom, line = tree.query(polygons, predicate="intersects")
    parted = ~whole[line]
    atom, line = atom[parted], line[parted]
    _add_parts(total, lines, polygons, atom, line)
    return total


def _add_parts(total: F64, lines: NDArray[np.object_], polygons: Polygons, atom: NDArray[np.intp], line: NDArray[np.intp]) -> None:
    """Add to `total` what lies in each atom of the lines that cross or follow a border."""
    inside = shapely.length(shapely.intersection(lines[line], polygons[atom]))
    along = shapely.length(shapely.intersection(lines[line], shapely.boundary(polygons)[atom]))
    used = np.unique(line)
    position = np.searchsorted(used, line)
    covered = shapely.length(shapely.intersection(lines[used], shapely.union_all(polygons[np.unique(atom)])))
    proper = np.maximum(inside - along, 0.0)
    shared = np.maximum(covered - np.bincount(position, weights=proper, minlength=len(used)), 0.0)
    claimed = np.bincount(position, weights=along, minlength=len(used))
    part = np.divide(shared, claimed, out=np.zeros_like(shared), where=claimed > 0)
    np.add.at(total, atom, proper + along * part[position])
