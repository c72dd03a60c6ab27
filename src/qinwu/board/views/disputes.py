"""Disputes: mediation cases, dispute calls that have none yet, and places to which disputes come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board.access.reach import reach_of
from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.in_force import in_force
from qinwu.board.models import Call, Task
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.typed import Typed
from qinwu.board.views.task_lines import beat_names, line_of
from qinwu.board.work import mediation, tasks
from qinwu.findings import QinwuError

CASES = ("mediation", "follow_up")
SHOWN = 15
PLACES = 10


@needs("do_tasks")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show cases within reach and how often disputes come back."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, language = in_force(), language_of(request)
    reach, zone, at = reach_of(force, request.user), force.station.config.time_zone, now()
    mine = Task.objects.filter(tasks.within(reach), kind__in=CASES).select_related("call", "follows")
    names = {one.id: one.name.in_language(language) for one in force.station.config.call_class}
    ended = mine.filter(done__isnull=False).order_by("-done", "-id")[:SHOWN]
    found = mediation.repeats(force, reach)
    rate = found.rate
    return render(
        request,
        "board/disputes.html.j2",
        status=status,
        going=[(line_of(force, task, language), task.due < at) for task in mine.filter(done__isnull=True)],
        ended=[(line_of(force, task, language), local(task.done, zone, "%m-%d %H:%M")) for task in ended],
        recent=[
            (call, names[call.call_class], local(call.received, zone, "%m-%d %H:%M"))
            for call in mediation.recent_disputes(force, reach)[:SHOWN]
        ],
        beat_of={atom: tasks.beat_of(force, atom) for atom, _, _ in rate.places[:PLACES]},
        beat_names=beat_names(force, language),
        called=force.station.area.called,
        rate=rate,
        span=rate.span,
        since=local(found.since, zone, "%Y-%m-%d"),
        until=local(found.until, zone, "%Y-%m-%d"),
        lately=found.recent,
        places=rate.places[:PLACES],
        classes={name: names[name] for name in mediation.dispute_classes(force)},
        atoms=force.plan.atoms,
        typed={name: typed.get(name, "") for name in ("dispute", "atom", "days")},
        due_days=mediation.DUE_DAYS,
        look_again=mediation.LOOK_AGAIN_DAYS,
        wrong=wrong,
        page="disputes",
    )


@needs("do_tasks", object_rule=True)
@require_POST
def open_case(request: HttpRequest, number: str) -> HttpResponse:
    """Open the mediation case of a dispute call."""
    call, force = get_object_or_404(Call, number=number), in_force()
    _inside(request, call.atom)
    try:
        mediation.open_from(force, call, _days(request), request.user.get_username())
    except QinwuError as error:
        return _page(request, {}, problems(error, language_of(request)), status=409)
    return redirect("disputes")


@needs("do_tasks", object_rule=True)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a dispute that officers found."""
    force = in_force()
    try:
        typed = Typed(request.POST.dict(), force.station.config.time_zone)
        dispute = typed.choice("dispute", mediation.dispute_classes(force))
        atom = typed.choice("atom", force.plan.atoms)
        typed.finish()
        _inside(request, atom)
        mediation.enter(force, dispute, atom, _days(request), request.user.get_username())
    except QinwuError as error:
        return _page(request, request.POST.dict(), problems(error, language_of(request)), status=422)
    return redirect("disputes")


def _days(request: HttpRequest) -> int:
    typed = Typed(request.POST.dict(), "UTC")
    days = typed.whole("days", 1, tasks.MOST_DAYS)
    typed.finish()
    return days or mediation.DUE_DAYS


def _inside(request: HttpRequest, atom: str) -> None:
    """Refuse places beyond reach."""
    force = in_force()
    if not reach_of(force, request.user).may(tasks.beat_of(force, atom)):
        raise PermissionDenied(atom)


ADDRESSES = [
    path("tasks/disputes", page, name="disputes"),
    path("tasks/disputes/enter", enter, name="enter-dispute"),
    path("tasks/disputes/<str:number>/open", open_case, name="open-case"),
]
