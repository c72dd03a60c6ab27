"""Calls on the board: taken once, refused with everything that is wrong, proposed for by the plan, sent, stamped, closed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Call

Seat = Callable[..., "Client"]


def taken(force: InForce, **changes: Any) -> Call:
    """Take a help call at the first atom."""
    from qinwu.board.dispatch import calls

    fields = {"key": uuid.uuid4(), "call_class": "help", "atom": force.plan.atoms[0], "received": START, **changes}
    return calls.take(force, calls.Taken(**fields), "tester")


def proposed(force: InForce, call: Call) -> Any:
    """Return what is proposed for a call."""
    from qinwu.board.clock import now
    from qinwu.board.dispatch.at_hand import at_hand
    from qinwu.board.dispatch.proposing import proposal_for

    return proposal_for(force, at_hand(force, now()), call, "en")


def test_the_same_form_makes_one_call(force: InForce) -> None:
    """A form sent twice makes one call, however often it arrives."""
    from qinwu.board.models import Call

    key = uuid.uuid4()
    assert {taken(force, key=key).pk for _ in range(3)} == {Call.objects.get().pk}


def test_everything_wrong_with_a_call_is_said_at_once(force: InForce) -> None:
    """Unknown class and place, a time to come, no such priority, too many officers: five problems, nothing kept."""
    from qinwu.board.models import Call

    with pytest.raises(QinwuError) as refused:
        taken(force, call_class="hlp", atom="nowhere", received=START + timedelta(hours=1), priority=9, people=99)
    codes = {finding.code for finding in refused.value.findings}
    assert codes == {"unknown-call_class", "unknown-atom", "future-time", "unknown-priority", "wrong-people"}
    assert not Call.objects.exists()


def test_numbers_of_a_day_are_in_a_row(force: InForce) -> None:
    """Three calls of one day are numbered 1, 2, 3."""
    assert [taken(force).number[-4:] for _ in range(3)] == ["0001", "0002", "0003"]


def test_what_is_proposed_is_what_the_plan_says(force: InForce) -> None:
    """On an empty board the first crew proposed is the one that the response plan's own explanation lists first."""
    from qinwu.duty.explain import explain

    call = taken(force)
    told = proposed(force, call)
    first = explain(force.station, force.loaded, force.plan, call.atom, "help", START.replace(tzinfo=START.tzinfo))
    on_duty = [one.crew.id for tier in first.tiers for one in tier.crews if one.on_duty and not one.work]
    assert told.going
    assert told.going[0].crew in on_duty


def test_a_crew_sent_is_not_proposed_again(force: InForce) -> None:
    """The crew on the first call is passed over for the second, and the list says that it is on another call."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    first = proposed(force, call).going
    sendings.send(force, call, [line.order for line in first], "tester")
    told = proposed(force, taken(force))
    assert first[0].crew not in [line.crew for line in told.going]
    assert "on another call" in [line.why for line in told.others if line.crew == first[0].crew]


def test_of_two_dispatchers_one_gets_the_crew(force: InForce) -> None:
    """The second who sends the same crew is told, by the name that pages have for it, and nothing of the order is kept."""
    from qinwu.board.crew_names import crew_names
    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Sending

    one, other = taken(force), taken(force)
    order = proposed(force, one).going[0].order
    sendings.send(force, one, [order], "first")
    with pytest.raises(QinwuError, match="a moment ago") as told:
        sendings.send(force, other, [order], "second")
    assert f"警组 {crew_names(force, 'zh')[order.crew]} 刚刚" in told.value.findings[0].text("zh")
    assert [sending.call_id for sending in Sending.objects.all()] == [one.pk]


def test_another_crew_needs_a_reason(force: InForce) -> None:
    """Who sends somebody else than proposed says why, or sends nobody."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Sending

    call = taken(force)
    others = [line.order for line in proposed(force, call).others if line.minutes is not None]
    with pytest.raises(QinwuError, match="reason is missing"):
        sendings.send(force, call, others[:1], "tester")
    sendings.send(force, call, others[:1], "tester", "knows the place")
    assert Sending.objects.get().reason == "knows the place"


