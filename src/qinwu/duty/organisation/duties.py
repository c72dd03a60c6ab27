"""Duties: who owns what, what two own, what nobody owns (M16, M47).

A unit owns a duty that its ``duties`` list. Units that answer for different areas (two stations) do not overlap; a unit that only
guides the other one is no second owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from qinwu.duty.organisation.legal import basis_of
from qinwu.duty.organisation.names import name_of, names_of
from qinwu.duty.organisation.tree import chain_of
from qinwu.duty.system import DutySystem
from qinwu.duty.units import Duty, Level, Unit
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import Text

TERRITORIAL: tuple[Level, ...] = ("sub_bureau", "station", "outpost")
"""Levels whose units have an area of their own."""


@dataclass(frozen=True, slots=True)
class Owned:
    """One duty: the units that list it, those of them that only guide others, and those that overlap."""

    duty: str
    name: Text
    listed: tuple[str, ...]
    guides: tuple[str, ...]
    overlapping: tuple[str, ...]

    @property
    def owners(self) -> tuple[str, ...]:
        """Units that own it, guides left out."""
        return tuple(unit for unit in self.listed if unit not in self.guides)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All duties, and whether the chart itself lists what there is to own (else nothing can be found missing)."""

    duties: tuple[Owned, ...]
    complete: bool

    @property
    def with_none(self) -> tuple[Owned, ...]:
        """Duties nobody owns."""
        return tuple(each for each in self.duties if not each.owners)

    @property
    def with_two(self) -> tuple[Owned, ...]:
        """Duties that overlap."""
        return tuple(each for each in self.duties if each.overlapping)


def matrix(system: DutySystem) -> Matrix:
    """Return who owns which duty."""
    known = {duty.id for duty in system.duty}
    named = dict.fromkeys(duty for unit in system.unit for duty in unit.duties if duty not in known)
    duties = [*system.duty, *(Duty(id=duty, name=Text(zh=duty)) for duty in named)]
    return Matrix(tuple(_owned(duty, system.unit) for duty in duties), bool(system.duty))


def _owned(duty: Duty, units: Sequence[Unit]) -> Owned:
    listed = [unit for unit in units if duty.id in unit.duties]
    guides = {one.id for one in listed for other in listed if one is not other and only_guides(one, other, duty, units)}
    owners = [unit for unit in listed if unit.id not in guides]
    clashing = {unit.id for one, other in combinations(owners, 2) if not apart(one.id, other.id, units) for unit in (one, other)}
    return Owned(
        duty.id,
        duty.name,
        tuple(unit.id for unit in listed),
        tuple(unit.id for unit in listed if unit.id in guides),
        tuple(unit.id for unit in owners if unit.id in clashing),
    )


def only_guides(one: Unit, other: Unit, duty: Duty, units: Sequence[Unit]) -> bool:
    """Return whether `one` has a say in the duty of `other` that is guidance and nothing more.

    A unit guides those that copy it 上下对口, those it has a tie of guidance into, and those under it that it only guides.
    """
    if other.mirrors == one.id:
        return True
    by_id = {unit.id: unit for unit in units}
    chain = chain_of(units, other.id)
    for place in chain:
        unit = by_id[place]
        if any(
            tie.unit == one.id and tie.relation == "guide" and tie.function in (None, duty.function, other.function)
            for tie in unit.ties
        ):
            return True
        if unit.parent == one.id:
            return unit.relation == "guide"
    return False


def apart(one: str, other: str, units: Sequence[Unit]) -> bool:
    """Return whether two units answer for different areas: below different stations, outposts or sub-bureaus."""
    level = {unit.id: unit.level for unit in units}
    here, there = chain_of(units, one), chain_of(units, other)
    areas = [next((unit for unit in chain if level.get(unit) in TERRITORIAL), "") for chain in (here, there)]
    return all(areas) and areas[0] not in there and areas[1] not in here


def duty_findings(found: Matrix, system: DutySystem) -> Iterator[Finding]:
    """Yield warnings for duties with no owner and with several (M16, M47); one that is history needs none."""
    historic = {duty.id for duty in system.duty if basis_of(duty.basis)[0] == "historic"}
    for each in found.with_none:
        if each.duty in historic:
            continue
        message, remedy = N_("Nobody owns the duty {duty}."), N_("Put it into the duties of exactly one unit.")
        place = Place(key=f"duty.{each.duty}")
        if each.guides:
            message = N_("{units} only guide the duty {duty}; nobody does it.")
        yield Finding("duty-without-owner", "warning", message, remedy, place, _values(each, system, each.guides))
    for each in found.with_two:
        message = N_("{units} all own the duty {duty}.")
        remedy = N_("Leave it with one; let the others guide it by a tie, or divide it into two duties.")
        place = Place(key=f"unit.{each.overlapping[-1]}.duties")
        yield Finding("duty-with-two-owners", "warning", message, remedy, place, _values(each, system, each.overlapping))


def _values(each: Owned, system: DutySystem, units: Sequence[str]) -> dict[str, object]:
    return {"duty": name_of(system, each.duty) if system.duty else each.name, "units": names_of(system, units)}
