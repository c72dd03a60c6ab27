"""The roster engine on the public shift-scheduling instances and on station-like problems, a plain CP-SAT model beside it.

``python -m benchmarks.plan.shifts`` runs every instance that lies beside the checkout and prints a table; numbers and sizes such as
``8 12 40x28`` choose some, ``--seconds 60`` gives each so long instead of the usual time, ``--alone`` leaves the plain model out,
``--docs`` puts the rows into docs/background/roster-engine.md, where rows of others stay.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.plan.public import FOLDER, instance
from benchmarks.plan.stations import station
from qinwu.plan.effort import Effort
from qinwu.plan.roster.checking import violations
from qinwu.plan.roster.engine import solve
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.problem import I32, RosterProblem

PAGE = Path(__file__).parents[2] / "docs" / "background" / "roster-engine.md"
BEGIN, END = "<!-- table: benchmarks/plan/shifts.py -->", "<!-- end of table -->"
USUAL_S = ((5, 60.0), (12, 300.0), (24, 600.0))
STATIONS = {"40x28": 10.0, "150x28": 120.0}
LARGEST_WHOLE = 200_000
"""A plain model of more duties than this would not fit into memory and time."""
NOWHERE = float("nan")


@dataclass(frozen=True, slots=True)
class Case:
    """A problem, the best published value, and how long both may look."""

    name: str
    problem: RosterProblem
    best_known: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Row:
    """What the engine and the plain model found: value, bound, seconds."""

    case: Case
    engine: tuple[float, float, float]
    plain: tuple[float, float, float]

    @property
    def cells(self) -> list[str]:
        """The row in words."""
        people, days, shifts = self.case.problem.shape
        value, bound, took = self.engine
        gap = f"{100 * (value - bound) / abs(value):.2f} %" if bound > 0 else "–"
        best = self.case.best_known
        above = f"{100 * (value / best - 1):+.2f} %" if best == best else "–"
        known = _number(best)
        size = f"{people} × {days} × {shifts}"
        plain, plain_bound, plain_took = self.plain
        figures = [_number(value), above, _number(bound), gap, f"{took:.0f}"]
        return [self.case.name, size, known, *figures, _number(plain), _number(plain_bound), f"{plain_took:.0f}"]


HEAD = ["problem", "people × days × shifts", "best known", "Qinwu", "above best known", "bound", "gap", "s"]
HEAD += ["plain CP-SAT", "its bound", "s"]


def cases(chosen: list[str], seconds: float | None) -> Iterator[Case]:
    """Yield the problems named, or all that are there."""
    there = [str(number) for number in range(1, 25) if (FOLDER / f"Instance{number}.txt").exists()]
    for name in chosen or [*there, *STATIONS]:
        if "x" in name:
            people, days = map(int, name.split("x"))
            yield Case(f"station {people} × {days}", station(people, days), NOWHERE, seconds or STATIONS.get(name, 60.0))
        else:
            usual = next(limit for last, limit in USUAL_S if int(name) <= last)
            found = instance(int(name))
            yield Case(name, found.problem, found.best_known, seconds or usual)


def measured(case: Case, alone: bool) -> Row:
    """Run both on one problem, two threads each, the plain model as long as the engine may look, unless the engine is `alone`."""
    answer = solve(case.problem, Effort(case.seconds))
    _check(case.problem, answer.roster)
    people, days, shifts = case.problem.shape
    if alone or people * days * shifts > LARGEST_WHOLE:
        return Row(case, (answer.value, answer.bound, answer.seconds), (NOWHERE, NOWHERE, 0.0))
    started = time.monotonic()
    plain = RosterModel(case.problem).solve(case.seconds)
    _check(case.problem, plain.roster)
    return Row(case, (answer.value, answer.bound, answer.seconds), (plain.value, plain.bound, time.monotonic() - started))


def _check(problem: RosterProblem, roster: I32 | None) -> None:
    if roster is not None and violations(problem, roster):
        raise RuntimeError("a roster breaks a hard rule")


def _number(value: float) -> str:
    return "–" if abs(value) == float("inf") or value != value else f"{value:,.0f}"


def table(rows: dict[str, list[str]]) -> str:
    """Return the table of some rows by name, in Markdown."""
    lines = [HEAD, ["---"] * len(HEAD), *rows.values()]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def written(page: Path) -> dict[str, list[str]]:
    """Return the rows that a page has already."""
    inside = page.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip().splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in inside]
    return {row[0]: row for row in rows}


def put(rows: dict[str, list[str]], page: Path = PAGE) -> None:
    """Write rows into the page."""
    text = page.read_text(encoding="utf-8")
    merged = {**written(page), **rows}
    ordered = dict(sorted(merged.items(), key=lambda item: (not item[0].isdigit(), item[0].zfill(3))))
    before, rest = text.split(BEGIN)
    page.write_text(f"{before}{BEGIN}\n{table(ordered)}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Run what is asked and print each row as soon as it is there."""
    if "--help" in arguments:
        print(__doc__)
        return
    docs = "--docs" in arguments
    seconds = float(arguments[arguments.index("--seconds") + 1]) if "--seconds" in arguments else None
    chosen = [
        one for one in arguments if one[0].isdigit() and (seconds is None or one != arguments[arguments.index("--seconds") + 1])
    ]
    print(table({}), flush=True)
    for case in cases(chosen, seconds):
        cells = measured(case, "--alone" in arguments).cells
        print("| " + " | ".join(cells) + " |", flush=True)
        if docs:
            put({cells[0]: cells})


if __name__ == "__main__":
    main(sys.argv[1:])
