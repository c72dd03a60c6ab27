"""Events: one stream for each open page that says when anything changed; and whether the board is well."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from django.db import DatabaseError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from qinwu.board.live_parts import NAMES, draw
from qinwu.board.measures import LISTENERS
from qinwu.board.models import TrailEntry
from qinwu.board.pages import language_of
from qinwu.board.roles import has
from qinwu.board.trail import last_number
from qinwu.language import Language

LOOK_EVERY_S = 0.25
REDRAW_EVERY_S = 5.0
"""Clocks on the board run even while nothing happens."""
READING = frozenset({"call.view", "account.login", "account.logout", "trail.view"})
"""Entries of the trail that change nothing on the board."""


class Pulse:
    """Beats when something changed, and every few seconds; looked up and drawn once for all pages that listen.

    ``number`` is that of the last entry that changed something, ``beat`` counts the beats.
    """

    def __init__(self) -> None:
        self.number = 0
        self.beat = 0
        self._looker: asyncio.Task[None] | None = None
        self._beaten = asyncio.Condition()
        self._drawn: dict[Language, tuple[int, asyncio.Task[dict[str, str]]]] = {}

    async def after(self, beat: int) -> int:
        """Wait for the beat after one, and return the newest."""
        if self._looker is None or self._looker.done():
            self._looker = asyncio.create_task(self._look())
        async with self._beaten:
            await self._beaten.wait_for(lambda: self.beat > beat)
        return self.beat

    async def parts(self, language: Language) -> dict[str, str]:
        """Return the live parts in a language as they look at this beat, drawn by whoever asks first."""
        beat, task = self._drawn.get(language, (-1, None))
        if task is None or beat != self.beat:
            task = asyncio.create_task(_draw(NAMES, language))
            self._drawn[language] = (self.beat, task)
        return await asyncio.shield(task)

    async def _look(self) -> None:
        quiet = 0.0
        while True:
            found = await last_change()
            quiet += LOOK_EVERY_S
            if found > self.number or quiet >= REDRAW_EVERY_S:
                quiet = 0.0
                async with self._beaten:
                    self.number, self.beat = max(found, self.number), self.beat + 1
                    self._beaten.notify_all()
            await asyncio.sleep(LOOK_EVERY_S)


def _last_change() -> int:
    changing = TrailEntry.objects.exclude(action__in=READING)
    return int(changing.aggregate(last=Max("number"))["last"] or 0)


# What serves all pages must not run in the threads of one page's request, which end with it.
_THREAD = ThreadPoolExecutor(1, "pulse")
last_change = sync_to_async(_last_change, thread_sensitive=False, executor=_THREAD)
_draw = sync_to_async(draw, thread_sensitive=False, executor=_THREAD)


_pulses: dict[asyncio.AbstractEventLoop, Pulse] = {}


async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Stream the number of the last change, and the live parts that a page asks for in `parts`, whenever they look different."""
    user = await request.auser()
    if not await sync_to_async(has)(user, "see_board"):
        return HttpResponse(status=403)
    request.user = user
    language = await sync_to_async(language_of)(request)
    pulse = _pulses.setdefault(asyncio.get_running_loop(), Pulse())
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    wanted = NAMES.intersection(request.GET.get("parts", "").split(","))
    return StreamingHttpResponse(_stream(pulse, wanted, language), content_type="text/event-stream", headers=headers)


async def _stream(pulse: Pulse, wanted: frozenset[str], language: Language) -> AsyncIterator[str]:
    LISTENERS.inc()
    try:
        async for line in _lines(pulse, wanted, language):
            yield line
    finally:
        LISTENERS.dec()


async def _lines(pulse: Pulse, wanted: frozenset[str], language: Language) -> AsyncIterator[str]:
    number, beat = await last_change(), pulse.beat
    sent: dict[str, str] = {}
    yield f"retry: 1000\nid: {number}\ndata: {number}\n\n"
    while True:
        beat = await pulse.after(beat)
        parts = await pulse.parts(language) if wanted else {}
        different = {name: parts[name] for name in wanted if sent.get(name) != parts[name]}
        sent |= different
        if different:
            yield f"event: parts\ndata: {json.dumps(different)}\n\n"
        if pulse.number > number:
            number = pulse.number
            yield f"id: {number}\ndata: {number}\n\n"
        elif not different:
            yield ": alive\n\n"


def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that the database answers, and how far its trail is; 503 where it does not."""
    try:
        entries = last_number()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok", "entries": entries})


ADDRESSES = [
    path("events", events, name="events"),
    path("healthz", healthz, name="healthz"),
]
