"""Accountability: whether who is assessed can command what moves the figure, and what a result adds up from (M61, M62)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.duty.organisation.command import commands
from qinwu.duty.organisation.names import name_of, names_of
from qinwu.duty.organisation.posts import Establishment
from qinwu.duty.organisation.tree import home_of, under
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import Text


@dataclass(frozen=True, slots=True)
class Answering:
    """An indicator: the unit assessed on it, what it takes to move it, and which of that the unit cannot order."""

    id: str
    name: Text
    unit: str
    needs: tuple[str, ...]
    beyond: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RollUp:
    """What a unit's result is made of (M61): beats and squads of its own, and those of the units below.

    ``beats`` and ``squads`` count the unit itself, ``beats_below`` and ``squads_below`` everything under it as well.
    """

    unit: str
    name: Text
    beats: int
    beats_below: int
    squads: int
    squads_below: int
    indicators: int
    posts: int


def answering(system: DutySystem) -> tuple[Answering, ...]:
    """Return every indicator with what its unit cannot order."""
    return tuple(
        Answering(
            each.id, each.name, each.unit, each.needs, tuple(one for one in each.needs if not commands(system, each.unit, one))
        )
        for each in system.accountability
    )


def roll_up(system: DutySystem, establishment: Establishment) -> tuple[RollUp, ...]:
    """Return, for every unit, of how many beats and squads its result is the sum."""
    home, known = home_of(system.unit), {unit.id for unit in system.unit}
    beats = [beat.unit if beat.unit in known else home for beat in system.beat]
    squads = [squad.unit if squad.unit in known else home for squad in system.squad]
    found = []
    for unit in system.unit:
        below = under(system.unit, unit.id)
        found.append(
            RollUp(
                unit.id,
                unit.name,
                beats.count(unit.id),
                sum(one in below for one in beats),
                squads.count(unit.id),
                sum(one in below for one in squads),
                sum(each.unit == unit.id for each in system.accountability),
                establishment.under(system.unit, unit.id).total,
            )
        )
    return tuple(found)


def accountability_findings(found: tuple[Answering, ...], system: DutySystem) -> Iterator[Finding]:
    """Yield a warning for every unit that answers for what it cannot order (M62)."""
    for each in found:
        if each.beyond:
            message = N_("{unit} is assessed on {indicator} but cannot order {beyond}, which it takes.")
            remedy = N_("Give {unit} command of them for this, or assess who has it.")
            values = {"unit": name_of(system, each.unit), "indicator": each.name, "beyond": names_of(system, each.beyond)}
            yield Finding("unaccountable-target", "warning", message, remedy, Place(key=f"accountability.{each.id}"), values)
        elif not each.needs:
            message, remedy = N_("The indicator {indicator} does not say what moves it."), N_("List units or squads as needs.")
            place = Place(key=f"accountability.{each.id}")
            yield Finding("indicator-without-needs", "note", message, remedy, place, {"indicator": each.name})
