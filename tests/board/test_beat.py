"""My beat: what is due on it, whose it is, the draw anybody can repeat, hours, and targets with what was counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.conftest import START

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

INSPECTED = {"kind": "inspection", "opened": START, "opened_by": "x", "due": START, "done_by": "x", "spent": 40, "title": "check"}


@pytest.fixture
def work(force: InForce) -> Callable[[str], Any]:
    """Return what is due on a beat now."""
    from qinwu.board.beat import beat_work

    def due(beat: str) -> Any:
        found = next(each for each in force.loaded.system.beat if each.id == beat)
        return beat_work.work_of(force, found, beat_work.draw_of(force, beat_work.today_at(force)))

    return due


def own_beat(force: InForce) -> tuple[str, str]:
    """Return a geographic beat that answers for venues of its own or has some in it, and its officer."""
    from qinwu.board.access.reach import officers_of

    inside = {force.standing.beat_of_atom.get(venue.atom) for venue in force.station.venues}
    found = officers_of(force)
    return next((beat.id, found[beat.id]) for beat in force.standing.beats if beat.id in inside and beat.id in found)


def test_an_officer_sees_the_own_beat_and_no_other(force: InForce, seat: Callable[..., Client]) -> None:
    """The own beat opens by itself; another is refused, to make tasks of what is due there too."""
    beat, officer = own_beat(force)
    other = next(each.id for each in force.standing.beats if each.id != beat)
    client = seat("officer", officer=officer)
    page = client.get("/my-beat")
    assert page.status_code == 200
    assert beat in page.content.decode()
    assert client.get(f"/my-beat?beat={other}").status_code == 403
    assert client.post("/my-beat/due", {"beat": other}).status_code == 403
    assert client.post("/my-beat/due", {"beat": "nowhere"}).status_code == 403


def test_a_chief_sees_all_beats_and_each_of_them(force: InForce, seat: Callable[..., Client]) -> None:
    """Beside each other first, and one by one on request."""
    chief = seat("chief")
    page = chief.get("/my-beat").content.decode()
    for beat in force.loaded.system.beat:
        assert f"?beat={beat.id}" in page
        assert chief.get(f"/my-beat?beat={beat.id}").status_code == 200


def test_an_officer_without_a_beat_is_told(force: InForce, seat: Callable[..., Client]) -> None:
    """Who answers for no beat sees the own hours and that there is none."""
    from qinwu.board.access.reach import officers_of

    officer = next(one.id for one in force.station.force if one.id not in officers_of(force).values())
    assert "You answer for no beat" in seat("officer", officer=officer).get("/my-beat").content.decode()


def test_an_inspection_done_on_the_board_moves_the_next_one(force: InForce, work: Callable[[str], Any]) -> None:
    """After an inspection the venue is due one interval later; a closed door changes nothing."""
    from qinwu.board.models import Task

    beat, _ = own_beat(force)
    before = [*work(beat).venues, *(each for each, _owner in work(beat).others)]
    late = next(one for one in before if one.late_days)
    fields = INSPECTED | {"venue": late.venue.id, "beat": beat, "done": START}
    Task.objects.create(**fields, result="nobody_there")
    assert due_of(work(beat), late.venue.id).late_days == late.late_days
    Task.objects.create(**fields, result="done")
    after = due_of(work(beat), late.venue.id)
    assert after.late_days == 0
    assert after.last == START.date()
    assert after.due == START.date() + timedelta(days=int(after.interval_days))


def due_of(work: Any, venue: str) -> Any:
    """Return when a venue of a beat is due, whoever answers for it."""
    return next(one for one in (*work.venues, *(each for each, _owner in work.others)) if one.venue.id == venue)


def test_each_venue_is_answered_for_by_one_beat(force: InForce, work: Callable[[str], Any]) -> None:
    """Every venue is due on exactly one beat; what a specialist takes is named on the geographic beat as the specialist's."""
    owned = [one.venue.id for beat in force.loaded.system.beat for one in work(beat.id).venues]
    assert sorted(owned) == sorted(venue.id for venue in force.station.venues)


