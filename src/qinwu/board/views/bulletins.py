"""Bulletins: notices about places that end by themselves, what stands beside a call, and how long news takes to each team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.reach import reach_of
from qinwu.board.access.roles import has, needs
from qinwu.board.clock import now
from qinwu.board.dispatch import decided
from qinwu.board.dispatch import leads as finding
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Bulletin, BulletinRead, Call
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.typed import Typed
from qinwu.board.views import leads
from qinwu.board.work import bulletins as keeping
from qinwu.board.work.bulletins import KINDS, Draft
from qinwu.findings import QinwuError
from qinwu.judge.officers.information_lag import TeamLag
from qinwu.language import N_, Language
from qinwu.report.words import Speaker

FIELDS = ("title", "text", "kind", "beat", "atom", "happened", "end")
FORM_TIME, SHOWN_TIME = "%Y-%m-%dT%H:%M", "%m-%d %H:%M"
OLD_SHOWN = 20
LAG_WITHIN = timedelta(days=90)
RUNS = timedelta(days=3)
"""How long a bulletin runs unless somebody types another end."""


@dataclass(frozen=True, slots=True)
class Line:
    """A bulletin as a list shows it."""

    bulletin: Bulletin
    kind: str
    place: str
    happened: str
    start: str
    end: str
    own: bool
    read: bool
    runs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """The lag of a team as the page tells it: its name, minutes ('' for never), and how wide its bar is (0 to 100)."""

    lag: TeamLag
    name: str
    minutes: str
    wide: float


@needs("see_board")
@require_GET
def bulletins(request: HttpRequest) -> HttpResponse:
    """Show the bulletins in force, those of the own beat first, the old ones apart, and how news reached the teams."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, at = in_force(), now()
    zone = force.station.config.time_zone
    reach = reach_of(force, request.user)
    read = frozenset(BulletinRead.objects.filter(user__username=request.user.get_username()).values_list("bulletin_id", flat=True))
    lines = [_line(force, each, at, reach.own, read) for each in keeping.own_first(force, reach, keeping.running(at))]
    empty = dict.fromkeys(FIELDS, "") | {"happened": local(at, zone, FORM_TIME), "end": local(at + RUNS, zone, FORM_TIME)}
    return render(
        request,
        "board/bulletins.html.j2",
        status=status,
        lines=lines,
        unread=sum(not line.read for line in lines),
        old=[_line(force, each, at, reach.own, read) for each in keeping.over(at)[:OLD_SHOWN]],
        lags=_lags(force, at, language_of(request)),
        open_leads=_open_leads(force, at) if has(request.user, "publish") else 0,
        typed=empty | {name: typed[name] for name in FIELDS if name in typed},
        wrong=wrong,
        kinds=KINDS,
        beats=force.plan.beats,
        atoms=force.plan.atoms,
        longest=keeping.LONGEST.days,
    )


def _line(force: InForce, bulletin: Bulletin, at: datetime, own: frozenset[str], read: frozenset[int]) -> Line:
    zone = force.station.config.time_zone
    return Line(
        bulletin,
        KINDS.get(bulletin.kind, bulletin.kind),
        " ".join(part for part in (bulletin.beat or keeping.place_beat(force, bulletin), bulletin.atom) if part),
        local(bulletin.happened, zone, SHOWN_TIME),
        local(bulletin.start, zone, SHOWN_TIME),
        local(keeping.ended_at(bulletin), zone, SHOWN_TIME),
        keeping.place_beat(force, bulletin) in own,
        bulletin.pk in read,
        keeping.runs(bulletin, at),
    )


def _lags(force: InForce, at: datetime, language: Language) -> list[Row]:
    found = keeping.information_lags(force, at, at - LAG_WITHIN)
    names = {squad.id: squad.name.in_language(language) or squad.id for squad in force.loaded.system.squad}
    names[keeping.OFFICE] = Speaker(language).say(N_("in no crew: command, desk, control room"))
    longest = max((one.median_min for one in found if isfinite(one.median_min)), default=0.0)
    return [
        Row(
            one,
            names.get(one.team, one.team),
            f"{one.median_min:.0f}" if isfinite(one.median_min) else "",
            100.0 * one.median_min / longest if isfinite(one.median_min) and longest else 100.0,
        )
        for one in found
    ]


