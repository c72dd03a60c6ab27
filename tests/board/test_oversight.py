"""Oversight: the screens on the board's own record with their rows, the ledger, corrective orders from finding to closing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock
from tests.board.test_calls import taken
from tests.board.test_today import on_duty

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
EACH = 60


def closed_calls(force: InForce, touched: tuple[int, int]) -> tuple[str, ...]:
    """Put `EACH` closed calls into each of two beats; so many of each beat are changed after closing. Return the beats."""
    from qinwu.board import trail
    from qinwu.board.models import Call, Sending

    beats = [beat for beat in force.loaded.system.beat if beat.kind == "geographic"][:2]
    kind, crew = force.plan.call_classes[0], force.plan.crews[0].id
    for n, (beat, changed) in enumerate(zip(beats, touched, strict=True)):
        for k in range(EACH):
            at = START - timedelta(hours=3 + k)
            call = Call.objects.create(
                number=f"c{n}-{k:03d}",
                received=at,
                entered=at + timedelta(seconds=20),
                call_class=kind,
                priority=3,
                atom=beat.atoms[0],
                closed=at + HOUR,
                result="handled",
            )
            stamps = [at + timedelta(seconds=60 + 7 * k * part) for part in (0, 1, 2, 3, 4)]
            names = ("dispatched", "acknowledged", "en_route", "arrived", "over")
            Sending.objects.create(call=call, crew=crew, ended="done", **dict(zip(names, stamps, strict=True)))
            trail.record("dispatcher", "sending.stamp", call.number, stamp="arrived", at=stamps[3].isoformat())
            trail.record("dispatcher", "call.close", call.number)
            trail.record("chief", "call.view", call.number)
            if k < changed:
                trail.record("dispatcher", "sending.stamp", call.number, at=at.isoformat(), given=(at + 2 * HOUR).isoformat())
    return tuple(beat.id for beat in beats)


def test_changes_after_closing_are_asked_about_with_their_rows(force: InForce) -> None:
    """A beat whose calls were changed after closing is named by two screens, each with exactly the calls that were touched."""
    from qinwu.board.oversight.overseeing import signs
    from qinwu.board.oversight.screening import screened_now

    beats = closed_calls(force, (0, 40))
    seen = screened_now(force)
    assert seen.calls == 2 * EACH
    assert len(seen.changes) == 40
    assert {one.action for one in seen.changes} == {"sending.stamp"}
    found = {sign.look.screen: sign for sign in signs(seen, "en") if sign.look.unit == beats[1]}
    assert {"changed_after", "stamped_late"} <= set(found)
    for screen in ("changed_after", "stamped_late"):
        assert (found[screen].evidence.count, found[screen].evidence.counted) == (40, True)
        assert all(row["id"].startswith("c1-") for row in found[screen].rows)
        assert beats[1] in found[screen].words


def test_an_honest_record_asks_nothing_and_looking_is_no_change(force: InForce) -> None:
    """Two beats alike, a few calls changed in each: no question; views after closing are not changes."""
    from qinwu.board.oversight.screening import screened_now

    closed_calls(force, (2, 3))
    seen = screened_now(force)
    assert len(seen.changes) == 5
    assert seen.screened is not None
    assert [look.screen for look in seen.screened.signs if look.screen in ("changed_after", "stamped_late", "late_entry")] == []


def test_too_little_data_is_said(seat: Callable[..., Client], force: InForce) -> None:
    """With one closed call no screen can be asked, and the page says so and why instead of praising the record."""
    from qinwu.board.models import Call
    from qinwu.board.oversight.screening import DESK

    call = taken(force)
    Call.objects.filter(pk=call.pk).update(closed=START + HOUR)
    desk = seat("inspector")
    page = ""
    for _ in range(20):  # a page waits for nothing long, so a slow machine may have to look again
        DESK.latest(wait_s=60)
        page = desk.get("/oversight").content.decode()
        if "Too few rows" in page:
            break
    assert "Too little data yet" in page
    assert "Too few rows, too few units or too short a time." in page
    assert "No sign" not in page


def test_the_page_shows_the_rows_behind_a_question(seat: Callable[..., Client], force: InForce) -> None:
    """The question leads the page, its rows lead into the trail, an order can be begun from it; looking is an entry of its own."""
    from qinwu.board.models import TrailEntry
    from qinwu.board.oversight.screening import DESK

    beats = closed_calls(force, (0, 40))
    desk = seat("inspector")
    DESK.latest(wait_s=60)
    page = desk.get("/oversight").content.decode()
    assert "Questions for the record" in page.split("</h1>")[0]
    assert "/trail?subject=c1-0" in page
    assert f"screen%20changed_after%20{beats[1]}" in page
    assert TrailEntry.objects.filter(action="oversight.view").count() == 1


def test_a_result_is_used_again_until_a_call_changes(force: InForce) -> None:
    """Looking at pages starts no new screening; a call does."""
    from qinwu.board import trail
    from qinwu.board.beside import Desk
    from qinwu.board.oversight.screening import last_about_calls

    runs: list[int] = []

    def work() -> int:
        runs.append(1)
        return len(runs)

    desk: Desk[int] = Desk(work, last_about_calls)
    trail.record("chief", "trail.view", "")
    assert desk.latest(wait_s=60).found == 1
    trail.record("chief", "call.view", "x")
    trail.record("chief", "oversight.view", "")
    assert desk.latest(wait_s=60).found == 1
    taken(force)
    assert desk.latest(wait_s=60).found == 2


def test_a_page_does_not_wait_for_a_long_computation(force: InForce) -> None:
    """While a computation runs the page gets what was known before, and is told that a newer result is coming."""
    from threading import Event

    from qinwu.board.beside import Desk

    go, mark = Event(), [1]

    def work() -> int:
        if mark[0] > 1:
            go.wait(60)
        return mark[0]

    desk: Desk[int] = Desk(work, lambda: mark[0])
    assert desk.latest(wait_s=60).found == 1
    mark[0] = 2
    waiting = desk.latest(wait_s=0.01)
    assert (waiting.found, waiting.working) == (1, True)
    go.set()
    done = desk.latest(wait_s=60)
    assert (done.found, done.working) == (2, False)


def test_hours_taken_elsewhere_are_in_the_ledger(seat: Callable[..., Client], force: InForce) -> None:
    """A campaign of the board is in the ledger with its squad, its hours and who ordered it."""
    from qinwu.board import trail
    from qinwu.board.oversight.overseeing import squads
    from qinwu.board.roster.accounts_of_hours import DESK, counted
    from qinwu.board.roster.campaigns import Planned, order

    trail.record("system", "test.begin", "")
    officer = on_duty(force)[1]
    order(force, Planned("winter", START + HOUR, START + 9 * HOUR, "bureau 17", 8.0, (officer,)), "chief")
    with clock(START + 2 * DAY):
        found = counted(force, START + 2 * DAY).account
        assert found.taken.hours == pytest.approx(8.0)
        assert dict(found.taken.ordered) == pytest.approx({"bureau 17": 8.0})
        lines = squads(force, found.taken, "en")
        assert sum(one.hours for one in lines) == pytest.approx(8.0)
        desk = seat("inspector")
        DESK.latest(wait_s=120)
        page = desk.get("/oversight").content.decode()
    assert "bureau 17" in page
    assert "8.0" in page


def given(**changes: Any) -> Any:
    """Return an order about a secondment, due in a day."""
    from qinwu.board.oversight.correcting import Given

    fields: dict[str, Any] = {"about": "secondment", "subject": "secondment P1", "text": "bring back", "due": START + DAY}
    return Given(**(fields | changes))


def address(force: InForce) -> str:
    """Return somebody who may be ordered."""
    from qinwu.board.oversight.correcting import addressees

    return next(iter(addressees(force, "en")))


def test_an_order_from_finding_to_closing(force: InForce) -> None:
    """Given, answered by another, closed by a third hand than the answer's; each once, each in the trail with what it rests on."""
    from qinwu.board.models import TrailEntry
    from qinwu.board.oversight.correcting import answer, close, give, standing, subject_of

    order = give(force, given(to=address(force)), "inspector")
    with pytest.raises(QinwuError, match="Nobody has answered"):
        close(order, "inspector")
    with pytest.raises(QinwuError, match="does not answer"):
        answer(order, "done", "inspector")
    answer(order, "the officer is back", "chief")
    with pytest.raises(QinwuError, match="already"):
        answer(order, "again", "chief")
    with pytest.raises(QinwuError, match="does not close"):
        close(order, "chief")
    close(order, "inspector")
    with pytest.raises(QinwuError, match="closed already"):
        close(order, "inspector")
    assert [one.state for one in standing(START)] == ["closed"]
    entries = TrailEntry.objects.filter(subject=subject_of(order)).order_by("number")
    assert [one.action for one in entries] == ["order.give", "order.answer", "order.close"]
    assert json.loads(entries[0].content)["rests_on"] == "secondment P1"


