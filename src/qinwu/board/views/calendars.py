"""Calendars: each officer's duties as an iCalendar file, for the calendar of a telephone."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from qinwu.board.access.roles import needs
from qinwu.board.in_force import in_force
from qinwu.board.models import Member
from qinwu.board.pages import language_named, render
from qinwu.board.roster import calendars
from qinwu.language import Language

TYPE = "text/calendar; charset=utf-8"


@require_GET
def calendar(_request: HttpRequest, name: str) -> HttpResponse:
    """Return the calendar that a secret address opens; whoever has the address needs no session, as telephones have none."""
    officer = calendars.officer_of(name)
    force = in_force()
    if not officer or officer not in force.sworn:
        raise Http404
    answer = HttpResponse(calendars.file_of(force, officer, _language(officer)), content_type=TYPE)
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = f'inline; filename="{officer}{calendars.SUFFIX}"'
    return answer


def _language(officer: str) -> Language:
    return language_named(Member.objects.filter(officer=officer).values_list("language", flat=True).first())


@needs("ask_away", object_rule=True)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a new address for the own calendar and show it once, or end the one there is."""
    member = getattr(request.user, "member", None)
    if member is None or not member.officer:
        raise PermissionDenied
    if request.POST.get("end"):
        calendars.end_address(member.officer, request.user.get_username())
        return render(request, "board/calendar.html.j2", address="", officer=member.officer, weeks=calendars.WEEKS)
    secret = calendars.make_address(member.officer, request.user.get_username())
    address = request.build_absolute_uri(reverse("calendar", args=[secret + calendars.SUFFIX]))
    answer = render(request, "board/calendar.html.j2", address=address, officer=member.officer, weeks=calendars.WEEKS)
    answer["Cache-Control"] = "no-store"
    return answer


ADDRESSES = [
    path("calendars/<str:name>", calendar, name="calendar"),
    path("my-calendar", make, name="make-calendar"),
]
