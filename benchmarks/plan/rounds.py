"""A month's inspections routed four ways on the same teams, venues and hours: by hand, by Qinwu, by OR-Tools, and what is proven.

- by hand: visits in the order in which they are due, each on the outing where it costs least at that moment;
- double draw: which team inspects which venue is drawn by lot, then routes are searched (what the law on random draws asks for);
- Qinwu: teams drawn, the rest searched (PyVRP from first routes by insertion);
- OR-Tools: its routing library on the same problem with the same time (guided local search from cheapest insertion);
- bound: spanning trees with prices on visits.

Values are minutes of travel and delay; visits left out are counted beside. Then patrols: how long places wait and how much that
varies, against a fixed round and against pure chance at the same number of stops.

Run: ``python -m benchmarks.plan.rounds [SECONDS] [--docs]``; ``--docs`` puts the tables into docs/how-to/plan-rounds.md.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qinwu.duty.calendar import DAY_S
from qinwu.plan.effort import Effort
from qinwu.plan.rounds.aims import Aims, sample_aims
from qinwu.plan.rounds.case import Case
from qinwu.plan.rounds.inserting import inserted
from qinwu.plan.rounds.inspecting import drawn_again, fixed_to, inspection_task
from qinwu.plan.rounds.month import month_of
from qinwu.plan.rounds.outings import budget_of, teams
from qinwu.plan.rounds.patrol import PatrolRound, PatrolStop, regularity
from qinwu.plan.rounds.planning import plan_rounds
from qinwu.plan.rounds.question import Question
from qinwu.plan.rounds.routing import NEVER, PRIZE, Routed, Task, timed
from qinwu.plan.rounds.searching import Ledger, bound_s, searched
from qinwu.simulate.trial import prepare_one
from qinwu.station.sample import write_sample

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "plan-rounds.md"
BEGIN, END = "<!-- table: benchmarks/plan/rounds.py -->", "<!-- end of table -->"
MONTH = "2026-03"
OFTEN = {"A": 120.0, "B": 60.0, "C": 20.0}
"""Days between inspections of the busy months, so that there is something to route."""


@dataclass(frozen=True)
class Scene:
    """One month to be routed."""

    name: str
    case: Case
    task: Task
    outings: Any


def main() -> None:
    """Print a row for each month, and the regularity of patrols."""
    numbers = [float(word) for word in sys.argv[1:] if word != "--docs"]
    seconds = numbers[0] if numbers else 10.0
    routes = [
        "| month | inspections | by hand | double draw | Qinwu | OR-Tools | cannot be below |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    stops = ["| patrols | stops | within two hours | variation | surprise |", "| --- | --- | --- | --- | --- |"]
    with tempfile.TemporaryDirectory() as name:
        for kind in ("station13", "rural", "town"):
            question = asked(Path(name) / kind, kind)
            for often in (False, True):
                routes.append(row(scene(f"{kind}{', busy' if often else ''}", question, often), seconds))
                print(routes[-1], flush=True)
            stops += patrols(kind, question)
    text = "\n".join([*routes, "", *stops])
    print(text)
    if "--docs" in sys.argv:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def asked(folder: Path, kind: str) -> Question:
    """Return a sample station's month."""
    write_sample(folder, kind)  # type: ignore[arg-type]
    station, loaded, plan = prepare_one(folder)
    return Question(station, loaded.system, plan, sample_aims(), month_of(MONTH))


def scene(name: str, question: Question, often: bool) -> Scene:
    """Return the routing task of a month, with the usual intervals or with short ones."""
    aims = question.aims
    if often:
        grades = [grade.model_copy(update={"interval_days": OFTEN[grade.id]}) for grade in aims.grade]
        aims = Aims.model_validate({**aims.model_dump(), "grade": [grade.model_dump() for grade in grades]})
    case = Case.of(Question(question.station, question.system, question.plan, aims, question.month), 1)
    outings = teams(case.spans, case.people, case.month, 2, 2, budget_of(case.spans, aims.most_share, {}), 1)
    return Scene(name, case, inspection_task(case.due, outings, aims, case.people, case.month), outings)


def row(month: Scene, seconds: float) -> str:
    """Return a row of one month, routed every way."""
    task, due = month.task, month.case.due
    by_hand = inserted(task, sorted(range(len(due)), key=lambda visit: due[visit].due))
    lots = drawn_again(task, due, month.outings, 1)
    fixed = fixed_to(task, lots)
    ledger = Ledger(Effort(seconds).begin())
    double = searched(fixed, lots, 1, ledger, seconds)
    ours = searched(task, by_hand, 1, Ledger(Effort(seconds).begin()), seconds, others=True)
    theirs = or_tools(task, seconds)
    found = [by_hand, double, ours, theirs]
    bound = bound_s(task, ours) / 60.0
    cells = [f"{one.cost(task) / 60.0:.0f}" + (f" ({len(one.left_out)} left out)" if one.left_out else "") for one in found]
    return f"| {month.name} | {task.visits} | {' | '.join(cells)} | {bound:.0f} |"


