"""Bookings: interview rooms for a time to come; of two crews that want one room at one time exactly one gets it (M15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Booking, Equipment
from qinwu.board.typed import form_finding
from qinwu.duty.equipment import ROOM
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.language import N_

LONGEST, FURTHEST = timedelta(hours=24), timedelta(days=31)
"""So long a room is booked at most, and so far ahead: a room that is kept for weeks is nobody's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A booking as somebody asks for it."""

    crew: str
    start: datetime
    end: datetime


def book(force: InForce, room: Equipment, wanted: Wanted, by: str) -> Booking:
    """Book a room for a crew.

    Raises
    ------
    QinwuError
        With everything that is wrong with the time, the crew or the room; another crew has it at that time.
    """
    with transaction.atomic():
        trail.lock()
        room.refresh_from_db()
        raise_on_errors([*_time_problems(wanted), *_problems(force, room, wanted)])
        for other in coming(now()).filter(piece=room, start__lt=wanted.end, end__gt=wanted.start)[:1]:
            message, remedy = N_("{piece} is booked by crew {crew} from {start} to {end}."), N_("Choose another time or room.")
            values = {"start": _told(force, other.start), "end": _told(force, other.end)}
            raise QinwuError([form_finding("room-booked", "start", message, remedy, piece=room.code, crew=other.crew, **values)])
        kept = Booking.objects.create(piece=room, crew=wanted.crew, start=wanted.start, end=wanted.end, by=by)
        trail.record(by, "room.book", room.code, crew=wanted.crew, start=wanted.start.isoformat(), end=wanted.end.isoformat())
    return kept


def _time_problems(wanted: Wanted) -> Iterator[Finding]:
    if wanted.end <= wanted.start:
        yield form_finding("end-before-start", "end", N_("The booking ends before it begins."), N_("Give a later end."))
    elif wanted.end <= now():
        yield form_finding("over", "end", N_("The time of the booking is over."), N_("Give a time to come."))
    elif wanted.end - wanted.start > LONGEST:
        yield form_finding("too-long", "end", N_("A room is booked for a day at most."), N_("Give an earlier end."))
    elif wanted.start > now() + FURTHEST:
        yield form_finding("too-far", "start", N_("A room is booked a month ahead at most."), N_("Give an earlier time."))


def _problems(force: InForce, room: Equipment, wanted: Wanted) -> Iterator[Finding]:
    position = force.crew(wanted.crew)
    if position < 0:
        message, remedy = N_("There is no crew {crew} in the duty system in force."), N_("Load the page again.")
        yield form_finding("unknown-crew", "crew", message, remedy, crew=wanted.crew)
    elif room.unit and room.unit != force.plan.crews[position].unit:
        message = N_("{piece} is kept at unit {unit}, crew {crew} belongs to {other}.")
        values = {"piece": room.code, "unit": room.unit, "crew": wanted.crew, "other": force.plan.crews[position].unit}
        yield form_finding("other-unit", "piece", message, N_("Choose a piece of the crew's own unit."), **values)
    if room.kind != ROOM or room.state != "ready":
        message, remedy = N_("{piece} is no room that can be booked."), N_("Choose from the list.")
        yield form_finding("no-room", "piece", message, remedy, piece=room.code)
    elif room.crew and room.crew != wanted.crew and wanted.start <= now():
        message, remedy = N_("Crew {crew} has {piece} already."), N_("Let it be returned first, or choose another piece.")
        yield form_finding("piece-taken", "piece", message, remedy, piece=room.code, crew=room.crew)


def take_back(booking: Booking, by: str) -> None:
    """Give a booking up; one that was given up before stays as it is."""
    with transaction.atomic():
        trail.lock()
        booking.refresh_from_db()
        if booking.taken_back is None:
            booking.taken_back = now()
            booking.save(update_fields=["taken_back"])
            trail.record(by, "room.take_back", booking.piece.code, crew=booking.crew, start=booking.start.isoformat())


def coming(at: datetime) -> QuerySet[Booking]:
    """Return the bookings that run or are to come, by time."""
    return Booking.objects.filter(end__gt=at, taken_back__isnull=True).select_related("piece")


def booked_now(room: Equipment, crew: str) -> Booking | None:
    """Return the booking of another crew that runs now, None for none."""
    return coming(now()).filter(piece=room, start__lte=now()).exclude(crew=crew).first()


def _told(force: InForce, at: datetime) -> str:
    return f"{at.astimezone(force.zone):%m-%d %H:%M}"
