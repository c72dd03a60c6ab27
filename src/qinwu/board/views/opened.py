"""Open page: monthly aggregates for residents, small cells suppressed; no login."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import path
from django.views.decorators.http import require_safe

from qinwu.board.oversight.opened import edition, is_open
from qinwu.language import LANGUAGES, Language, default_language

TABLE = "figures.csv"
SECONDS = 3_600
"""How long a browser or a proxy may keep what it was given."""


@require_safe
def opened(request: HttpRequest) -> HttpResponse:
    """Give the page in the station's language."""
    return _page(request, default_language())


@require_safe
def opened_in(request: HttpRequest, name: str) -> HttpResponse:
    """Give the page in a language, or its figures as a table."""
    if name == TABLE:
        return _answer(request, "text/csv; charset=utf-8", None)
    return _page(request, next((language for language in LANGUAGES if language == name), None))


def _page(request: HttpRequest, language: Language | None) -> HttpResponse:
    if language is None:
        raise Http404
    return _answer(request, "text/html; charset=utf-8", language)


def _answer(request: HttpRequest, kind: str, language: Language | None) -> HttpResponse:
    """Return what is kept, or that the browser has it already."""
    if not is_open():
        raise Http404
    today = edition()
    mark = f'"{today.checksum[:20]}-{language or "table"}"'
    if request.headers.get("If-None-Match") == mark:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(today.table if language is None else today.pages[language], content_type=kind)
    answer["ETag"] = mark
    answer["Cache-Control"] = f"public, max-age={SECONDS}"
    if language is None:
        answer["Content-Disposition"] = f'attachment; filename="{TABLE}"'
    return answer


ADDRESSES = [
    path("open", opened, name="open"),
    path("open/<str:name>", opened_in, name="open-in"),
]
