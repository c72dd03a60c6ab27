"""Listening: whether a session that a stream goes on for may still hear it; pages are asked for anew each time, streams are not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections, connections
from django.http import HttpRequest

from qinwu.board.access.rights import Right
from qinwu.board.access.roles import has

EVERY_S = 20.0
"""How often a stream asks: whoever is shut out hears nothing more after this time."""
_THREAD = ThreadPoolExecutor(1, "listening")


def may_now(session: str, right: Right) -> bool:
    """Return whether the session of a key is open, with the password it began with, and its account has a right."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session)
    return has(get_user(request), right)


def _may_now(session: str, right: Right) -> bool:
    close_old_connections()
    try:
        return may_now(session, right)
    finally:
        connections.close_all()


may_still = sync_to_async(_may_now, thread_sensitive=False, executor=_THREAD)
"""The same for a stream, which holds no connection to the database meanwhile."""
