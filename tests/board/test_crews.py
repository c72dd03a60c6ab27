"""Crews: skills that lapse, training that is protected, equipment that is lacking, and who may crew what."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START
from tests.board.test_calls import proposed, taken
from tests.board.test_today import on_duty, wanted

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Equipment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = date(2026, 3, 4)


def asking(force: InForce, skill: str, call_class: str = "help") -> InForce:
    """Return the duty system in force of a station whose calls of a class ask for a skill."""
    from qinwu.duty.compile import compile_plan

    classes = tuple(
        one.model_copy(update={"skills": (skill,)}) if one.id == call_class else one for one in force.station.config.call_class
    )
    station = replace(force.station, config=force.station.config.model_copy(update={"call_class": classes}))
    return replace(force, station=station, plan=compile_plan(station, force.loaded.system))


def crews_on_duty(force: InForce) -> list[int]:
    """Return the station's own crews on duty, by position."""
    from qinwu.board.dispatch.at_hand import at_hand

    crews = at_hand(force, START).situation.crews
    return [k for k, crew in enumerate(crews) if crew.on_duty and force.plan.crews[k].officers]


def piece(code: str, kind: str = "vehicle", unit: str = "") -> Equipment:
    """Return a new piece of equipment."""
    from qinwu.board.models import Equipment

    return Equipment.objects.create(code=code, kind=kind, unit=unit, since=START)


def test_a_skill_that_lapsed_no_longer_counts(force: InForce) -> None:
    """The driver's skill decides who goes; the day after its last the crew is unfit, and the line says so."""
    from qinwu.board.roster.skills import Written, end, keep

    asks = asking(force, "driver")
    crew, officer = on_duty(asks)
    call = taken(asks)
    assert crew in [line.crew for line in (*proposed(asks, call).going, *proposed(asks, call).others) if "skill" not in line.why]
    keep(asks, Written(officer, "driver", TODAY - 400 * DAY, TODAY - DAY), "sergeant")
    assert crew not in [line.crew for line in proposed(asks, call).going]
    why = next(line.why for line in proposed(asks, call).others if line.crew == crew)
    assert "lacks a skill" in why
    renewed = keep(asks, Written(officer, "driver", TODAY, None), "sergeant")
    assert "lacks a skill" not in [line.why for line in proposed(asks, call).others if line.crew == crew]
    end(renewed, TODAY - DAY, "sergeant")
    assert "lacks a skill" in next(line.why for line in proposed(asks, call).others if line.crew == crew)


def test_who_may_crew_what(force: InForce) -> None:
    """For a class that asks for a skill exactly the officers who have it today qualify, and the crews they are in."""
    from qinwu.board.roster.skills import held
    from qinwu.duty.skills import qualified

    asks = asking(force, "mediation", "dispute")
    lines = list(qualified(asks.plan.crews, asks.station.config.call_class, held(asks, START)))
    have = [one.id for one in asks.station.force if "mediation" in one.skills]
    assert {line.call_class for line in lines} == {"dispute"}
    in_crews = [name for label in asks.plan.crews for name in label.officers]
    assert sorted(name for line in lines for name in line.officers) == sorted(name for name in have if name in in_crews)


def test_everything_wrong_with_a_skill_is_said(force: InForce) -> None:
    """An officer nobody knows, no skill, an end before the beginning: three problems, nothing kept."""
    from qinwu.board.models import Skill
    from qinwu.board.roster.skills import Written, keep

    with pytest.raises(QinwuError) as refused:
        keep(force, Written("P99", " ", TODAY, TODAY - DAY), "sergeant")
    assert {one.code for one in refused.value.findings} == {"unknown-officer", "no-skill", "end-before-start"}
    assert not Skill.objects.exists()


