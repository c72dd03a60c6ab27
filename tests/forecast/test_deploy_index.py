"""Duty beside demand: the index by its closed forms, hours by hand, and what luck makes of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import gammaln

from qinwu.duty.background import crews_on_duty
from qinwu.duty.compile import compile_plan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.forecast.deploy.deployment import foresee_deploy
from qinwu.queueing.mismatch.chance import chance_of
from qinwu.queueing.mismatch.cover import cover_gaps
from qinwu.queueing.mismatch.demanded import demanded_by
from qinwu.queueing.mismatch.index import dissimilarity, mismatch
from qinwu.queueing.mismatch.places import places_of
from qinwu.queueing.mismatch.shrinking import product, shrunk
from qinwu.queueing.mismatch.staffed import staffed_by, time_on_duty
from qinwu.station.demand import read_source
from tests.forecast.deploy_cases import HOURS, columns, drawn, fixed, many_calls, quarters
from tests.stations import six_atom_system, six_atoms

AMOUNTS = arrays(np.float64, (3, 4), elements=st.floats(0.0, 100.0))
CLOCK = 1.0 + 0.8 * np.sin(np.arange(24) / 24 * 2 * np.pi - 2)


@given(AMOUNTS, st.floats(0.01, 100.0))
@settings(deadline=None)
def test_staffed_as_demanded_is_no_mismatch(amounts: np.ndarray, factor: float) -> None:
    """Where officers are staffed in proportion to what calls ask for, in any unit, the index is 0."""
    if amounts.sum() > 1e-3:
        assert dissimilarity(amounts * factor, amounts) == pytest.approx(0.0, abs=1e-9)


@given(AMOUNTS, AMOUNTS, st.floats(0.01, 100.0))
@settings(deadline=None)
def test_index_lies_between_and_its_parts_add_up(staffed: np.ndarray, demanded: np.ndarray, factor: float) -> None:
    """0 to 1, the same in any unit and from either side; margins are never above the whole; both parts add up to it."""
    if min(staffed.sum(), demanded.sum()) <= 1e-3:
        return
    found = mismatch(staffed, demanded)
    assert -1e-9 <= max(found.by_hour, found.by_place) <= found.overall + 1e-9 <= 1.0 + 2e-9
    assert found.hour_part + found.place_part == pytest.approx(found.overall)
    assert min(found.hour_part, found.place_part) >= -1e-9
    assert mismatch(staffed * factor, demanded).overall == pytest.approx(found.overall, abs=1e-9)
    assert mismatch(demanded, staffed).overall == pytest.approx(found.overall, abs=1e-9)
    one, other = staffed / staffed.sum(), demanded / demanded.sum()
    moved = sum(max(a - b, 0.0) for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True))
    assert found.overall == pytest.approx(moved, abs=1e-9)


def test_duty_where_no_call_comes_is_all_mismatch() -> None:
    """Officers only by day, calls only by night: the index is 1, and nan where there is nothing to compare."""
    assert dissimilarity(np.array([5.0, 0.0]), np.array([0.0, 0.2])) == 1.0
    assert np.isnan(dissimilarity(np.zeros(3), np.ones(3)))


def test_time_on_duty_is_that_of_the_minutes_of_a_cycle() -> None:
    """Hours on duty from the events are those of the five-minute steps the simulator's background work counts by."""
    for _, _, plan in (columns(many_calls(50, 1, 1)), quarters()):
        own = plan.crew.external == 0
        assert time_on_duty(plan)[own].sum(axis=0) == pytest.approx(crews_on_duty(plan), abs=1e-9)


def test_beat_officers_hours_belong_to_their_beats() -> None:
    """Three beats: each has its officer's 168 hours; the duty crews' hours follow calls, and none are lost or made."""
    station, system, plan = columns(many_calls(300, 8, 2))
    staff = staffed_by(plan, system, places_of(station, system, "beat"))
    duty = [people for people, label in zip(plan.crew.people.tolist(), plan.crews, strict=True) if label.rule == "duty"]
    assert staff.own == pytest.approx(np.ones((3, HOURS)))
    assert staff.shared == pytest.approx(np.full((1, HOURS), float(sum(duty))))
    asked = np.zeros((3, HOURS))
    asked[1] = 1.0
    assert staff.allotted(asked)[1] == pytest.approx(1.0 + sum(duty))
    for demand in (asked, np.ones((3, HOURS)), np.zeros((3, HOURS))):
        assert staff.allotted(demand).sum() == pytest.approx(staff.total)


