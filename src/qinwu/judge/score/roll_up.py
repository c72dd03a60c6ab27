"""Roll-up: the result of a station taken apart into its beats, exactly, and put together again (M61)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from qinwu.findings import Finding, QinwuError
from qinwu.judge.score.numbers import Numbers
from qinwu.judge.targets.card import Level
from qinwu.language import N_

ADDITIVE = ("share", "count", "sum", "mean")
"""Numbers that are a sum over rows, or the quotient of two; a median of medians is nobody's median."""

TINY = 1e-6


class Part(NamedTuple):
    """What one beat brings to the whole.

    Parameters
    ----------
    owner
        The beat; empty for what belongs to none.
    numerator, denominator
        Its own counts.
    value
        Its own number, None without a denominator.
    adds
        What it brings to the number of the whole: scale × numerator / denominator of the whole.
    share
        Its share of the whole's numerator, 0 where that is 0.
    """

    owner: str
    numerator: float
    denominator: float
    value: float | None
    adds: float
    share: float


@dataclass(frozen=True, slots=True)
class RollUp:
    """The number of a whole and the parts it is the sum of; ``parts`` ends with what belongs to nobody where there is such.

    ``by_rows`` says whether the denominator counts the rows looked at (shares, means), and not time or residents.
    """

    indicator: str
    level: Level
    whole: str
    period: str
    numerator: float
    denominator: float
    value: float
    parts: tuple[Part, ...]
    by_rows: bool

    @property
    def beyond(self) -> Part | None:
        """What belongs to no part."""
        return next((part for part in self.parts if not part.owner), None)


def roll_up(
    numbers: Numbers, indicator: str, whole: str, owners: Sequence[str], period: str, level: Level = "beat"
) -> RollUp | None:
    """Return a station's number taken apart into its beats (or squads, sectors, officers); None where it cannot be taken apart.

    Parameters
    ----------
    numbers
        The indicators.
    indicator, whole, period
        Which, of which station, when.
    owners, level
        Its parts.

    Raises
    ------
    QinwuError
        Where the parts are more than the whole: rows are counted twice.
    """
    one = numbers.indicator(indicator, "station")
    row = numbers.row(indicator, "station", whole, period)
    if one.formula.form not in ADDITIVE or row is None:
        return None
    parts = numbers.table(indicator, level).filter(pl.col("owner").is_in(list(owners)) & (pl.col("period") == period))
    counts = list(parts.select("owner", "numerator", "denominator", "value").iter_rows())
    by_rows = one.formula.form in ("share", "mean")
    left = row["numerator"] - sum(each[1] for each in counts)
    below = row["denominator"] - sum(each[2] for each in counts) if by_rows else row["denominator"]
    if left < -TINY or (by_rows and below < -TINY):
        message = N_("{indicator} {period}: the parts add up to more than {whole} has.")
        remedy = N_("A row belongs to two of them; let every atom be in one beat.")
        values = {"indicator": indicator, "period": period, "whole": whole}
        raise QinwuError([Finding("parts-above-whole", "error", message, remedy, values=values)])
    if left > TINY or (by_rows and below > TINY):
        counts.append(("", left, below, one.scale * left / below if below > TINY else None))
    made = [
        Part(owner, top, bottom, value, one.scale * top / row["denominator"], top / row["numerator"] if row["numerator"] else 0.0)
        for owner, top, bottom, value in counts
    ]
    return RollUp(indicator, level, whole, period, row["numerator"], row["denominator"], row["value"], tuple(made), by_rows)
