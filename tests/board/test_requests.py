"""Requests and conflicts: who is asked answers in time or not; of two orders one holds; urgent calls take crews from others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Call, Sending

Seat = Callable[..., "Client"]
WAIT = timedelta(minutes=10)


ASKED = """
id = "asked"
name = { zh = "须征求", en = "Asked" }
extends = ["one_beat"]

[[squad]]
id = "community"
line = "coordinate"
"""


@pytest.fixture
def split(force: InForce, seat: Seat, station_folder: Path) -> Iterator[InForce]:
    """Return a force whose crews are on another line and must be asked."""
    from qinwu.board.in_force import in_force

    file = station_folder / "duty" / "asked.toml"
    file.write_text(ASKED, "utf-8")
    try:
        signed(seat, "asked")
        yield in_force()
    finally:
        file.unlink()


def signed(seat: Seat, name: str) -> None:
    """Sign a duty system in the chief's name."""
    from django.contrib.auth import get_user_model

    from qinwu.board.plans.signing import sign

    seat("chief")
    sign(name, None, "reform", get_user_model().objects.get(username="chief"))


def asked(split: InForce) -> tuple[Call, Sending]:
    """Return a call, and a request to the first crew that would have to be asked for it."""
    from qinwu.board.dispatch import sendings

    call = taken(split)
    told = proposed(split, call)
    line = next(each for each in (*told.going, *told.others) if each.order.asks and each.minutes is not None)
    return call, sendings.send(split, call, [line.order], "tester", "it is nearer")[0]


def test_a_request_has_the_clock_of_the_plan(split: InForce, seat: Seat) -> None:
    """The crew is asked until the wait of its tier has passed; the page shows the time, the unit and that it is asked."""
    call, sending = asked(split)
    row = int(split.plan.dispatching.row[call.priority - 1, split.plan.call_classes.index("help"), 0])
    wait = float(split.plan.dispatching.wait_s[row, sending.tier])
    assert sending.dispatched is None
    assert sending.answer_by is not None
    assert sending.requested is not None
    assert (sending.answer_by - sending.requested).total_seconds() == wait == WAIT.total_seconds()
    page = seat("dispatcher").get(f"/calls/{call.number}").content.decode()
    assert "answer by 10:10:00" in page
    assert "data-until" in page
    assert "to be asked" in page


def test_a_request_nobody_answers_ends_when_somebody_looks(split: InForce, seat: Seat) -> None:
    """A second before its time it stands; after it whoever opens the board ends it, once; the plan turns to somebody else."""
    from qinwu.board.models import Sending, TrailEntry

    call, sending = asked(split)
    desk = seat("inspector")
    with clock(START + WAIT - timedelta(seconds=1)):
        desk.get("/")
        assert Sending.objects.get().over is None
    with clock(START + WAIT + timedelta(seconds=5)):
        for _ in range(3):
            assert desk.get("/").status_code == 200
        sending.refresh_from_db()
        assert (sending.ended, sending.over) == ("timed_out", sending.answer_by)
        assert TrailEntry.objects.filter(action="sending.time_out", subject=call.number).count() == 1
        told = proposed(split, call)
        assert sending.crew not in [line.crew for line in told.going]
        assert "refused or passed over" in [line.why for line in told.others if line.crew == sending.crew]
        assert "no answer in time" in desk.get(f"/calls/{call.number}").content.decode()


def test_an_answer_that_comes_too_late_is_refused(split: InForce, seat: Seat) -> None:
    """Who agrees after the time has run out is told; the crew does not go."""
    _call, sending = asked(split)
    with clock(START + WAIT + timedelta(seconds=5)):
        page = seat("dispatcher").post(f"/sendings/{sending.pk}/answer", {"answer": "yes"})
        assert page.status_code == 409
        assert "time for an answer has run out" in page.content.decode()
    sending.refresh_from_db()
    assert (sending.dispatched, sending.ended) == (None, "timed_out")


def test_a_request_is_agreed_or_refused_once(split: InForce, seat: Seat) -> None:
    """Agreed, the crew is under way; a second answer changes nothing; refused, it is free for others and not proposed here."""
    _call, sending = asked(split)
    desk = seat("dispatcher")
    assert desk.post(f"/sendings/{sending.pk}/answer", {"answer": "yes"}).status_code == 302
    assert desk.post(f"/sendings/{sending.pk}/answer", {"answer": "no"}).status_code == 409
    sending.refresh_from_db()
    assert sending.dispatched is not None
    other = taken(split)
    told = proposed(split, other)
    free = [each for each in (*told.going, *told.others) if each.order.asks and each.minutes and each.crew != sending.crew]
    from qinwu.board.dispatch import sendings

    second = sendings.send(split, other, [free[0].order], "tester", "it is nearer")[0]
    assert desk.post(f"/sendings/{second.pk}/answer", {"answer": "no"}).status_code == 302
    second.refresh_from_db()
    assert second.ended == "refused"
    assert second.crew not in [each.crew for each in proposed(split, other).going]


def test_levels_and_hand_overs_are_shown(split: InForce, seat: Seat) -> None:
    """The proposal says how many levels dispatch and what that costs, and of each crew whose it is and what handing over costs."""
    call = taken(split)
    told = proposed(split, call)
    assert told.levels == split.loaded.system.dispatch.levels
    asks = [line for line in (*told.going, *told.others) if line.order.asks]
    assert min(line.hand_over_s for line in asks) == split.loaded.system.dispatch.coordination.hand_over_s
    page = seat("dispatcher").get(f"/calls/{call.number}").content.decode()
    assert f"{told.levels} levels dispatch" in page
    assert "hand-over 120 s" in page


