"""Taking calls: found by a few letters, weighed before they are kept, refused with everything that is wrong, kept once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.conftest import START, clock
from tests.board.test_calls import taken

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

Seat = Callable[..., "Client"]
SCRIPT = {"X-Requested-With": "fetch"}


def test_class_and_place_are_typed(seat: Seat, force: InForce) -> None:
    """A number for the class and the digits of the atom, in full width, make a call; no script is needed."""
    from qinwu.board.models import Call

    atom = force.plan.atoms[4]
    digits = "".join(chr(ord(sign) + 0xFEE0) for sign in atom if sign.isdecimal())
    made = seat("call_taker").post("/calls/new", {"class_word": "2", "atom": digits})
    call = Call.objects.get()
    assert made["Location"] == f"/calls/{call.number}"
    assert (call.call_class, call.atom) == (force.station.config.call_class[1].id, atom)
    assert call.priority == force.station.config.call_class[1].priority


def test_what_may_be_several_is_asked_again(seat: Seat, force: InForce) -> None:
    """A trade that several venues have lists them and keeps the form; the one chosen makes the call, with the same key."""
    from qinwu.board.models import Call

    kinds = [venue.kind for venue in force.station.venues]
    kind = next(each for each in kinds if kinds.count(each) > 1)
    key = str(uuid.uuid4())
    desk = seat("call_taker")
    form = {"call_class": "help", "atom": kind, "key": key, "people": "2"}
    page = desk.post("/calls/new", form)
    text = page.content.decode()
    assert page.status_code == 422
    assert "may be several places" in text
    assert f'value="{kind}"' in text
    assert f'value="{key}"' in text
    venues = [venue for venue in force.station.venues if venue.kind == kind]
    assert all(venue.id in text for venue in venues[:3])
    assert not Call.objects.exists()
    assert desk.post("/calls/new", form | {"chosen": venues[0].atom}).status_code == 302
    assert (Call.objects.get().atom, str(Call.objects.get().key)) == (venues[0].atom, key)


def test_a_choice_made_for_another_word_does_not_hold(seat: Seat, force: InForce) -> None:
    """The atom chosen before is forgotten when another place is typed."""
    from qinwu.board.models import Call

    seat("call_taker").post("/calls/new", {"call_class": "help", "atom": force.plan.atoms[2], "chosen": force.plan.atoms[7]})
    assert Call.objects.get().atom == force.plan.atoms[2]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"atom": "Z999"}, "lies outside its area"),
        ({"atom": ""}, "Where it is is missing"),
        ({"call_class": "", "class_word": ""}, "What the call is about is missing"),
        ({"call_class": "gone_class"}, "There is no call class gone_class"),
        ({"received": "2026-03-04T12:00"}, "in the future"),
        ({"received": "2026-02-01T12:00"}, "more than a week ago"),
        ({"received": "noon"}, "noon is no time"),
        ({"people": "three"}, "three cannot be read"),
        ({"people": "40"}, "40 is out of range"),
        ({"priority": "7"}, "7 is out of range"),
        ({"key": "no key"}, "no key cannot be read"),
    ],
)
def test_bad_input_keeps_the_form_and_nothing_else(seat: Seat, force: InForce, changes: dict[str, str], said: str) -> None:
    """Each is told in words, with a page and to a script; the form keeps what was typed; no call and no entry is kept."""
    from qinwu.board.models import Call, TrailEntry

    desk = seat("call_taker")
    form = {"call_class": "help", "atom": force.plan.atoms[0], "priority": "2", "people": "1"} | changes
    page = desk.post("/calls/new", form)
    text = page.content.decode()
    assert page.status_code == 422
    assert said in text
    for name in ("atom", "priority", "people", "received"):
        assert f'name="{name}"' in text
        assert f'value="{form.get(name, "")}"' in text
    answer = desk.post("/calls/new", form, headers=SCRIPT)
    assert answer.status_code == 422
    assert any(said in each for each in answer.json()["problems"])
    assert not Call.objects.exists()
    assert not TrailEntry.objects.filter(action="call.take").exists()


def test_all_problems_are_told_at_once(seat: Seat, force: InForce) -> None:
    """Five wrong fields are five lines."""
    form = {"call_class": "x", "atom": "Z999", "people": "three", "priority": "9", "received": "noon"}
    answer = seat("call_taker").post("/calls/new", form, headers=SCRIPT)
    assert len(answer.json()["problems"]) == 5


def test_a_script_sends_an_entry_once(seat: Seat, force: InForce) -> None:
    """The same entry again, later, has the same number; the time is that of the first sending."""
    from qinwu.board.models import Call

    desk = seat("call_taker")
    form = {"call_class": "help", "atom": force.plan.atoms[0], "key": str(uuid.uuid4())}
    with clock(START + timedelta(minutes=10)):
        first = desk.post("/calls/new", form | {"ago_s": "0"}, headers=SCRIPT).json()
    with clock(START + timedelta(minutes=20)):
        again = desk.post("/calls/new", form | {"ago_s": "600"}, headers=SCRIPT).json()
    assert first == again
    assert Call.objects.get().number == first["number"]


def test_an_entry_that_waited_came_when_it_was_typed(seat: Seat, force: InForce, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waited ten minutes in a browser was received ten minutes before it reached the board."""
    from django.utils import timezone

    from qinwu.board.models import Call

    monkeypatch.setenv("QINWU_CLOCK", "")
    form = {"call_class": "help", "atom": force.plan.atoms[0], "ago_s": "600"}
    assert seat("call_taker").post("/calls/new", form, headers=SCRIPT).status_code == 200
    call = Call.objects.get()
    assert abs((call.entered - call.received).total_seconds() - 600.0) < 5.0
    assert abs((timezone.now() - call.entered).total_seconds()) < 60.0


