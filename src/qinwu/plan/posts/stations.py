"""Stations of unequal size 辖区大小失衡: atoms moved between them until work fits officers, each area in one piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.plan.effort import Effort, Running
from qinwu.plan.mip import Program, Solved, solve
from qinwu.plan.posts.problem import F64, I64
from qinwu.plan.proof import Proof
from qinwu.station.area import Area

MOVE_SHARE = 0.02
"""Moving all atoms counts as much as this share of the travel of all calls: nothing is moved for nothing."""


@dataclass(frozen=True)
class StationsProblem:
    """K stations that share J atoms.

    Parameters
    ----------
    names
        (K,) of the stations.
    houses
        (K,) the atom of each station house, each once.
    officers
        (K,) officers of each, > 0.
    work
        (J,) officer-hours or calls of each atom, >= 0.
    travel
        (K, J) seconds from each house to each atom.
    today
        (J,) the station each atom belongs to, -1 for none.
    pairs
        (E, 2) atoms that border each other.
    spread
        How far work per officer may be from the mean, > 0.
    """

    names: tuple[str, ...]
    houses: I64
    officers: F64
    work: F64
    travel: F64
    today: I64
    pairs: I64
    spread: float

    @property
    def due(self) -> F64:
        """(K,) the work that each station would have by its officers."""
        return np.asarray(self.work.sum() * self.officers / self.officers.sum())

    def loads(self, of: I64) -> F64:
        """Return (K,) work per officer against the mean, 1 being fair."""
        there = of >= 0
        work = np.bincount(of[there], self.work[there], minlength=len(self.names))
        return np.asarray(work / np.maximum(self.due, 1e-12))

    def mean_travel(self, of: I64) -> float:
        """Return work-weighted mean seconds from each atom's station house."""
        there = of >= 0
        return float(np.average(self.travel[of[there], np.flatnonzero(there)], weights=self.work[there] + 1e-12))


@dataclass(frozen=True)
class StationsPlan:
    """Which station each atom belongs to: `of` (J,), `moved` atoms, and the proof."""

    problem: StationsProblem
    of: I64
    proof: Proof

    @property
    def moved(self) -> I64:
        """Atoms that change their station."""
        return np.flatnonzero((self.of != self.problem.today) & (self.problem.today >= 0))


def stations_problem(
    area: Area, work: F64, houses: Mapping[str, str], today: Mapping[str, str], officers: Mapping[str, float], spread: float
) -> StationsProblem:
    """Return the problem of stations that share an area.

    Parameters
    ----------
    area, work
        Atoms, and (J,) what each asks.
    houses
        Station to the atom of its house.
    today
        Atom to station.
    officers
        Station to officers; 1 each where a station is missing.
    spread
        How far work per officer may be from the mean, 0 to 1.

    Raises
    ------
    QinwuError
        Fewer than two stations, houses in unknown or the same atoms, stations or atoms that do not exist, an area in pieces.
    """
    raise_on_errors(_wrong(area, houses, today, officers, spread))
    names = tuple(houses)
    at = np.array([area.index[houses[name]] for name in names])
    of = np.array([names.index(today[atom]) if atom in today else -1 for atom in area.atom_ids])
    heads = np.array([float(officers.get(name, 1.0)) for name in names])
    travel = area.travel.base_s[at].astype(np.float64)
    return StationsProblem(names, at, heads, work, travel, of, area.neighbours.astype(np.int64), spread)


def plan_stations(problem: StationsProblem, effort: Effort | None = None) -> StationsPlan:
    """Move atoms between stations so that work per officer is within the spread, calls near their house, areas in one piece.

    A program with one variable for each atom and station (Hess et al. 1965, Operations Research 13(6), with the centres given).
    From each house a flow goes through its area and leaves one unit in every atom, which only an area in one piece allows (Shirabe
    2009, Environment and Planning B 36(6)); besides, no atom is with a station without a neighbour that is.

    Raises
    ------
    QinwuError
        No division keeps the spread: the least spread that works is named, as far as it is found in the time.
    """
    running = (effort or Effort()).begin()
    solved = solve(_program(problem), running, tell=True)
    if solved.infeasible:
        raise QinwuError([_impossible(problem, running)])
    if solved.x is None:
        raise QinwuError([Finding("no-time", "error", N_("There was no time to find a division."), N_("Give more seconds."))])
    return _plan(problem, _assigned(problem, solved), solved, running)


