"""Sectors 警务区: a sergeant's own load beside the sector's officers, and how often the sector covered itself, for any days."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board import trail
from qinwu.board.access.reach import reach_of
from qinwu.board.access.roles import has, needs
from qinwu.board.beat.sector_loads import Loaded, sector_loads
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.oversight.tables import Span
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.roster.duty_log import began
from qinwu.board.views.spans import asked_span, often, query_of, usual
from qinwu.board.views.task_lines import beat_names
from qinwu.findings import QinwuError
from qinwu.language import Language
from qinwu.report.open_months import FEWEST_FOR_NINE


@needs("give_tasks")
@require_GET
def sectors(request: HttpRequest) -> HttpResponse:
    """Show the sectors within reach; looking at somebody's load is an entry."""
    force, language = in_force(), language_of(request)
    try:
        span, wrong = asked_span(request, force), []
    except QinwuError as error:
        span, wrong = usual(force), problems(error, language)
    told = _told(request, force, span, language, each=True)
    zone = force.station.config.time_zone
    return render(
        request,
        "board/sectors.html.j2",
        status=422 if wrong else 200,
        wrong=wrong,
        span=span,
        query=query_of(span),
        spans=often(force),
        found=told,
        least=min(((one, name) for one, name in told if one.load.covered), key=_share, default=None),
        most=max((load.minutes for one, _name in told for load in (one.load.sergeant, *one.load.others)), default=0.0) or 1.0,
        names=beat_names(force, language),
        when=lambda moment: local(moment, zone, "%m-%d %H:%M"),
        fewest=FEWEST_FOR_NINE,
        page="sectors",
    )


def _told(request: HttpRequest, force: InForce, span: Span, language: Language, *, each: bool) -> list[tuple[Loaded, str]]:
    """Return the sectors within reach with their names; that another's load was looked at is an entry: of anybody where `each`."""
    reach = reach_of(force, request.user)
    found = sector_loads(force, reach, *_times(span, force.station.config.time_zone))
    for one in found:
        if each or one.sector.sergeant != reach.officer:
            trail.record(request.user.get_username(), "sector.view", one.sector.id, since=span.since, until=span.until)
    return [(one, one.sector.name.in_language(language) if one.sector.name else one.sector.id) for one in found]


def glance(request: HttpRequest, force: InForce) -> list[tuple[Loaded, str]]:
    """Return what the page of the beats says of sectors: those within reach in the last four weeks, for those who lead any."""
    if not has(request.user, "give_tasks"):
        return []
    return _told(request, force, usual(force), language_of(request), each=False)


def _share(told: tuple[Loaded, str]) -> float:
    covered = told[0].load.covered
    return covered.share if covered else 1.0


def _times(span: Span, zone: str) -> tuple[datetime, datetime]:
    """Return from when to when a span reaches, not beyond what the board knows; nothing where it lies outside."""
    begin, end = span.bounds(zone)
    at = now()
    first = began() or at
    start = max(begin or first, first)
    return start, max(start, min(end or at, at))


ADDRESSES = [path("sectors", sectors, name="sectors")]
