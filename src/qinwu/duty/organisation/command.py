"""Command: who may order, coordinate and guide whom, whom two superiors can order, and who holds the money (M32, M65, M70, M73)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.duty.organisation.names import FUNCTIONS, name_of, names_of
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import Establishment
from qinwu.duty.organisation.tree import chain_of, common_superior
from qinwu.duty.system import DutySystem, Squad
from qinwu.duty.units import Function, Line, Tie, Unit
from qinwu.findings import Finding, Place, Words
from qinwu.language import N_
from qinwu.station.config import Text


@dataclass(frozen=True, slots=True)
class Authority:
    """What other units may do with one unit or squad, over one function (None: over everything).

    ``lead`` are those that may order it, line superior first; ``coordinate`` those that must ask; ``guide`` those that advise.
    ``settles`` is the unit above all of ``lead``, empty where none is.
    """

    who: str
    name: Text
    function: Function | None
    lead: tuple[str, ...]
    coordinate: tuple[str, ...]
    guide: tuple[str, ...]
    settles: str
    posts: int
    squad: bool = False

    @property
    def several(self) -> bool:
        """Whether more than one may order it 多头指挥."""
        return len(self.lead) > 1


@dataclass(frozen=True, slots=True)
class Hops:
    """How many levels a unit's request for money passes (M32); ``inside`` is False where the money is held outside the chart."""

    unit: str
    name: Text
    holder: str
    hops: int
    inside: bool


def authorities(system: DutySystem, establishment: Establishment) -> tuple[Authority, ...]:
    """Return the authority matrix: every unit and squad, and every function over which others than the parent have a say (M70)."""
    found = [each for unit in system.unit for each in _of_unit(system, unit, establishment)]
    return (*found, *(_of_squad(system, squad, establishment) for squad in system.squad))


def _of_unit(system: DutySystem, unit: Unit, establishment: Establishment) -> Iterator[Authority]:
    functions = list(dict.fromkeys(tie.function for tie in unit.ties)) or [None]
    for function in functions:
        ties = [tie for tie in unit.ties if tie.function in (None, function)]
        by_line = _by_line(unit.parent, unit.relation, ties)
        lead = by_line["command"]
        posts = establishment.of(unit.id).total
        settles = _settles(system, lead)
        yield Authority(unit.id, unit.name, function, lead, by_line["coordinate"], by_line["guide"], settles, posts)


def _of_squad(system: DutySystem, squad: Squad, establishment: Establishment) -> Authority:
    unit = next((unit for unit in system.unit if unit.id == squad.unit), None)
    ties = [tie for tie in unit.ties if tie.function in (None, squad.function)] if unit else []
    by_line = _by_line(squad.unit, "command", ties)
    posts = establishment.squads[squad.id].total if squad.id in establishment.squads else 0
    settles = _settles(system, by_line["command"])
    lines = by_line["command"], by_line["coordinate"], by_line["guide"]
    return Authority(squad.id, squad.name, squad.function, *lines, settles, posts, squad=True)


def _by_line(parent: str, relation: Line, ties: list[Tie]) -> dict[Line, tuple[str, ...]]:
    says = ([(parent, relation)] if parent else []) + [(tie.unit, tie.relation) for tie in ties]
    lines: tuple[Line, ...] = ("command", "coordinate", "guide")
    return {line: tuple(dict.fromkeys(unit for unit, said in says if said == line)) for line in lines}


def _settles(system: DutySystem, lead: tuple[str, ...]) -> str:
    """Return the unit above all who lead."""
    settles = lead[0] if lead else ""
    for unit in lead[1:]:
        settles = common_superior(system.unit, settles, unit)
    return settles


def commands(system: DutySystem, unit: str, other: str) -> bool:
    """Return whether a unit may order another unit or a squad: by an unbroken line of command, or by a tie of command (M62, M73).

    A tie into a unit reaches the squads of that function in it, and what that unit itself commands where it names no function.
    """
    by_id = {one.id: one for one in system.unit}
    squad = next((one for one in system.squad if one.id == other), None) if other not in by_id else None
    function = squad.function if squad else by_id[other].function if other in by_id else None
    reached, first = (squad.unit if squad else other), True
    if reached == unit:
        return True
    for place in chain_of(system.unit, reached):
        if place == unit:
            return True
        if place not in by_id:
            return False
        if any(_orders(tie, unit, function, first or bool(squad)) for tie in by_id[place].ties):
            return True
        if by_id[place].relation != "command":
            return False
        first = False
    return False


