"""Tasks: they fall due by themselves and once, fit the hours there are, are done once, and only by those whose beat it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock
from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Task

DAY = timedelta(days=1)
TODAY = date(2026, 3, 4)


def template(force: InForce, **changes: Any) -> Any:
    """Write a template: an hour on every beat, every seven days from today."""
    from qinwu.board.work.recurring import Wanted, write

    fields: dict[str, Any] = {"title": "visit the yards", "kind": "visit", "beat": "", "every_days": 7, "minutes": 60, "people": 1}
    fields |= {"origin": "self", "ordered_by": "", "since": TODAY}
    return write(force, Wanted(**(fields | changes)), "chief")


def given(force: InForce, **changes: Any) -> Task:
    """Give a task on the first beat, due tomorrow."""
    from qinwu.board.work.tasks import Given, give

    fields: dict[str, Any] = {"title": "look at the lamp", "kind": "other", "due": START + DAY, "beat": beats(force)[0]}
    return give(force, Given(**(fields | changes)), "chief")


def beats(force: InForce) -> list[str]:
    """Return the geographic beats."""
    return [beat.id for beat in force.standing.beats]


def test_work_falls_due_by_itself_and_once(force: InForce) -> None:
    """A task a beat and window, due at midnight of the station; looking again makes none, a week later the next ones come."""
    from qinwu.board.models import Task
    from qinwu.board.work.recurring import fall_due

    template(force)
    assert fall_due(force) == len(beats(force))
    assert fall_due(force) == 0
    assert {task.due.isoformat() for task in Task.objects.all()} == {"2026-03-10T16:00:00+00:00"}
    with clock(START + 7 * DAY):
        assert fall_due(force) == len(beats(force))
    with clock(START + 28 * DAY):
        assert fall_due(force) == 3 * len(beats(force)), "what nobody looked at is made all the same"


def test_a_new_beat_has_no_past(force: InForce) -> None:
    """A beat that has no task of the window gets it; earlier windows of it are not made up."""
    from qinwu.board.models import Task
    from qinwu.board.work.recurring import fall_due

    template(force)
    fall_due(force)
    with clock(START + 7 * DAY):
        fall_due(force)
        Task.objects.filter(beat=beats(force)[0]).delete()
        assert fall_due(force) == 1


def test_many_who_look_at_once_make_one_set(force: InForce) -> None:
    """Six who look at the same moment: one task a beat."""
    from django.db import connection

    from qinwu.board.models import Task
    from qinwu.board.work.recurring import fall_due

    template(force)

    def look(_number: int) -> int:
        try:
            return fall_due(force)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        made = sum(pool.map(look, range(6)))
    assert made == len(beats(force)) == Task.objects.count()


def test_a_template_that_does_not_fit_is_refused_with_the_rows(force: InForce) -> None:
    """Four hours a day are too much for a beat officer; what the message says would fit does fit, a day less does not."""
    from qinwu.board.models import TaskTemplate

    beat = beats(force)[0]
    with pytest.raises(QinwuError) as refused:
        template(force, beat=beat, every_days=1, minutes=480)
    first = refused.value.findings[0]
    assert first.code == "hours-do-not-suffice"
    assert force.standing.officer_of_beat(beat) in str(first.values["officers"])
    assert float(str(first.values["required"])) > float(str(first.values["available"]))
    assert not TaskTemplate.objects.exists()
    days = int(str(first.values["days"]))
    with pytest.raises(QinwuError):
        template(force, beat=beat, every_days=days - 1, minutes=480)
    assert template(force, beat=beat, every_days=days, minutes=480).pk
    with pytest.raises(QinwuError, match="would need"):
        template(force, beat=beat, every_days=1, minutes=480)


def test_those_who_go_along_are_counted(force: InForce) -> None:
    """Work of several officers is wanted of everybody together, and refused where all together lack the hours."""
    with pytest.raises(QinwuError) as refused:
        template(force, every_days=1, minutes=120, people=12)
    assert any("(" in str(one.values.get("officers", "")) for one in refused.value.findings)


def test_a_changed_template_takes_the_place_of_the_old(force: InForce) -> None:
    """What is due and not late is called off, what is late stays; the hours of the old one count no more."""
    from qinwu.board.models import Task
    from qinwu.board.work.recurring import Wanted, change, fall_due, running

    old = template(force)
    fall_due(force)
    with clock(START + 8 * DAY):
        fall_due(force)
        wanted = Wanted("visit the yards", "visit", beats(force)[0], 14, 60, 1, "self", "", TODAY + 8 * DAY)
        new = change(force, old, wanted, "chief")
        assert running() == [new]
        fall_due(force)
        open_ones = list(Task.objects.filter(done__isnull=True))
        assert {(task.template_id, task.due > START + 8 * DAY) for task in open_ones} == {(old.pk, False), (new.pk, True)}
        assert Task.objects.filter(result="called_off").count() == len(beats(force))
        with pytest.raises(QinwuError, match="ended already"):
            change(force, old, wanted, "chief")


def test_tasks_follow_a_new_duty_system(force: InForce) -> None:
    """Beats that are gone: a task of a place goes to its new beat, recurring work falls due anew, what is late stays as it was."""
    from dataclasses import replace

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Task
    from qinwu.board.work.recurring import fall_due

    template(force)
    fall_due(force)
    gone, atom = beats(force)[0], force.standing.beats[0].atoms[0]
    placed, late = given(force, atom=atom, beat=""), given(force, due=START + timedelta(hours=1))
    system = force.loaded.system
    renamed = system.model_copy(
        update={"beat": tuple(b.model_copy(update={"id": "N1"}) if b.id == gone else b for b in system.beat), "sector": ()}
    )
    then = InForce(force.station, replace(force.loaded, system=renamed), force.plan)
    with clock(START + timedelta(hours=2)):
        assert fall_due(then) == 1
    placed.refresh_from_db()
    late.refresh_from_db()
    assert (placed.beat, placed.done) == ("N1", None)
    assert (late.beat, late.done) == (gone, None)
    assert Task.objects.get(beat=gone, template__isnull=False).result == "called_off"
    assert Task.objects.filter(beat="N1", template__isnull=False, done__isnull=True).count() == 1
    assert fall_due(then) == 0


def test_everything_wrong_with_a_task_is_said(force: InForce) -> None:
    """Beat, officer, place, kind, title, order and time, all at once."""
    from qinwu.board.models import Task

    wrong = {"beat": "B?", "officer": "nobody", "atom": "?", "kind": "mediation", "title": " ", "origin": "superior"}
    with pytest.raises(QinwuError) as refused:
        given(force, due=START - DAY, **wrong)
    codes = {one.code for one in refused.value.findings}
    assert codes == {"unknown-beat", "unknown-officer", "unknown-atom", "unknown-kind", "no-title", "no-order", "due-over"}
    assert not Task.objects.exists()


def test_a_task_is_done_once(force: InForce) -> None:
    """The second who ends it is told who did; a word that is no result is refused."""
    from qinwu.board.work.tasks import Done, finish

    task = given(force)
    with pytest.raises(QinwuError, match="not in the list"):
        finish(task, Done(30, "magic"), "first")
    finish(task, Done(30, "done"), "first")
    with pytest.raises(QinwuError, match="first has ended"):
        finish(task, Done(10, "done"), "second")
    task.refresh_from_db()
    assert (task.done_by, task.spent) == ("first", 30)


def test_officers_reach_their_own_beats_only(force: InForce, seat: Callable[..., Client]) -> None:
    """An officer sees and ends the tasks of the own beat and what was given in person; others answer 403; chiefs see all."""
    one, other = beats(force)[:2]
    mine, theirs = given(force, title="mine"), given(force, title="theirs", beat=other)
    officer = force.standing.officer_of_beat(one)
    named = given(force, title="named", beat=other, officer=officer)
    desk = seat("officer", officer=officer)
    page = desk.get("/tasks").content.decode()
    assert "mine" in page
    assert "named" in page
    assert "theirs" not in page
    form = {"spent": "20", "result": "done"}
    assert desk.post(f"/tasks/{theirs.pk}/finish", form).status_code == 403
    assert desk.post(f"/tasks/{mine.pk}/finish", form).status_code == 302
    assert desk.post(f"/tasks/{named.pk}/finish", form).status_code == 302
    assert desk.post(f"/tasks/{mine.pk}/finish", form).status_code == 409
    assert desk.post("/tasks/give", {}).status_code == 403
    chief = seat("chief")
    assert "theirs" in chief.get("/tasks").content.decode()
    assert chief.post(f"/tasks/{theirs.pk}/call-off").status_code == 302


def test_the_first_line_says_what_is_late_and_where(force: InForce, seat: Callable[..., Client]) -> None:
    """Two days later two tasks of one beat are late: the heading counts them and names the beat."""
    given(force)
    given(force)
    chief = seat("chief")
    assert "No task is late" in chief.get("/tasks").content.decode()
    with clock(START + 2 * DAY):
        heading = chief.get("/tasks").content.decode().split("<h1", 1)[1].split("</h1>")[0]
    assert "Late tasks: 2, at" in heading
    assert beats(force)[0] in heading


def test_the_forms_keep_what_was_typed(force: InForce, seat: Callable[..., Client]) -> None:
    """A task, a template and minutes that are wrong: 422, all problems, the words still there; then they are kept."""
    from qinwu.board.models import Task, TaskTemplate

    chief, beat = seat("chief"), beats(force)[0]
    form = {"title": "count the lamps", "kind": "other", "beat": beat, "minutes": "soon", "people": "1", "origin": "superior"}
    refused = chief.post("/tasks/give", form)
    assert refused.status_code == 422
    assert 'value="count the lamps"' in refused.content.decode()
    more = {"minutes": "30", "ordered_by": "bureau 7"}
    assert chief.post("/tasks/give", form | more).status_code == 302
    task = Task.objects.get()
    bad = chief.post(f"/tasks/{task.pk}/finish", {"spent": "long", "result": "found"})
    assert bad.status_code == 422
    assert 'value="long"' in bad.content.decode()
    written = {"title": "yards", "kind": "visit", "every_days": "1", "minutes": "600", "people": "1", "origin": "self"}
    tight = chief.post("/tasks/recurring/write", written)
    assert tight.status_code == 422
    assert "would need" in tight.content.decode()
    assert 'value="yards"' in tight.content.decode()
    assert not TaskTemplate.objects.exists()
    assert chief.post("/tasks/recurring/write", written | {"every_days": "30", "minutes": "30"}).status_code == 302
    page = chief.get("/tasks/recurring").content.decode()
    assert "yards" in page
    assert "All recurring work fits" in page
    pk = TaskTemplate.objects.get().pk
    assert 'value="yards"' in chief.get(f"/tasks/recurring?change={pk}").content.decode()
    changed = written | {"every_days": "60", "minutes": "30", "change": str(pk)}
    assert chief.post("/tasks/recurring/write", changed).status_code == 302
    assert TaskTemplate.objects.filter(ended__isnull=True).get().every_days == 60
    assert chief.post(f"/tasks/recurring/{pk}/end").status_code == 409


def dispute(force: InForce, atom: str = "") -> Any:
    """Take a dispute call."""
    return taken(force, call_class="dispute", **({"atom": atom} if atom else {}))


def test_a_dispute_call_becomes_a_case_once_and_is_looked_at_again(force: InForce) -> None:
    """A case from a call, due in days; settled with a look again it leaves a follow-up, which may flare up into a new case."""
    from qinwu.board.access.reach import Reach
    from qinwu.board.work.mediation import open_from, recent_disputes
    from qinwu.board.work.tasks import Done, finish

    everything = Reach("", frozenset(), frozenset(), everything=True)
    call = dispute(force)
    assert recent_disputes(force, everything) == [call]
    case = open_from(force, call, 5, "officer")
    assert case.due == case.opened + 5 * DAY
    assert recent_disputes(force, everything) == []
    with pytest.raises(QinwuError, match="already"):
        open_from(force, call, 5, "officer")
    with pytest.raises(QinwuError, match="no dispute"):
        open_from(force, taken(force), 5, "officer")
    again = finish(case, Done(60, "agreed", look_again=14), "officer")
    assert again is not None
    assert (again.kind, again.follows, again.beat) == ("follow_up", case, case.beat)
    anew = finish(again, Done(20, "broken", look_again=3), "officer")
    assert anew is not None
    assert anew.kind == "mediation"
    assert finish(anew, Done(60, "agreed"), "officer") is None


def test_disputes_that_come_back_are_counted(force: InForce) -> None:
    """A second dispute call at a place adds one to those that came back; the record and the board count together."""
    from qinwu.board.access.reach import Reach
    from qinwu.board.work.mediation import repeats

    everything = Reach("", frozenset(), frozenset(), everything=True)
    before = repeats(force, everything)
    assert before.recent
    atom = before.rate.places[0][0]
    dispute(force, atom)
    alone = repeats(force, everything).rate
    dispute(force, atom)
    twice = repeats(force, everything).rate
    assert (twice.calls, twice.repeated) == (alone.calls + 1, alone.repeated + 1)
    with clock(START + 200 * DAY):
        later = repeats(force, everything)
    assert not later.recent
    assert later.until < START


def test_hours_are_told_by_beat_origin_and_who_ordered(force: InForce, seat: Callable[..., Client]) -> None:
    """Two officers for two hours on an order of the local government are four ad-hoc hours, on the page too; templates are none."""
    from qinwu.board.access.reach import Reach
    from qinwu.board.work.hours_spent import ledger
    from qinwu.board.work.tasks import Done, finish

    everything = Reach("", frozenset(), frozenset(), everything=True)
    order = {"origin": "local_government", "ordered_by": "street office 12", "people": 2}
    finish(given(force, **order), Done(120, "done"), "officer")
    finish(given(force, kind="visit"), Done(90, "done"), "officer")
    finish(given(force, kind="meeting", origin="superior", ordered_by="bureau"), Done(30, "done"), "officer")
    found = ledger(force, everything)
    assert found.ordered == (("street office 12", 4.0), ("bureau", 0.5))
    assert found.by_origin["local_government"] == (0.0, 4.0)
    assert found.contact() == {beats(force)[0]: {"visit": 1.5}}
    assert found.paper_h == 0.5
    assert found.weeks[-1].ad_hoc_h == 4.5
    assert found.weeks[-1].worked_h > 0
    finish(given(force, **(order | {"people": 12})), Done(1200, "done"), "officer")
    page = seat("chief").get("/tasks/hours").content.decode()
    assert "the alarm stands at 10.0 %" in page
    assert "street office 12" in page


def test_an_officer_away_on_a_campaign_is_ad_hoc_while_on_duty(force: InForce) -> None:
    """Hours of a campaign count where the roster has the officer on duty, not at night at home."""
    from qinwu.board.access.reach import Reach
    from qinwu.board.roster import absences
    from qinwu.board.work.hours_spent import ledger
    from tests.board.test_today import on_duty

    everything = Reach("", frozenset(), frozenset(), everything=True)
    officer = on_duty(force)[1]
    wanted = absences.Wanted(officer, "campaign", START - 2 * DAY, START, "bureau 9")
    absences.order(force, wanted, "chief")
    away = ledger(force, everything).away
    hours = sum(one.hours for one in away)
    assert 0.0 < hours < 48.0
    assert {one.ordered_by for one in away} == {"bureau 9"}
    assert all(one.ad_hoc for one in away)


def test_the_pages_of_disputes_work(force: InForce, seat: Callable[..., Client]) -> None:
    """A case is opened from a call and entered by hand; a wrong place is told and the form keeps it."""
    from qinwu.board.models import Task

    chief, call = seat("chief"), dispute(force)
    assert call.number in chief.get("/tasks/disputes").content.decode()
    assert chief.post(f"/tasks/disputes/{call.number}/open", {"days": "3"}).status_code == 302
    assert chief.post(f"/tasks/disputes/{call.number}/open", {"days": "3"}).status_code == 409
    wrong = chief.post("/tasks/disputes/enter", {"dispute": "dispute", "atom": "nowhere"})
    assert wrong.status_code == 422
    assert 'value="nowhere"' in wrong.content.decode()
    assert chief.post("/tasks/disputes/enter", {"dispute": "dispute", "atom": call.atom}).status_code == 302
    assert Task.objects.filter(kind="mediation").count() == 2
    officer = force.standing.officer_of_beat(next(b for b in beats(force) if b != Task.objects.first().beat))  # type: ignore[union-attr]
    assert seat("officer", officer=officer).post(f"/tasks/disputes/{dispute(force, call.atom).number}/open").status_code == 403


def test_recurring_work_does_not_wait_for_the_hours_of_a_year(force: InForce, seat: Callable[..., Client]) -> None:
    """While the hours of every officer are worked out the page says so and loads itself again; then it shows them."""
    from threading import Event

    from qinwu.board.work import recurring

    go, chief = Event(), seat("chief")
    recurring._WORKER.submit(go.wait, 60)
    try:
        with clock(START + timedelta(days=400)):
            waiting = chief.get("/tasks/recurring")
            assert waiting.status_code == 202
            assert "data-look-again" in waiting.content.decode()
            go.set()
            recurring.month_hours(force)
            assert chief.get("/tasks/recurring").status_code == 200
    finally:
        go.set()


def test_the_demonstration_fills_every_page(force: InForce, seat: Callable[..., Client]) -> None:
    """What the demonstration writes fits the hours, is written once, and every page of it opens."""
    from qinwu.board.demo.demo_tasks import seed, step
    from qinwu.board.models import Task, Ticket
    from qinwu.board.work.recurring import rows_now

    seed(force)
    before = Task.objects.count(), Ticket.objects.count()
    seed(force)
    assert (Task.objects.count(), Ticket.objects.count()) == before
    assert not [row for row in rows_now(force) if row.broken({})]
    chief = seat("chief")
    with clock(START + timedelta(minutes=40)):
        for _ in range(5):
            step(force)
    assert Ticket.objects.count() > before[1]
    for address in ("/tasks", "/tasks/recurring", "/tasks/disputes", "/tasks/hours", "/counter"):
        assert chief.get(address).status_code == 200, address
