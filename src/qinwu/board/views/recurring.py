"""Recurring work: templates, and required against available hours by beat and month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board.access.reach import Reach, reach_of
from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import TaskTemplate
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.typed import Typed
from qinwu.board.views.task_lines import beat_names
from qinwu.board.words import EVERY_ORIGIN, KINDS, ORIGINS, RECURRING
from qinwu.board.work import recurring
from qinwu.board.work.recurring import Wanted
from qinwu.findings import QinwuError
from qinwu.judge.targets.available import OfficerMonth
from qinwu.judge.targets.recurring import PLANNABLE

FIELDS = ("title", "kind", "beat", "every_days", "minutes", "people", "origin", "ordered_by", "since")
YEAR = 366


@dataclass(frozen=True, slots=True)
class Month:
    """Required and available hours of who does the work of a beat in a month, and what the available ones are made of."""

    month: str
    required_h: float
    available_h: float
    parts: OfficerMonth | None

    @property
    def share(self) -> float:
        """Required of available; infinite where there are none."""
        if self.available_h > 0.0:
            return self.required_h / self.available_h
        return float("inf") if self.required_h > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """A beat, or the officers who go along: month by month, the tightest of them named."""

    name: str
    officers: tuple[str, ...]
    months: tuple[Month, ...]

    @property
    def tightest(self) -> Month:
        """The month with the largest share."""
        return max(self.months, key=lambda one: (one.share, -one.available_h))


@needs("do_tasks")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show templates and hours; with `change` the form holds one of them."""
    if recurring.hours_by_now(in_force()) is None:
        return render(request, "board/computing.html.j2", status=202)
    asked = TaskTemplate.objects.filter(pk=_number(request.GET.get("change", "")), ended__isnull=True).first()
    return _page(request, _typed_of(asked) if asked else {}, [])


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _typed_of(template: TaskTemplate) -> dict[str, Any]:
    return {name: getattr(template, name) for name in FIELDS if name != "since"} | {"change": template.pk}


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, language = in_force(), language_of(request)
    reach, names = reach_of(force, request.user), beat_names(force, language)
    templates = recurring.running()
    return render(
        request,
        "board/recurring.html.j2",
        status=status,
        templates=[one for one in templates if not one.beat or reach.may(one.beat)],
        nowhere=[one for one in templates if one.beat and one.beat not in names],
        loads=_loads(force, reach, names),
        together=_together(force),
        names=names,
        beats=[(beat.id, names[beat.id]) for beat in force.standing.beats if reach.may(beat.id)],
        typed={name: typed.get(name, "") for name in FIELDS} | {"change": typed.get("change", "")},
        today=local(now(), force.station.config.time_zone, "%Y-%m-%d"),
        wrong=wrong,
        kinds={kind: KINDS[kind] for kind in RECURRING},
        every_kind=KINDS,
        origins=ORIGINS,
        every_origin=EVERY_ORIGIN,
        plannable=PLANNABLE,
        reach=reach,
        page="recurring",
    )


def _loads(force: InForce, reach: Reach, names: Mapping[str, str]) -> list[Load]:
    """Return each beat's load, tightest first: that of its officer, all beats of the officer together."""
    months, hours = recurring.month_hours(force)
    rows = {(row.group, row.month): row for row in recurring.rows_now(force)}
    found = []
    for beat in force.standing.beats:
        if not reach.may(beat.id):
            continue
        officer = force.standing.officer_of_beat(beat.id)
        own = frozenset([officer]) if officer else frozenset()
        told = []
        for month in months:
            row, parts = rows.get((own, month.name)), hours.get((officer, month.name))
            available = PLANNABLE * parts.free_h if parts else 0.0
            told.append(Month(month.name, row.required_h({}) if row else 0.0, available, parts))
        found.append(Load(names[beat.id], (officer,) if officer else (), tuple(told)))
    return sorted(found, key=lambda one: -one.tightest.share)


def _together(force: InForce) -> list[Load]:
    """Return the load of everybody together where work takes several officers."""
    groups: dict[frozenset[str], list[Month]] = {}
    for row in recurring.rows_now(force):
        if len(row.group) > 1:
            groups.setdefault(row.group, []).append(Month(row.month, row.required_h({}), row.available_h, None))
    return [Load("", tuple(sorted(group)), tuple(months)) for group, months in groups.items()]


@needs("give_tasks", object_rule=True)
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Write a template, or change one; one whose hours do not suffice is refused with the rows that bind."""
    force, form = in_force(), request.POST.dict()
    try:
        wanted = _wanted(request, force)
        reach, by = reach_of(force, request.user), request.user.get_username()
        _inside(reach, wanted.beat)
        if form.get("change"):
            template = get_object_or_404(TaskTemplate, pk=_number(form["change"]))
            _inside(reach, template.beat)
            recurring.change(force, template, wanted, by)
        else:
            recurring.write(force, wanted, by)
    except QinwuError as error:
        return _page(request, form, problems(error, language_of(request)), status=422)
    return redirect("recurring")


def _wanted(request: HttpRequest, force: InForce) -> Wanted:
    zone = force.station.config.time_zone
    typed = Typed(request.POST.dict(), zone)
    today = recurring.today(force)
    wanted = Wanted(
        title=typed.text("title", 80, required=True),
        kind=typed.choice("kind", RECURRING),
        beat=typed.choice("beat", [beat.id for beat in force.standing.beats], empty="allowed"),
        every_days=typed.need("every_days", 1, YEAR),
        minutes=typed.need("minutes", 1, 1440),
        people=typed.need("people", 1, 12),
        origin=typed.choice("origin", ORIGINS),
        ordered_by=typed.text("ordered_by", 80),
        since=typed.day("since", today) or today,
    )
    typed.finish()
    return wanted


def _inside(reach: Reach, beat: str) -> None:
    if not reach.may(beat):
        raise PermissionDenied(beat)


@needs("give_tasks", object_rule=True)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a template."""
    template, force = get_object_or_404(TaskTemplate, pk=pk), in_force()
    _inside(reach_of(force, request.user), template.beat)
    try:
        recurring.end(force, template, request.user.get_username())
    except QinwuError as error:
        return _page(request, {}, problems(error, language_of(request)), status=409)
    return redirect("recurring")


ADDRESSES = [
    path("tasks/recurring", page, name="recurring"),
    path("tasks/recurring/write", write, name="write-template"),
    path("tasks/recurring/<int:pk>/end", end, name="end-template"),
]
