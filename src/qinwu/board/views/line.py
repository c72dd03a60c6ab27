"""Line of command 一级抓一级 (M4): who stands under whom, in how many layers and how wide, as the duty system in force has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.access.line import Lines
from qinwu.board.access.reach import own_officer
from qinwu.board.access.roles import needs
from qinwu.board.in_force import InForce, in_force
from qinwu.board.pages import language_of, render
from qinwu.board.troubles import FORBIDDEN, refusal
from qinwu.duty.organisation.line import LineSpan, layers, spans
from qinwu.duty.organisation.norms import Norms
from qinwu.language import N_, Language

NORMS = Norms()


@dataclass(frozen=True, slots=True)
class Bar:
    """One superior with those directly under: a width of 0 to 100, and whether the norm or the most there may be is passed."""

    superior: str
    officers: tuple[str, ...]
    wide: float
    state: str


def off_the_line(request: HttpRequest, force: InForce, officers: Collection[str]) -> HttpResponse:
    """Refuse somebody who does not stand above the officers concerned, and say who does."""
    goes = Lines(force).goes_to(officers, language_of(request))
    return refusal(request, FORBIDDEN[0], N_("This is for others to answer. {goes}"), status=403, goes=goes)


def unless_below(request: HttpRequest, force: InForce, officer: str) -> HttpResponse | None:
    """Refuse an order to an officer of the force who does not stand below whoever gives it; None where it may be given."""
    if officer in force.sworn and not Lines(force).answers(request.user, (officer,)):
        return off_the_line(request, force, (officer,))
    return None


@needs("see_board")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show layers and spans, and the own line first."""
    force, language = in_force(), language_of(request)
    lines, own = Lines(force), own_officer(request.user)
    everybody = lines.everybody()
    found = spans(everybody)
    widest = max((len(one.officers) for one in found), default=0)
    home = force.standing.home
    return render(
        request,
        "board/line.html.j2",
        layers=layers(everybody, home),
        widest=widest,
        bars=[_bar(lines, one, max(widest, NORMS.span_most), language) for one in found],
        norm=NORMS.span,
        most=NORMS.span_most,
        norm_at=100.0 * NORMS.span / max(widest, NORMS.span_most),
        most_at=100.0 * NORMS.span_most / max(widest, NORMS.span_most),
        own=own,
        own_line=[lines.superior(rung, language) for rung in everybody.get(own, ())],
        longest=[lines.superior(rung, language) for rung in max(everybody.values(), key=len, default=())],
        system_name=force.loaded.system.name.in_language(language),
    )


def _bar(lines: Lines, one: LineSpan, scale: float, language: Language) -> Bar:
    count = len(one.officers)
    state = "over" if count > NORMS.span_most else "near" if count > NORMS.span else "within"
    return Bar(lines.superior(one.rung, language), one.officers, 100.0 * count / scale, state)


ADDRESSES = [path("line", page, name="line")]
