"""Pulse: beats when something changed, and every few seconds; what a beat shows is drawn and written out once for everybody.

A hundred screens that follow the board cost one reading of the database and one drawing a language for each beat, however many
calls come in: changes that follow each other closely share a beat.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections
from django.db.models import Max

from qinwu.board.dispatch.drawing import NEVER, Drawing
from qinwu.board.dispatch.live_parts import draw
from qinwu.board.models import TrailEntry
from qinwu.language import Language

LOOK_EVERY_S = 0.2
REST_S = 0.4
"""Least time between two beats."""
REDRAW_EVERY_S = 5.0
"""Calls become late and shifts end even while nothing happens."""
READING = frozenset(
    {
        "account.login",
        "account.logout",
        "bulletin.read",
        "bulletin.view",
        "call.view",
        "lead.export",
        "table.export",
        "trail.view",
        "trail.verify",
        "trail.export",
        "oversight.view",
        "orders.view",
    }
)
"""Entries of the trail that change nothing on the board."""


class Pulse:
    """The pulse of one server process.

    ``number`` is that of the last entry of the trail that changed something, ``beat`` counts the beats.
    """

    def __init__(self) -> None:
        self.number = 0
        self.beat = 0
        self._drawn = 0
        self._looker: asyncio.Task[None] | None = None
        self._beaten = asyncio.Condition()
        self._drawings: dict[Language, asyncio.Task[Drawing]] = {}
        self._drawn_for: dict[Language, tuple[int, frozenset[str]]] = {}
        self._followed: Counter[str] = Counter()

    @contextmanager
    def follow(self, wanted: frozenset[str]) -> Iterator[None]:
        """Have some parts drawn from now on; what nobody follows is not drawn."""
        self._followed.update(wanted)
        try:
            yield
        finally:
            self._followed.subtract(wanted)

    async def after(self, beat: int) -> int:
        """Wait for the beat after one, and return the newest."""
        if self._looker is None or self._looker.done():
            self._looker = asyncio.create_task(self._look())
        async with self._beaten:
            await self._beaten.wait_for(lambda: self.beat > beat)
        return self.beat

    async def drawing(self, language: Language, wanted: frozenset[str]) -> Drawing:
        """Return the parts that are followed, as they look at this beat in a language, drawn by whoever asks first."""
        beat, names = self._drawn_for.get(language, (NEVER, frozenset()))
        if beat != self.beat or not wanted <= names:
            followed = frozenset(+self._followed)
            self._drawn_for[language] = self.beat, followed
            self._drawings[language] = asyncio.create_task(self._draw(language, followed, self._drawings.get(language)))
        return await asyncio.shield(self._drawings[language])

    async def _draw(self, language: Language, names: frozenset[str], last: asyncio.Task[Drawing] | None) -> Drawing:
        parts = await _draw(names, language)
        self._drawn += 1
        if last is None or not last.done() or last.exception() is not None:
            return Drawing(self._drawn, parts)
        return Drawing(self._drawn, parts, last.result().number, last.result().parts)

    async def _look(self) -> None:
        quiet = 0.0
        while True:
            try:
                found = await last_change()
            except DatabaseError:  # it comes back, and those who listen are still there
                found = self.number
            quiet += LOOK_EVERY_S
            if found > self.number or quiet >= REDRAW_EVERY_S:
                quiet = 0.0
                async with self._beaten:
                    self.number, self.beat = max(found, self.number), self.beat + 1
                    self._beaten.notify_all()
                await asyncio.sleep(REST_S - LOOK_EVERY_S)
            await asyncio.sleep(LOOK_EVERY_S)


def _last_change() -> int:
    close_old_connections()  # one that the database has dropped is made anew
    changing = TrailEntry.objects.exclude(action__in=READING)
    return int(changing.aggregate(last=Max("number"))["last"] or 0)


# What serves all pages must not run in the threads of one page's request, which end with it.
_THREAD = ThreadPoolExecutor(1, "pulse")
last_change = sync_to_async(_last_change, thread_sensitive=False, executor=_THREAD)
_draw = sync_to_async(draw, thread_sensitive=False, executor=_THREAD)

_pulses: dict[asyncio.AbstractEventLoop, Pulse] = {}


def pulse_here() -> Pulse:
    """Return the pulse of the running loop."""
    return _pulses.setdefault(asyncio.get_running_loop(), Pulse())
