"""Scores on the board: shown first to whom they are about, objected to, answered, signed; nobody else reads the own sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.conftest import START, clock

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce


@pytest.fixture
def sheet_of(force: InForce) -> Callable[[str], Any]:
    """Return what gives a sheet of the last period as it is now; numbers are worked out first."""
    from qinwu.board.beat import score_acts
    from qinwu.board.beat.judged import BENCH

    bench = BENCH.of(force, 120.0)
    assert bench is not None

    def sheet(owner: str) -> Any:
        scored = score_acts.sheets(force, bench)
        assert scored is not None
        return scored.of(owner)

    return sheet


def test_an_officer_reads_the_own_sheet_and_no_other(seat: Callable[..., Client], sheet_of: Callable[[str], Any]) -> None:
    """The own sheet has the points that scoring gives and the rows behind them; that of anybody else is refused."""
    client = seat("officer", officer="P008")
    page = client.get("/my-score").content.decode()
    assert f"{sheet_of('P008').points:.1f}" in page
    assert "why?" in page
    assert client.get("/scores/P008").status_code == 200
    assert client.get("/scores/P009").status_code == 403
    assert client.get("/scores/nobody").status_code == 403
    assert client.post("/scores/P009/object", {"line": "visits", "reason": "no"}).status_code == 403
    assert client.get("/scores").status_code == 403


def test_the_chief_reads_a_sheet_only_after_its_officer(seat: Callable[..., Client], sheet_of: Callable[[str], Any]) -> None:
    """Before it was shown neither the list nor the sheet tells the chief a point; showing it begins the time to object."""
    chief = seat("chief")
    points = f"{sheet_of('P008').points:.1f}"
    assert "not shown to the officer yet" in chief.get("/scores/P008").content.decode()
    assert points not in chief.get("/scores/P008").content.decode()
    assert chief.post("/scores/P008/show").status_code == 302
    assert points in chief.get("/scores/P008").content.decode()
    assert sheet_of("P008").stage == "shown"
    assert sheet_of("P009").stage == "draft"
    assert chief.post("/scores/P008/show").status_code == 409


def test_an_objection_waits_for_a_reason_and_an_answer(seat: Callable[..., Client], sheet_of: Callable[[str], Any]) -> None:
    """An objection takes its line out until it is answered; upheld, the line is struck; without a reason nothing is kept."""
    from qinwu.board.models import Objection

    officer, chief = seat("officer", officer="P008"), seat("chief")
    early = officer.post("/scores/P008/object", {"line": "visits", "reason": "three visits are missing"})
    assert early.status_code == 422
    before = sheet_of("P008").points
    chief.post("/scores/P008/show")
    empty = officer.post("/scores/P008/object", {"line": "nothing", "reason": " "})
    assert empty.status_code == 422
    assert empty.content.decode().count("<li>") >= 2
    assert officer.post("/scores/P008/object", {"line": "visits", "reason": "three are missing"}).status_code == 302
    assert officer.post("/scores/P008/object", {"line": "visits", "reason": "again"}).status_code == 422
    objected = sheet_of("P008")
    assert objected.stage == "objected"
    assert objected.points < before
    pk = Objection.objects.get().pk
    assert chief.post(f"/scores/objections/{pk}", {"verdict": "upheld", "answer": ""}).status_code == 422
    assert chief.post(f"/scores/objections/{pk}", {"verdict": "upheld", "answer": "the book had a gap"}).status_code == 302
    assert chief.post(f"/scores/objections/{pk}", {"verdict": "rejected", "answer": "no"}).status_code == 409
    line = next(one for one in sheet_of("P008").lines if one.line.id == "visits")
    assert line.status == "struck"
    assert "the book had a gap" in officer.get("/my-score").content.decode()


def test_nobody_answers_the_own_objection(seat: Callable[..., Client], sheet_of: Callable[[str], Any]) -> None:
    """A chief who has a sheet too cannot answer the own objection."""
    from qinwu.board.models import Objection

    chief = seat("chief", officer="P008")
    chief.post("/scores/P008/show")
    assert chief.post("/scores/P008/object", {"line": "visits", "reason": "three are missing"}).status_code == 302
    assert chief.post(f"/scores/objections/{Objection.objects.get().pk}", {"verdict": "upheld", "answer": "yes"}).status_code == 403


def test_a_sheet_is_final_when_the_time_is_over_and_every_post_has_signed(
    seat: Callable[..., Client], sheet_of: Callable[[str], Any], force: InForce
) -> None:
    """Nobody signs while time to object is left; afterwards each post signs, and each is another person's."""
    from django.test import Client as Browser

    from qinwu.board.views.account import make_account

    chief = seat("chief")
    chief.post("/scores/P008/show")
    assert chief.post("/scores/P008/sign", {"post": "所长"}).status_code == 409
    with clock(START + timedelta(days=9)):
        assert sheet_of("P008").stage == "to_sign"
        assert chief.post("/scores/P008/sign", {"post": "所长"}).status_code == 302
        assert chief.post("/scores/P008/sign", {"post": "教导员"}).status_code == 409
        second = make_account("instructor", "correct-horse-battery", ["chief"], language="en")
        browser = Browser()
        browser.force_login(second, backend="qinwu.board.access.backend.RoleBackend")
        assert browser.post("/scores/P008/sign", {"post": "教导员"}).status_code == 302
        assert sheet_of("P008").stage == "final"
        late = seat("officer", officer="P008").post("/scores/P008/object", {"line": "visits", "reason": "too late"})
        assert late.status_code == 422


def test_every_look_and_act_is_in_the_trail(seat: Callable[..., Client], sheet_of: Callable[[str], Any]) -> None:
    """Reading, listing and showing sheets leave entries with whose sheet it was."""
    from qinwu.board.models import TrailEntry

    assert sheet_of("P008") is not None
    seat("officer", officer="P008").get("/my-score")
    chief = seat("chief")
    chief.get("/scores")
    chief.post("/scores/P008/show")
    kept = set(TrailEntry.objects.filter(action__startswith="score").values_list("actor", "action", "subject"))
    assert {("officer", "score.view", "P008"), ("chief", "score.show", "P008")} <= kept
    assert any(action == "scores.view" for _, action, _ in kept)
    assert not any(actor == "chief" and action == "score.view" for actor, action, _ in kept)


def test_the_list_shows_stages_and_no_rank(seat: Callable[..., Client], sheet_of: Callable[[str], Any]) -> None:
    """Sheets stand by stage in the order of the duty file, those not shown without points; all can be shown at once."""
    chief = seat("chief")
    page = chief.get("/scores").content.decode()
    assert "were not shown to their officers yet" in page
    assert page.index("P008") < page.index("P009") < page.index("P010")
    assert chief.post("/scores/all/show").status_code == 302
    assert {sheet_of(owner).stage for owner in ("P008", "P009", "P010")} == {"shown"}
    assert f"{sheet_of('P009').points:.1f}" in chief.get("/scores").content.decode()


def test_numbers_that_are_not_ready_say_so(seat: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> None:
    """While numbers are being worked out the page says so and loads itself again."""
    from qinwu.board.beat.judged import Once
    from qinwu.board.views import scores

    ready = Event()
    monkeypatch.setattr(scores, "BENCH", Once(lambda _force: ready.wait()))
    page = seat("officer", officer="P008").get("/my-score")
    ready.set()
    assert page.status_code == 202
    assert "data-look-again" in page.content.decode()
