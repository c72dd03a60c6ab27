"""Today: who is on, what absences take away, where the week lacks officers, what a watch leaves to the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

HOUR = timedelta(hours=1)


def wanted(force: InForce, **changes: Any) -> Any:
    """Return an absence of the first officer of the first crew on duty, two hours from now on."""
    from qinwu.board.roster.absences import Wanted

    fields: dict[str, Any] = {"officer": on_duty(force)[1], "kind": "leave", "start": START, "end": START + 2 * HOUR}
    return Wanted(**(fields | changes))


def on_duty(force: InForce) -> tuple[str, str]:
    """Return a crew with officers that is on duty and free, and one of its officers."""
    from qinwu.board.dispatch.at_hand import at_hand

    crews = at_hand(force, START).situation.crews
    return next(
        (label.id, label.officers[0])
        for crew, label in zip(crews, force.plan.crews, strict=True)
        if crew.on_duty and label.officers
    )


def test_who_is_away_does_not_go(force: InForce) -> None:
    """A crew of one whose officer is on leave is off duty and not proposed; refused leave changes nothing."""
    from qinwu.board.dispatch.at_hand import at_hand
    from qinwu.board.roster.absences import answer, ask

    crew, _officer = on_duty(force)
    everybody = force.plan.crews[force.crew(crew)].officers
    for each in everybody:
        absence = ask(force, wanted(force, officer=each), "officer")
        assert at_hand(force, START).situation.crews[force.crew(crew)].on_duty
        answer(absence, approved=True, by="chief")
    assert not at_hand(force, START).situation.crews[force.crew(crew)].on_duty
    assert crew not in [line.crew for line in proposed(force, taken(force)).going]
    later = at_hand(force, START + 3 * HOUR).situation.crews[force.crew(crew)]
    assert later.people == -1


def test_what_absences_take_from_the_cover_is_counted(force: InForce) -> None:
    """An officer away for two hours on duty takes two officer-hours from the day, no more."""
    import numpy as np

    from qinwu.board.roster.absences import answer, ask
    from qinwu.board.roster.cover import midnight
    from qinwu.board.roster.cover import on_duty as minutes_on

    everybody = np.ones(len(force.plan.crews), bool)
    start = midnight(force, START.date())
    before = minutes_on(force, start, 1440, everybody).sum()
    answer(ask(force, wanted(force), "officer"), approved=True, by="chief")
    assert before - minutes_on(force, start, 1440, everybody).sum() == 120


def test_the_day_agrees_with_the_board(force: InForce) -> None:
    """At every hour of the day the crews with a bar there are those that the board has on duty."""
    from qinwu.board.dispatch.at_hand import at_hand
    from qinwu.board.roster.cover import day_of

    bars = day_of(force, START.date())
    for hour in range(14):
        at = START + timedelta(hours=hour, minutes=1)
        crews = at_hand(force, at).situation.crews
        own = {label.id for k, label in enumerate(force.plan.crews) if crews[k].on_duty and force.plan.crew.external[k] == 0}
        assert {bar.crew for bar in bars if bar.start <= at < bar.end} == own, hour


def test_everything_wrong_with_an_absence_is_said(force: InForce) -> None:
    """Unknown officer, a kind that is not asked for, no end, an end before the start, an order without who gave it."""
    from qinwu.board.models import Absence
    from qinwu.board.roster.absences import ask, order

    with pytest.raises(QinwuError) as refused:
        ask(force, wanted(force, officer="nobody", kind="secondment", end=START - HOUR), "officer")
    assert {one.code for one in refused.value.findings} == {"unknown-officer", "unknown-kind", "end-before-start"}
    with pytest.raises(QinwuError) as refused:
        order(force, wanted(force, kind="training", end=None), "chief")
    assert {one.code for one in refused.value.findings} == {"no-end", "no-order"}
    assert not Absence.objects.exists()


def test_a_request_is_answered_once(force: InForce) -> None:
    """The second answer is told, and the first stands."""
    from qinwu.board.roster.absences import answer, ask

    absence = ask(force, wanted(force), "officer")
    answer(absence, approved=False, by="chief")
    with pytest.raises(QinwuError, match="already"):
        answer(absence, approved=True, by="chief")
    absence.refresh_from_db()
    assert absence.state == "refused"


def test_long_numbers_are_masked(force: InForce) -> None:
    """A telephone number in a note or an order is not kept."""
    from qinwu.board.roster.absences import order
    from qinwu.board.roster.handing_over import leave

    assert leave("ring 13912345678", "dispatcher").note == "ring ***"
    absence = order(force, wanted(force, kind="training", ordered_by="bureau 110101199001011234"), "chief")
    assert absence.ordered_by == "bureau ***"


def test_a_handover_is_signed_by_somebody_else(force: InForce) -> None:
    """Who leaves a note cannot take it over; one other can, once; open calls are named in it."""
    from qinwu.board.roster.handing_over import leave, take

    call = taken(force)
    note = leave("two cells are full", "first")
    assert note.open_calls == call.number
    with pytest.raises(QinwuError, match="cannot take it over"):
        take(note, "first")
    take(note, "second")
    with pytest.raises(QinwuError, match="already"):
        take(note, "third")


def test_the_page_of_the_day(seat: Callable[..., Client], force: InForce) -> None:
    """An officer asks for leave for the own person only, the chief approves it on the page, and it stands there."""
    from qinwu.board.models import Absence

    _crew, officer = on_duty(force)
    desk = seat("officer", officer=officer)
    form = {"officer": "somebody else", "kind": "leave", "start": "2026-03-05T08:00", "end": "2026-03-06T08:00"}
    assert desk.post("/today/ask", form).status_code == 302
    assert Absence.objects.get().officer == officer
    chief = seat("chief")
    assert "approve" in chief.get("/today").content.decode()
    assert chief.post(f"/today/answer/{Absence.objects.get().pk}", {"answer": "yes"}).status_code == 302
    page = chief.get("/today?day=2026-03-05").content.decode()
    assert f"<s>{officer}</s>" in page or officer in page
    assert Absence.objects.get().state == "approved"
    wrong = chief.post("/today/order", {"officer": officer, "kind": "secondment", "start": "tomorrow", "ordered_by": "bureau 7"})
    assert wrong.status_code == 422
    assert 'value="bureau 7"' in wrong.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_the_present_one(seat: Any, force: InForce, day: str) -> None:
    """An address with a day before or after which there is none shows today, as one with no day does."""
    desk = seat("chief")
    assert desk.get(f"/today?day={day}").content.count(b"<h1") == desk.get("/today").content.count(b"<h1") == 1