def test_training_is_not_given_up_without_a_reason_and_a_new_day(force: InForce) -> None:
    """An order into approved training is refused; with a reason and a day after it the training moves, its hours told as lost."""
    from qinwu.board.models import Absence
    from qinwu.board.roster.absences import answer, ask, order

    course = ask(force, wanted(force, kind="training", start=START + HOUR, end=START + 5 * HOUR), "officer")
    answer(course, approved=True, by="chief")
    away = wanted(force, kind="campaign", start=START + 2 * HOUR, end=START + 4 * HOUR, ordered_by="bureau 7")
    for missing in (away, replace(away, reason="search"), replace(away, training_on=START + DAY)):
        with pytest.raises(QinwuError) as refused:
            order(force, missing, "chief")
        assert {one.code for one in refused.value.findings} == {"training-protected"}
    with pytest.raises(QinwuError) as refused:
        order(force, replace(away, reason="search", training_on=START + 3 * HOUR), "chief")
    assert {one.code for one in refused.value.findings} == {"training-day"}
    order(force, replace(away, reason="search", training_on=START + DAY), "chief")
    spans = {(one.state, one.start - START, (one.end or one.start) - START) for one in Absence.objects.filter(kind="training")}
    assert spans == {
        ("approved", HOUR, 2 * HOUR),
        ("lost", 2 * HOUR, 4 * HOUR),
        ("approved", 4 * HOUR, 5 * HOUR),
        ("approved", DAY, DAY + 2 * HOUR),
    }


def test_hours_of_training_are_told(force: InForce) -> None:
    """What was held, lost and is to come adds up to what was approved; the norm is the duty system's."""
    from qinwu.board.roster.absences import answer, ask, order
    from qinwu.board.roster.training import training_of

    officer = on_duty(force)[1]
    for start in (START - 10 * DAY, START + 2 * DAY):
        answer(ask(force, wanted(force, kind="training", start=start, end=start + 4 * HOUR), "officer"), approved=True, by="chief")
    away = wanted(force, kind="meeting", start=START + 2 * DAY, end=START + 2 * DAY + HOUR, ordered_by="bureau 7", reason="court")
    order(force, replace(away, training_on=START + 5 * DAY), "chief")
    line = next(one for one in training_of(force, START).lines if one.officer == officer)
    assert line.held_h >= 4.0
    assert line.coming_h >= 4.0
    assert line.lost_h == pytest.approx(1.0)
    assert line.norm_h == pytest.approx(10 / 7, rel=0.2)


