"""Compile: from station and duty system to arrays, all problems at once, and the presets end to end."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from math import inf
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.compile import MOST, compile_plan, compile_with_findings, last_day
from qinwu.duty.reading import preset_ids, read_preset
from qinwu.duty.response_plan import DutyArrays, ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.station.config import Text
from qinwu.station.station import Station
from qinwu.station.venues import Venue
from tests.duty.small_systems import Table, always, named, order, quarters, squad
from tests.stations import (
    CALL_CLASSES,
    calls,
    grid_area,
    nine_atom_system,
    nine_atoms,
    officers,
    six_atom_system,
    six_atoms,
    station,
)

HOUR, DAY, WEEK = 3600.0, 86400.0, 604800.0


def town() -> Station:
    """Return a town of 120 atoms, 22 officers and 14 auxiliaries at the front, and two venues."""
    venues = (Venue("v1", "hotel", "a5"), Venue("v2", "bar", "a50"))
    return station(grid_area(12, 10), officers(22, 14, command=2, administration=4), venues)


def town_beats(system: DutySystem) -> DutySystem:
    """Return the system with twelve beats of ten atoms, three sectors and six pairs; the last two beats are an outpost's."""
    beats = [
        {
            "id": f"B{number:02}",
            "atoms": [f"a{atom}" for atom in range(number * 10 - 9, number * 10 + 1)],
            "officer": f"P{number:02}",
            "unit": "hill" if number > 10 else "station",
        }
        for number in range(1, 13)
    ]
    names = [str(beat["id"]) for beat in beats]
    tables: Table = {
        "beat": [*beats, *(beat.model_dump() for beat in system.beat)],
        "sector": [{"id": f"S{n}", "beats": names[4 * n : 4 * n + 4], "sergeant": f"P{4 * n + 1:02}"} for n in range(3)],
        "pair": [{"id": f"p{n}", "beats": names[2 * n : 2 * n + 2]} for n in range(6)],
        "unit": [*(unit.model_dump() for unit in system.unit), named("hill", level="outpost", parent="station", base_atom="a115")],
    }
    return DutySystem.model_validate({**system.model_dump(), **tables})


def test_one_officer_one_beat_end_to_end() -> None:
    """Three beat crews, three teams, a neighbour: tiers, strength, beats and follow-up as the system says."""
    plan, findings = compile_with_findings(six_atoms(), six_atom_system())
    assert not findings
    assert [crew.id for crew in plan.crews[:4]] == ["beat-west", "beat-middle", "beat-east", "duty-A1"]
    assert plan.crew.people.tolist() == [1, 1, 1, 2, 2, 2, 2]
    assert plan.crew.sworn.tolist() == [1] * 7
    assert plan.crew.own_beat.tolist() == [0, 1, 2, -1, -1, -1, -1]
    assert plan.area.beat_of.tolist() == [0, 1, 2, 0, 1, 2]
    assert plan.dispatching.row.shape == (4, 5, 6)
    assert plan.dispatching.tier[plan.dispatching.row[2, 1, 0]].tolist() == [0, 1, 1, 1, 1, 1, 2]
    assert plan.duty.on_at_start.tolist() == [inf] * 7
    assert plan.beats == ("west", "middle", "east")


def test_arrays_have_the_types_the_kernel_expects() -> None:
    """Every array of a plan has the type that the contract names, and is contiguous."""
    kinds = {"I8": np.int8, "I16": np.int16, "I32": np.int32, "I64": np.int64, "F32": np.float32, "F64": np.float64}
    plan = compile_plan(nine_atoms(), nine_atom_system())
    checked = 0
    for part in (plan.dispatching, plan.crew, plan.duty, plan.follow_up, plan.area):
        for name, annotation in type(part).__annotations__.items():
            kind = kinds.get(annotation.__forward_arg__)
            if kind is not None:
                array = getattr(part, name)
                assert (name, array.dtype) == (name, np.dtype(kind))
                assert array.flags.c_contiguous, name
                checked += 1
    assert checked > 40


