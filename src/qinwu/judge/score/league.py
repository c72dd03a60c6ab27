"""League: units of a level beside each other on one indicator, as certain as their counts are; nobody gets points for it (M38)."""

from __future__ import annotations

from dataclasses import dataclass

from qinwu.judge.score.funnel import Funnel, funnel
from qinwu.judge.score.numbers import Numbers
from qinwu.judge.score.ranks import Ranked, rank_intervals
from qinwu.judge.score.shrinkage import Shrunk, shrunk
from qinwu.judge.targets.card import Level

LEVELS: tuple[Level, ...] = ("beat", "sector", "squad", "station")
"""Officers are not ranked: a beat's number is the beat's."""

FEWEST = 3
"""With fewer units there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class League:
    """Units beside each other.

    Parameters
    ----------
    indicator, level, period
        On what, who, when.
    scale
        From shares and rates to the unit of the indicator.
    drawn
        The funnel.
    ranks
        Places that chance leaves open, best value first.
    shrunk
        Every unit drawn to what all have in common, in the order of the funnel.
    dispersion
        How much more than chance counts scatter from period to period.
    """

    indicator: str
    level: Level
    period: str
    scale: float
    drawn: Funnel
    ranks: tuple[Ranked, ...]
    shrunk: tuple[Shrunk, ...]
    dispersion: float

    @property
    def sure(self) -> int:
        """How many units have one place only."""
        return sum(one.width == 1 for one in self.ranks)

    @property
    def ranked(self) -> tuple[Ranked, ...]:
        """Units with a rank."""
        return tuple(one for one in self.ranks if one.best is not None)


def leagues(numbers: Numbers, period: str, seed: int = 1) -> tuple[League, ...]:
    """Return a league for every count of the score card, by beat and at the levels of its sheets; never of officers."""
    lines = [line for line in numbers.rules.line if line.indicator]
    named = dict.fromkeys((line.indicator, level) for line in lines for level in ("beat", *line.levels))
    made = (league(numbers, indicator, level, period, seed) for indicator, level in named if level in LEVELS)
    return tuple(one for one in made if one is not None)


def league(numbers: Numbers, indicator: str, level: Level, period: str, seed: int = 1) -> League | None:
    """Return the units of a level beside each other; None where there are too few, or they are no counts.

    Parameters
    ----------
    numbers
        The indicators.
    indicator, level, period
        On what, who, when.
    seed
        Of the draws behind the critical value of the ranks.
    """
    counts = numbers.tally(indicator, level, period)
    if counts is None or len(counts.names) < FEWEST:
        return None
    one = numbers.indicator(indicator, level)
    dispersion = numbers.dispersion(indicator, level)
    ranks = rank_intervals(counts, high_is_good=one.better == "more", dispersion=dispersion, seed=seed)
    return League(indicator, level, period, one.scale, funnel(counts), ranks, shrunk(counts), dispersion)
