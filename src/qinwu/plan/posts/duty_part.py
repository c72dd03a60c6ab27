"""Posts as tables of a duty file: outposts where posts are, and each beat with the post nearest to its calls."""

from __future__ import annotations

from typing import Any

import numpy as np

from qinwu.duty.system import Beat, DutySystem
from qinwu.plan.posts.problem import I64, SitingProblem
from qinwu.station.area import Area
from qinwu.station.station import Station


def post_part(system: DutySystem, station: Station, problem: SitingProblem, posts: I64) -> dict[str, list[dict[str, Any]]]:
    """Return the ``unit`` and ``beat`` tables that put a duty system's outposts at these places.

    Outposts there are keep their id and name and move to the new place nearest to the old one; more are added, and those left over
    are removed. Crews of beats wait at the post of their beat; teams stay where their squad is.

    Parameters
    ----------
    system, station
        Whose units and beats.
    problem
        Travel times and calls.
    posts
        Places with a post; the station house is no outpost.
    """
    house = next((unit.id for unit in system.unit if unit.level == "station"), "station")
    away = posts[posts != station.base]
    names = _names(system, station.area, problem, away)
    units = [_unit(name, system, house, station.area.atom_ids[place]) for place, name in names.items()]
    gone = [unit.id for unit in system.unit if unit.level == "outpost" and unit.id not in names.values()]
    mean = np.tensordot(problem.share, problem.times, 1)
    beats = [beat for beat in system.beat if beat.kind == "geographic" and _inside(beat, station.area)]
    told = [{"id": beat.id, "unit": names.get(_nearest(beat, station.area, problem, mean, posts), house)} for beat in beats]
    return {"unit": [*units, *({"id": unit, "remove": True} for unit in gone)], "beat": told}


def _names(system: DutySystem, area: Area, problem: SitingProblem, away: I64) -> dict[int, str]:
    """Return the unit of each place: the outposts there are where they move least, then new ones."""
    from scipy.optimize import linear_sum_assignment

    old = [
        (unit.id, area.index[unit.base_atom]) for unit in system.unit if unit.level == "outpost" and unit.base_atom in area.index
    ]
    names: dict[int, str] = {}
    if old and len(away):
        cost = problem.times[0][np.ix_(np.array([place for _, place in old]), away)]
        names = {int(away[new]): old[at][0] for at, new in zip(*linear_sum_assignment(cost), strict=True)}
    taken = {unit.id for unit in system.unit}
    fresh = (name for number in range(1, len(away) + len(taken) + 2) if (name := f"post{number}") not in taken)
    return {int(place): names.get(int(place)) or next(fresh) for place in away}


def _unit(name: str, system: DutySystem, house: str, atom: str) -> dict[str, Any]:
    if any(unit.id == name for unit in system.unit):
        return {"id": name, "base_atom": atom}
    told = {"zh": f"{atom}驻勤点", "en": f"Post at {atom}"}
    return {"id": name, "name": told, "level": "outpost", "parent": house, "base_atom": atom}


def _inside(beat: Beat, area: Area) -> list[int]:
    return [area.index[atom] for atom in beat.atoms if atom in area.index]


def _nearest(beat: Beat, area: Area, problem: SitingProblem, mean: np.ndarray[Any, np.dtype[np.float64]], posts: I64) -> int:
    """Return the post nearest to the calls of a beat."""
    inside = np.array(_inside(beat, area))
    weight = problem.weight[inside] + 1e-9
    return int(posts[int((mean[np.ix_(posts, inside)] @ weight).argmin())])