def test_a_session_that_ended_leads_to_the_login(force: InForce) -> None:
    """A script without a session is led to the login and keeps its entry; nothing is kept here."""
    from django.test import Client

    from qinwu.board.models import Call

    answer = Client().post("/calls/new", {"call_class": "help", "atom": force.plan.atoms[0]}, headers=SCRIPT)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login")
    assert not Call.objects.exists()


def test_urgency_is_told_and_explained(seat: Seat, force: InForce) -> None:
    """As soon as the class is known the priority, the promise of the policy and the officers needed are told, and from where."""
    one = force.station.config.call_class[0]
    text = seat("call_taker").get("/calls/weigh", {"class_word": "1"}).content.decode()
    assert one.name.en in text
    assert f"Priority {one.priority}: somebody there within {force.station.config.policy.limit_min[one.priority]:g} min" in text
    assert "Why this priority?" in text
    assert "order rule" in text
    assert one.name.en not in seat("dispatcher").get("/calls/weigh", {"class_word": "zzz"}).content.decode()


def test_a_repeat_is_told_before_the_call_is_kept(seat: Seat, force: InForce) -> None:
    """With class and place known the open call is named; one key keeps the new call as its repeat, sent twice as once."""
    from qinwu.board.dispatch.at_hand import at_hand
    from qinwu.board.models import Call

    first = taken(force)
    desk = seat("call_taker")
    about = {"call_class": first.call_class, "atom": first.atom}
    assert first.number in desk.get("/calls/weigh", about).content.decode()
    assert first.number not in desk.get("/calls/weigh", about | {"atom": ""}).content.decode()
    form = about | {"key": str(uuid.uuid4()), "same_as": first.number}
    for _ in range(2):
        answer = desk.post("/calls/new", form, headers=SCRIPT).json()
        assert answer["address"] == f"/calls/{first.number}"
    second = Call.objects.get(number=answer["number"])
    assert (second.same_as, second.result) == (first, "repeat")
    assert [call.number for call in at_hand(force, START).calls] == [first.number]