def test_overdue_orders_come_first(force: InForce) -> None:
    """Overdue, then open by their day, then answered, then closed."""
    from qinwu.board.oversight.correcting import answer, give, standing

    to = address(force)
    late = give(force, given(to=to, due=START + HOUR), "inspector")
    later = give(force, given(to=to, due=START + 9 * DAY), "inspector")
    soon = give(force, given(to=to, due=START + 3 * DAY), "inspector")
    done = give(force, given(to=to, due=START + HOUR), "inspector")
    answer(done, "done", "chief")
    with clock(START + 2 * DAY):
        states = [(one.order.pk, one.state) for one in standing(START + 2 * DAY)]
    assert states == [(late.pk, "overdue"), (soon.pk, "open"), (later.pk, "open"), (done.pk, "answered")]


def test_everything_wrong_with_an_order_is_said(force: InForce) -> None:
    """An unknown addressee and matter, no finding, no text, a day past, a squad that is none: all at once, nothing kept."""
    from qinwu.board.models import CorrectiveOrder
    from qinwu.board.oversight.correcting import give

    with pytest.raises(QinwuError) as refused:
        give(force, given(to="nowhere", about="gossip", subject=" ", text="", due=START - DAY), "inspector")
    assert {one.code for one in refused.value.findings} == {"unknown-to", "unknown-about", "no-subject", "no-text", "past-due"}
    with pytest.raises(QinwuError) as refused:
        give(force, given(to=address(force), about="diversion", squad="none"), "inspector")
    assert {one.code for one in refused.value.findings} == {"unknown-squad"}
    assert not CorrectiveOrder.objects.exists()


