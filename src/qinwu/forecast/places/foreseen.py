"""Foreseen places: the list, what it rests on, and its guard report, without which it cannot be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.findings import Finding
from qinwu.forecast.guards.guard_report import GuardReport
from qinwu.forecast.places.backtest import BackTest
from qinwu.forecast.places.events import Events
from qinwu.forecast.places.ground import Ground

F64 = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """Places foreseen.

    Parameters
    ----------
    ground
        All places.
    events
        What taught.
    table
        The list, with the columns of :data:`qinwu.forecast.places.listed.SCHEMA`.
    whole
        The same for whole days, whatever the list tells apart.
    expected
        (P,) events expected in every place in the days of the list.
    weights
        What each member of the portfolio weighs in the chosen places: its share of the events expected there; together 1.
    test
        How good the methods were in past windows.
    guards
        What every guard did.
    parts
        (P,) the part of the area each place belongs to.
    findings
        What a reader should know.
    """

    ground: Ground
    events: Events
    table: pl.DataFrame
    whole: pl.DataFrame
    expected: F64
    weights: Mapping[str, float]
    test: BackTest
    guards: GuardReport
    parts: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.guards, GuardReport):
            raise TypeError("places are not foreseen without a guard report")

    @property
    def days(self) -> int:
        """How many days the list is for."""
        return (self.guards.expiry.valid_to - self.guards.expiry.valid_from).days + 1
