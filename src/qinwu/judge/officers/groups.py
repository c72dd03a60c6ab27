"""Groups: officers whose shares are compared: of one squad and kind; those in no squad by their post and kind."""

from __future__ import annotations

from dataclasses import dataclass

from qinwu.duty.staffing import Staffing
from qinwu.duty.system import DutySystem
from qinwu.station.config import Text
from qinwu.station.force import Force


@dataclass(frozen=True, slots=True)
class Group:
    """Officers who are alike: id, squad (empty for none), its name, their kind, and who they are."""

    id: str
    squad: str
    name: Text | None
    kind: str
    officers: tuple[str, ...]


def groups_of(system: DutySystem, staffing: Staffing, force: Force) -> tuple[Group, ...]:
    """Return the groups of a force in the order of the squads; whoever is in two squads is of the first."""
    names = {squad.id: squad.name for squad in system.squad}
    squad_of: dict[str, str] = {}
    for squad, members in staffing.members.items():
        for officer in members:
            squad_of.setdefault(officer.id, squad)
    found: dict[tuple[str, str], list[str]] = {}
    for officer in force:
        place = squad_of.get(officer.id) or f"post:{officer.post}"
        found.setdefault((place, officer.kind), []).append(officer.id)
    order = {squad: number for number, squad in enumerate(names)}
    keys = sorted(found, key=lambda key: (order.get(key[0], len(order)), key[0], key[1] != "sworn"))
    return tuple(
        Group(f"{place}/{kind}", place if place in names else "", names.get(place), kind, tuple(found[place, kind]))
        for place, kind in keys
    )
