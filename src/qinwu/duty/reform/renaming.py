"""Renaming: units called otherwise wherever a duty system speaks of them."""

from __future__ import annotations

from collections.abc import Mapping

from qinwu.duty.system import DutySystem
from qinwu.duty.units import Accountability, Load, Unit


def renamed(system: DutySystem, names: Mapping[str, str]) -> DutySystem:
    """Return a duty system in which everything that speaks of a unit in `names` speaks of what it is called there.

    The units themselves keep their ids; the caller says which of them remain.
    """
    beats = tuple(beat.model_copy(update={"unit": names.get(beat.unit, beat.unit)}) for beat in system.beat)
    squads = tuple(squad.model_copy(update={"unit": names.get(squad.unit, squad.unit)}) for squad in system.squad)
    return system.model_copy(
        update={
            "unit": tuple(_unit(unit, names) for unit in system.unit),
            "beat": beats,
            "squad": squads,
            "load": tuple(_load(load, names) for load in system.load),
            "accountability": tuple(_accountability(one, names) for one in system.accountability),
        }
    )


def _unit(unit: Unit, names: Mapping[str, str]) -> Unit:
    said = {name: names.get(value, value) for name in ("parent", "budget", "mirrors") if (value := getattr(unit, name))}
    ties = tuple(tie.model_copy(update={"unit": names.get(tie.unit, tie.unit)}) for tie in unit.ties)
    return unit.model_copy(update={**said, "ties": ties})


def _load(load: Load, names: Mapping[str, str]) -> Load:
    ordered_by = names.get(load.ordered_by, load.ordered_by)
    return load.model_copy(update={"unit": names.get(load.unit, load.unit), "ordered_by": ordered_by})


def _accountability(one: Accountability, names: Mapping[str, str]) -> Accountability:
    needs = tuple(dict.fromkeys(names.get(each, each) for each in one.needs))
    return one.model_copy(update={"unit": names.get(one.unit, one.unit), "needs": needs})