def or_tools(task: Task, seconds: float) -> Routed:
    """Return the routes of OR-Tools' routing library on the same task."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    n, m = task.visits, task.outings
    bases = np.unique(task.base)
    nodes = np.concatenate([bases, task.place])
    ends = [int(np.searchsorted(bases, one)) for one in task.base]
    manager = pywrapcp.RoutingIndexManager(len(nodes), m, ends, ends)
    model = pywrapcp.RoutingModel(manager)
    seconds_of = task.travel_s[np.ix_(nodes, nodes)].copy()
    seconds_of[: len(bases), : len(bases)] = 0.0
    stay = np.concatenate([np.zeros(len(bases)), task.stay_s]).astype(int)
    drive, spend = [], []
    for outing in range(m):
        legs = np.ceil(seconds_of * task.factor[outing]).astype(int)
        cost = legs.copy()
        cost[:, len(bases) :] += np.where(task.allowed[:, outing], task.late_s[:, outing], NEVER).astype(int)
        cost_rows, time_rows = cost.tolist(), (legs + stay[:, None]).tolist()
        spend.append(model.RegisterTransitCallback(_leg(manager, cost_rows)))
        drive.append(model.RegisterTransitCallback(_leg(manager, time_rows)))
        model.SetArcCostEvaluatorOfVehicle(spend[-1], outing)
    model.AddDimensionWithVehicleTransits(drive, int(DAY_S), int(2 * DAY_S), False, "time")
    clock = model.GetDimensionOrDie("time")
    for outing in range(m):
        span = (int(np.ceil(task.start_s[outing])), int(task.end_s[outing]))
        clock.CumulVar(model.Start(outing)).SetRange(*span)
        clock.CumulVar(model.End(outing)).SetRange(*span)
        clock.SetSpanUpperBoundForVehicle(int(task.most_s[outing]), outing)
    for visit in range(n):
        index = manager.NodeToIndex(len(bases) + visit)
        opens, closes = int(task.opens_s[visit]), int(task.closes_s[visit] - task.stay_s[visit])
        clock.CumulVar(index).SetRange(opens, max(closes, opens))
        model.AddDisjunction([index], PRIZE)
        model.VehicleVar(index).SetValues([-1, *np.flatnonzero(task.allowed[visit]).tolist()])
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(1000 * seconds))
    solution = model.SolveWithParameters(search)
    if solution is None:
        return Routed((), tuple(range(n)))
    routes = []
    for outing in range(m):
        at, visits = solution.Value(model.NextVar(model.Start(outing))), []
        while not model.IsEnd(at):
            visits.append(manager.IndexToNode(at) - len(bases))
            at = solution.Value(model.NextVar(at))
        route = timed(task, outing, visits)
        routes += [route] if route else []
    made = {visit for route in routes for visit in route.visits}
    return Routed(tuple(routes), tuple(visit for visit in range(n) if visit not in made))


def _leg(manager: Any, rows: list[list[int]]) -> Any:
    return lambda one, two: rows[manager.IndexToNode(one)][manager.IndexToNode(two)]


def patrols(kind: str, question: Question) -> list[str]:
    """Return rows on how regular the month's patrol stops are beside a fixed round and pure chance with as many stops."""
    rounds = plan_rounds(question, Effort(2.0)).patrols
    every = question.aims.patrol.every_min * 60.0
    rng = np.random.default_rng(1)
    fixed = [_again(one, np.linspace(0.0, 1.0, 200, endpoint=False), in_turn=True, rng=rng) for one in rounds]
    chance = [_again(one, rng.random(200), in_turn=False, rng=rng) for one in rounds]
    rows = []
    for name, some in (("Qinwu", rounds), ("a fixed round", fixed), ("pure chance", chance)):
        seen = regularity(some, every)
        surprise = "–" if np.isnan(seen.surprise) else f"{seen.surprise:.2f}"
        rows.append(f"| {kind}, {name} | {seen.stops} | {seen.kept:.1%} | {seen.variation:.2f} | {surprise} |")
    return rows


def _again(
    one: PatrolRound, moments: np.ndarray[Any, np.dtype[np.float64]], *, in_turn: bool, rng: np.random.Generator
) -> PatrolRound:
    """Return as many stops at the same places, at equal distances in turn or at any time anywhere."""
    count = len(one.stops)
    if not count:
        return one
    length = one.span[1] - one.span[0]
    at = (np.arange(count) + 0.5) / count if in_turn else np.sort(moments[:count] if count <= len(moments) else rng.random(count))
    where = [one.places[n % len(one.places)] if in_turn else int(rng.choice(one.places)) for n in range(count)]
    stops = tuple(
        PatrolStop(0, place, one.span[0] + float(share) * length, one.span[0] + float(share) * length + 1.0)
        for share, place in zip(at, where, strict=True)
    )
    return PatrolRound(one.span, one.places, stops)


if __name__ == "__main__":
    main()
