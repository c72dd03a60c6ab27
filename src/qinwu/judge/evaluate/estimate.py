"""Estimate: what one method says the treated places had beside what they would have had, as a share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from qinwu.findings import Finding

ALPHA = 0.05
"""Chance of seeing a difference where there is none."""

Method = Literal[
    "ratio", "places", "wdd", "wdd_poisson", "clustered", "linear", "synthetic", "interrupted", "before_after", "neighbours"
]
COMPARED: frozenset[Method] = frozenset({"ratio", "places", "wdd", "wdd_poisson", "clustered", "linear", "synthetic", "neighbours"})
"""Methods that look at places without the reform; the others cannot tell a reform from whatever else happened at the time."""


class Interval(NamedTuple):
    """A change as a share of what would have been (-0.2: a fifth fewer), with its 95 % interval; nan bounds where there is none."""

    change: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one method says.

    Parameters
    ----------
    method
        Which one.
    share
        Change as a share, with interval.
    p
        Probability of a difference at least as large where there is none; nan where the method gives none.
    detail
        Further numbers of the method, by name.
    trouble
        Why the method could not be used; None where it could.
    """

    method: Method
    share: Interval
    p: float
    detail: Mapping[str, float] = field(default_factory=dict)
    trouble: Finding | None = None

    @property
    def compared(self) -> bool:
        """Whether it looks at places without the reform."""
        return self.method in COMPARED

    @property
    def shown(self) -> bool:
        """Whether it shows a difference at 5 %."""
        return self.p <= ALPHA


def without(method: Method, trouble: Finding) -> Estimate:
    """Return an estimate that could not be made."""
    return Estimate(method, Interval(math.nan, math.nan, math.nan), math.nan, {}, trouble)


def of_logs(effect: float, error: float, quantile: float) -> Interval:
    """Return an effect in logarithms as a share with its interval.

    >>> of_logs(0.0, 0.1, 1.96).change
    0.0
    """
    low, high = effect - quantile * error, effect + quantile * error
    return Interval(math.expm1(effect), *(math.expm1(bound) if math.isfinite(bound) else math.nan for bound in (low, high)))
