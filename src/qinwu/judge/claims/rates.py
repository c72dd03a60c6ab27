"""Rates: a number of cases means something only with what they are a part of, for which period, and by which rule of recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.claims.implied import Span
from qinwu.language import N_

PER = 100_000.0
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate that may be shown.

    Parameters
    ----------
    numerator
        Cases, >= 0.
    denominator
        What they are counted against: residents, cases filed, hours; > 0.
    period
        When, such as ``2009``.
    recording_rule
        By which rule a case is counted, and which boundary the place has.
    per
        The rate is told for so many of the denominator, > 0.

    Raises
    ------
    QinwuError
        With everything that is missing. No rate is told without all four.
    """

    numerator: int
    denominator: float
    period: str
    recording_rule: str
    per: float = PER

    def __post_init__(self) -> None:
        found = list(missing(self.numerator, self.denominator, self.period, self.recording_rule))
        if found:
            raise QinwuError(found)

    @property
    def value(self) -> float:
        """The rate."""
        return self.numerator / self.denominator * self.per

    @property
    def span(self) -> Span:
        """The rate with its exact 95 % Poisson interval."""
        low, high = poisson_interval(self.numerator)
        return Span(self.value, low / self.denominator * self.per, high / self.denominator * self.per)


def missing(numerator: int | None, denominator: float | None, period: str, recording_rule: str) -> Iterator[Finding]:
    """Yield what stands in the way of a rate."""
    remedy = N_("Without it no rate may be shown; show the number alone.")
    wanted = (
        ("numerator", numerator is not None and numerator >= 0, N_("The number of cases is not given.")),
        ("denominator", denominator is not None and denominator > 0, N_("What the cases are a part of is not given.")),
        ("period", bool(period.strip()), N_("The period is not given.")),
        ("recording_rule", bool(recording_rule.strip()), N_("The rule by which cases are counted is not given.")),
    )
    for key, there, message in wanted:
        if not there:
            yield Finding(f"rate-without-{key.replace('_', '-')}", "error", message, remedy, Place(key=key))


def poisson_interval(count: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval for the mean of a Poisson count (Garwood 1936).

    Parameters
    ----------
    count
        Cases seen, >= 0.
    level
        Coverage, (0, 1).

    Examples
    --------
    >>> [round(bound, 3) for bound in poisson_interval(59)], [round(bound, 3) for bound in poisson_interval(0)]
    ([44.914, 76.106], [0.0, 3.689])
    """
    from scipy.special import gammaincinv

    tail = (1.0 - level) / 2.0
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1.0 - tail))


def rate_ratio(one: Rate, other: Rate, level: float = LEVEL) -> Span:
    """Return how many times the rate of `one` that of `other` is, with its exact interval.

    Given both counts together, one of them is binomial (Przyborowski & Wilenski 1940); the bounds are those of Clopper and Pearson.

    >>> ratio = rate_ratio(Rate(59, 1.0, "2009", "homicide"), Rate(159, 1.0, "2004", "homicide"))
    >>> [round(number, 3) for number in ratio]
    [0.371, 0.27, 0.503]
    """
    from scipy.special import betaincinv

    tail, mine, theirs = (1.0 - level) / 2.0, one.numerator, other.numerator
    low = float(betaincinv(mine, theirs + 1, tail)) if mine else 0.0
    high = float(betaincinv(mine + 1, theirs, 1.0 - tail)) if theirs else 1.0
    scale = other.denominator / one.denominator
    odds = [share / (1.0 - share) if share < 1.0 else float("inf") for share in (low, high)]
    value = mine / theirs * scale if theirs else float("inf")
    return Span(value, odds[0] * scale, odds[1] * scale)


class Ranked(NamedTuple):
    """A place of a league table: its rank by the rate alone, and the best and worst rank that chance leaves open."""

    name: str
    rate: Rate
    rank: int
    best: int
    worst: int


def ranked(rates: Sequence[tuple[str, Rate]], level: float = LEVEL) -> tuple[Ranked, ...]:
    """Return a league table, lowest rate first, with what chance leaves of every rank.

    A place is above another only where their rates differ by an exact test at a level shared among all comparisons with it
    (Bonferroni); its ranks then hold together with at least the level (after Mogstad, Romano, Shaikh & Wilhelm, Rev. Econ.
    Stud. 2024).

    Parameters
    ----------
    rates
        Places by name, two or more.
    level
        Coverage of the ranks of one place.

    Examples
    --------
    Twelve cases or fourteen in a hundred thousand: nobody knows who is first.

    >>> table = ranked([(name, Rate(cases, 1e5, "2009", "homicide")) for name, cases in (("A", 12), ("B", 14), ("C", 60))])
    >>> [(row.name, row.rank, row.best, row.worst) for row in table]
    [('A', 1, 1, 2), ('B', 2, 1, 2), ('C', 3, 3, 3)]
    """
    each = 1.0 - (1.0 - level) / max(len(rates) - 1, 1)
    order = sorted(rates, key=lambda pair: pair[1].value)
    return tuple(_ranked(at, order, each) for at in range(len(order)))


def _ranked(at: int, order: Sequence[tuple[str, Rate]], level: float) -> Ranked:
    name, rate = order[at]
    ratios = [rate_ratio(rate, other, level) for place, (_, other) in enumerate(order) if place != at]
    below = sum(ratio.low > 1.0 for ratio in ratios)
    above = sum(ratio.high < 1.0 for ratio in ratios)
    return Ranked(name, rate, at + 1, 1 + below, len(order) - above)


class Point(NamedTuple):
    """One period of a series: its rate, and the boundary of the place it was counted in."""

    rate: Rate
    boundary: str


class Segment(NamedTuple):
    """Periods counted alike, and how the last compares with the first; None where there is only one."""

    points: tuple[Point, ...]
    ratio: Span | None


def segments(points: Sequence[Point]) -> tuple[Segment, ...]:
    """Return a series cut wherever the recording rule or the boundary changes; nothing is compared across a cut.

    >>> rule = ("2009", "old"), ("2010", "old"), ("2011", "new")
    >>> [len(part.points) for part in segments([Point(Rate(9, 1e5, year, rule), "city") for year, rule in rule])]
    [2, 1]
    """
    alike = groupby(points, key=lambda point: (point.rate.recording_rule, point.boundary))
    parts = [tuple(part) for _, part in alike]
    return tuple(Segment(part, rate_ratio(part[-1].rate, part[0].rate) if len(part) > 1 else None) for part in parts)
