"""Counts: the cache in which django-ratelimit counts, shared by all processes of the board.

A small file of its own beside the database, which nobody waits for: nothing of it is written through to the disk, and a count that
a power cut takes away is no loss. Where the file cannot be written (a full disk), each process counts for itself.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

FILE = "limits.sqlite3"
BUSY_S = 2.0
FOR_SO_LONG_S = 300.0
"""How long a count is kept where nobody says."""
TABLE = "CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends REAL NOT NULL) WITHOUT ROWID"
ADD = (
    "INSERT INTO counts VALUES (?, ?, ?) "
    "ON CONFLICT (key) DO UPDATE SET count = excluded.count, ends = excluded.ends WHERE counts.ends <= ? RETURNING count"
)
ONE_MORE = "UPDATE counts SET count = count + ? WHERE key = ? AND ends > ? RETURNING count"


class SharedCounts(LocMemCache):
    """What django-ratelimit asks of a cache, ``add`` and ``incr``, each in one step whoever else counts."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self._file = Path(name) / FILE

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Begin a count, and return whether there was none yet."""
        now = time.time()
        try:
            row = self._ask(ADD, (self._name(key, version), value, now + self._seconds(timeout), now))
        except sqlite3.Error:
            return bool(super().add(key, value, timeout, version))
        if row is not None:
            self._forget(now)
        return row is not None

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count on, and return how many there are.

        Raises
        ------
        ValueError
            There is no such count, or its time is over.
        """
        try:
            row = self._ask(ONE_MORE, (delta, self._name(key, version), time.time()))
        except sqlite3.Error:
            super().add(key, 0, version=version)  # it began in the file, which can be read but not written any more
            return int(super().incr(key, delta, version))
        if row is None:
            raise ValueError(key)
        return int(row[0])

    def clear(self) -> None:
        """Begin everything anew."""
        super().clear()
        self._ask("DELETE FROM counts", ())

    def _forget(self, now: float) -> None:
        self._ask("DELETE FROM counts WHERE ends <= ?", (now,))

    def _name(self, key: Any, version: int | None) -> str:
        return str(self.make_and_validate_key(key, version=version))

    def _seconds(self, timeout: Any) -> float:
        return FOR_SO_LONG_S if timeout is DEFAULT_TIMEOUT or timeout is None else float(timeout)

    def _ask(self, words: str, values: tuple[Any, ...]) -> Any:
        """Ask the file, through a connection that the thread keeps: Django makes a cache anew for each request."""
        if getattr(_THREAD, "path", None) != self._file:
            _THREAD.file, _THREAD.path = _opened(self._file), self._file
        rows = _THREAD.file.execute(words, values).fetchall()
        return rows[0] if rows else None


_THREAD = threading.local()


def _opened(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = OFF")
    file.execute(TABLE)
    return file
