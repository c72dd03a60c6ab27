"""Back-test: learn from the earlier cases, rank the pairs of the later ones, and look at what was confirmed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.forecast.leads.cases import F64, I64, Bools, Labels, all_pairs
from qinwu.forecast.leads.evidence import Evidence
from qinwu.forecast.leads.linking import Linking, learn
from qinwu.forecast.leads.scoring import Calibrated, area_under_curve, average_precision, calibration, hits_at

EARLIER = 0.6
"""Share of the known cases, in order of time, that it learns from."""
LEAST_TESTED = 5
"""Linked pairs among the later cases without which nothing is tested."""


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a list would have been worth.

    Parameters
    ----------
    linking
        What was learnt from the earlier cases.
    first, second, linked, log_odds
        Pairs of the later cases, likeliest first.
    auc, average_precision
        Of the ranking.
    hits
        How many of the first 1, 2, … pairs are confirmed.
    calibration
        What probabilities came to; empty where none was learnt.
    """

    linking: Linking
    first: I64
    second: I64
    linked: Bools
    log_odds: F64
    auc: float
    average_precision: float
    hits: I64
    calibration: tuple[Calibrated, ...]

    @property
    def pairs(self) -> int:
        """Pairs ranked."""
        return self.linked.size

    @property
    def base_rate(self) -> float:
        """Share of all pairs that are confirmed: what a list drawn by lot would hold."""
        return float(self.linked.mean())

    def precision_at(self, count: int) -> float:
        """Return the share of the likeliest `count` pairs that are confirmed."""
        count = min(count, self.pairs)
        return float(self.hits[count - 1] / count)

    def recall_at(self, count: int) -> float:
        """Return the share of all confirmed pairs that are among the likeliest `count`."""
        return float(self.hits[min(count, self.pairs) - 1] / self.linked.sum())


def back_test(evidence: Evidence, labels: Labels, order: F64 | None = None, share: float = EARLIER) -> BackTest | None:
    """Return what learning from the earlier cases says of the later ones; None where too few of them are linked.

    Parameters
    ----------
    evidence
        Of all cases; how common a method is or how crowded a place is counted over all of them, which takes no label.
    labels
        What is confirmed.
    order
        By what cases are put in order; the middle of their interval by default.
    share
        Share of the known cases that count as earlier.
    """
    known = np.flatnonzero(labels.known)
    ordered = known[np.argsort((evidence.cases.middle_s if order is None else order)[known], kind="stable")]
    later = np.sort(ordered[int(share * ordered.size) :])
    first, second = all_pairs(later)
    linked = labels.is_linked(first, second)
    if linked.sum() < LEAST_TESTED or linked.all():
        return None
    hidden = np.zeros(len(evidence.cases), dtype=bool)
    hidden[later] = True
    linking = learn(evidence, labels.without(hidden))
    x = evidence.between(first, second)
    log_odds = linking.log_odds(x)
    ranked = np.argsort(-log_odds, kind="stable")
    first, second, linked, log_odds = first[ranked], second[ranked], linked[ranked], log_odds[ranked]
    said = linking.probability(x)[ranked]
    return BackTest(
        linking,
        first,
        second,
        linked,
        log_odds,
        area_under_curve(linked, log_odds),
        average_precision(linked, log_odds),
        hits_at(linked, log_odds, linked.size),
        calibration(said, linked, first, second, len(evidence.cases)) if linking.calibrated else (),
    )
