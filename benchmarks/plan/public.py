"""The public shift-scheduling instances (Curtois & Qu 2014, Computational results on new staff scheduling benchmark instances)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qinwu.plan.roster.problem import Cover, RosterProblem

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "shift_scheduling"
WEEK = 7
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Instance:
    """One public instance: its number, the problem, and the best published bound and value."""

    number: int
    problem: RosterProblem
    lower_bound: float
    best_known: float


def instance(number: int, folder: Path = FOLDER) -> Instance:
    """Read one instance with its published values; a file that is kept back is not there."""
    published = best_known(folder).get(number, (float("nan"), float("nan")))
    return Instance(number, read_problem((folder / f"Instance{number}.txt").read_text(encoding="utf-8")), *published)


def best_known(folder: Path = FOLDER) -> dict[int, tuple[float, float]]:
    """Return the published lower bound and best value of every instance."""
    rows = (folder / "best_known.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {int(row.split(",")[0]): (float(row.split(",")[4]), float(row.split(",")[5])) for row in rows}


def sections(text: str) -> dict[str, list[list[str]]]:
    """Return the rows of each section, split at commas, without comments."""
    found: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("SECTION_"):
            rows = found.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            rows.append(line.split(","))
    return found


def read_problem(text: str) -> RosterProblem:
    """Return an instance as a roster problem.

    A run that touches an edge of the horizon may be short; days off asked for are hard; a shift asked for costs its weight when
    it is not given; needs are soft on both sides.
    """
    parts = sections(text)
    days = int(parts["HORIZON"][0][0])
    shifts = tuple(row[0] for row in parts["SHIFTS"])
    people = tuple(row[0] for row in parts["STAFF"])
    which, who = {name: i for i, name in enumerate(shifts)}, {name: i for i, name in enumerate(people)}
    most = np.array([[int(pair.split("=")[1]) for pair in row[1].split("|")] for row in parts["STAFF"]], np.int32)
    limits = np.array([[int(cell) for cell in row[2:8]] for row in parts["STAFF"]], np.int32)
    allowed = np.repeat((most > 0)[:, None, :], days, axis=1)
    for name, *off in parts["DAYS_OFF"]:
        allowed[who[name], [int(day) for day in off]] = False
    follow = np.ones((len(shifts), len(shifts)), np.int32)
    for row in parts["SHIFTS"]:
        follow[which[row[0]], [which[name] for name in row[2].split("|") if name]] = 2
    on_cost, off_cost = np.zeros(allowed.shape), np.zeros(allowed.shape[:2])
    for name, day, shift, weight in parts["SHIFT_ON_REQUESTS"]:
        on_cost[who[name], int(day)] += float(weight)
        on_cost[who[name], int(day), which[shift]] -= float(weight)
        off_cost[who[name], int(day)] += float(weight)
    for name, day, shift, weight in parts["SHIFT_OFF_REQUESTS"]:
        on_cost[who[name], int(day), which[shift]] += float(weight)
    saturdays = np.arange(SATURDAY, days, WEEK, dtype=np.int32)
    return RosterProblem(
        people,
        shifts,
        minutes=np.array([int(row[1]) for row in parts["SHIFTS"]], np.int32),
        allowed=allowed,
        follow=follow,
        most=most,
        minutes_low=limits[:, 1],
        minutes_high=limits[:, 0],
        week_high=np.zeros((len(people), 0), np.int32),
        week_of=(np.arange(days) // WEEK).astype(np.int32),
        run_low=limits[:, 3],
        run_high=limits[:, 2],
        off_low=limits[:, 4],
        weekends_high=limits[:, 5],
        weekends=np.stack([saturdays, saturdays + 1], axis=1),
        nights=np.zeros(len(shifts), np.bool_),
        night_run_high=np.full(len(people), days, np.int32),
        before=np.zeros((len(people), 0), np.int32),
        on_cost=on_cost,
        off_cost=off_cost,
        cover=tuple(_cover(parts["COVER"], shift, place, len(people), len(shifts), days) for place, shift in enumerate(shifts)),
    )


def _cover(rows: list[list[str]], shift: str, place: int, people: int, shifts: int, days: int) -> Cover:
    """Return what is needed of one shift; its weights are the same on all days of all public instances."""
    mine = [[int(row[0]), *map(float, row[2:])] for row in rows if row[1] == shift]
    (under, over), need = mine[0][2:], np.zeros(days, np.int32)
    if len(mine) != days or any(row[2:] != [under, over] for row in mine):
        raise ValueError(f"needs of shift {shift} differ in weight between days")
    need[[int(row[0]) for row in mine]] = [int(row[1]) for row in mine]
    return Cover(shift, np.arange(shifts) == place, np.ones(people, np.bool_), need, under, over)
