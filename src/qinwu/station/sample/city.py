"""The invented city: an old town inside its former walls, a new town, works and villages; a mountain county to the west."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Polygon, box

from qinwu.station.sample.blueprint import Blueprint, Road, RoadClass, Zone, no_water, organic, ray, smooth, walled

POPULATION = 345_000
ORIGIN = (106.21, 32.58)
"""A point in the hills; the place itself is invented."""

MARKET_TOWN = (-17_000.0, 1_500.0)
"""Where the county's market town lies, plane metres."""

_REACH = 34_000.0


def city_blueprint(rng: np.random.Generator) -> Blueprint:
    """Return the plan of the city and its county."""
    old = walled((0.0, 200.0), (2300.0, 2000.0), rng.normal(5.0, 3.0))
    built = organic((250.0, 100.0), (4300.0, 3700.0), 0.06, rng)
    works = box(-9000.0, -9000.0, -900.0, -1500.0).intersection(built)
    city = organic((300.0, 0.0), (7000.0, 6200.0), 0.07, rng, ragged=0.03)
    x, y = MARKET_TOWN
    core, market = organic((x, y), (480.0, 360.0), 0.08, rng), organic((x + 100.0, y - 80.0), (1250.0, 950.0), 0.10, rng)
    river = _river(rng)
    county = organic((x, y), (11_500.0, 8_000.0), 0.08, rng, ragged=0.04)
    valley = river.buffer(1000.0).intersection(county.buffer(-900.0)).difference(city)
    zones = (
        Zone("old_town", old, 165_000.0, 14_000.0, 1.0, 26_000.0, "street", "lane"),
        Zone("industry", works, 500_000.0, 160_000.0, 0.35, 1_400.0, "street", "lane"),
        Zone("new_town", built, 1_050_000.0, 70_000.0, 0.5, 3_000.0, "street", "lane"),
        Zone("old_town", core, 110_000.0, 16_000.0, 1.0, 9_000.0, "street", "lane"),
        Zone("new_town", market, 380_000.0, 40_000.0, 0.7, 4_500.0, "street", "lane"),
        Zone("village", city, 6_500_000.0, 900_000.0, 1.0, 300.0, "rural", "rural"),
        Zone("village", valley, 4_200_000.0, 900_000.0, 1.0, 700.0, "rural", "rural"),
        Zone("mountain", county, 8_500_000.0, 5e9, 1.0, 60.0, None, "mountain"),
    )
    outline = max(shapely.get_parts(shapely.union_all([city, county])), key=lambda part: float(part.area))
    return Blueprint(
        Polygon(outline.exterior), zones, no_water(), _roads(old, built, works, core, market, river, rng), ORIGIN, POPULATION
    )


def _river(rng: np.random.Generator) -> LineString:
    """Return the bottom of the county's main valley, through the market town and on to the city."""
    phase = rng.uniform(0.3, 0.9)
    x = np.arange(-_REACH, 1.0, 600.0)
    y = MARKET_TOWN[1] - 350.0 + 700.0 * np.sin((x - MARKET_TOWN[0]) / 2600.0 + phase) - 700.0 * np.sin(phase)
    return smooth(list(zip(x.tolist(), y.tolist(), strict=True)))


def _roads(
    old: Polygon,
    built: Polygon,
    works: Polygon,
    core: Polygon,
    market: Polygon,
    river: LineString,
    rng: np.random.Generator,
) -> tuple[Road, ...]:
    arterials = [
        LineString(built.exterior.coords),
        smooth([(-_REACH / 3, 900.0), (-1300.0, 1350.0), (1350.0, 1300.0), (4000.0, 1500.0), (_REACH, 1200.0)]),
        smooth([(1500.0, _REACH), (1400.0, 1200.0), (1450.0, -900.0), (1800.0, -_REACH)]),
        smooth([(-1500.0, 5200.0), (-1450.0, 1200.0), (-1400.0, -900.0), (-1900.0, -7000.0)]),
        smooth([(-5200.0, -1150.0), (-1400.0, -950.0), (1450.0, -1000.0), (5200.0, -1400.0)]),
    ]
    streets = [LineString(each.exterior.coords) for each in (old, works, core, market)]
    streets += [smooth([(0.0, 1400.0), (30.0, 200.0), (10.0, -1200.0)]), smooth([(-1400.0, 250.0), (0.0, 220.0), (1400.0, 200.0)])]
    highway = smooth([(x, y + 260.0) for x, y in list(river.coords)[::8]])
    angles = np.radians([25.0, 62.0, 118.0, 150.0, 215.0, 248.0, 300.0, 335.0]) + rng.normal(0, 0.06, 8)
    country = [ray(built, angle, 4500.0, rng.normal(0, 200.0)) for angle in angles]
    kinds: list[tuple[RoadClass, list[LineString]]] = [("arterial", arterials), ("street", streets), ("rural", [highway, *country])]
    return tuple(Road(kind, line) for kind, lines in kinds for line in lines)
