"""Comparing in progress: a stream that tells pages which listen whenever a comparison has come further."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_GET

from qinwu.board.access.listening import EVERY_S, may_still
from qinwu.board.access.roles import needs
from qinwu.board.plans import comparing

SHOWN = 40
"""So many comparisons are listed, the newest first."""
LOOK_EVERY_S, TEND_EVERY, ASK_EVERY = 0.5, 10, int(EVERY_S / 0.5)
"""How often a page that listens is told; at which of these looks the processes are looked after, and it is asked whether it may."""


@needs("compare")  # type: ignore[arg-type]  # a stream is an answer, too
@require_GET
def progress(request: HttpRequest) -> StreamingHttpResponse:
    """Stream a word that changes whenever a comparison has come further; pages that see a new one load their parts again."""
    lines, headers = _stream(str(request.session.session_key)), {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(lines, content_type="text/event-stream", headers=headers)


def _how_far() -> str:
    rows = comparing.jobs().values_list("pk", "state", "share", "step")[:SHOWN]
    return "|".join(f"{pk} {state} {share:.3f} {step}" for pk, state, share, step in rows)


async def _stream(session: str) -> AsyncIterator[str]:
    told, quiet, looks = "", 0.0, 0
    yield "retry: 1000\n\n"
    while looks % ASK_EVERY or await may_still(session, "compare"):
        if looks % TEND_EVERY == 0:
            await sync_to_async(comparing.tend)()
        looks += 1
        found = await sync_to_async(_how_far)() or "-"
        await sync_to_async(connections.close_all)()  # a page listens for long and must not hold a connection meanwhile
        quiet += LOOK_EVERY_S
        if found != told:
            yield f"data: {found}\n\n"
            told, quiet = found, 0.0
        elif quiet > 15.0:
            yield ": alive\n\n"
            quiet = 0.0
        await asyncio.sleep(LOOK_EVERY_S)
