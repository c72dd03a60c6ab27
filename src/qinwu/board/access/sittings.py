"""Sittings: who is logged in since when, and how to end it. Closing an account and a new password end them too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest

SINCE = "since"
"""Key under which a session keeps when it began."""


def begun(request: HttpRequest) -> None:
    """Write down when a session began, by the machine's clock as its end is."""
    request.session[SINCE] = datetime.now(UTC).isoformat(timespec="seconds")


def open_now() -> dict[int, list[datetime]]:
    """Return when the sessions that are open began, the oldest first, by the key of their account."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for session, account in _all():
        since = session.get_decoded().get(SINCE)
        found[account].append(datetime.fromisoformat(since) if since else session.expire_date)
    return {account: sorted(times) for account, times in found.items()}


def end(account: int, keep: str | None = None) -> int:
    """End the sessions of an account, all but the one with the key `keep`; return how many."""
    ended = [session.pk for session, of in _all() if of == account and session.pk != keep]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)


def _all() -> Iterator[tuple[Any, int]]:
    for session in Session.objects.filter(expire_date__gt=datetime.now(UTC)):
        account = session.get_decoded().get(SESSION_KEY)
        if account is not None:
            yield session, int(account)
