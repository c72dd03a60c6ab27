"""The beat problem: a station and what is asked of it as arrays of lots, and the way back to atoms and ids.

A lot is an atom, or all atoms of a community that is kept whole: nothing smaller ever changes its beat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.system import DutySystem
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.graph import Graph
from qinwu.plan.beats.moves import Ground
from qinwu.plan.beats.shapes import moments
from qinwu.plan.beats.workload import Workload
from qinwu.station.area import Area
from qinwu.station.station import Station

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Today:
    """The geographic beats in force.

    Parameters
    ----------
    ids
        (B,) ids in file order; none where there is no duty system.
    beat_of
        (J,) the beat of each atom, -1 for none.
    """

    ids: tuple[str, ...]
    beat_of: I32

    @classmethod
    def of(cls, area: Area, system: DutySystem | None) -> Today:
        """Return the beats of a duty system, or none."""
        beats = [beat for beat in system.beat if beat.kind == "geographic"] if system is not None else []
        beat_of = np.full(len(area), -1, dtype=np.int32)
        for number, beat in reversed(list(enumerate(beats))):
            beat_of[[area.index[atom] for atom in beat.atoms if atom in area.index]] = number
        return cls(tuple(beat.id for beat in beats), beat_of)


@dataclass(frozen=True)
class BeatProblem:
    """What is to be divided into how many beats, under which rules.

    Parameters
    ----------
    station, workload, aims, today
        What there is, what it asks for, what is asked, and the beats in force.
    names
        (K,) ids of the beats to be: those of `today` that remain, then new ones.
    lots
        Atoms of each lot.
    graph
        Who borders whom once borders are closed and joins are open.
    ground
        The same as arrays of the search.
    """

    station: Station
    workload: Workload
    aims: BeatAims
    today: Today
    names: tuple[str, ...]
    lots: tuple[I32, ...]
    graph: Graph
    ground: Ground

    @property
    def beats(self) -> int:
        """How many beats there are to be."""
        return len(self.names)

    @cached_property
    def lot_of(self) -> I32:
        """(J,) the lot of each atom."""
        return self.ground.lot_of

    def atoms_of(self, label: NDArray[np.integer], beat: int) -> I32:
        """Return the atoms of one beat under a labelling of lots."""
        return np.flatnonzero(label[self.lot_of] == beat).astype(np.int32)

    def aiming(self, weights: F64) -> BeatProblem:
        """Return the same problem with other weights of the four aims."""
        return replace(self, ground=self.ground._replace(aim=np.asarray(weights, dtype=np.float64)))


def make_problem(
    station: Station, work: Workload, aims: BeatAims, today: Today, beats: int, cost: F64 | None = None
) -> BeatProblem:
    """Return the arrays of a beat problem; input is taken to be sound (:mod:`qinwu.plan.beats.refusal`).

    Parameters
    ----------
    station, work, aims, today
        See :class:`BeatProblem`.
    beats
        How many there are to be, >= 1.
    cost
        (J, J) cost of the calls of atom j for an officer who stands at atom i; by default seconds of travel times calls a week.
    """
    area = station.area
    lot_of, lots = lots_of(area, aims.whole)
    graph = Graph.of(len(lots), lot_of[allowed_pairs(area, aims)])
    names = beat_names(today, beats, work.hours, set(aims.fixed.values()))
    if cost is None:
        cost = np.asarray(area.travel.base_s, dtype=np.float64) * work.calls[None, :]
    mean = float(work.hours.sum()) / beats
    by_lot = np.zeros((len(lots), len(area)))
    np.add.at(by_lot, lot_of, cost.T)
    ground = Ground(
        start=graph.start,
        other=graph.other,
        lot_of=lot_of,
        work=_by_lot(work.hours, lot_of, len(lots)),
        cost=by_lot,
        moment=_by_lot(moments(area), lot_of, len(lots)),
        keep=_keep(area, today, names, lot_of, len(lots)),
        fixed=_fixed(area, aims.fixed, names, lot_of, len(lots)),
        low=(1.0 - aims.within) * mean,
        high=(1.0 + aims.within) * mean,
        compact=aims.compactness,
        stay=aims.continuity if today.ids else 0.0,
        unit_s=_unit(cost, today, beats),
        aim=aims.weights,
    )
    return BeatProblem(station, work, aims, today, names, lots, graph, ground)


def lots_of(area: Area, whole: Mapping[str, str]) -> tuple[I32, tuple[I32, ...]]:
    """Return (J,) the lot of each atom, numbered in order of first atoms, and the atoms of each lot."""
    number: dict[str, int] = {}
    keys = [f"c {whole[atom]}" if whole.get(atom) else f"a {atom}" for atom in area.atom_ids]
    lot_of = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int32)
    return lot_of, tuple(np.flatnonzero(lot_of == lot).astype(np.int32) for lot in range(len(number)))


def allowed_pairs(area: Area, aims: BeatAims) -> I32:
    """Return (E, 2) pairs of neighbouring atoms with borders closed and joins opened; communities are never cut inside."""
    closed = {(area.index[one], area.index[two]) for border in aims.borders for one, two in border.pairs}
    closed |= {(two, one) for one, two in closed}
    whole = [aims.whole.get(atom, "") for atom in area.atom_ids]
    kept = [
        (one, two) for one, two in area.neighbours.tolist() if (one, two) not in closed or (whole[one] and whole[one] == whole[two])
    ]
    kept += [(area.index[one], area.index[two]) for one, two in sorted(aims.joins)]
    return np.array(kept, dtype=np.int32).reshape(-1, 2)


def beat_names(today: Today, beats: int, hours: F64, fixed: set[str]) -> tuple[str, ...]:
    """Return the ids of `beats` beats: those in force, fixed and busy ones first, then new ones."""
    ids = list(today.ids)
    work = {one: float(hours[today.beat_of == number].sum()) for number, one in enumerate(ids)}
    stay = set(sorted(ids, key=lambda one: (one not in fixed, -work[one]))[:beats])
    names = [one for one in ids if one in stay]
    number = 0
    while len(names) < beats:
        number += 1
        name = f"B{number:02}"
        names += [name] if name not in ids else []
    return tuple(names)


def _by_lot(values: F64, lot_of: I32, lots: int) -> F64:
    found = np.zeros((lots, *values.shape[1:]))
    np.add.at(found, lot_of, values)
    return found


def residents(area: Area) -> F64:
    """Return (J,) the share of all residents in each atom; alike where nobody is counted."""
    total = float(area.population.sum())
    return area.population / total if total > 0.0 else np.full(len(area), 1.0 / len(area))


def _keep(area: Area, today: Today, names: Sequence[str], lot_of: I32, lots: int) -> F64:
    """Return (L, K) the share of all residents who keep their officer where a lot is in a beat."""
    keep = np.zeros((lots, len(names)))
    share = residents(area)
    for beat, name in enumerate(names):
        if name in today.ids:
            inside = today.beat_of == today.ids.index(name)
            keep[:, beat] = np.bincount(lot_of[inside], share[inside], lots)
    return keep


def _fixed(area: Area, fixed: Mapping[str, str], names: Sequence[str], lot_of: I32, lots: int) -> I32:
    found = np.full(lots, -1, dtype=np.int32)
    for atom, beat in fixed.items():
        found[lot_of[area.index[atom]]] = names.index(beat)
    return found


def _unit(cost: F64, today: Today, beats: int) -> float:
    """Return a cost near that of any sensible plan: that of the beats in force, else that of the nearest of every so many atoms."""
    if today.ids:
        inside = [np.flatnonzero(today.beat_of == beat) for beat in range(len(today.ids))]
        found = sum(float(cost[np.ix_(atoms, atoms)].sum(axis=1).min()) for atoms in inside if len(atoms))
    else:
        size = max(1, len(cost) // beats)
        found = float(np.sort(cost, axis=0)[:size].mean(axis=0).sum())
    return found if found > 0.0 else 1.0
