"""Limits: how often somebody may knock. Counted by django-ratelimit in a file that all processes share.

Lock-outs after wrong passwords and codes are in the database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_ratelimit.core import get_usage

from qinwu.board.troubles import TOO_OFTEN, refusal

Limit = Literal["login", "new_call", "api"]
AT_DOORS: dict[str, Limit] = {"login": "login", "login-code": "login", "first-run": "login", "new-call": "new_call"}
"""Which pages count what is sent to them, by the name of their address."""


class TooOften(Exception):  # noqa: N818  # it is no fault
    """Somebody knocks more often than the limit lets them; `seconds` until they may again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def count(request: HttpRequest, limit: Limit, who: str) -> None:
    """Count one more from `who`.

    Raises
    ------
    TooOften
        The limit is reached; what was asked must not be done.
    """
    rate = settings.QINWU_LIMITS[limit]
    used = get_usage(request, group=f"qinwu.{limit}", key=lambda _group, _request: who, rate=rate, increment=True)
    if used is not None and used["should_limit"]:
        raise TooOften(max(1, int(used["time_left"])))


class LimitMiddleware:
    """Count what is sent to the pages of :data:`AT_DOORS`: by account where there is a session, by address where there is none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the page does."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _arguments: Any, _words: Any) -> HttpResponse | None:
        """Count, and say where it is too often, with the seconds to wait."""
        match = request.resolver_match
        limit = AT_DOORS.get(str(match.view_name)) if match is not None else None
        if limit is None or request.method != "POST":
            return None
        account = request.user.get_username() if limit != "login" and request.user.is_authenticated else ""
        try:
            count(request, limit, account or str(request.META.get("REMOTE_ADDR", "")))
        except TooOften as error:
            answer = refusal(request, *TOO_OFTEN, status=429, seconds=error.seconds)
            answer["Retry-After"] = str(error.seconds)
            return answer
        return None
