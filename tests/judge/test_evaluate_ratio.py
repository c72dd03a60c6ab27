"""The test that decides: closed form, drift and error, against other programs and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.judge.evaluate import ratio
from qinwu.judge.evaluate.choosing import choices, membership
from qinwu.judge.evaluate.design import Totals
from qinwu.judge.evaluate.estimate import of_logs
from qinwu.judge.evaluate.panel import F64
from tests.judge.evaluation_cases import design_of, drawn, panel_of


def totals(before: list[float], after: list[float]) -> Totals:
    """Return totals with equal times before and after."""
    ones = np.ones(len(before))
    return Totals(np.array(before, float), np.array(after, float), ones, ones)


def test_effect_is_the_ratio_of_ratios() -> None:
    """100 to 80 beside 300 to 270 is 80/100 over 270/300, but for the halves."""
    found = ratio.ratios(totals([100, 100, 100, 100], [80, 90, 90, 90]), np.array([[1.0, 0.0, 0.0, 0.0]]))
    assert found.effect[0] == pytest.approx(math.log(80.5 / 100.5) - math.log(270.5 / 300.5))
    assert found.error[0] == pytest.approx(math.sqrt(1 / 80.5 + 1 / 100.5 + 1 / 270.5 + 1 / 300.5))


def test_drift_is_that_of_meta_analysis() -> None:
    """The variance between places beyond Poisson is DerSimonian and Laird's, by statsmodels."""
    from statsmodels.stats.meta_analysis import combine_effects

    rng = np.random.default_rng(3)
    before = rng.integers(50, 300, 12).astype(float)
    after = rng.poisson(before * np.exp(0.25 * rng.standard_normal(12))).astype(float)
    change = np.log((after + 0.5) / (before + 0.5))
    variance = 1 / (after + 0.5) + 1 / (before + 0.5)
    expected = combine_effects(change[1:], variance[1:], method_re="dl").tau2
    found = ratio.ratios(totals(before.tolist(), after.tolist()), membership(np.array([[0]]), 12))
    assert expected > 0.01
    assert found.drift[0] ** 2 == pytest.approx(expected)


def test_drift_widens_the_interval() -> None:
    """Places that drift apart on their own make the same change less certain."""
    calm, wild = (ratio.estimate(design_of(drawn(drift=drift, fall=0.2))) for drift in (0.0, 0.3))
    assert wild.detail["error"] > 2.0 * calm.detail["error"]
    assert calm.shown
    assert wild.share.high - wild.share.low > calm.share.high - calm.share.low


def test_exposure_takes_its_part() -> None:
    """Twice the people and twice the events are no change."""
    counts = np.tile(np.array([[40.0] * 24 + [40.0] * 12]), (6, 1))
    counts[0, 24:] = 80.0
    people = np.full(counts.shape, 1000.0)
    people[0, 24:] = 2000.0
    plain, per_head = (ratio.estimate(design_of(panel_of(counts, exposure=each))) for each in (None, people))
    assert plain.share.change == pytest.approx(1.0, abs=0.01)
    assert per_head.share.change == pytest.approx(0.0, abs=0.01)


def test_nothing_is_shown_where_places_are_too_few() -> None:
    """With two untreated places their spread is not known: an estimate, no interval, no p."""
    found = ratio.estimate(design_of(drawn(3, fall=0.5)))
    assert found.share.change < -0.3
    assert math.isnan(found.p)
    assert math.isnan(found.share.low)


def test_calibration_is_the_spread_of_placebos() -> None:
    """The error is multiplied by the root mean square of t of each untreated place against the others."""
    design = design_of(drawn(drift=0.2))
    untreated = design.totals().of(design.control)
    each = [float(ratio.ratios(untreated, membership(np.array([[at]]), 23)).t[0]) for at in range(23)]
    assert ratio.calibration(untreated, 1) == pytest.approx(math.sqrt(np.mean(np.square(each))))


def test_few_places_never_narrow_the_error() -> None:
    """Below twenty untreated places calibration makes the test only more careful."""
    for seed in range(8):
        design = design_of(drawn(9, seed=seed))
        assert ratio.calibration(design.totals().of(design.control), 1) >= 1.0


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=4, max_size=9), st.data())
def test_order_of_places_does_not_matter(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    """Permuting untreated places changes nothing, and all numbers stay finite, zeros included."""
    order = data.draw(st.permutations(range(1, len(pairs))))
    before, after = (np.array(each, float) for each in zip(*pairs, strict=True))
    moved = [0, *order]
    one, other = (
        ratio.ratios(totals(b.tolist(), a.tolist()), membership(np.array([[0]]), len(pairs)))
        for b, a in ((before, after), (before[moved], after[moved]))
    )
    assert np.isfinite([*one.effect, *one.error, *one.drift]).all()
    assert one.t[0] == pytest.approx(other.t[0])


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 7), st.integers(1, 3), st.integers(0, 99))
def test_many_choices_at_once_are_each_alone(places: int, size: int, seed: int) -> None:
    """The vectorised ratios are those of every choice worked out alone."""
    places += size
    rng = np.random.default_rng(seed)
    given_totals = totals(rng.integers(0, 90, places).tolist(), rng.integers(0, 90, places).tolist())
    chosen, _ = choices(places, size, 1, 20)
    at_once = ratio.ratios(given_totals, membership(chosen, places))
    for number, rows in enumerate(chosen):
        alone: F64 = np.zeros((1, places))
        alone[0, rows] = 1.0
        single = ratio.ratios(given_totals, alone)
        assert at_once.effect[number] == pytest.approx(single.effect[0])
        assert at_once.error[number] == pytest.approx(single.error[0])


def test_shares_of_logarithms() -> None:
    """Half is -50 %, and bounds keep their order."""
    found = of_logs(math.log(0.5), 0.1, 2.0)
    assert found.change == pytest.approx(-0.5)
    assert found.low < found.change < found.high


def test_choices_are_all_or_a_sample_without_double_places() -> None:
    """Few choices are all tried; of many a sample is drawn, the same for the same seed."""
    every, whole = choices(6, 3, 1, 50)
    some, part = choices(40, 3, 7, 50)
    assert (len(every), whole, len(some), part) == (20, True, 50, False)
    assert all(len(set(row)) == 3 for row in some.tolist())
    assert np.array_equal(some, choices(40, 3, 7, 50)[0])
