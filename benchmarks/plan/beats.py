"""Beats: what a move costs, and how short travel becomes in the same seconds, against GerryChain and the centre-based engine.

Carrollton, 325 reporting areas in 12 beats, calls of every beat within 5 % of their mean, travel along streets; travel is that
to every call from the atom of its beat from which the beat's calls are nearest. GerryChain's chain recombines two districts
a step (ReCom, its own tree and cut), and its optimiser minimises the same travel in short bursts. All start from nothing and keep
the same bounds. Times are of one core, after compilation.

Run with ``uv run python -m benchmarks.plan.beats [SECONDS] [--docs]`` (5 by default); ``--docs`` also writes the tables into
docs/how-to/plan-beats.md.
"""

from __future__ import annotations

import csv
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.plan.district_data import CARROLLTON, DATA
from qinwu.plan.beats.aims import BeatAims, unordered
from qinwu.plan.beats.annealing import Best, anneal, recombine
from qinwu.plan.beats.bounding import as_districts, travel_bound
from qinwu.plan.beats.districting import districts
from qinwu.plan.beats.moves import counted
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.problem import BeatProblem, Today, make_problem
from qinwu.plan.beats.search import search
from qinwu.plan.beats.workload import Workload
from qinwu.plan.effort import Effort
from qinwu.station.calls import Calls
from qinwu.station.config import Atoms, Files, Roads, StationConfig, Text
from qinwu.station.force import Force
from qinwu.station.station import Station
from qinwu.station.survey import read_area

BEATS, WITHIN, SEEDS = 12, 0.05, (1, 2, 3)
MOVES, STEPS, REPEATS = 200_000, 300, 5
BURST = 10
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "plan-beats.md"
BEGIN, END = "<!-- figures: written by benchmarks/plan/beats.py --docs -->", "<!-- end of figures -->"


class Row(NamedTuple):
    """One line of a table."""

    what: str
    value: str
    remark: str


def carrollton() -> BeatProblem:
    """Return Carrollton with the published neighbours besides its own."""
    columns = Roads(speed="SpeedLimit", speed_unit="mph", road_class="BaseClass")
    files = Files(atoms=CARROLLTON.name, roads="carrollton_streets.parquet")
    config = StationConfig(name=Text(zh="卡罗尔顿"), files=files, atoms=Atoms(id="NumberId"), roads=columns)
    area, _ = read_area(DATA, config)
    if area is None:
        raise SystemExit("no data")
    features = json.loads(CARROLLTON.read_text("utf-8"))["features"]
    calls = np.array([float(one["properties"]["calls"]) for one in features])
    with (DATA / "carrollton_contiguity.csv").open(encoding="utf-8") as file:
        joins = unordered((a, b) for a, b in list(csv.reader(file))[1:])
    station = Station(DATA, config, area, Calls.none("UTC"), Force(), ())
    aims = BeatAims(beats=(BEATS, BEATS), within=WITHIN, weight={"response": 1.0}, joins=joins)
    nobody = Today((), np.full(len(area), -1, dtype=np.int32))
    return make_problem(station, Workload({"calls": calls}, calls), aims, nobody, BEATS)


def median_us(run: Callable[[], int]) -> float:
    """Return the median microseconds of one of the moves that `run` makes and counts, compilation left out."""
    run()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        count = run()
        times.append((time.perf_counter() - began) / count * 1e6)
    return float(np.median(times))