def test_demanded_hours_are_those_worked_out_by_hand() -> None:
    """A theft needs one officer: the way within the beat, half an hour on scene, the report; half leave an hour behind."""
    station, system, plan = columns([(10.0, "theft", "a1"), (34.5, "theft", "a4")])
    source = read_source(station)
    found = demanded_by(plan, source, places_of(station, system, "beat"))
    west = plan.crew.slots[[label.beat == "west" for label in plan.crews].index(True)]
    way = [np.mean([plan.area.travel_s[place, atom] for place in west]) for atom in (0, 3)]
    handling = source.service.on_scene_s[1] + source.service.wrap_up_s[1]
    assert found.hours == pytest.approx([(each + handling) / 3600.0 for each in way])
    assert found.cell.tolist() == [10, 34]
    mean_crew = np.mean([people for people, own in zip(plan.crew.people, plan.crew.external == 0, strict=True) if own])
    assert found.later == pytest.approx(np.full(2, 0.5 * 1.0 * mean_crew))
    assert found.follow_up.sum() == pytest.approx(found.later.sum(), rel=1e-9)


def test_calls_that_officers_found_teach_nothing() -> None:
    """What officers find themselves says where they were: it is not demanded."""
    station, system, plan = columns(many_calls(200, 4, 3))
    table = station.calls.table.with_columns(origin=pl.when(pl.col("atom") == "a1").then(pl.lit("officer")).otherwise("origin"))
    marked = replace(station, calls=replace(station.calls, table=table))
    found = demanded_by(plan, read_source(marked), places_of(station, system, "beat"))
    assert 0 < len(found) == (table["origin"] == "resident").sum() < len(table)


def test_few_calls_are_drawn_to_their_margins_and_many_stay() -> None:
    """Poisson cells around a product of margins become that product; with a million times the calls one true difference stays."""
    rng = np.random.default_rng(4)
    truth = np.outer([0.5, 0.3, 0.2], np.tile(CLOCK, 7) / CLOCK.sum() / 7.0)
    few = rng.poisson(truth * 2000.0).astype(float)
    raw, drawn_in = (np.abs(cells / cells.sum() - truth).sum() for cells in (few, shrunk(few, few)))
    assert drawn_in < raw / 2.0
    odd = truth.copy()
    odd[0, 50] *= 3.0
    many = rng.poisson(odd / odd.sum() * 2e9).astype(float)
    assert shrunk(many, many)[0, 50] == pytest.approx(many[0, 50], rel=0.02)
    assert shrunk(few, few).sum() == pytest.approx(few.sum())
    assert product(few).sum(axis=0) == pytest.approx(few.sum(axis=0))


def test_noise_floor_is_below_that_of_raw_counts() -> None:
    """The exact floor of raw Poisson counts (Crow 1958) is what raw counts show; drawing cells to their margins takes most away."""
    staffed = np.outer([0.5, 0.3, 0.2], np.tile(CLOCK, 7))
    shares = (staffed / staffed.sum()).ravel()
    mean = shares * 3000.0
    whole = np.floor(mean)
    exact = np.exp((whole + 1.0) * np.log(mean) - mean - gammaln(whole + 1.0)).sum() / 3000.0
    raw = [dissimilarity(staffed, drawn(staffed, 3000, seed).table()) for seed in range(20)]
    assert np.mean(raw) == pytest.approx(exact, rel=0.03)
    floor = chance_of(fixed(staffed), drawn(staffed, 3000, 1), 30, 1).floor.overall
    assert 0.0 < floor < exact / 2.0


def test_luck_is_not_taken_for_mismatch() -> None:
    """Calls drawn exactly where officers are staffed are seldom called a mismatch; calls elsewhere always are."""
    staffed = np.outer([0.5, 0.3, 0.2], np.tile(CLOCK, 7))
    shown = 0
    for seed in range(20):
        calls = drawn(staffed, 1500, seed)
        shown += chance_of(fixed(staffed), calls, 40, seed).shown(mismatch(staffed, calls.per_week))
    assert shown <= 4
    flat = drawn(np.ones((3, HOURS)), 1500, 1)
    assert chance_of(fixed(staffed), flat, 40, 1).shown(mismatch(staffed, flat.per_week))


def test_interval_over_weeks_holds_the_truth() -> None:
    """In twenty records of the same calls the 95 % interval holds the true index in at least sixteen, and the index in all."""
    truth, staffed = np.outer([0.5, 0.3, 0.2], np.tile(CLOCK, 7)), np.ones((3, HOURS))
    true = mismatch(staffed, truth).overall
    held = 0
    for seed in range(20):
        calls = drawn(truth, 4000, 100 + seed)
        found, chance = mismatch(staffed, calls.per_week).overall, chance_of(fixed(staffed), calls, 60, seed)
        held += chance.low.overall <= true <= chance.high.overall
        assert chance.low.overall <= found <= chance.high.overall
    assert held >= 16


