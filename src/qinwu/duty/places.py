"""Places: which beat each atom is in, where crews are based, and where they patrol while free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.crews import Crew
from qinwu.duty.response_plan import F64, I16, I32, PATROL_SLOTS
from qinwu.duty.system import Beat
from qinwu.duty.units import Unit
from qinwu.duty.who import Muster, Zone
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.area import Area
from qinwu.station.calls import Calls
from qinwu.station.station import Station
from qinwu.station.venues import Venue

STATION_FILE = "station.toml"
GOLDEN = (sqrt(5.0) - 1.0) / 2.0
STRIDE = 39
"""An odd number near 64 times the golden section: walking the slots by it visits all, neighbours in place far apart in time."""


def beat_of_atoms(area: Area, muster: Muster) -> I16:
    """Return (J,) the number of the geographic beat each atom is in, -1 for none; the first beat that names an atom has it."""
    beat_of = np.full(len(area), -1, dtype=np.int16)
    for number, beat in reversed(list(enumerate(muster.beats))):
        beat_of[[area.index[atom] for atom in beat.atoms if atom in area.index]] = number
    return beat_of


def zones_of_atoms(area: Area, muster: Muster, beat_of: I16) -> tuple[tuple[Zone, ...], I32]:
    """Return the different zones of an area and (J,) which of them each atom is in."""
    functional = {beat.id: frozenset(beat.atoms) for beat in muster.system.beat if beat.kind == "functional"}
    reach = [frozenset(one for one, atoms in functional.items() if not atoms or atom in atoms) for atom in area.atom_ids]
    number: dict[Zone, int] = {}
    zones = (Zone(int(beat), beats) for beat, beats in zip(beat_of, reach, strict=True))
    zone_of = np.array([number.setdefault(zone, len(number)) for zone in zones], dtype=np.int32)
    return tuple(number), zone_of


def check_atoms(station: Station, muster: Muster) -> Iterator[Finding]:
    """Yield a finding for every atom named by beats, units or neighbours that the area does not have."""
    named = [(f"beat.{beat.id}.atoms", atom) for beat in muster.system.beat for atom in beat.atoms]
    named += [(f"unit.{unit.id}.base_atom", unit.base_atom) for unit in muster.system.unit if unit.base_atom]
    told = [(f"neighbour.{one.id}.atom", one.atom) for one in station.config.neighbour]
    told += [("base_atom", station.config.base_atom)] if station.config.base_atom else []
    for file, keys in (("", named), (STATION_FILE, told)):
        for key, atom in keys:
            if atom not in station.area.index:
                yield unknown_atom(Place(file, key=key), atom, did_you_mean(atom, station.area.index))


def base_atoms(station: Station, muster: Muster) -> I32:
    """Return (K,) the atom where each crew is based: its unit's, else that of the unit above, else the station's."""
    units = {unit.id: unit for unit in muster.system.unit}
    index = station.area.index
    home = index.get(station.config.base_atom, middle(station.area))
    at = {unit.id: index.get(base_of_unit(unit, units), home) for unit in units.values()}
    return np.array([_base(crew, index, at, home) for crew in muster.crews], dtype=np.int32)


def _base(crew: Crew, index: dict[str, int], at: dict[str, int], home: int) -> int:
    return index.get(crew.neighbour.atom, home) if crew.neighbour else at.get(crew.unit, home)


def base_of_unit(unit: Unit, units: dict[str, Unit]) -> str:
    """Return the base atom of a unit, or of the nearest unit above it that has one; empty for none."""
    seen: set[str] = set()
    while not unit.base_atom and unit.parent in units and unit.id not in seen:
        seen.add(unit.id)
        unit = units[unit.parent]
    return unit.base_atom


def middle(area: Area) -> int:
    """Return the atom from which all others are nearest on average."""
    return int(area.travel.base_s.mean(axis=1).argmin())


def call_share(area: Area, calls: Calls) -> F64:
    """Return (J,) the share of each atom in the calls that residents made (those officers found themselves do not count)."""
    counts = calls.table.filter(calls.table["origin"] != "officer")["atom"].value_counts()
    found = np.zeros(len(area))
    found[[area.index[atom] for atom in counts["atom"]]] = counts["count"].to_numpy()
    return _share(found)


def _share(amounts: F64) -> F64:
    return np.divide(amounts, max(float(amounts.sum()), 1.0))


def patrol_weight(area: Area, calls: Calls) -> F64:
    """Return (J,) how much of the patrol each atom gets: half by calls, half by street length; streets alone without calls."""
    streets = _share(area.street_m)
    demand = call_share(area, calls)
    return np.divide(demand + streets, 2.0) if demand.any() else streets


def patrol_slots(station: Station, muster: Muster, base: I32, beat_of: I16) -> I16:
    """Return (K, 64) the atoms each crew patrols in turn; all its base where it waits there."""
    weight = patrol_weight(station.area, station.calls)
    slots = np.repeat(base[:, None], PATROL_SLOTS, axis=1).astype(np.int16)
    in_turn: dict[str, int] = {}
    for number, crew in enumerate(muster.crews):
        turn = in_turn[crew.rule] = in_turn.get(crew.rule, -1) + 1
        atoms = patrol_area(crew, turn, muster, beat_of, station.venues, station.area)
        if len(atoms):
            slots[number] = spread_slots(atoms, weight[atoms], turn)
    return slots


def patrol_area(crew: Crew, turn: int, muster: Muster, beat_of: I16, venues: Sequence[Venue], area: Area) -> NDArray[np.int64]:
    """Return the atoms a crew patrols, empty where it waits at its base.

    `turn` is its number among the crews of its rule. Crews without a beat that patrol sectors take the sectors in turn; a
    specialist's beat is where its venues are; the crews of an outpost have the outpost's beats for their station, and in an area
    of several stations those of a station, or of the unit above, the beats there.
    """
    if crew.patrol == "base":
        return np.empty(0, dtype=np.int64)
    beats = _beats_patrolled(crew, turn, muster)
    if crew.patrol == "own_beat" and crew.beat and crew.beat not in muster.beat_number:
        beat = next(beat for beat in muster.system.beat if beat.id == crew.beat)
        atoms = np.unique([area.index[venue.atom] for venue in venues if owns_venue(beat, venue)]).astype(np.int64)
    else:
        atoms = np.flatnonzero(np.isin(beat_of, beats))
    return atoms if len(atoms) else np.arange(len(area))


def owns_venue(beat: Beat, venue: Venue) -> bool:
    """Return whether a functional beat owns a venue: by trade (all where it lists none), inside its atoms where it has any."""
    return (not beat.venue_kinds or venue.kind in beat.venue_kinds) and (not beat.atoms or venue.atom in beat.atoms)


def _beats_patrolled(crew: Crew, turn: int, muster: Muster) -> list[int]:
    """Return the beats a crew patrols; empty for the whole area."""
    own = muster.beat_number.get(crew.beat, -1)
    if crew.patrol == "own_beat":
        return [own] if own >= 0 else []
    sectors = _sectors_of(crew, muster)
    if crew.patrol == "sector" and sectors:
        here = muster.sector_of.get(own, sectors[turn % len(sectors)])
        return [beat for beat, sector in muster.sector_of.items() if sector == here]
    if muster.stations.several:
        return [number for number, beat in enumerate(muster.beats) if muster.stations.inside(beat, crew.unit)]
    outposts = {unit.id for unit in muster.system.unit if unit.level == "outpost"} & {crew.unit}
    return [number for number, beat in enumerate(muster.beats) if beat.unit in outposts]


def _sectors_of(crew: Crew, muster: Muster) -> Sequence[int]:
    """Return the sectors, by position, of the area that a crew's unit works in."""
    stations = muster.stations
    if not stations.several:
        return range(len(muster.system.sector))
    there = {sector for beat, sector in muster.sector_of.items() if stations.inside(muster.beats[beat], crew.unit)}
    return sorted(there)


