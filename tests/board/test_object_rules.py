"""Object rules: who has the right to a page still may not touch another's crew, beat, score, task, swap or calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.board.conftest import START
from tests.board.test_calls import proposed, taken
from tests.board.test_doors import ROLES, pages

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

LEADS, NOBODY = frozenset({"sergeant", "chief"}), frozenset[str]()
MAY: dict[str, frozenset[str]] = {
    "finish-task": LEADS,
    "call-off-task": LEADS,
    "give-task": LEADS,
    "write-template": LEADS,
    "end-template": LEADS,
    "open-case": LEADS,
    "enter-dispute": LEADS,
    "my-beat": LEADS,
    "make-due": LEADS,
    "equipment-give": LEADS,
    "equipment-return": LEADS,
    "equipment-repair": LEADS,
    "room-book": LEADS,
    "room-take-back": LEADS,
    "reply-request": LEADS | {"call_taker"},
    "stamp": LEADS | {"dispatcher"},
    "orders": frozenset({"chief", "inspector"}),
    "score-sheet": frozenset({"chief"}),
    "object-score": NOBODY,
    "answer-objection": NOBODY,
    "swap-agree": NOBODY,
    "swap-take-back": frozenset({"chief"}),
    "make-calendar": NOBODY,
    "scores": LEADS,
    "swap-answer": frozenset({"chief"}),
    "answer-away": frozenset({"chief"}),
    "order-away": frozenset({"chief"}),
    "second-officer": frozenset({"chief"}),
    "extend-secondment": frozenset({"chief"}),
    "answer-order": frozenset({"chief"}),
}
"""Roles that may whoever it belongs to; every other role is refused what is not its own."""
AS_OWNER, WITHOUT_OFFICER = {"answer-objection"}, {"make-calendar"}
"""Where the wrong person is the one it is about, or one who is nobody of the force."""


@dataclass(frozen=True)
class Things:
    """Two officers, and what belongs to the first: addresses and forms of the pages that touch it, by name of the page."""

    owner: str
    other: str
    asked: dict[str, tuple[str, dict[str, str]]]


def things(force: InForce) -> Things:
    """Make one of everything that belongs to the officer of the first beat."""
    from qinwu.board.access.reach import officers_of
    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Absence, Booking, CorrectiveOrder, Equipment, Objection, Swap, Task, TaskTemplate

    owned = officers_of(force)
    beat = next(iter(owned))
    owner = owned[beat]
    other = next(officer for officer in owned.values() if officer != owner)
    atom = next(iter(next(each for each in force.loaded.system.beat if each.id == beat).atoms))
    call = taken(force, call_class="dispute", atom=atom)
    sent = sendings.send(force, call, [proposed(force, call).going[0].order], "x")[0]
    crew = next(label.id for label in force.plan.crews if owner in label.officers)
    sent.__class__.objects.filter(pk=sent.pk).update(crew=crew)
    made = {"opened": START, "opened_by": "x", "due": START, "beat": beat}
    task = Task.objects.create(title="visit", kind="visit", **made)
    request = Task.objects.create(title="asked", kind="request", **made)
    template = TaskTemplate.objects.create(title="round", kind="visit", beat=beat, every_days=7, minutes=30, since=START.date())
    piece = Equipment.objects.create(code="V1", kind="vehicle", crew=crew, since=START)
    room = Equipment.objects.create(code="R1", kind="interview_room", since=START)
    later = START + timedelta(days=1)
    booking = Booking.objects.create(piece=room, crew=crew, start=later, end=later + timedelta(hours=1), by="x")
    objection = Objection.objects.create(officer=owner, period="2026-02", line="visits", reason="wrong", at=START)
    swap = Swap.objects.create(
        officer=owner, crew=crew, start=later, end=later + timedelta(hours=8), other="nobody", asked_by="x", asked_at=START
    )
    day = later + timedelta(hours=8)
    leave = Absence.objects.create(officer=owner, kind="leave", start=later, end=day, asked_by="x")
    gone = Absence.objects.create(
        officer=owner,
        kind="secondment",
        start=START + timedelta(days=5),
        end=START + timedelta(days=6),
        state="approved",
        asked_by="x",
    )
    order = CorrectiveOrder.objects.create(to="station", about="other", subject="s", text="t", by="x", at=START, due=day)
    away = {"officer": owner, "kind": "meeting", "start": "2026-03-09T08:00", "end": "2026-03-09T10:00", "ordered_by": "bureau 7"}
    wanted = {"title": "t", "kind": "visit", "beat": beat, "origin": "self", "minutes": "30", "people": "1"}
    return Things(
        owner,
        other,
        {
            "finish-task": (f"/tasks/{task.pk}/finish", {"spent": "10", "result": "done"}),
            "call-off-task": (f"/tasks/{task.pk}/call-off", {}),
            "give-task": ("/tasks/give", wanted),
            "write-template": ("/tasks/recurring/write", wanted | {"every_days": "7"}),
            "end-template": (f"/tasks/recurring/{template.pk}/end", {}),
            "open-case": (f"/tasks/disputes/{call.number}/open", {}),
            "enter-dispute": ("/tasks/disputes/enter", {"dispute": "dispute", "atom": atom}),
            "my-beat": (f"/my-beat?beat={beat}", {}),
            "make-due": ("/my-beat/due", {"beat": beat}),
            "equipment-give": ("/equipment/give", {"crew": crew, "piece": "V1"}),
            "equipment-return": (f"/equipment/{piece.pk}/return", {}),
            "equipment-repair": (f"/equipment/{piece.pk}/repair", {"fault": "flat"}),
            "room-book": ("/rooms/book", {"crew": crew, "piece": "R1"}),
            "room-take-back": (f"/rooms/{booking.pk}/take-back", {}),
            "reply-request": (f"/counter/requests/{request.pk}/reply", {}),
            "stamp": (f"/sendings/{sent.pk}/stamp", {"stamp": "acknowledged"}),
            "orders": ("/orders", {}),
            "score-sheet": (f"/scores/{owner}", {}),
            "object-score": (f"/scores/{owner}/object", {"line": "visits", "reason": "wrong"}),
            "answer-objection": (f"/scores/objections/{objection.pk}", {"verdict": "upheld", "answer": "yes"}),
            "swap-agree": (f"/swaps/{swap.pk}/agree", {"answer": "yes"}),
            "swap-take-back": (f"/swaps/{swap.pk}/take-back", {}),
            "make-calendar": ("/my-calendar", {}),
            "scores": ("/scores", {}),
            "swap-answer": (f"/swaps/{swap.pk}/answer", {"answer": "no"}),
            "answer-away": (f"/today/answer/{leave.pk}", {"answer": "no"}),
            "order-away": ("/today/order", away),
            "second-officer": ("/campaigns/second", away | {"to_unit": "bureau"}),
            "extend-secondment": (f"/campaigns/extend/{gone.pk}", {"end": "2026-03-12T08:00", "ordered_by": "bureau 8"}),
            "answer-order": (f"/orders/answer/{order.pk}", {"answer": "done"}),
        },
    )


def test_every_object_rule_is_walked(force: InForce) -> None:
    """A page that says it looks at whose a thing is stands in the table above."""
    assert {name for name, _address, view in pages() if getattr(view, "object_rule", False)} == set(MAY)


@pytest.mark.parametrize("role", ROLES)
def test_another_person_of_each_role(force: InForce, seat: Callable[..., Client], role: str) -> None:
    """What belongs to the officer of one beat is refused to the officer of another, and to roles that do not lead the station."""
    from django.contrib.auth import get_user_model

    from qinwu.board.beat.judged import BENCH

    BENCH.of(force, 120.0)
    made = things(force)
    found: dict[str, tuple[bool, int]] = {}
    for name, (address, form) in made.asked.items():
        get_user_model().objects.all().delete()
        person = made.owner if name in AS_OWNER else "" if name in WITHOUT_OFFICER else made.other
        client: Any = seat(role, officer=person)
        reads = name in ("my-beat", "orders", "score-sheet", "scores")
        answer = client.get(address) if reads else client.post(address, form)
        found[name] = (answer.status_code != 403, answer.status_code)
        assert answer.status_code not in (404, 405), name
    assert {name: status for name, (may, status) in found.items() if may != (role in MAY[name])} == {}
