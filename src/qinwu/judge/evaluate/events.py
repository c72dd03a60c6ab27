"""Event study: the treated places against the untreated ones, stretch by stretch, before and after the start."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qinwu.judge.evaluate.choosing import membership
from qinwu.judge.evaluate.design import Design, Totals
from qinwu.judge.evaluate.estimate import Interval, of_logs
from qinwu.judge.evaluate.panel import F64
from qinwu.judge.evaluate.ratio import one, plain, quantile, ratios

MOST = 12
"""Most stretches on either side."""
LEAST_TREND = 3
"""Stretches before the start without which there is no trend."""
LEAST_PLACES = 4
"""Untreated places without which nothing can be ranked."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time: first and last period, treated against untreated places as a share, and whether it is after the start."""

    first: int
    last: int
    share: Interval
    after: bool


class Before(NamedTuple):
    """How treated places ran against untreated ones before the start.

    Parameters
    ----------
    p_apart
        Rank of their largest departure of a stretch among the largest departures of untreated places.
    p_trend
        Rank of the steepness with which they moved away, among that of untreated places.
    gone_on
        What the trend before alone, had it gone on, would have made of the time after, as a share.
    """

    p_apart: float
    p_trend: float
    gone_on: float


@dataclass(frozen=True, slots=True)
class EventStudy:
    """The stretches, how many periods each has, and how the places ran before the start."""

    stretches: tuple[Stretch, ...]
    length: int
    before: Before


def event_study(design: Design) -> EventStudy:
    """Return the event study: each stretch against all other time before the start, with the spread of untreated places."""
    lengths = [months // design.panel.step for months in (1, 3, 6, 12) if months >= design.panel.step]
    length = next((each for each in lengths if max(design.start, design.after) <= MOST * each), lengths[-1])
    before = [(at, at + length) for at in range(design.start - length, -1, -length)][:MOST][::-1]
    after = [(at, min(at + length, design.panel.periods)) for at in range(design.start, design.panel.periods, length)][:MOST]
    stretches = [_stretch(design, first, last) for first, last in (*before, *after)]
    return EventStudy(tuple(stretches), length, _before(design, before))


def _stretch(design: Design, first: int, last: int) -> Stretch:
    found = one(design, design.treated, _against_before(design, first, last))
    share = of_logs(float(found.effect[0]), float(found.error[0]), quantile(float(found.freedom[0])))
    return Stretch(first, last - 1, share, first >= design.start)


def _against_before(design: Design, first: int, last: int) -> Totals:
    """Return totals whose after is a stretch, and whose before is the time before the start without it."""
    counts, base = design.panel.counts, design.panel.base
    kept = np.ones(design.panel.periods, dtype=bool)
    kept[design.start :] = False
    if last - first < design.start:
        kept[first:last] = False
    return Totals(counts[:, kept].sum(1), counts[:, first:last].sum(1), base[:, kept].sum(1), base[:, first:last].sum(1))


def _before(design: Design, stretches: Sequence[tuple[int, int]]) -> Before:
    """Return how the treated places ran before the start, beside each untreated place against the others."""
    count = design.control.size
    if len(stretches) < 2 or count < LEAST_PLACES:
        return Before(math.nan, math.nan, math.nan)
    members = membership(np.arange(count)[:, None], count)
    totals = [_against_before(design, first, last) for first, last in stretches]
    # The treated places are the first row, each untreated one a further row; a column is a stretch.
    found = [(plain(design, design.treated, each), ratios(each.of(design.control), members)) for each in totals]
    effects, errors = (np.array([np.append(own[at], others[at]) for own, others in found]).T for at in (0, 1))
    apart = np.abs(effects / errors).max(1)
    if len(stretches) < LEAST_TREND:
        return Before(_rank(apart), math.nan, math.nan)
    middles = np.array([(first + last - 1) / 2.0 for first, last in stretches])
    slopes = _slopes(effects, middles)
    distance = (design.start + design.panel.periods - 1) / 2.0 - (design.start - 1) / 2.0
    # A stretch is measured against the others, not against all: its departure is larger by one part in their number.
    whole = 1.0 - 1.0 / len(stretches)
    return Before(_rank(apart), _rank(np.abs(slopes / errors.mean(1))), math.expm1(float(slopes[0]) * whole * distance))


def _slopes(effects: F64, middles: F64) -> F64:
    """Return the slope of each row of effects, by least squares."""
    spread = middles - middles.mean()
    found: F64 = effects @ spread / (spread**2).sum()
    return found


def _rank(values: F64) -> float:
    """Return the share of values at least as large as the first, itself among them."""
    return float((values >= values[0] * (1.0 - 1e-12)).mean())
