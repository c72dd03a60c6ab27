"""My beat 我的责任区: what is due on an officer's beats, where the hours went, what is asked and what was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.reach import Reach, officers_of, reach_of
from qinwu.board.access.roles import has, needs
from qinwu.board.beat import beat_work
from qinwu.board.beat.beat_hours import Hours, handling, hours_of
from qinwu.board.beat.beat_map import map_of
from qinwu.board.beat.beat_targets import targets_of
from qinwu.board.beat.beat_work import Work, work_of
from qinwu.board.beat.judged import JUDGED
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Task
from qinwu.board.pages import language_of, local, render
from qinwu.board.roster import calendars
from qinwu.board.roster.absences import absent_at
from qinwu.board.views.sectors import glance
from qinwu.board.views.task_lines import beat_names, line_of
from qinwu.board.work import tasks
from qinwu.duty.organisation.posts import Ratio, establish
from qinwu.duty.organisation.shares import shares
from qinwu.duty.system import Beat
from qinwu.judge.officers.log import NAMES
from qinwu.language import N_, Language
from qinwu.station.venues import TRADES

GLANCE_S = 0.2
"""So long the page waits for what is judged; the rest of it is of use meanwhile."""


@dataclass(frozen=True, slots=True)
class BeatRow:
    """A beat in a list of several: open calls, tasks late and open, inspections overdue, visits still to be made this week."""

    beat: str
    name: str
    officer: str
    calls: int
    late: int
    tasks: int
    overdue: int
    visits: int


@needs("do_tasks", object_rule=True)
@require_GET
def my_beat(request: HttpRequest) -> HttpResponse:
    """Show one beat, or, to whoever reaches several and owns none, all of them beside each other."""
    force = in_force()
    reach = reach_of(force, request.user)
    asked = request.GET.get("beat", "")
    if asked and asked not in reach.beats:
        raise PermissionDenied(asked)
    beats = [beat for beat in force.loaded.system.beat if beat.id in reach.beats]
    chosen = asked or next((beat.id for beat in beats if beat.id in reach.own), "")
    found = next((beat for beat in beats if beat.id == chosen), None)
    if found is None:
        return _several(request, force, reach, beats)
    return _one(request, force, reach, found, beats)


def _several(request: HttpRequest, force: InForce, reach: Reach, beats: Sequence[Beat]) -> HttpResponse:
    language, at = language_of(request), now()
    going = list(tasks.open_tasks(force, reach))
    draw = beat_work.draw_of(force, beat_work.today_at(force))
    names, rows = beat_names(force, language), []
    for beat in beats:
        work = work_of(force, beat, draw)
        mine = [task for task in going if task.beat == beat.id]
        late, calls = sum(task.due < at for task in mine), len(_calls(beat))
        rows.append(BeatRow(beat.id, names[beat.id], work.officer, calls, late, len(mine), len(work.late), len(work.stays)))
    own = [line_of(force, task, language) for task in going if reach.officer and task.officer == reach.officer]
    hours = hours_of(force, reach.officer, reach.own) if reach.officer else None
    return render(
        request,
        "board/beats.html.j2",
        rows=rows,
        officer=reach.officer,
        address=calendars.has_address(reach.officer),
        own=[(line, _doing(line.task)) for line in own],
        ratios=_ratios(force) if has(request.user, "answer_objections") else (),
        sectors=glance(request, force),
        **_hours_values(force, hours, names),
    )


def _ratios(force: InForce) -> list[tuple[str, Ratio]]:
    """Return the four ratios 机关、专业警种、基层、责任区 of the duty system in force (M57)."""
    system = force.loaded.system
    found = shares(system, establish(system, force.station.force))
    return [
        (N_("headquarters"), found.headquarters),
        (N_("specialist branches"), found.specialist),
        (N_("grassroots"), found.grassroots),
        (N_("posts that answer for a beat"), found.beat),
    ]


def _calls(beat: Beat) -> list[Call]:
    """Return the open calls in a beat, most urgent first."""
    return list(Call.objects.filter(closed__isnull=True, same_as__isnull=True, atom__in=beat.atoms)) if beat.atoms else []


def _one(request: HttpRequest, force: InForce, reach: Reach, beat: Beat, beats: Sequence[Beat]) -> HttpResponse:
    language, at = language_of(request), now()
    work = work_of(force, beat, beat_work.draw_of(force, beat_work.today_at(force)))
    lines = [line_of(force, task, language) for task in _tasks(force, reach, beat)]
    calls = _calls(beat)
    names = beat_names(force, language)
    own = frozenset(one for one, officer in officers_of(force).items() if officer == work.officer) if work.officer else frozenset()
    hours = hours_of(force, work.officer, own) if work.officer else None
    if work.officer and work.officer != reach.officer:
        trail.record(request.user.get_username(), "beat.view", work.officer, beat=beat.id)
    judged = JUDGED.of(force, GLANCE_S) if work.officer else None
    classes = {one.id: one.name.in_language(language) for one in force.station.config.call_class}
    things = [("call", call.atom, f"{call.number} {classes.get(call.call_class, '')}") for call in calls]
    things += [("task", line.task.atom, line.title) for line in lines if line.task.atom]
    zone = force.station.config.time_zone
    return render(
        request,
        "board/my_beat.html.j2",
        beat=beat,
        name=names[beat.id],
        beats=[(each.id, names[each.id]) for each in beats],
        work=work,
        officer=work.officer,
        mine=bool(reach.officer) and work.officer == reach.officer,
        calls=[(call, classes.get(call.call_class, call.call_class), local(call.received, zone, "%H:%M")) for call in calls],
        tasks=[(line, _doing(line.task), line.task.due < at) for line in lines],
        late=sum(line.task.due < at for line in lines),
        to_make=beat_work.to_make(work),
        map=map_of(force, beat.atoms, beat_work.visits_made(force, beat_work.today_at(force)), things),
        place=force.station.area.called,
        trades=TRADES,
        away=absent_at(at),
        told=[finding.text(language) for finding in beat_work.books(force).findings],
        sample=beat_work.books(force).aims.sample,
        rate=handling(force, beat),
        judged=judged is not None,
        targets=targets_of(force, judged, work.officer, own, language) if judged is not None else (),
        address=calendars.has_address(reach.officer),
        asked=request.GET.get("beat", ""),
        made=request.GET.get("made", ""),
        sectors=glance(request, force) if beat.id in reach.own else [],
        **_hours_values(force, hours, names),
    )


def _tasks(force: InForce, reach: Reach, beat: Beat) -> list[Task]:
    """Return the open tasks of a beat, and those of no or another beat that name the account's officer."""
    found = list(tasks.open_tasks(force, reach))
    return [task for task in found if task.beat == beat.id or (beat.id in reach.own and task.officer == reach.officer != "")]