def spread_slots(atoms: NDArray[np.int64], weight: F64, turn: int) -> I16:
    """Return 64 atoms, each as often as its weight says (to within one slot), spread over time.

    Systematic sampling: slot i stands at (i + u) / 64 of the cumulated weight, with u and the starting place shifted by the
    golden section from crew to crew, so that crews with one area are not in step and together leave no atom out.

    >>> spread_slots(np.array([3, 5]), np.array([3.0, 1.0]), 0).tolist().count(3)
    48
    """
    total = weight.sum()
    share = np.cumsum(weight / total if total > 0 else np.full(len(atoms), 1.0 / len(atoms)))
    offset = (0.5 + turn * GOLDEN) % 1.0
    places = np.searchsorted(share, (np.arange(PATROL_SLOTS) + offset) / PATROL_SLOTS, side="right")
    walk = (np.arange(PATROL_SLOTS) + turn * (PATROL_SLOTS - STRIDE)) * STRIDE % PATROL_SLOTS
    return atoms[np.minimum(places, len(atoms) - 1)][walk].astype(np.int16)


def unknown_atom(place: Place, atom: str, near: str) -> Finding:
    """Return the finding for an atom id that the area does not have."""
    return Finding(
        "unknown-atom",
        "error",
        N_("There is no atom {atom}."),
        N_("Did you mean {near}?") if near else N_("Use an id of the atoms file."),
        place,
        {"atom": atom, "near": near},
    )
