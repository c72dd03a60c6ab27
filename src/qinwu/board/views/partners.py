"""Partners: a call handed to an organisation that may lawfully take it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from qinwu.board.access.roles import needs
from qinwu.board.dispatch import partners
from qinwu.board.in_force import in_force
from qinwu.board.models import Call
from qinwu.board.pages import language_of, problems
from qinwu.board.views.calls import call_page
from qinwu.findings import QinwuError


@needs("dispatch")
@require_POST
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a call to a partner, or say why that cannot be."""
    call, form = get_object_or_404(Call, number=number), request.POST
    try:
        partners.hand_over(in_force(), call, form.get("partner", ""), form.get("reason", ""), request.user.get_username())
    except QinwuError as error:
        call.refresh_from_db()
        return call_page(request, call, problems(error, language_of(request)), status=409, typed=form.dict())
    return redirect("board")


ADDRESSES = [path("calls/<str:number>/hand-over", hand_over, name="hand-over-call")]
