"""Troubles: what is answered where a page is not there or not for the reader, files do not fit, or the database is away."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse

from qinwu.board.pages import COOKIE, drawn, hindrances, language_named, language_of, render
from qinwu.findings import QinwuError
from qinwu.language import N_

NO_DATABASE = (OperationalError, InterfaceError)
"""What is raised where it is locked for too long, full, read-only, or away."""
READ_ONLY = "25006"
"""What PostgreSQL calls a transaction that may not write; Django files it under faults of the program."""
AGAIN_S = 5
_PLAIN = "board/failed.html.j2"
_REFUSAL = "board/refusal.html.j2"
AWAY = (
    N_("The database does not answer"),
    N_(
        "Nothing of what was just sent was kept. "
        "Go back and send it again; if this stays, tell the operator: the disk may be full, read-only, or the database ended."
    ),
)
PROGRAM = (
    N_("The program failed"),
    N_("Nothing of what was just sent was kept. Tell the operator when it happened; the log of the service says where."),
)
UNREADABLE = (
    N_("The board could not read this request"),
    N_(
        "Nothing was kept. "
        "Open the board by the address you were given; if this stays, tell the operator: "
        "the address may be missing among the hosts the board answers to."
    ),
)
FORBIDDEN = (N_("Not for this account"), N_("Your role does not include this. Ask whoever administers the board."))
STALE = (
    N_("This form is no longer good"),
    N_(
        "Nothing was kept. "
        "You have logged in or out since the form was opened, or the browser keeps no cookies. "
        "Go back, reload the page, and send it again."
    ),
)
NOT_FOUND = (
    N_("There is no such page"),
    N_("What you asked for is not here: the address is mistyped, or the entry does not exist for this account."),
)
TOO_OFTEN = (
    N_("Too often"),
    N_("This was asked more often than the board allows. Wait {seconds} seconds, then send it again."),
)


def no_database(error: BaseException | None) -> bool:
    """Return whether an error says that the database is away or takes nothing, rather than that the program is wrong."""
    state = getattr(error.__cause__, "sqlstate", "") if isinstance(error, InternalError) else ""
    return isinstance(error, NO_DATABASE) or state == READ_ONLY


def failed(request: HttpRequest) -> HttpResponse:
    """Say that nothing was kept, and whether it is worth trying again; the database is not asked for anything here."""
    away = no_database(sys.exc_info()[1])
    title, text = AWAY if away else PROGRAM
    answer = HttpResponse(_plain(request, title, text), status=503 if away else 500)
    if away:
        answer["Retry-After"] = str(AGAIN_S)
    return answer


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - how Django calls it
    """Say that a request was no request of this board, such as one for another host; nobody is known yet."""
    return HttpResponse(_plain(request, *UNREADABLE), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - how Django calls it
    """Say that a page is not for this account."""
    return refusal(request, *FORBIDDEN, status=403)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - how Django calls it
    """Say that a form is no longer good, as after logging in anew in another window, or was sent by a foreign page."""
    return refusal(request, *STALE, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - how Django calls it
    """Say that there is no such page or thing."""
    return refusal(request, *NOT_FOUND, status=404)


def refusal(request: HttpRequest, title: str, text: str, *, status: int, **words: object) -> HttpResponse:
    """Return a page of one heading and one paragraph, with the way to the board."""
    return render(request, _REFUSAL, status=status, title=title, text=text, words=words)


def _plain(request: HttpRequest, title: str, text: str) -> str:
    return drawn(_PLAIN, language_named(request.COOKIES.get(COOKIE)), title=title, text=text)


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