def test_events_are_sorted_and_off_comes_before_on() -> None:
    """Two groups relieve each other at 08:00: those who leave are first; the watch of the last Sunday is open at the start."""
    duty = compile_plan(nine_atoms(), nine_atom_system()).duty
    assert duty.cycle_s == 2 * WEEK
    assert duty.event_s[:8].tolist() == [8 * HOUR] * 8
    assert duty.event_on[:8].tolist() == [0] * 4 + [1] * 4
    assert duty.event_crew[:8].tolist() == [1, 3, 5, 7, 0, 2, 4, 6]
    assert set(duty.event_end_s[4:8].tolist()) == {32 * HOUR}
    assert duty.event_end_s.max() == 2 * WEEK + 8 * HOUR
    assert duty.on_at_start.tolist() == [0, 8 * HOUR] * 4 + [inf]
    assert (np.diff(duty.event_s) >= 0).all()


def replayed_hours(duty: DutyArrays, crews: int) -> list[float]:
    """Return the duty hours of each crew in one cycle by walking through its events."""
    since = np.where(duty.on_at_start > 0, 0.0, np.nan)
    total = np.where(np.isinf(duty.on_at_start), duty.cycle_s, 0.0)
    since[np.isinf(duty.on_at_start)] = np.nan
    for time, crew, on in zip(duty.event_s, duty.event_crew, duty.event_on, strict=True):
        if on:
            assert np.isnan(since[crew])
            since[crew] = time
        elif not np.isnan(since[crew]):
            total[crew] += time - since[crew]
            since[crew] = np.nan
    total += np.where(np.isnan(since), 0.0, duty.cycle_s - since)
    return [float(one) for one in total[:crews] / HOUR]


@pytest.mark.parametrize("preset", preset_ids())
def test_every_preset_compiles_for_a_town(preset: str) -> None:
    """Crews with sworn officers, officers once, every call served, and the 42 hours a week the presets promise."""
    plan, findings = compile_with_findings(town(), town_beats(read_preset(preset).system))
    assert {finding.code for finding in findings} <= {"officer-without-crew"}
    own = [crew for crew in plan.crews if crew.squad]
    assert (plan.crew.sworn >= 1).all()
    used = [officer for crew in own for officer in crew.officers]
    assert len(used) == len(set(used))
    assert (plan.dispatching.tier[plan.dispatching.row] >= 0).any(axis=-1).all()
    weeks = plan.duty.cycle_s / WEEK
    assert replayed_hours(plan.duty, len(own)) == pytest.approx([42 * weeks] * len(own), rel=0.013)


@pytest.mark.parametrize("preset", preset_ids())
def test_every_preset_has_a_steady_state_in_every_watch(preset: str) -> None:
    """At the time of any watch some crews are on, always on, whatever squads and crews the rules name besides."""
    system = town_beats(read_preset(preset).system)
    whole = compile_plan(town(), system)
    for watch in system.watch:
        plan = compile_plan(town(), system, watch=watch.id)
        assert 0 < sum(bool(crew.squad) for crew in plan.crews) < sum(bool(crew.squad) for crew in whole.crews)
        assert (plan.duty.on_at_start == inf).all()


def test_presets_differ_where_they_should() -> None:
    """Levels, first tiers and costs of asking are what tells the presets apart."""
    plans = {name: compile_plan(town(), town_beats(read_preset(name).system)) for name in preset_ids()}
    assert plans["merged"].dispatching.level_s < plans["one_beat"].dispatching.level_s
    assert first_tier(plans["one_beat"], 3, "theft") == {"beat-B01"}
    assert first_tier(plans["functional"], 3, "hotel") == {"venues-F1"}
    assert first_tier(plans["three_squads"], 1, "robbery") == {
        crew.id for crew in plans["three_squads"].crews if crew.squad == "patrol"
    }
    assert first_tier(plans["hub_outposts"], 3, "theft", "a115") == {"beat-B12"}
    assert plans["split_lines"].dispatching.refusal.max() > 0
    assert plans["three_squads"].dispatching.refusal.max() == 0


def first_tier(plan: ResponsePlan, priority: int, call_class: str, atom: str = "a1") -> set[str]:
    row = plan.dispatching.row[priority - 1, plan.call_classes.index(call_class), plan.atoms.index(atom)]
    return {crew.id for crew, tier in zip(plan.crews, plan.dispatching.tier[row], strict=True) if tier == 0}


