"""Tiny beat problems: squares in rows with a stated number of calls each, and every way to divide them, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.problem import BeatProblem, Today, make_problem
from qinwu.plan.beats.shapes import moments
from qinwu.plan.beats.workload import Workload
from qinwu.station.area import Area
from qinwu.station.station import Station
from tests.stations import grid_area, officers, station


def squares(columns: int, rows: int, population: Sequence[float] | None = None) -> Station:
    """Return a station of `columns` × `rows` squares of 600 m, with ten officers."""
    area = grid_area(columns, rows)
    if population is not None:
        area = replace(area, population=np.asarray(population, dtype=np.float64))
    return station(area, officers(10))


def hours(values: Sequence[float]) -> Workload:
    """Return a workload of these hours, as many calls as hours."""
    found = np.asarray(values, dtype=np.float64)
    return Workload({"calls": found}, found)


def nobody(there: Station) -> Today:
    """Return no beats in force."""
    return Today((), np.full(len(there.area), -1, dtype=np.int32))


def problem(
    columns: int, rows: int, work: Sequence[float], beats: int, aims: BeatAims | None = None, today: Sequence[int] | None = None
) -> BeatProblem:
    """Return a problem on squares; `today` gives the beat of each atom in force, named B01, B02 and so on."""
    there = squares(columns, rows)
    ids = tuple(f"B{number + 1:02}" for number in range(max(today) + 1)) if today is not None else ()
    force = Today(ids, np.asarray(today, dtype=np.int32)) if today is not None else nobody(there)
    return make_problem(there, hours(work), aims or BeatAims(within=0.5), force, beats)


def every_plan(given: BeatProblem) -> Iterator[BeatPlan]:
    """Yield every contiguous division of a small problem that keeps every rule, counted from nothing."""
    for label in product(range(given.beats), repeat=len(given.lots)):
        fixed = given.ground.fixed
        if all(fixed[lot] in (-1, beat) for lot, beat in enumerate(label)):
            plan = BeatPlan.of(given, np.array(label, dtype=np.int32))
            if plan.contiguous and plan.judged[1] == 0.0:
                yield plan


def slow_metrics(plan: BeatPlan) -> dict[str, float]:
    """Return the figures of a plan by plain loops over atoms and polygons, with nothing of the plan's own sums."""
    area, work = plan.problem.station.area, plan.problem.workload
    travel, lost, compact = 0.0, 0.0, []
    loads = []
    for beat, atoms in plan.atoms.items():
        inside = [area.index[atom] for atom in atoms]
        loads.append(sum(float(work.hours[j]) for j in inside))
        travel += min(sum(float(area.travel.base_s[i, j]) * float(work.calls[j]) for j in inside) for i in inside)
        size, x, y, polar = _union(area, inside)
        compact.append(size**2 / (2 * np.pi * (polar - (x * x + y * y) / size)))
        if beat in plan.problem.today.ids:
            number = plan.problem.today.ids.index(beat)
            lost += sum(float(area.population[j]) for j in inside if plan.problem.today.beat_of[j] == number)
    mean = sum(loads) / len(loads)
    return {
        "travel_s": travel / float(work.calls.sum()),
        "spread": max(abs(load / mean - 1.0) for load in loads),
        "compactness": float(np.mean(compact)),
        "continuity": lost / float(area.population.sum()),
    }


def _union(area: Area, inside: Sequence[int]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = moments(area)[list(inside)].sum(axis=0)
    return found
