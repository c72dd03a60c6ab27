"""Service points 便民服务: who waits by number, requests of residents with their clock, and what people thought afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board.access.reach import reach_of
from qinwu.board.access.roles import has, needs
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, ServicePoint, Task, Ticket
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.typed import Typed
from qinwu.board.views.task_lines import beat_names, title_of
from qinwu.board.words import KINDS, REQUESTS, results_of
from qinwu.board.work import counters, feedback, requests, tasks
from qinwu.board.work.counters import Standing, Wanted
from qinwu.board.work.tasks import Done
from qinwu.findings import QinwuError
from qinwu.language import N_, Language
from qinwu.plan.posts.line import PROMISED_MIN
from qinwu.plan.posts.service import ServiceAims, residents_reached

FIELDS = ("title", "atom", "weekdays", "opens", "closes", "counters", "request_class", "request_atom", "received")
DAY_NAMES = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MOST_COUNTERS = 50


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request: its class, where, when it came, how long is left, negative when late, and whether this account may reply."""

    task: Task
    title: str
    where: str
    received: str
    left: timedelta
    may: bool

    @property
    def hours(self) -> int:
        """Whole hours left, or late."""
        return int(abs(self.left).total_seconds() // 3600)

    @property
    def late(self) -> bool:
        """Whether the 72 hours are over."""
        return self.left < timedelta()


@needs("keep_counter")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the points, the requests and the answers."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, language = in_force(), language_of(request)
    points = [counters.standing(force, point) for point in counters.points()]
    aims = ServiceAims()
    calls, ended = feedback.to_ask()
    zone = force.station.config.time_zone
    classes = {one.id: one.name.in_language(language) for one in force.station.config.call_class}
    return render(
        request,
        "board/counter.html.j2",
        status=status,
        points=points,
        longest=max(points, key=lambda one: (one.today.longest_min, len(one.waiting)), default=None),
        minutes=counters.minutes,
        called=force.station.area.called,
        business=counters.BUSINESS,
        day_names=DAY_NAMES,
        promised=PROMISED_MIN,
        aims=aims,
        reached=residents_reached(force.station, aims, [one.point.atom for one in points]),
        cost=counters.cost(force),
        requests=_requests(request, force, language),
        replied=requests.replied(),
        request_classes=REQUESTS,
        request_results=results_of("request"),
        shares=feedback.shares(force),
        groups=dict(feedback.groups()),
        methods=feedback.METHODS,
        fewest=feedback.FEWEST,
        ask_calls=[(one, classes.get(one.call_class, one.call_class), local(one.closed, zone, "%m-%d %H:%M")) for one in calls],
        ask_tasks=[
            (one, title_of(force, one, language), KINDS.get(one.kind, one.kind), local(one.done, zone, "%m-%d %H:%M"))
            for one in ended
        ],
        atoms=force.plan.atoms,
        typed={name: typed.get(name, "") for name in FIELDS},
        form=typed.get("form", ""),
        wrong=wrong,
    )


def _requests(request: HttpRequest, force: InForce, language: Language) -> list[RequestLine]:
    reach, names = reach_of(force, request.user), beat_names(force, language)
    zone, at = force.station.config.time_zone, now()
    whole = has(request.user, "take_call")
    return [
        RequestLine(
            task,
            title_of(force, task, language),
            f"{names.get(task.beat, task.beat)} · {force.station.area.called(task.atom)}",
            local(task.opened, zone, "%m-%d %H:%M"),
            task.due - at,
            whole or tasks.may(reach, task),
        )
        for task in requests.waiting()
    ]


@needs("keep_counter")
@require_GET
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the live part of one point: who waits and who is served."""
    point = get_object_or_404(ServicePoint, pk=pk)
    return _part(request, counters.standing(in_force(), point))


def _part(request: HttpRequest, one: Standing) -> HttpResponse:
    return render(request, "board/counter_line.html.j2", one=one, minutes=counters.minutes, business=counters.BUSINESS)


@needs("give_tasks")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Open a service point."""
    form = request.POST.dict() | {"form": "point", "weekdays": "".join(request.POST.getlist("weekdays"))}

    def write(force: InForce, by: str) -> None:
        typed = Typed(form, force.station.config.time_zone)
        wanted = Wanted(
            title=typed.text("title", 60, required=True),
            atom=typed.choice("atom", force.plan.atoms),
            weekdays=form["weekdays"],
            opens=typed.clock("opens"),
            closes=typed.clock("closes"),
            counters=typed.need("counters", 1, MOST_COUNTERS),
        )
        typed.finish()
        counters.make(force, wanted, by)

    return _written(request, form, write)


def _written(request: HttpRequest, form: Mapping[str, Any], write: Callable[[InForce, str], object]) -> HttpResponse:
    """Do what a form says; what is wrong is told on the page, which keeps what was typed."""
    try:
        write(in_force(), request.user.get_username())
    except QinwuError as error:
        return _page(request, form, problems(error, language_of(request)), status=422)
    return redirect("counter")


@needs("keep_counter")
@require_POST
def staff(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many counters are open."""
    point = get_object_or_404(ServicePoint, pk=pk)

    def write(force: InForce, by: str) -> None:
        typed = Typed(request.POST.dict(), force.station.config.time_zone)
        count = typed.need("counters", 1, MOST_COUNTERS)
        typed.finish()
        counters.staff(point, count, by)

    return _written(request, {}, write)


@needs("give_tasks")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a service point for good."""
    point = get_object_or_404(ServicePoint, pk=pk)
    return _written(request, {}, lambda force, by: counters.end(force, point, by))


@needs("keep_counter")
@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a number."""
    point = get_object_or_404(ServicePoint, pk=pk)
    return _written(request, {}, lambda force, by: counters.draw(force, point, request.POST.get("business", ""), by))


@needs("keep_counter")
@require_POST
def call_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the next number."""
    point = get_object_or_404(ServicePoint, pk=pk)
    return _written(request, {}, lambda force, by: counters.call_next(force, point, by))


@needs("keep_counter")
@require_POST
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """End a number: served, or gone."""
    number = get_object_or_404(Ticket.objects.select_related("point"), pk=pk)
    how = counters.served if request.POST.get("end") == "done" else counters.gone
    return _written(request, {}, lambda _force, by: how(number, by))


@needs("keep_counter")
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Keep a request of a resident."""
    form = request.POST.dict() | {"form": "request"}

    def write(force: InForce, by: str) -> None:
        typed = Typed(form, force.station.config.time_zone)
        name = typed.choice("request_class", REQUESTS)
        atom = typed.choice("request_atom", force.plan.atoms)
        received = typed.moment("received", now())
        typed.finish()
        requests.receive(force, name, atom, received, by)

    return _written(request, form, write)


@needs("keep_counter", object_rule=True)
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """End a request with its reply: who takes calls for the whole station, others for their beats."""
    task = get_object_or_404(Task, pk=pk, kind="request")
    if not has(request.user, "take_call") and not tasks.may(reach_of(in_force(), request.user), task):
        raise PermissionDenied(pk)

    def write(force: InForce, by: str) -> None:
        typed = Typed(request.POST.dict(), force.station.config.time_zone)
        done = Done(typed.need("spent", 0, 1440), typed.choice("result", results_of("request")))
        typed.finish()
        tasks.finish(task, done, by)

    return _written(request, {}, write)


@needs("keep_counter")
@require_POST
def about_call(request: HttpRequest, number: str) -> HttpResponse:
    """Keep an answer about a closed call."""
    return _answer(request, get_object_or_404(Call, number=number))


@needs("keep_counter")
@require_POST
def about_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep an answer about a task that was done."""
    return _answer(request, get_object_or_404(Task, pk=pk))


def _answer(request: HttpRequest, about: Call | Task) -> HttpResponse:
    def write(force: InForce, by: str) -> None:
        typed = Typed(request.POST.dict(), force.station.config.time_zone)
        satisfied = typed.choice("satisfied", ("yes", "no")) == "yes"
        method = typed.choice("method", feedback.METHODS)
        typed.finish()
        feedback.answered(about, satisfied=satisfied, method=method, by=by)

    return _written(request, {}, write)


ADDRESSES = [
    path("counter", page, name="counter"),
    path("counter/make", make, name="make-point"),
    path("counter/<int:pk>/line", line, name="counter-line"),
    path("counter/<int:pk>/staff", staff, name="staff-point"),
    path("counter/<int:pk>/end", end, name="end-point"),
    path("counter/<int:pk>/draw", draw, name="draw-number"),
    path("counter/<int:pk>/next", call_next, name="call-next"),
    path("counter/tickets/<int:pk>/end", ticket, name="end-number"),
    path("counter/requests", receive, name="receive-request"),
    path("counter/requests/<int:pk>/reply", reply, name="reply-request"),
    path("counter/calls/<str:number>/feedback", about_call, name="call-feedback"),
    path("counter/tasks/<int:pk>/feedback", about_task, name="task-feedback"),
]
