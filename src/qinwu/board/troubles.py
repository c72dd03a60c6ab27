"""Troubles: what is answered when the station's files no longer fit each other, the database is away, or the program fails."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from qinwu.board.pages import COOKIE, drawn, hindrances, language_of, render
from qinwu.findings import QinwuError
from qinwu.language import LANGUAGES, default_language

NO_DATABASE = (OperationalError, InterfaceError)
"""What is raised where it is locked for too long, full, read-only, or away."""
AGAIN_S = 5


def failed(request: HttpRequest) -> HttpResponse:
    """Say that nothing was kept, and whether it is worth trying again; the database is not asked for anything here."""
    away = isinstance(sys.exc_info()[1], NO_DATABASE)
    said = request.COOKIES.get(COOKIE, "")
    language = next((language for language in LANGUAGES if language == said), default_language())
    answer = HttpResponse(drawn("board/failed.html.j2", language, away=away), status=503 if away else 500)
    if away:
        answer["Retry-After"] = str(AGAIN_S)
    return answer


class TroubleMiddleware:
    """Show what is wrong with the station's files, in the reader's language, to whoever opens a page that needs them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the page does."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return a page with every problem where the files are the trouble; anything else is a fault of the program."""
        if not isinstance(error, QinwuError):
            return None
        return render(request, "board/trouble.html.j2", status=503, wrong=hindrances(error, language_of(request)))