def test_orders_on_the_page(seat: Callable[..., Client], force: InForce) -> None:
    """The inspector gives an order on the page, the chief answers it, the inspector closes it; an officer sees none of it."""
    from qinwu.board.models import CorrectiveOrder

    inspector, chief, officer = seat("inspector"), seat("chief"), seat("officer")
    form = {"to": address(force), "about": "other", "subject": "entry 3", "text": "write stamps at once", "due": "2026-03-10T12:00"}
    wrong = inspector.post("/oversight/order", form | {"due": "2020-01-01T12:00", "hours": "x"})
    assert wrong.status_code == 422
    assert 'value="write stamps at once"' in wrong.content.decode()
    assert inspector.post("/oversight/order", form | {"squad": "", "hours": ""}).status_code == 302
    order = CorrectiveOrder.objects.get()
    assert "write stamps at once" in chief.get("/orders").content.decode()
    assert officer.get("/orders").status_code == 403
    assert chief.post(f"/orders/answer/{order.pk}", {"answer": ""}).status_code == 409
    assert chief.post(f"/orders/answer/{order.pk}", {"answer": "told everybody"}).status_code == 302
    assert chief.post(f"/orders/close/{order.pk}").status_code == 403
    assert inspector.post(f"/orders/close/{order.pk}").status_code == 302
    assert "told everybody" in inspector.get("/orders").content.decode()


def test_attempts_at_forbidden_indicators_are_shown(seat: Callable[..., Client], force: InForce, tmp_path: Any) -> None:
    """What the folder's log of refused indicators holds stands on the page; looking at the page adds nothing to it."""
    from pathlib import Path

    from qinwu.judge.targets.attempts import LOG, log_attempts
    from qinwu.judge.targets.denied import Denial, rules

    folder = Path(force.station.folder)
    try:
        log_attempts(folder, "judge.toml", [Denial("arrests_by_beat", rules()[0], "arrests")], START)
        before = (folder / LOG).read_bytes()
        page = seat("inspector").get("/oversight").content.decode()
        assert "arrests_by_beat" in page
        assert (folder / LOG).read_bytes() == before
    finally:
        (folder / LOG).unlink()


ROW = """
[[indicator]]
id = "{}"
aim = "{}"
name = {{ zh = "{}" }}
formula = {{ table = "calls" }}
unit = {{ zh = "起" }}
level = "beat"
kind = "{}"
source = {{ zh = "试" }}
{}
"""


def test_looking_writes_nothing_into_the_station_folder(seat: Callable[..., Client], force: InForce) -> None:
    """A card with a forbidden target is refused on pages; the attempt stands in the trail, once, and not in the folder's log."""
    from pathlib import Path

    from qinwu.board.beat.judged import BENCH, JUDGED
    from qinwu.board.in_force import in_force
    from qinwu.board.models import TrailEntry
    from qinwu.findings import QinwuError
    from qinwu.judge.targets.attempts import LOG
    from qinwu.judge.targets.reading import NAME

    folder = Path(force.station.folder)
    shown = "".join(ROW.format(aim, aim, "警情", "reference", "") for aim in ("few_crimes", "good_order", "stability", "satisfied"))
    wrong = ROW.format("t1", "few_crimes", "刑拘数", "target", 'target = 30\ncounter = "stability"')
    try:
        (folder / NAME).write_text('name = { zh = "卡" }' + shown + wrong, encoding="utf-8")
        for _ in range(2):
            for once in (BENCH, JUDGED):
                with pytest.raises(QinwuError):
                    once.of(in_force(), 120.0)
        assert not (folder / LOG).exists()
        assert TrailEntry.objects.filter(action="target.refused").count() == 1
    finally:
        (folder / NAME).unlink()
