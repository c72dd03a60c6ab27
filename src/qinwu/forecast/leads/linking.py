"""Linking: how likely two cases belong to one series, learnt from confirmed series.

Porter 2016, "A statistical approach to crime linkage", The American Statistician 70(2): 152-165, adds the log of likelihood ratios
of each piece of evidence; here the ratios are learnt together, each free only to rise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.forecast.leads.cases import F64, I64, Bools, Labels, all_pairs
from qinwu.forecast.leads.evidence import FEATURES, Evidence
from qinwu.forecast.leads.monotone import Monotone, logistic

LEAST_LINKS, LEAST_GROUPS = 8, 4
"""Linked pairs, and groups of cases they tie together, without which no probability is learnt."""
FOLDS = 5
RIDGE = 3.0
MOST_APART = 40_000
"""Pairs that do not belong together from which it learns; of more, every so many-th is taken and counts for the others."""
SURPRISE = Monotone(0.0, np.array([0.0, 1.0, 1.0, 1.0, 0.0, 0.5]), np.zeros(len(FEATURES)))
"""Without confirmed series: how rarely chance alone brings two cases as near in place, in time, at that hour, by these methods.

Half the weight for methods, whose words go together. It ranks; it says no probability.
"""


@dataclass(frozen=True, slots=True)
class Linking:
    """How pairs of cases are judged.

    Parameters
    ----------
    monotone
        Log-odds of the evidence, to be read from the highest down.
    calibrated
        Whether they are log-odds of a probability, checked on series that were left out of learning.
    pairs, links
        From how many pairs it was learnt, and how many of them belong together.
    """

    monotone: Monotone
    calibrated: bool
    pairs: int = 0
    links: int = 0

    def log_odds(self, evidence: F64) -> F64:
        """Return the log-odds of pairs."""
        return self.monotone.log_odds(evidence)

    def probability(self, evidence: F64) -> F64:
        """Return the probability of pairs; nan where nothing was learnt."""
        from scipy.special import expit

        found: F64 = expit(self.log_odds(evidence)) if self.calibrated else np.full(len(evidence), np.nan)
        return found


def learnable(labels: Labels) -> bool:
    """Return whether enough is confirmed to learn a probability from."""
    groups = labels.groups()
    tied = np.unique(groups[labels.linked[:, 0]]).size
    pairs = int(labels.known.sum()) * (int(labels.known.sum()) - 1) // 2
    return len(labels.linked) >= LEAST_LINKS and tied >= LEAST_GROUPS and pairs > 2 * len(labels.linked)


def learn(evidence: Evidence, labels: Labels) -> Linking:
    """Return what confirmed series teach, or :data:`SURPRISE` where there are too few.

    Parameters
    ----------
    evidence
        Of all cases.
    labels
        What is confirmed.

    Notes
    -----
    A series of n cases makes n(n-1)/2 pairs; each counts 1/(n-1), as Porter does, so that one long series does not teach its own
    habits as everybody's. The probability then is set straight on pairs of series that were left out, in `FOLDS` parts, where every
    pair counts once.
    """
    if not learnable(labels):
        return Linking(SURPRISE, calibrated=False)
    first, second, linked, weight = _teaching(labels)
    x = evidence.between(first, second)
    groups = labels.groups()
    shared = _by_series(first, linked, groups)
    monotone = logistic(x, linked, weight * shared, RIDGE)
    fair = _no_giant(first, linked, groups)
    slope, level = _straightened(x, linked, weight, shared, fair, _folds(groups, labels), first, second)
    return Linking(Monotone(level, monotone.weights * slope, monotone.centre), True, round(float(weight.sum())), int(linked.sum()))


def _teaching(labels: Labels) -> tuple[I64, I64, Bools, F64]:
    """Return pairs with a known outcome, whether they are linked, and for how many pairs each stands."""
    first, second = _taught(labels)
    linked = labels.is_linked(first, second)
    apart = np.flatnonzero(~linked)
    step = max(1, -(-apart.size // MOST_APART))
    taken = np.sort(np.r_[np.flatnonzero(linked), apart[::step]])
    weight = np.where(linked[taken], 1.0, apart.size / max(apart[::step].size, 1))
    return first[taken], second[taken], linked[taken], weight


def _taught(labels: Labels) -> tuple[I64, I64]:
    """Return all pairs of known cases, and pairs of others that somebody decided about one by one."""
    first, second = all_pairs(np.flatnonzero(labels.known))
    one_by_one = np.concatenate([labels.linked, labels.apart])
    outside = one_by_one[~labels.known[one_by_one].all(1)]
    return np.r_[first, outside[:, 0]], np.r_[second, outside[:, 1]]


def _by_series(first: I64, linked: Bools, groups: I64) -> F64:
    """Return 1/(n-1) for a linked pair of a group of n cases, 1 for all others."""
    size = np.bincount(groups)
    return np.where(linked, 1.0 / np.maximum(size[groups[first]] - 1, 1), 1.0)


def _no_giant(first: I64, linked: Bools, groups: I64) -> F64:
    """Return 1 for each pair; those of the largest group count together no more than those of the next."""
    links = np.bincount(groups[first[linked]], minlength=groups.max() + 1)
    next_largest = np.sort(links)[-2]
    return np.where(linked, np.minimum(1.0, next_largest / np.maximum(links[groups[first]], 1)), 1.0)


def _folds(groups: I64, labels: Labels) -> I64:
    """Return a part for each case: whole groups, the largest dealt out first, so that parts hold alike many links."""
    size = np.bincount(groups[labels.known], minlength=groups.max() + 1)
    order = np.argsort(-size, kind="stable")
    part = np.empty(order.size, dtype=np.int64)
    part[order] = np.arange(order.size) % FOLDS
    return part[groups]


def _straightened(
    x: F64, linked: Bools, weight: F64, shared: F64, fair: F64, part: I64, first: I64, second: I64
) -> tuple[float, float]:
    """Return by what the learnt weights are multiplied, and the log-odds of an average pair: both from pairs left out (Platt 1999).

    A pair is left out where both of its cases are; that loses no link, but most pairs that are apart, which count for the others.
    """
    scores, truth, counts = [], [], []
    for at in range(FOLDS):
        out = (part[first] == at) & (part[second] == at)
        kept = (part[first] != at) & (part[second] != at)
        if not linked[kept].any() or not out.any():
            continue
        fitted = logistic(x[kept], linked[kept], (weight * shared)[kept], RIDGE)
        scores.append(fitted.contributions(x[out]).sum(1))
        truth.append(linked[out])
        counts.append((weight * fair)[out])
    score, true, count = np.concatenate(scores), np.concatenate(truth), np.concatenate(counts)
    lost = weight[~linked].sum() / max(count[~true].sum(), 1e-9)
    line = logistic(score[:, None], true, np.where(true, count, count * lost), 0.0)
    slope = float(line.weights[0])
    return slope, line.intercept - slope * float(line.centre[0])
