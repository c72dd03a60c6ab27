"""Cutting blocks crosswise until they are small enough: the way streets divide a town."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.ops import split

_DEEPEST = 12
_POINTS = 5


def subdivide(
    block: Polygon, target_m2: float, irregular: float, rng: np.random.Generator, depth: int = 0
) -> tuple[list[Polygon], list[LineString]]:
    """Return the pieces of `block` and the cuts between them.

    Each piece larger than about `target_m2` is cut across its longer side; `irregular` from 0 to 1 says how far from the middle,
    how slanted and how bowed the cuts are.
    """
    if depth == _DEEPEST or block.area < target_m2 * rng.uniform(1.0, 1.6):
        return [block], []
    cut = crosscut(block, irregular, rng)
    parts = [part for part in split(block, cut).geoms if part.area > 0]
    if len(parts) < 2:
        return [block], []
    cuts = [line for line in shapely.get_parts(shapely.intersection(cut, block)) if line.geom_type == "LineString"]
    pieces: list[Polygon] = []
    for part in parts:
        smaller, deeper = subdivide(part, target_m2, irregular, rng, depth + 1)
        pieces += smaller
        cuts += deeper
    return pieces, cuts


def crosscut(block: Polygon, irregular: float, rng: np.random.Generator) -> LineString:
    """Return a slightly bowed line across the longer side of `block`, longer than the block is wide."""
    corners = shapely.get_coordinates(block.minimum_rotated_rectangle)[:4]
    sides = corners[1:3] - corners[:2]
    length, width = np.hypot(*sides.T)
    along, half = (sides[0] / length, width / 2) if length >= width else (sides[1] / width, length / 2)
    place = rng.normal(0.0, 0.07 * irregular) * max(length, width)
    slant = rng.normal(0.0, 0.16 * irregular)
    bow = rng.normal(0.0, 0.10 * irregular) * half
    across = np.array([-np.sin(slant) * along[0] - np.cos(slant) * along[1], np.cos(slant) * along[0] - np.sin(slant) * along[1]])
    step = np.linspace(-1.3, 1.3, _POINTS)[:, None]
    return LineString(corners.mean(axis=0) + place * along + step * half * across + bow * (1 - step**2) * along)
