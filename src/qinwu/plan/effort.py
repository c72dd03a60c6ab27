"""Effort: how long a planner may look, with which seed, whom it tells of progress, and how it is stopped without loss."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a planner is: seconds spent and allowed, the best value so far (inf before the first) and the best bound (-inf)."""

    seconds: float
    allowed: float
    value: float
    bound: float


@dataclass(frozen=True)
class Effort:
    """What a planner may spend.

    Parameters
    ----------
    seconds
        Longest time to look, > 0. A planner that has proven its plan stops earlier.
    seed
        Of every draw, >= 0.
    on_progress
        Told whenever something better is found or proven.
    stop
        Set by whoever wants to stop (the command line on Ctrl-C, a web page): the planner returns the best it has.
    """

    seconds: float = 60.0
    seed: int = 1
    on_progress: Callable[[Progress], None] | None = None
    stop: Event = field(default_factory=Event)

    def begin(self) -> Running:
        """Return the clock of one run, started now."""
        return Running(self)


class Running:
    """The clock of one run: what is left of the effort, and the best value and bound so far."""

    def __init__(self, effort: Effort) -> None:
        self.effort = effort
        self.value = math.inf
        self.bound = -math.inf
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._started

    @property
    def left(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.effort.seconds - self.seconds)

    @property
    def interrupted(self) -> bool:
        """Whether somebody asked to stop."""
        return self.effort.stop.is_set()

    @property
    def over(self) -> bool:
        """Whether to stop looking: the time is up or somebody asked."""
        return self.interrupted or self.left <= 0.0

    def tell(self, value: float = math.inf, bound: float = -math.inf) -> None:
        """Say what has been found or proven; only what is better than before is passed on."""
        if value >= self.value and bound <= self.bound:
            return
        self.value, self.bound = min(value, self.value), max(bound, self.bound)
        if self.effort.on_progress is not None:
            self.effort.on_progress(Progress(self.seconds, self.effort.seconds, self.value, self.bound))
