"""Repeats: calls whose two durations are both the same to the second, more than two independent durations allow."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record
from qinwu.language import N_

ABOUT = N_("time to arrival and time on scene")
MESSAGE = N_(
    "{unit}: {seen} of {n} calls repeat {about} of an earlier call, to the second; {expected} is what chance makes of such times."
)
FEWEST, MINUTE_S, WHOLE_MINUTES = 50, 60.0, 0.5
TOLERATED = 1.5
"""Long calls come from far and last: durations are not quite independent, so that so many times the repeats are expected."""


def copied(record: Record) -> Iterator[Look]:
    """Look for durations that were copied from call to call, where the clock has seconds.

    Two calls agree in both durations with the probability of agreeing in one times that of agreeing in the other. Both are measured
    on the unit itself, each pair of durations counted once, so that copies do not excuse themselves; calls that repeat an earlier
    one are then nearly Poisson.
    """
    from scipy.stats import poisson

    rows = record.answered().filter((pl.col("response_s") > 0.0) & (pl.col("on_scene_s") > 0.0))
    rows = rows.select("unit", pl.col("response_s").round(0).alias("first"), pl.col("on_scene_s").round(0).alias("second"))
    for (unit,), group in rows.sort("unit").group_by("unit", maintain_order=True):
        n = len(group)
        if n < FEWEST or group.select((pl.col("first") % MINUTE_S == 0.0).mean()).item() > WHOLE_MINUTES:
            continue
        once = group.unique()
        again = n - len(once)
        pairs = n * (n - 1) / 2.0
        expected = pairs * _agreeing(once["first"]) * _agreeing(once["second"])
        chance = float(poisson.sf(again - 1, TOLERATED * expected + 1e-9)) if again else 1.0
        large = again >= 5 and again >= 3.0 * expected
        yield Look("repeats", str(unit), ABOUT, "", n, float(again), expected, chance, large, MESSAGE, "number")


def _agreeing(values: pl.Series) -> float:
    """Return the probability that two of the values agree."""
    counts = values.value_counts()["count"].to_numpy().astype(float)
    n = counts.sum()
    return float((counts * (counts - 1.0)).sum() / (n * (n - 1.0)))
