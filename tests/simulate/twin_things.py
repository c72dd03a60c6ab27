"""The crews and calls of the twin, and its few numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import inf, log, nan

from qinwu.simulate import arrays

HOUR = 3600.0
MASK = 2**64 - 1
FLAGS = {
    "delayed": arrays.DELAYED, "preempted": arrays.PREEMPTED, "carried": arrays.CARRIED, "under_strength": arrays.UNDER_STRENGTH,
    "forgone": arrays.FORGONE, "borrowed": arrays.BORROWED,
}  # fmt: skip


def hour_of(t: float) -> int:
    """Return the hour of the week."""
    return int(t // HOUR) % 168


def hashed(a: int, b: int) -> int:
    """Return splitmix64 of a sum of two multiples, without its last bit."""
    x = (a * 0x9E3779B97F4A7C15 + b * 0xD1B54A32D192ED03) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return (x ^ (x >> 31)) >> 1


def refusals(key: int, tier: int, chance: float) -> int:
    """Return how many requests are refused before one is granted, each with `chance`."""
    if chance == 0:
        return 0
    return int(log((hashed(key, 7919 + tier) + 0.5) / 2**63) / log(chance))


def by_hour(into: dict[int, float], start: float, end: float) -> None:
    """Add a stretch of time to the hours of the week it covers."""
    while start < end:
        stop = min((start // HOUR + 1) * HOUR, end)
        into[hour_of(start)] += stop - start
        start = stop


def sums() -> dict[str, float]:
    """Return totals that start at nothing."""
    return defaultdict(float)


def hours() -> dict[int, float]:
    """Return totals by hour of the week that start at nothing."""
    return defaultdict(float)


@dataclass(eq=False)
class Crew:
    """A crew: ``state`` is off, free, block or busy; ``due`` is when its block or its call ends."""

    number: int
    people: int
    sworn: int
    skills: int
    state: str = "off"
    call: Call | None = None
    slot: int = 0
    leaving: bool = False
    duty_end: float = 0.0
    since: float = 0.0
    due: float = inf
    origin: int = 0
    arrive: float = 0.0
    scene_end: float = inf
    place: int = 0
    back_at: float = 0.0
    owed_follow_up: float = 0.0
    owed_flexible: float = 0.0
    flexible_from: float = 0.0
    block_rest: float = 0.0
    block_yields: int = 0
    block_away: bool = False
    came: float = 0.0
    present_s: float = 0.0
    did: dict[str, float] = field(default_factory=sums)
    patrol: dict[int, float] = field(default_factory=hours)


@dataclass(eq=False)
class Call:
    """A call: ``here`` are the crews committed to it now by slot, ``helped`` those that came and were not withdrawn."""

    number: int
    ready: float
    kind: int
    priority: int
    atom: int
    key: int
    found: bool
    follow_up: float
    people: int = 0
    sworn: int = 0
    state: str = "coming"
    here: dict[int, Crew] = field(default_factory=dict)
    helped: list[Crew] = field(default_factory=list)
    alarm: float = inf
    rest: float = 0.0
    dispatched: float = nan
    arrived: float = nan
    full: float = nan
    cleared: float = nan
    officer_s: float = 0.0
    crew: int = -1
    tier: int = -1
    support_tier: int = -1
    marks: set[str] = field(default_factory=set)

    def lacks_people(self, also: list[Crew]) -> bool:
        """Return whether heads are missing, were the crews `also` sent."""
        return sum(crew.people for crew in self.helped + also) < self.people

    def lacks_sworn(self, also: list[Crew]) -> bool:
        """Return whether sworn officers are missing, were the crews `also` sent."""
        return sum(crew.sworn for crew in self.helped + also) < self.sworn

    def lacks(self, also: list[Crew]) -> bool:
        """Return whether anybody is missing, were the crews `also` sent; a call nobody is with needs somebody."""
        return not (self.here or also) or self.lacks_people(also) or self.lacks_sworn(also)

    def first_there(self) -> float:
        """Return when the first of the crews committed now arrives."""
        return min((crew.arrive for crew in self.here.values()), default=inf)

    @property
    def flags(self) -> int:
        """The marks as the kernel writes them."""
        return sum(FLAGS[mark] for mark in self.marks)