def test_the_steady_state_of_a_watch_has_its_crews_always_on() -> None:
    """Half of the crews are on duty at any time; neighbours stay; blocks and events are gone."""
    system = quarters(
        work=[named("meal", kind="meal", at="12:00", minutes=30), named("visit", kind="beat_visit", hours_per_week=8.4)]
    )
    plan = compile_plan(nine_atoms(), system, watch="duty")
    assert [crew.id for crew in plan.crews] == ["beat-sw", "beat-nw", "duty-A1", "duty-A2", "neighbour-next-1"]
    assert (plan.duty.on_at_start == inf).all()
    assert (len(plan.duty.event_s), len(plan.duty.block_s)) == (0, 0)
    assert plan.crew.flexible.tolist() == pytest.approx([0.1] * 4 + [0])
    assert plan.duty.cycle_s == WEEK
    assert plan.crew.own_beat.tolist() == [0, 2, -1, -1, -1]


def test_too_few_in_one_watch_is_only_a_warning() -> None:
    """A night of one officer cannot serve calls that take two; the day can, so the system as a whole is sound."""
    changes = {
        "squad": [squad("duty", staff={"sworn": "rest", "auxiliary": "rest"})],
        "watch": [{"id": "day", "start": "08:00", "hours": 12}, {"id": "night", "start": "20:00", "hours": 12}],
        "pattern": [{"id": "days", "days": ["day"]}, {"id": "nights", "days": ["night"]}],
        "crews": [
            {"id": "night", "squad": "duty", "form": "single", "count": 1, "pattern": "nights"},
            {"id": "day", "squad": "duty", "form": "team", "people": 2, "pattern": "days"},
        ],
        "dispatch": {"order": [order("station")]},
    }
    assert "complement-never-met" not in {finding.code for finding in compile_with_findings(nine_atoms(), quarters(**changes))[1]}
    plan, findings = compile_with_findings(nine_atoms(), quarters(**changes), watch="night")
    assert [crew.id for crew in plan.crews] == ["night-A1", "neighbour-next-1"]
    assert {finding.severity for finding in findings if finding.code == "complement-never-met"} == {"warning"}


def test_an_unknown_watch_is_told_with_the_nearest() -> None:
    """A watch the system does not have is an error."""
    with pytest.raises(QinwuError) as caught:
        compile_plan(nine_atoms(), quarters(), watch="dutty")
    (error,) = [finding for finding in caught.value.findings if finding.severity == "error"]
    assert (error.code, error.values["near"]) == ("not-a-watch", "duty")


def test_all_problems_come_at_once() -> None:
    """An empty squad, a crew of auxiliaries, an unknown pattern, atom, word and squad are told in one go."""
    base = quarters().model_dump()
    broken = quarters(
        squad=[*base["squad"], squad("empty"), squad("helpers", staff={"auxiliary": 1})],
        crews=[
            base["crews"][0],
            {**base["crews"][1], "pattern": "halfs"},
            {"id": "alone", "squad": "helpers", "form": "single", "pattern": "halves"},
            {"id": "lost", "squad": "dutty", "form": "single", "pattern": "halves"},
        ],
        beat=[{**base["beat"][0], "atoms": ["a1", "a99"]}, *base["beat"][1:]],
        dispatch={"order": [order("own_beat", "stations", "neighbour")]},
        follow_up=[{"who": "nobody"}],
        work=[named("meal", kind="meal", at="12:00", minutes=30, who="some")],
    )
    with pytest.raises(QinwuError) as caught:
        compile_plan(nine_atoms(), broken)
    assert {finding.code for finding in caught.value.findings if finding.severity == "error"} == {
        *("empty-squad", "crew-without-sworn-officer", "unknown-pattern", "unknown-squad"),
        *("unknown-atom", "unknown-who", "unknown-follow-up", "unknown-worker"),
    }


def test_an_officer_named_in_two_squads_may_not_be_on_duty_twice() -> None:
    """Named in two squads whose crews are always on, the officer would be in two places."""
    changes = {
        "squad": [squad("one", officers=["P01"]), squad("two", officers=["P01", "P02"])],
        **always({"id": "one", "squad": "one", "form": "single"}, {"id": "two", "squad": "two", "form": "team", "people": 2}),
        "dispatch": {"order": [order("station", "neighbour")]},
    }
    with pytest.raises(QinwuError) as caught:
        compile_plan(nine_atoms(), quarters(**changes))
    errors = [finding for finding in caught.value.findings if finding.severity == "error"]
    assert [(error.code, error.values["officer"]) for error in errors] == [("officer-on-duty-twice", "P01")]


