"""Today 今日勤务: who is on, where the next week lacks officers, who is away and until when, what one watch leaves to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board.access.line import Lines
from qinwu.board.access.reach import own_officer
from qinwu.board.access.roles import has, needs
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Absence, Handover
from qinwu.board.oversight import correcting
from qinwu.board.oversight.correcting import Standing
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.roster import absences, handing_over
from qinwu.board.roster.absences import Wanted
from qinwu.board.roster.cover import Stretch, day_of, lacks, midnight
from qinwu.board.typed import Typed
from qinwu.board.views.campaigns import second
from qinwu.board.views.campaigns import section as campaigns_section
from qinwu.board.views.line import off_the_line, unless_below
from qinwu.board.views.swaps import section
from qinwu.findings import QinwuError
from qinwu.judge.officers.log import NAMES

DAY = timedelta(days=1)
MINUTES = 1440.0
FIELDS = ("officer", "kind", "start", "end", "ordered_by", "reason", "training_on", "note")
SHOWN = 10
FURTHEST_Y = 100


@dataclass(frozen=True, slots=True)
class Away:
    """An absence with its begin and end in words, to whom it goes on the line of command, and whether this account may answer."""

    absence: Absence
    start: str
    end: str
    goes: str
    answers: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A crew's time on duty as a bar: where it begins and how wide it is, 0 to 1440 minutes of the day."""

    crew: str
    officers: tuple[str, ...]
    beat: str
    away: tuple[str, ...]
    at: float
    wide: float
    hours: str
    by_swap: tuple[str, ...]


@needs("see_board")
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show a day, the present one unless `day` says another."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force = in_force()
    zone = force.station.config.time_zone
    day = _day(request, zone)
    start = midnight(force, day)
    coming = Absence.objects.filter(state__in=("asked", "approved"), start__lt=start + 30 * DAY, campaign__isnull=True)
    open_ones = [each for each in coming if each.end is None or each.end > start]
    return render(
        request,
        "board/today.html.j2",
        status=status,
        force=force,
        day=day,
        before=day - DAY,
        after=day + DAY,
        bars=[_bar(each, start, zone) for each in day_of(force, day)],
        lacks=[(each, local(each.start, zone, "%m-%d %H:%M"), local(each.end, zone, "%m-%d %H:%M")) for each in lacks(force, day)],
        away=_away(request, force, open_ones),
        notes=[(each, local(each.at, zone, "%m-%d %H:%M")) for each in Handover.objects.all()[:SHOWN]],
        typed=dict.fromkeys(FIELDS, "") | {name: typed.get(name, "") for name in FIELDS},
        wrong=wrong,
        kinds=NAMES,
        asked=absences.ASKED,
        ordered=[kind for kind in absences.ORDERED if kind != "secondment"],
        officers=[officer.id for officer in force.station.force],
        own=own_officer(request.user),
        to_answer=_to_answer(request, force),
        by_day=lambda moment: local(moment, zone, "%m-%d"),
        **campaigns_section(force),
        **section(request, force),
    )


def _to_answer(request: HttpRequest, force: InForce) -> list[Standing]:
    """Return the corrective orders that wait for the reader's answer."""
    if not has(request.user, "answer_line"):
        return []
    lines = Lines(force)
    return [one for one in correcting.unanswered(now()) if lines.takes(request.user, one.order.to)]


def _day(request: HttpRequest, zone: str) -> date:
    present = now().astimezone(ZoneInfo(zone)).date()
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return present
    # The page looks a month ahead and a day back, which calendars cannot at their two ends.
    return day if abs(day.year - present.year) <= FURTHEST_Y else present


def _bar(each: Stretch, start: datetime, zone: str) -> Bar:
    at, wide = ((moment - since).total_seconds() / 60.0 for moment, since in ((each.start, start), (each.end, each.start)))
    until = "24:00" if at + wide == MINUTES else local(each.end, zone, "%H:%M")
    hours = f"{local(each.start, zone, '%H:%M')}–{until}"
    return Bar(each.crew, each.officers, each.beat, each.away, at, wide, hours, each.by_swap)


def _away(request: HttpRequest, force: InForce, found: list[Absence]) -> list[Away]:
    lines, language, zone = Lines(force), language_of(request), force.station.config.time_zone
    return [
        Away(
            each,
            local(each.start, zone, "%m-%d %H:%M"),
            local(each.end, zone, "%m-%d %H:%M"),
            lines.goes_to((each.officer,), language) if each.state == "asked" else "",
            each.state == "asked" and lines.answers(request.user, (each.officer,)),
        )
        for each in found
    ]


@needs("ask_away")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for leave: an officer for the own person, those who approve for anybody."""
    return _written(request, absences.ask, own_officer(request.user) if not has(request.user, "answer_away") else "")


@needs("answer_away", object_rule=True)
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Order an officer away who stands below on the line of command; a secondment only once its cost was seen."""
    if request.POST.get("kind") == "secondment":
        return second(request)
    if (refused := unless_below(request, in_force(), request.POST.get("officer", ""))) is not None:
        return refused
    return _written(request, absences.order, "")


def _written(request: HttpRequest, write: Callable[[InForce, Wanted, str], Absence], officer: str) -> HttpResponse:
    form, force = request.POST, in_force()
    try:
        typed = Typed(form, force.station.config.time_zone)
        start, end, training_on = typed.moment("start", now()), typed.moment("end"), typed.moment("training_on")
        typed.finish()
        name = officer or form.get("officer", "")
        words = form.get("kind", ""), start, end, form.get("ordered_by", ""), form.get("reason", "")
        wanted = Wanted(name, *words, training_on)
        write(force, wanted, request.user.get_username())
    except QinwuError as error:
        return _page(request, form.dict(), problems(error, language_of(request)), status=422)
    return redirect("today")


@needs("answer_line", object_rule=True)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse what was asked for: the direct superior, or whoever stands above; nobody the own request."""
    absence, force = get_object_or_404(Absence, pk=pk), in_force()
    if not Lines(force).answers(request.user, (absence.officer,)):
        return off_the_line(request, force, (absence.officer,))
    try:
        absences.answer(absence, request.POST.get("answer") == "yes", request.user.get_username())
    except QinwuError as error:
        return _page(request, {}, problems(error, language_of(request)), status=409)
    return redirect("today")


@needs("dispatch")
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Leave a note to the next watch."""
    handing_over.leave(request.POST.get("note", ""), request.user.get_username())
    return redirect("today")


@needs("dispatch")
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign that a note was read."""
    try:
        handing_over.take(get_object_or_404(Handover, pk=pk), request.user.get_username())
    except QinwuError as error:
        return _page(request, {}, problems(error, language_of(request)), status=409)
    return redirect("today")


ADDRESSES = [
    path("today", today, name="today"),
    path("today/ask", ask, name="ask-away"),
    path("today/order", order, name="order-away"),
    path("today/answer/<int:pk>", answer, name="answer-away"),
    path("today/hand-over", hand_over, name="hand-over"),
    path("today/take-over/<int:pk>", take_over, name="take-over"),
]
