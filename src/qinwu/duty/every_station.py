"""Every station: what belongs to a template is made once for each unit it stands for; see :mod:`qinwu.duty.stations`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qinwu.duty.joining import moved
from qinwu.duty.merging import Source
from qinwu.duty.stations import AT, STATION, Stations, with_place
from qinwu.duty.system import Beat, Crews, DutySystem, Squad
from qinwu.duty.units import Accountability, Level, Load, Unit
from qinwu.station.config import Text
from qinwu.station.toml_lines import KeyPath

TEMPLATES: tuple[Level, ...] = ("bureau", "sub_bureau", "station", "outpost")


def at_every_station(system: DutySystem, provenance: Mapping[KeyPath, Source]) -> tuple[DutySystem, dict[KeyPath, Source]]:
    """Return `system` with what belongs to templates made once for each station, and the provenance that goes with it.

    Where the area has one station only, that is the system as it is.
    """
    stations = Stations.of(system)
    if not stations.several:
        return system, dict(provenance)
    copying = _Copying(system, stations)
    makers: dict[str, Callable[[Any], Iterator[Any]]] = {
        "unit": copying.units,
        "beat": copying.beats,
        "squad": copying.squads,
        "crews": copying.crews,
        "load": copying.loads,
        "accountability": copying.accountable,
    }
    made = {name: [(at, new) for at, old in enumerate(getattr(system, name)) for new in make(old)] for name, make in makers.items()}
    changed = system.model_copy(update={name: tuple(item for _, item in items) for name, items in made.items()})
    return changed, dict(moved(provenance, {name: _new_positions(at for at, _ in items) for name, items in made.items()}))


def template_units(system: DutySystem) -> frozenset[str]:
    """Return the ids of units that only stand for those of their level; none where the area has one station."""
    stations = Stations.of(system)
    if not stations.several:
        return frozenset()
    copying = _Copying(system, stations)
    return frozenset(unit.id for unit in system.unit if copying.copies(unit.id))


def _new_positions(origins: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for new, old in enumerate(origins):
        found.setdefault(old, []).append(new)
    return found


@dataclass(frozen=True)
class _Copying:
    """What the templates of a system, and everything that belongs to them, become."""

    system: DutySystem
    stations: Stations

    @cached_property
    def stands_for(self) -> dict[str, tuple[str, ...]]:
        """The units that each template stands for."""
        return {word: tuple(dict.fromkeys(self._meant(word))) for word in TEMPLATES if word not in self.stations.line}

    def _meant(self, word: Level) -> Iterable[str]:
        units = self.stations.units
        if word == "outpost":
            return (unit for unit in units if unit in self.stations.line and units[unit].level == word)
        return (self.raised(home, word) for home in self.stations.homes)

    def raised(self, home: str, word: Level) -> str:
        """Return the unit that a template means for a station: of its level, else the station, the next above or the top."""
        units, above = self.stations.units, self.stations.above(home) or (home,)
        level = units[word].level if word in units else word
        usual = {"station": 0, "sub_bureau": min(1, len(above) - 1)}.get(word, -1)
        return next((unit for unit in above if unit in units and units[unit].level == level), above[usual])

    def copies(self, unit: str) -> dict[str, str]:
        """Return what a unit becomes for each unit that the template it is or stands under means; empty where it stays."""
        if unit in self.stands_for:
            return {each: each for each in self.stands_for[unit]}
        template = next((one for one in self.stations.above(unit) if one in self.stands_for), "")
        return {each: f"{unit}{AT}{each}" for each in self.stands_for.get(template, ())}

    def named(self, name: Text, unit: str) -> Text:
        """Return a name with that of the unit: 城关派出所值班组; Duty squad, Chengguan station."""
        place = self.stations.units[unit].name if unit in self.stations.units else None
        return with_place(name, place) if place else name

    def units(self, unit: Unit) -> Iterator[Unit]:
        """Yield what a unit becomes: nothing for a template, copies for what stands under one."""
        copies, parents = self.copies(unit.id), self.copies(unit.parent)
        if unit.id in self.stands_for:
            return
        if not copies:
            yield unit
        for at, name in copies.items():
            yield unit.model_copy(update={"id": name, "parent": parents[at], "name": self.named(unit.name, at)})

    def beats(self, beat: Beat) -> Iterator[Beat]:
        """Yield a geographic beat, in the merged station where there is one; a functional beat once for each station."""
        copies = self.copies(beat.unit)
        if beat.kind == "geographic":
            home = self.stations.home(beat.unit)
            merged = self.raised(home, "station") if STATION in self.stands_for else home
            yield beat if merged == home else beat.model_copy(update={"unit": merged})
        elif not copies or beat.officer or beat.assignments:
            yield beat
        else:
            for at, unit in copies.items():
                here = {"id": f"{beat.id}{AT}{at}", "unit": unit, "atoms": self.atoms(beat, unit)}
                yield beat.model_copy(update={**here, "name": beat.name and self.named(beat.name, at)})

    def atoms(self, beat: Beat, unit: str) -> tuple[str, ...]:
        """Return the atoms of a functional beat that are in the area of a unit."""
        here = [atom for each in self.stations.beats if self.stations.inside(each, unit) for atom in each.atoms]
        return tuple(atom for atom in here if not beat.atoms or atom in beat.atoms)

    @cached_property
    def squads_made(self) -> dict[str, dict[str, str]]:
        """What each squad of a template becomes, by the unit it is for."""
        placed = ((one.id, self.copies(one.unit)) for one in self.system.squad)
        return {name: {at: f"{name}{AT}{at}" for at in copies} for name, copies in placed if copies}

    def squads(self, squad: Squad) -> Iterator[Squad]:
        """Yield a squad, once for each station; one that the files describe themselves is left as they say."""
        written = {one.id for one in self.system.squad}
        if squad.id not in self.squads_made:
            yield squad
        for at, name in self.squads_made.get(squad.id, {}).items():
            if name not in written:
                yield squad.model_copy(update={"id": name, "unit": self.copies(squad.unit)[at], "name": self.named(squad.name, at)})

    def crews(self, rule: Crews) -> Iterator[Crews]:
        """Yield a crews rule, once for each squad that its own becomes; one that the files describe themselves is left."""
        written = {one.id for one in self.system.crews}
        if rule.squad not in self.squads_made:
            yield rule
        for at, squad in self.squads_made.get(rule.squad, {}).items():
            if (name := f"{rule.id}{AT}{at}") not in written:
                yield rule.model_copy(update={"id": name, "squad": squad})

    def loads(self, load: Load) -> Iterator[Load]:
        """Yield hours lost by a unit, once for each that it becomes."""
        copies = self.copies(load.unit)
        if not copies:
            yield load
        for at, unit in copies.items():
            yield load.model_copy(update={"id": f"{load.id}{AT}{at}", "unit": unit})

    def accountable(self, one: Accountability) -> Iterator[Accountability]:
        """Yield what a unit answers for, once for each that it becomes, with the squads that serve there."""
        copies = self.copies(one.unit)
        if not copies:
            yield one.model_copy(update={"needs": self.needs(one, one.unit)})
        for at, unit in copies.items():
            yield one.model_copy(update={"id": f"{one.id}{AT}{at}", "unit": unit, "needs": self.needs(one, unit)})

    def needs(self, one: Accountability, unit: str) -> tuple[str, ...]:
        """Return the units and squads that move an indicator: those below the unit, or above it, for templates."""
        near = {*self.stations.under(unit), *self.stations.above(unit)}
        made = {name: self.squads_made.get(name) or self.copies(name) for name in one.needs}
        return tuple(each for name in one.needs for at, each in (made[name] or {unit: name}).items() if at in near)
