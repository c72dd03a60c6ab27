"""Workload of atoms, functional beats and recurring work: hours worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.functional import Divide, plan_functional
from qinwu.plan.beats.minimum import Mismatch, minimum_rows, mismatch, overloaded
from qinwu.plan.beats.plan import BeatPlan
from qinwu.plan.beats.predicting import Prediction, predict
from qinwu.plan.beats.problem import Today, make_problem
from qinwu.plan.beats.workload import FOLLOW_UP, INSPECTION, SCENE, TRAVEL, VISIT, WRAP_UP, workload
from qinwu.plan.effort import Effort
from qinwu.station.demand import read_source
from qinwu.station.station import Station
from qinwu.station.venues import Venue
from tests.stations import calls, grid_area, officers, six_atom_system, six_atoms, station

ROWS = [(1.0, "theft", "a1"), (2.0, "theft", "a1"), (30.0, "robbery", "a3"), (31.0, "help", "a6")]


def busy_station(visits: float = 2.0) -> tuple[Station, DutySystem]:
    """Return six squares with four calls in one week, and their columns as beats with hours of visits."""
    there = replace(six_atoms(), calls=calls(ROWS))
    system = six_atom_system()
    work = {"id": "visit", "name": {"zh": "走访"}, "kind": "beat_visit", "who": "beats", "hours_per_week": visits}
    return there, DutySystem.model_validate({**system.model_dump(), "work": [work]})


def test_hours_of_calls_by_part() -> None:
    """Two thefts at a1: 2 × 25 min on scene, 2 × 5 min writing, half of them 60 min later; 20 s within the square."""
    there, system = busy_station()
    found = workload(there, system, compile_plan(there, system))
    assert found.parts[SCENE][0] == pytest.approx(2 * 25 / 60)
    assert found.parts[WRAP_UP][0] == pytest.approx(2 * 5 / 60)
    assert found.parts[FOLLOW_UP][0] == pytest.approx(2 * 0.5)
    assert found.parts[TRAVEL][0] == pytest.approx(2 * 20 / 3600)
    assert found.calls.tolist() == [2, 0, 1, 0, 0, 1]


def test_a_call_for_two_officers_takes_twice_the_hours() -> None:
    """A robbery at a3 takes two officers 25 minutes each on scene; with one call at a3 and one at a6 the way is (20 + 60) / 2 s."""
    there, system = busy_station()
    found = workload(there, system, compile_plan(there, system))
    assert found.parts[SCENE][2] == pytest.approx(2 * 25 / 60)
    assert found.parts[TRAVEL][2] == pytest.approx(2 * (20 + 60) / 2 / 3600)


def test_inspections_by_grade_and_visits_by_residents() -> None:
    """Two officers for 40 minutes every 120 days at a2 and a6; 3 × 2 h of visits over six equal squares."""
    there, system = busy_station()
    found = workload(there, system)
    each = 2 * 40 / 60 * 7 / 120
    assert found.parts[INSPECTION] == pytest.approx([0, each, 0, 0, 0, each])
    assert found.parts[VISIT] == pytest.approx(np.ones(6))
    assert sum(found.of([0, 1, 2, 3, 4, 5]).values()) == pytest.approx(float(found.hours.sum()))


def test_specialists_take_inspections_away() -> None:
    """With a specialist for hotels, the hotel at a2 is none of the beat officer's."""
    there, system = busy_station()
    special = {
        **system.model_dump(),
        "beat": [*[beat.model_dump() for beat in system.beat], {"id": "F", "kind": "functional", "venue_kinds": ["hotel"]}],
        "crews": [
            *[one.model_dump() for one in system.crews],
            {"id": "s", "squad": "duty", "form": "specialist", "pattern": "always"},
        ],
    }
    found = workload(there, DutySystem.model_validate(special))
    assert found.parts[INSPECTION][1] == 0.0
    assert found.parts[INSPECTION][5] > 0.0