def _program(problem: StationsProblem, flexible: bool = False) -> Program:
    """Return the program; `flexible` minimises the spread instead of keeping it. Variables: assignments, flows, the spread."""
    stations, atoms = problem.travel.shape
    size, arcs = stations * atoms, np.concatenate([problem.pairs, problem.pairs[:, ::-1]])
    flows = stations * len(arcs)
    station, one = np.repeat(np.arange(stations), atoms), np.ones(size)
    once = sparse.csr_array((one, (np.tile(np.arange(atoms), stations), np.arange(size))), shape=(atoms, size))
    part = (problem.work[None, :] / np.maximum(problem.due[:, None], 1e-12)).ravel()
    share = sparse.csr_array((part, (station, np.arange(size))), shape=(stations, size))
    wide = sparse.csr_array(np.ones((stations, 1)))
    near, into, balance = _near(problem, arcs), _into(arcs, atoms), _into(arcs, atoms) - _into(arcs[:, ::-1], atoms)
    away = np.ones((stations, atoms), dtype=bool)
    away[np.arange(stations), problem.houses] = False
    keep = sparse.diags_array(away.ravel().astype(float)).tocsr()[away.ravel()]
    each = sparse.eye_array(stations)
    blocks: Any = [
        [once, None, None],
        [share, None, wide],
        [share, None, -wide],
        [-keep, keep @ sparse.kron(each, balance), None],
        [(atoms - stations) * sparse.eye_array(size), -sparse.kron(each, into), None],
        [keep @ (sparse.kron(each, near) - sparse.eye_array(size)), None, None],
    ]
    spread, kept = 0.0 if flexible else problem.spread, size - stations
    free, zero = np.full, np.zeros
    low = np.concatenate(
        [np.ones(atoms), free(stations, 1.0 - spread), free(stations, -np.inf), zero(kept), zero(size), zero(kept)]
    )
    high = np.concatenate(
        [np.ones(atoms), free(stations, np.inf), free(stations, 1.0 + spread), zero(kept), free(size + kept, np.inf)]
    )
    least = np.zeros(size + flows + 1)
    least[np.arange(stations) * atoms + problem.houses] = 1.0
    most = np.concatenate([one, free(flows, float(atoms - stations)), [np.inf if flexible else 0.0]])
    cost = np.concatenate([zero(size) if flexible else _cost(problem).ravel(), zero(flows), [float(flexible)]])
    return Program(cost, sparse.block_array(blocks, format="csr"), low, high, least, most, np.arange(len(cost)) < size)


def _into(arcs: I64, atoms: int) -> Any:
    """Return (J, A) 1 where an arc leads into an atom."""
    return sparse.csr_array((np.ones(len(arcs)), (arcs[:, 1], np.arange(len(arcs)))), shape=(atoms, len(arcs)))


def _near(problem: StationsProblem, arcs: I64) -> Any:
    """Return (J, J) 1 where atoms border each other."""
    atoms = len(problem.work)
    return sparse.csr_array((np.ones(len(arcs)), (arcs[:, 0], arcs[:, 1])), shape=(atoms, atoms))


def _cost(problem: StationsProblem) -> F64:
    """Return (K, J) mean minutes of travel each assignment adds, and a little for moving an atom."""
    share = (problem.work + 1e-9 * problem.work.sum()) / problem.work.sum()
    base = problem.travel * share / 60.0
    stays = np.arange(len(problem.names))[:, None] == problem.today[None, :]
    move = MOVE_SHARE * float(base.min(axis=0).sum()) / base.shape[1]
    return np.asarray(base + move * ~stays)


