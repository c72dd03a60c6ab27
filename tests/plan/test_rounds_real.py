"""Rounds on the streets of Carrollton: 325 real reporting areas and 4,599 real streets, invented venues, officers and calls."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.system import DutySystem
from qinwu.plan.effort import Effort
from qinwu.plan.rounds.aims import sample_aims
from qinwu.plan.rounds.month import month_of
from qinwu.plan.rounds.planning import plan_rounds
from qinwu.plan.rounds.question import Question
from qinwu.station.area import Area
from qinwu.station.config import Atoms, Files, Roads, StationConfig, Text
from qinwu.station.survey import read_area
from qinwu.station.venues import Venue
from tests import stations
from tests.plan.test_rounds import broken
from tests.station.folders import DATA, NO_DATA

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)]
BEATS, VENUES, CALLS = 12, 150, 3000


@cache
def carrollton() -> Area:
    columns = Roads(speed="SpeedLimit", speed_unit="mph", road_class="BaseClass")
    files = Files(atoms="carrollton_reporting_areas.geojson", roads="carrollton_streets.parquet")
    area, _ = read_area(DATA, StationConfig(name=Text(zh="卡罗尔顿"), files=files, atoms=Atoms(id="NumberId"), roads=columns))
    assert area is not None
    return area


def system(area: Area) -> DutySystem:
    """Return twelve beats in columns from west to east, each with its officer, and a duty squad around the clock."""
    order = np.array_split(np.lexsort((area.xy_m[:, 1], area.xy_m[:, 0])), BEATS)
    atoms = [[area.atom_ids[at] for at in part.tolist()] for part in order]
    name = {"zh": "试", "en": "trial"}
    watches = [{"id": "day", "start": "08:00", "hours": 12}, {"id": "night", "start": "20:00", "hours": 12}]
    pattern = {"id": "turns", "days": ["day", "day", "night", "off", "off", "off"], "groups": 6}
    community = {"id": "community", "name": name, "function": "community", "staff": {"sworn": "beats"}}
    duty = {"id": "duty", "name": name, "function": "patrol", "staff": {"sworn": "rest"}}
    crews = [
        {"id": "beat", "squad": "community", "form": "beat", "pattern": "turns", "patrol": "own_beat"},
        {"id": "duty", "squad": "duty", "form": "team", "people": 2, "sworn": 2, "pattern": "turns", "patrol": "station"},
    ]
    return DutySystem.model_validate(
        {
            "id": "columns",
            "name": name,
            "squad": [community, duty],
            "beat": [{"id": f"B{n:02}", "atoms": part, "officer": f"P{n:02}"} for n, part in enumerate(atoms, start=1)],
            "watch": watches,
            "pattern": [pattern],
            "crews": crews,
            "dispatch": {"order": [{"id": "all", "tiers": [{"who": "own_beat"}, {"who": "station"}]}]},
            "work": [{"id": "visits", "name": name, "kind": "beat_visit", "who": "beats", "hours_per_week": 6}],
        }
    )


@pytest.mark.slow
def test_a_month_in_carrollton_keeps_every_rule() -> None:
    """150 venues, 36 officers: nothing due is left out, no rule is broken, legs take what the streets take, the bound is near."""
    rng, area = np.random.default_rng(7), carrollton()
    kinds = ["hotel", "entertainment", "internet_cafe", "vehicle_repair", "pawn"]
    venues = tuple(
        Venue(f"V{n:03}", kinds[n % 5], area.atom_ids[int(rng.integers(len(area)))], "ABC"[n % 3])  # type: ignore[arg-type]
        for n in range(VENUES)
    )
    rows = [(float(rng.uniform(0, 24 * 60)), "theft", area.atom_ids[int(at)]) for at in rng.zipf(1.6, CALLS) % len(area)]
    station = stations.station(area, stations.officers(36), venues, rows)
    asked = Question(station, system(area), compile_plan(station, system(area)), sample_aims(), month_of("2026-03"))
    found = plan_rounds(asked, Effort(20.0))
    assert list(broken(asked, found)) == []
    assert found.left_out == ()
    assert len(found.inspections) > VENUES / 3
    for tour in found.tours:
        places = [tour.base, *(visit.atom for visit in tour.visits)]
        for one, two, visit in zip(places[:-1], places[1:], tour.visits, strict=True):
            seconds = float(area.travel.base_s[area.index[one], area.index[two]])
            assert visit.travel_s == np.ceil(seconds)
    assert found.proof.gap < 0.4
    assert found.regularity is not None
    assert found.regularity.kept > 0.95
