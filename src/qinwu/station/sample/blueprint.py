"""Blueprint: how an invented place is laid out before it is cut into atoms; plane metres, x east and y north of its centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, Point, Polygon, box
from shapely.affinity import rotate

LandUse = Literal["old_town", "new_town", "industry", "village", "mountain"]
RoadClass = Literal["arterial", "street", "lane", "rural", "mountain"]

ROAD_CLASSES: tuple[RoadClass, ...] = ("arterial", "street", "rural", "mountain", "lane")
SPEED_KMH: dict[RoadClass, float] = {"arterial": 50.0, "street": 40.0, "rural": 55.0, "mountain": 35.0, "lane": 20.0}
"""Speeds of a police car on a free road by road class: assumption, about the usual limits less stops at crossings."""


@dataclass(frozen=True)
class Road:
    """A road of the plan, before it is cut at its crossings."""

    road_class: RoadClass
    line: LineString


@dataclass(frozen=True)
class Zone:
    """A part of the area with one texture.

    Parameters
    ----------
    land_use
        What it is used for.
    shape
        Where it is; the first zone of a blueprint that holds a place wins.
    block_m2, lane_m2
        Size at which a block is no longer cut into atoms, and an atom no longer into plots by lanes; square metres, > 0.
    irregular
        0 for straight cuts in the middle, 1 for crooked ones.
    people_km2
        Residents per square kilometre, relative to the other zones.
    cuts, lanes
        Road class of the cuts between atoms (None: ridges, see :mod:`qinwu.station.sample.trails`) and of those within them.
    """

    land_use: LandUse
    shape: Polygon
    block_m2: float
    lane_m2: float
    irregular: float
    people_km2: float
    cuts: RoadClass | None
    lanes: RoadClass


@dataclass(frozen=True)
class Blueprint:
    """An invented place: outline, zones, water, given roads, where its centre lies on the globe, and how many people live there."""

    outline: Polygon
    zones: tuple[Zone, ...]
    water: Polygon
    roads: tuple[Road, ...]
    origin: tuple[float, float]
    population: int


def organic(
    centre: tuple[float, float], radii: tuple[float, float], wobble: float, rng: np.random.Generator, ragged: float = 0.0
) -> Polygon:
    """Return a closed curve around `centre`.

    Parameters
    ----------
    centre, radii
        Of the ellipse it starts from, metres.
    wobble, ragged
        By which share of itself the radius wanders in a few long waves, and in many short ones.
    rng
        Source of chance.
    """
    angle = np.linspace(0.0, 2 * np.pi, 145)[:-1]
    factor = 1.0 + wobble * _waves(angle, range(2, 6), rng) + ragged * _waves(angle, range(7, 17), rng)
    return Polygon(np.column_stack((centre[0] + radii[0] * factor * np.cos(angle), centre[1] + radii[1] * factor * np.sin(angle))))


def _waves(angle: NDArray[np.float64], orders: range, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a sum of cosine waves, clipped to ±1.5."""
    phase, size = rng.uniform(0, 2 * np.pi, len(orders)), rng.normal(0, 1, len(orders))
    weight = size * orders[0] / np.array(orders)
    return np.asarray(np.clip(np.cos(np.outer(angle, orders) + phase) @ weight / np.sqrt(len(orders)), -1.5, 1.5))


def walled(centre: tuple[float, float], size: tuple[float, float], turn_degrees: float) -> Polygon:
    """Return a rectangle with rounded corners, as former town walls leave it; `size` is east-west and north-south in metres."""
    half_x, half_y, corner = size[0] / 2, size[1] / 2, 0.18 * min(size)
    block = box(centre[0] - half_x, centre[1] - half_y, centre[0] + half_x, centre[1] + half_y)
    return rotate(block.buffer(-corner).buffer(corner, quad_segs=4), turn_degrees)


def smooth(points: list[tuple[float, float]], per_leg: int = 8) -> LineString:
    """Return a Catmull-Rom curve through `points`, `per_leg` pieces between two of them."""
    given = np.asarray(points, dtype=float)
    padded = np.vstack((2 * given[0] - given[1], given, 2 * given[-1] - given[-2]))
    share = np.arange(per_leg)[:, None] / per_leg
    legs = [_leg(padded[at : at + 4], share) for at in range(len(given) - 1)]
    return LineString(np.vstack([*legs, given[-1:]]))


def _leg(four: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    before, start, end, after = four
    linear, square = (end - before) / 2, before - 2.5 * start + 2 * end - after / 2
    cubic = (after - before) / 2 + 1.5 * (start - end)
    return np.asarray(start + share * linear + share**2 * square + share**3 * cubic)


def ray(polygon: Polygon, angle: float, reach_m: float, bow_m: float) -> LineString:
    """Return a bowed road from the border of `polygon`, in the direction `angle` from its centroid, `reach_m` outwards."""
    centre = polygon.centroid
    way = np.array([np.cos(angle), np.sin(angle)])
    rim = polygon.exterior.intersection(LineString([(centre.x, centre.y), (centre.x + 2e4 * way[0], centre.y + 2e4 * way[1])]))
    first = np.array([rim.geoms[0].x, rim.geoms[0].y]) if rim.geom_type == "MultiPoint" else np.array([rim.x, rim.y])
    last = first + reach_m * way
    middle = (first + last) / 2 + bow_m * np.array([-way[1], way[0]])
    return smooth([tuple(first - 3 * way), tuple(middle), tuple(last)])


def no_water() -> Polygon:
    """Return an empty water."""
    return Point(0, 0).buffer(0)