def speeds(problem: BeatProblem, plan: BeatPlan) -> list[Row]:
    """Return what moves cost, ours and GerryChain's."""
    rng = np.random.default_rng(1)
    lots = len(plan.label)

    def annealed() -> int:
        tally = counted(problem.ground, plan.label, BEATS)
        anneal(problem.ground, tally, Best.none(lots), MOVES, 0.01, 0.005, 4.0, rng)
        return MOVES

    def recombined() -> int:
        tally = counted(problem.ground, plan.label, BEATS)
        recombine(problem.ground, tally, Best.none(lots), STEPS, 0.02, 4.0, rng)
        return STEPS

    def flipped() -> int:
        for number in range(STEPS):
            plan.flip(problem.station.area.atom_ids[number % lots], problem.names[number % BEATS])
        return STEPS

    def counted_anew() -> int:
        for _ in range(STEPS):
            BeatPlan.of(plan.problem, plan.label)
        return STEPS

    ours = [
        Row("flip or swap tried in the search", f"{median_us(annealed):.2f} µs", "contiguity, all figures, accept or undo"),
        Row("recombination tried in the search", f"{median_us(recombined):.1f} µs", "tree, up to 8 cuts judged by all figures"),
        Row("BeatPlan.flip, a plan of its own", f"{median_us(flipped):.1f} µs", "copy and move, from Python"),
        Row("every figure counted anew", f"{median_us(counted_anew):.1f} µs", "what a move would cost without sums"),
    ]
    return [*ours, *chain_speeds(problem, plan)]


def chain_graph(problem: BeatProblem) -> Any:
    """Return the area as GerryChain's graph, calls as population."""
    import networkx as nx
    from gerrychain import Graph

    graph = nx.Graph()
    graph.add_nodes_from((j, {"calls": round(float(hours))}) for j, hours in enumerate(problem.ground.work))
    graph.add_edges_from(problem.graph.pairs.tolist())
    return Graph.from_networkx(graph)


def travel_of(problem: BeatProblem, partition: Any) -> float:
    """Return the travel of a partition, seconds a week, by numpy."""
    total = 0.0
    for atoms in partition.parts.values():
        inside = np.fromiter(atoms, dtype=np.int64)
        total += float(problem.ground.cost[np.ix_(inside, inside)].sum(axis=0).min())
    return total


def chain_start(problem: BeatProblem, plan: BeatPlan) -> Any:
    """Return a plan as GerryChain's partition, with calls and travel kept."""
    from gerrychain import Partition, updaters

    assignment = {j: int(beat) + 1 for j, beat in enumerate(plan.label)}
    counts: dict[str, Any] = {"calls": updaters.Tally("calls"), "travel": lambda partition: travel_of(problem, partition)}
    return Partition(chain_graph(problem), assignment, counts)


def proposals(problem: BeatProblem) -> tuple[Any, Any]:
    """Return GerryChain's recombination and its rule for calls."""
    from functools import partial

    from gerrychain import constraints, proposals

    mean = float(problem.ground.work.sum()) / BEATS
    step = partial(proposals.recom, pop_col="calls", pop_target=mean, epsilon=WITHIN, node_repeats=1)

    def even(partition: Any) -> bool:
        return all(problem.ground.low <= calls <= problem.ground.high for calls in partition["calls"].values())

    return step, constraints.Validator([even])


def chain_speeds(problem: BeatProblem, plan: BeatPlan) -> list[Row]:
    """Return what a step of GerryChain's chain costs."""
    from gerrychain import MarkovChain, accept, constraints
    from gerrychain.proposals import propose_random_flip

    start = chain_start(problem, plan)
    step, even = proposals(problem)

    def run(proposal: Any, rules: Any, steps: int) -> float:
        began = time.perf_counter()
        for partition in MarkovChain(proposal, rules, accept.always_accept, start, total_steps=steps):
            _ = partition["travel"]
        return (time.perf_counter() - began) / steps * 1e6

    flips = constraints.Validator([constraints.single_flip_contiguous])
    flip = float(np.median([run(propose_random_flip, flips, 300) for _ in range(3)]))
    recom = float(np.median([run(step, even, 40) for _ in range(3)]))
    return [
        Row("GerryChain: random flip", f"{flip:.0f} µs", "its chain, with calls and travel"),
        Row("GerryChain: recombination", f"{recom:.0f} µs", "its chain, with calls and travel"),
    ]


