"""Sectors 警务区: a sergeant's own load beside the sector's officers, and how often the sector covered itself, for any days."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board import trail
from qinwu.board.access.reach import reach_of
from qinwu.board.access.roles import needs
from qinwu.board.beat.sector_loads import Loaded, sector_loads
from qinwu.board.clock import now
from qinwu.board.in_force import in_force
from qinwu.board.oversight.tables import Span
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.roster.duty_log import began
from qinwu.board.views.spans import asked_span, often, query_of, usual
from qinwu.board.views.task_lines import beat_names
from qinwu.findings import QinwuError
from qinwu.report.open_months import FEWEST_FOR_NINE


@needs("give_tasks", object_rule=True)
@require_GET
def sectors(request: HttpRequest) -> HttpResponse:
    """Show the sectors within reach; looking at somebody's load is an entry."""
    force, language = in_force(), language_of(request)
    try:
        span, wrong = asked_span(request, force), []
    except QinwuError as error:
        span, wrong = usual(force), problems(error, language)
    found = sector_loads(force, reach_of(force, request.user), *_times(span, force.station.config.time_zone))
    for one in found:
        trail.record(request.user.get_username(), "sector.view", one.sector.id, since=span.since, until=span.until)
    zone = force.station.config.time_zone
    told = [(one, one.sector.name.in_language(language) if one.sector.name else one.sector.id) for one in found]
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
        most=max((load.minutes for one in found for load in (one.load.sergeant, *one.load.others)), default=0.0) or 1.0,
        names=beat_names(force, language),
        when=lambda moment: local(moment, zone, "%m-%d %H:%M"),
        fewest=FEWEST_FOR_NINE,
        page="sectors",
    )


def _share(told: tuple[Loaded, str]) -> float:
    covered = told[0].load.covered
    return covered.share if covered else 1.0


def _times(span: Span, zone: str) -> tuple[Any, Any]:
    """Return from when to when a span reaches, not beyond what the board knows."""
    begin, end = span.bounds(zone)
    at, first = now(), began() or now()
    return max(begin or first, first), min(end or at, at)


ADDRESSES = [path("sectors", sectors, name="sectors")]