@given(st.integers(0, 23), st.integers(1, 23))
@settings(max_examples=12, deadline=None)
def test_gaps_are_the_hours_no_watch_covers(start: int, hours: int) -> None:
    """One watch a day for everybody: the gap lasts the rest of the day, comes seven times a week and is never cut in two."""
    data = six_atom_system().model_dump(mode="json", exclude_none=True)
    data["watch"] = [{"id": "day", "start": f"{start:02d}:00", "hours": hours}]
    system = DutySystem.model_validate(data)
    gaps = cover_gaps(compile_plan(six_atoms(), system), system, 2)
    assert [(gap.since, gap.minutes, gap.lacking, gap.per_week) for gap in gaps] == [
        ((start + hours) % 24 * 60, (24 - hours) * 60, 2, 7.0)
    ]
    assert gaps[0].officer_hours == pytest.approx(2 * 7 * (24 - hours))


def test_a_post_that_is_always_short_has_one_gap_a_week() -> None:
    """Around the clock, but three fewer than asked for: one gap of the whole week, three officers wide."""
    _, system, plan = columns(many_calls(50, 1, 1))
    there = int(plan.crew.people[plan.crew.external == 0].sum())
    (gap,) = cover_gaps(plan, system, there + 3)
    assert (gap.minutes, gap.per_week, gap.lacking) == (10_080, 1.0, 3)
    assert gap.officer_hours == pytest.approx(3 * 168.0)


def test_always_on_duty_has_no_gap() -> None:
    """Around the clock there is none."""
    _, system, plan = columns(many_calls(50, 1, 1))
    assert cover_gaps(plan, system, 2) == ()


def test_deployment_of_a_small_station_adds_up() -> None:
    """Shares of the excess cancel out, use is demand by staff, and a forecast of twice the calls asks for twice the hours."""
    station, system, plan = columns(many_calls(800, 20, 7))
    told = foresee_deploy(station, system, plan, draws=10)
    assert told.excess().sum() == pytest.approx(0.0, abs=1e-6)
    assert told.staffed.sum() == pytest.approx(told.staff.total)
    assert told.shown
    assert told.wrong_hours == pytest.approx(told.found.overall * told.staff.total)
    rate = told.calls.sum_per_week().sum(axis=0)
    twice = foresee_deploy(station, system, plan, expected=2.0 * rate, draws=10)
    assert twice.chance.floor_high.overall < 2.0 * told.chance.floor_high.overall < told.found.overall
    later = told.calls.follow_up.sum()
    assert twice.demanded.sum() - later == pytest.approx(2.0 * (told.demanded.sum() - later))


def test_groups_of_atoms_can_be_places() -> None:
    """A beat cut in two shares its officer's hours by demand; atoms of no group are counted as outside."""
    station, system, plan = columns(many_calls(400, 10, 8))
    told = foresee_deploy(station, system, plan, kind="group", groups={"north": ["a4"], "south": ["a1", "a2"]}, draws=2)
    assert told.calls.outside == sum(atom in ("a3", "a5", "a6") for atom in station.calls.table["atom"])
    assert told.places.ids == ("north", "south")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"kind": "group", "groups": {"one": ["a1"], "two": ["a1"]}}, "atom-in-two-groups"),
        ({"kind": "group", "groups": {"one": ["b1"]}}, "unknown-atom"),
        ({"kind": "group"}, "no-groups"),
        ({"expected": np.ones(24)}, "bad-expected"),
        ({"expected": np.full(HOURS, -1.0)}, "bad-expected"),
    ],
)
def test_wrong_questions_are_refused(asked: dict[str, object], code: str) -> None:
    """Groups that overlap or name no atom, and forecasts that are no week, are refused."""
    station, system, plan = columns(many_calls(200, 4, 9))
    with pytest.raises(QinwuError) as error:
        foresee_deploy(station, system, plan, **asked)  # type: ignore[arg-type]
    assert [one.code for one in error.value.findings] == [code]


def test_too_few_calls_are_refused() -> None:
    """From a few dozen calls nobody can tell where and when officers are needed."""
    station, system, plan = columns(many_calls(60, 4, 10))
    with pytest.raises(QinwuError) as error:
        foresee_deploy(station, system, plan)
    assert error.value.findings[0].code == "too-few-calls"
