"""Clock: the time on the board. The real one, unless a demonstration plays a day faster."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ENVIRONMENT = "QINWU_CLOCK"


@dataclass(frozen=True, slots=True)
class Pace:
    """A clock that showed `shown` at the real time `started` and runs `speed` times as fast."""

    started: datetime
    shown: datetime
    speed: float

    @classmethod
    def of(cls, words: str) -> Pace:
        """Return the clock that :meth:`words` wrote."""
        started, shown, speed = words.split("|")
        return cls(datetime.fromisoformat(started), datetime.fromisoformat(shown), float(speed))

    def words(self) -> str:
        """Return the clock as one word for the environment.

        >>> noon = datetime(2025, 3, 1, 12, tzinfo=UTC)
        >>> Pace.of(Pace(noon, noon, 60.0).words()).at(noon + timedelta(seconds=1)) - noon
        datetime.timedelta(seconds=60)
        """
        return f"{self.started.isoformat()}|{self.shown.isoformat()}|{self.speed}"

    def at(self, real: datetime) -> datetime:
        """Return what the clock shows at a real time."""
        return self.shown + timedelta(seconds=(real - self.started).total_seconds() * self.speed)


def now(ago_s: float = 0.0) -> datetime:
    """Return the time on the board, in UTC; that of `ago_s` real seconds ago."""
    real, words = datetime.now(UTC) - timedelta(seconds=ago_s), os.environ.get(ENVIRONMENT, "")
    return Pace.of(words).at(real) if words else real


def speed() -> float:
    """Return how many seconds the board's clock runs in a real one."""
    words = os.environ.get(ENVIRONMENT, "")
    return Pace.of(words).speed if words else 1.0


@contextmanager
def stopped_at(shown: datetime) -> Iterator[None]:
    """Let the board's clock show one time for a while, as good as standing still; for demonstrations and trials."""
    before = os.environ.get(ENVIRONMENT)
    os.environ[ENVIRONMENT] = Pace(datetime.now(UTC), shown, 1e-6).words()
    try:
        yield
    finally:
        if before is None:
            del os.environ[ENVIRONMENT]
        else:
            os.environ[ENVIRONMENT] = before
