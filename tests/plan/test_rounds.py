"""A month's rounds at the sample stations: every rule kept, the same seed the same month, taken up again, stopped, told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from qinwu.plan.effort import Effort, Progress
from qinwu.plan.rounds.aims import Aims, sample_aims, seconds_of_day
from qinwu.plan.rounds.answer import Rounds
from qinwu.plan.rounds.case import Case
from qinwu.plan.rounds.due import due_visits
from qinwu.plan.rounds.inspecting import drawn, inspection_task
from qinwu.plan.rounds.month import month_of
from qinwu.plan.rounds.outings import budget_of, teams
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.planning import plan_rounds
from qinwu.plan.rounds.question import Question
from qinwu.plan.rounds.visits import busy
from tests.plan.rounds_cases import free, last_inspected, sample

MARCH = month_of("2026-03")


def question(name: str, **changes: Any) -> Question:
    station, system, plan = sample(name)
    aims = Aims.model_validate({**sample_aims().model_dump(), **changes})
    last = last_inspected(station.venues, date(2026, 2, 10))
    return Question(station, system, plan, aims, MARCH, last, spans=free(name, "2026-03"))


def planned(name: str, seconds: float = 0.6, seed: int = 1, **changes: Any) -> Rounds:
    return plan_rounds(question(name, **changes), Effort(seconds, seed))


@pytest.fixture(scope="module")
def town() -> Rounds:
    return planned("town")


@pytest.fixture(scope="module")
def thirteen() -> Rounds:
    return planned("station13")


def broken(asked: Question, found: Rounds) -> Iterator[str]:
    """Yield every rule that a month breaks."""
    case = Case.of(replace(asked, start=None), 1)
    people, venues = case.people, {venue.id: venue for venue in asked.station.venues}
    free = {(span.officer, span.day, span.start_s, span.end_s) for span in case.spans}
    taken = busy(found.tours, found.month)
    budget = budget_of(case.spans, asked.aims.most_share, {})
    for officer, tours in taken.items():
        for day, start, end in tours:
            if not any(who == officer and on == day and a <= start + 1 and end <= b + 1 for who, on, a, b in free):
                yield f"{officer} is not free on day {day}"
        ordered = sorted((day * 86400 + start, day * 86400 + end) for day, start, end in tours)
        if any(two[0] < one[1] - 1 for one, two in pairwise(ordered)):
            yield f"{officer} is in two places"
        for day in {day for day, _, _ in tours}:
            if sum(end - start for on, start, end in tours if on == day) > budget[officer, day] + 60.0:
                yield f"more of {officer}'s day {day} is planned than may be"
    for visit in found.inspections:
        opens, closes = (seconds_of_day(one) for one in asked.aims.hours_of(venues[visit.venue].kind))
        begin = visit.start.hour * 3600.0 + visit.start.minute * 60.0 + visit.start.second
        begin += 86400.0 if begin < opens and begin + 86400.0 < closes else 0.0
        if begin < opens - 1 or begin + (visit.end - visit.start).total_seconds() > closes + 1:
            yield f"{visit.id} is closed"
        if [people.officers[officer].kind for officer in visit.officers] != ["sworn"] * asked.aims.inspection.officers:
            yield f"{visit.id} is made by {visit.officers}"
    for visit in found.beat_visits:
        if people.beat_officer(visit.atom) not in visit.officers:
            yield f"{visit.id} is not in the own beat"


@pytest.mark.parametrize(
    "name", ["station13", pytest.param("town", marks=pytest.mark.slow), pytest.param("rural", marks=pytest.mark.slow)]
)
def test_no_rule_is_broken(name: str) -> None:
    """Free, open, two sworn, one place at a time, no more of a day than may be planned; nothing due is left out."""
    asked = question(name)
    found = plan_rounds(asked, Effort(0.6))
    assert list(broken(asked, found)) == []
    assert found.left_out == ()
    due = Case.of(asked, 1).due
    assert sorted(visit.id for visit in found.inspections) == sorted(visit.id for visit in due)
    assert found.proof.bound <= found.proof.value + 1e-6


def test_the_same_seed_gives_the_same_draw_and_another_another(thirteen: Rounds) -> None:
    """Who inspects which venue depends on the seed and on nothing else; not on how long it took."""
    again, other = planned("station13", 0.3), planned("station13", 0.3, seed=2)
    teams = [{visit.id: visit.officers for visit in found.inspections} for found in (thirteen, again, other)]
    assert teams[0] == teams[1]
    assert teams[0] != teams[2]


def test_the_draw_is_dealt_out_fairly() -> None:
    """Over thirty seeds no officer of the six inspects more than twice as often as another."""
    case = Case.of(replace(question("station13"), last={}), 1)
    given: dict[str, int] = {}
    for seed in range(30):
        outings = teams(case.spans, case.people, case.month, 2, 2, budget_of(case.spans, 0.7, {}), seed)
        visits, _ = due_visits(case.question.station.venues, case.aims, case.month, {}, seed)
        task = inspection_task(visits, outings, case.aims, case.people, case.month)
        for route in drawn(task, visits, outings, seed).routes:
            for officer in outings[route.outing].officers:
                given[officer] = given.get(officer, 0) + len(route.visits)
    assert len(given) == 6
    assert max(given.values()) <= 2.0 * min(given.values())


def test_vetoes_absences_and_own_beats_are_kept() -> None:
    """Nobody goes where a veto stands, while absent, or to a venue of the own beat."""
    asked = question(
        "station13",
        veto=[{"officer": "P008", "kind": "hotel"}, {"officer": "P009", "venue": "V005"}],
        absent=[{"officer": "P010", "since": "2026-03-05", "until": "2026-03-20"}],
        inspection={"own_beat": False},
        grade=[{"id": grade, "interval_days": 14} for grade in "ABC"],
    )
    found = plan_rounds(asked, Effort(0.6))
    people = People.of(asked.station, asked.system)
    hotels = {venue.id for venue in asked.station.venues if venue.kind == "hotel"}
    assert len(found.inspections) > 30
    for visit in found.inspections:
        assert not ("P008" in visit.officers and visit.venue in hotels)
        assert not ("P009" in visit.officers and visit.venue == "V005")
        assert people.beat_officer(visit.atom) not in visit.officers
    away = [tour for tour in found.tours if "P010" in tour.officers and date(2026, 3, 5) <= tour.day < date(2026, 3, 20)]
    assert away == []


def test_specialists_lead_and_beat_officers_are_spared(town: Rounds) -> None:
    """In a town with a functional beat its officer is at every inspection; the others' hours there are told (M7)."""
    (specialist,) = [load for load in town.loads if load.role == "specialist"]
    assert all(visit.officers[0] == specialist.officer for visit in town.inspections)
    others = [load.inspection_h for load in town.loads if load.role == "beat"]
    assert specialist.inspection_h > max(others)
    stays = sum((visit.end - visit.start).total_seconds() for visit in town.inspections) / 3600.0
    assert sum(load.own_h for load in town.loads) == pytest.approx(stays)
    assert sum(others) < 2.0 * stays
    assert sum(load.inspection_h for load in town.loads) == pytest.approx(
        sum(tour.officer_hours for tour in town.tours if tour.visits[0].kind == "inspection")
    )


