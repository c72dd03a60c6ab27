"""Fair lot: how uneven shares come out when chance alone deals them, so that chance is not called unfairness.

On each day what was had (a night, hours of overtime, points) is dealt again to officers of the group who were there, every way
equally likely. The difference of two officers then has a known distribution, day by day convolved; the spread of the whole group
has none in closed form and is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.roster_rules.shares import beyond_fair

F64 = NDArray[np.float64]
Bool = NDArray[np.bool_]
DRAWS = 2000


@dataclass(frozen=True)
class Dealt:
    """What a group had, day by day.

    Parameters
    ----------
    had
        (D, n) what each of n officers had on each of D days, >= 0.
    there
        (D, n) who was there; who had something was.
    """

    had: F64
    there: Bool

    @property
    def totals(self) -> F64:
        """(n,) what each had."""
        return np.asarray(self.had.sum(axis=0))

    @property
    def present(self) -> F64:
        """(n,) on how many days each was there."""
        return np.asarray(self.there.sum(axis=0), dtype=np.float64)

    @property
    def beyond(self) -> F64:
        """(n,) what each had beyond a fair share of it, as rosters carry it on."""
        return np.array(beyond_fair(self.totals.tolist(), self.present.tolist()))


@dataclass(frozen=True, slots=True)
class Spread:
    """How uneven shares are.

    Parameters
    ----------
    most, least
        What the officer with most and the one with least had.
    spread
        Most less least of what each had beyond a fair share; with everybody there all the time, of what each had.
    gini
        Mean difference of two officers over twice the mean, 0 to 1; nan where nobody had anything.
    lot_spread, lot_gini
        The means of both under a fair lot.
    lot_low, lot_high
        Between which nineteen of twenty fair lots lie in `spread`.
    p
        Share of fair lots with at least such a spread.
    """

    most: float
    least: float
    spread: float
    gini: float
    lot_spread: float
    lot_gini: float
    lot_low: float
    lot_high: float
    p: float


def spread_of(dealt: Dealt, rng: np.random.Generator, draws: int = DRAWS) -> Spread:
    """Return how uneven shares are, beside a fair lot.

    Parameters
    ----------
    dealt
        What was had; at least two officers.
    rng
        Draws the lots.
    draws
        How many lots, >= 1.
    """
    totals, beyond = dealt.totals, dealt.beyond
    lots = lot_totals(dealt, rng, draws)
    spreads = np.ptp(_less_share(lots, dealt.present), axis=1)
    own = float(np.ptp(beyond))
    whole = bool(((dealt.had == 0.0) | (dealt.had == 1.0)).all())
    expected = expected_gini(dealt) if whole else float(np.mean(ginis(lots)))
    low, high = np.quantile(spreads, [0.025, 0.975]).tolist()
    p = (1.0 + float((spreads >= own - 1e-9).sum())) / (draws + 1.0)
    own_gini, mean = float(ginis(totals)), float(spreads.mean())
    return Spread(float(totals.max()), float(totals.min()), own, own_gini, mean, expected, low, high, p)


def ginis(totals: F64) -> F64:
    """Return the mean difference of two officers, drawn with replacement, over twice the mean, along the last axis.

    It is nan where nobody had anything.

    >>> ginis(np.array([[2.0, 0.0], [3.0, 3.0]])).tolist()
    [0.5, 0.0]
    """
    count = totals.shape[-1]
    rank = 2.0 * np.arange(1, count + 1) - count - 1.0
    with np.errstate(invalid="ignore"):
        return np.asarray((np.sort(totals, axis=-1) * rank).sum(axis=-1) / (count * totals.sum(axis=-1)))


def expected_gini(dealt: Dealt) -> float:
    """Return the mean of the Gini coefficient under a fair lot, exactly, where every day's share is 0 or 1.

    The sum of all is the same in every lot, so that the mean of the coefficient is a sum of mean differences of pairs.
    """
    total, count = float(dealt.had.sum()), dealt.had.shape[1]
    if total <= 0.0:
        return float("nan")
    differences = fsum(expected_difference(dealt, one, other) for one, other in combinations(range(count), 2))
    return float(differences / (count * total))


def expected_difference(dealt: Dealt, one: int, other: int) -> float:
    """Return the mean of the absolute difference of two officers under a fair lot, exactly, by convolving days."""
    days = len(dealt.had)
    chance = np.zeros(2 * days + 1)
    chance[days] = 1.0
    for up, down in _steps(dealt, one, other):
        moved = (1.0 - up - down) * chance
        moved[1:] += up * chance[:-1]
        moved[:-1] += down * chance[1:]
        chance = moved
    return float((chance * np.abs(np.arange(-days, days + 1))).sum())


def _steps(dealt: Dealt, one: int, other: int) -> Iterator[tuple[float, float]]:
    """Yield for each day the chances that the one, and that the other, has a share that the other of them has not."""
    given = dealt.had.sum(axis=1)
    there = dealt.there.sum(axis=1)
    for day in np.flatnonzero(given > 0.0).tolist():
        k, n = float(given[day]), float(there[day])
        both = dealt.there[day, one] and dealt.there[day, other]
        if both:
            yield (k * (n - k) / (n * (n - 1.0)),) * 2 if n > 1.0 else (0.0, 0.0)
        else:
            yield (k / n if dealt.there[day, one] else 0.0), (k / n if dealt.there[day, other] else 0.0)


def lot_totals(dealt: Dealt, rng: np.random.Generator, draws: int) -> F64:
    """Return (draws, n) what each has when every day is dealt again among those who were there."""
    totals = np.zeros((draws, dealt.had.shape[1]))
    for day in np.flatnonzero(dealt.had.sum(axis=1) > 0.0).tolist():
        who = np.flatnonzero(dealt.there[day])
        shares = np.broadcast_to(dealt.had[day, who], (draws, len(who)))
        totals[:, who] += rng.permuted(shares, axis=1)
    return totals


def _less_share(totals: F64, present: F64) -> F64:
    """Return totals less the share that presence gives, as :func:`beyond_fair` does for one row."""
    share = present / max(float(present.sum()), 1.0)
    return np.asarray(totals - totals.sum(axis=1, keepdims=True) * share)


def band_of(dealt: Dealt, rng: np.random.Generator, level: float = 0.95, draws: int = DRAWS) -> Sequence[tuple[float, float]]:
    """Return for each officer between which totals a fair lot lies in `level` of cases."""
    lots = lot_totals(dealt, rng, draws)
    edge = (1.0 - level) / 2.0
    low, high = np.quantile(lots, [edge, 1.0 - edge], axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))
