"""Scores: the own sheet with its reasons, objections and their answers; for the chief who was shown what, and signing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.line import Lines
from qinwu.board.access.roles import has, needs
from qinwu.board.beat import score_acts
from qinwu.board.beat.judged import BENCH, PATIENCE_S
from qinwu.board.beat.score_lines import sheet_shown
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Objection
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.views.line import off_the_line
from qinwu.findings import Finding, QinwuError
from qinwu.judge.score.scored import Scored, roll_ups
from qinwu.judge.score.sheet import ScoreSheet, Stage
from qinwu.language import N_, Language
from qinwu.report.chapters.score_tables import roll_up_table, visible
from qinwu.report.chapters.score_words import Telling
from qinwu.report.words import number

LONG_S = 30.0
"""So long somebody waits who pressed a button."""
STAGES: dict[Stage, str] = {
    "objected": N_("With an objection to answer"),
    "to_sign": N_("To be signed"),
    "draft": N_("Not shown yet"),
    "shown": N_("Shown, time to object is left"),
    "final": N_("Final"),
}
"""Stages as a chief works through them, and what they are called."""


@dataclass(frozen=True, slots=True)
class Row:
    """One sheet in the list: whose it is, points once it was shown to its officer, how far it is and what is to be done."""

    owner: str
    name: str
    level: str
    points: str
    possible: str
    state: str
    vetoes: int


@dataclass(frozen=True)
class Desk:
    """What every page of scores begins with: the duty system in force, the sheets, whose account it is and in which language."""

    force: InForce
    scored: Scored | None
    officer: str
    language: Language
    user: Any

    def sheet(self, owner: str) -> ScoreSheet:
        """Return the sheet of an owner; there is no such page where there is none."""
        found = self.scored.of(owner) if self.scored is not None else None
        if found is None:
            raise Http404(owner)
        return found

    def own(self, sheet: ScoreSheet) -> bool:
        """Return whether a sheet is the account's own."""
        return self.scored is not None and score_acts.concerns(self.scored, sheet, self.officer)

    @cached_property
    def lines(self) -> Lines:
        """The lines of command."""
        return Lines(self.force)

    def above(self, sheet: ScoreSheet) -> bool:
        """Return whether the account stands on the line of command above the officer whom a sheet is about."""
        found = score_acts.concerned(self.scored, sheet) if self.scored is not None else ""
        return bool(found) and self.lines.answers(self.user, (found,))

    def may_read(self, sheet: ScoreSheet) -> bool:
        """Return whether a sheet is the account's own, or of somebody below; who signs sheets reads all."""
        return self.own(sheet) or has(self.user, "answer_objections") or self.above(sheet)


def _desk(request: HttpRequest) -> Desk | None:
    """Return the desk, None while numbers are being worked out."""
    force = in_force()
    bench = BENCH.of(force, PATIENCE_S if request.method == "GET" else LONG_S)
    if bench is None:
        return None
    member = getattr(request.user, "member", None)
    try:
        scored = score_acts.sheets(force, bench, request.GET.get("period", request.POST.get("period", "")))
    except QinwuError:
        scored = score_acts.sheets(force, bench)
    return Desk(force, scored, member.officer if member else "", language_of(request), request.user)


def _computing(request: HttpRequest) -> HttpResponse:
    """Say that numbers are being worked out; who wanted to do something is told that it was not done."""
    if request.method != "GET":
        message, remedy = N_("The numbers are still being worked out: nothing was done."), N_("Try again in a minute.")
        raise QinwuError([Finding("not-ready", "error", message, remedy)])
    return render(request, "board/computing.html.j2", status=202)


@needs("see_own_score")
@require_GET
def my_score(request: HttpRequest) -> HttpResponse:
    """Show an officer the own sheets: in the own name, and those of the own beats."""
    desk = _desk(request)
    if desk is None:
        return _computing(request)
    sheets = [one for one in (desk.scored.sheets if desk.scored else ()) if desk.own(one)]
    return _page(request, desk, sheets, {}, [])


