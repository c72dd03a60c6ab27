"""Station: what there is, read from one folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qinwu.findings import Finding
from qinwu.station.area import Area
from qinwu.station.calls import Calls
from qinwu.station.config import StationConfig
from qinwu.station.force import Force
from qinwu.station.venues import Venue

if TYPE_CHECKING:
    from qinwu.station.lookup import Entry


@dataclass(frozen=True)
class Station:
    """A station: its description, area, calls, force and venues; ``findings`` are the warnings met while reading."""

    folder: Path
    config: StationConfig
    area: Area
    calls: Calls
    force: Force
    venues: tuple[Venue, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def base(self) -> int:
        """Position of the station house: the atom ``base_atom`` names, else the atom nearest the centre of population."""
        return self.area.index.get(self.config.base_atom, self.area.population_centre())

    @cached_property
    def places(self) -> tuple[Entry, ...]:
        """What a place can be found by: atoms, venues, and streets where the roads have names."""
        from qinwu.station.lookup import places_of

        return places_of(self)
