"""Rooms: an interview room is booked for a time to come by one crew, and nobody else gets it at that time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock
from tests.board.test_crews import piece
from tests.board.test_today import on_duty

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

HOUR = timedelta(hours=1)
ROOM = "interview_room"


def crews_of(force: InForce) -> list[str]:
    """Return the station's own crews."""
    return [label.id for label in force.plan.crews if label.officers]


def test_of_two_crews_that_want_one_room_at_one_time_one_gets_it(force: InForce) -> None:
    """Of four writers at once one books the room, the others are told; before and after it is free."""
    from django.db import connection

    from qinwu.board.models import Booking, Equipment
    from qinwu.board.roster import bookings

    piece("ROOM1", ROOM)
    start = START + 3 * HOUR

    def book(crew: str) -> str:
        try:
            room = Equipment.objects.get(code="ROOM1")
            bookings.book(force, room, bookings.Wanted(crew, start, start + 2 * HOUR), "sergeant")
        except QinwuError as error:
            return error.findings[0].code
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(book, crews_of(force)[:4]))
    assert found == ["booked"] + ["room-booked"] * 3
    room, other = Equipment.objects.get(), crews_of(force)[0]
    bookings.book(force, room, bookings.Wanted(other, start - HOUR, start), "sergeant")
    bookings.book(force, room, bookings.Wanted(other, start + 2 * HOUR, start + 3 * HOUR), "sergeant")
    assert Booking.objects.count() == 3


def test_while_a_booking_runs_no_other_crew_takes_the_room(force: InForce) -> None:
    """The crew that booked may take it, another is told until when it is booked; given up or over, it is free."""
    from qinwu.board.roster import bookings, equipment

    room, (own, other) = piece("ROOM1", ROOM), crews_of(force)[:2]
    kept = bookings.book(force, room, bookings.Wanted(own, START + HOUR, START + 2 * HOUR), "sergeant")
    equipment.give(force, room, other, "sergeant")
    equipment.give_back(room, "sergeant")
    with clock(START + HOUR + HOUR / 2):
        with pytest.raises(QinwuError, match="booked"):
            equipment.give(force, room, other, "sergeant")
        equipment.give(force, room, own, "sergeant")
        equipment.give_back(room, "sergeant")
        bookings.take_back(kept, "sergeant")
        equipment.give(force, room, other, "sergeant")
        with pytest.raises(QinwuError) as refused:
            bookings.book(force, room, bookings.Wanted(own, START + HOUR, START + 2 * HOUR), "sergeant")
    assert [one.code for one in refused.value.findings] == ["piece-taken"]


def test_everything_wrong_with_a_booking_is_said(force: InForce) -> None:
    """A crew nobody knows and a car, a time that is over, one that is too long, one too far ahead, an end before the beginning."""
    from qinwu.board.roster import bookings

    room, crew = piece("ROOM1", ROOM), crews_of(force)[0]

    def codes(target: object, *words: object) -> set[str]:
        with pytest.raises(QinwuError) as refused:
            bookings.book(force, target, bookings.Wanted(*words), "sergeant")  # type: ignore[arg-type]
        return {one.code for one in refused.value.findings}

    assert codes(piece("V1"), "nobody", START, START - HOUR) == {"unknown-crew", "no-room", "end-before-start"}
    assert codes(room, crew, START - 2 * HOUR, START - HOUR) == {"over"}
    assert codes(room, crew, START, START + 30 * HOUR) == {"too-long"}
    assert codes(room, crew, START + 900 * HOUR, START + 901 * HOUR) == {"too-far"}
    assert codes(piece("ROOM2", ROOM, "outpost"), crew, START, START + HOUR) == {"other-unit"}


def test_rooms_on_the_page(seat: Callable[..., Client], force: InForce) -> None:
    """An officer books for the own crew only and gives it up again; what was typed stays where it is refused."""
    from qinwu.board.models import Booking

    piece("ROOM1", ROOM)
    crew, officer = on_duty(force)
    other = next(label.id for label in force.plan.crews if label.officers and officer not in label.officers)
    own, sergeant = seat("officer", officer=officer), seat("sergeant")
    form = {"piece": "ROOM1", "crew": crew, "start": "2026-03-04T15:00", "end": "2026-03-04T16:00"}
    assert own.post("/rooms/book", {**form, "crew": other}).status_code == 403
    assert own.post("/rooms/book", form).status_code == 302
    assert "03-04 15:00 – 03-04 16:00" in own.get("/skills-and-equipment").content.decode()
    refused = sergeant.post("/rooms/book", {**form, "crew": other, "end": "2026-03-04T15:30"})
    assert refused.status_code == 409
    assert 'value="2026-03-04T15:30"' in refused.content.decode()
    assert sergeant.post("/rooms/book", {**form, "end": ""}).status_code == 409
    booking = Booking.objects.get()
    assert own.post(f"/rooms/{booking.pk}/take-back").status_code == 302
    assert "03-04 15:00" not in own.get("/skills-and-equipment").content.decode()
    assert sergeant.post("/rooms/book", {**form, "crew": other}).status_code == 302
