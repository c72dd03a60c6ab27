"""The other methods, on series whose truth is known: stretches, placebos, interrupted series, return to the mean, breaks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.judge.evaluate.breaks import find_breaks
from qinwu.judge.evaluate.evaluation import evaluate
from qinwu.judge.evaluate.events import event_study
from qinwu.judge.evaluate.placebo import in_space, in_time
from qinwu.judge.evaluate.ratio import naive
from qinwu.judge.evaluate.regression_to_mean import regression_to_mean
from qinwu.judge.evaluate.regressions import clustered, interrupted, linear
from qinwu.judge.evaluate.synthetic import mixing, synthetic
from tests.judge.evaluation_cases import design_of, drawn, panel_of


def smooth(fall: float = 0.0, months: int = 60) -> np.ndarray:
    """Return six places without chance: a trend, a season, and a fall of the first from January 2022 on."""
    time = np.arange(months)
    wave = 1.0 + 0.3 * np.cos(time / 12.0 * 2.0 * np.pi)
    counts = np.outer([100.0, 40, 60, 80, 120, 200], np.exp(-0.005 * time) * wave)
    counts[0, 24:] *= 1.0 - fall
    return counts


@pytest.mark.parametrize("fall", [0.0, 0.25])
def test_every_comparison_finds_a_fall_without_chance(fall: float) -> None:
    """Where places run in step, each method that compares gives the very fall."""
    design = design_of(panel_of(smooth(fall)))
    found = evaluate(design)
    shares = {each.method: each.share.change for each in (found.decides, *found.others) if each.compared and each.trouble is None}
    assert set(shares) == {"ratio", "wdd", "wdd_poisson", "synthetic"}
    assert all(share == pytest.approx(-fall, abs=0.002) for share in shares.values()), shares


def test_interrupted_series_sees_the_step_and_not_the_season() -> None:
    """Trend and season of the place itself are taken out; a fall is left."""
    found = interrupted(design_of(panel_of(smooth(0.25))))
    assert found.share.change == pytest.approx(-0.25, abs=1e-3)
    assert found.detail["trend"] == pytest.approx(math.expm1(-0.06), abs=1e-3)


def test_before_and_after_takes_the_trend_for_the_reform() -> None:
    """The same places without a reform: before and after alone shows a fall, the comparison none."""
    design = design_of(panel_of(10.0 * smooth()))
    assert naive(design).shown
    assert naive(design).share.high < 0.0
    assert evaluate(design).verdict == "no_difference_shown"


def test_a_short_series_is_refused_with_what_it_takes() -> None:
    """An interrupted series of a year before says that it needs two."""
    panel = drawn().between(12, 36)
    found = interrupted(design_of(panel))
    assert found.trouble is not None
    assert found.trouble.values == {"before": 12, "after": 12}


def test_one_treated_place_has_no_error_by_place() -> None:
    """Clustering by place with one treated place would give an error far too small; it is refused."""
    design = design_of(drawn())
    assert [each(design).trouble is not None for each in (linear, clustered)] == [True, True]
    both = design_of(drawn(), ("甲所", "乙所"))
    assert [each(both).trouble is not None for each in (linear, clustered)] == [False, False]


def test_synthetic_control_prefers_the_twin() -> None:
    """A place that runs like the treated one before gets all the weight."""
    rng = np.random.default_rng(4)
    counts = rng.poisson(50, (8, 36)).astype(float)
    counts[0, :24] = counts[3, :24]
    found, mixed = synthetic(design_of(panel_of(counts)))
    assert mixed is not None
    assert mixed.weights[mixed.donors.index(3)] == pytest.approx(1.0, abs=1e-4)
    assert found.detail["weighted"] == 1.0


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 6), st.integers(0, 200))
def test_weights_are_shares(count: int, seed: int) -> None:
    """Weights are never negative, add up to one, and no single place fits better."""
    rng = np.random.default_rng(seed)
    donors, target = rng.uniform(0.2, 2.0, (12, count)), rng.uniform(0.2, 2.0, 12)
    weights = mixing(target, donors)
    misfit = ((target - donors @ weights) ** 2).sum()
    assert (weights >= 0.0).all()
    assert weights.sum() == pytest.approx(1.0)
    assert misfit <= ((target[:, None] - donors) ** 2).sum(0).min() + 1e-6


def test_placebo_ranks_are_uniform_where_nothing_happens() -> None:
    """Each place in turn as the treated one: p takes every rank once, so that its share below a level is that level."""
    panel = drawn(20, drift=0.3)
    ranks = sorted(round(in_space(design_of(panel, (unit,))).p * 20) for unit in panel.units)
    # Untreated sets differ by one place, which may swap neighbours in rank.
    assert np.abs(np.array(ranks) - np.arange(1, 21)).max() <= 1


def test_placebo_in_space_tries_all_pairs() -> None:
    """Two treated of nine: all 21 pairs of the seven others."""
    found = in_space(design_of(drawn(9, fall=0.5), ("甲所", "乙所")))
    assert (found.t.size, found.whole) == (21, True)
    assert found.smallest == pytest.approx(1 / 22)


def test_placebo_in_time_stays_before_the_start() -> None:
    """No placebo start uses a count after the real one: changing those changes nothing."""
    panel = drawn()
    other = panel_of(np.hstack([panel.counts[:, :24], 9.0 * panel.counts[:, 24:]]))
    one, two = in_time(design_of(panel)), in_time(design_of(other))
    assert one.starts.tolist() == two.starts.tolist() == list(range(8, 13))
    assert np.array_equal(one.effects, two.effects)
    short = in_time(design_of(drawn().between(12, 36)))
    assert short.starts.tolist() == [4]


def test_stretches_show_when_it_began() -> None:
    """Before the start nothing departs; after it every stretch does."""
    found = event_study(design_of(drawn(level=400.0, fall=0.3)))
    before, after = ([each for each in found.stretches if each.after is kind] for kind in (False, True))
    assert (found.length, len(before), len(after)) == (3, 8, 4)
    assert found.before.p_apart > 0.05
    assert found.before.p_trend > 0.05
    assert all(each.share.high < 0.0 for each in after)


def test_a_place_that_ran_another_way_before_is_told() -> None:
    """A treated place that fell long before the start makes the check speak."""
    counts = drawn(level=300.0).counts.copy()
    counts[0, :24] *= np.linspace(2.0, 1.0, 24)
    found = evaluate(design_of(panel_of(np.rint(counts))))
    assert {"unlike_before", "moving_before"} <= set(found.doubts)


def test_a_trend_before_is_carried_on() -> None:
    """A treated place that loses a per cent a month against the others: the trend alone explains the later difference."""
    counts = np.tile(np.array([[1e4], [2e4], [3e4], [1e4], [2e4], [3e4]]), (1, 36))
    counts[0] *= np.exp(-0.01 * np.arange(36))
    found = evaluate(design_of(panel_of(np.rint(counts))))
    # From the middle of the time before (11.5) to the middle of the time after (29.5) are 18 months.
    assert found.events.before.gone_on == pytest.approx(math.expm1(-0.18), abs=0.002)
    assert found.decides.share.change == pytest.approx(math.expm1(-0.18), abs=0.005)
    assert found.trend_explains
    assert "moving_before" in found.doubts


def test_the_worst_places_get_better_on_their_own() -> None:
    """Places chosen for their worst year fall next year without a reform, by about what the check expects."""
    rng = np.random.default_rng(8)
    places, falls, told = 200, [], []
    rates = 30.0 * np.exp(0.5 * rng.standard_normal((places, 3)))
    counts = rng.poisson(np.repeat(rates, 12, axis=1) / 3.0).astype(float)
    panel = panel_of(counts, tuple(f"P{at:03d}" for at in range(places)))
    departure = counts[:, 12:24].sum(1) / counts[:, :12].sum(1)
    for at in np.argsort(-departure)[:12]:
        found = regression_to_mean(design_of(panel, (panel.units[at],)))
        assert found is not None
        assert found.suspicious
        told.append(math.log1p(found.expected))
        falls.append(math.log(counts[at, 24:].sum() / counts[at, 12:24].sum()))
    assert np.mean(told) < -0.4
    assert np.mean(told) == pytest.approx(np.mean(falls), abs=0.35)


def test_no_check_of_the_mean_without_two_years() -> None:
    """Fewer than two years before, or fewer than ten places: it is not told."""
    assert regression_to_mean(design_of(drawn(9))) is None
    assert regression_to_mean(design_of(drawn().between(6, 36))) is None


# -- breaks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("events", [True, False])
def test_units_that_disappear_are_a_break(events: bool) -> None:
    """Two units are merged into a third: the period is found, and who went."""
    counts = drawn(8).counts.copy()
    counts[2, 20:] += counts[6, 20:] + counts[7, 20:]
    counts[6:, 20:] = 0.0
    found = find_breaks(panel_of(counts, events=events))
    assert [(each.at, each.kind, each.gone) for each in found] == [(20, "units", ("庚所", "辛所"))]
    assert abs(found[0].total) < 0.2


def test_boundaries_redrawn_between_units_are_a_break() -> None:
    """Every unit keeps its name but gets other streets: all jump, the whole does not."""
    counts = drawn(8, 48, level=60.0).counts.copy()
    shares = np.array([1.6, 0.5, 1.5, 0.6, 1.4, 0.5, 1.7, 0.6])
    whole = counts[:, 24:].sum(0)
    counts[:, 24:] *= shares[:, None]
    counts[:, 24:] *= whole / counts[:, 24:].sum(0)
    found = find_breaks(panel_of(np.rint(counts)))
    assert len(found) == 1
    assert (found[0].kind, abs(found[0].at - 24) <= 1) == ("shares", True)


@settings(deadline=None, max_examples=25)
@given(st.integers(3, 24), st.sampled_from([2.0, 10.0, 60.0]), st.floats(0.0, 0.15), st.floats(0.0, 0.6), st.integers(0, 10_000))
def test_what_happens_to_crime_is_no_break(places: int, level: float, drift: float, fall: float, seed: int) -> None:
    """Chance, season, drift of places and a reform in one of them are not taken for redrawn boundaries."""
    assert find_breaks(drawn(places, 48, level, drift, fall, seed)) == ()


def test_a_large_fall_in_one_place_is_no_break() -> None:
    """Four fifths fewer in one of five places moves the mean of all, not the place in the middle."""
    assert find_breaks(drawn(5, 48, level=400.0, fall=0.8)) == ()


def test_a_fall_everywhere_is_no_break() -> None:
    """When everything halves at once shares stay what they were: that is for the reader of the series, not a boundary."""
    counts = drawn(8, 48, level=60.0).counts.copy()
    counts[:, 24:] = np.rint(0.5 * counts[:, 24:])
    assert find_breaks(panel_of(counts)) == ()