def test_contact_hours_are_those_of_the_visits(town: Rounds) -> None:
    """Each beat's ledger adds up to the visits in it (M19)."""
    assert sum(one.beat_visit_h for one in town.contacts) == pytest.approx(sum(visit.officer_hours for visit in town.beat_visits))
    assert sum(one.inspections for one in town.contacts) == len(town.inspections)


@pytest.mark.slow
def test_routes_decide_more_cheaply_than_the_lot() -> None:
    """With the same teams, letting routes choose the venues costs no more than dealing them out by lot."""
    lots, routed = planned("town", 4.0), planned("town", 4.0, inspection={"draw": "officers"})
    assert sum(tour.travel_s for tour in routed.tours if tour.visits[0].kind == "inspection") <= 1.1 * sum(
        tour.travel_s for tour in lots.tours if tour.visits[0].kind == "inspection"
    )
    assert lots.draw.free_s <= 60.0 * lots.proof.value


def test_what_is_done_stays_and_the_rest_is_planned_anew(thirteen: Rounds) -> None:
    """On the 12th, with P009 ill from then on: everything before stays, the rest avoids P009, nothing is visited twice."""
    today = date(2026, 3, 12)
    asked = question("station13", absent=[{"officer": "P009", "since": today, "until": "2026-04-01"}])
    again = plan_rounds(replace(asked, start=thirteen, today=today), Effort(0.6))
    before = [tour for tour in thirteen.tours if tour.day < today]
    assert [tour for tour in again.tours if tour.day < today] == before
    assert not any("P009" in tour.officers for tour in again.tours if tour.day >= today)
    ids = [visit.id for visit in again.visits]
    assert len(ids) == len(set(ids))
    assert {visit.id for visit in again.inspections} == {visit.id for visit in thirteen.inspections}


