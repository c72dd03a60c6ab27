"""Organisation: one tree of units, one line superior each 一级抓一级."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.organisation import checks
from qinwu.duty.organisation.tree import directly_under
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.rules.sectors import MOST_UNDER_ONE
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.station import Station


def one_root(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error where the tree has no root or several (M4)."""
    yield from checks.one_root(loaded)


def parents_exist(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for parents that do not exist, and for circles of command (M4: no cycles)."""
    yield from checks.parents_exist(loaded)


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
    yield from checks.units_exist(loaded)


def chart_names_exist(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for ties, duties, indicators and loads that name what does not exist (M16, M47, M62)."""
    yield from checks.chart_names_exist(loaded)


def spans_of_units(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for every unit over more units and squads than one can lead (M4, M40: layers and spans)."""
    under = directly_under(loaded.system.unit, loaded.system.squad)
    message, remedy = (
        N_("{count} units and squads are directly under {unit}; more than {most} are hard to lead."),
        N_("Group them."),
    )
    for unit, count in under.items():
        if count > MOST_UNDER_ONE:
            values = {"unit": unit, "count": count, "most": MOST_UNDER_ONE}
            yield Finding("span-too-wide", "warning", message, remedy, loaded.place("unit", unit), values)