def test_of_two_orders_one_holds_and_both_are_shown(force: InForce, seat: Seat) -> None:
    """The second is refused with who was first; the attempt is kept and both calls show it, and so does the board."""
    from qinwu.board.crew_names import crew_names
    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Sending

    first, second = taken(force), taken(force)
    order = proposed(force, first).going[0].order
    sendings.send(force, first, [order], "station desk")
    desk = seat("dispatcher")
    page = desk.post(f"/calls/{second.number}/send", {"crew": [order.crew], "reason": "it is nearer"})
    assert page.status_code == 409
    assert f"sent to call {first.number} by station desk a moment ago" in page.content.decode()
    assert 'value="it is nearer"' in page.content.decode()
    assert [sending.call_id for sending in Sending.objects.all()] == [first.pk]
    crew = crew_names(force, "en")[order.crew]
    told = f"Crew {crew}: station desk had sent it to call {first.number}; dispatcher wanted it for call {second.number}"
    for address in (f"/calls/{first.number}", f"/calls/{second.number}", "/"):
        assert told in desk.get(address).content.decode()
    assert told not in desk.get(f"/calls/{taken(force).number}").content.decode()


def test_a_double_click_is_no_conflict(force: InForce) -> None:
    """The same order for the same call again is told as such, and nothing is written."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    order = proposed(force, call).going[0].order
    sendings.send(force, call, [order], "tester")
    with pytest.raises(QinwuError, match="on this call already"):
        sendings.send(force, call, [order], "tester")
    assert sendings.conflicts_since(START - timedelta(days=1)) == []


def test_an_urgent_call_takes_a_crew_from_another(force: InForce, seat: Seat) -> None:
    """What the plan takes from less urgent work can be sent: the crew leaves the other call, which waits again."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.dispatch.at_hand import at_hand

    urgent_class = next(one.id for one in force.station.config.call_class if one.priority == 1)
    held = []
    for _ in range(12):
        call = taken(force, call_class="help")
        going = proposed(force, call).going
        if not going:
            break
        held += sendings.send(force, call, [line.order for line in going], "tester")
    urgent = taken(force, call_class=urgent_class)
    lines = [line for line in proposed(force, urgent).going if line.order.taken_from]
    assert lines, "the plan takes nobody: the sample has changed"
    sendings.send(force, urgent, [line.order for line in proposed(force, urgent).going], "tester")
    left = next(each for each in held if each.crew == lines[0].crew)
    left.refresh_from_db()
    assert left.ended == "taken"
    hand = at_hand(force, START)
    assert hand.by_crew[left.crew].call_id == urgent.pk
    assert left.call in hand.calls
    assert "taken for a more urgent call" in seat("dispatcher").get(f"/calls/{left.call.number}").content.decode()


def test_a_crew_of_a_system_no_longer_in_force_is_refused_and_can_be_stamped(force: InForce, seat: Seat) -> None:
    """Sending it is refused with its name; one that is out when the system changes can still be stamped free."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    desk = seat("dispatcher")
    page = desk.post(f"/calls/{call.number}/send", {"crew": ["gone-C9"], "reason": "knows the place"})
    assert page.status_code == 409
    assert "There is no crew gone-C9" in page.content.decode()
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    signed(seat, "merged")
    assert desk.get(f"/calls/{call.number}").status_code == 200
    assert desk.post(f"/sendings/{sending.pk}/stamp", {"stamp": "over"}).status_code == 302
    sending.refresh_from_db()
    assert sending.ended == "done"


def test_a_retired_officer_is_told(force: InForce, seat: Seat) -> None:
    """An account whose officer has left the officers file may stamp nothing, and is told why."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    page: Any = seat("officer", officer="P999").post(f"/sendings/{sending.pk}/stamp", {"stamp": "arrived"})
    assert page.status_code == 403
    assert "Officer P999 of this account is no longer in the station" in page.content.decode()
    sending.refresh_from_db()
    assert sending.arrived is None


def test_a_call_that_is_closed_cannot_be_closed_or_sent_to(force: InForce, seat: Seat) -> None:
    """The second who closes is told; so is who sends; what was written stays."""
    from qinwu.board.dispatch import sendings

    call = taken(force)
    sending = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    sendings.stamp(sending, "over", "tester")
    desk = seat("dispatcher")
    assert desk.post(f"/calls/{call.number}/close", {"result": "handled", "missing": "no radio"}).status_code == 302
    again = desk.post(f"/calls/{call.number}/close", {"result": "case", "missing": "no radio"})
    assert again.status_code == 409
    assert "is closed by now" in again.content.decode()
    late = desk.post(f"/calls/{call.number}/send", {"crew": [sending.crew], "reason": "again"})
    assert late.status_code == 409
    call.refresh_from_db()
    assert call.result == "handled"


def test_the_board_tells_what_became_of_requests(split: InForce, seat: Seat) -> None:
    """A request waits, is agreed to or refused, or its time runs out; the board counts each and says how long answers took."""
    from qinwu.board.dispatch import sendings
    from qinwu.board.dispatch.asking import asked_since

    day = timedelta(days=1)
    assert asked_since(START - day).requests == ()
    _call, first = asked(split)
    assert asked_since(START - day).counts == {"waiting": 1}
    with clock(START + timedelta(minutes=2)):
        sendings.answer(first, True, "tester")
    found = asked_since(START - day)
    assert found.counts == {"agreed": 1}
    assert found.median_min == pytest.approx(2.0, abs=0.1)
    with clock(START + timedelta(minutes=3)):
        _other, second = asked(split)
        sendings.answer(second, False, "tester", "busy")
    told = asked_since(START - day)
    assert told.counts == {"agreed": 1, "refused": 1}
    assert told.requests[0].outcome == "refused"
    page = seat("dispatcher").get("/").content.decode()
    assert "2 requests in 24 hours" in page
