"""Reach: how many residents share a counter, and how far it is to the nearest one (M29)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.duty.places import base_of_unit
from qinwu.duty.reform.state import State
from qinwu.station.station import Station


@dataclass(frozen=True, slots=True)
class Reach:
    """Counters where residents are served.

    Parameters
    ----------
    counters
        Stations with at least one desk post, and outposts with anybody.
    residents_each
        Residents divided by counters; nan without any.
    mean_min, worst_min
        Minutes of travel from where residents live to the nearest counter: mean over residents, and of the atom farthest away.
    """

    counters: int
    residents_each: float
    mean_min: float
    worst_min: float


def reach(station: Station, state: State) -> Reach:
    """Return how residents reach the counters of a duty system.

    Travel is that of the station's network on a free road, by car; atoms count by residents.
    """
    homes = {home for home in state.stations.homes if state.at(home, "administration")} | {
        unit.id for unit in state.system.unit if unit.level == "outpost" and state.at(unit.id)
    }
    index, units = station.area.index, state.units
    bases = [index[base] for name in sorted(homes) if name in units and (base := base_of_unit(units[name], units)) in index]
    if not bases:
        return Reach(len(homes), *(float("nan"),) * 3)
    people = np.asarray(station.area.population, dtype=np.float64)
    minutes = station.area.travel.base_s[:, bases].min(axis=1).astype(np.float64) / 60.0
    there = people > 0.0
    mean = float(np.average(minutes, weights=people)) if there.any() else float(minutes.mean())
    worst = float(minutes[there].max()) if there.any() else float(minutes.max())
    return Reach(len(homes), float(people.sum()) / len(homes), mean, worst)
