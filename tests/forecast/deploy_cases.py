"""Small deployments: tiny stations with calls drawn by a seed, and duty systems whose staffed hours are known by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from qinwu.duty.compile import compile_plan
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.queueing.mismatch.demanded import Demanded
from qinwu.queueing.mismatch.staffed import Staffed
from qinwu.station.config import Text
from qinwu.station.station import Station
from tests.stations import calls, nine_atom_system, nine_atoms, officers, six_atom_system, six_atoms

HOURS = 168


def with_calls(station: Station, rows: list[tuple[float, str, str]]) -> Station:
    """Return a station with other calls."""
    return replace(station, calls=calls(sorted(rows)))


def columns(rows: list[tuple[float, str, str]]) -> tuple[Station, DutySystem, ResponsePlan]:
    """Return three beats always on duty: an officer each, and three crews of two for all of them."""
    station, system = with_calls(six_atoms(), rows), six_atom_system()
    return station, system, compile_plan(station, system)


def many_calls(count: int, weeks: int, seed: int, atoms: int = 6, kind: str = "theft") -> list[tuple[float, str, str]]:
    """Return calls of one class, most of them by day, spread over atoms alike."""
    rng = np.random.default_rng(seed)
    day = np.clip(rng.normal(15.0, 4.0, count), 0.0, 23.9)
    hours = rng.integers(0, 7 * weeks, count) * 24.0 + day
    return [(float(hour), kind, f"a{rng.integers(1, atoms + 1)}") for hour in hours]


def quarters(seed: int = 1, **rule: Any) -> tuple[Station, DutySystem, ResponsePlan]:
    """Return four beats around the clock in turn, and four crews of two on one day in four; `rule` changes these crews."""
    data = nine_atom_system().model_dump(mode="json", exclude_none=True)
    data["watch"].append({"id": "duty24", "start": "08:00", "hours": 24})
    data["pattern"].append({"id": "four_groups", "days": ["duty24", "off", "off", "off"], "groups": 4})
    data["crews"][1] |= {"pattern": "four_groups", **rule}
    system = DutySystem.model_validate(data)
    rows = many_calls(3000, 26, seed, 9, "dispute")
    station = with_calls(replace(nine_atoms(), force=officers(8, 4, command=1)), rows)
    return station, system, compile_plan(station, system)


def drawn(shares: np.ndarray[Any, np.dtype[np.float64]], count: int, seed: int, weeks: int = 52) -> Demanded:
    """Return calls drawn in cells (P, 168) by their shares, each asking for about one officer-hour."""
    rng = np.random.default_rng(seed)
    number = int(rng.poisson(count))
    cell = rng.choice(shares.size, number, p=shares.ravel() / shares.sum())
    week, ones = rng.integers(0, weeks, number), np.ones(number, dtype=np.int64)
    hours = rng.gamma(2.0, 0.5, number)
    return Demanded(cell, week, ones, ones, hours, np.zeros(number), np.ones((weeks, HOURS)), len(shares), 0)


def fixed(officers_by_cell: np.ndarray[Any, np.dtype[np.float64]]) -> Staffed:
    """Return officers all of whom have a place of their own."""
    return Staffed(officers_by_cell, np.zeros((0, HOURS)), np.zeros((0, len(officers_by_cell)), dtype=bool))


def named(name: str) -> Text:
    """Return a name that is the same in both languages."""
    return Text(zh=name, en=name)
