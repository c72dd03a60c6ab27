"""Evidence: what two cases have in common, measured against what all cases have in common with each other by chance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qinwu.forecast.leads.aoristic import DAY_S, F32, WEEK_S, agreement, cycle_weights, expected_gap
from qinwu.forecast.leads.cases import F64, I64, Cases

Feature = Literal["distance", "nearness", "days", "hour", "weekday", "method"]
FEATURES: tuple[Feature, ...] = ("distance", "nearness", "days", "hour", "weekday", "method")
NEAR_KM, NEAR_SHARE, NEAR_DAYS = 0.1, 0.005, 1.0
"""Within these, being nearer says no more: a tenth of a kilometre, the nearest half per cent of cases, a day."""
HOURS_ALIKE, DAYS_ALIKE = 2.0, 0.7
"""Standard deviations within which hours of the day and days of the week agree."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is needed to compare any two of the cases.

    Parameters
    ----------
    cases
        The cases.
    nearness
        Cases × cases: minus the log of the share of all cases that lie as near, mean of the two ends.
    hour, weekday
        Cases × cases: log of how much oftener than by chance their hours of the day, or days of the week, agree.
    method
        Cases × cases: sum over the words of method that both have of minus the log of the share of cases that have it, each column
        counted among the cases that fill it.
    """

    cases: Cases
    nearness: F32
    hour: F32
    weekday: F32
    method: F32

    @classmethod
    def of(cls, cases: Cases) -> Evidence:
        """Return the evidence between all cases; no label is looked at."""
        day = cycle_weights(cases.start_s, cases.end_s, DAY_S, 24)
        week = cycle_weights(cases.start_s, cases.end_s, WEEK_S, 7)
        return cls(cases, _nearness(cases), agreement(day, HOURS_ALIKE), agreement(week, DAYS_ALIKE), _method(cases))

    def between(self, first: I64, second: I64) -> F64:
        """Return for pairs of positions a column for each of ``FEATURES``: more is always more alike; nan where not known.

        ``distance`` is minus the log of kilometres, ``days`` minus the log of the expected days between them.
        """
        cases = self.cases
        km = np.hypot(cases.x_m[first] - cases.x_m[second], cases.y_m[first] - cases.y_m[second]) / 1000.0
        days = self.days_apart(first, second)
        columns = (
            -np.log(km + NEAR_KM),
            self.nearness[first, second],
            -np.log(days + NEAR_DAYS),
            self.hour[first, second],
            self.weekday[first, second],
            self.method[first, second],
        )
        return np.column_stack(columns)

    def days_apart(self, first: I64, second: I64) -> F64:
        """Return the expected days between the cases of pairs."""
        start, end = self.cases.start_s, self.cases.end_s
        return expected_gap(start[first], end[first], start[second], end[second]) / DAY_S


def word_shares(cases: Cases) -> dict[str, float]:
    """Return each word of method with the share of the cases that have it, among those that fill its column."""
    words = Counter(word for each in cases.methods for word in each)
    filled = Counter(column for each in cases.methods for column in {word.partition("=")[0] for word in each})
    return {word: count / filled[word.partition("=")[0]] for word, count in words.items()}


def _nearness(cases: Cases) -> F32:
    """Return minus the log of how few cases lie as near, so that a hundred metres say more in the country than in town."""
    size = len(cases)
    share = np.full((size, size), np.nan, dtype=np.float32)
    placed = np.flatnonzero(np.isfinite(cases.x_m) & np.isfinite(cases.y_m))
    x, y = cases.x_m[placed], cases.y_m[placed]
    for at, row in enumerate(placed):
        metres = np.hypot(x - x[at], y - y[at])
        others = np.sort(np.delete(metres, at))
        share[row, placed] = np.searchsorted(others, metres, "right") / max(placed.size - 1, 1)
    found: F32 = -np.log((share + share.T) / 2.0 + np.float32(NEAR_SHARE))
    return found


def _method(cases: Cases) -> F32:
    from scipy.sparse import csr_matrix

    shares = word_shares(cases)
    column = {word: at for at, word in enumerate(sorted(shares))}
    lengths = np.array([len(each) for each in cases.methods], dtype=np.int64)
    words = [word for each in cases.methods for word in each]
    weight = np.sqrt([-np.log(shares[word]) for word in words]).astype(np.float32)
    shape = (len(cases), max(len(column), 1))
    table = csr_matrix((weight, (np.repeat(np.arange(len(cases)), lengths), [column[word] for word in words])), shape=shape)
    return np.asarray((table @ table.T).toarray(), dtype=np.float32)
