"""Stations of a duty system: which units share the area today, and their new areas as ``beat`` tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from qinwu.duty.rules.shape import beat_borders, clusters
from qinwu.duty.system import Beat, DutySystem
from qinwu.plan.posts.problem import F64, I64
from qinwu.plan.posts.stations import StationsPlan, StationsProblem, stations_problem
from qinwu.station.area import Area


def stations_of(system: DutySystem, area: Area, work: F64, spread: float) -> StationsProblem:
    """Return the problem of the units of a duty system that have a house and beats; officers are counted by their beats.

    Raises
    ------
    QinwuError
        Fewer than two such units, or anything :func:`stations_problem` refuses.
    """
    beats = [beat for beat in system.beat if beat.kind == "geographic"]
    heads: dict[str, float] = {}
    for beat in beats:
        heads[beat.unit] = heads.get(beat.unit, 0.0) + 1.0
    houses = {unit.id: unit.base_atom for unit in system.unit if unit.base_atom and unit.id in heads}
    today = {atom: beat.unit for beat in beats if beat.unit in houses for atom in beat.atoms}
    return stations_problem(area, work, houses, today, {name: heads[name] for name in houses}, spread)


def stations_part(system: DutySystem, area: Area, plan: StationsPlan) -> dict[str, list[dict[str, Any]]]:
    """Return ``beat`` tables in which every atom that moves joins a beat of its new unit, beside the least work first.

    Sectors whose beats no longer hang together are removed: they have to be drawn anew.
    """
    beats = [beat for beat in system.beat if beat.kind == "geographic"]
    owner = np.full(len(area), -1)
    for number, beat in enumerate(beats):
        owner[[area.index[atom] for atom in beat.atoms if atom in area.index]] = number
    units = [plan.problem.names.index(beat.unit) if beat.unit in plan.problem.names else -1 for beat in beats]
    owner[plan.moved] = -1
    _rejoin(plan, owner, np.array(units))
    ids = area.atom_ids
    changed = [(number, [ids[atom] for atom in np.flatnonzero(owner == number)]) for number in range(len(beats))]
    told = [
        {"id": beats[number].id, "atoms": atoms} if atoms else {"id": beats[number].id, "remove": True}
        for number, atoms in changed
        if set(atoms) != set(beats[number].atoms)
    ]
    apart = _apart(
        system, area, [beat.model_copy(update={"atoms": tuple(atoms)}) for beat, (_, atoms) in zip(beats, changed, strict=True)]
    )
    return {"beat": told, "sector": apart} if apart else {"beat": told}


def _apart(system: DutySystem, area: Area, beats: list[Beat]) -> list[dict[str, Any]]:
    """Return the removal of every sector whose beats do not border each other any more."""
    there = {beat.id for beat in beats if beat.atoms}
    borders = beat_borders(system.model_copy(update={"beat": tuple(beats)}), area)
    broken = (one.id for one in system.sector if not there.issuperset(one.beats) or len(clusters(one.beats, borders)) > 1)
    return [{"id": sector, "remove": True} for sector in broken]


def _rejoin(plan: StationsPlan, owner: I64, unit: I64) -> None:
    """Give every atom without a beat one of its unit, those beside one first."""
    while True:
        found = next(_joins(plan, owner, unit), None)
        if found is None:
            break
        owner[found[0]] = found[1]
    for atom in np.flatnonzero((owner < 0) & (plan.of >= 0)):
        owner[atom] = int(np.flatnonzero(unit == plan.of[atom])[0])


def _joins(plan: StationsPlan, owner: I64, unit: I64) -> Iterator[tuple[int, int]]:
    """Yield an atom without a beat and the neighbouring beat of its unit with the least work."""
    work = np.bincount(owner[owner >= 0], plan.problem.work[owner >= 0], minlength=len(unit))
    pairs = np.concatenate([plan.problem.pairs, plan.problem.pairs[:, ::-1]])
    beside = pairs[(owner[pairs[:, 0]] < 0) & (owner[pairs[:, 1]] >= 0)]
    fits = beside[unit[owner[beside[:, 1]]] == plan.of[beside[:, 0]]]
    for atom, other in sorted(fits.tolist(), key=lambda each: work[owner[each[1]]]):
        yield atom, int(owner[other])
