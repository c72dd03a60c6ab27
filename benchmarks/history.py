"""Detroit's weekday day shifts of 2019 against the model, and against a published agent model of the same shifts.

How many cars each precinct had, and what else they did, is not public. Several structures are fitted on half of the 100 shifts; the
one with the least misfit **there** is chosen, and every figure below is from the other half. Figures are Kolmogorov-Smirnov
distances to history unless said otherwise; ``misfit`` is chi-square on the fitted half (waits, journeys, atoms). Simulated times
are rounded to tenths of a minute, as history was recorded; for the published model, whose clock ticks in minutes, history is also
shown in whole minutes.

How far this goes: delays and speeds of the published model were not fitted to these shifts, ours are, and times drawn from the
fitted shifts, with no model at all (``naive``), come as near; the columns on places and on calls just after others tell more. The
structures themselves (precincts first, crews at the station house, the square-root law) were thought of after looking at all 100
shifts; only their figures, and the choice among them, are from the fitted half. Verdicts near a limit differ between halves.

Run: ``uv run python -m benchmarks.history`` (some minutes; ``--quick`` for one structure).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
from tests.detroit import AGENT_MODEL, CALLS, Reach, Waiting, detroit, duty_system

from qinwu.duty.system import DutySystem
from qinwu.simulate.agreement import ks_distance
from qinwu.simulate.fitting import LOADS
from qinwu.simulate.halves import halve
from qinwu.simulate.history import HistoryReport, validate_history
from qinwu.station.demand import read_source
from qinwu.station.station import Station

REACHES: tuple[Reach, ...] = ("city", "precinct", "precinct_first")
WAITINGS: tuple[Waiting, ...] = ("patrol", "house", "both")
CREWS = (30, 45, 60)
SPLITS = (2, 3)
POWERS = (1.0, 0.5)
"""Journeys at a constant speed, or by the square-root law of short ways; whichever fits better."""


def agent_model(calls: pl.DataFrame) -> None:
    """Print what the published model's output comes to on `calls`; journeys it never made are left out, as it did."""
    print("published agent model    units    wait  travel  calls never served   in whole minutes: wait  travel")
    joined = pl.read_parquet(AGENT_MODEL).join(calls, on="incident_index")
    for units in joined["units"].unique().sort():
        rows = joined.filter(pl.col("units") == units)
        figures = [_distance(calls, rows, part, whole) for whole in (False, True) for part in ("dispatch", "travel")]
        never = rows["sim_travel_min"].is_null().sum() / len(rows)
        print(f"{'':24} {units:5} {figures[0]:7.3f} {figures[1]:7.3f} {never:13.1%} {figures[2]:28.3f} {figures[3]:7.3f}")


def _distance(calls: pl.DataFrame, rows: pl.DataFrame, part: str, whole: bool) -> float:
    seen = calls[f"{part}_min"].drop_nulls().to_numpy()
    done = rows[f"sim_{part}_min"].drop_nulls().cast(pl.Float64).to_numpy()
    return ks_distance(np.ceil(seen) if whole else seen, done)


def line(report: HistoryReport) -> str:
    """Return one structure's figures."""
    fit, place, pressure = report.fit, report.place, report.pressure
    wait, travel = report.figure("wait", "ks"), report.figure("travel", "ks")
    ranks = f"{place.model:6.2f} ({place.past:.2f}) {place.error:4.1f}" if place else ""
    after = " ".join(f"{check.model:6.2f} ({check.observed:.2f})" for check in pressure)
    load = f"{fit.load:5.2f} ({fit.load_low:.2f}-{fit.load_high:.2f})"
    power = fit.journey.power if fit.journey else 1.0
    return (
        f"{report.system:26} {power:5.1f} {fit.misfit:7.0f} {wait:7.3f} {travel:7.3f} {load} {ranks:19} {after:29} {report.verdict}"
    )


HEADER = (
    f"{'structure':26} power {'misfit':>7} {'wait':>7} {'travel':>7} {'load (range)':17} {'places (past) err':19} "
    f"{'after others: crews, nearby':29} verdict"
)


def try_structures(station: Station, *, quick: bool) -> tuple[HistoryReport, DutySystem]:
    """Fit and print every structure, with other work and without; return the one of the least misfit on the fitted half."""
    print(HEADER)
    best: tuple[HistoryReport, DutySystem] | None = None
    all_of_them = product(REACHES, WAITINGS, CREWS)
    choices: Iterable[tuple[Reach, Waiting, int]] = [("precinct_first", "house", 45)] if quick else all_of_them
    for reach, waiting, crews in choices:
        for loads in (LOADS, (0.0,)):
            system = duty_system(station, reach, crews, waiting)
            report = validate_history(station, system, loads=loads, powers=POWERS)
            print(line(report), "" if len(loads) > 1 else "- no other work", flush=True)
            if best is None or report.fit.misfit < best[0].fit.misfit:
                best = report, system
    if best is None:
        raise RuntimeError("no structure was tried")
    return best


def by_hour(report: HistoryReport) -> None:
    """Print distances and quantiles of the chosen structure by hour, and of the baseline that knows no model."""
    print("\nhour     calls |  wait ks naive   p50 seen/done   p90 seen/done | travel ks naive   p50 seen/done   p90 seen/done")
    for by, group in [("all", "all"), *(("hour", f"{hour:02}") for hour in range(8, 16))]:
        cells = [f"{group:8} {report.figure('wait', 'calls', by=by, group=group):5.0f}"]
        for part in ("wait", "travel"):
            ks, naive = (report.figure(part, "ks", model, by, group) for model in ("fitted", "naive"))
            times = [
                report.figure(part, f"{who}_{p}_s", by=by, group=group) / 60
                for p in ("p50", "p90")
                for who in ("observed", "simulated")
            ]
            cells.append(f"{ks:8.3f} {naive:5.3f} {times[0]:8.1f} /{times[1]:5.1f} {times[2]:8.1f} /{times[3]:5.1f}")
        print(" | ".join(cells))


def kept_back(station: Station, seed: int) -> pl.DataFrame:
    """Return the source rows of the shifts that `validate_history` keeps back with this seed."""
    halves = halve(read_source(station).time_s, 0.5, seed)
    calls = pl.read_parquet(CALLS).sort("received", maintain_order=True)
    return calls.filter(pl.Series(np.isin(halves.of_call, halves.judged)))


def main() -> None:
    """Print everything."""
    quick = "--quick" in sys.argv
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        station = detroit(Path(scratch))
    agent_model(pl.read_parquet(CALLS))
    print("the same on the shifts kept back:")
    agent_model(kept_back(station, 1))
    print()
    best, system = try_structures(station, quick=quick)
    print(f"\nleast misfit on the shifts fitted: {best.system}")
    for seed in () if quick else SPLITS:
        again = validate_history(station, system, seed=seed, powers=POWERS)
        distances = f"wait {again.figure('wait', 'ks'):.3f}, travel {again.figure('travel', 'ks'):.3f}"
        print(f"other halves, seed {seed}: {distances}, {again.verdict}")
    by_hour(best)
    print("\n" + best.text("en"))
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