@needs("see_board")
@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a bulletin: from now on the account has read it."""
    return _one(request, get_object_or_404(Bulletin, pk=pk), {}, [])


def _one(request: HttpRequest, each: Bulletin, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, at = in_force(), now()
    zone = force.station.config.time_zone
    if not keeping.read(each, request.user):
        trail.record(request.user.get_username(), "bulletin.view", str(each.pk))
    teams = keeping.readers(force)
    read = each.read_by.filter(user_id__in=list(teams)).count()
    kept = {name: getattr(each, name) for name in ("title", "text", "kind", "beat", "atom")}
    kept |= {"happened": local(each.happened, zone, FORM_TIME), "end": local(each.end, zone, FORM_TIME)}
    return render(
        request,
        "board/bulletin.html.j2",
        status=status,
        line=_line(force, each, at, frozenset(), frozenset()),
        read=read,
        readers=len(teams),
        typed=kept | {name: typed[name] for name in FIELDS if name in typed},
        wrong=wrong,
        kinds=KINDS,
        beats=force.plan.beats,
        atoms=force.plan.atoms,
        longest=keeping.LONGEST.days,
    )


@needs("publish")
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Put a bulletin up."""
    force = in_force()
    try:
        keeping.publish(force, _draft(request.POST, force), request.user.get_username())
    except QinwuError as error:
        return _page(request, request.POST.dict(), problems(error, language_of(request)), status=422)
    return redirect("bulletins")


def _draft(form: Any, force: InForce) -> Draft:
    """Return what was typed; long numbers are refused, not masked, so that nobody thinks they were told."""
    typed = Typed(form, force.station.config.time_zone)
    happened, end = typed.moment("happened"), typed.moment("end")
    if end is None and not typed.problems:
        typed.wrong("no-end", "end", N_("The end is missing."), N_("Say until when it is worth reading."))
    typed.finish()
    words = {name: form.get(name, "").strip() for name in ("title", "text", "kind", "beat", "atom")}
    return Draft(**words, happened=happened, end=end or now())


@needs("publish")
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a bulletin that runs."""
    each, force = get_object_or_404(Bulletin, pk=pk), in_force()
    try:
        keeping.change(force, each, _draft(request.POST, force), request.user.get_username())
    except QinwuError as error:
        each.refresh_from_db()
        ended = any(one.code in ("ended", "was-read") for one in error.findings)
        return _one(request, each, request.POST.dict(), problems(error, language_of(request)), status=409 if ended else 422)
    return redirect("bulletin", pk=pk)


@needs("publish")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End a bulletin before its time."""
    each = get_object_or_404(Bulletin, pk=pk)
    try:
        keeping.withdraw(each, request.user.get_username())
    except QinwuError as error:
        return _one(request, each, {}, problems(error, language_of(request)), status=409)
    return redirect("bulletins")


def _open_leads(force: InForce, at: datetime) -> int:
    found = finding.find(force, at)
    return len(found.repeats) + len(found.series)


def around(request: HttpRequest, force: InForce, call: Call) -> dict[str, Any]:
    """Return what stands beside a call: bulletins about its place, read by being shown, and the calls it belongs with."""
    at, zone = now(), force.station.config.time_zone
    there = keeping.at_place(force, call.atom, at)
    for each in there:
        keeping.read(each, request.user)
    together = [
        (one.call, decided.KINDS.get(one.kind, one.kind), local(one.call.received, zone, SHOWN_TIME))
        for one in decided.together_with(call)
    ]
    return {"there": [_line(force, each, at, frozenset(), frozenset()) for each in there], "together": together}


ADDRESSES = [
    path("bulletins", bulletins, name="bulletins"),
    path("bulletins/publish", publish, name="publish"),
    path("bulletins/<int:pk>", bulletin, name="bulletin"),
    path("bulletins/<int:pk>/change", change, name="change-bulletin"),
    path("bulletins/<int:pk>/withdraw", withdraw, name="withdraw-bulletin"),
    *leads.ADDRESSES,
]
