"""Guard report: every guard of a forecast of places, what it did and whether it passed; part of every result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qinwu.forecast.guards.origin import Origin
from qinwu.forecast.guards.reporting import Reporting
from qinwu.forecast.guards.urns import Urns

F64 = NDArray[np.float64]

FEWEST = 5
"""Events below which nothing is told about a place."""
LEAST_OF_NEED = 1.0 / 3.0
"""Share of its need that a part must get of patrol."""
MATTERS = 0.05
"""Share of need from which a part is looked at."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """Patrol that goes to places drawn by lot: how many, their share, and the floor it must reach."""

    places: int
    share: float
    floor: float

    @property
    def passed(self) -> bool:
        """Whether the floor is reached."""
        return self.share >= self.floor - 1e-9


@dataclass(frozen=True, slots=True)
class Cap:
    """The largest share of patrol that one place gets, and the cap it must not pass."""

    largest: float
    cap: float

    @property
    def passed(self) -> bool:
        """Whether no place is above the cap."""
        return self.largest <= self.cap + 1e-9


@dataclass(frozen=True, slots=True)
class Need:
    """Share of reports and share of patrol of every part of the area, and how many reports each is told from."""

    parts: tuple[str, ...]
    need: F64
    patrol: F64
    events: F64

    @property
    def short(self) -> tuple[str, ...]:
        """Parts that need patrol and get less than a third of their share."""
        return tuple(
            part
            for part, need, patrol in zip(self.parts, self.need.tolist(), self.patrol.tolist(), strict=True)
            if need >= MATTERS and patrol < LEAST_OF_NEED * need
        )

    @property
    def passed(self) -> bool:
        """Whether no part is short."""
        return not self.short


@dataclass(frozen=True, slots=True)
class Small:
    """Places about which nothing is told, because fewer than `fewest` events are known of them."""

    hidden: int
    fewest: int = FEWEST

    @property
    def passed(self) -> bool:
        """Nothing about few events is told."""
        return self.fewest >= FEWEST


@dataclass(frozen=True, slots=True)
class Expiry:
    """First and last day of the list."""

    valid_from: date
    valid_to: date

    @property
    def passed(self) -> bool:
        """Whether the list ends."""
        return self.valid_to >= self.valid_from


@dataclass(frozen=True, slots=True)
class GuardReport:
    """Every guard of one forecast."""

    origin: Origin
    exploration: Exploration
    cap: Cap
    urns: Urns
    reporting: Reporting
    need: Need
    small: Small
    expiry: Expiry

    def passed(self) -> dict[str, bool]:
        """Return whether each guard passed, by name."""
        return {name: bool(getattr(self, name).passed) for name in GUARDS}


GUARDS = ("origin", "exploration", "cap", "urns", "reporting", "need", "small", "expiry")
"""Names of the guards, in order."""


def need_beside_patrol(parts: Sequence[str], events: F64, patrol: F64) -> Need:
    """Return need and patrol by part.

    Parameters
    ----------
    parts
        (P,) the part of each place.
    events, patrol
        (P,) reports of the last year and share of patrol.
    """
    names = tuple(dict.fromkeys(parts))
    at = {name: number for number, name in enumerate(names)}
    where = np.array([at[part] for part in parts])
    count = np.bincount(where, events, minlength=len(names)).astype(np.float64)
    given = np.bincount(where, patrol, minlength=len(names)).astype(np.float64)
    return Need(names, count / max(float(count.sum()), 1e-12), given, count)
