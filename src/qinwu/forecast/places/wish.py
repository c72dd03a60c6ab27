"""Wish: what is asked of a forecast of places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from qinwu.forecast.places.allocating import Sharing
from qinwu.forecast.places.backtest import WINDOWS

DAYS = 30
AS_USUAL = Sharing()


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Parameters
    ----------
    start
        First day foreseen; the day after the record where None.
    days
        Days foreseen; the list is valid as long.
    sharing
        How patrol is shared.
    by_part
        Whether the list tells six hours of the day apart.
    windows
        Past windows that are tested at most.
    seed
        Of every draw.
    """

    start: date | None = None
    days: int = DAYS
    sharing: Sharing = AS_USUAL
    by_part: bool = True
    windows: int = WINDOWS
    seed: int = 1

    def fitting(self, places: int) -> Wish:
        """Return the wish with as many places as a small ground can give, where the usual was asked for."""
        if self.sharing != AS_USUAL:
            return self
        chosen = max(min(AS_USUAL.chosen, places // 5), 1)
        explored = max(min(AS_USUAL.explored, chosen // 4), 1)
        cap = max(AS_USUAL.cap, min(2.0 / (chosen + explored), 1.0))
        return replace(self, sharing=Sharing(chosen, explored, AS_USUAL.floor, cap))


USUAL = Wish()
