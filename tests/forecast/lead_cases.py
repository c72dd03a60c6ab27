"""Tiny cases and calls for the tests of leads: six incidents whose evidence can be worked out by hand."""

from __future__ import annotations

import numpy as np

from qinwu.forecast.leads.aoristic import DAY_S, HOUR_S
from qinwu.forecast.leads.cases import I64, Cases
from qinwu.forecast.leads.placed_calls import PlacedCalls


def six_cases() -> Cases:
    """Return two burglaries by the window next door at night, three by the door elsewhere, and one without a place."""
    day = np.array([0.0, 1.0, 5.0, 20.0, 40.0, 41.0])
    hour = np.array([2.0, 3.0, 14.0, 15.0, 10.0, 22.0])
    start = day * DAY_S + hour * HOUR_S
    return Cases(
        ids=tuple("abcdef"),
        rows=(2, 3, 4, 5, 6, 7),
        x_m=np.array([0.0, 100.0, 3000.0, 3500.0, 6000.0, np.nan]),
        y_m=np.array([0.0, 0.0, 0.0, 400.0, 0.0, np.nan]),
        start_s=start,
        end_s=start + np.array([0.0, 4.0, 0.0, 1.0, 0.0, 8.0]) * HOUR_S,
        methods=(("way=window",), ("way=window",), ("way=door",), ("way=door",), ("tool=bar", "way=door"), ()),
    )


def reordered(cases: Cases, order: I64) -> Cases:
    """Return the same cases in another order."""
    return Cases(
        ids=tuple(cases.ids[at] for at in order),
        rows=tuple(cases.rows[at] for at in order),
        x_m=cases.x_m[order],
        y_m=cases.y_m[order],
        start_s=cases.start_s[order],
        end_s=cases.end_s[order],
        methods=tuple(cases.methods[at] for at in order),
    )


def random_calls(count: int, days: float, seed: int) -> PlacedCalls:
    """Return calls that have nothing to do with each other, in a square of 3 × 3 km."""
    generator = np.random.default_rng(seed)
    received = np.sort(generator.uniform(0.0, days * DAY_S, count))
    return PlacedCalls(
        ids=tuple(map(str, range(count))),
        rows=(0,) * count,
        received_s=received,
        x_m=generator.uniform(0.0, 3000.0, count),
        y_m=generator.uniform(0.0, 3000.0, count),
        kinds=tuple(generator.choice(["noise", "theft", "fight"], count, p=[0.6, 0.3, 0.1])),
    )
