"""Beside the page: long computations in a thread of their own; a page shows the last result there is and waits for no newer one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connection

from qinwu.board.in_force import state_of
from qinwu.board.models import TrailEntry

WAIT_S = 0.4
"""So long a page waits for a fresh result before it shows the last one."""
T = TypeVar("T")
_WORKER = ThreadPoolExecutor(1, thread_name_prefix="beside")


@dataclass(frozen=True, slots=True)
class Latest(Generic[T]):
    """The last result there is (None for none yet), and whether a newer one is being worked out."""

    found: T | None
    working: bool


class Desk(Generic[T]):
    """Where the last result of one computation lies; each belongs to a folder, a database and its trail.

    Parameters
    ----------
    work
        Works it out from the database; run in the worker.
    mark
        Something that differs whenever the result could: the number of an entry of the trail, an hour.
    """

    def __init__(self, work: Callable[[], T], mark: Callable[[], Any]) -> None:
        self._work, self._mark = work, mark
        self._lock = Lock()
        self._asked: tuple[Any, Any] | None = None
        self._future: Future[T] | None = None
        self._known: tuple[Any, T] | None = None

    def latest(self, wait_s: float = WAIT_S) -> Latest[T]:
        """Return the last result, after `wait_s` at the latest; a newer one is begun where the mark has changed.

        Raises
        ------
        QinwuError
            The computation found that its files cannot be read.
        """
        first = TrailEntry.objects.order_by("number").values_list("hash", flat=True).first()
        place = (settings.STATION, state_of(Path(settings.STATION)), settings.DATABASES["default"]["NAME"], first)
        wanted = place, self._mark()
        with self._lock:
            if self._future is None or self._asked is None or (wanted != self._asked and self._future.done()):
                self._asked, self._future = wanted, _WORKER.submit(self._run)
            asked, future = self._asked, self._future
        try:
            found: T | None = future.result(wait_s)
        except NotYet:
            found = None
        with self._lock:
            if found is not None:
                self._known = asked[0], found
            known = self._known[1] if self._known is not None and self._known[0] == place else None
        return Latest(known, working=found is None or asked != wanted)

    def forget(self) -> None:
        """Forget what was found: the database was emptied, and its trail may begin as the last one did."""
        with self._lock:
            self._asked = self._future = self._known = None

    def _run(self) -> T:
        try:
            return self._work()
        finally:
            connection.close()
