"""Tasks 任务: what is due on which beat, late first; given, done, called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.reach import Reach, reach_of
from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Task
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.typed import Typed
from qinwu.board.views import disputes, hours, recurring
from qinwu.board.views.task_lines import Line, beat_names, due_of, line_of
from qinwu.board.words import EVERY_ORIGIN, KINDS, ORIGINS, RECURRING
from qinwu.board.work import tasks
from qinwu.board.work.tasks import Done, Given
from qinwu.findings import QinwuError
from qinwu.language import N_, Language, translate

FIELDS = ("title", "kind", "beat", "officer", "atom", "due", "minutes", "people", "origin", "ordered_by")
SOON = timedelta(days=7)
SHOWN = 40
LATEST = 12
BEATS_TOLD = 3
MOST_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class BeatLoad:
    """A beat's open tasks: how many are late, due within a week, and later."""

    beat: str
    name: str
    late: int
    soon: int
    later: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.late + self.soon + self.later


@dataclass(frozen=True, slots=True)
class Alike:
    """The same recurring work due at the same time on several beats, or one task."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """The first of them."""
        return self.lines[0]


def alike(lines: Sequence[Line]) -> list[Alike]:
    """Return tasks with those of one template and time together."""
    groups: dict[tuple[int, datetime], list[Line]] = {}
    for line in lines:
        task = line.task
        groups.setdefault((task.template_id or -task.pk, task.due), []).append(line)
    return [Alike(tuple(group)) for group in groups.values()]


@needs("do_tasks")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show what is due within reach, on all beats or on the one asked for."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, language = in_force(), language_of(request)
    reach, at = reach_of(force, request.user), now()
    everything = list(tasks.open_tasks(force, reach))
    names = beat_names(force, language)
    asked = request.GET.get("beat", "")
    shown = [task for task in everything if not asked or task.beat == asked]
    late = [line_of(force, task, language) for task in shown if task.due < at]
    soon = [line_of(force, task, language) for task in shown if at <= task.due < at + SOON]
    later = [line_of(force, task, language) for task in shown if task.due >= at + SOON]
    known = sorted(reach.beats)
    return render(
        request,
        "board/tasks.html.j2",
        status=status,
        late_beats=_where(tasks.late_by_beat(everything, at), language),
        late_count=sum(task.due < at for task in everything),
        oldest=due_of(force, min(everything, key=lambda task: task.due)) if everything else "",
        open_count=len(everything),
        late=late,
        soon=alike(soon),
        soon_count=len(soon),
        later=alike(later),
        later_count=len(later),
        loads=_loads(everything, names, at),
        ended=_ended(force, reach, request),
        names=names,
        asked=asked,
        beats=[(beat, names.get(beat, beat)) for beat in known],
        typed={name: "" if "task" in typed else typed.get(name, "") for name in FIELDS},
        kept=typed if "task" in typed else {},
        wrong=wrong,
        kinds={kind: KINDS[kind] for kind in RECURRING},
        origins=ORIGINS,
        every_origin=EVERY_ORIGIN,
        officers=[officer.id for officer in force.station.force],
        atoms=force.plan.atoms,
        called=force.station.area.called,
        reach=reach,
        shown=SHOWN,
        days=lambda line: (at - line.task.due).days,
        hours=lambda line: int((at - line.task.due).total_seconds() // 3600),
        page="tasks",
    )


def _where(late: Sequence[tuple[str, int]], language: Language) -> str:
    """Return the beats with most late tasks, with how many, as words."""
    told = [f"{beat or translate(N_('station'), language)} ({count})" for beat, count in late[:BEATS_TOLD]]
    return ("、" if language == "zh" else ", ").join(told) + (" …" if len(late) > BEATS_TOLD else "")


def _loads(everything: Sequence[Task], names: Mapping[str, str], at: datetime) -> list[BeatLoad]:
    """Return open tasks by beat, those with most late first."""
    found = []
    for beat in dict.fromkeys(task.beat for task in everything):
        dues = [task.due for task in everything if task.beat == beat]
        late, later = sum(due < at for due in dues), sum(due >= at + SOON for due in dues)
        found.append(BeatLoad(beat, names.get(beat, beat), late, len(dues) - late - later, later))
    return sorted(found, key=lambda one: (-one.late, -one.count, one.beat))


def _ended(force: InForce, reach: Reach, request: HttpRequest) -> list[tuple[Line, str]]:
    zone, language = force.station.config.time_zone, language_of(request)
    latest = Task.objects.filter(tasks.within(reach), done__isnull=False).order_by("-done", "-id")[:LATEST]
    return [(line_of(force, task, language), local(task.done, zone, "%m-%d %H:%M")) for task in latest]


@needs("give_tasks", object_rule=True)
@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """Give a single task within reach."""
    force = in_force()
    try:
        given = _given(request, force)
        _inside(reach_of(force, request.user), given.beat or tasks.beat_of(force, given.atom))
        tasks.give(force, given, request.user.get_username())
    except QinwuError as error:
        return _page(request, request.POST.dict(), problems(error, language_of(request)), status=422)
    return redirect("tasks")


def _given(request: HttpRequest, force: InForce) -> Given:
    zone = force.station.config.time_zone
    tomorrow = (now() + timedelta(days=1)).astimezone(ZoneInfo(zone))
    typed = Typed(request.POST.dict(), zone)
    given = Given(
        title=typed.text("title", 80, required=True),
        kind=typed.choice("kind", RECURRING),
        due=typed.moment("due", tomorrow),
        beat=typed.choice("beat", [beat.id for beat in force.loaded.system.beat], empty="allowed"),
        officer=typed.choice("officer", [one.id for one in force.station.force], empty="allowed"),
        atom=typed.choice("atom", force.plan.atoms, empty="allowed"),
        origin=typed.choice("origin", ORIGINS),
        ordered_by=typed.text("ordered_by", 80),
        minutes=typed.need("minutes", 1, MOST_MINUTES),
        people=typed.need("people", 1, 12),
    )
    typed.finish()
    return given


def _inside(reach: Reach, beat: str) -> None:
    """Refuse what belongs to a beat beyond reach, and what belongs to none where the reach is not the station."""
    if not reach.may(beat):
        raise PermissionDenied(beat)


@needs("do_tasks", object_rule=True)
@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """End a task: what it took and what came of it."""
    task, form = get_object_or_404(Task, pk=pk), request.POST.dict()
    force = in_force()
    _own(request, force, task)
    try:
        typed = Typed(form, force.station.config.time_zone)
        done = Done(typed.need("spent", 0, MOST_MINUTES), form.get("result", ""), typed.whole("look_again", 1, tasks.MOST_DAYS))
        typed.finish()
    except QinwuError as error:
        return _page(request, form | {"task": pk}, problems(error, language_of(request)), status=422)
    try:
        tasks.finish(task, done, request.user.get_username())
    except QinwuError as error:
        return _page(request, form | {"task": pk}, problems(error, language_of(request)), status=409)
    return redirect(_back(request))


def _own(request: HttpRequest, force: InForce, task: Task) -> None:
    if not tasks.may(reach_of(force, request.user), task):
        trail.record(request.user.get_username(), "task.refused", str(task.pk))
        raise PermissionDenied(task.pk)


def _back(request: HttpRequest) -> str:
    """Return the page that a form came from, one of this part's own."""
    back = request.POST.get("back", "")
    return back if back in ("tasks", "disputes", "my-beat") else "tasks"


@needs("give_tasks", object_rule=True)
@require_POST
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a task off."""
    task = get_object_or_404(Task, pk=pk)
    _own(request, in_force(), task)
    try:
        tasks.call_off(task, request.user.get_username())
    except QinwuError as error:
        return _page(request, {}, problems(error, language_of(request)), status=409)
    return redirect(_back(request))


ADDRESSES = [
    path("tasks", page, name="tasks"),
    path("tasks/give", give, name="give-task"),
    path("tasks/<int:pk>/finish", finish, name="finish-task"),
    path("tasks/<int:pk>/call-off", call_off, name="call-off-task"),
    *recurring.ADDRESSES,
    *disputes.ADDRESSES,
    *hours.ADDRESSES,
]
