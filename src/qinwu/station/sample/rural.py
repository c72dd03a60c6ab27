"""The invented mountain township: a market town by a river, four outposts up the side valleys, winding roads between."""

from __future__ import annotations

import numpy as np
from shapely import LineString

from qinwu.station.sample.blueprint import Blueprint, Road, Zone, no_water, organic, smooth

POPULATION = 19_000
ORIGIN = (104.72, 31.93)
"""A point in the hills; the place itself is invented."""

OUTPOSTS: tuple[tuple[str, str, tuple[float, float]], ...] = (
    ("北岭分驻所", "North ridge outpost", (-2600.0, 4300.0)),
    ("东坪分驻所", "East terrace outpost", (5300.0, 2300.0)),
    ("南沟分驻所", "South gully outpost", (2700.0, -4300.0)),
    ("西垭分驻所", "West pass outpost", (-5600.0, -1900.0)),
)
"""Names (invented) and places of the outposts, plane metres."""

_REACH = 9500.0


def rural_blueprint(rng: np.random.Generator) -> Blueprint:
    """Return the plan of the township."""
    river = _river(rng)
    core = organic((0.0, 330.0), (330.0, 230.0), 0.08, rng)
    town = organic((80.0, 250.0), (950.0, 700.0), 0.10, rng)
    outline = organic((0.0, 0.0), (7600.0, 6100.0), 0.10, rng, ragged=0.05)
    valley = river.buffer(750.0).intersection(organic((0.0, 0.0), (5200.0, 4200.0), 0.05, rng))
    zones = (
        Zone("old_town", core, 110_000.0, 15_000.0, 1.0, 9_000.0, "street", "lane"),
        Zone("new_town", town, 380_000.0, 40_000.0, 0.7, 4_000.0, "street", "lane"),
        Zone("village", valley, 2_300_000.0, 500_000.0, 1.0, 420.0, "rural", "rural"),
        Zone("mountain", outline, 7_300_000.0, 5e9, 1.0, 42.0, None, "mountain"),
    )
    highway = smooth([(x, y + 190.0) for x, y in list(river.coords)[::8]])
    roads = (
        Road("rural", highway),
        Road("street", LineString(town.exterior.coords)),
        Road("street", LineString(core.exterior.coords)),
    )
    return Blueprint(outline, zones, no_water(), roads, ORIGIN, POPULATION)


def _river(rng: np.random.Generator) -> LineString:
    phase = rng.uniform(0.3, 0.9)
    x = np.arange(-_REACH, _REACH + 1, 300.0)
    y = -120.0 + 0.10 * x + 420.0 * np.sin(x / 1500.0 + phase) - 420.0 * np.sin(phase) + 110.0 * np.sin(x / 520.0)
    return smooth(list(zip(x.tolist(), y.tolist(), strict=True)))
