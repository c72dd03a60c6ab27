"""What measures need to know of a station: streets, promises, sight, and places that stay the same whatever is reformed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.station.station import Station

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Context:
    """What measures need to know of a station beyond the plan: promises, streets, and how a patrol is seen.

    ``places`` names parts of the area and ``place_of`` (J,) says which each atom is in (-1: none); where there are any, response is
    also told by place and by hour of the day.
    """

    limit_s: F64
    ladder_s: tuple[float, ...]
    call_classes: tuple[str, ...]
    street_m: F64
    area_m2: F64
    patrol_mps: float
    sight_m: float
    stay_s: float
    places: tuple[str, ...] = ()
    place_of: NDArray[np.int16] | None = None

    @classmethod
    def of(cls, station: Station) -> Context:
        """Collect the context of `station`."""
        policy, patrol = station.config.policy, station.config.patrol
        return cls(
            limit_s=np.array([policy.limit_min.get(p, np.inf) * 60.0 for p in (1, 2, 3, 4)]),
            ladder_s=tuple(minutes * 60.0 for minutes in policy.ladder_min),
            call_classes=tuple(c.id for c in station.config.call_class),
            street_m=station.area.street_m,
            area_m2=station.area.area_m2,
            patrol_mps=patrol.speed_kmh / 3.6,
            sight_m=patrol.sight_m,
            stay_s=patrol.stay_min * 60.0,
        )
