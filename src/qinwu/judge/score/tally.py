"""Tally: what several units did on one indicator in one period, as counts: events out of an exposure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, Place, raise_on_errors
from qinwu.language import N_

F64: TypeAlias = NDArray[np.float64]
Chance = Literal["share", "rate"]
"""How chance enters: a share of cases is binomial, a rate of events is Poisson."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of several units.

    Parameters
    ----------
    names
        The units, one or more.
    events
        Whole numbers, >= 0, one for each unit.
    exposure
        What they are counted against, > 0: cases (whole numbers, >= events) for a share; people, hours, households for a rate.
    chance
        ``share`` or ``rate``.

    Raises
    ------
    QinwuError
        With every count that cannot be.
    """

    names: tuple[str, ...]
    events: F64
    exposure: F64
    chance: Chance

    def __post_init__(self) -> None:
        raise_on_errors(_findings(self))

    @property
    def values(self) -> F64:
        """Share or rate of each unit."""
        return np.asarray(self.events / self.exposure, dtype=np.float64)

    @property
    def overall(self) -> float:
        """Share or rate of all together."""
        return float(self.events.sum() / self.exposure.sum())


def tally(rows: Sequence[tuple[str, float, float]], chance: Chance) -> Tally:
    """Return the tally of (unit, events, exposure) rows.

    >>> tally([("B01", 45, 60), ("B02", 30, 60)], "share").overall
    0.625
    """
    names = tuple(name for name, _, _ in rows)
    events, exposure = (np.array([row[at] for row in rows], dtype=np.float64) for at in (1, 2))
    return Tally(names, events, exposure, chance)


def _findings(found: Tally) -> Iterator[Finding]:
    if not found.names or not len(found.names) == found.events.size == found.exposure.size:
        message, remedy = N_("There is no unit, or not one count for each."), N_("Give one count and one exposure for each unit.")
        yield Finding("tally-without-units", "error", message, remedy)
        return
    for name, events, exposure in zip(found.names, found.events.tolist(), found.exposure.tolist(), strict=True):
        values = {"unit": name, "value": f"{events:g}", "exposure": f"{exposure:g}"}
        whole = events == np.floor(events) and (found.chance == "rate" or exposure == np.floor(exposure))
        if not (events >= 0.0 and whole and np.isfinite(events)):
            message, remedy = N_("{unit}: {value} of {exposure} is no count."), N_("Counts are whole numbers from 0 on.")
            yield Finding("no-count", "error", message, remedy, Place(key=name), values)
        elif not (exposure > 0.0 and np.isfinite(exposure)):
            message = N_("{unit}: {value} is counted against {exposure}.")
            yield Finding("no-exposure", "error", message, N_("Leave out units without any."), Place(key=name), values)
        elif found.chance == "share" and events > exposure:
            message, remedy = N_("{unit}: {value} of {exposure} is more than all."), N_("Compare numerator and denominator.")
            yield Finding("more-than-all", "error", message, remedy, Place(key=name), values)
