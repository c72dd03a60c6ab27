"""Campaigns 专项行动 and secondments 抽调: what they cost the beats; tried first, ordered after the preview was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board.access.reach import beats_by_officer
from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Absence, Campaign
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.roster import absences, campaigns, secondments
from qinwu.board.roster.absences import Wanted
from qinwu.board.roster.campaigns import Planned
from qinwu.board.roster.cost import Cost
from qinwu.board.roster.secondments import Later
from qinwu.board.typed import Typed
from qinwu.board.views.line import unless_below
from qinwu.board.views.task_lines import beat_names
from qinwu.findings import QinwuError
from qinwu.language import N_, Language

FIELDS = ("title", "start", "end", "ordered_by", "hours", "since", "until")
SECOND = ("officer", "to_unit", "start", "end", "ordered_by", "reason", "training_on")
TAKEN_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Tried:
    """A secondment that was tried: what it is, what it costs, until when that is worked out, and the word that confirms it."""

    wanted: Wanted
    cost: Cost
    until: datetime
    seen: str


def section(force: InForce) -> Mapping[str, Any]:
    """Return what ``campaigns_section.html.j2`` shows: campaigns, secondments, and how to write a time."""
    at, zone = now(), force.station.config.time_zone
    return {
        "campaigns": campaigns.standing(force, at),
        "seconded": secondments.secondments(force, at),
        "when": lambda moment: local(moment, zone, "%m-%d %H:%M"),
    }


@needs("see_board")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show campaigns and secondments."""
    return _page(request, {}, (), [])


def _page(
    request: HttpRequest,
    typed: Mapping[str, Any],
    sent: Sequence[str],
    wrong: list[str],
    status: int = 200,
    tried: tuple[Planned, Cost] | None = None,
    second: Tried | None = None,
    longer: tuple[Later, Cost, Mapping[str, str]] | None = None,
) -> HttpResponse:
    force = in_force()
    beats = beats_by_officer(force)
    return render(
        request,
        "board/campaigns.html.j2",
        status=status,
        wrong=wrong,
        typed=_kept(FIELDS, {} if "officer" in typed else typed),
        asked=_kept(SECOND, typed if "officer" in typed else {}),
        second=second,
        longer=longer,
        names=beat_names(force, language_of(request)),
        units=units(force, language_of(request)),
        sent=frozenset(sent),
        officers=[(officer.id, " ".join(beats.get(officer.id, ()))) for officer in force.station.force],
        planned=tried[0] if tried else None,
        preview=tried[1] if tried else None,
        **section(force),
    )