def test_a_system_without_crews_or_orders_is_an_error() -> None:
    """Nobody to send, and nothing said about whom to send."""
    alone = replace(nine_atoms(), config=nine_atoms().config.model_copy(update={"neighbour": ()}))
    for changes, code in (({"crews": []}, "crews-out-of-range"), ({"dispatch": {}}, "calls-without-order")):
        with pytest.raises(QinwuError) as caught:
            compile_plan(alone, quarters(**changes))
        assert code in {finding.code for finding in caught.value.findings if finding.severity == "error"}


def test_more_atoms_than_can_be_numbered_are_refused_at_once() -> None:
    """An area of 32,768 atoms is an error before anything is made of it."""
    small = nine_atoms()
    huge = replace(small, area=replace(small.area, atom_ids=tuple(f"x{number}" for number in range(MOST + 1))))
    with pytest.raises(QinwuError) as caught:
        compile_plan(huge, quarters())
    assert [finding.code for finding in caught.value.findings] == ["too-many-atoms"]


def test_beats_have_the_officer_of_the_day_of_the_last_call() -> None:
    """An assignment that changes in March counts from March on; the day may also be given."""
    change = date(2024, 3, 1)
    beats = [one.model_dump() for one in quarters().beat]
    beats[0] |= {"assignments": [{"officer": "P07", "until": change}, {"officer": "P08", "since": change}]}
    january = replace(nine_atoms(), calls=calls([(1.0, "theft", "a1")]))
    assert last_day(january.calls) == date(2024, 1, 1)
    officer = {day: compile_plan(january, quarters(beat=beats), on=day).crews[0].officers[0] for day in (None, change)}
    assert officer == {None: "P07", change: "P08"}
    march = replace(nine_atoms(), calls=calls([(24.0 * 60, "theft", "a1")]))
    assert compile_plan(march, quarters(beat=beats)).crews[0].officers[0] == "P08"


def test_calls_of_an_unusual_priority_need_somebody_too() -> None:
    """A theft with priority 1 in the record is served by the rule for priority 1, or it is an error."""
    rules = [order("station", calls={"priority": [2, 3, 4]}), order("station", id="robbery", calls={"call_class": ["robbery"]})]
    quiet = nine_atoms()
    compile_plan(quiet, quarters(dispatch={"order": rules}))
    table = calls([(1.0, "theft", "a1")]).table
    urgent = replace(quiet, calls=replace(quiet.calls, table=table.with_columns(priority=1).cast(table.schema)))
    with pytest.raises(QinwuError) as caught:
        compile_plan(urgent, quarters(dispatch={"order": rules}))
    (error,) = [finding for finding in caught.value.findings if finding.severity == "error"]
    assert (error.code, error.values) == ("calls-without-order", {"call_class": "theft", "priority": 1})


def test_dispatch_rules_arrive_in_the_kernels_units() -> None:
    """Minutes become seconds, choices become switches, priorities become indices."""
    dispatch = {
        "order": [order("station")],
        "levels": 3,
        "level_s": 20,
        "choose": "listed",
        "commit": "all_at_once",
        "strict_fifo": True,
        "release": "independent",
        "reserve": {3: 1, 4: 2},
        "last_minutes": {4: 15},
        "preemption": {"by": [1, 2], "on_scene": True, "en_route": False},
        "shift_end": {"policy": "hand_over", "limit_min": 20, "hand_over_s": 100},
        "call_taking": {"seconds": 40, "spread": 0.3, "takers": 2},
    }
    rules = compile_plan(nine_atoms(), quarters(dispatch=dispatch)).dispatching
    assert (rules.level_s, rules.nearest, rules.all_at_once, rules.strict_fifo, rules.joint_release) == (40, 0, 1, 1, 0)
    assert rules.reserve.tolist() == [0, 0, 1, 2]
    assert rules.last_s.tolist() == [0, 0, 0, 900]
    assert rules.preempts.tolist() == [1, 1, 0, 0]
    assert (rules.preempt_en_route, rules.preempt_wrap_up, rules.preempt_on_scene) == (0, 1, 1)
    assert (rules.hand_over_at_end, rules.end_limit_s, rules.end_hand_over_s) == (1, 1200, 100)
    assert (rules.call_taking_s, rules.call_taking_spread, rules.takers) == (40, 0.3, 2)


