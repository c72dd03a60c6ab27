"""Duty part: a beat plan as tables of a duty file, and as a duty system that can be compiled and tried at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qinwu.duty.system import Beat, DutySystem, Sector
from qinwu.plan.beats.keeping import officers
from qinwu.plan.beats.plan import BeatPlan
from qinwu.station.config import Text
from qinwu.station.station import Station

Tables = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class SectorRow:
    """A sector of a plan: id, name where it is a new one, beats, sergeant."""

    id: str
    beats: tuple[str, ...]
    sergeant: str
    name: Text | None = None


def part_of(station: Station, system: DutySystem | None, plan: BeatPlan, sectors: Sequence[SectorRow] = ()) -> Tables:
    """Return the tables ``beat`` and ``sector`` of a plan, and ``pair`` where pairs are left.

    Beats in force keep their id, and with it everything the file below says of them; functional beats stay as they are. Pairs
    stay where both beats do.
    """
    known = {beat.id for beat in system.beat} if system is not None else set()
    keeper = officers(station, system, plan)
    beats = []
    for number, (name, atoms) in enumerate(plan.atoms.items(), start=1):
        new = {} if name in known else _new_beat(keeper[name], number)
        beats.append({"id": name, "atoms": list(atoms), **new})
    beats += [{"id": beat.id} for beat in (system.beat if system is not None else ()) if beat.kind == "functional"]
    tables: Tables = {"beat": beats}
    if sectors:
        tables["sector"] = [_sector(one, system) for one in sectors]
    if system is not None and system.pair:
        there = set(plan.problem.names)
        tables["pair"] = [{"id": pair.id, "beats": list(pair.beats)} for pair in system.pair if set(pair.beats) <= there]
    return tables


def _new_beat(officer: str, number: int) -> dict[str, Any]:
    new: dict[str, Any] = {"name": {"zh": f"第{number}责任区", "en": f"Beat {number}"}}
    return {**new, "officer": officer} if officer else new


def _sector(row: SectorRow, system: DutySystem | None) -> dict[str, Any]:
    known = {one.id for one in system.sector} if system is not None else set()
    named = {} if row.id in known or row.name is None else {"name": {"zh": row.name.zh, "en": row.name.en}}
    return {"id": row.id, **named, "beats": list(row.beats), "sergeant": row.sergeant}


def proposed(station: Station, system: DutySystem, plan: BeatPlan, sectors: Sequence[SectorRow] = ()) -> DutySystem:
    """Return `system` with the beats of a plan, as reading the written file would give it."""
    tables = part_of(station, system, plan, sectors)
    beats = _merged(system.beat, tables["beat"], Beat)
    there = {beat.id for beat in beats}
    sector = _merged(system.sector, tables["sector"], Sector) if sectors else _still(system.sector, there)
    pairs = tuple(pair for pair in system.pair if set(pair.beats) <= there)
    return system.model_copy(update={"beat": beats, "sector": sector, "pair": pairs})


def _merged(old: Sequence[Any], new: Sequence[Mapping[str, Any]], kind: type[Any]) -> tuple[Any, ...]:
    """Return items of a table: those of `new`, each over the item of its id in `old`."""
    before = {item.id: item for item in old}
    order = [item["id"] for item in new]
    ranked = [name for name in before if name in order] + [name for name in order if name not in before]
    rows = {item["id"]: item for item in new}
    return tuple(kind.model_validate({**(before[name].model_dump() if name in before else {}), **rows[name]}) for name in ranked)


def _still(sectors: Sequence[Sector], beats: set[str]) -> tuple[Sector, ...]:
    kept = (sector.model_copy(update={"beats": tuple(b for b in sector.beats if b in beats)}) for sector in sectors)
    return tuple(sector for sector in kept if sector.beats)
