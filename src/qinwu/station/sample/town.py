"""The invented town: a river, an old town on its north bank, a new town around it, works in the south-west, villages outside."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Polygon, box

from qinwu.station.sample.blueprint import Blueprint, Road, RoadClass, Zone, organic, ray, smooth, walled

POPULATION = 60_000
ORIGIN = (116.38, 33.42)
"""A point in the plain far from any county seat; the place itself is invented."""

_REACH = 5200.0


def town_blueprint(rng: np.random.Generator) -> Blueprint:
    """Return the plan of the town."""
    river = _river(rng)
    bank = _height(river, -200.0)
    water = river.buffer(45.0)
    old = walled((-200.0, bank + 470.0), (1080.0, 860.0), rng.normal(6.0, 3.0)).difference(river.buffer(85.0))
    built = organic((150.0, 150.0), (1540.0, 1330.0), 0.07, rng)
    outline = organic((0.0, 0.0), (3000.0, 2600.0), 0.10, rng, ragged=0.035)
    works = box(-2500.0, -2500.0, -250.0, 2500.0).intersection(built).intersection(_south_of(river)).difference(water)
    zones = (
        Zone("old_town", old, 37_000.0, 9_000.0, 1.0, 24_000.0, "street", "lane"),
        Zone("industry", works, 120_000.0, 45_000.0, 0.35, 1_500.0, "street", "lane"),
        Zone("new_town", built, 112_000.0, 24_000.0, 0.45, 5_000.0, "street", "lane"),
        Zone("village", outline, 780_000.0, 270_000.0, 1.0, 430.0, "rural", "rural"),
    )
    return Blueprint(outline, zones, water, _roads(river, old, works, built, rng), ORIGIN, POPULATION)


def _river(rng: np.random.Generator) -> LineString:
    phase = rng.uniform(0.2, 0.8)
    x = np.arange(-_REACH, _REACH + 1, 200.0)
    y = -280.0 - 0.16 * x + 240.0 * np.sin(x / 850.0 + phase) + 60.0 * np.sin(x / 330.0 + 3 * phase)
    return smooth(list(zip(x.tolist(), y.tolist(), strict=True)))


def _height(river: LineString, x: float) -> float:
    return float(river.intersection(LineString([(x, -9e3), (x, 9e3)])).y)


def _south_of(river: LineString) -> Polygon:
    return Polygon([*river.coords, (_REACH, -9e3), (-_REACH, -9e3)])


def _roads(river: LineString, old: Polygon, works: Polygon, built: Polygon, rng: np.random.Generator) -> tuple[Road, ...]:
    west, south, east, north = old.bounds
    arterials = [
        built.exterior,
        smooth(
            [(east + 60, _REACH), (east + 90, north + 200), (east + 60, south - 300), (east + 150, -1500), (east - 200, -_REACH)]
        ),
        smooth([(-_REACH, north + 500), (west, north + 130), (east, north + 90), (1100, north + 160), (_REACH, north - 200)]),
        shapely.offset_curve(river, -400.0).intersection(built.buffer(1.0)),
        smooth([(930, 1700), (910, 650), (980, -200), (910, -1500)]).intersection(built.buffer(1.0)),
    ]
    banks = [river.buffer(45.0).boundary.intersection(built)]
    angles = np.radians([35.0, 140.0, 205.0, 250.0, 325.0]) + rng.normal(0, 0.08, 5)
    country = [ray(built, angle, 3500.0, rng.normal(0, 180.0)) for angle in angles]
    ring_street = [old.exterior, works.exterior]
    kinds: list[tuple[RoadClass, list[shapely.Geometry]]] = [
        ("arterial", arterials),
        ("street", banks + ring_street),
        ("rural", country),
    ]
    return tuple(Road(kind, line) for kind, lines in kinds for whole in lines for line in shapely.get_parts(_as_lines(whole)))


def _as_lines(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return a ring as a line string, anything else as it is."""
    return LineString(geometry.coords) if geometry.geom_type == "LinearRing" else geometry
