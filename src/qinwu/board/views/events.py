"""Events: one stream for each open page that says when anything changed; and whether the board is well."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.access.listening import EVERY_S, may_still
from qinwu.board.access.roles import has
from qinwu.board.dispatch.drawing import NEVER
from qinwu.board.dispatch.live_parts import NAMES
from qinwu.board.dispatch.pulse import Pulse, last_change, pulse_here
from qinwu.board.measures import LISTENERS
from qinwu.board.pages import language_of
from qinwu.board.trail import last_number
from qinwu.language import Language

ALIVE = "event: alive\ndata:\n\n"
"""Told where nothing is new: a page that hears nothing at all says so."""


@require_GET
async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Stream the number of the last change, and the live parts that a page asks for in `parts`, whenever they look different."""
    request.user = await request.auser()
    may, language = await sync_to_async(has)(request.user, "see_board"), await sync_to_async(language_of)(request)
    await sync_to_async(connections.close_all)()  # a screen listens for hours and must not hold a connection that long
    if not may:
        return HttpResponse(status=403)
    pulse = pulse_here()
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    wanted = NAMES.intersection(request.GET.get("parts", "").split(","))
    lines = _stream(pulse, wanted, language, str(request.session.session_key))
    return StreamingHttpResponse(lines, content_type="text/event-stream", headers=headers)


async def _stream(pulse: Pulse, wanted: frozenset[str], language: Language, session: str) -> AsyncIterator[str]:
    LISTENERS.inc()
    asked = time.monotonic()
    try:
        with pulse.follow(wanted):
            async for line in _lines(pulse, wanted, language):
                if time.monotonic() - asked > EVERY_S:
                    if not await may_still(session, "see_board"):
                        return
                    asked = time.monotonic()
                yield line
    finally:
        LISTENERS.dec()


async def _lines(pulse: Pulse, wanted: frozenset[str], language: Language) -> AsyncIterator[str]:
    number, beat, seen = await last_change(), NEVER, NEVER
    yield f"retry: 1000\nid: {number}\ndata: {number}\n\n"
    while True:
        beat = await pulse.after(beat)
        lines = ""
        if wanted:
            drawing = await pulse.drawing(language, wanted)
            lines, seen = drawing.told(wanted, seen), drawing.number
        if pulse.number > number:
            number = pulse.number
            lines += f"id: {number}\ndata: {number}\n\n"
        yield lines or ALIVE


def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that the database answers, and how far its trail is; 503 where it does not."""
    try:
        entries = last_number()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok", "entries": entries})


healthz.without_second_factor = True  # type: ignore[attr-defined]  # nobody needs an account for it


ADDRESSES = [
    path("events", events, name="events"),
    path("healthz", healthz, name="healthz"),
]
