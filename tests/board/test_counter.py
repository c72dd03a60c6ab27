"""Service points: numbers drawn and called, waits told, requests replied to in time, answers kept without who gave them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock
from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import ServicePoint

MINUTE = timedelta(minutes=1)


def point(force: InForce, **changes: Any) -> ServicePoint:
    """Open a point with two counters, Monday to Friday from nine to five."""
    from qinwu.board.work.counters import Wanted, make

    fields: dict[str, Any] = {"title": "house", "atom": force.plan.atoms[0], "weekdays": "01234", "counters": 2}
    fields |= {"opens": time(9), "closes": time(17)}
    return make(force, Wanted(**(fields | changes)), "chief")


def test_two_counters_never_call_the_same_number(force: InForce) -> None:
    """Eight counters call at once for five who wait: five get a number each, three are told that nobody waits."""
    from django.db import connection

    from qinwu.board.models import Ticket
    from qinwu.board.work.counters import call_next, draw

    here = point(force, counters=8)
    for _ in range(5):
        draw(force, here, "other", "desk")

    def call(number: int) -> str:
        try:
            return str(call_next(force, here, f"counter {number}").number)
        except QinwuError as error:
            return error.findings[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(call, range(8)))
    assert found == ["1", "2", "3", "4", "5", *["nobody-waits"] * 3]
    assert Ticket.objects.filter(served__isnull=False).count() == 5


def test_two_who_draw_at_once_get_two_numbers(force: InForce) -> None:
    """Six draw at the same moment: one to six, no number twice."""
    from django.db import connection

    from qinwu.board.work.counters import draw

    here = point(force)

    def pull(_number: int) -> int:
        try:
            return draw(force, here, "other", "desk").number
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(pull, range(6))) == [1, 2, 3, 4, 5, 6]


def test_no_more_are_called_than_counters_are_open(force: InForce) -> None:
    """The third number waits until one of two counters has ended its own, or a third opens."""
    from qinwu.board.work.counters import call_next, draw, gone, served, staff

    here = point(force)
    for _ in range(4):
        draw(force, here, "other", "desk")
    first, second = call_next(force, here, "a"), call_next(force, here, "b")
    with pytest.raises(QinwuError, match="All 2 counters are busy"):
        call_next(force, here, "c")
    served(first, "a")
    with pytest.raises(QinwuError, match="ended already"):
        gone(first, "a")
    assert call_next(force, here, "a").number == 3
    gone(second, "b")
    assert call_next(force, here, "b").number == 4
    staff(here, 3, "chief")
    with pytest.raises(QinwuError, match="Nobody waits"):
        call_next(force, here, "c")


def test_a_closed_point_gives_no_numbers(force: InForce) -> None:
    """Half an hour before it opens it does, at night and on Sundays it does not, and a new day begins with one."""
    from qinwu.board.work.counters import draw

    here = point(force)
    assert draw(force, here, "other", "desk").number == 1
    with clock(START + timedelta(hours=8)), pytest.raises(QinwuError, match="closed now"):
        draw(force, here, "other", "desk")
    with clock(START + timedelta(days=4)), pytest.raises(QinwuError, match="closed now"):
        draw(force, here, "other", "desk")
    with clock(START + timedelta(hours=22, minutes=40)):
        assert draw(force, here, "other", "desk").number == 1


def test_waits_are_those_that_people_had(force: InForce) -> None:
    """Waits of 10 and 30 minutes: median 20; one who left is no wait, one who waits is told with the time so far."""
    from qinwu.board.work.counters import call_next, draw, gone, served, standing

    here = point(force)
    draw(force, here, "other", "desk")
    draw(force, here, "other", "desk")
    last = draw(force, here, "other", "desk")
    with clock(START + 10 * MINUTE):
        served_first = call_next(force, here, "a")
    with clock(START + 22 * MINUTE):
        served(served_first, "a")
    with clock(START + 30 * MINUTE):
        call_next(force, here, "a")
        gone(last, "desk")
        draw(force, here, "other", "desk")
    with clock(START + 45 * MINUTE):
        now = standing(force, here)
    assert now.today.served == 2
    assert (round(now.today.median_min), round(now.today.p90_min), now.today.left) == (20, 28, 1)
    assert (now.today.waiting, round(now.today.longest_min)) == (1, 15)
    assert round(now.usual.service_min) == 12
    busiest = now.usual.busiest
    assert busiest is not None
    assert busiest.hour == 10
    assert [each.counters for each in busiest.staffed] == [1, 2, 3]


def test_the_expected_wait_is_that_of_erlang(force: InForce) -> None:
    """Five visits of twelve minutes in an hour keep one counter busy: it never suffices, two wait as the formula says."""
    from datetime import datetime

    from qinwu.plan.posts.line import Visit, line_of
    from qinwu.queueing.erlang import wait_mean

    at = [datetime(2026, 3, 4, 9, 10 * n) for n in range(5)]
    hour = line_of([Visit(each, each, each + 12 * MINUTE) for each in at], 2, range(9, 10)).hours[0]
    assert hour.load == pytest.approx(1.0)
    assert hour.staffed[0].wait_min is None
    assert hour.staffed[1].wait_min == pytest.approx(float(wait_mean(2, 1.0, 12.0)))


def test_what_is_wrong_with_a_point_is_said(force: InForce) -> None:
    """Name taken, no place, no weekday, closing before opening: all at once."""
    here = point(force)
    with pytest.raises(QinwuError) as refused:
        point(force, title=here.title, atom="?", weekdays="", closes=time(8))
    assert {one.code for one in refused.value.findings} == {"title-taken", "unknown-atom", "no-weekdays", "closes-first"}


def test_a_request_has_seventy_two_hours(force: InForce, seat: Callable[..., Client]) -> None:
    """It is on the page with the hours left, late ones first in the heading; replied to it counts as in time or not."""
    from qinwu.board.models import Task
    from qinwu.board.work.requests import receive, replied

    early = receive(force, "noise", force.plan.atoms[0], START - timedelta(hours=80), "desk")
    receive(force, "traffic", force.plan.atoms[1], START - timedelta(hours=2, minutes=1), "desk")
    desk = seat("call_taker")
    page = desk.get("/counter").content.decode()
    assert page.index("8 h late") < page.index("69 h left")
    assert "Requests past their 72 hours: 1" in page
    form = {"request_class": "safety", "request_atom": "nowhere"}
    refused = desk.post("/counter/requests", form)
    assert refused.status_code == 422
    assert 'value="nowhere"' in refused.content.decode()
    assert desk.post("/counter/requests", form | {"request_atom": force.plan.atoms[2]}).status_code == 302
    for task in Task.objects.filter(kind="request"):
        assert desk.post(f"/counter/requests/{task.pk}/reply", {"spent": "10", "result": "answered"}).status_code == 302
    assert desk.post(f"/counter/requests/{early.pk}/reply", {"spent": "10", "result": "answered"}).status_code == 422
    found = replied()
    assert (found.count, found.in_time) == (3, 2)
    with pytest.raises(QinwuError, match="future"):
        receive(force, "noise", force.plan.atoms[0], START + timedelta(hours=1), "desk")


def test_officers_reply_for_their_own_beats(force: InForce, seat: Callable[..., Client]) -> None:
    """An officer of another beat cannot reply."""
    from qinwu.board.work.requests import receive

    one = receive(force, "noise", force.plan.atoms[0], START, "desk")
    other = next(beat.id for beat in force.standing.beats if beat.id != one.beat)
    form = {"spent": "10", "result": "answered"}
    desk = seat("officer", officer=force.standing.officer_of_beat(other))
    assert desk.post(f"/counter/requests/{one.pk}/reply", form).status_code == 403
    assert "8 h late" not in desk.get("/counter").content.decode()


def closed_call(force: InForce) -> Any:
    """Take a call and close it."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sendings.close(call, "handled", "dispatcher")
    return call