def _assigned(problem: StationsProblem, solved: Solved) -> I64:
    chosen = np.asarray(solved.x, dtype=np.float64)[: problem.travel.size].reshape(problem.travel.shape)
    return np.asarray(chosen.argmax(axis=0), dtype=np.int64)


def _plan(problem: StationsProblem, of: I64, solved: Solved, running: Running) -> StationsPlan:
    fixed = _cost(problem)[of, np.arange(len(of))].sum()
    proof = Proof(
        N_("mean travel from the station house, and a little for every area that moves"),
        N_("min"),
        float(fixed),
        float(solved.bound),
        running.seconds,
        running.effort.seed,
        N_("branch and bound with a flow through every area"),
        running.interrupted,
        tuple(_binding(problem, of)),
    )
    return StationsPlan(problem, of, proof)


def _binding(problem: StationsProblem, of: I64) -> Iterator[Finding]:
    loads = problem.loads(of)
    edge = [name for name, load in zip(problem.names, loads, strict=True) if abs(load - 1.0) > 0.9 * problem.spread]
    if edge:
        message = N_("Stations at the edge of the spread of {spread:.0%}: {names}.")
        yield Finding("spread-reached", "note", message, "", Place(), {"spread": problem.spread, "names": ", ".join(edge)})


def _impossible(problem: StationsProblem, running: Running) -> Finding:
    """Return the finding for a spread that no division keeps, with the least one that some does."""
    solved = solve(_program(problem, flexible=True), running)
    message = N_("No division keeps work per officer within {spread:.0%} of the mean with every area in one piece.")
    remedy = N_("The least spread that works is {least:.1%}.") if solved.x is not None else N_("Allow a wider spread.")
    values = {"spread": problem.spread, "least": float(np.ceil(solved.value * 1000.0) / 1000.0) if solved.x is not None else 1.0}
    return Finding("spread-too-narrow", "error", message, remedy, Place(), values)


def _wrong(
    area: Area, houses: Mapping[str, str], today: Mapping[str, str], officers: Mapping[str, float], spread: float
) -> Iterator[Finding]:
    if len(houses) < 2:
        message, remedy = N_("There are {count} stations; it takes two to share an area."), N_("Give units a base_atom.")
        yield Finding("too-few-stations", "error", message, remedy, Place(), {"count": len(houses)})
    for name, atom in houses.items():
        if atom not in area.index:
            near = did_you_mean(atom, area.index)
            remedy = N_("Did you mean {near}?") if near else N_("Use an id of the atoms file.")
            yield Finding(
                "unknown-atom", "error", N_("There is no atom {atom}."), remedy, Place(key=name), {"atom": atom, "near": near}
            )
    if len(set(houses.values())) < len(houses):
        yield Finding("houses-in-one-atom", "error", N_("Two stations have their house in one atom."), N_("Move one house."))
    for station in sorted(set(today.values()) - set(houses)):
        message, remedy = N_("Atoms belong to {station}, which has no house."), N_("Give it a base_atom.")
        yield Finding("station-without-house", "error", message, remedy, Place(), {"station": station})
    if any(number <= 0 for number in officers.values()):
        yield Finding(
            "no-officers", "error", N_("A station without officers cannot have work."), N_("Give every station officers.")
        )
    if not 0.0 < spread <= 1.0:
        message, remedy = N_("A spread of {value} is none."), N_("Use a share above 0 and up to 1.")
        yield Finding("bad-spread", "error", message, remedy, Place(), {"value": spread})
    pieces = area.pieces(range(len(area)))
    if pieces > 1:
        message, remedy = (
            N_("The area falls into {count} pieces."),
            N_("Plan each piece by itself, or add the borders that join them."),
        )
        yield Finding("area-in-pieces", "error", message, remedy, Place(), {"count": pieces})