def _doing(task: Task) -> str:
    """Return the address of the form that ends a task."""
    return f"{reverse('tasks')}?beat={task.beat}#task-{task.pk}"


def _hours_values(force: InForce, hours: Hours | None, names: Mapping[str, str]) -> dict[str, Any]:
    zone = force.station.config.time_zone
    taken = [(entry, spent, local(entry.start, zone, "%Y-%m-%d")) for entry, spent in hours.taken] if hours else []
    highest = max((max(week.worked.all_h, week.seen.own_h) for week in hours.weeks), default=0.0) if hours else 0.0
    return {
        "names": names,
        "hours": hours,
        "taken": taken,
        "kinds": NAMES,
        "highest": max(highest, hours.norm_h if hours else 0.0, 1.0),
    }


@needs("do_tasks", object_rule=True)
@require_POST
def make_due(request: HttpRequest) -> HttpResponse:
    """Turn what is due on a beat this week into tasks, once."""
    force = in_force()
    reach, asked = reach_of(force, request.user), request.POST.get("beat", "")
    beat = next((each for each in force.loaded.system.beat if each.id == asked and each.id in reach.beats), None)
    if beat is None:
        raise PermissionDenied(asked)
    work: Work = work_of(force, beat, beat_work.draw_of(force, beat_work.today_at(force)))
    language: Language = language_of(request)
    made = beat_work.make_tasks(force, work, language, request.user.get_username())
    return redirect(f"{reverse('my-beat')}?beat={beat.id}&made={made}")


ADDRESSES = [
    path("my-beat", my_beat, name="my-beat"),
    path("my-beat/due", make_due, name="make-due"),
]