def test_recurring_work_against_free_hours() -> None:
    """A beat crew always on duty has its 168 hours less calls for 2 h of visits; asked for 300 it lacks, and says so."""
    there, system = busy_station()
    plan, prediction = predicted(there, system)
    rows = minimum_rows(plan, prediction)
    assert [row.beat for row in rows] == ["west", "middle", "east"]
    assert all(row.visits == pytest.approx(2.0) and row.lacking == 0.0 for row in rows)
    assert all(160.0 < row.available < 168.1 for row in rows)
    assert overloaded(rows) == ()
    lacking = tuple(replace(row, visits=300.0) for row in rows)
    assert next(one.values["beat"] for one in overloaded(lacking)) == min(rows, key=lambda row: row.available - row.required).beat


def predicted(there: Station, system: DutySystem) -> tuple[BeatPlan, Prediction]:
    """Return the beats in force as a plan, and what is predicted of them."""
    today = Today.of(there.area, system)
    problem = make_problem(there, workload(there, system), BeatAims(), today, 3)
    plan = BeatPlan.of(problem, today.beat_of)
    prediction = predict(there, system, read_source(there), plan)
    assert prediction is not None
    return plan, prediction


def test_the_mismatch_of_equal_shares_is_0_and_of_opposite_ones_1() -> None:
    """Hours where the work is give 0, hours where it never is give 1, half and half gives a half."""
    work = np.array([[1.0, 0.0], [0.0, 3.0]])
    assert Mismatch(2 * work, work).index == 0.0
    assert Mismatch(np.array([[0.0, 1.0], [1.0, 0.0]]), work).index == 1.0
    assert Mismatch(np.array([[1.0, 1.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 0.0]])).index == 0.5


def test_hours_on_duty_are_those_of_the_crews() -> None:
    """Three beat crews of one, always in their beats, and the teams at the station house: 168 hours for every officer on duty."""
    there, system = busy_station()
    plan, prediction = predicted(there, system)
    found = mismatch(plan, prediction)
    people = prediction.plan.crew.people[prediction.plan.crew.external == 0].sum()
    assert found.staffed.sum() == pytest.approx(168.0 * people)
    assert found.staffed.sum(axis=0)[1:] == pytest.approx([168.0, 168.0])
    assert found.asked.sum() == pytest.approx((2 * 30 + 2 * 30 + 20) / 60)


def venues_station(count: int) -> Station:
    """Return nine squares with `count` venues of each of three trades, grade A."""
    trades = ("hotel", "pawn", "scrap")
    venues = tuple(Venue(f"v{n}", trades[n % 3], f"a{n % 9 + 1}", "A") for n in range(3 * count))
    return station(grid_area(3, 3), officers(6), venues)


@pytest.mark.parametrize(("divide", "people"), [("trade", 1), ("trade", 2), ("trade", 3), ("area", 2), ("area", 3)])
def test_every_venue_has_exactly_one_specialist_with_the_hours(divide: Divide, people: int) -> None:
    """Whatever the division, venues are shared out once, and nobody has more due than hours."""
    there = venues_station(9)
    plan = plan_functional(there, [f"P{n:02}" for n in range(1, people + 1)], Effort(10.0).begin(), divide)
    owned = sorted(venue for beat in plan.beats for venue in beat.venues)
    assert owned == sorted(venue.id for venue in there.venues)
    assert all(beat.due_h <= plan.hours for beat in plan.beats)
    assert sum(beat.inspection_h for beat in plan.beats) == pytest.approx(27 * 40 / 60 * 7 / 60)


def test_a_specialist_without_the_hours_is_refused_with_what_would_do() -> None:
    """270 inspections of 40 minutes in 60 days are 21 h a week: half of that for one who has 10 is told with the number needed."""
    there = venues_station(90)
    with pytest.raises(QinwuError, match=r"P01 would have 21\.0 hours.*Name 3 specialists"):
        plan_functional(there, ["P01"], Effort(10.0).begin(), hours=10.0)
    assert len(plan_functional(there, ["P01", "P02", "P03"], Effort(10.0).begin(), hours=10.0).beats) == 3


def test_no_venues_and_no_specialist_are_told_together() -> None:
    """Two things are missing, two are told."""
    with pytest.raises(QinwuError) as error:
        plan_functional(station(grid_area(2, 1), officers(2)), [], Effort(5.0).begin())
    assert [one.code for one in error.value.findings] == ["no-venues", "no-specialists"]