def test_the_same_input_gives_the_same_plan() -> None:
    """Two compilations agree in every array and label."""
    one, two = (compile_plan(town(), town_beats(read_preset("sector").system)) for _ in range(2))
    assert is_dataclass(one)
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(two, field.name)
        if hasattr(a, "_fields"):
            assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True)), field.name
        else:
            assert a == b


def test_a_large_station_compiles_in_about_a_second() -> None:
    """600 atoms, 25 classes, 60 beats, 300 crews with meals, training, visits; five times the second it should take is allowed."""
    classes = tuple(CALL_CLASSES[n % 5].model_copy(update={"id": f"c{n}", "name": Text(zh="类")}) for n in range(20))
    large = station(grid_area(30, 20), officers(300, 0))
    large = replace(large, config=large.config.model_copy(update={"call_class": (*CALL_CLASSES, *classes)}))
    base = quarters().model_dump()
    system = quarters(
        beat=[
            {"id": f"b{n}", "atoms": [f"a{10 * n + atom}" for atom in range(1, 11)], "officer": f"P{n + 1:02}"} for n in range(60)
        ],
        sector=[{"id": f"s{n}", "beats": [f"b{6 * n + m}" for m in range(6)], "sergeant": f"P{6 * n + 1:02}"} for n in range(10)],
        pair=[],
        crews=[base["crews"][0], {**base["crews"][1], "people": 1}],
        work=[
            named("meal", kind="meal", at="12:00", minutes=30, stagger=True, max_out=20),
            named("training", kind="training", hours_per_week=3, yields_to=1),
            named("visit", kind="beat_visit", who="beats", hours_per_week=10),
        ],
        dispatch={
            "order": [
                order("own_beat", "sergeant", "squad:duty", id="urgent", calls={"priority": [1]}),
                order("own_beat", "sector", "station"),
            ],
            "hold_s": {2: 60, 3: 600},
        },
    )
    start = perf_counter()
    plan = compile_plan(large, system)
    assert perf_counter() - start < 5
    assert (len(plan.crews), plan.dispatching.row.shape) == (301, (4, 25, 600))


NAMES = st.sampled_from(
    ["", "duty", "community", "halves", "sw", "P01", "A01", "a1", "station", "own_beat", "squad:duty", "squad:", ":", "all"]
)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_odd_names_anywhere_end_in_findings_or_a_plan(data: st.DataObject) -> None:
    """Names put where they do not belong, and tables left out, never end in anything but a plan or findings."""
    table = quarters(
        work=[named("meal", kind="meal", at="12:00", minutes=30), named("lent", kind="secondment", hours_per_week=9, yields_to=1)],
        follow_up=[{"who": "squad:duty"}],
    ).model_dump()
    for key in data.draw(
        st.lists(st.sampled_from(["squad", "beat", "sector", "pair", "watch", "pattern", "crews", "unit"]), max_size=1)
    ):
        table[key] = ()
    for group, key in data.draw(st.lists(st.sampled_from(ODD_PLACES), max_size=3)):
        for row in table[group][:1]:
            row[key] = data.draw(NAMES)
    table["dispatch"]["order"][0]["tiers"][0]["who"] = data.draw(NAMES)
    system = DutySystem.model_validate(table)
    try:
        plan, findings = compile_with_findings(nine_atoms(), system, data.draw(st.sampled_from([None, "duty", "x"])))
    except QinwuError as error:
        findings = error.findings
    else:
        assert plan.crews
    assert all(finding.text("en") for finding in findings)


ODD_PLACES = [
    *(("crews", "squad"), ("crews", "pattern"), ("squad", "id"), ("squad", "unit"), ("beat", "officer"), ("beat", "unit")),
    *(("sector", "sergeant"), ("unit", "parent"), ("unit", "base_atom"), ("work", "who"), ("follow_up", "who"), ("pattern", "id")),
]
