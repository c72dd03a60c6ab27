"""Rooms 询问室: booked for a time to come, and given up again, on the page of skills and equipment."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_POST

from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.in_force import in_force
from qinwu.board.models import Booking, Equipment
from qinwu.board.roster import bookings
from qinwu.board.typed import Typed
from qinwu.board.views.crews import answered, may_for
from qinwu.language import N_


@needs("see_board", object_rule=True)
@require_POST
def book(request: HttpRequest) -> HttpResponse:
    """Book a room for a crew: who keeps equipment for any, a crew for itself."""
    crew = request.POST.get("crew", "")
    if not may_for(request, crew):
        raise PermissionDenied
    room = get_object_or_404(Equipment, code=request.POST.get("piece", ""))

    def act() -> None:
        force = in_force()
        typed = Typed(request.POST, force.station.config.time_zone)
        start, end = typed.moment("start", now()), typed.moment("end")
        if end is None and not typed.problems:
            typed.wrong("no-end", "end", N_("The end is missing."), N_("Fill it in."))
        typed.finish()
        if end is not None:
            bookings.book(force, room, bookings.Wanted(crew, start, end), request.user.get_username())

    return answered(request, act)


@needs("see_board", object_rule=True)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a booking up."""
    booking = get_object_or_404(Booking, pk=pk)
    if not may_for(request, booking.crew):
        raise PermissionDenied
    return answered(request, lambda: bookings.take_back(booking, request.user.get_username()))


ADDRESSES = [
    path("rooms/book", book, name="room-book"),
    path("rooms/<int:pk>/take-back", take_back, name="room-take-back"),
]