def test_stamps_come_in_order_and_once(force: InForce) -> None:
    """A stamp before the one it follows is refused; pressing twice keeps the first time."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    with clock(START + timedelta(minutes=4)):
        arrived = sendings.stamp(sending, "arrived", "tester").arrived
        assert sendings.stamp(sending, "arrived", "tester").arrived == arrived
        with pytest.raises(QinwuError, match="before an earlier one"):
            sendings.stamp(sending, "finished", "tester", at=START + timedelta(minutes=1))


def test_a_stamp_forgotten_is_not_given_after_the_next(force: InForce) -> None:
    """Who arrived no longer acknowledges, unless with a time before; the time told is the station's."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    arrived = START + timedelta(minutes=4)
    with clock(arrived):
        sendings.stamp(sending, "arrived", "tester", at=arrived)
    assert sendings.to_come(sending) == ("finished", "over")
    with clock(START + timedelta(minutes=5)):
        with pytest.raises(QinwuError, match=f"after a later one, of {arrived.astimezone(force.zone):%H:%M:%S}"):
            sendings.stamp(sending, "acknowledged", "tester")
        sendings.stamp(sending, "acknowledged", "tester", at=START + timedelta(minutes=1))


def test_a_crew_taken_off_stamps_nothing(force: InForce) -> None:
    """A page that still shows the crew on the call is told; the call has nobody who arrived."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    sendings.withdraw(sending, "tester", "needed elsewhere")
    with pytest.raises(QinwuError, match="has been taken off"):
        sendings.stamp(sending, "arrived", "tester")
    sending.refresh_from_db()
    assert sending.arrived is None


def test_a_crew_that_was_only_asked_stamps_nothing(force: InForce) -> None:
    """A request is answered first: until then the crew has neither set out nor come free."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Sending

    sending = sendings.send(force, taken(force), [proposed(force, taken(force)).going[0].order], "tester")[0]
    Sending.objects.filter(pk=sending.pk).update(dispatched=None, requested=START)
    for stamp in sendings.STAMPS:
        with pytest.raises(QinwuError, match="Answer the request first"):
            sendings.stamp(sending, stamp, "tester")