def test_a_crew_without_its_car_is_not_proposed(force: InForce) -> None:
    """No car, one in repair, one for two crews: each time the line says in words what is lacking."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.roster import equipment

    call = taken(force)
    group = force.plan.crews[crews_on_duty(force)[0]].rule
    equipment.need(force, group, "vehicle", 1, "sergeant")
    told = proposed(force, call)
    own = {label.id for label in force.plan.crews if label.rule == group}
    assert not own.intersection(line.crew for line in told.going)
    assert "lacks vehicle: needs 1, has 0; 0 free, 0 in repair" in {line.why for line in told.others}
    car = piece("V1")
    equipment.put(car, "repair", "sergeant", "brakes")
    assert "lacks vehicle: needs 1, has 0; 0 free, 1 in repair" in {line.why for line in proposed(force, call).others}
    equipment.put(car, "ready", "sergeant")
    first = proposed(force, call).going
    assert own.intersection(line.crew for line in first)
    sendings.send(force, call, [line.order for line in first if line.crew in own][:1], "dispatcher")
    other = taken(force)
    assert not own.intersection(line.crew for line in proposed(force, other).going)


def test_of_two_crews_for_one_call_one_takes_the_car(force: InForce) -> None:
    """A call that asks for two crews gets one of those that would need the same car."""
    from qinwu.board.roster import equipment

    group = force.plan.crews[crews_on_duty(force)[0]].rule
    call = taken(force, people=2)
    own = {label.id for label in force.plan.crews if label.rule == group}
    without = own.intersection(line.crew for line in proposed(force, call).going)
    equipment.need(force, group, "vehicle", 1, "sergeant")
    piece("V1")
    assert len(without) == 2
    assert len(own.intersection(line.crew for line in proposed(force, call).going)) == 1


def test_two_crews_cannot_hold_one_piece(force: InForce) -> None:
    """Two writers at once give one radio to two crews: one has it, the other is told which."""
    from django.db import connection

    from qinwu.board.models import Equipment
    from qinwu.board.roster import equipment

    piece("R1", "radio")
    crews = [label.id for label in force.plan.crews if label.officers][:4]

    def give(crew: str) -> str:
        try:
            equipment.give(force, Equipment.objects.get(code="R1"), crew, "sergeant")
        except QinwuError as error:
            return error.findings[0].code
        finally:
            connection.close()
        return "given"

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(give, crews))
    assert found == ["given"] + ["piece-taken"] * 3
    assert Equipment.objects.get().crew in crews


def test_everything_wrong_with_equipment_is_said(force: InForce) -> None:
    """No code and kind, an unknown unit, a code twice, rooms as a need, a piece in repair, one of another unit."""
    from qinwu.board.roster import equipment

    def codes(error: QinwuError) -> set[str]:
        return {one.code for one in error.findings}

    crew = next(label.id for label in force.plan.crews if label.officers)
    with pytest.raises(QinwuError) as refused:
        equipment.enter(force, " ", "", "moon", "sergeant")
    assert codes(refused.value) == {"no-code", "no-kind", "unknown-unit"}
    equipment.enter(force, "V1", "vehicle", "", "sergeant")
    with pytest.raises(QinwuError) as refused:
        equipment.enter(force, "V1", "radio", "", "sergeant")
    assert codes(refused.value) == {"code-taken"}
    with pytest.raises(QinwuError) as refused:
        equipment.need(force, "nobody", "interview_room", 1, "sergeant")
    assert codes(refused.value) == {"unknown-group", "room-needed"}
    broken = piece("V2")
    equipment.put(broken, "repair", "sergeant", "tyre")
    with pytest.raises(QinwuError) as refused:
        equipment.give(force, broken, crew, "sergeant")
    assert codes(refused.value) == {"not-ready"}
    with pytest.raises(QinwuError) as refused:
        equipment.give(force, piece("V3", unit="outpost"), crew, "sergeant")
    assert codes(refused.value) == {"other-unit"}


def test_the_page_of_skills_and_equipment(seat: Callable[..., Client], force: InForce) -> None:
    """A sergeant keeps skills, needs and pieces; an officer takes and returns for the own crew only."""
    from qinwu.board.models import Equipment, EquipmentNeed, Skill

    crew, officer = on_duty(force)
    other = next(label.id for label in force.plan.crews if label.officers and officer not in label.officers)
    sergeant, own = seat("sergeant"), seat("officer", officer=officer)
    form: dict[str, Any] = {"officer": officer, "skill": "driver", "since": "2025-03-20", "until": "2026-03-20"}
    assert own.post("/skills/keep", form).status_code == 403
    assert sergeant.post("/skills/keep", form).status_code == 302
    page = own.get("/skills-and-equipment").content.decode()
    assert "2026-03-20" in page
    assert sergeant.post("/equipment/enter", {"code": "V1", "kind": "vehicle", "unit": ""}).status_code == 302
    assert sergeant.post("/equipment/need", {"group": "", "kind": "vehicle", "count": "1"}).status_code == 302
    car = Equipment.objects.get()
    assert own.post("/equipment/give", {"piece": "V1", "crew": other}).status_code == 403
    assert own.post("/equipment/give", {"piece": "V1", "crew": crew}).status_code == 302
    assert sergeant.post("/equipment/give", {"piece": "V1", "crew": other}).status_code == 409
    assert own.post(f"/equipment/{car.pk}/repair", {"fault": "light"}).status_code == 302
    assert own.post(f"/equipment/{car.pk}/ready").status_code == 403
    assert sergeant.post(f"/equipment/{car.pk}/ready").status_code == 302
    assert own.post(f"/equipment/{car.pk}/return").status_code == 302
    wrong = sergeant.post("/skills/keep", {"officer": officer, "skill": "", "since": "soon", "certificate": "A7"})
    assert wrong.status_code == 422
    assert 'value="A7"' in wrong.content.decode()
    assert sergeant.post(f"/skills/{Skill.objects.get().pk}/end").status_code == 302
    assert sergeant.post("/equipment/need", {"group": "", "kind": "vehicle", "count": "0"}).status_code == 302
    assert not EquipmentNeed.objects.exists()


def test_an_officer_who_left_is_told(seat: Callable[..., Client], force: InForce) -> None:
    """Accounts, skills and absences of somebody who is not in the officers file: the pages stand, and say so."""
    from qinwu.board.models import Absence, Skill

    Skill.objects.create(officer="P777", skill="driver", since=TODAY)
    Absence.objects.create(officer="P777", kind="leave", start=START, end=START + DAY, state="approved", asked_by="x")
    retired = seat("officer", officer="P777")
    for address in ("/skills-and-equipment", "/today", "/swaps"):
        answer = retired.get(address)
        assert answer.status_code == 200
    page = seat("chief").get("/skills-and-equipment").content.decode()
    assert "P777" in page
    assert "no longer in the officers file" in page
