"""Foreseen places: the list, what it rests on, and its guard report, without which it cannot be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from qinwu.findings import Finding
from qinwu.forecast.guards.guard_report import GuardReport
from qinwu.forecast.places.backtest import BackTest
from qinwu.forecast.places.events import Events
from qinwu.forecast.places.ground import Ground


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
    weights: Mapping[str, float]
    test: BackTest
    guards: GuardReport
    parts: tuple[str, ...]
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.guards, GuardReport):
            raise TypeError("places are not foreseen without a guard report")

    @property
    def hot(self) -> pl.DataFrame:
        """A row for each hot place, the most expected first: place, atom, expected, share."""
        rows = self.table.filter(~pl.col("explore"))
        sums = rows.group_by("place", "atom", maintain_order=True).agg(pl.col("expected").sum(), pl.col("share").sum())
        return sums.sort("expected", descending=True, maintain_order=True)
