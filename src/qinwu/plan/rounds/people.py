"""People: every crew of the duty system in force, its officers, and who is accountable for which place and trade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from qinwu.duty.compile import last_day
from qinwu.duty.crews import form_crews
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.duty.who import Muster, beat_officers, specialists, workers
from qinwu.duty.work import flexible_hours
from qinwu.station.force import Officer
from qinwu.station.station import Station
from qinwu.station.venues import Venue

PLANNED = ("inspection", "beat_visit")
"""Kinds of work that rounds plan, so that the hours a duty system sets for them are not taken away twice."""


@dataclass(frozen=True)
class People:
    """Who there is at a station under a duty system; crews are those of its response plan, in the same order."""

    station: Station
    muster: Muster

    @classmethod
    def of(cls, station: Station, system: DutySystem) -> People:
        """Return the people of a station under `system`, on the day of its last call."""
        staffing = staff(station.force, system, last_day(station.calls))
        crews, _ = form_crews(system, staffing, station.config.neighbour)
        owners = {crew.beat: crew.officers[0] for crew in crews if crew.beat}
        return cls(station, Muster(system, crews, station.config.call_class, {**staffing.accountable, **owners}))

    @cached_property
    def officers(self) -> dict[str, Officer]:
        """Officers in crews, by id."""
        return {officer.id: officer for crew in self.muster.crews for officer in crew.officers}

    @cached_property
    def beat_of_atom(self) -> dict[str, str]:
        """Geographic beat of each atom, by id."""
        return {atom: beat.id for beat in reversed(self.muster.beats) for atom in beat.atoms}

    @cached_property
    def beat_officers(self) -> frozenset[str]:
        """Officers accountable for geographic beats."""
        return frozenset(beat_officers(self.muster))

    @cached_property
    def specialists(self) -> frozenset[str]:
        """Officers accountable for functional beats."""
        return frozenset(specialists(self.muster))

    def beat_officer(self, atom: str) -> str:
        """Return the officer accountable for the beat of an atom, empty for none."""
        found = self.muster.accountable.get(self.beat_of_atom.get(atom, ""))
        return found.id if found else ""

    def owner(self, venue: Venue) -> str:
        """Return the specialist in whose functional beat a venue is, empty for none."""
        for beat in self.muster.system.beat:
            mine = beat.kind == "functional" and (not beat.venue_kinds or venue.kind in beat.venue_kinds)
            if mine and (not beat.atoms or venue.atom in beat.atoms) and beat.id in self.muster.accountable:
                return self.muster.accountable[beat.id].id
        return ""

    def other_hours(self) -> dict[str, float]:
        """Return hours a week of flexible work, by officer, that is not planned as rounds."""
        return flexible_hours(self.muster, PLANNED)

    def visit_hours(self) -> dict[str, float]:
        """Return hours a week of beat visits that the duty system sets, by officer accountable for a beat."""
        hours: dict[str, float] = {}
        for work in self.muster.system.work:
            if work.kind == "beat_visit":
                for officer in sorted(workers(self.muster, work.who) & self.beat_officers):
                    hours[officer] = hours.get(officer, 0.0) + work.hours_per_week
        return hours

    def atoms_of(self, officer: str) -> Iterator[str]:
        """Yield the atoms of the beats an officer is accountable for."""
        for beat in self.muster.beats:
            found = self.muster.accountable.get(beat.id)
            if found is not None and found.id == officer:
                yield from (atom for atom in beat.atoms if atom in self.station.area.index)