def test_answers_have_an_interval_and_nobody_behind_them(force: InForce) -> None:
    """One answer a call, none while it is open; with five the share is told with Wilson's interval, with four none."""
    from qinwu.board.models import Feedback, TrailEntry
    from qinwu.board.work.feedback import answered, shares
    from qinwu.judge.score.survey import wilson

    with pytest.raises(QinwuError, match="still open"):
        answered(taken(force), satisfied=True, method="phone", by="desk")
    for number in range(4):
        answered(closed_call(force), satisfied=number > 0, method="phone", by="desk")
    assert shares(force)[0].survey is None
    last = closed_call(force)
    answered(last, satisfied=True, method="message", by="desk")
    with pytest.raises(QinwuError, match="answered already"):
        answered(last, satisfied=False, method="phone", by="desk")
    survey = shares(force)[0].survey
    assert survey is not None
    assert (survey.span.low, survey.span.high) == wilson(0.8, 5)
    assert {field.name for field in Feedback._meta.fields} == {"id", "call", "task", "at", "method", "satisfied"}
    assert TrailEntry.objects.filter(action="feedback.keep").count() == 5


def test_the_lot_says_whom_to_ask(force: InForce, seat: Callable[..., Client]) -> None:
    """Closed calls are offered in an order that nobody chooses, and no longer once answered."""
    from qinwu.board.work.feedback import to_ask

    calls = [closed_call(force) for _ in range(9)]
    offered = to_ask()[0]
    assert len(offered) == 6
    assert [one.number for one in offered] != [one.number for one in calls[:6]]
    desk = seat("call_taker")
    assert offered[0].number in desk.get("/counter").content.decode()
    answer = {"satisfied": "yes", "method": "phone"}
    assert desk.post(f"/counter/calls/{offered[0].number}/feedback", answer).status_code == 302
    assert offered[0].pk not in [one.pk for one in to_ask()[0]]
    assert desk.post(f"/counter/calls/{offered[1].number}/feedback", {"satisfied": "maybe"}).status_code == 422


