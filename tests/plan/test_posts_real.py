"""Posts on public data: Detroit's thirty crews placed anew, its precincts divided anew; nothing of the data is kept."""

from __future__ import annotations

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.system import DutySystem
from qinwu.plan.effort import Effort
from qinwu.plan.posts.aims import Aims
from qinwu.plan.posts.planning import plan_posts
from qinwu.plan.posts.stations import plan_stations
from qinwu.plan.posts.stations_part import stations_of, stations_part
from qinwu.station.demand import read_source
from qinwu.station.station import Station
from tests.detroit import CALLS, detroit, duty_system

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(not CALLS.exists(), reason="needs ../shared/data/detroit_priority_calls.parquet"),
]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Station, DutySystem]:
    """Detroit with thirty crews that wait at their precinct's house."""
    station = detroit(tmp_path_factory.mktemp("detroit") / "detroit")
    return station, duty_system(station, "city", 30, "house")


def test_thirty_crews_placed_anew(city: tuple[Station, DutySystem]) -> None:
    """Twelve posts with thirty crews answer sooner than the houses of the precincts do, within the bound."""
    station, system = city
    plan = plan_posts(
        station, system, compile_plan(station, system), Aims(posts=12, crews=30, hub=False, minutes=5.0), Effort(90.0)
    )
    assert plan.chosen.answered.response_s < plan.before.answered.response_s
    assert plan.proof.bound <= plan.proof.value
    assert plan.proof.gap < 0.35
    assert (int(plan.chosen.crews.sum()), len(plan.posts)) == (30, 12)


def test_precincts_divided_anew(city: tuple[Station, DutySystem]) -> None:
    """Calls per precinct come within a tenth of the mean, every area in one piece, each beat in exactly one precinct's beat."""
    station, system = city
    calls = np.bincount(read_source(station).atom, minlength=len(station.area)).astype(np.float64)
    problem = stations_of(system, station.area, calls, 0.1)
    plan = plan_stations(problem, Effort(120.0))
    assert np.abs(problem.loads(plan.of) - 1.0).max() <= 0.1 + 1e-6
    assert np.abs(problem.loads(problem.today) - 1.0).max() > 0.5
    assert all(station.area.contiguous(np.flatnonzero(plan.of == one).tolist()) for one in range(len(problem.names)))
    told = {each["id"]: each["atoms"] for each in stations_part(system, station.area, plan)["beat"]}
    atoms = [atom for beat in system.beat for atom in told.get(beat.id, beat.atoms)]
    assert sorted(atoms) == sorted(station.area.atom_ids)
