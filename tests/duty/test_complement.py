"""Complement: officers by class and hour, skills as bits, and classes that can never be served."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan, compile_with_findings
from qinwu.duty.complement import hours_between, required, rule_that_binds
from qinwu.duty.system import CallFilter, Complement, DutySystem
from qinwu.findings import Finding, QinwuError
from qinwu.station.force import Force, Officer
from qinwu.station.station import Station
from tests.duty.small_systems import always, order, quarters, squad
from tests.stations import CALL_CLASSES, nine_atoms


def with_skills(station: Station, call_class: str, *skills: str, held: dict[str, set[str]]) -> Station:
    """Return the station with a class that needs skills, and officers who hold some."""
    classes = [one.model_copy(update={"skills": skills}) if one.id == call_class else one for one in station.config.call_class]
    force = Force(tuple(Officer(one.id, one.kind, one.post, frozenset(held.get(one.id, set()))) for one in station.force))
    return replace(station, config=station.config.model_copy(update={"call_class": tuple(classes)}), force=force)


def errors(station: Station, system: DutySystem) -> list[Finding]:
    with pytest.raises(QinwuError) as caught:
        compile_plan(station, system)
    return [finding for finding in caught.value.findings if finding.severity == "error"]


@pytest.mark.parametrize(
    ("between", "hours"),
    [
        (("00:00", "00:00"), set(range(24))),
        (("08:00", "10:00"), {8, 9}),
        (("22:00", "02:00"), {22, 23, 0, 1}),
        (("08:30", "09:31"), {8, 9}),
        (("08:31", "09:30"), set()),
    ],
)
def test_hours_between(between: tuple[str, str], hours: set[int]) -> None:
    """An hour is inside when its middle is; midnight may be passed; equal times are all day."""
    assert set(np.flatnonzero(hours_between(between)).tolist()) == hours


def test_the_first_rule_that_fits_class_and_hour_says_how_many() -> None:
    """At night every enforcement call takes three; thefts take two by day; the others what their class says."""
    rules = (
        Complement(calls=CallFilter(kind=("enforcement",)), between=("22:00", "06:00"), officers=3, sworn=2),
        Complement(calls=CallFilter(call_class=("theft",)), officers=2, sworn=1),
    )
    people, sworn = required(CALL_CLASSES, rules)
    robbery, theft, dispute = (
        next(n for n, one in enumerate(CALL_CLASSES) if one.id == name) for name in ("robbery", "theft", "dispute")
    )
    assert (people[robbery, 23], people[robbery, 12]) == (3, 2)
    assert (people[theft, 23], sworn[theft, 23]) == (3, 2)
    assert (people[theft, 24 + 12], sworn[theft, 24 + 12]) == (2, 1)
    assert people[dispute].tolist() == [2] * 168
    assert [rule_that_binds(CALL_CLASSES[theft], rules, hour) for hour in (23, 12)] == [0, 1]
    assert rule_that_binds(CALL_CLASSES[dispute], rules, 12) is None


def test_sworn_never_exceed_people() -> None:
    """A rule that asks for more sworn officers than people means them all."""
    people, sworn = required(CALL_CLASSES, (Complement(officers=1, sworn=3),))
    assert (people == 1).all()
    assert (sworn == 1).all()


def test_skills_are_bits_of_the_union_in_alphabetical_order() -> None:
    """Two skills of officers and one of a class: the crew's mask covers the class's."""
    station = with_skills(nine_atoms(), "theft", "prints", held={"P05": {"prints"}, "P01": {"law", "english"}})
    plan = compile_plan(station, quarters())
    assert plan.dispatching.skills.tolist() == [0, 0b100, 0, 0, 0]
    masks = {crew.id: int(mask) for crew, mask in zip(plan.crews, plan.crew.skills, strict=True) if mask}
    assert masks == {"beat-sw": 0b011, "duty-A1": 0b100}


def test_a_skill_nobody_has_is_an_error() -> None:
    """A class that needs what no officer in a crew can do is named."""
    (error,) = errors(with_skills(nine_atoms(), "theft", "diving", held={}), quarters())
    assert (error.code, error.values) == ("skill-nobody-has", {"call_class": "theft", "skills": "diving"})


def test_more_skills_than_bits_is_an_error() -> None:
    """Sixty-three different skills cannot be told apart."""
    held = {"P01": {f"s{number:02d}" for number in range(63)}}
    (error,) = errors(with_skills(nine_atoms(), "theft", held=held), quarters())
    assert (error.code, error.values["count"]) == ("too-many-skills", 63)


def test_a_class_that_can_never_be_served_is_named() -> None:
    """Single officers who are never on together cannot serve calls that take two, unless somebody else may come."""
    changes = {
        "squad": [squad("one", staff={"sworn": 1}), squad("rest", staff={"sworn": "rest", "auxiliary": "rest"})],
        **always({"id": "one", "squad": "one", "form": "team"}),
        "beat": [],
        "sector": [],
        "pair": [],
    }
    found = errors(nine_atoms(), quarters(**changes, dispatch={"order": [order("station")]}))
    assert {error.code for error in found} == {"complement-never-met"}
    assert {error.values["call_class"] for error in found} == {"robbery", "dispute", "hotel"}
    assert found[0].values["people_there"] == 1
    _, findings = compile_with_findings(nine_atoms(), quarters(**changes, dispatch={"order": [order("station", "neighbour")]}))
    assert not [finding for finding in findings if finding.severity == "error"]


def test_officers_of_different_watches_are_not_counted_together() -> None:
    """Two officers who relieve each other are never two on the scene."""
    changes = {
        "squad": [squad("duty", staff={"sworn": "rest", "auxiliary": 0})],
        "crews": [{"id": "duty", "squad": "duty", "form": "single", "count": 2, "pattern": "halves"}],
        "dispatch": {"order": [order("squad:duty")]},
    }
    assert {error.values["call_class"] for error in errors(nine_atoms(), quarters(**changes))} == {"robbery", "dispute", "hotel"}


def test_who_joins_counts_towards_the_complement() -> None:
    """One officer first and another from the support row are two."""
    rule = order("crew:duty-A1", support=[{"who": "crew:duty-A2"}])
    changes = {
        "squad": [squad("duty", staff={"sworn": "rest"})],
        **always({"id": "duty", "squad": "duty", "form": "single"}),
    }
    plan = compile_plan(nine_atoms(), quarters(**changes, dispatch={"order": [rule]}))
    assert plan.dispatching.people.max() == 2
