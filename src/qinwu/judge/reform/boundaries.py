"""Boundaries: the ground of an area, for steps that move beats between stations."""

from __future__ import annotations

import numpy as np

from qinwu.duty.reform.ground import Ground
from qinwu.duty.system import DutySystem
from qinwu.station.demand import read_source
from qinwu.station.station import Station


def ground_of(station: Station, system: DutySystem) -> Ground:
    """Return the officer-hours a week that residents' calls make in each beat, and which beats touch.

    Hours are calls times the officers their class requires times its mean minutes on the scene and after; travel is left out.
    """
    classes = station.config.call_class
    source = read_source(station)
    hours = np.array([one.officers * (one.on_scene_min + one.wrap_up_min) / 60.0 for one in classes])
    resident = source.self_initiated == 0
    by_atom = np.bincount(source.atom[resident], hours[source.call_class[resident]], len(station.area)) / max(source.weeks, 1)
    beat_of = {atom: beat.id for beat in system.beat if beat.kind == "geographic" for atom in beat.atoms}
    names = [beat_of.get(atom, "") for atom in station.area.atom_ids]
    found: dict[str, float] = {}
    borders: dict[str, set[str]] = {name: set() for name in names if name}
    for name, each in zip(names, by_atom, strict=True):
        found[name] = found.get(name, 0.0) + float(each)
    for one, two in station.area.neighbours.tolist():
        if names[one] and names[two] and names[one] != names[two]:
            borders[names[one]].add(names[two])
            borders[names[two]].add(names[one])
    return Ground(found, {name: tuple(sorted(others)) for name, others in borders.items()})
