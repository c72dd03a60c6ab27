"""Moves of crews: the program against brute force, hours conserved, cover and rest kept, and files that say what was planned."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.compile import compile_plan
from qinwu.duty.hours import pattern_hours
from qinwu.duty.reading import read_system
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.roster_rules.packs import read_pack
from qinwu.duty.system import DutySystem
from qinwu.plan.deploy.changing import changed, overlay, who_moves
from qinwu.plan.deploy.choosing import MOST_TOGETHER, WORTH, Choice, Chooser, Limits
from qinwu.plan.deploy.options import options_of
from qinwu.plan.deploy.planning import Question, plan_moves
from qinwu.plan.deploy.scene import Scene, hourly
from qinwu.plan.deploy.waiting import between, convex_waits, mean_wait_h
from qinwu.plan.duty_file import DutyFile
from qinwu.plan.effort import Effort
from qinwu.queueing.erlang import wait_mean
from qinwu.queueing.mismatch.cover import cover_gaps, on_by_minute
from qinwu.queueing.mismatch.staffed import answering, time_on_duty
from qinwu.simulate.trial import prepare_one
from qinwu.station.demand import read_source
from qinwu.station.sample import write_sample
from tests.forecast.deploy_cases import quarters


@cache
def scene() -> Scene:
    station, system, plan = quarters(count=4)
    return Scene(station, system, plan, read_source(station), read_pack())


@cache
def sample(kind: str) -> Scene:
    folder = Path(mkdtemp()) / kind
    write_sample(folder, kind)  # type: ignore[arg-type]
    station, loaded, plan = prepare_one(folder)
    return Scene(station, loaded.system, plan, read_source(station), read_pack())


def staffed_h(plan: ResponsePlan) -> float:
    return float((time_on_duty(plan) * plan.crew.people[:, None])[plan.crew.external == 0].sum())


@given(st.integers(1, 12), st.floats(0.05, 0.85), st.floats(0.2, 2.0))
@settings(deadline=None, max_examples=40)
def test_patient_callers_wait_as_erlang_says(crews: int, use: float, service: float) -> None:
    """With endless patience the waiting is that of M/M/c; with less it is shorter, and more crews never make it longer."""
    load = use * crews
    assert mean_wait_h(crews, load, service, 1e9) == pytest.approx(float(wait_mean(crews, load, service)), rel=1e-3, abs=1e-9)
    waits = [mean_wait_h(number, load, service) for number in range(crews + 3)]
    assert waits == sorted(waits, reverse=True)
    assert waits[crews] <= mean_wait_h(crews, load, service, 1e9) + 1e-9


@given(st.floats(0.0, 8.0), st.integers(2, 12))
@settings(deadline=None, max_examples=40)
def test_waits_are_convex_and_never_above_the_model(load: float, most: int) -> None:
    """The lines the program adds up fall ever less steeply, touch the model at both ends and lie nowhere above it."""
    waits = convex_waits(load, 0.8, most)
    steps = np.diff(waits)
    assert (steps <= 1e-12).all()
    assert (np.diff(steps) >= -1e-9).all()
    model = [mean_wait_h(crews, load, 0.8) for crews in range(most + 1)]
    assert (waits <= np.array(model) + 1e-9).all()
    assert waits[[0, -1]] == pytest.approx([model[0], model[-1]])
    assert between(waits, np.array(0.25)) == pytest.approx(0.75 * waits[0] + 0.25 * waits[1])


def test_options_keep_hours_a_week() -> None:
    """Every option of every pattern has the hours a week of today at other hours of the day."""
    system = scene().system
    for pattern in system.pattern:
        for option in options_of(system, pattern, read_pack()):
            watches = {watch.id: watch for watch in (*system.watch, *option.watches)}
            whole = system.model_copy(update={"watch": tuple(watches.values())})
            assert pattern_hours(whole, option.pattern) == pytest.approx(pattern_hours(system, pattern))
            assert option.pattern.days != pattern.days


def test_rules_of_rest_forbid_options() -> None:
    """Days from four in the afternoon to four in the morning before days from eight would leave four hours of rest: no option."""
    two = DutySystem.model_validate(
        {
            "id": "two",
            "name": {"zh": "两班", "en": "Two"},
            "watch": [{"id": "day", "start": "08:00", "hours": 12}, {"id": "late", "start": "09:00", "hours": 12}],
            "pattern": [{"id": "turns", "days": ["late", "day", "off", "off"], "groups": 4}],
        }
    )
    found = {option.pattern.days for option in options_of(two, two.pattern[0], read_pack())}
    assert ("late_1000", "day", "off", "off") not in found
    assert ("late_0800", "day", "off", "off") in found


def test_watches_of_options_follow_the_clock() -> None:
    """A duty of 24 hours in four days becomes three of eight hours, or two of twelve, at other times of day."""
    system = scene().system
    four = next(pattern for pattern in system.pattern if pattern.id == "four_groups")
    days = {option.pattern.id: option.pattern.days for option in options_of(system, four, read_pack())}
    assert days["four_groups_part8_1600"].count("part8_1600") == 3
    assert days["four_groups_part12_0600"].count("part12_0600") == 2


def chooser(least: int, moves: int = 1) -> Chooser:
    """Return the program of the small scene with five options only, so that all sets of moves can be looked at."""
    some = ("four_groups_part8_1600", "four_groups_part8_0800", "four_groups_part12_1000", "halves_duty_1200", "halves_duty_0600")
    full = scene()
    small = Scene(full.station, full.system, full.plan, full.source, full.pack)
    kept = tuple(replace(one, options=tuple(option for option in one.options if option.pattern.id in some)) for one in full.movable)
    small.__dict__["movable"] = kept
    return Chooser(small, Limits(moves, least))


def brute_force(program: Chooser) -> float:
    """Return the least waiting, with the price of moving, over every set of moves that keeps the cover: compiled, not added up."""
    place = program.scene
    today = program.waiting(program.base[0])
    rules = list(enumerate(place.movable))
    single = [
        Choice(at, option, one.home, count)
        for at, one in rules
        for option in one.options
        for count in range(1, 2 if one.together else min(MOST_TOGETHER, len(one.crews)) + 1)
    ]
    best = today
    for size in range(1, program.limits.moves + 1):
        for chosen in combinations(single, size):
            if any(sum(each.crews for each in chosen if each.rule == at) > len(one.crews) for at, one in rules):
                continue
            if len({(each.rule, each.option) for each in chosen}) < size:
                continue
            plan = compile_plan(place.station, changed(place, chosen))
            goes = answering(plan)
            if cover_gaps(plan, place.system, program.limits.least) and _lower(plan, place.plan, program.limits.least):
                continue
            crews = time_on_duty(plan)[goes].sum(axis=0)[None]
            moved = sum(len(place.movable[each.rule].crews) if place.movable[each.rule].together else each.crews for each in chosen)
            best = min(best, program.waiting(crews) + WORTH * today * moved)
    return best


def _lower(plan: ResponsePlan, now: ResponsePlan, least: int) -> bool:
    """Return whether the cover is anywhere below the least and below that of today; both cycles are repeated to one length."""
    then, before = on_by_minute(plan, answering(plan)), on_by_minute(now, answering(now))
    length = int(np.lcm(len(then), len(before)))
    return bool((np.resize(then, length) < np.minimum(np.resize(before, length), least)).any())


@pytest.mark.parametrize("least", [0, 2])
def test_the_program_finds_what_brute_force_finds(least: int) -> None:
    """Every single move of the small scene, compiled: none leaves callers waiting less than that of the program."""
    program = chooser(least)
    found = program.solved(Effort(60.0).begin())
    assert found.x is not None
    assert found.value < program.waiting(program.base[0])
    assert found.value == pytest.approx(brute_force(program), rel=1e-2)
    assert found.bound <= found.value + 1e-9


@pytest.mark.slow
def test_two_moves_of_the_program_are_those_of_brute_force() -> None:
    """Every pair of moves of the small scene, compiled, against the program."""
    program = chooser(2, moves=2)
    found = program.solved(Effort(120.0).begin())
    assert found.value == pytest.approx(brute_force(program), rel=1e-2)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_moves_conserve_hours_and_people(seed: int) -> None:
    """Whatever is moved: officer-hours a week and the crews in all stay, and what the program adds up is what compiles."""
    place, rng = scene(), np.random.default_rng(seed)
    at = next(number for number, one in enumerate(place.movable) if not one.together)
    one = place.movable[at]
    picked = rng.choice(len(one.options), 2, replace=False).tolist()
    counts = [int(rng.integers(1, 3)), int(rng.integers(1, 3))]
    choices = [Choice(at, one.options[which], one.home, count) for which, count in zip(picked, counts, strict=True)]
    plan = compile_plan(place.station, changed(place, choices))
    assert staffed_h(plan) == pytest.approx(staffed_h(place.plan))
    assert len(plan.crews) == len(place.plan.crews)
    assert sum(len(crews) for crews in who_moves(one, choices).values()) == sum(counts)
    for choice in choices:
        rule = f"{one.rule.id}_{choice.option.pattern.id}" if choice.option else ""
        mine = [number for number, crew in enumerate(plan.crews) if crew.rule == rule]
        assert len(mine) == choice.crews
        groups = [place.on_duty(choice.option.pattern, number % choice.option.pattern.groups) for number in range(choice.crews)]  # type: ignore[union-attr]
        assert time_on_duty(plan)[mine].sum(axis=0) == pytest.approx(hourly(np.array(groups)).sum(axis=0))


def test_a_station_without_crews_to_move_stays_as_it_is() -> None:
    """Six beat officers and nobody else: nothing helps that keeps rest and cover, and that is said with a proof."""
    place = sample("station13")
    found = plan_moves(Question(place.station, place.system, place.plan, replications=0), Effort(20.0))
    assert found.moves == ()
    assert found.after is place.system
    assert found.part() == {}
    assert found.outlook.response_min[0] == found.outlook.response_min[1]
    assert found.proof.status == "optimal"


@pytest.mark.slow
def test_moves_of_the_town_are_shown_and_written() -> None:
    """The town: fewer crews by night, more in the evening; callers wait less in simulation, the cover stays, the file says so."""
    place = sample("town")
    found = plan_moves(Question(place.station, place.system, place.plan, moves=1, replications=4), Effort(30.0))
    assert found.moves
    assert found.outlook.change_min.high < 0.0
    assert all(move.shown for move in found.moves)
    assert found.outlook.mismatch[1].overall < found.outlook.mismatch[0].overall
    assert staffed_h(found.after_plan) == pytest.approx(staffed_h(found.plan))
    assert cover_gaps(found.after_plan, found.after) == cover_gaps(found.plan, found.system)
    assert _read_back(place, found.part()) == pytest.approx(time_on_duty(found.after_plan).sum(axis=0))


def _read_back(place: Scene, part: dict[str, list[dict[str, object]]]) -> np.ndarray:
    names = {"zh": "调整", "en": "Moved"}
    path = place.station.folder / "duty" / "moved.toml"
    path.write_text(DutyFile("moved", names, names, place.station.config.current, part).text(), encoding="utf-8")
    hours: np.ndarray = time_on_duty(compile_plan(place.station, read_system("moved", place.station.folder).system)).sum(axis=0)
    return hours


def test_a_file_says_what_was_moved() -> None:
    """Written as a duty file and read again, moves give the same crews on duty in every hour."""
    place = sample("town")
    at = next(number for number, one in enumerate(place.movable) if one.rule.id == "duty")
    option = next(each for each in place.movable[at].options if each.pattern.id == "four_groups_part8_1600")
    after = changed(place, [Choice(at, option, 0, 3)])
    assert _read_back(place, overlay(place.system, after)) == pytest.approx(
        time_on_duty(compile_plan(place.station, after)).sum(axis=0)
    )


@pytest.mark.slow
def test_crews_change_stations_by_a_posting() -> None:
    """Two crews of a quiet station of the bureau join a busy one: hours stay, and the file reads back."""
    place = sample("bureau")
    at = next(number for number, one in enumerate(place.movable) if one.rule.id == "duty@C1")
    choice = Choice(at, None, place.places.ids.index("N2"), 2)
    after = changed(place, [choice])
    plan = compile_plan(place.station, after)

    def count(of: ResponsePlan, rule: str) -> int:
        return sum(crew.rule == rule for crew in of.crews)

    assert count(plan, "duty@N2") == count(place.plan, "duty@N2") + 2
    assert count(plan, "duty@C1") == count(place.plan, "duty@C1") - 2
    assert staffed_h(plan) == pytest.approx(staffed_h(place.plan))
    assert {one.unit for one in after.posting if one not in place.system.posting} == {"N2"}
    assert _read_back(place, overlay(place.system, after)) == pytest.approx(time_on_duty(plan).sum(axis=0))


def test_systems_without_moves_need_no_file() -> None:
    """Nothing moved, nothing written."""
    system: DutySystem = scene().system
    assert overlay(system, changed(scene(), [])) == {}