def test_what_is_due_becomes_tasks_once(force: InForce, seat: Callable[..., Client], work: Callable[[str], Any]) -> None:
    """Pressing the button twice makes each task once; each has a beat, a place, minutes and this week's end."""
    from qinwu.board.models import Task, TrailEntry

    beat, officer = own_beat(force)
    due = work(beat)
    wanted = len({one.venue.id for one in due.due} | {one.visit.venue.id for one in due.drawn}) + len(due.stays)
    assert due.stays
    client = seat("officer", officer=officer)
    for _ in range(2):
        assert client.post("/my-beat/due", {"beat": beat}).status_code == 302
    tasks = list(Task.objects.filter(kind__in=("inspection", "visit")))
    assert len(tasks) == wanted
    assert all(task.beat == beat and task.atom and task.minutes > 0 and task.due > START for task in tasks)
    assert TrailEntry.objects.filter(action="task.give").count() == wanted
    assert tasks[0].title in client.get("/my-beat").content.decode()


def test_visits_that_were_made_are_not_due_again(force: InForce, work: Callable[[str], Any]) -> None:
    """A visit done on the board is taken off what is owed this week, in its place."""
    from qinwu.board.models import Task

    beat, officer = own_beat(force)
    before = work(beat)
    stay = before.stays[0]
    fields = INSPECTED | {"kind": "visit", "beat": beat, "atom": stay.atom, "officer": officer, "done": START}
    Task.objects.create(**fields, result="done")
    after = work(beat)
    assert len(after.stays) == len(before.stays) - 1
    assert after.made == before.made + 1


def test_the_draw_is_the_same_all_week_and_anybody_can_repeat_it(force: InForce, work: Callable[[str], Any]) -> None:
    """What is inspected meanwhile changes nothing; the seed on the page gives the draw again; another seed another."""
    from qinwu.board.beat import beat_work
    from qinwu.board.models import Task
    from qinwu.plan.rounds.week import week_draw

    before = beat_work.draw_of(force, START.date())
    assert before.drawn
    first = before.drawn[0].visit.venue
    Task.objects.create(**INSPECTED, venue=first.id, done=START, result="done")
    assert beat_work.draw_of(force, START.date() + timedelta(days=2)) == before
    book = beat_work.books(force)
    everybody = [one.id for one in force.station.force]
    last = beat_work.last_inspections(force, before.monday)
    again = [week_draw(book.people, book.aims, last, everybody, before.monday, seed) for seed in (before.seed, before.seed + 1)]
    assert [one.visit.venue.id for one in again[0].drawn if not one.by_lot] == [
        one.visit.venue.id for one in before.drawn if not one.by_lot
    ]
    assert {one.officers for one in again[0].drawn} != {one.officers for one in again[1].drawn}
    assert f"seed {before.seed}" in page_of_any_beat(force)


def page_of_any_beat(force: InForce) -> str:
    """Return the page of the first beat as a chief sees it."""
    from django.test import Client

    from qinwu.board.views.account import make_account

    client = Client()
    client.force_login(
        make_account("second", "correct-horse-battery", ["chief"], language="en"),
        backend="qinwu.board.access.backend.RoleBackend",
    )
    return client.get(f"/my-beat?beat={force.loaded.system.beat[0].id}").content.decode()


