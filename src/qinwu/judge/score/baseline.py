"""Baseline: a number beside the same period of several earlier years, not beside the last one alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from qinwu.judge.claims.implied import Span
from qinwu.judge.claims.rates import Rate, rate_ratio
from qinwu.judge.score.numbers import Numbers, chance_of
from qinwu.judge.score.survey import wilson
from qinwu.judge.score.tally import Chance
from qinwu.judge.targets.card import Level

YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Baseline:
    """A number beside earlier years.

    Parameters
    ----------
    owner, chance
        Whose, and how chance enters it.
    now
        This period.
    years
        The same period of earlier years, oldest first, one or more.
    change
        Against all earlier years together: how many times (rate), or the difference of shares (share), with its 95 % interval.
    last
        The last year against those before it, likewise; None with one earlier year.
    returned
        What of the change against the last year a mere return to those before it would have brought: times, or difference; None
        where the last year was nothing unusual.
    """

    owner: str
    chance: Chance
    now: Rate
    years: tuple[Rate, ...]
    change: Span
    last: Span | None
    returned: float | None

    @property
    def shown(self) -> bool:
        """Whether the change against all earlier years is more than chance."""
        return not within(self.change, self.chance)


def baselines(numbers: Numbers, indicator: str, level: Level, period: str) -> tuple[Baseline, ...]:
    """Return every owner's number beside earlier years; owners without an earlier year, or without counts, are left out."""
    names = same_season(numbers.table(indicator, level)["period"].unique().to_list(), period)
    owners = numbers.table(indicator, level).filter(pl.col("period") == period)["owner"].to_list()
    chance = chance_of(numbers.indicator(indicator, level))
    found = []
    for owner in owners:
        now = numbers.rate(indicator, level, owner, period)
        years = [rate for name in names if (rate := numbers.rate(indicator, level, owner, name)) is not None]
        if now is not None and years and chance is not None:
            found.append(beside(owner, now, years, chance))
    return tuple(found)


def same_season(names: Sequence[str], period: str) -> list[str]:
    """Return the periods of earlier years that have the same place in the year, oldest first.

    >>> same_season(["2023-03", "2024-03", "2024-04", "2025-03"], "2025-03"), same_season(["campaign"], "2025-03")
    (['2023-03', '2024-03'], [])
    """
    year, season = period[:YEAR_DIGITS], period[YEAR_DIGITS:]
    alike = (name for name in names if name[YEAR_DIGITS:] == season and name[:YEAR_DIGITS].isdigit())
    return sorted(name for name in alike if name[:YEAR_DIGITS] < year)


def beside(owner: str, now: Rate, years: Sequence[Rate], chance: Chance) -> Baseline:
    """Return a number beside earlier years, oldest first.

    A year chosen because it stood out is followed by one that stands out less, whatever is done: where the last year differs from
    those before it by more than chance, the return to them is told.

    Examples
    --------
    Forty cases after a year of 90 that followed years of 50: no change against all years is shown, and the fall is a return.

    >>> cases = [Rate(number, 1.0, str(year), "calls") for year, number in ((2022, 50), (2023, 52), (2024, 90), (2025, 52))]
    >>> found = beside("B01", cases[-1], cases[:-1], "rate")
    >>> found.shown, round(found.returned, 2)
    (False, 0.57)
    """
    change = compared(now, pooled(years), chance)
    last = compared(years[-1], pooled(years[:-1]), chance) if len(years) > 1 else None
    returned = None
    if last is not None and not within(last, chance):
        usual, peak = pooled(years[:-1]), years[-1]
        returned = _value(usual) / _value(peak) if chance == "rate" and peak.numerator else _value(usual) - _value(peak)
    return Baseline(owner, chance, now, tuple(years), change, last, returned)


def pooled(years: Sequence[Rate]) -> Rate:
    """Return several years as one rate."""
    numerator, denominator = sum(one.numerator for one in years), sum(one.denominator for one in years)
    return replace(years[0], numerator=numerator, denominator=denominator, period=f"{years[0].period}–{years[-1].period}")


def compared(one: Rate, other: Rate, chance: Chance) -> Span:
    """Return how many times a rate another is (exact), or by how much a share exceeds another.

    The interval of a difference of shares is that of Newcombe (Statistics in Medicine 17 (1998) 873-890, method 10).
    """
    if chance == "rate":
        return rate_ratio(one, other)
    first, second = _value(one), _value(other)
    low, high = wilson(first, one.denominator), wilson(second, other.denominator)
    below = math.hypot(first - low[0], high[1] - second)
    above = math.hypot(low[1] - first, second - high[0])
    return Span(first - second, first - second - below, first - second + above)


def within(change: Span, chance: Chance) -> bool:
    """Return whether a change may be none."""
    return change.low <= (1.0 if chance == "rate" else 0.0) <= change.high


def _value(rate: Rate) -> float:
    return rate.numerator / rate.denominator
