"""Losers: the places and hours that a reform makes worse, beside those it helps and those where no difference is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qinwu.simulate.outcome import Comparison, Difference

By = Literal["place", "day_hour"]
LEVEL_OF_ALL = 0.05


@dataclass(frozen=True, slots=True)
class Affected:
    """What a reform does to one place, or to one hour of the day.

    Parameters
    ----------
    by, group
        ``place`` and its id, or ``day_hour`` and the hour 0-23.
    calls
        Residents' calls there in a run, mean over runs before.
    calls_per_week
        Residents' calls there before.
    response
        Mean response in seconds, before, after and their paired difference.
    within
        Share of calls reached within the promise, likewise.
    """

    by: By
    group: str
    calls: float
    calls_per_week: float
    response: Difference
    within: Difference

    @property
    def verdict(self) -> str:
        """``worse``, ``better``, or ``no_difference_shown`` where the interval of the response holds zero."""
        return self.response.verdict

    @property
    def waiting_h(self) -> float:
        """Hours a week that residents there wait longer (negative: shorter)."""
        return self.response.change.mean * self.calls_per_week / 3600.0


def affected(comparison: Comparison, system: str, by: By) -> tuple[Affected, ...]:
    """Return every place, or every hour of the day, those that lose most first.

    Parameters
    ----------
    comparison
        Before, then after, tried with places.
    system
        The system after the reform.
    by
        ``place`` or ``day_hour``.
    """
    groups = comparison.current.groups("calls_per_week", by)
    found = [_affected(comparison, system, by, group, calls.mean) for group, calls in groups.items() if calls.mean > 0.0]
    return tuple(sorted(found, key=lambda one: -one.waiting_h))


def _affected(comparison: Comparison, system: str, by: By, group: str, calls: float) -> Affected:
    response = comparison.difference(system, "response_s", by, group)
    within = comparison.difference(system, "within_limit", by, group, "share")
    return Affected(by, group, calls * comparison.weeks, calls, response, within)


def losing(some: tuple[Affected, ...]) -> tuple[Affected, ...]:
    """Return those that are shown to wait longer."""
    return tuple(one for one in some if one.verdict == "worse")


def by_chance(some: tuple[Affected, ...]) -> float:
    """Return how many would be shown worse by chance alone, were nothing different: half the level of each 95 % interval."""
    return len(some) * LEVEL_OF_ALL / 2.0