def test_hours_in_the_own_beat_are_told_apart_from_those_elsewhere(force: InForce) -> None:
    """A task in the own beat is an hour there, one in another beat an hour elsewhere; the norm is what the duty file sets."""
    from qinwu.board.beat.beat_hours import hours_of
    from qinwu.board.models import Task

    beat, officer = own_beat(force)
    other = next(each.id for each in force.standing.beats if each.id != beat)
    for where, at in ((beat, START), (other, START - timedelta(hours=2))):
        Task.objects.create(
            **INSPECTED | {"beat": where, "officer": officer, "done": at, "spent": 60, "result": "done", "kind": "visit"}
        )
    found = hours_of(force, officer, frozenset({beat}))
    works = [one for one in force.loaded.system.work if one.kind in ("beat_visit", "inspection") and one.who == "beats"]
    assert found.norm_h == pytest.approx(sum(one.hours_per_week for one in works))
    assert found.weeks[-1].seen.own_h == pytest.approx(1.0)
    assert found.elsewhere() == {other: pytest.approx(1.0)}
    assert found.own_h == pytest.approx(1.0)


def test_targets_say_whether_they_are_feasible_and_what_counted(force: InForce) -> None:
    """The officer's targets have a verdict, and as many rows as the number rests on."""
    from qinwu.board.beat.beat_targets import targets_of
    from qinwu.board.beat.judged import JUDGED

    judged = JUDGED.of(force, 300.0)
    assert judged is not None
    beat, officer = own_beat(force)
    found = targets_of(force, judged, officer, frozenset({beat}), "en")
    visits = next(one for one in found if one.name == "Beat visits")
    assert visits.verdict
    assert visits.rows == visits.counted == int(float(visits.value.split()[0]))
    assert len(visits.evidence) == visits.rows
    assert all(one.counted <= one.rows for one in found)


def test_the_map_shows_the_beat_and_what_lies_in_it(force: InForce) -> None:
    """Atoms of the beat are marked, those visited differently; what lies elsewhere has no dot."""
    from qinwu.board.beat.beat_map import map_of

    beat = force.standing.beats[0]
    other = next(atom for atom in force.plan.atoms if atom not in beat.atoms)
    things = [("call", beat.atoms[0], "one"), ("task", beat.atoms[0], "two"), ("task", other, "three")]
    found = map_of(force, beat.atoms, beat.atoms[:1], things)
    assert found is not None
    states = [shape.state for shape in found.shapes]
    assert states.count("seen") == 1
    assert states.count("mine") == len(beat.atoms) - 1
    assert [dot.title for dot in found.dots] == ["one", "two"]
    assert len({(dot.x, dot.y) for dot in found.dots}) == 2
    assert map_of(force, (), (), ()) is None


def test_the_demonstration_leaves_a_beat_at_work(force: InForce, work: Callable[[str], Any]) -> None:
    """After seeding most venues are in time, visits are on record, and one objection is open."""
    from qinwu.board.demo import demo_beat
    from qinwu.board.models import Objection

    demo_beat.seed(force)
    beats = [work(beat.id) for beat in force.loaded.system.beat]
    venues = [one for each in beats for one in each.venues]
    assert venues
    assert sum(one.late_days > 0 for one in venues) < len(venues) / 3
    assert sum(each.made for each in beats) > 0
    assert Objection.objects.filter(state="open").count() == 1
    assert date(2026, 3, 1) < beats[0].until


def test_the_handling_rate_counts_calls_that_officers_met(force: InForce) -> None:
    """Calls closed with somebody there count, those dealt with on the spot are told; a call nobody went to counts for nothing."""
    from qinwu.board.beat.beat_hours import handling
    from qinwu.board.models import Call, Sending

    beat = force.standing.beats[0]
    assert handling(force, beat) is None
    for number, (result, arrived) in enumerate((("handled", START), ("case", START), ("handled", None))):
        fields = {"received": START, "entered": START, "closed": START, "priority": 3, "atom": beat.atoms[0], "result": result}
        call = Call.objects.create(number=f"2026-{number}", call_class=force.plan.call_classes[0], **fields)
        for crew in ("one", "two"):
            Sending.objects.create(call=call, crew=f"{crew}{number}", dispatched=START, arrived=arrived, over=START)
    found = handling(force, beat)
    assert found is not None
    assert (found.met, found.handled) == (2, 1)
