"""Ranks: which places of a league table chance leaves open to each unit, for all units at once.

Simultaneous confidence sets for ranks after Mogstad, Romano, Shaikh & Wilhelm, Inference for Ranks with Applications to Mobility
across Neighbourhoods and Academic Achievement across Countries, Review of Economic Studies 91 (2024) 476-518: all differences
between two units are tested at once, step by step. A unit's best rank is one more than the units shown to be better, its worst one
leaves only those shown to be worse below it.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qinwu.judge.claims.rates import LEVEL
from qinwu.judge.score.tally import F64, Tally

Bools: TypeAlias = NDArray[np.bool_]
LEAST_EVENTS = 30
"""With fewer events a unit has no rank."""

DRAWS = 4000
QUARTER = 0.25
"""Added to counts so that their roots are right on average (Brown, Cai & Zhou, Annals of Statistics 38 (2010) 2005-2046)."""


class Ranked(NamedTuple):
    """A unit of a league table: value, place by the value alone, and the best and worst place left open; None without a rank."""

    name: str
    value: float
    naive: int
    best: int | None
    worst: int | None

    @property
    def width(self) -> int:
        """How many places are left open; 0 without a rank."""
        return 0 if self.best is None or self.worst is None else self.worst - self.best + 1


def on_even_scale(counts: Tally) -> tuple[F64, F64]:
    """Return units on a scale where chance is the same at every level, and their standard errors there.

    The root of a rate has the standard error 1 / (2 sqrt(exposure)), the arcsine of the root of a share 1 / (2 sqrt(n)).
    """
    if counts.chance == "share":
        share = (counts.events + QUARTER) / (counts.exposure + 2.0 * QUARTER)
        return np.arcsin(np.sqrt(share)), np.asarray(0.5 / np.sqrt(counts.exposure + 2.0 * QUARTER))
    return np.sqrt((counts.events + QUARTER) / counts.exposure), np.asarray(0.5 / np.sqrt(counts.exposure))


def above(value: F64, error: F64, level: float = LEVEL, draws: int = DRAWS, seed: int = 1) -> Bools:
    """Return which unit is shown to lie above which, units × units, all pairs tested at once.

    Every ordered pair is a hypothesis "not above"; the critical value is the quantile of the largest of the pairs still open
    (Romano & Wolf, Econometrica 73 (2005) 1237-1282), drawn from the errors; steps end when no further pair falls.

    Parameters
    ----------
    value, error
        Of each unit, on a scale where errors are normal; errors > 0.
    level
        Chance that no pair is told wrongly, (0, 1).
    draws
        Draws behind the critical value.
    seed
        Of the draws.
    """
    noise = np.random.default_rng(seed).standard_normal((draws, value.size)) * error
    scale = np.hypot(error[:, None], error[None, :])
    seen = (value[:, None] - value[None, :]) / scale
    open_ = ~np.eye(value.size, dtype=bool)
    shown = np.zeros_like(open_)
    while open_.any():
        fallen = open_ & (seen > _critical(noise, scale, open_, level))
        if not fallen.any():
            break
        shown |= fallen
        open_ &= ~fallen
    return shown


def _critical(noise: F64, scale: F64, open_: Bools, level: float) -> float:
    """Return the quantile of the largest difference, in standard errors, among the pairs still open."""
    largest = np.full(noise.shape[0], -np.inf)
    for at in range(noise.shape[1]):
        against = np.flatnonzero(open_[at])
        if against.size:
            gaps = (noise[:, at, None] - noise[:, against]) / scale[at, against]
            np.maximum(largest, gaps.max(1), out=largest)
    return float(np.quantile(largest, level))


def rank_intervals(
    counts: Tally,
    *,
    high_is_good: bool,
    level: float = LEVEL,
    dispersion: float = 1.0,
    least: int = LEAST_EVENTS,
    draws: int = DRAWS,
    seed: int = 1,
) -> tuple[Ranked, ...]:
    """Return the league table with the places that chance leaves open, best value first.

    Parameters
    ----------
    counts
        The units.
    high_is_good
        Whether the first place is the highest value.
    level
        Chance that all sets of places hold the true one at once, (0, 1).
    dispersion
        Variance of counts over that of pure chance, >= 1, as :func:`dispersion_of` finds it from period to period.
    least
        With fewer events (for a share: fewer cases) a unit has no rank; for all that is known it may be above or below any other.
    draws, seed
        Draws behind the critical value, and their seed.
    """
    judged = (counts.exposure if counts.chance == "share" else counts.events) >= least
    value, error = on_even_scale(counts)
    better = np.zeros((len(counts.names),) * 2, dtype=bool)
    at = np.flatnonzero(judged)
    if at.size > 1:
        shown = above(value[at], error[at] * max(dispersion, 1.0) ** 0.5, level, draws, seed)
        better[np.ix_(at, at)] = shown if high_is_good else shown.T
    order = sorted(range(len(counts.names)), key=lambda unit: -counts.values[unit] if high_is_good else counts.values[unit])
    found = []
    for naive, unit in enumerate(order, start=1):
        best = 1 + int(better[:, unit].sum()) if judged[unit] else None
        worst = len(order) - int(better[unit].sum()) if judged[unit] else None
        found.append(Ranked(counts.names[unit], float(counts.values[unit]), naive, best, worst))
    return tuple(found)


def dispersion_of(by_period: F64) -> float:
    """Return the variance of counts over that of pure chance, from how they scatter from period to period; at least 1.

    Pearson's chi-square of units and periods without interaction, over its degrees of freedom (McCullagh & Nelder 1989, §6.2.3):
    one crime brings the next, so that counts scatter more than Poisson.

    Parameters
    ----------
    by_period
        Counts, units × periods, two or more of each.
    """
    rows, columns = by_period.sum(1), by_period.sum(0)
    kept = by_period[np.ix_(rows > 0.0, columns > 0.0)]
    expected = np.outer(kept.sum(1), kept.sum(0)) / kept.sum()
    freedom = (kept.shape[0] - 1) * (kept.shape[1] - 1)
    return max(float(((kept - expected) ** 2 / expected).sum()) / freedom, 1.0) if freedom > 0 else 1.0
