"""Event study: the treated places against the untreated ones, stretch by stretch, before and after the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qinwu.judge.evaluate.choosing import membership
from qinwu.judge.evaluate.design import Design, Totals
from qinwu.judge.evaluate.estimate import Interval, of_logs
from qinwu.judge.evaluate.panel import F64
from qinwu.judge.evaluate.ratio import one, plain, quantile, ratios

MOST = 12
"""Most stretches on either side."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time: first and last period, treated against untreated places as a share, and whether it is after the start."""

    first: int
    last: int
    share: Interval
    after: bool


@dataclass(frozen=True, slots=True)
class EventStudy:
    """The stretches, how many periods each has, and p of the largest departure before the start among those of untreated places."""

    stretches: tuple[Stretch, ...]
    length: int
    p_before: float


def event_study(design: Design) -> EventStudy:
    """Return the event study: each stretch against all time before the start, with the spread of untreated places.

    Whether places ran alike before is judged by the largest departure of a stretch before the start, ranked among the largest
    departures of untreated places.
    """
    lengths = [months // design.panel.step for months in (1, 3, 6, 12) if months >= design.panel.step]
    length = next((each for each in lengths if max(design.start, design.after) <= MOST * each), lengths[-1])
    before = [(at, at + length) for at in range(design.start - length, -1, -length)][:MOST][::-1]
    after = [(at, min(at + length, design.panel.periods)) for at in range(design.start, design.panel.periods, length)][:MOST]
    stretches = [_stretch(design, first, last) for first, last in (*before, *after)]
    return EventStudy(tuple(stretches), length, _alike(design, before))


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


def _alike(design: Design, before: list[tuple[int, int]]) -> float:
    """Return p of the treated places' largest departure before the start; nan where there are too few places or stretches."""
    count = design.control.size
    if len(before) < 2 or count < 4:
        return float("nan")
    own: list[float] = []
    others: list[F64] = []
    members = membership(np.arange(count)[:, None], count)
    for first, last in before:
        totals = _against_before(design, first, last)
        own.append(abs(float(plain(design, design.treated, totals).t[0])))
        others.append(np.abs(ratios(totals.of(design.control), members).t))
    return (1.0 + float((np.max(others, axis=0) >= max(own)).sum())) / (count + 1.0)