def _kept(names: Sequence[str], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into the fields of one of the two forms."""
    return {name: typed.get(name, "") for name in names}


@needs("answer_away")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Show what a campaign would do; order it where that was seen and confirmed."""
    form, force = request.POST, in_force()
    sent = form.getlist("officers")
    try:
        planned = _planned(form, force)
        preview = campaigns.preview(force, planned)
        if form.get("seen") == planned.seen:
            campaigns.order(force, planned, request.user.get_username())
            return redirect("campaigns")
    except QinwuError as error:
        return _page(request, form.dict(), sent, problems(error, language_of(request)), status=422)
    return _page(request, form.dict(), sent, [], tried=(planned, preview))


@needs("answer_away", object_rule=True)
@require_POST
def second(request: HttpRequest) -> HttpResponse:
    """Show what a secondment of an officer below on the line would cost; order it where that was seen and confirmed (M49)."""
    form, force = request.POST, in_force()
    if (refused := unless_below(request, force, form.get("officer", ""))) is not None:
        return refused
    try:
        wanted = _wanted(form, force)
        cost = secondments.cost(force, wanted)
        if form.get("seen") == secondments.seen(wanted):
            absences.order(force, wanted, request.user.get_username())
            return redirect("campaigns")
    except QinwuError as error:
        return _page(request, form.dict(), (), problems(error, language_of(request)), status=422)
    tried = Tried(wanted, cost, secondments.looked_ahead(wanted), secondments.seen(wanted))
    return _page(request, form.dict(), (), [], second=tried)


def _wanted(form: QueryDict, force: InForce) -> Wanted:
    typed = Typed(form, force.station.config.time_zone)
    start, end, training_on = typed.moment("start", now()), typed.moment("end"), typed.moment("training_on")
    texts = {name: typed.text(name, 80) for name in ("ordered_by", "reason", "to_unit")}
    typed.finish()
    return Wanted(form.get("officer", ""), "secondment", start, end, training_on=training_on, **texts)


def units(force: InForce, language: Language) -> list[str]:
    """Return the names of the units of the chart, to choose from where an officer goes; any other may be written."""
    return [unit.name.in_language(language) for unit in force.loaded.system.unit if unit.name]


def _planned(form: QueryDict, force: InForce) -> Planned:
    """Read the form of a campaign; what cannot be read is told all at once, what makes no sense by the module."""
    typed = Typed(form, force.station.config.time_zone)
    title, ordered_by = typed.text("title", 80), typed.text("ordered_by", 80)
    start = typed.moment("start", now())
    end = typed.moment("end")
    if end is None and not typed.problems:
        typed.wrong("no-end", "end", N_("The end is missing."), N_("A campaign ends on a day that is known."))
    hours = typed.whole("hours", 1, TAKEN_MOST)
    since, until = _clock(typed, form, "since"), _clock(typed, form, "until")
    if (since is None) != (until is None) and not typed.problems:
        typed.wrong("half-hours", "since", N_("Only one of the two hours of the day is given."), N_("Give both, or neither."))
    typed.finish()
    daily = (since, until) if since is not None and until is not None else None
    return Planned(title, start, end or start, ordered_by, float(hours or 0), tuple(form.getlist("officers")), daily)


def _clock(typed: Typed, form: QueryDict, key: str) -> time | None:
    text = form.get(key, "").strip()
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        typed.wrong(f"unreadable-{key}", key, N_("{word} is no time of the day."), N_("Write it as 20:30."), word=text)
        return None


@needs("answer_away")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a campaign now."""
    try:
        campaigns.end(get_object_or_404(Campaign, pk=pk), request.user.get_username())
    except QinwuError as error:
        return _page(request, {}, (), problems(error, language_of(request)), status=409)
    return redirect("campaigns")


@needs("answer_away")
@require_POST
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that a seconded officer is back."""
    try:
        secondments.returned(get_object_or_404(Absence, pk=pk), request.user.get_username())
    except QinwuError as error:
        return _page(request, {}, (), problems(error, language_of(request)), status=409)
    return redirect("campaigns")


@needs("answer_away", object_rule=True)
@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a later return date of an officer below on the line would cost; keep it where that was seen and confirmed."""
    form, force, absence = request.POST, in_force(), get_object_or_404(Absence, pk=pk)
    if (refused := unless_below(request, force, absence.officer)) is not None:
        return refused
    try:
        later = _later(form, force, absence)
        cost = later.cost(force)
        if form.get("seen") == later.seen:
            secondments.extend(later, request.user.get_username())
            return redirect("campaigns")
    except QinwuError as error:
        return _page(request, {}, (), problems(error, language_of(request)), status=422)
    return _page(request, {}, (), [], longer=(later, cost, form.dict()))


def _later(form: QueryDict, force: InForce, absence: Absence) -> Later:
    typed = Typed(form, force.station.config.time_zone)
    until, ordered_by = typed.moment("end"), typed.text("ordered_by", 80)
    if until is None and not typed.problems:
        typed.wrong("no-end", "end", N_("The new return date is missing."), N_("Give a day to come."))
    typed.finish()
    return Later(absence, until or now(), ordered_by)


ADDRESSES = [
    path("campaigns", page, name="campaigns"),
    path("campaigns/order", order, name="order-campaign"),
    path("campaigns/second", second, name="second-officer"),
    path("campaigns/end/<int:pk>", end, name="end-campaign"),
    path("campaigns/returned/<int:pk>", returned, name="seconded-returned"),
    path("campaigns/extend/<int:pk>", extend, name="extend-secondment"),
]
