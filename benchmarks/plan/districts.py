"""Districts by centres against published optima and other people's regionalisation.

Run with ``uv run python -m benchmarks.plan.districts``; name ``police``, ``counties`` or ``carrollton`` for some of it; ``--docs``
also writes the tables into the documentation. Seconds are of CPU, all threads together, after compilation, so that a busy machine
does not count; published seconds are the wall clock of commercial solvers, several threads, on the publishers' machines.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.hypercube import markdown
from benchmarks.plan.carrollton import BEATS, PUBLISHED, carrollton
from benchmarks.plan.district_data import counties, counties_published, county_codes, police, police_published
from benchmarks.plan.district_peers import peers
from qinwu.findings import QinwuError
from qinwu.plan.beats.districting import districts
from qinwu.plan.beats.districts import DistrictPlan, DistrictProblem
from qinwu.plan.effort import Effort

PAGE = Path(__file__).parents[2] / "docs" / "background" / "districting.md"
NUMBERS = range(3, 31, 3)
SOON_POLICE, SOON_CARROLLTON, LONG_POLICE, LONG_COUNTIES, LONG_CARROLLTON, WIDER_CARROLLTON = 3.0, 5.0, 120.0, 600.0, 300.0, 40.0
PEER_SECONDS = 20.0
SEEDS = 1, 2, 3
Rows = Iterator[Sequence[str]]


def main() -> None:
    """Print the tables asked for, and write them where asked."""
    warm_up()
    wanted = [name for name in SECTIONS if name in sys.argv] or list(SECTIONS)
    for name in wanted:
        heads, rows = SECTIONS[name]
        kept: list[Sequence[str]] = []
        for row in rows():
            print(" | ".join(row), flush=True)
            kept.append(row)
            if "--docs" in sys.argv:
                write(name, markdown(heads, kept))


def write(name: str, table: str) -> None:
    """Put a table between its marks in the documentation."""
    begin, end = f"<!-- {name}: written by benchmarks/plan/districts.py --docs -->", f"<!-- end of {name} -->"
    before, rest = PAGE.read_text("utf-8").split(begin)
    PAGE.write_text(f"{before}{begin}\n\n{table}\n\n{end}{rest.split(end)[1]}", "utf-8")


def warm_up() -> None:
    """Compile everything that is timed."""
    for problem in (police(3), police(3, "C1"), counties("05", 4, 725_335, 732_624)):
        for exact in (False, True):
            districts(problem, Effort(seconds=4.0), exact=exact)


def plan_of(problem: DistrictProblem, seconds: float, exact: bool, seed: int = 1) -> tuple[DistrictPlan, float]:
    """Return the plan of one run, and its seconds of CPU."""
    start = time.process_time()
    plan = districts(problem, Effort(seconds=seconds, seed=seed), exact=exact)
    return plan, time.process_time() - start


def above(value: float, best: float) -> str:
    """Return by how much a value is above another.

    >>> above(101.0, 100.0), above(100.0, 100.0)
    ('+1.00 %', '+0.00 %')
    """
    return f"{round(100.0 * (value / best - 1.0), 2) + 0.0:+.2f} %"


def police_rows() -> Rows:
    """The police instance: each number of districts, without and with contiguity."""
    published = police_published()
    for rule in ("C0", "C1"):
        for count in NUMBERS:
            problem, known = police(count, rule), published[count, rule]
            soon, spent = plan_of(problem, SOON_POLICE, exact=False)
            plan, seconds = plan_of(problem, LONG_POLICE, exact=True)
            yield (
                rule, f"{count}", f"{known.value:,.2f}", f"{plan.cost:,.2f}", plan.proof.status, f"{known.seconds:.1f}",
                f"{seconds:.1f}", above(soon.cost, known.value), f"{spent:.1f}",
            )  # fmt: skip


def county_rows() -> Rows:
    """Every state whose file is there, with contiguity, those of few districts first."""
    published = counties_published()
    for state, code in sorted(county_codes().items(), key=lambda item: published[item[0]][0]):
        count, low, high, known = published[state]
        problem = counties(code, count, low, high)
        said = f"{known.value:,.2f}"
        try:
            plan, spent = plan_of(problem, LONG_COUNTIES, exact=True)
        except QinwuError as error:
            yield state, f"{len(problem)}", f"{count}", said, error.findings[0].code, "–", f"{known.seconds:.1f}", "–"
            continue
        proof = plan.proof
        status = proof.status if proof.status == "optimal" else f"gap {100.0 * proof.gap:.2f} %"
        seconds = f"{known.seconds:.1f}", f"{spent:.1f}"
        yield state, f"{len(problem)}", f"{count}", said, f"{plan.cost:,.2f}", status, *seconds


def carrollton_rows() -> Rows:
    """Carrollton: the proof, the heuristic, the bound at six per cent, and the peers."""
    problem = carrollton()
    plan, spent = plan_of(problem, LONG_CARROLLTON, exact=True)
    yield line("published plan", PUBLISHED, plan.cost, "", "")
    status = f"gap {100.0 * plan.proof.gap:.3f} %"
    yield line(f"exact, ± 5 % ({status})", plan.cost, plan.cost, f"{spent:.0f}", spread(problem, plan))
    for seed in SEEDS:
        soon, spent = plan_of(problem, SOON_CARROLLTON, exact=False, seed=seed)
        yield line(f"heuristic, seed {seed}", soon.cost, plan.cost, f"{spent:.1f}", spread(problem, soon))
    wider = carrollton(0.06)
    loose, spent = plan_of(wider, WIDER_CARROLLTON, exact=True)
    status = f"no plan below {loose.proof.bound:,.0f}"
    yield line(f"exact, ± 6 % ({status})", loose.cost, plan.cost, f"{spent:.0f}", spread(wider, loose))
    for one in peers(problem, PEER_SECONDS):
        loads = f"{one.least:.2f}–{one.most:.2f}" + ("" if one.regions == BEATS else f", {one.regions} regions")
        yield line(one.name, one.cost, plan.cost, f"{one.seconds:.0f}", loads)


def line(name: str, cost: float, best: float, seconds: str, loads: str) -> Sequence[str]:
    """Return one row of Carrollton."""
    return name, f"{cost:,.0f}", above(cost, best), seconds, loads


def spread(problem: DistrictProblem, plan: DistrictPlan) -> str:
    """Return least and most load by the mean."""
    load = problem.load(problem.balance[0], plan.centre_of)[plan.used]
    return f"{load.min() / load.mean():.2f}–{load.max() / load.mean():.2f}"


SECTIONS: dict[str, tuple[Sequence[str], Callable[[], Rows]]] = {
    "police": (
        ("rule", "districts", "published optimum", "ours", "status", "published, s", "proof, s", "heuristic", "heuristic, s"),
        police_rows,
    ),
    "counties": (("state", "counties", "districts", "published", "ours", "status", "published, s", "ours, s"), county_rows),
    "carrollton": (("", "call-weighted minutes", "above the best", "s", "calls by the mean"), carrollton_rows),
}

if __name__ == "__main__":
    main()
