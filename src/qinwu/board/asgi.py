"""What a web server runs: ``uvicorn qinwu.board.asgi:application``.

Streams that a page listens to for hours live in the event loop. Every other request goes, whole, to one of a few threads that stay:
each keeps its connection to the database, and however many ask at once, no more than a few work and the others stand in line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from qinwu.board.bodies import Message, RefusedBody, given, measured, whole

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qinwu.board.settings")
THREADS = 4
"""Requests at work in one process: while one waits for the disk, another computes. More would only wait for each other."""
STREAMS = ("events", "comparison-progress")
TURN_S = 0.001
"""How long a thread computes before others have their turn: the event loop has little to do each time, and all wait for it."""

sys.setswitchinterval(TURN_S)
_streams = get_asgi_application()
_pages: Any = WSGIMiddleware(get_wsgi_application(), workers=THREADS)  # type: ignore[arg-type]  # Django's answers are iterables


@cache
def _addresses_of_streams() -> frozenset[str]:
    return frozenset(map(reverse, STREAMS))


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer a request.

    What is sent is read before a thread is taken, and answers are sent after it is given back: no thread waits for the network.
    Headers with an underscore, which a page could take for those of a proxy, are not passed on.
    """
    if scope["type"] != "http":
        await _streams(scope, receive, send)
        return
    try:
        body = await whole(scope, receive)
    except RefusedBody as refused:
        await _send_all(refused.messages(), send)
        return
    if body is None:
        return
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    scope = {**scope, "headers": measured(headers, body)}
    if scope["path"] in _addresses_of_streams():
        await _streams(scope, given(body, receive), send)
        return
    answer: list[Message] = []
    await _pages(scope, given(body, receive), partial(_keep, answer))
    await _send_all(answer, send)


async def _keep(answer: list[Message], message: Message) -> None:
    answer.append(message)


async def _send_all(answer: Iterable[Message], send: Any) -> None:
    for message in answer:
        await send(message)