def _orders(tie: Tie, unit: str, function: Function | None, here: bool) -> bool:
    return tie.unit == unit and tie.relation == "command" and (tie.function is None or (here and tie.function == function))


def budget_hops(system: DutySystem) -> tuple[Hops, ...]:
    """Return how many levels each unit's request for money passes; to a holder outside the chart, one more than to the top."""
    return tuple(_hops(system, unit) for unit in system.unit)


def _hops(system: DutySystem, unit: Unit) -> Hops:
    holder = unit.budget or unit.id
    chain = chain_of(system.unit, unit.id)
    if holder in chain:
        return Hops(unit.id, unit.name, holder, chain.index(holder), True)
    if any(one.id == holder for one in system.unit):
        other = chain_of(system.unit, holder)
        meeting = common_superior(system.unit, unit.id, holder)
        up = chain.index(meeting) + other.index(meeting) if meeting else len(chain) + len(other)
        return Hops(unit.id, unit.name, holder, up, True)
    return Hops(unit.id, unit.name, holder, len(chain), False)


def command_findings(found: tuple[Authority, ...], system: DutySystem) -> Iterator[Finding]:
    """Yield a warning for every unit or squad that several may order, with the order in which their orders are resolved (M65).

    A squad whose unit is named already for the same function is not named again.
    """
    told: set[tuple[tuple[str, ...], Function | None]] = set()
    for each in found:
        if not each.several or (each.squad and (each.lead, each.function) in told):
            continue
        told.add((each.lead, each.function))
        message = N_("{lead} can all order {who}: many in command, nobody in charge.")
        if each.function:
            message = N_("{lead} can all order {who} in {function}: many in command, nobody in charge.")
        remedy = N_("Let one command and turn the others into coordination or guidance.")
        if each.settles == each.lead[0]:
            remedy = N_("Resolution: the order of {first}, the line superior above all of them, stands.")
        elif each.settles:
            remedy = N_("Resolution: the line superior {first} decides first; what they cannot agree on goes to {settles}.")
        values = {
            "lead": names_of(system, each.lead),
            "who": each.name,
            "function": Words(FUNCTIONS[each.function]) if each.function else "",
            "first": name_of(system, each.lead[0]),
            "settles": name_of(system, each.settles),
        }
        place = Place(key=f"squad.{each.who}" if each.squad else f"unit.{each.who}.ties")
        yield Finding("several-commanders", "warning", message, remedy, place, values)
    for unit in system.unit:
        if unit.parent and unit.relation != "command" and not any(tie.relation == "command" for tie in unit.ties):
            message = N_("Nobody commands {who}: {parent} above it may only coordinate or guide.")
            remedy = N_("Say whose orders it takes.")
            values = {"who": unit.name, "parent": name_of(system, unit.parent)}
            yield Finding("nobody-commands", "warning", message, remedy, Place(key=f"unit.{unit.id}.relation"), values)


def budget_findings(found: tuple[Hops, ...], system: DutySystem, norms: Norms) -> Iterator[Finding]:
    """Yield a note for requests for money that pass too many levels (M32), one for each holder."""
    holders = dict.fromkeys(each.holder for each in found if each.hops > norms.hops)
    for holder in holders:
        far = [each for each in found if each.holder == holder and each.hops > norms.hops]
        message = N_("Money for {units} is held by {holder}, up to {hops} levels away; the norm is {norm}.")
        remedy = N_("Give them a budget of their own for running costs, or let the level above allot it.")
        values = {
            "units": names_of(system, [each.unit for each in far]),
            "holder": name_of(system, holder),
            "hops": max(each.hops for each in far),
            "norm": norms.hops,
        }
        yield Finding("money-far-away", "note", message, remedy, Place(key=f"unit.{far[0].unit}.budget"), values)
