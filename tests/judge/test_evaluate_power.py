"""Power: the formula against simulation, thinning against its law, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from qinwu.findings import QinwuError
from qinwu.judge.evaluate.estimate import ALPHA
from qinwu.judge.evaluate.power import plan_pilot, smallest_fall, thinned
from qinwu.judge.evaluate.ratio import estimate
from tests.judge.evaluation_cases import design_of, drawn


def test_smallest_fall_is_the_sum_of_two_quantiles() -> None:
    """With many places it is 1 - exp(-2.80 standard errors)."""
    assert smallest_fall(0.1, 1e6) == pytest.approx(1 - np.exp(-0.1 * (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))), rel=1e-4)


def test_the_smallest_fall_is_shown_four_times_in_five() -> None:
    """Panels with just that fall are told apart with a chance near 80 %."""
    error = estimate(design_of(drawn(level=30.0, drift=0.1))).detail["error"]
    fall = smallest_fall(error, 22.0)
    shown = [estimate(design_of(drawn(level=30.0, drift=0.1, fall=fall, seed=seed))).p <= ALPHA for seed in range(300)]
    assert 0.65 < np.mean(shown) < 0.92


def test_thinned_counts_keep_their_share() -> None:
    """Each event stays with the rest of the probability; only treated places and only after."""
    totals = design_of(drawn(places=4, level=2000.0)).totals()
    after = thinned(totals, np.array([1]), 0.3, np.random.default_rng(1)).after
    kept = after[1] / totals.after[1]
    assert abs(kept - 0.7) < 5.0 * np.sqrt(0.21 / totals.after[1])
    assert np.delete(after, 1).tolist() == np.delete(totals.after, 1).tolist()
    assert np.array_equal(thinned(totals, np.array([1]), 0.0, np.random.default_rng(1)).after, totals.after)


def test_more_is_shown_with_more() -> None:
    """Larger falls, more places and more months are shown more often; no fall about as often as the level says."""
    plan = plan_pilot(drawn(months=60, drift=0.1), [0.2, 0.5], [6, 12], [1, 4], draws=300)
    one, other = plan.pilots[0], plan.pilots[-1]
    assert (one.places, one.periods, other.places, other.periods) == (1, 6, 4, 12)
    for pilot in plan.pilots:
        assert pilot.chances[0] < 0.12
        assert pilot.chances[0] < pilot.chances[1] < pilot.chances[2]
    assert other.chances[1] > one.chances[1]
    assert other.smallest < one.smallest


def test_the_same_seed_gives_the_same_plan() -> None:
    """Plans are repeatable, and other seeds differ."""
    one, two, other = (plan_pilot(drawn(months=48), [0.3], [6], [1], draws=60, seed=seed).pilots for seed in (1, 1, 2))
    assert one == two
    assert one != other


@pytest.mark.parametrize(("lengths", "sizes", "code"), [([30], [1], "too-short-past"), ([6], [22], "too-few-untreated")])
def test_impossible_pilots(lengths: list[int], sizes: list[int], code: str) -> None:
    """A past too short, or hardly anybody left to compare with."""
    with pytest.raises(QinwuError) as raised:
        plan_pilot(drawn(), [0.2], lengths, sizes)
    assert [finding.code for finding in raised.value.findings] == [code]
