"""Scores of a ranked list: how well likelier pairs are the confirmed ones, and whether a probability comes true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.forecast.leads.cases import F64, I64, Bools

EDGES = (0.0, 0.01, 0.05, 0.15, 0.35, 0.65, 1.0)
"""Classes of probability whose share of confirmed pairs is looked at."""
DRAWS = 400
LEVEL = 0.95
MOST_PLAIN = 20_000


@dataclass(frozen=True, slots=True)
class Calibrated:
    """One class of probability: pairs, what was said on average, what came true, and the interval of that."""

    pairs: int
    said: float
    true: float
    low: float
    high: float


def area_under_curve(linked: Bools, score: F64) -> float:
    """Return the chance that a linked pair scores above one that is not, ties as half; nan without both kinds.

    >>> area_under_curve(np.array([True, False, True, False]), np.array([3.0, 2.0, 2.0, 1.0]))
    0.875
    """
    from scipy.stats import rankdata

    yes = int(linked.sum())
    no = linked.size - yes
    if not yes or not no:
        return float("nan")
    return float((rankdata(score)[linked].sum() - yes * (yes + 1) / 2.0) / (yes * no))


def average_precision(linked: Bools, score: F64) -> float:
    """Return the mean, over linked pairs, of the share of linked ones among all that score at least as high; nan without any.

    >>> average_precision(np.array([True, False, True]), np.array([3.0, 2.0, 1.0]))
    0.8333333333333333
    """
    if not linked.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    ranked, scores = linked[order], score[order]
    last = np.flatnonzero(np.r_[np.diff(scores) != 0.0, True])
    hits = np.cumsum(ranked)[last]
    gained = np.diff(np.r_[0, hits])
    return float((gained * hits / (last + 1)).sum() / ranked.sum())


def hits_at(linked: Bools, score: F64, most: int) -> I64:
    """Return how many of the first 1, 2, … `most` pairs, likeliest first, are linked."""
    order = np.argsort(-score, kind="stable")[:most]
    return np.cumsum(linked[order]).astype(np.int64)


def calibration(probability: F64, linked: Bools, first: I64, second: I64, size: int, seed: int = 1) -> tuple[Calibrated, ...]:
    """Return, by class of probability, what was said and what came true.

    Parameters
    ----------
    probability, linked
        Of each pair.
    first, second
        Its cases, positions below `size`.
    seed
        Of the draws.

    Notes
    -----
    Pairs share cases, so intervals draw cases, not pairs: every case gets an exponential weight, a pair the product of two
    (Owen 2007, "The pigeonhole bootstrap", Ann. Appl. Stat. 1(2): 386-411, with the weights of the Bayesian bootstrap).
    """
    place = np.clip(np.searchsorted(EDGES, probability, "right") - 1, 0, len(EDGES) - 2)
    classes = len(EDGES) - 1
    pairs = np.bincount(place, minlength=classes)
    said = np.bincount(place, probability, classes) / np.maximum(pairs, 1)
    true = np.bincount(place, linked, classes) / np.maximum(pairs, 1)
    generator = np.random.default_rng(seed)
    drawn = np.full((DRAWS, classes), np.nan)
    kept, stands_for = _thinned(place, linked)
    first, second, at, truth = first[kept], second[kept], place[kept], linked[kept]
    for row in drawn:
        weight = generator.exponential(size=size)
        both = weight[first] * weight[second] * stands_for
        total = np.bincount(at, both, classes)
        np.divide(np.bincount(at[truth], both[truth], classes), total, out=row, where=total > 0.0)
    tail = (1.0 - LEVEL) / 2.0
    filled = np.flatnonzero(pairs)
    low, high = np.quantile(drawn[:, filled], [tail, 1.0 - tail], axis=0)
    return tuple(
        Calibrated(int(pairs[at]), float(said[at]), float(true[at]), *_bounds(pairs[at], true[at], low[n], high[n]))
        for n, at in enumerate(filled)
    )


def _thinned(place: I64, linked: Bools) -> tuple[I64, F64]:
    """Return which pairs are drawn, and for how many each stands: of the many unlinked ones in the lowest class only some."""
    plain = np.flatnonzero((place == 0) & ~linked)
    step = max(1, -(-plain.size // MOST_PLAIN))
    stands_for = np.ones(place.size)
    stands_for[plain[::step]] = plain.size / max(plain[::step].size, 1)
    kept = np.ones(place.size, dtype=bool)
    kept[plain] = False
    kept[plain[::step]] = True
    return np.flatnonzero(kept), stands_for[kept]


def _bounds(pairs: int, true: float, low: float, high: float) -> tuple[float, float]:
    """Return the drawn bounds; where all or none came true, which draws cannot vary, those of Clopper and Pearson."""
    from scipy.stats import beta

    if 0.0 < true < 1.0:
        return float(low), float(high)
    tail = (1.0 - LEVEL) / 2.0
    return (0.0, float(beta.ppf(1.0 - tail, 1, pairs))) if true == 0.0 else (float(beta.ppf(tail, pairs, 1)), 1.0)
