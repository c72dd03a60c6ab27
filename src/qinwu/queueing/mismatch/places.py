"""Places: the parts of an area whose staffed and demanded hours are compared: beats, sectors, stations or named groups of atoms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qinwu.duty.response_plan import I16
from qinwu.duty.stations import Stations
from qinwu.duty.system import Beat, DutySystem, Sector
from qinwu.duty.units import Unit
from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.config import Text
from qinwu.station.station import Station

Kind = Literal["beat", "sector", "station", "group"]


@dataclass(frozen=True)
class Places:
    """Parts of an area.

    Parameters
    ----------
    kind
        What they are.
    ids, names
        P of each; the name is the id where the duty system gives none.
    place_of
        (J,) the place of each atom by position, -1 for none.
    """

    kind: Kind
    ids: tuple[str, ...]
    names: tuple[Text, ...]
    place_of: I16

    def __len__(self) -> int:
        return len(self.ids)


def usual_kind(system: DutySystem) -> Kind:
    """Return what is looked at where nothing is asked for: the stations where there are several, the beats of one."""
    return "station" if Stations.of(system).several else "beat"


def places_of(
    station: Station, system: DutySystem, kind: Kind | None = None, groups: Mapping[str, Sequence[str]] | None = None
) -> Places:
    """Return the places of a duty system.

    Parameters
    ----------
    station, system
        What there is, and the duty system that cuts it up.
    kind
        What to cut it into; beats that are in no sector stand for themselves. See :func:`usual_kind` for None.
    groups
        Atoms by group, for ``group``; atoms in none belong to no place.

    Raises
    ------
    QinwuError
        A group names an atom that is not there or is in another group, or there are no groups.
    """
    kind = kind or usual_kind(system)
    parts = dict(groups or {}) if kind == "group" else dict(_parts(system, kind))
    wrong = list(_wrong(station, parts)) if kind == "group" else []
    if wrong:
        raise QinwuError(wrong)
    place_of = np.full(len(station.area), -1, dtype=np.int16)
    for number, atoms in reversed(list(enumerate(parts.values()))):
        place_of[[station.area.index[atom] for atom in atoms if atom in station.area.index]] = number
    return Places(kind, tuple(parts), tuple(_name(system, kind, one) for one in parts), place_of)


def _parts(system: DutySystem, kind: Kind) -> Iterator[tuple[str, list[str]]]:
    """Yield the atoms of each place."""
    stations = Stations.of(system)
    sector_of = {beat: sector.id for sector in system.sector for beat in sector.beats}
    found: dict[str, list[str]] = {}
    for beat in stations.beats:
        name = {"beat": beat.id, "sector": sector_of.get(beat.id, beat.id), "station": stations.home(beat.unit)}[kind]
        found.setdefault(name, []).extend(beat.atoms)
    yield from found.items()


def _name(system: DutySystem, kind: Kind, one: str) -> Text:
    items: dict[Kind, Sequence[Beat | Sector | Unit]] = {
        "beat": system.beat,
        "sector": (*system.sector, *system.beat),
        "station": system.unit,
    }
    found = next((item.name for item in items.get(kind, ()) if item.id == one and item.name), None)
    return found or Text(zh=one, en=one)


def _wrong(station: Station, groups: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    if not groups:
        yield Finding("no-groups", "error", N_("There is no group of atoms."), N_("Name at least one."), Place(key="groups"))
    seen: dict[str, str] = {}
    for group, atoms in groups.items():
        for atom in atoms:
            if atom not in station.area.index:
                near = did_you_mean(atom, station.area.index)
                remedy = N_("Did you mean {near}?") if near else N_("Use an id of the atoms file.")
                values = {"atom": atom, "near": near}
                yield Finding("unknown-atom", "error", N_("There is no atom {atom}."), remedy, Place(key=f"groups.{group}"), values)
            elif atom in seen:
                message, remedy = N_("Atom {atom} is in group {group} and in group {other}."), N_("Leave it in one of them.")
                values = {"atom": atom, "group": seen[atom], "other": group}
                yield Finding("atom-in-two-groups", "error", message, remedy, Place(key=f"groups.{group}"), values)
            seen.setdefault(atom, group)
