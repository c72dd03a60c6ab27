"""Events: one stream for each open page that says when anything changed; and whether the board is well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from asgiref.sync import sync_to_async
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from qinwu.board.models import TrailEntry
from qinwu.board.roles import has

LOOK_EVERY_S = 0.25
ALIVE_EVERY_S = 15.0
READING = frozenset({"call.view", "account.login", "account.logout", "trail.view"})
"""Entries of the trail that change nothing on the board."""


class Pulse:
    """The number of the last entry that changed something, looked up once for all pages that listen."""

    def __init__(self) -> None:
        self.number = 0
        self._looker: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()

    async def after(self, number: int) -> int:
        """Wait until something changed after `number`, or for as long as a quiet line is kept; return the newest."""
        if self._looker is None or self._looker.done():
            self._looker = asyncio.create_task(self._look())
        async with self._changed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait_for(lambda: self.number > number), ALIVE_EVERY_S)
        return self.number

    async def _look(self) -> None:
        while True:
            found = await last_change()
            if found > self.number:
                async with self._changed:
                    self.number = found
                    self._changed.notify_all()
            await asyncio.sleep(LOOK_EVERY_S)


@sync_to_async
def last_change() -> int:
    """Return the number of the last entry of the trail that changed something."""
    changing = TrailEntry.objects.exclude(action__in=READING)
    return int(changing.aggregate(last=Max("number"))["last"] or 0)


_pulses: dict[asyncio.AbstractEventLoop, Pulse] = {}


async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Stream the number of the last change; a page that sees a new one loads its parts again."""
    user = await request.auser()
    if not await sync_to_async(has)(user, "see_board"):
        return HttpResponse(status=403)
    pulse = _pulses.setdefault(asyncio.get_running_loop(), Pulse())
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(_stream(pulse), content_type="text/event-stream", headers=headers)


async def _stream(pulse: Pulse) -> AsyncIterator[str]:
    number = await last_change()
    yield f"retry: 1000\nid: {number}\ndata: {number}\n\n"
    while True:
        found = await pulse.after(number)
        yield f"id: {found}\ndata: {found}\n\n" if found > number else ": alive\n\n"
        number = max(number, found)


def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that the database answers."""
    return JsonResponse({"status": "ok", "entries": TrailEntry.objects.count()})


ADDRESSES = [
    path("events", events, name="events"),
    path("healthz", healthz, name="healthz"),
]
