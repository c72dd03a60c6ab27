"""Numbers for score sheets: an indicator measured at the level and period of a sheet, as counts where it is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from qinwu.judge.claims.rates import Rate
from qinwu.judge.score.document import ScoreCard
from qinwu.judge.score.ranks import dispersion_of
from qinwu.judge.score.tally import Chance, Tally
from qinwu.judge.targets.card import Indicator, Level
from qinwu.judge.targets.control import controls
from qinwu.judge.targets.measuring import SCHEMA, Ledger
from qinwu.judge.targets.periods import Period

FEWEST_PERIODS = 4
"""From so many periods on it is measured how counts scatter from one to the next."""


def chance_of(indicator: Indicator) -> Chance | None:
    """Return how chance enters an indicator; None where it is no count of events out of something.

    Hours, medians, and plain totals of units that differ in size have no common law: they get no funnel, no ranks, no shrinkage.
    """
    if indicator.formula.form == "share":
        return "share"
    return "rate" if indicator.formula.form == "count" and indicator.formula.per == "thousand_residents" else None


@dataclass
class Numbers:
    """Indicators measured for the sheets of a score card; each once for each level.

    Parameters
    ----------
    ledger
        The card over the station's tables.
    rules
        Whose levels and period they are measured at.
    """

    ledger: Ledger
    rules: ScoreCard
    _tables: dict[tuple[str, Level], pl.DataFrame] = field(default_factory=dict)

    def indicator(self, name: str, level: Level) -> Indicator:
        """Return an indicator of the card as it is measured for the sheets of a level."""
        one = self.ledger.card.of(name)
        owners = one.owners if one.level == level else ()
        return one.model_copy(update={"level": level, "period": self.rules.period, "owners": owners})

    def table(self, name: str, level: Level) -> pl.DataFrame:
        """Return an indicator for every owner of a level and every period, with the columns of a measured card."""
        if (name, level) not in self._tables:
            one = self.indicator(name, level)
            there = self.ledger.recorded(one)
            self._tables[name, level] = self.ledger.measured(one) if there else pl.DataFrame(schema=SCHEMA)
        return self._tables[name, level]

    def row(self, name: str, level: Level, owner: str, period: str) -> Mapping[str, float] | None:
        """Return the row of one owner and period; None where there is none or it divides by zero."""
        rows = self.table(name, level).filter((pl.col("owner") == owner) & (pl.col("period") == period))
        found = next(iter(rows.iter_rows(named=True)), None)
        return found if found is not None and found["value"] is not None else None

    def periods(self) -> tuple[Period, ...]:
        """Return the periods that the record covers for any line, in order."""
        found = {
            period.name: period
            for line in self.rules.line
            if line.indicator
            for period in self.ledger.periods(self.indicator(line.indicator, line.levels[0]))
        }
        return tuple(sorted(found.values(), key=lambda one: one.first))

    def tally(self, name: str, level: Level, period: str) -> Tally | None:
        """Return an indicator of all units of a level as counts; None where it is none, or no unit has any exposure."""
        chance = chance_of(self.indicator(name, level))
        rows = self.table(name, level).filter((pl.col("period") == period) & (pl.col("denominator") > 0.0))
        if chance is None or rows.is_empty():
            return None
        return Tally(tuple(rows["owner"].to_list()), rows["numerator"].to_numpy(), rows["denominator"].to_numpy(), chance)

    def dispersion(self, name: str, level: Level) -> float:
        """Return how much more than chance counts of a rate scatter from period to period; 1 for shares and short records."""
        if chance_of(self.indicator(name, level)) != "rate":
            return 1.0
        wide = self.table(name, level).pivot("period", index="owner", values="numerator").drop("owner").to_numpy()
        return dispersion_of(np.asarray(wide, dtype=np.float64)) if min(wide.shape) >= FEWEST_PERIODS else 1.0

    def beyond(self, name: str, level: Level) -> tuple[str, ...]:
        """Return squads and units that move an indicator and that owners at this level cannot order (M62)."""
        found = controls(self.indicator(name, level), self.ledger)
        return tuple(dict.fromkeys(one for control in found for one in control.beyond))

    def rule(self, name: str, language: str = "zh") -> str:
        """Return by which rule an indicator counts: its own words, or its formula."""
        return self.ledger.card.of(name).rule(language)

    def rate(self, name: str, level: Level, owner: str, period: str) -> Rate | None:
        """Return a rate with everything that it must be told with (M14); None where the indicator is no count."""
        row = self.row(name, level, owner, period)
        one = self.indicator(name, level)
        if row is None or chance_of(one) is None:
            return None
        return Rate(int(row["numerator"]), row["denominator"], period, self.rule(name), one.scale)
