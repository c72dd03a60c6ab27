"""The invented quarter of the station of thirteen: an old high street, newer blocks around it, market gardens at the rim."""

from __future__ import annotations

import numpy as np
from shapely import LineString

from qinwu.station.sample.blueprint import Blueprint, Road, Zone, no_water, organic, smooth, walled

POPULATION = 11_000
ORIGIN = (115.93, 33.17)
"""A point in the plain; the place itself is invented."""

_REACH = 4000.0


def quarter_blueprint(rng: np.random.Generator) -> Blueprint:
    """Return the plan of the quarter."""
    core = walled((-60.0, 40.0), (560.0, 420.0), rng.normal(-8.0, 3.0))
    built = organic((0.0, 0.0), (900.0, 780.0), 0.08, rng)
    outline = organic((40.0, -60.0), (1650.0, 1450.0), 0.10, rng, ragged=0.04)
    zones = (
        Zone("old_town", core, 50_000.0, 9_000.0, 1.0, 18_000.0, "street", "lane"),
        Zone("new_town", built, 220_000.0, 28_000.0, 0.6, 4_000.0, "street", "lane"),
        Zone("village", outline, 1_000_000.0, 260_000.0, 1.0, 450.0, "rural", "rural"),
    )
    roads = (
        Road("arterial", smooth([(-_REACH, 380.0), (-600.0, 300.0), (450.0, 330.0), (_REACH, 60.0)])),
        Road("arterial", smooth([(320.0, _REACH), (290.0, 500.0), (380.0, -300.0), (200.0, -_REACH)])),
        Road("street", smooth([(-1200.0, 30.0), (-300.0, 60.0)]).intersection(built)),
        Road("street", smooth([(-120.0, -1100.0), (-70.0, -100.0)]).intersection(built)),
        Road("street", smooth([(150.0, 60.0), (450.0, 20.0)])),
        Road("street", LineString(built.exterior.coords)),
        Road("street", LineString(core.exterior.coords)),
    )
    return Blueprint(outline, zones, no_water(), roads, ORIGIN, POPULATION)
