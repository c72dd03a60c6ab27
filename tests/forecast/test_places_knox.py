"""Knox test: brute force, even events, planted repeats, what is refused."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from qinwu.findings import QinwuError
from qinwu.forecast.places.knox import count_pairs, knox


def test_pairs_counted_one_by_one() -> None:
    """The kernel counts what a loop over all pairs counts, along the axes and straight."""
    rng = np.random.default_rng(2)
    x, y, day = rng.uniform(0, 1000, 80).round(), rng.uniform(0, 1000, 80).round(), rng.integers(0, 30, 80).astype(np.float64)
    x[1], y[1] = x[0], y[0]
    far, late = np.array([0.1, 100.0, 300.0]), np.array([1.0, 7.0])
    for along in (True, False):
        slow = np.zeros((4, 3), dtype=np.int64)
        for i, j in combinations(range(80), 2):
            dx, dy = abs(x[i] - x[j]), abs(y[i] - y[j])
            metres, apart = (dx + dy if along else (dx * dx + dy * dy) ** 0.5), abs(day[i] - day[j])
            row = next((at for at, edge in enumerate(far) if metres <= edge), 3)
            column = next((at for at, edge in enumerate(late) if apart < edge), 2)
            slow[row, column] += 1
        assert count_pairs(x, y, day, far, late, along).tolist() == slow.tolist()


def test_expected_pairs_are_those_of_mixed_times() -> None:
    """The mean of the draws is the product of the margins over all pairs."""
    rng = np.random.default_rng(7)
    found = knox(rng.uniform(0, 500, 150), rng.uniform(0, 500, 150), rng.uniform(0, 60, 150), [100, 200], [1, 7], draws=200)
    product = found.observed.sum(1, keepdims=True) * found.observed.sum(0) / found.observed.sum()
    assert found.expected == pytest.approx(product, rel=0.05, abs=0.5)


def test_even_events_have_no_near_repeats() -> None:
    """Events drawn evenly show nothing near; with repeats planted next door within a day the nearest band cannot be chance."""
    rng = np.random.default_rng(11)
    x, y, day = rng.uniform(0, 5000, 300), rng.uniform(0, 5000, 300), rng.integers(0, 300, 300).astype(np.float64)
    even = knox(x, y, day, [200, 400], [2, 7], draws=199)
    assert even.p_value[:3, :2].min() > 0.02
    x2, y2 = np.r_[x, x[:20] + 30.0], np.r_[y, y[:20] + 30.0]
    planted = knox(x2, y2, np.r_[day, day[:20] + 1.0], [200, 400], [2, 7], draws=199)
    assert planted.p_value[1, 0] == pytest.approx(1 / 200)
    assert planted.ratio[1, 0] > 3.0


def test_bands_that_do_not_ascend_are_refused() -> None:
    """Bands must ascend, and one event makes no pair."""
    two = np.array([0.0, 1.0])
    for far, late, points in (([200, 100], [1], two), ([100], [0], two), ([100], [1], two[:1])):
        with pytest.raises(QinwuError, match="pairs"):
            knox(points, points, points, far, late)
