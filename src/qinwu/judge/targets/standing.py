"""Standing: who owns which atom, beat and venue under the duty system in force, and so whose a row of a table is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qinwu.duty.compile import last_day
from qinwu.duty.crews import Crew, form_crews
from qinwu.duty.organisation.tree import home_of
from qinwu.duty.places import owns_venue
from qinwu.duty.staffing import Staffing, staff
from qinwu.duty.system import Beat, DutySystem, Sector, Squad
from qinwu.duty.units import Unit
from qinwu.duty.who import Muster
from qinwu.judge.targets.card import Level
from qinwu.station.force import Officer
from qinwu.station.station import Station
from qinwu.station.venues import Venue

COLUMN: Mapping[Level, str] = {"station": "unit", "squad": "squad", "sector": "sector", "beat": "beat", "officer": "officer"}
"""Column of every table that names the owner at each level."""


@dataclass(frozen=True)
class Standing:
    """A station under its duty system on the day of the last call."""

    station: Station
    system: DutySystem
    staffing: Staffing
    crews: tuple[Crew, ...]

    @classmethod
    def of(cls, station: Station, system: DutySystem) -> Standing:
        """Return how a station stands under `system`."""
        staffing = staff(station.force, system, last_day(station.calls))
        crews, _ = form_crews(system, staffing, station.config.neighbour)
        return cls(station, system, staffing, crews)

    @cached_property
    def accountable(self) -> Mapping[str, Officer]:
        """The officer of each beat, by beat id."""
        return {**self.staffing.accountable, **{crew.beat: crew.officers[0] for crew in self.crews if crew.beat}}

    @cached_property
    def muster(self) -> Muster:
        """Crews and officers as the words of duty files mean them."""
        return Muster(self.system, self.crews, self.station.config.call_class, self.accountable)

    @property
    def beats(self) -> tuple[Beat, ...]:
        """The geographic beats, in file order."""
        return self.muster.beats

    @cached_property
    def beat_of_atom(self) -> Mapping[str, str]:
        """Geographic beat of each atom; the first beat that names an atom has it."""
        return {atom: beat.id for beat in reversed(self.beats) for atom in beat.atoms}

    @cached_property
    def sector_of_beat(self) -> Mapping[str, str]:
        """Sector of each beat that is in one."""
        return {beat: sector.id for sector in reversed(self.system.sector) for beat in sector.beats}

    @cached_property
    def squad_of_officer(self) -> Mapping[str, str]:
        """Squad of each officer who is in one."""
        members = {one.id: squad for squad, officers in self.staffing.members.items() for one in officers}
        return {**members, **{one.id: crew.squad for crew in self.crews for one in crew.officers}}

    @cached_property
    def home(self) -> str:
        """The unit of whatever names none."""
        return home_of(self.system.unit)

    def unit_of_beat(self, beat: str) -> str:
        """Return the station a beat belongs to; the only one where there is one."""
        return self._unit_of_beat.get(beat, self.home)

    @cached_property
    def _unit_of_beat(self) -> Mapping[str, str]:
        stations = self.muster.stations
        return {one.id: (stations.home(one.unit) or self.home) if stations.several else self.home for one in self.system.beat}

    def unit_of_officer(self, officer: str) -> str:
        """Return the station an officer belongs to, by the squad, else by the officers file."""
        return self._unit_of_officer.get(officer, self.home)

    @cached_property
    def _unit_of_officer(self) -> Mapping[str, str]:
        stations = self.muster.stations
        if not stations.several:
            return {}
        squads = {one.id: stations.home(one.unit) for one in self.system.squad}
        found: dict[str, str] = {}
        for one in self.station.force:
            by_squad = squads.get(self.squad_of_officer.get(one.id, ""), "")
            found[one.id] = by_squad or (stations.home(one.unit) if one.unit else "") or self.home
        return found

    @cached_property
    def in_crews_of(self) -> Mapping[str, frozenset[str]]:
        """The officers in crews of each station's own."""
        found: dict[str, set[str]] = {}
        for crew in self.crews:
            for one in crew.officers if crew.neighbour is None else ():
                found.setdefault(self.unit_of_officer(one.id), set()).add(one.id)
        return {unit: frozenset(officers) for unit, officers in found.items()}

    def officer_of_beat(self, beat: str) -> str:
        """Return the officer accountable for a beat, empty for none."""
        return self.accountable[beat].id if beat in self.accountable else ""

    def beat_of_officer(self, officer: str) -> str:
        """Return the first geographic beat an officer is accountable for, empty for none."""
        return next((beat.id for beat in self.beats if self.officer_of_beat(beat.id) == officer), "")

    def owner_of_venue(self, venue: Venue) -> str:
        """Return who answers for a venue: the specialist whose functional beat has it, else the officer of its beat."""
        for beat in self.system.beat:
            if beat.kind == "functional" and beat.id in self.accountable and owns_venue(beat, venue):
                return self.accountable[beat.id].id
        return self.officer_of_beat(self.beat_of_atom.get(venue.atom, ""))

    def owners(self, level: Level) -> tuple[str, ...]:
        """Return everybody there is at a level, in the order of the duty files."""
        if level == "beat":
            return tuple(beat.id for beat in self.beats)
        if level == "sector":
            return tuple(sector.id for sector in self.system.sector)
        if level == "squad":
            return tuple(squad.id for squad in self.system.squad)
        if level == "officer":
            return tuple(dict.fromkeys(one.id for one in self.accountable.values()))
        return tuple(dict.fromkeys(self.unit_of_beat(beat.id) for beat in self.beats)) or (self.home,)

    def name_of(self, level: Level, owner: str, language: str) -> str:
        """Return what an owner is called; officers by their code only."""
        if level == "officer":
            return owner
        system = self.system
        named: Mapping[Level, tuple[Unit | Squad | Sector | Beat, ...]] = {
            "station": system.unit,
            "squad": system.squad,
            "sector": system.sector,
            "beat": system.beat,
        }
        found = next((one for one in named[level] if one.id == owner), None)
        return found.name.in_language(language) if found is not None and found.name else owner

    def residents(self, level: Level, owner: str) -> float:
        """Return how many residents live where an owner answers for; 0 where nobody knows."""
        area = self.station.area
        mine = [self._owns(level, owner, atom) for atom in area.atom_ids]
        return float(area.population[np.array(mine, dtype=bool)].sum())

    def _owns(self, level: Level, owner: str, atom: str) -> bool:
        beat = self.beat_of_atom.get(atom, "")
        if level == "beat":
            return beat == owner
        if level == "sector":
            return self.sector_of_beat.get(beat, "") == owner
        if level == "station":
            return self.unit_of_beat(beat) == owner
        officer = self.officer_of_beat(beat)
        return bool(officer) and (officer if level == "officer" else self.squad_of_officer.get(officer, "")) == owner