def _page(
    request: HttpRequest, desk: Desk, sheets: list[ScoreSheet], typed: Mapping[str, str], wrong: list[str], status: int = 200
) -> HttpResponse:
    for sheet in sheets if request.method == "GET" else ():
        trail.record(request.user.get_username(), "score.view", sheet.owner, period=sheet.period)
    own, above = [desk.own(sheet) for sheet in sheets], [desk.above(sheet) for sheet in sheets]
    shown = [
        sheet_shown(desk.force, desk.scored, one, desk.language, own=mine)
        for one, mine in zip(sheets, own, strict=True)
        if desk.scored
    ]
    return render(
        request,
        "board/my_score.html.j2",
        status=status,
        sheets=list(zip(shown, own, above, strict=True)),
        goes=lambda officer: desk.lines.goes_to((officer,), desk.language),
        officer=desk.officer,
        periods=_periods(desk),
        sample=desk.scored.rules.sample if desk.scored else False,
        rules=desk.scored.rules.name.in_language(desk.language) if desk.scored else "",
        typed={"line": typed.get("line", ""), "reason": typed.get("reason", ""), "answer": typed.get("answer", "")},
        wrong=wrong,
        zone=desk.force.station.config.time_zone,
        local=local,
    )


def _periods(desk: Desk) -> list[str]:
    return [one.name for one in desk.scored.numbers.periods()] if desk.scored else []


@needs("see_own_score", object_rule=True)
@require_GET
def score_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """Show one sheet: to whom it is about, and to a chief once it was shown to them."""
    desk = _desk(request)
    if desk is None:
        return _computing(request)
    found = desk.scored.of(name) if desk.scored is not None else None
    if not has(request.user, "answer_objections") and (found is None or not desk.may_read(found)):
        raise PermissionDenied(name)
    sheet = desk.sheet(name)
    if not desk.own(sheet) and not visible(sheet):
        return render(request, "board/not_shown.html.j2", owner=sheet.owner, period=sheet.period)
    return _page(request, desk, [sheet], {}, [])


def _may(desk: Desk, name: str) -> bool:
    """Return whether a sheet is there and the account's own; what is not there is nobody's."""
    found = desk.scored.of(name) if desk.scored is not None else None
    return found is not None and desk.own(found)


@needs("see_own_score", object_rule=True)
@require_POST
def object_score(request: HttpRequest, name: str) -> HttpResponse:
    """Object to a line of the own sheet."""
    desk = _desk(request)
    if desk is None:
        return _computing(request)
    if not _may(desk, name):
        raise PermissionDenied(name)
    sheet, form = desk.sheet(name), request.POST
    try:
        by = request.user.get_username()
        score_acts.object_to(sheet, desk.officer, form.get("line", ""), form.get("reason", ""), by)
    except QinwuError as error:
        return _page(request, desk, [sheet], form.dict(), problems(error, desk.language), status=422)
    return redirect("my-score")


@needs("answer_line", object_rule=True)
@require_GET
def scores(request: HttpRequest) -> HttpResponse:
    """List the sheets of those below by how far they have come, in the order of the duty files; nobody is ranked."""
    return _list(request, [])


def _list(request: HttpRequest, wrong: list[str], status: int = 200) -> HttpResponse:
    desk = _desk(request)
    if desk is None:
        return _computing(request)
    sheets = [one for one in (desk.scored.sheets if desk.scored is not None else ()) if desk.may_read(one)]
    signs = has(request.user, "answer_objections")
    if request.method == "GET":
        trail.record(request.user.get_username(), "scores.view", desk.scored.period if desk.scored else "")
    rows = {stage: [_row(desk, one) for one in sheets if one.stage == stage] for stage in STAGES}
    told = Telling(desk.scored, desk.language) if desk.scored is not None else None
    waiting = _waiting(desk)
    parts = roll_ups(desk.scored.numbers, desk.scored.period) if desk.scored is not None and signs else ()
    return render(
        request,
        "board/scores.html.j2",
        status=status,
        stages=STAGES,
        rows=rows,
        period=desk.scored.period if desk.scored else "",
        periods=_periods(desk),
        objections=waiting,
        waiting=sum(answers for _said, _line, _goes, answers in waiting),
        signs=signs,
        officer=desk.officer,
        parts=[roll_up_table(told, [one]) for one in parts] if told is not None else [],
        findings=[finding.text(desk.language) for finding in (desk.scored.findings if desk.scored and signs else ())],
        sample=desk.scored.rules.sample if desk.scored else False,
        wrong=wrong,
    )


