"""Who: the words by which tiers name crews and by which work names officers.

A new word is one small function and one line in ``WORDS``, ``NAMED`` or ``WORKERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.crews import Crew
from qinwu.duty.stations import Stations, template_of
from qinwu.duty.system import Beat, DutySystem
from qinwu.station.config import CallClass
from qinwu.station.force import Officer

Mask = NDArray[np.bool_]


class Zone(NamedTuple):
    """What the words need to know of a place: its geographic beat (-1: none) and the functional beats that reach there."""

    beat: int = -1
    functional: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Muster:
    """Every crew of a duty system at a station, and what the words need to know about them.

    Parameters
    ----------
    system
        The duty system.
    crews
        All crews, neighbours last.
    classes
        The station's call classes.
    accountable
        The officer of each beat, by beat id.
    """

    system: DutySystem
    crews: tuple[Crew, ...]
    classes: tuple[CallClass, ...]
    accountable: Mapping[str, Officer]

    @cached_property
    def beats(self) -> tuple[Beat, ...]:
        """The geographic beats; a beat's position here is its number everywhere in the plan."""
        return tuple(beat for beat in self.system.beat if beat.kind == "geographic")

    @cached_property
    def beat_number(self) -> dict[str, int]:
        """Geographic beat id to number."""
        return {beat.id: number for number, beat in enumerate(self.beats)}

    @cached_property
    def stations(self) -> Stations:
        """The stations of the area."""
        return Stations.of(self.system)

    def home(self, zone: Zone) -> str:
        """Return the station a place belongs to, empty where that is all there is or the place is in no beat."""
        return self.stations.home(self.beats[zone.beat].unit) if self.stations.several and zone.beat >= 0 else ""

    @cached_property
    def own_beat(self) -> NDArray[np.int16]:
        """(K,) number of the geographic beat each crew is accountable for, -1 for none."""
        return np.array([self.beat_number.get(crew.beat, -1) for crew in self.crews], dtype=np.int16)

    @cached_property
    def external(self) -> Mask:
        """(K,) crews of other stations."""
        return np.array([crew.neighbour is not None for crew in self.crews], dtype=bool)

    @cached_property
    def sector_of(self) -> dict[int, int]:
        """Beat number to the position of its sector."""
        sectors = enumerate(self.system.sector)
        return {self.beat_number[beat]: place for place, one in sectors for beat in one.beats if beat in self.beat_number}

    @cached_property
    def partner_of(self) -> dict[int, int]:
        """Beat number to the number of the beat it is paired with."""
        pairs = [[self.beat_number[beat] for beat in pair.beats if beat in self.beat_number] for pair in self.system.pair]
        both = [pair for pair in pairs if len(pair) == 2]
        return {one: two for pair in both for one, two in (pair, pair[::-1])}

    def none(self) -> Mask:
        """Return (K,) no crew."""
        return np.zeros(len(self.crews), dtype=bool)

    @cached_property
    def _unit(self) -> NDArray[np.str_]:
        return np.array([crew.unit for crew in self.crews], dtype=np.str_)

    @cached_property
    def _squad(self) -> NDArray[np.str_]:
        return np.array([crew.squad for crew in self.crews], dtype=np.str_)

    @cached_property
    def _crews_of(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, crew in enumerate(self.crews):
            for officer in crew.officers:
                found.setdefault(officer.id, []).append(number)
        return found

    def of_beat(self, beat: int) -> Mask:
        """Return (K,) the crews accountable for a geographic beat, none for -1."""
        return np.equal(self.own_beat, beat) if beat >= 0 else self.none()

    def of_units(self, units: Iterable[str]) -> Mask:
        """Return (K,) the crews that belong to any of these units."""
        return np.isin(self._unit, list(units))

    def of_squads(self, squads: Iterable[str]) -> Mask:
        """Return (K,) the crews that belong to any of these squads."""
        return np.isin(self._squad, list(squads)) & ~self.external

    def with_officers(self, officers: Iterable[str]) -> Mask:
        """Return (K,) the crews with any of these officers."""
        mask = self.none()
        mask[[crew for officer in officers for crew in self._crews_of.get(officer, ())]] = True
        return mask

    def units_under(self, unit: str) -> Collection[str]:
        """Return the unit and all units below it."""
        return self.stations.under(unit)


def own_beat(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return the crews of the beat itself."""
    return muster.of_beat(zone.beat)


def partner(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return the crews of the beat paired 搭档 with this one."""
    return muster.of_beat(muster.partner_of.get(zone.beat, -1))


def sector(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return the crews of all beats of the sector 警务区, the beat's own included."""
    here = muster.sector_of.get(zone.beat)
    same = [number for number, place in muster.sector_of.items() if place == here]
    return np.isin(muster.own_beat, same)


def sergeant(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return the crew of the sector's sergeant 警长."""
    here = muster.sector_of.get(zone.beat)
    return muster.none() if here is None else muster.with_officers([muster.system.sector[here].sergeant])


def specialist(muster: Muster, zone: Zone, call_class: CallClass) -> Mask:
    """Return the crews of officers accountable for functional beats that reach here and that such calls belong to."""
    fitting = [beat.id for beat in muster.system.beat if beat.id in zone.functional and _fits(beat, call_class)]
    return muster.with_officers(muster.accountable[beat].id for beat in fitting if beat in muster.accountable)


def _fits(beat: Beat, call_class: CallClass) -> bool:
    """Return whether a functional beat is for these calls: those it names, or calls to venues where it names none."""
    return call_class.id in beat.call_classes if beat.call_classes else call_class.kind == "venue"


def outpost(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return the crews of the unit that the beat belongs to."""
    return muster.none() if zone.beat < 0 else muster.of_units([muster.beats[zone.beat].unit])


def hub(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return the crews of the call's station itself, not of its outposts."""
    if muster.stations.several:
        return muster.of_units([home] if (home := muster.home(zone)) else muster.stations.homes)
    units = {unit.id for unit in muster.system.unit if unit.level == "station"}
    units = units or {unit.id for unit in muster.system.unit if not unit.parent}
    unnamed = {"station"} - {unit.id for unit in muster.system.unit}
    return muster.of_units(units | unnamed)


def station(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return all crews of the call's station and its outposts."""
    home = muster.home(zone)
    return muster.of_units(muster.units_under(home)) & ~muster.external if home else ~muster.external


def neighbour(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return the crews that other stations may lend: those of the area, with their outposts, and those of station.toml."""
    home = muster.home(zone)
    others = [unit for other in muster.stations.homes if home and other != home for unit in muster.units_under(other)]
    return muster.of_units(others) | muster.external


def sub_bureau(muster: Muster, zone: Zone, _: CallClass) -> Mask:
    """Return all crews of the unit above the call's station: its own, those of its stations and squads."""
    above = muster.stations.above(muster.home(zone))
    return muster.of_units(muster.units_under(above[1])) & ~muster.external if len(above) > 1 else ~muster.external


def bureau(muster: Muster, _: Zone, __: CallClass) -> Mask:
    """Return every crew of the area."""
    return ~muster.external


WORDS: dict[str, Callable[[Muster, Zone, CallClass], Mask]] = {
    "own_beat": own_beat,
    "partner": partner,
    "sector": sector,
    "sergeant": sergeant,
    "specialist": specialist,
    "outpost": outpost,
    "hub": hub,
    "station": station,
    "neighbour": neighbour,
    "sub_bureau": sub_bureau,
    "bureau": bureau,
}


def by_squad(muster: Muster, squad: str, home: str = "") -> Mask:
    """Return the crews of a squad, that of the station `home` where each has one."""
    return muster.of_squads(muster.stations.own(squad, [one.id for one in muster.system.squad], home))


def by_function(muster: Muster, function: str, home: str = "") -> Mask:
    """Return the crews of all squads with this function that work for the station."""
    stations = muster.stations
    near = {*stations.above(home), *stations.under(home)}
    squads = [squad for squad in muster.system.squad if squad.function == function]
    return muster.of_squads(squad.id for squad in squads if not home or stations.ground(squad.unit) in near)


def by_unit(muster: Muster, unit: str, home: str = "") -> Mask:
    """Return the crews of a unit and of the units below it; the word of a level means the unit of that level at the station."""
    stations = muster.stations
    level = [one for one in stations.above(home) if stations.units[one].level == unit][:1]
    units = stations.own(unit, stations.units, home) or level or [unit]
    return muster.of_units(below for one in units for below in muster.units_under(one))


def by_crew(muster: Muster, crew: str, home: str = "") -> Mask:
    """Return one crew, or all crews that one rule makes, that of the station where each has one."""
    named = muster.stations.own(crew, {name for one in muster.crews for name in (one.id, one.rule)}, home)
    return np.array([one.id in named or one.rule in named for one in muster.crews], dtype=bool)


NAMED: dict[str, Callable[[Muster, str, str], Mask]] = {
    "squad": by_squad,
    "function": by_function,
    "unit": by_unit,
    "crew": by_crew,
}


def names_of(muster: Muster, prefix: str) -> Sequence[str]:
    """Return the names that may follow ``prefix:``."""
    levels = ["station", "sub_bureau", "bureau"] if muster.stations.several else ["station"]
    return {
        "squad": squad_names(muster.system),
        "function": ["community", "patrol", "investigation", "desk", "venues", "command"],
        "unit": [*levels, *_with_templates(unit.id for unit in muster.system.unit)],
        "crew": _with_templates(name for crew in muster.crews for name in (crew.id, crew.rule)),
    }[prefix]


def squad_names(system: DutySystem) -> list[str]:
    """Return by what names a file may mean squads: their ids, and what those made for each station were called before."""
    return _with_templates(squad.id for squad in system.squad)


def _with_templates(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each for name in names for each in (name, template_of(name))))


def crews_for(muster: Muster, who: str, zone: Zone, call_class: CallClass) -> Mask:
    """Return (K,) the crews that `who` means for a call of this class in this zone; none for unknown words."""
    if who in WORDS:
        return WORDS[who](muster, zone, call_class)
    prefix, _, name = who.partition(":")
    return NAMED[prefix](muster, name, muster.home(zone)) if prefix in NAMED else muster.none()


def everyone(muster: Muster) -> set[str]:
    """Return all officers who are in a crew."""
    return {officer.id for crew in muster.crews for officer in crew.officers}


def beat_officers(muster: Muster) -> set[str]:
    """Return the officers accountable for geographic beats."""
    return _accountable(muster, "geographic")


def specialists(muster: Muster) -> set[str]:
    """Return the officers accountable for functional beats."""
    return _accountable(muster, "functional")


def _accountable(muster: Muster, kind: str) -> set[str]:
    beats = [beat.id for beat in muster.system.beat if beat.kind == kind]
    return {muster.accountable[beat].id for beat in beats if beat in muster.accountable}


def sergeants(muster: Muster) -> set[str]:
    """Return the sergeants of all sectors."""
    return {sector.sergeant for sector in muster.system.sector}


WORKERS: dict[str, Callable[[Muster], set[str]]] = {
    "all": everyone,
    "beats": beat_officers,
    "specialists": specialists,
    "sergeants": sergeants,
}


def members_of(muster: Muster, squad: str) -> set[str]:
    """Return the officers in crews of a squad, of those of all stations where each has one."""
    squads = muster.stations.own(squad, {crew.squad for crew in muster.crews}, "")
    return {officer.id for crew in muster.crews if crew.squad in squads for officer in crew.officers}


def one_officer(_: Muster, officer: str) -> set[str]:
    """Return one officer."""
    return {officer}


NAMED_WORKERS: dict[str, Callable[[Muster, str], set[str]]] = {"squad": members_of, "officer": one_officer}


def workers(muster: Muster, who: str) -> set[str]:
    """Return the officers that `who` of a piece of work means; nobody for unknown words."""
    if who in WORKERS:
        return WORKERS[who](muster)
    prefix, _, name = who.partition(":")
    return NAMED_WORKERS[prefix](muster, name) if prefix in NAMED_WORKERS else set()
