"""Metres of street in each atom; a street on the border of two atoms belongs half to each."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from qinwu.station.borders import Polygons

F64 = NDArray[np.float64]
Lines = NDArray[np.object_]

STEP_M = 10.0


def street_m(lines: Lines, polygons: Polygons, gap_m: float) -> F64:
    """Return metres of `lines` in each of `polygons`; the sum is the length of what lies in or beside any of them.

    Lines are followed in equal steps of at most 10 m. A step whose middle lies in or within `gap_m` of several atoms, as along
    a street that is their border, is shared evenly by them.

    Parameters
    ----------
    lines
        (L,) lines, metres.
    polygons
        (J,) polygons, metres.
    gap_m
        How far from a border a street still belongs to both sides, metres, >= 0.
    """
    total = np.zeros(len(polygons))
    inner = shapely.buffer(polygons, -max(gap_m, 0.01), quad_segs=2)
    atom, line = shapely.STRtree(lines).query(inner, predicate="contains_properly")
    np.add.at(total, atom, shapely.length(lines[line]))
    parted = np.ones(len(lines), dtype=bool)
    parted[line] = False
    middles, metres = _steps(lines[parted])
    step, atom = shapely.STRtree(polygons).query(middles, predicate="dwithin", distance=max(gap_m, 0.01))
    np.add.at(total, atom, metres[step] / np.bincount(step, minlength=len(middles))[step])
    return total


def _steps(lines: Lines) -> tuple[Lines, F64]:
    """Return the middle of every step along `lines`, and its length."""
    length = shapely.length(lines)
    count = np.maximum(np.ceil(length / STEP_M), 1).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    metres = (length / count)[line]
    return shapely.line_interpolate_point(lines[line], (number + 0.5) * metres), metres
