"""Line of command: requests go to the direct superior, the chief above may answer, nobody off the line and nobody the own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.conftest import PASSWORD, START

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

Seat = Callable[..., "Client"]
SERGEANT, OTHER_SERGEANT = "P008", "P010"
MEMBER, COLLEAGUE, STRANGER = "P009", "P011", "P012"
"""The 13-person station: P008 leads the first sector with P009 and P011, P010 the second with P012."""


def as_sergeant(officer: str) -> Any:
    """Return a client of an account with the role of a sergeant who is an officer."""
    from django.test import Client

    from qinwu.board.views.account import make_account

    client = Client()
    user = make_account(f"sergeant-{officer}", PASSWORD, ["sergeant"], officer=officer, language="en")
    client.force_login(user, backend="qinwu.board.access.backend.RoleBackend")
    return client


def leave_of(officer: str) -> Any:
    """Return leave that an officer asked for."""
    from qinwu.board.models import Absence

    start = START + timedelta(days=3)
    return Absence.objects.create(officer=officer, kind="leave", start=start, end=start + timedelta(days=1), asked_by=officer)


def answered(client: Any, absence: Any) -> int:
    """Return what the board says to an approval."""
    return int(client.post(f"/today/answer/{absence.pk}", {"answer": "yes"}).status_code)


def test_the_line_goes_from_officer_to_sergeant_to_chief(force: InForce) -> None:
    """A member has the sergeant above, then the station; the sergeant has the station."""
    from qinwu.board.access.line import Lines

    lines = Lines(force)
    assert [(rung.kind, rung.head) for rung in lines.above(MEMBER)][:2] == [("sector", SERGEANT), ("unit", "")]
    assert lines.above(SERGEANT)[0].id == "station"
    assert lines.above_all((MEMBER, STRANGER))[0].id == "station"
    assert lines.above_all((MEMBER, COLLEAGUE))[0].head == SERGEANT


def test_leave_is_answered_on_the_line_only(seat: Seat, force: InForce) -> None:
    """The sergeant of the sector approves; one of another sector, and the officer in the role of a sergeant, are refused."""
    assert answered(as_sergeant(OTHER_SERGEANT), leave_of(MEMBER)) == 403
    assert answered(as_sergeant(MEMBER), leave_of(MEMBER)) == 403
    assert answered(as_sergeant(SERGEANT), leave_of(MEMBER)) == 302
    assert answered(seat("chief"), leave_of(COLLEAGUE)) == 302


def test_nobody_answers_the_own_leave(seat: Seat, force: InForce) -> None:
    """A sergeant's leave goes to the chief, a chief's to another chief; the own role does not help."""
    assert answered(as_sergeant(SERGEANT), leave_of(SERGEANT)) == 403
    own = seat("chief", officer="P001")
    assert answered(own, leave_of("P001")) == 403
    assert answered(own, leave_of(SERGEANT)) == 302


def test_a_refusal_says_to_whom_it_goes(force: InForce) -> None:
    """Whoever is off the line reads who stands on it."""
    absence = leave_of(MEMBER)
    page = as_sergeant(OTHER_SERGEANT).post(f"/today/answer/{absence.pk}", {"answer": "yes"}).content.decode()
    assert f"Goes to {SERGEANT}, sergeant of First sector: next above {MEMBER} on the line of command." in page


def test_the_day_says_to_whom_leave_goes(seat: Seat, force: InForce) -> None:
    """Everybody reads to whom a request went; only who may answer has the buttons."""
    leave_of(MEMBER)
    told = f"Goes to {SERGEANT}, sergeant of First sector"
    for client, may in ((as_sergeant(SERGEANT), True), (as_sergeant(OTHER_SERGEANT), False), (seat("officer"), False)):
        page = client.get("/today").content.decode()
        assert told in page
        assert ('action="/today/answer/' in page) is may


@pytest.mark.parametrize(
    ("other", "judge", "status"),
    [(COLLEAGUE, SERGEANT, 302), (STRANGER, SERGEANT, 403), (STRANGER, OTHER_SERGEANT, 403), (COLLEAGUE, OTHER_SERGEANT, 403)],
)
def test_a_swap_goes_to_the_nearest_above_both(force: InForce, other: str, judge: str, status: int) -> None:
    """Within a sector its sergeant answers, between sectors neither sergeant does."""
    from qinwu.board.models import Swap

    start = START + timedelta(days=2)
    swap = Swap.objects.create(
        officer=MEMBER,
        crew="c",
        start=start,
        end=start + timedelta(hours=8),
        other=other,
        state="agreed",
        asked_by="x",
        asked_at=START,
    )
    assert as_sergeant(judge).post(f"/swaps/{swap.pk}/answer", {"answer": "no"}).status_code == status


def test_an_order_away_walks_the_line(seat: Seat, force: InForce) -> None:
    """A chief orders those below away, not the own person."""
    form = {"kind": "meeting", "start": "2026-03-09T08:00", "end": "2026-03-09T10:00", "ordered_by": "bureau 7"}
    chief = seat("chief", officer="P001")
    assert chief.post("/today/order", form | {"officer": "P001"}).status_code == 403
    assert chief.post("/today/order", form | {"officer": MEMBER}).status_code == 302


def test_an_objection_goes_to_the_sergeant(seat: Seat, force: InForce) -> None:
    """The sergeant of the sector reads and answers it, the sergeant of another sector neither."""
    from qinwu.board.beat.judged import BENCH
    from qinwu.board.models import Objection

    BENCH.of(force, 120.0)
    said = Objection.objects.create(officer=MEMBER, period="2026-02", line="visits", reason="the book had a gap", at=START)
    other, own = as_sergeant(OTHER_SERGEANT), as_sergeant(SERGEANT)
    assert "the book had a gap" not in other.get("/scores").content.decode()
    assert other.post(f"/scores/objections/{said.pk}", {"verdict": "upheld", "answer": "yes"}).status_code == 403
    page = own.get("/scores").content.decode()
    assert "the book had a gap" in page
    assert 'action="/scores/all/show"' not in page
    assert own.post(f"/scores/objections/{said.pk}", {"verdict": "upheld", "answer": "yes"}).status_code == 302
    said.refresh_from_db()
    assert (said.state, said.answered_by) == ("upheld", f"sergeant-{SERGEANT}")


def test_sergeants_read_the_sheets_of_their_sector(force: InForce) -> None:
    """A sheet of a member is open to the sergeant of the sector and closed to the sergeant of another."""
    from qinwu.board.beat.judged import BENCH

    BENCH.of(force, 120.0)
    assert as_sergeant(SERGEANT).get(f"/scores/{MEMBER}").status_code == 200
    assert as_sergeant(OTHER_SERGEANT).get(f"/scores/{MEMBER}").status_code == 403


def test_an_order_to_a_squad_goes_to_its_head(seat: Seat, force: InForce) -> None:
    """The head whom the duty system names takes it, and the chief above; another squad's officer does not."""
    from qinwu.board.access.line import Lines

    squad = force.loaded.system.squad[0]
    led = squad.model_copy(update={"head": STRANGER})
    system = force.loaded.system.model_copy(update={"squad": (led, *force.loaded.system.squad[1:])})
    lines = Lines(replace(force, loaded=replace(force.loaded, system=system)))
    from django.contrib.auth import get_user_model

    as_sergeant(STRANGER)
    as_sergeant(SERGEANT)
    seat("chief")
    users = get_user_model().objects
    takes = {name: lines.takes(users.get(username=name), led.id) for name in ("sergeant-P012", "sergeant-P008", "chief")}
    assert takes == {"sergeant-P012": True, "sergeant-P008": False, "chief": True}
    assert lines.order_goes_to(led.id, "en").startswith(f"Goes to {STRANGER}, head of ")