def qualities(problem: BeatProblem, seconds: float) -> list[Row]:
    """Return travel after the same seconds."""
    rows, best = [], np.inf
    first = None
    for seed in SEEDS:
        end = time.monotonic() + seconds
        found = search(problem, lambda _share, end=end: time.monotonic() > end, seed)  # type: ignore[misc]
        if found is None or not found.feasible:
            raise SystemExit("nothing found")
        first = first or found
        value = float(found.plan.tally.near.sum()) / 60.0
        best = min(best, value)
        rows.append(Row(f"ours, seed {seed}", f"{value:,.0f} min", f"{found.moves:,} moves, {found.passes} passes"))
    for seed in SEEDS:
        value, steps = chain_quality(problem, seconds, seed)
        rows.append(Row(f"GerryChain, seed {seed}", f"{value:,.0f} min", f"{steps:,} recombinations in short bursts"))
    engine = districts(as_districts(problem), Effort(seconds), exact=False).cost / 60.0
    rows.append(Row("centre-based engine", f"{engine:,.0f} min", "no proof asked for"))
    if first is None:
        raise SystemExit("nothing found")
    bound = travel_bound(first.plan, Effort(60.0).begin()) / 60.0
    rows.append(Row("no plan is below", f"{bound:,.0f} min", f"best of ours {best / bound - 1.0:.2%} above"))
    return rows


def chain_quality(problem: BeatProblem, seconds: float, seed: int) -> tuple[float, int]:
    """Return the best travel in minutes of GerryChain's short bursts in the time given, and its steps."""
    from gerrychain import MarkovChain, accept

    rng = np.random.default_rng(seed)
    found = search(problem, lambda _share: False, seed, most_passes=0)
    if found is None:
        raise SystemExit("no start")
    start = chain_start(problem, _balanced(problem, found.plan, rng))
    step, even = proposals(problem)
    best, at, steps = float(start["travel"]), start, 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for partition in MarkovChain(step, even, accept.always_accept, at, total_steps=BURST):
            steps += 1
            if partition["travel"] <= best:
                best, at = float(partition["travel"]), partition
            if time.monotonic() > end:
                break
    return best / 60.0, steps


def _balanced(problem: BeatProblem, plan: BeatPlan, rng: np.random.Generator) -> BeatPlan:
    """Return a plan within the bounds for GerryChain to start from: recombinations until there is one."""
    best = Best.none(len(plan.label))
    tally = counted(problem.ground, plan.label, BEATS)
    even = problem.aiming(np.array([0.0, 1.0, 0.0, 0.0])).ground
    while best.value[1] > 0.0:
        recombine(even, tally, best, 50, 0.05, 4.0, rng)
    return BeatPlan.of(problem, best.label)


def table(title: str, rows: list[Row]) -> str:
    """Return a table as Markdown."""
    return "\n".join(
        [f"| {title} | | |", "| --- | ---: | --- |", *(f"| {row.what} | {row.value} | {row.remark} |" for row in rows)]
    )


def main() -> None:
    """Print both tables."""
    warnings.simplefilter("ignore")
    seconds = next((float(word) for word in sys.argv[1:] if word != "--docs"), 5.0)
    problem = carrollton()
    start = search(problem, lambda _share: False, 1, most_passes=1)
    if start is None:
        raise SystemExit("no plan")
    tables = [
        table("What a move costs, 325 areas, 12 beats", speeds(problem, start.plan)),
        table(f"Travel to all calls after {seconds:g} s, calls within {WITHIN:.0%}", qualities(problem, seconds)),
    ]
    print("\n\n".join(tables))
    if "--docs" in sys.argv:
        head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        _, _, tail = rest.partition(END)
        PAGE.write_text("\n\n".join([head + BEGIN, *tables, END + tail]), "utf-8")


if __name__ == "__main__":
    main()
