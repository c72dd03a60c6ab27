"""Evaluation: everything that is said of a reform, the test that decides first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from qinwu.judge.evaluate import ratio, wdd
from qinwu.judge.evaluate.design import Design
from qinwu.judge.evaluate.estimate import ALPHA, Estimate
from qinwu.judge.evaluate.events import EventStudy, event_study
from qinwu.judge.evaluate.placebo import PlacesPlacebo, TimesPlacebo, in_space, in_time
from qinwu.judge.evaluate.power import smallest_fall
from qinwu.judge.evaluate.regression_to_mean import RegressionToMean, regression_to_mean
from qinwu.judge.evaluate.regressions import clustered, interrupted, linear
from qinwu.judge.evaluate.synthetic import Synthetic, synthetic

Verdict = Literal["fewer", "more", "no_difference_shown", "too_few_places"]
"""What may be said. No word says that a reform worked: fewer than untreated places suggest is all that counts can show."""

Doubt = Literal[
    "unlike_before",
    "moving_before",
    "placebo_times",
    "regression_to_mean",
    "placebo_places",
    "one_place",
    "methods_part",
    "few_places",
]
FEW = 10
"""Untreated places below which their spread is known badly."""


@dataclass(frozen=True)
class Evaluation:
    """What is said of a reform.

    Parameters
    ----------
    design
        What is compared with what.
    decides
        The estimate of the test that decides, chosen before anything was looked at.
    others
        The other methods, for comparison only.
    places, times
        The same test where and when there was no reform.
    events
        Stretch by stretch.
    mixed
        The synthetic control; None where it could not be made.
    to_mean
        Whether a fall was to be expected; None where it cannot be told.
    moved
        What became of neighbours; None where none are named.
    """

    design: Design
    decides: Estimate
    others: tuple[Estimate, ...]
    places: PlacesPlacebo
    times: TimesPlacebo
    events: EventStudy
    mixed: Synthetic | None
    to_mean: RegressionToMean | None
    moved: wdd.Displacement | None

    @property
    def verdict(self) -> Verdict:
        """What may be said, by the test that decides alone."""
        if math.isnan(self.decides.p):
            return "too_few_places"
        if not self.decides.shown:
            return "no_difference_shown"
        return "fewer" if self.decides.share.change < 0.0 else "more"

    @property
    def smallest(self) -> float:
        """The smallest fall, as a share, that this comparison would have shown with a chance of 80 %."""
        return smallest_fall(self.decides.detail["error"], self.decides.detail["freedom"])

    @property
    def trend_explains(self) -> bool:
        """Whether the trend before the start, had it gone on, would have made at least half of a difference that is shown."""
        gone_on, change = (math.log1p(max(share, -0.99)) for share in (self.events.before.gone_on, self.decides.share.change))
        return self.decides.shown and gone_on * change > 0.0 and abs(gone_on) >= 0.5 * abs(change)

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What speaks against taking the result at its word."""
        shown = [each for each in self.others if each.compared and each.trouble is None and math.isfinite(each.share.change)]
        other_way = any(each.shown and each.share.change * self.decides.share.change < 0.0 for each in shown)
        times = self.times.found > max(1, round(0.15 * self.times.starts.size))
        places = self.decides.shown and self.places.p > ALPHA and self.places.smallest <= ALPHA
        found: dict[Doubt, bool] = {
            "unlike_before": self.events.before.p_apart <= ALPHA,
            "moving_before": self.events.before.p_trend <= ALPHA or self.trend_explains,
            "placebo_times": times,
            "regression_to_mean": self.to_mean is not None and self.to_mean.suspicious,
            "placebo_places": places,
            "methods_part": other_way,
            "one_place": self.design.treated.size == 1,
            "few_places": self.design.control.size < FEW,
        }
        return tuple(name for name, there in found.items() if there)


STEPS = 6
"""Steps of an evaluation that :func:`evaluate` tells of."""


def evaluate(design: Design, seed: int = 1, on_done: Callable[[int], None] = lambda _: None) -> Evaluation:
    """Return everything that is said of a reform.

    Parameters
    ----------
    design
        What is compared with what.
    seed
        Seed of the placebo choices, where there are too many to try all.
    on_done
        Told how many of :data:`STEPS` are done.
    """
    decides = ratio.estimate(design)
    places, times = in_space(design, seed), in_time(design)
    on_done(1)
    regressions = (clustered(design), linear(design))
    on_done(2)
    mixture, mixed = synthetic(design)
    on_done(3)
    series = interrupted(design)
    on_done(4)
    weighted = tuple(wdd.estimate(design, overdispersed=spread) for spread in (True, False))
    others = (weighted[0], *regressions, mixture, weighted[1], series, ratio.naive(design))
    on_done(5)
    found = Evaluation(
        design, decides, others, places, times, event_study(design), mixed, regression_to_mean(design), wdd.displacement(design)
    )
    on_done(STEPS)
    return found
