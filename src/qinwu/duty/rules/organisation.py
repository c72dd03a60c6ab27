"""Organisation: one tree of units, one line superior each 一级抓一级."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.rules.sectors import MOST_UNDER_ONE
from qinwu.duty.stations import STATION
from qinwu.duty.system import DutySystem
from qinwu.duty.units import Unit
from qinwu.findings import Finding, did_you_mean
from qinwu.language import N_
from qinwu.station.station import Station


def one_root(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error where the tree has no root or several (M4)."""
    units = loaded.system.unit
    roots = [unit.id for unit in units if not unit.parent]
    if units and len(roots) != 1:
        message = (
            N_("The organisation has no top: every unit has a parent.")
            if not roots
            else N_("Several units have no parent: {units}.")
        )
        remedy = N_("Give every unit but one the unit above it as parent.")
        yield Finding("not-one-root", "error", message, remedy, loaded.place("unit"), {"units": ", ".join(roots)})


def parents_exist(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for parents that do not exist, and for circles of command (M4: no cycles)."""
    parent = {unit.id: unit.parent for unit in loaded.system.unit}
    for unit in loaded.system.unit:
        if unit.parent and unit.parent not in parent:
            yield unknown_unit(unit.parent, list(parent), ("unit", unit.id, "parent"), loaded)
    for circle in _circles(parent):
        message, remedy = N_("These units are each above the other: {units}."), N_("Give one of them a parent outside the circle.")
        place = loaded.place("unit", circle[0], "parent")
        yield Finding("units-in-a-circle", "error", message, remedy, place, {"units": " → ".join([*circle, circle[0]])})


def one_line_superior_each(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every unit whose parent only coordinates or guides it (M4: exactly one line superior each)."""
    message = N_("Nobody commands unit {unit}: {parent} above it may only {relation}.")
    remedy = N_("Name the unit that commands it as parent, and put line on the squads that must be asked.")
    for unit in loaded.system.unit:
        if unit.parent and unit.relation != "command":
            values = {"unit": unit.id, "parent": unit.parent, "relation": unit.relation}
            yield Finding("no-line-superior", "error", message, remedy, loaded.place("unit", unit.id, "relation"), values)


def units_exist(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for squads and beats of units that do not exist (M4)."""
    known = _known_units(loaded.system)
    for table, items in (("squad", loaded.system.squad), ("beat", loaded.system.beat)):
        for item in items:
            if item.unit not in known:
                yield unknown_unit(item.unit, known, (table, item.id, "unit"), loaded)


def spans_of_units(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for every unit over more units and squads than one can lead (M4, M40: layers and spans)."""
    under = Counter([unit.parent for unit in loaded.system.unit if unit.parent] + [squad.unit for squad in loaded.system.squad])
    message, remedy = (
        N_("{count} units and squads are directly under {unit}; more than {most} are hard to lead."),
        N_("Group them."),
    )
    for unit, count in under.items():
        if count > MOST_UNDER_ONE:
            values = {"unit": unit, "count": count, "most": MOST_UNDER_ONE}
            yield Finding("span-too-wide", "warning", message, remedy, loaded.place("unit", unit), values)


def layers(units: tuple[Unit, ...]) -> int:
    """Return the longest chain of command from the top unit down, counting units."""
    parent = {unit.id: unit.parent for unit in units}

    def depth(unit: str, seen: frozenset[str] = frozenset()) -> int:
        return 0 if unit not in parent or unit in seen else 1 + depth(parent[unit], seen | {unit})

    return max((depth(unit) for unit in parent), default=0)


def _known_units(system: DutySystem) -> list[str]:
    return list(dict.fromkeys([STATION, *(unit.id for unit in system.unit)]))


def _circles(parent: dict[str, str]) -> Iterator[list[str]]:
    done: set[str] = set()
    for start in parent:
        chain: list[str] = []
        unit = start
        while unit in parent and unit not in done and unit not in chain:
            chain.append(unit)
            unit = parent[unit]
        if unit in chain:
            yield chain[chain.index(unit) :]
        done |= set(chain)


def unknown_unit(unit: str, known: list[str], path: tuple[str, ...], loaded: LoadedSystem) -> Finding:
    """Return the finding for a unit that the chart does not have."""
    guess = did_you_mean(unit, known)
    remedy = N_("Did you mean {guess}?") if guess else N_("Add a [[unit]] with this id.")
    values = {"unit": unit, "guess": guess}
    return Finding("unknown-unit", "error", N_("There is no unit {unit}."), remedy, loaded.place(*path), values)
