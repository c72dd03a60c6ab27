"""Beats of real cities: Carrollton near the least travel there can be, Detroit and St. Louis on their own calls and crimes."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.bounding import travel_bound
from qinwu.plan.beats.planning import BeatQuestion, plan_beats
from qinwu.plan.beats.problem import make_problem
from qinwu.plan.beats.search import search
from qinwu.plan.beats.workload import Workload
from qinwu.plan.effort import Effort
from qinwu.station.calls import Calls
from qinwu.station.config import Atoms, Files, Roads, StationConfig, Text
from qinwu.station.force import Force
from qinwu.station.station import Station
from qinwu.station.survey import read_area
from tests.plan.beat_cases import nobody
from tests.station.folders import DATA, NO_DATA

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)]


def city(atoms: str, key: str, roads: str = "") -> Station:
    """Return a public map as a station without officers or calls."""
    columns = Roads(speed="SpeedLimit", speed_unit="mph", road_class="BaseClass")
    config = StationConfig(
        name=Text(zh="测试"), files=Files(atoms=atoms, roads=roads), atoms=Atoms(id=key, population="POP2000"), roads=columns
    )
    area, _ = read_area(DATA, config)
    assert area is not None
    return Station(DATA, config, area, Calls.none("UTC"), Force(), ())


def test_carrollton_comes_near_the_least_travel_there_can_be() -> None:
    """Twelve beats within 5 % of calls: after ten passes travel is within 2.5 % of the bound that Lagrange multipliers prove."""
    there = city("carrollton_reporting_areas.geojson", "NumberId", "carrollton_streets.parquet")
    features = json.loads((DATA / "carrollton_reporting_areas.geojson").read_text("utf-8"))["features"]
    calls = np.array([float(one["properties"]["calls"]) for one in features])
    aims = BeatAims(beats=(12, 12), within=0.05, weight={"response": 1.0})
    given = make_problem(there, Workload({"calls": calls}, calls), aims, nobody(there), 12)
    found = search(given, lambda _share: False, seed=1, most_passes=10)
    assert found is not None
    assert found.feasible
    value = float(found.plan.tally.near.sum())
    bound = travel_bound(found.plan, Effort(60.0).begin())
    assert bound <= value <= 1.025 * bound


def test_detroit_scout_areas_are_joined_into_precincts_by_their_calls() -> None:
    """131 scout-car areas and their priority calls: eleven areas in one piece each, calls within 10 % of their mean."""
    there = city("detroit_beats.geojson", "beat")
    table = pl.read_parquet(DATA / "detroit_priority_calls.parquet", columns=["beat"])
    counts = table["beat"].cast(pl.String).value_counts()
    by_beat = dict(zip(counts["beat"].to_list(), counts["count"].to_list(), strict=True))
    calls = np.array([float(by_beat.get(atom, 0)) for atom in there.area.atom_ids])
    assert calls.sum() > 1000
    question = BeatQuestion(there, Workload({"calls": calls}, calls), BeatAims(beats=(11, 11), within=0.1))
    answer = plan_beats(question, Effort(4.0))
    assert answer.plan.contiguous
    assert answer.plan.metrics.spread <= 0.1
    assert answer.before is None
    assert len(answer.choices) >= 3


def test_st_louis_neighbourhoods_make_districts() -> None:
    """88 neighbourhoods, balanced by crime: six districts in one piece within 10 %, as many as there have been since 2014."""
    there = city("stlouis_neighborhoods.geojson", "NHD_NUM")
    table = pl.read_parquet(DATA / "stlouis_crime_2008_2015.parquet")
    counts = table["nhood"].cast(pl.String).value_counts()
    by_atom = dict(zip(counts["nhood"].to_list(), counts["count"].to_list(), strict=True))
    crime = np.array([float(by_atom.get(atom, 0)) for atom in there.area.atom_ids])
    assert crime.sum() > 100_000
    question = BeatQuestion(there, Workload({"crime": crime}, crime), BeatAims(beats=(6, 6), within=0.1))
    plan = plan_beats(question, Effort(3.0)).plan
    assert plan.contiguous
    assert plan.metrics.spread <= 0.1