def test_an_order_that_waits_stands_on_the_day_of_who_answers_it(seat: Seat, force: InForce) -> None:
    """The chief reads on the page of the day how many orders wait and goes to them; answered, none waits; a sergeant has none."""
    from qinwu.board.models import CorrectiveOrder

    due = START + timedelta(days=3)
    order = CorrectiveOrder.objects.create(to="station", about="other", subject="s", text="t", by="x", at=START, due=due)
    words = "Corrective orders that wait for your answer: 1, the first by 03-07"
    chief, sergeant = seat("chief"), as_sergeant(SERGEANT)
    assert words in chief.get("/today").content.decode()
    assert "Corrective orders that wait" not in sergeant.get("/today").content.decode()
    assert chief.post(f"/orders/answer/{order.pk}", {"answer": "put right"}).status_code == 302
    assert "Corrective orders that wait" not in chief.get("/today").content.decode()


def test_layers_and_spans_are_on_a_page(seat: Seat, force: InForce) -> None:
    """Three layers; each sergeant with the two others of the sector; an officer reads the own line first."""
    page = seat("officer", officer=MEMBER).get("/line").content.decode()
    assert f"<b>{MEMBER}</b> → {SERGEANT}, sergeant of First sector → the chief of " in page
    from qinwu.board.access.line import Lines
    from qinwu.duty.organisation.line import layers, spans

    everybody = Lines(force).everybody()
    assert layers(everybody, "station") == 3
    under = {one.rung.head: set(one.officers) for one in spans(everybody) if one.rung.kind == "sector"}
    assert {MEMBER, COLLEAGUE} <= under[SERGEANT]
    assert SERGEANT not in under[SERGEANT]