def _row(desk: Desk, sheet: ScoreSheet) -> Row:
    told = Telling(desk.scored, desk.language) if desk.scored is not None else None
    readable = visible(sheet) or desk.own(sheet)
    return Row(
        owner=sheet.owner,
        name=told.owner(sheet.level, sheet.owner) if told else sheet.owner,
        level=told.level(sheet.level) if told else sheet.level,
        points=number(sheet.points, 1) if readable else "",
        possible=number(sheet.possible, 0) if readable else "",
        state=told.stage(sheet) if told else sheet.stage,
        vetoes=len(sheet.vetoes) if readable else 0,
    )


def _waiting(desk: Desk) -> list[tuple[Objection, str, str, bool]]:
    """Return the open objections that concern an account, with their line, to whom they go, and whether it answers them."""
    found = []
    for each in Objection.objects.filter(state="open"):
        answers = desk.lines.answers(desk.user, (each.officer,))
        if answers or each.officer == desk.officer or has(desk.user, "answer_objections"):
            found.append((each, _named(desk, each), desk.lines.goes_to((each.officer,), desk.language), answers))
    return found


def _named(desk: Desk, objection: Objection) -> str:
    """Return what the line of an objection is called."""
    if desk.scored is None:
        return objection.line
    told = Telling(desk.scored, desk.language)
    lines = (line for sheet in desk.scored.sheets for line in sheet.lines if line.line.id == objection.line)
    found = next(lines, None)
    return told.name(found) if found is not None else objection.line


@needs("answer_objections")
@require_POST
def show_score(request: HttpRequest, name: str) -> HttpResponse:
    """Show a sheet to its officer, or with ``all`` every sheet that was not shown yet."""
    desk = _desk(request)
    if desk is None:
        return _computing(request)
    every = [one for one in (desk.scored.sheets if desk.scored else ()) if one.stage == "draft"]
    try:
        for sheet in every if name == "all" else [desk.sheet(name)]:
            score_acts.show(sheet, request.user.get_username())
    except QinwuError as error:
        return _list(request, problems(error, desk.language), status=409)
    return redirect("scores")


@needs("answer_line", object_rule=True)
@require_POST
def answer_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Uphold or reject an objection, with a reason: the direct superior, or whoever stands above; nobody answers the own."""
    objection, force = get_object_or_404(Objection, pk=pk), in_force()
    if not Lines(force).answers(request.user, (objection.officer,)):
        return off_the_line(request, force, (objection.officer,))
    try:
        upheld = request.POST.get("verdict") == "upheld"
        score_acts.answer(objection, upheld, request.POST.get("answer", ""), request.user.get_username())
    except QinwuError as error:
        return _list(request, problems(error, language_of(request)), status=409 if objection.state != "open" else 422)
    return redirect("scores")


@needs("answer_objections")
@require_POST
def sign_score(request: HttpRequest, name: str) -> HttpResponse:
    """Sign a sheet for a post, or put a veto of it in force."""
    desk = _desk(request)
    if desk is None:
        return _computing(request)
    sheet, by = desk.sheet(name), request.user.get_username()
    try:
        if "veto" in request.POST:
            score_acts.sign_veto(sheet, request.POST["veto"], by)
        else:
            score_acts.sign(sheet, request.POST.get("post", ""), by)
    except QinwuError as error:
        return _page(request, desk, [sheet], {}, problems(error, desk.language), status=409)
    return redirect("score-sheet", name)


ADDRESSES = [
    path("my-score", my_score, name="my-score"),
    path("scores", scores, name="scores"),
    path("scores/<str:name>", score_sheet, name="score-sheet"),
    path("scores/<str:name>/object", object_score, name="object-score"),
    path("scores/<str:name>/show", show_score, name="show-score"),
    path("scores/<str:name>/sign", sign_score, name="sign-score"),
    path("scores/objections/<int:pk>", answer_objection, name="answer-objection"),
]
