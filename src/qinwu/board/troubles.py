"""Troubles: what a page answers when the station's files no longer fit each other, instead of a page of program text."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from qinwu.board.pages import hindrances, language_of, render
from qinwu.findings import QinwuError


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