def test_a_repeat_of_a_call_that_is_closed_by_now_is_a_call(seat: Seat, force: InForce) -> None:
    """The new call is kept and open, and the page says why it is no repeat."""
    from qinwu.board.dispatch import calls
    from qinwu.board.models import Call

    first, other = taken(force), taken(force)
    calls.repeats(first, other, "tester")
    form = {"call_class": "help", "atom": first.atom, "same_as": first.number}
    page = seat("dispatcher").post("/calls/new", form)
    assert page.status_code == 409
    assert f"Call {first.number} is closed by now" in page.content.decode()
    assert Call.objects.latest("pk").closed is None


def test_places_are_found_as_they_are_typed(seat: Seat, force: InForce) -> None:
    """Best first, at most nine, with how many there are; a class by a piece of its name."""
    desk = seat("call_taker")
    atom = force.plan.atoms[0]
    assert desk.get("/places/find", {"q": atom.lower()}).json()["value"] == atom
    every = desk.get("/places/find", {"q": ""}).json()
    assert len(every["choices"]) == 9
    assert every["count"] >= len(force.plan.atoms)
    one = force.station.config.call_class[3]
    assert desk.get("/classes/find", {"q": one.name.zh}).json()["choices"][0] == one.id
    assert seat("officer").get("/places/find", {"q": atom}).status_code == 403


def test_a_place_is_shown_by_its_name(force: InForce) -> None:
    """Where the atoms have names, the queue and the form say them beside the ids; people know villages, not numbers."""
    from dataclasses import replace

    from qinwu.board.views.board import queue_line
    from qinwu.board.views.taking import _weighed

    call = taken(force)
    names = tuple(f"Village of {atom}" for atom in force.station.area.atom_ids)
    named = replace(force, station=replace(force.station, area=replace(force.station.area, names=names)))
    said = f"{call.atom} Village of {call.atom}"
    assert queue_line(named, call, [], START, "en").place == said
    weighed = _weighed({"call_class": call.call_class, "atom": call.atom}, named, "en")
    assert weighed is not None
    assert weighed.place == said


def test_the_form_says_what_can_be_searched(seat: Seat, force: InForce) -> None:
    """The sample's roads have no names, and the form says so."""
    text = seat("call_taker").get("/calls/new").content.decode()
    assert "atoms by id or name" in text
    assert "streets cannot be searched" in text


def test_a_wrong_class_or_place_is_corrected(seat: Seat, force: InForce) -> None:
    """Another class brings its priority; the trail keeps both; a place that is none changes nothing."""
    from qinwu.board.models import TrailEntry

    call, other = taken(force), force.station.config.call_class[0]
    desk = seat("dispatcher")
    wrong = desk.post(f"/calls/{call.number}/correct", {"call_class": other.id, "atom": "Z999"})
    assert wrong.status_code == 422
    assert 'value="Z999"' in wrong.content.decode()
    call.refresh_from_db()
    assert call.call_class == "help"
    assert desk.post(f"/calls/{call.number}/correct", {"call_class": other.id, "atom": force.plan.atoms[5]}).status_code == 302
    call.refresh_from_db()
    assert (call.call_class, call.priority, call.atom) == (other.id, other.priority, force.plan.atoms[5])
    assert '"help"' in TrailEntry.objects.get(action="call.correct").content


def test_a_call_whose_class_is_gone_stays_in_sight(seat: Seat, force: InForce) -> None:
    """It is in the queue under its id, says what is wrong, proposes nobody, and is served after it was given a class."""
    from qinwu.board.models import Call

    call = taken(force)
    Call.objects.filter(pk=call.pk).update(call_class="gone_class")
    desk = seat("dispatcher")
    for address in ("/", "/wall"):
        assert "gone_class" in desk.get(address).content.decode()
    page = desk.get(f"/calls/{call.number}").content.decode()
    assert "no longer have this class" in page
    assert "Proposed" not in page
    crew: Any = desk.post(f"/calls/{call.number}/send", {"crew": [force.plan.crews[0].id], "reason": "at once"})
    assert crew.status_code == 409
    assert "Give the call another first" in crew.content.decode()
    assert desk.post(f"/calls/{call.number}/correct", {"call_class": "help", "atom": call.atom}).status_code == 302
    assert "Proposed" in desk.get(f"/calls/{call.number}").content.decode()