def test_the_page_of_the_counter(force: InForce, seat: Callable[..., Client]) -> None:
    """A chief opens a point on the page, the desk draws, calls and ends; the heading says how long people wait."""
    from qinwu.board.models import ServicePoint, Ticket

    chief = seat("chief")
    assert "No service point is open" in chief.get("/counter").content.decode()
    form: dict[str, Any] = {"title": "market", "atom": force.plan.atoms[0], "opens": "09:00", "closes": "17:00", "counters": "1"}
    refused = chief.post("/counter/make", form)
    assert refused.status_code == 422
    assert 'value="market"' in refused.content.decode()
    assert chief.post("/counter/make", form | {"weekdays": ["0", "1", "2", "3", "4"]}).status_code == 302
    pk = ServicePoint.objects.get().pk
    desk = seat("officer")
    assert desk.post("/counter/make", form).status_code == 403
    assert desk.post(f"/counter/{pk}/draw", {"business": "other"}).status_code == 302
    with clock(START + 12 * MINUTE):
        assert "Waiting at market: 1, the first for 12 min" in chief.get("/counter").content.decode()
        assert "001" in desk.get(f"/counter/{pk}/line").content.decode()
        assert desk.post(f"/counter/{pk}/next").status_code == 302
        assert desk.post(f"/counter/{pk}/next").status_code == 422
        assert desk.post(f"/counter/tickets/{Ticket.objects.get().pk}/end", {"end": "done"}).status_code == 302
        assert "Nobody waits" in chief.get("/counter").content.decode()
    assert chief.post(f"/counter/{pk}/staff", {"counters": "none"}).status_code == 422
    assert chief.post(f"/counter/{pk}/end").status_code == 302