def test_a_call_closes_only_when_it_is_over(force: InForce) -> None:
    """A crew still there keeps it open; missing stamps ask why; with a reason it closes and leaves the queue."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.dispatch.at_hand import at_hand

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    with pytest.raises(QinwuError, match="still on this call"):
        sendings.close(call, "handled", "tester")
    with clock(START + timedelta(minutes=9)):
        sendings.stamp(sending, "over", "tester")
        with pytest.raises(QinwuError, match="Stamps are missing: acknowledged, drove off, arrived") as told:
            sendings.close(call, "handled", "tester")
        assert "缺时间：签收、出警、到场。" in told.value.findings[0].text("zh")
        sendings.close(call, "handled", "tester", "radio was down")
        assert at_hand(force, START).calls == ()


def test_a_call_that_needs_nobody_is_closed_from_its_page(seat: Seat, force: InForce) -> None:
    """Who rang again to call it off costs no crew a drive: the page asks why, closes the call, and says why afterwards."""
    call, desk = taken(force), seat("dispatcher")
    assert "Close without sending anybody" in desk.get(f"/calls/{call.number}").content.decode()
    closed = desk.post(f"/calls/{call.number}/close", {"result": "nothing_found", "missing": "rang again: all is well"})
    assert closed.status_code == 302
    assert "Why nobody was sent: rang again: all is well" in desk.get(f"/calls/{call.number}").content.decode()


def test_a_night_shift_in_pages(seat: Seat, force: InForce) -> None:
    """A dispatcher takes a call, sees the proposal, sends, stamps, closes: every page answers and the queue is empty at the end."""
    from qinwu.board.models import Call, Sending

    desk = seat("dispatcher")
    made = desk.post("/calls/new", {"key": str(uuid.uuid4()), "call_class": "help", "atom": force.plan.atoms[3]})
    assert made.status_code == 302
    number = Call.objects.get().number
    page = desk.get(f"/calls/{number}").content.decode()
    assert "Proposed" in page
    crew = page.split('name="crew" value="')[1].split('"')[0]
    assert desk.post(f"/calls/{number}/send", {"crew": [crew]}).status_code == 302
    sending = Sending.objects.get()
    for stamp in ("acknowledged", "en_route", "arrived", "finished", "over"):
        assert desk.post(f"/sendings/{sending.pk}/stamp", {"stamp": stamp}).status_code == 302
    assert number in desk.get("/").content.decode()
    assert desk.post(f"/calls/{number}/close", {"result": "handled"}).status_code == 302
    assert "No call is open" in desk.get("/").content.decode()


def test_a_form_keeps_what_was_typed(seat: Seat, force: InForce) -> None:
    """A refused form comes back with the problem in words and everything that was typed; nothing is kept."""
    from qinwu.board.models import Call

    page = seat("call_taker").post("/calls/new", {"call_class": "help", "atom": "Z999", "people": "three", "priority": "2"})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="Z999"' in text
    assert 'value="three"' in text
    assert "three cannot be read" in text
    assert not Call.objects.exists()


def test_stored_text_is_never_markup(seat: Seat, force: InForce) -> None:
    """A reason that looks like a script is shown as it was typed."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    others = [line.order for line in proposed(force, call).others if line.minutes is not None]
    sendings.send(force, call, others[:1], "tester", "<script>alert(1)</script>")
    page = seat("dispatcher").get(f"/calls/{call.number}").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_second_caller_is_noticed(seat: Seat, force: InForce) -> None:
    """A call of the same class and place a minute later names the first; confirmed, it leaves the queue and the first stays."""
    from qinwu.board.dispatch.at_hand import at_hand
    from qinwu.board.dispatch.repeated import repeated_by

    first, far = taken(force), taken(force, atom=force.plan.atoms[-1], call_class=force.plan.call_classes[0])
    second = taken(force, received=START + timedelta(minutes=1))
    named = repeated_by(force, second, [first, far])
    assert [one.call for one in named][:1] == [first]
    desk = seat("dispatcher")
    assert first.number in desk.get(f"/calls/{second.number}").content.decode()
    assert desk.post(f"/calls/{second.number}/repeats", {"of": first.number}).status_code == 302
    assert {call.number for call in at_hand(force, START).calls} == {first.number, far.number}


def test_no_call_waits_for_the_record_to_be_learnt(force: InForce) -> None:
    """While a large record is being read a call of the same place is named without a probability; afterwards with one."""
    from dataclasses import replace
    from threading import Event

    from qinwu.board import in_force
    from qinwu.board.dispatch.repeated import repeated_by

    first, second = taken(force), taken(force, received=START + timedelta(minutes=1))
    fresh, go = replace(force), Event()
    in_force._LEARNER.submit(go.wait, 60)
    try:
        assert [(one.call, one.probability) for one in repeated_by(fresh, second, [first])] == [(first, None)]
    finally:
        go.set()
    assert fresh.duplicates is not None
    assert [one.probability is None for one in repeated_by(fresh, second, [first])] == [False]


def test_a_crew_taken_off_is_free_and_not_proposed_again(seat: Seat, force: InForce) -> None:
    """Without a reason it stays; with one it is free for other calls, and this call proposes somebody else."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    desk = seat("dispatcher")
    assert desk.post(f"/sendings/{sending.pk}/withdraw", {"reason": " "}).status_code == 422
    assert desk.post(f"/sendings/{sending.pk}/withdraw", {"reason": "nearer crew came free"}).status_code == 302
    assert sending.crew not in [line.crew for line in proposed(force, call).going]
    assert sending.crew in [line.crew for line in proposed(force, taken(force, atom=call.atom)).going]


def test_a_demonstration_goes_on_where_it_ended(force: InForce) -> None:
    """Started again, its clock is not before what was done, so that a crew on a call can be stamped free."""
    from qinwu.board.clock import now
    from qinwu.board.demo.day import go_on
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    arrived = START + timedelta(hours=4)
    with clock(arrived):
        sendings.stamp(sending, "arrived", "tester", at=arrived)
    with clock(START):
        go_on()
        assert now() >= arrived
        sendings.stamp(sending, "over", "tester")
