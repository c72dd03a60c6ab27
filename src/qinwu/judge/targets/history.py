"""History: in which share of past periods a target would have been met, with the exact interval, by whom and how far (M66)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from qinwu.judge.targets.card import Indicator

FEWEST_PERIODS = 6
"""Fewer past periods than this say too little to call a target out of reach."""
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Met:
    """How often one owner, or all (empty owner), would have met a target.

    ``met`` of ``periods`` with a value; ``low`` and ``high`` bound the share (Clopper-Pearson, 95 %); ``best`` and ``middle`` are
    the best and the median value; None without any period. ``events`` is the mean number of rows behind a value.
    """

    indicator: str
    owner: str
    met: int
    periods: int
    low: float
    high: float
    best: float | None
    middle: float | None
    events: float

    @property
    def share(self) -> float | None:
        """The share of periods met; None without any."""
        return self.met / self.periods if self.periods else None

    @property
    def out_of_reach(self) -> bool:
        """Whether it was met in none of enough periods."""
        return self.periods >= FEWEST_PERIODS and self.met == 0


def history(indicator: Indicator, measured: pl.DataFrame) -> tuple[Met, ...]:
    """Return how often a target was met: by all owners together first, then by each.

    Parameters
    ----------
    indicator
        A minimum or a target.
    measured
        As :func:`qinwu.judge.targets.measuring.measure` gives it; rows of other indicators are left out.
    """
    mine = measured.filter((pl.col("indicator") == indicator.id) & pl.col("value").is_not_null())
    owners = measured.filter(pl.col("indicator") == indicator.id)["owner"].unique(maintain_order=True).to_list()
    return (_met(indicator, "", mine), *(_met(indicator, owner, mine.filter(pl.col("owner") == owner)) for owner in owners))


def met_by(indicator: Indicator, values: pl.Series) -> pl.Series:
    """Return for each value whether it meets what the indicator asks."""
    asked = indicator.asked
    if asked is None:
        return pl.Series([False] * len(values), dtype=pl.Boolean)
    return values >= asked if indicator.better == "more" else values <= asked


def _met(indicator: Indicator, owner: str, rows: pl.DataFrame) -> Met:
    values = rows["value"]
    met = int(met_by(indicator, values).sum())
    low, high = exact_interval(met, len(values))
    best = values.max() if indicator.better == "more" else values.min()
    middle, events = values.median(), rows["events"].mean()
    return Met(indicator.id, owner, met, len(values), low, high, _number(best), _number(middle), _number(events) or 0.0)


def exact_interval(hits: int, trials: int) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a share, 0 to 1 without any trial.

    >>> [round(one, 4) for one in exact_interval(0, 12)]
    [0.0, 0.2646]
    """
    if not trials:
        return 0.0, 1.0
    from scipy.stats import binomtest

    interval = binomtest(hits, trials).proportion_ci(LEVEL, "exact")
    return float(interval.low), float(interval.high)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def never_met(found: tuple[Met, ...]) -> Iterator[Met]:
    """Yield the owners who met a target in none of enough periods."""
    return (one for one in found if one.owner and one.out_of_reach)
