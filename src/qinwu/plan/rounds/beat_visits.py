"""Beat visits 走访: how many stays in which atoms of a beat, and when its officer makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qinwu.plan.rounds.aims import Aims, seconds_of_day
from qinwu.plan.rounds.inspecting import factors
from qinwu.plan.rounds.month import Month
from qinwu.plan.rounds.outings import Outing
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.routing import Task


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay of a beat officer: its id, officer, beat and atom."""

    id: str
    officer: str
    beat: str
    atom: str


def stays_due(people: People, officer: str, hours: float, minutes: float) -> tuple[Stay, ...]:
    """Return the stays of an officer, most needed first, so that any beginning of the list is shared out fairly.

    Every atom where people live comes once before any comes twice; after that each stay goes to the atom with most residents for
    every stay it has had (Adams's method of apportionment). Where nobody is counted at all, atoms share alike.

    Parameters
    ----------
    people
        Who there is.
    officer
        Accountable for one beat or several.
    hours
        Hours of visits in the month, >= 0; a stay that is not whole is not made.
    minutes
        Of one stay, > 0.
    """
    area = people.station.area
    atoms = list(people.atoms_of(officer))
    count = int(hours * 60.0 / minutes + 1e-9)
    if not atoms or count <= 0:
        return ()
    residents = area.population[[area.index[atom] for atom in atoms]]
    weight = residents if residents.sum() > 0.0 else np.ones(len(atoms))
    stays: list[Stay] = []
    had = np.zeros(len(atoms))
    for _ in range(count):
        at = int((weight / np.where(had > 0.0, had, 1e-9)).argmax())
        had[at] += 1.0
        atom = atoms[at]
        stays.append(Stay(f"{atom}+{int(had[at])}", officer, people.beat_of_atom[atom], atom))
    return tuple(stays)


def stay_task(stays: Sequence[Stay], outings: Sequence[Outing], aims: Aims, people: People, month: Month) -> Task:
    """Return the stays of one officer as a task of routing.

    Parameters
    ----------
    stays, outings
        Of one officer.
    aims, people, month
        As for inspections.
    """
    area = people.station.area
    opens, closes = (seconds_of_day(one) for one in aims.beat_visit.between)
    count, stay_s = len(stays), aims.beat_visit.minutes * 60.0
    task = Task(
        travel_s=area.travel.base_s.astype(np.float64),
        place=np.array([area.index[stay.atom] for stay in stays], dtype=np.int64),
        stay_s=np.full(count, stay_s),
        opens_s=np.full(count, opens),
        closes_s=np.full(count, closes),
        start_s=np.array([outing.start_s for outing in outings]),
        end_s=np.array([outing.end_s for outing in outings]),
        most_s=np.array([outing.most_s for outing in outings]),
        base=np.array([outing.base for outing in outings], dtype=np.int64),
        factor=factors(outings, area.travel.hour_factor, month),
        allowed=np.ones((count, len(outings)), dtype=bool),
        late_s=np.zeros((count, len(outings))),
    )
    common = np.minimum(closes, task.end_s) - np.maximum(opens, task.start_s)
    return replace(task, allowed=task.allowed & (np.minimum(common, task.most_s) >= stay_s)[None, :])
