"""The closed form of whole duty systems beside the simulator, in one run: how far apart, and how much faster.

``python -m benchmarks.closed_forms`` prints a table for the sample stations and, where the public data lies beside the checkout,
for Detroit; ``--docs`` puts it into docs/background/closed-forms.md. Both see the same rates: simulated calls are drawn from them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from qinwu.duty.compile import compile_plan
from qinwu.duty.response_plan import ResponsePlan
from qinwu.queueing.analysis import analyse
from qinwu.simulate.engine import Job
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import compare
from qinwu.simulate.trial import prepare
from qinwu.station.context import Context
from qinwu.station.demand import read_source
from qinwu.station.sample import write_sample
from qinwu.station.station import Station

PAGE = Path(__file__).parents[1] / "docs" / "background" / "closed-forms.md"
BEGIN, END = "<!-- table: benchmarks/closed_forms.py -->", "<!-- end of table -->"
REPLICATIONS = 10
NOWHERE = float("nan")
FIGURES: dict[str, tuple[Key, float, str]] = {
    "nobody to send": (Key("queued_share", "all", "all", "share"), 100.0, "%"),
    "wait, s": (Key("queue_s", "all", "all", "mean"), 1.0, ""),
    "response, s": (Key("response_s", "all", "all", "mean"), 1.0, ""),
    "response P1, s": (Key("response_s", "priority", "1", "mean"), 1.0, ""),
    "P1 9 in 10, s": (Key("response_s", "priority", "1", "p90"), 1.0, ""),
    "own beat": (Key("own_beat_share", "all", "all", "share"), 100.0, "%"),
    "on calls": (Key("time_share", "all", "call", "share"), 100.0, "%"),
    "patrol passes": (Key("patrol_passes", "all", "all", "mean"), 1.0, ""),
}


@dataclass(frozen=True)
class Row:
    """One duty system: figures by closed form and by simulation, and the seconds each took."""

    name: str
    closed: dict[str, float]
    simulated: dict[str, float]
    closed_s: float
    simulated_s: float


def measured(name: str, station: Station, plan: ResponsePlan, current: ResponsePlan) -> Row:
    """Run both on one plan."""
    source = read_source(station)
    started = time.perf_counter()
    analysis = analyse(station, plan, source, current)
    figures = analysis.figures
    closed_s = time.perf_counter() - started
    job = Job((plan,), source, Context.of(station), "sampled", 1)
    started = time.perf_counter()
    outcome = compare(job, (name,), REPLICATIONS).current
    simulated_s = time.perf_counter() - started
    closed = {
        word: figures.get((key.measure, key.by, key.group, key.statistic), float("nan")) for word, (key, _, _) in FIGURES.items()
    }
    simulated = {word: outcome.interval(*key).mean for word, (key, _, _) in FIGURES.items()}
    return Row(name, closed, simulated, closed_s, simulated_s)


def samples(folder: Path) -> Iterator[Row]:
    """Yield every duty system of the sample stations."""
    for kind in ("town", "rural", "station13"):
        write_sample(folder / kind, kind)
        trial = prepare(folder / kind)
        for name, plan in zip(trial.names, trial.plans, strict=True):
            yield measured(f"{kind}: {name}", trial.station, plan, trial.plans[0])


def cities(folder: Path) -> Iterator[Row]:
    """Yield guesses at Detroit's duty system, nothing where its data is not there."""
    from tests.detroit import CALLS, detroit, duty_system

    if not CALLS.exists():
        return
    station = detroit(folder / "detroit")
    for reach in ("city", "precinct", "precinct_first"):
        plan = compile_plan(station, duty_system(station, reach, 30, "patrol"))
        yield measured(f"Detroit: {reach}", station, plan, plan)


def shown(value: float, factor: float, unit: str) -> str:
    """Return a figure for the table."""
    if not np.isfinite(value):
        return "–"
    return f"{value * factor:.1f}{unit}" if unit or abs(value * factor) < 10.0 else f"{value * factor:.0f}"


def table(rows: list[Row]) -> str:
    """Return the table in Markdown: closed form / simulation for each figure."""
    head = ["duty system", *FIGURES, "closed form, s", "simulation, s"]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row in rows:
        cells = [
            f"{shown(row.closed[word], factor, unit)} / {shown(row.simulated[word], factor, unit)}"
            for word, (_, factor, unit) in FIGURES.items()
        ]
        lines.append(f"| {row.name} | " + " | ".join(cells) + f" | {row.closed_s:.2f} | {row.simulated_s:.2f} |")
    return "\n".join(lines)


def summary(rows: list[Row]) -> str:
    """Return how far apart both are over all rows: the median and the largest difference of each figure."""
    lines = []
    for word, (_, factor, unit) in FIGURES.items():
        pairs = np.array([(row.closed[word], row.simulated[word]) for row in rows])
        pairs = pairs[np.isfinite(pairs).all(axis=1)]
        apart = pairs[:, 0] - pairs[:, 1]
        if unit == "%":
            said = f"{np.median(np.abs(apart)) * factor:.1f} points, at most {np.abs(apart).max() * factor:.1f}"
        else:
            part = apart[pairs[:, 1] > 0.0] / pairs[pairs[:, 1] > 0.0, 1]
            said = f"{np.median(np.abs(part)):.0%}, at most {np.abs(part).max():.0%}"
        lines.append(f"* {word}: median difference {said} ({len(pairs)} systems)")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write into the docs where asked."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        list(islice(samples(folder / "warm"), 1))  # compiles
        rows = [*samples(folder), *cities(folder)]
    text = (
        f"{table(rows)}\n\nClosed form / simulation ({REPLICATIONS} years of calls drawn from the same rates).\n\n{summary(rows)}"
    )
    print(text)
    if "--docs" in sys.argv:
        page = PAGE.read_text("utf-8")
        before, rest = page.split(BEGIN)
        after = rest.split(END)[1] if END in rest else rest
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