def test_a_visit_that_is_fixed_stays_where_it_is(thirteen: Rounds) -> None:
    """One inspection in the second half of the month is kept while the month is drawn with another seed."""
    late = thirteen.inspections[-1]
    again = plan_rounds(replace(question("station13"), start=thirteen, keep=frozenset({late.id})), Effort(1.0, seed=9))
    assert late in again.visits
    assert late.id in again.kept


def test_a_plan_that_is_stopped_at_once_is_whole() -> None:
    """Asked to stop before it began, the month is planned all the same, only not improved."""
    effort = Effort(60.0)
    effort.stop.set()
    asked = question("station13")
    found = plan_rounds(asked, effort)
    assert found.proof.interrupted
    assert found.proof.seconds < 20.0
    assert list(broken(asked, found)) == []
    assert found.left_out == ()


def test_progress_is_told() -> None:
    """Whoever watches hears of travel and delay so far, in minutes."""
    told: list[Progress] = []
    plan_rounds(question("station13"), Effort(2.0, on_progress=told.append))
    assert told
    assert all(step.value > 0.0 for step in told)


def test_a_roster_takes_the_place_of_the_pattern() -> None:
    """Two officers rostered on one day only: all inspections are theirs, on that day."""
    asked = question("station13", beat_visit={"hours_per_week": 0}, patrol={"places": 0})
    day = date(2026, 3, 17)
    start = MARCH.time((day - MARCH.first).days, 9 * 3600.0)
    shifts = {officer: [(start, start + timedelta(hours=9))] if officer in ("P008", "P011") else [] for officer in sample_ids()}
    aims = asked.aims.model_copy(update={"most_share": 1.0})
    found = plan_rounds(replace(asked, roster=shifts, aims=aims), Effort(1.0))
    assert found.inspections
    assert {visit.start.date() for visit in found.inspections} == {day}
    assert {frozenset(visit.officers) for visit in found.inspections} == {frozenset({"P008", "P011"})}


def sample_ids() -> list[str]:
    station, _, _ = sample("station13")
    return [officer.id for officer in station.force]


def test_a_station_without_venues_and_calls_has_beat_visits_only() -> None:
    """Nothing to inspect, no hot places: beat visits are still planned."""
    asked = question("station13")
    bare = replace(asked.station, venues=(), calls=replace(asked.station.calls, table=asked.station.calls.table.clear()))
    found = plan_rounds(replace(asked, station=bare, last={}, spans=None), Effort(1.0))
    assert found.inspections == ()
    assert found.patrols == ()
    assert len(found.beat_visits) > 50


def test_hours_become_work_of_a_duty_file(thirteen: Rounds) -> None:
    """What is planned is written by officer and adds up to the hours of the month."""
    work = thirteen.part()["work"]
    hours = sum(item["hours_per_week"] for item in work) * MARCH.weeks
    assert hours == pytest.approx(sum(tour.officer_hours for tour in thirteen.tours), abs=0.5)
    assert {item["kind"] for item in work} == {"inspection", "beat_visit"}


def test_the_search_goes_on_from_an_earlier_plan() -> None:
    """A month planned well, taken up again and stopped at once: as good as it was, not as it would be from nothing."""
    asked = question("station13", inspection={"draw": "officers"}, grade=[{"id": grade, "interval_days": 20} for grade in "ABC"])
    good, effort = plan_rounds(asked, Effort(4.0)), Effort(60.0)
    effort.stop.set()
    poor = plan_rounds(asked, effort)
    again = plan_rounds(replace(asked, start=good), effort)
    assert poor.proof.value > good.proof.value
    assert again.proof.value == pytest.approx(good.proof.value)
    assert list(broken(asked, again)) == []
