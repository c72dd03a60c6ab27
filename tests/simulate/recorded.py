"""A station whose record is known: the simulator wrote its stamps, under figures that a fit should find again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from qinwu.duty.background import background_of
from qinwu.duty.compile import compile_plan
from qinwu.duty.system import DutySystem
from qinwu.simulate.arrays import Table
from qinwu.simulate.calibration import Delay, Journey, with_delay, with_journey
from qinwu.simulate.replay import replay_once
from qinwu.station.calls import SCHEMA
from qinwu.station.demand import read_source
from qinwu.station.station import Station
from tests.stations import grid_area, officers, station

DELAY = Delay(90.0, 0.6)
JOURNEY = Journey(40.0, 1.5, (1.0,) * 24, 0.4)
LOAD = 0.4
SIDE = 5
CREWS = 4


def bare_station(days: int, per_hour: float, seed: int = 7) -> Station:
    """Return a station of 25 atoms, 4 officers and calls at any hour, more of them towards the south-west; no stamps."""
    rng = np.random.default_rng(seed)
    n = rng.poisson(days * 24 * per_hour)
    hours = np.sort(rng.random(n)) * days * 24
    atom = np.minimum((rng.random(n) ** 1.5 * SIDE * SIDE).astype(int), SIDE * SIDE - 1)
    kinds = np.array(["theft", "help"])[rng.integers(0, 2, n)]
    rows = [(float(hour), str(kind), f"a{number + 1}") for hour, kind, number in zip(hours, kinds, atom, strict=True)]
    return station(grid_area(SIDE, SIDE), officers(CREWS), rows=rows)


def all_together() -> DutySystem:
    """Return four officers who wait at the station house in one corner, always on duty; the nearest goes."""
    return DutySystem.model_validate(
        {
            "id": "together",
            "name": {"zh": "全所一队", "en": "All together"},
            "unit": [{"id": "station", "name": {"zh": "小所", "en": "Small station"}, "level": "station"}],
            "squad": [{"id": "all", "name": {"zh": "全员", "en": "All"}, "function": "patrol", "staff": {"sworn": "rest"}}],
            "watch": [{"id": "day", "start": "00:00", "hours": 24}],
            "pattern": [{"id": "always", "days": ["day"]}],
            "crews": [{"id": "one", "squad": "all", "form": "single", "pattern": "always", "patrol": "base"}],
            "dispatch": {"order": [{"id": "all", "tiers": [{"who": "station"}]}]},
        }
    )


def recorded_station(
    days: int = 40, per_hour: float = 2.0, load: float = LOAD, journey: Journey = JOURNEY
) -> tuple[Station, DutySystem]:
    """Return a station with the stamps that one run of the true model gave, and its duty system."""
    bare, system = bare_station(days, per_hour), all_together()
    plan, source = compile_plan(bare, system), read_source(bare)
    true_source = replace(source, travel_spread=journey.spread)
    spans = np.array([[0.0, source.weeks * 604_800.0]])
    run = replay_once(with_journey(with_delay(plan, DELAY), journey), true_source, background_of(plan, load, 30.0), spans, 99, 0)
    return replace(bare, calls=replace(bare.calls, table=stamped(bare.calls.table, run.calls))), system


def stamped(table: pl.DataFrame, calls: Table) -> pl.DataFrame:
    """Return the table of calls with stamps from records in the same order; none for calls still open at the end."""
    stamps = {}
    for name in ("dispatched", "arrived", "cleared"):
        elapsed = calls[name] - calls["received"]
        rows = zip(table["received"], elapsed, strict=True)
        stamps[name] = [received + timedelta(seconds=float(s)) if np.isfinite(s) else None for received, s in rows]
    return table.with_columns(pl.Series(name, values, dtype=SCHEMA[name]) for name, values in stamps.items())


def without(source: Station, *stamps: str) -> Station:
    """Return the station with these stamps missing from every call."""
    table = source.calls.table.with_columns(pl.lit(None, dtype=SCHEMA[name]).alias(name) for name in stamps)
    return replace(source, calls=replace(source.calls, table=table))
