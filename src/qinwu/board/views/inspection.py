"""Inspection: the trail for those who inspect; looking at it is an entry of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail as trails
from qinwu.board.models import TrailEntry
from qinwu.board.pages import render
from qinwu.board.roles import needs

PAGE = 200


@needs("inspect")
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Show the newest entries, those of one subject where `subject` says which."""
    subject = request.GET.get("subject", "")
    trails.record(request.user.get_username(), "trail.view", subject)
    entries = TrailEntry.objects.filter(subject=subject) if subject else TrailEntry.objects.all()
    return render(request, "board/trail.html.j2", entries=entries.order_by("-number")[:PAGE], subject=subject, verified=None)


@needs("inspect")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain and say what was found."""
    found = trails.verify()
    trails.record(request.user.get_username(), "trail.verify", "", entries=found.entries, broken_at=found.broken_at)
    entries = TrailEntry.objects.order_by("-number")[:PAGE]
    return render(request, "board/trail.html.j2", entries=entries, subject="", verified=found)


ADDRESSES = [
    path("trail", trail, name="trail"),
    path("trail/verify", verify, name="verify"),
]
