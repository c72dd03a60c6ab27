"""Funnels, shrinkage and ranks: exact laws summed by hand, closed forms, another optimiser, and coverage by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.judge.score.funnel import funnel, sizes
from qinwu.judge.score.limits import Spread, exact_limit, limit, spread_of, winsorised, z_scores
from qinwu.judge.score.ranks import above, dispersion_of, on_even_scale, rank_intervals
from qinwu.judge.score.shrinkage import PLACES, Prior, log_likelihood, priors, shrunk
from qinwu.judge.score.tally import Tally, tally

CHANCE_ALONE = Spread("additive", 1.0, 0.0, over=False)


def _drawn(rng: np.random.Generator, truth: np.ndarray, exposure: np.ndarray, chance: str) -> Tally:
    events = rng.binomial(exposure.astype(int), truth) if chance == "share" else rng.poisson(truth * exposure)
    names = tuple(f"u{number}" for number in range(truth.size))
    return Tally(names, events.astype(float), exposure.astype(float), "share" if chance == "share" else "rate")


def _by_hand(law: np.ndarray, tail: float) -> float:
    """Return the interpolated count at a tail, lower or upper, from the probabilities of 0, 1, 2 and so on."""
    if tail > 0.5:
        return law.size - 1 - _by_hand(law[::-1], 1.0 - tail)
    below = law.cumsum()
    count = int(np.argmax(below >= tail))
    return float(count - (below[count] - tail) / law[count])


@pytest.mark.parametrize(("tail", "target", "size"), [(0.025, 0.8, 40), (0.975, 0.8, 40), (0.001, 0.97, 200), (0.999, 0.3, 7)])
def test_binomial_limit_by_summing_the_law(tail: float, target: float, size: int) -> None:
    """The limit lies between the two counts around the tail, as far as the summed probabilities say."""
    law = [math.comb(size, count) * target**count * (1.0 - target) ** (size - count) for count in range(size + 1)]
    by_hand = min(max(_by_hand(np.array(law), tail), 0.0), size) / size
    assert exact_limit(tail, target, np.array([float(size)]), "share")[0] == pytest.approx(by_hand, abs=1e-10)


def test_poisson_limit_by_summing_the_law() -> None:
    """Twelve expected events: the outer limits from the summed probabilities."""
    law = np.array([math.exp(-12.0) * 12.0**count / math.factorial(count) for count in range(60)])
    for tail in (0.001, 0.025, 0.975, 0.999):
        assert exact_limit(tail, 3.0, np.array([4.0]), "rate")[0] == pytest.approx(_by_hand(law, tail) / 4.0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.floats(0.02, 0.98), st.sampled_from([0.001, 0.025]))
def test_outside_is_what_an_exact_test_calls_so(size: int, target: float, tail: float) -> None:
    """A count lies beyond the limit exactly where so few, or so many, have less than the probability of the tail."""
    from scipy.stats import binom

    law = binom.pmf(np.arange(size + 1), size, target)
    low, high = (exact_limit(each, target, np.array([float(size)]), "share")[0] for each in (tail, 1.0 - tail))
    for count in range(size + 1):
        few, many = law[: count + 1].sum(), law[count:].sum()
        if min(abs(few - tail), abs(many - tail)) > 1e-9:
            assert bool(count / size < low - 1e-12) == bool(few < tail)
            assert bool(count / size > high + 1e-12) == bool(many < tail)


def test_limits_of_large_units_are_normal() -> None:
    """With a hundred thousand cases the exact limit is target ± 1.96 standard errors."""
    found = exact_limit(0.975, 0.8, np.array([1e5]), "share")[0]
    assert found == pytest.approx(0.8 + 1.959964 * math.sqrt(0.16 / 1e5), abs=1e-5)


def test_units_at_the_target_lie_within_as_often_as_promised() -> None:
    """Under chance alone 5 % are outside the inner and 0.2 % outside the outer limits, at most."""
    rng = np.random.default_rng(3)
    exposure = rng.integers(20, 400, 20_000)
    counts = _drawn(rng, np.full(exposure.size, 0.85), exposure, "share")
    outside = dict.fromkeys((0.025, 0.001), 0.0)
    for tail in outside:
        low, high = (exact_limit(each, 0.85, counts.exposure, "share") for each in (tail, 1.0 - tail))
        outside[tail] = float(((counts.values < low) | (counts.values > high)).mean())
    assert outside[0.025] == pytest.approx(0.05, abs=0.012)
    assert outside[0.001] == pytest.approx(0.002, abs=0.0012)


def test_spread_of_chance_alone_is_not_called_more() -> None:
    """Units that differ by chance are called over-dispersed about as seldom as two standard errors allow."""
    rng = np.random.default_rng(4)
    called = 0
    for _ in range(400):
        counts = _drawn(rng, np.full(30, 2.0), rng.uniform(20, 200, 30), "rate")
        called += spread_of(counts, 2.0).over
    assert called / 400 < 0.03


def test_spread_between_units_is_found() -> None:
    """Units that truly differ with standard deviation 0.3: tau finds it, and phi is far above one."""
    rng = np.random.default_rng(5)
    truth = 2.0 + 0.3 * rng.standard_normal(4000)
    counts = _drawn(rng, truth, rng.uniform(200, 400, 4000), "rate")
    found = spread_of(counts, 2.0, share=0.0)
    assert found.over
    assert found.tau == pytest.approx(0.3, abs=0.02)


def test_phi_by_hand() -> None:
    """Five units of a hundred at 50 %: z = -4, -2, 0, 2, 4 gives phi 8 without winsorising, and 4.48 with a tenth at either end."""
    counts = tally([(name, events, 100) for name, events in zip("abcde", (30, 40, 50, 60, 70), strict=True)], "share")
    assert z_scores(counts, 0.5) == pytest.approx([-4.0, -2.0, 0.0, 2.0, 4.0])
    assert spread_of(counts, 0.5, share=0.0).phi == pytest.approx(8.0)
    assert winsorised(z_scores(counts, 0.5)) == pytest.approx([-3.2, -2.0, 0.0, 2.0, 3.2])
    assert spread_of(counts, 0.5).phi == pytest.approx((2 * 3.2**2 + 2 * 2.0**2) / 5)


def test_wide_limits_follow_the_paper() -> None:
    """Multiplicative limits are sqrt(phi) as far out; additive ones are z sqrt(s² + tau²) where chance is normal."""
    size = np.array([1e6])
    exact = limit(0.975, 3.0, size, "rate", CHANCE_ALONE)[0] - 3.0
    assert limit(0.975, 3.0, size, "rate", Spread("multiplicative", 4.0, 0.1, over=True))[0] == pytest.approx(3.0 + 2.0 * exact)
    added = limit(0.025, 3.0, size, "rate", Spread("additive", 4.0, 0.1, over=True))[0]
    assert added == pytest.approx(3.0 - 1.959964 * math.sqrt(3.0 / 1e6 + 0.01), abs=1e-5)


def test_a_funnel_says_who_is_beyond() -> None:
    """Nineteen ordinary beats and one that cannot be chance; a tiny one at 100 % is nothing."""
    rows = [(f"B{number:02}", 80 + number % 5 - 2, 100) for number in range(19)]
    drawn = funnel(tally([*rows, ("tiny", 5, 5), ("odd", 399, 400)], "share"))
    assert [mark.name for mark in drawn.beyond] == ["odd"]
    assert not drawn.spread.over
    assert sizes(drawn.counts)[0] >= 1.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=12), st.sampled_from(["share", "rate"]))
def test_limits_are_in_order(pairs: list[tuple[int, int]], chance: str) -> None:
    """The outer limits enclose the inner ones, and those the target, whatever the counts; shares stay between 0 and 1."""
    rows = [(f"u{at}", float(min(one, other) if chance == "share" else one), float(other)) for at, (one, other) in enumerate(pairs)]
    drawn = funnel(tally(rows, "share" if chance == "share" else "rate"))
    for mark in drawn.marks:
        ends = (mark.outer[0], mark.inner[0], mark.inner[1], mark.outer[1])
        assert list(ends) == sorted(ends)
        assert mark.outer[0] <= drawn.target + 1e-12
        assert drawn.target <= mark.outer[1] + 1e-9
        if chance == "share":
            assert 0.0 <= mark.outer[0] <= mark.outer[1] <= 1.0


@pytest.mark.parametrize("chance", ["share", "rate"])
def test_likeliest_prior_is_where_another_optimiser_finds_it(chance: str) -> None:
    """Nelder-Mead on scipy's own laws ends beside the likeliest of the priors averaged over, and hardly any likelier."""
    from scipy.optimize import minimize
    from scipy.stats import betabinom, nbinom

    rng = np.random.default_rng(8)
    exposure = rng.integers(15, 120, 60)
    truth = rng.beta(12, 4, 60) if chance == "share" else rng.gamma(6, 0.25, 60)
    counts = _drawn(rng, truth, exposure, chance)

    def unlikely(at: np.ndarray) -> float:
        a, b = (float(each) for each in np.exp(at))
        if chance == "share":
            return -float(np.sum(betabinom.logpmf(counts.events, exposure, a, b)))
        return -float(np.sum(nbinom.logpmf(counts.events, a, b / (b + exposure))))

    other = minimize(unlikely, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 4000})
    a, b = np.exp(other.x)
    mean, strength = (a / (a + b), a + b) if chance == "share" else (a / b, b)
    middles = [prior for _, prior in priors(counts)][len(PLACES) // 2 :: len(PLACES)]
    likeliest = max(middles, key=lambda each: log_likelihood(counts, each))
    size = float(np.median(exposure))
    assert likeliest.mean == pytest.approx(mean, rel=0.01)
    assert likeliest.strength / (size + likeliest.strength) == pytest.approx(strength / (size + strength), abs=0.03)
    assert log_likelihood(counts, Prior(mean, strength)) >= log_likelihood(counts, likeliest)
    assert log_likelihood(counts, Prior(mean, strength)) == pytest.approx(log_likelihood(counts, likeliest), abs=1.0)


def test_likelihood_is_that_of_statsmodels() -> None:
    """Negative binomial regression with an exposure is the same model: likelihoods differ by the same constant everywhere."""
    from scipy.special import gammaln
    from statsmodels.discrete.discrete_model import NegativeBinomial

    rng = np.random.default_rng(9)
    exposure = rng.uniform(20, 200, 80)
    counts = _drawn(rng, rng.gamma(5, 0.1, 80), exposure, "rate")
    model = NegativeBinomial(counts.events, np.ones((80, 1)), exposure=exposure)
    for mean, strength in ((0.5, 10.0), (0.4, 50.0), (0.7, 3.0)):
        theirs = float(model.loglike(np.array([math.log(mean), -math.log(mean * strength)])))
        assert log_likelihood(counts, Prior(mean, strength)) == pytest.approx(theirs + gammaln(counts.events + 1.0).sum(), rel=1e-9)


def test_units_that_differ_by_chance_are_drawn_close_together() -> None:
    """Three units at exactly the same rate stay there, and the small one is told far more exactly than its own ten events allow."""
    from qinwu.judge.claims.rates import poisson_interval

    found = shrunk(tally([("a", 10, 100), ("b", 200, 2000), ("c", 300, 3000)], "rate"))
    assert [each.value for each in found] == pytest.approx([0.1, 0.1, 0.1], rel=0.01)
    low, high = poisson_interval(10)
    assert found[0].high - found[0].low < 0.75 * (high - low) / 100.0


def test_units_without_any_event_are_told_too() -> None:
    """Nothing anywhere: values near 0 with an upper end, and no error."""
    for chance in ("share", "rate"):
        found = shrunk(tally([("a", 0, 50), ("b", 0, 80)], "share" if chance == "share" else "rate"))
        assert all(0.0 <= each.low <= each.value <= 0.01 < 0.015 <= each.high <= 0.08 for each in found)


def test_posterior_in_closed_form() -> None:
    """A gamma(2, 10) prior and 7 events in 30 hours: mean 9/40, and the quantiles of gamma(9, 40)."""
    from scipy.stats import gamma

    found = shrunk(tally([("a", 7, 30)], "rate"), Prior(0.2, 10.0))[0]
    assert found.value == pytest.approx(9.0 / 40.0)
    assert found.low == pytest.approx(gamma.ppf(0.025, 9.0, scale=1.0 / 40.0))


def test_shrunk_values_are_nearer_to_the_truth() -> None:
    """On small units shrinking halves the squared error, and the intervals hold the truth about as often as they say."""
    rng = np.random.default_rng(10)
    raw, drawn, held = [], [], []
    for _ in range(16):
        truth = rng.beta(16, 4, 40)
        counts = _drawn(rng, truth, rng.integers(5, 40, 40), "share")
        found = shrunk(counts)
        raw.append(((counts.values - truth) ** 2).mean())
        drawn.append(((np.array([each.value for each in found]) - truth) ** 2).mean())
        held.append(np.mean([each.low <= one <= each.high for each, one in zip(found, truth, strict=True)]))
    assert np.mean(drawn) < 0.6 * np.mean(raw)
    assert 0.92 <= np.mean(held) <= 0.97


def test_critical_value_is_that_of_the_studentised_range() -> None:
    """With equal errors the first step is Tukey's test: two units differ where their gap exceeds q / sqrt(2) standard errors."""
    from scipy.stats import studentized_range

    q = float(studentized_range.ppf(0.95, 6, np.inf))
    for factor, expected in ((0.97, False), (1.03, True)):
        value = np.zeros(6)
        value[0] = q / math.sqrt(2.0) * math.sqrt(2.0) * factor
        assert above(value, np.ones(6), draws=40_000)[0, 1] is np.bool_(expected)


@pytest.mark.parametrize("chance", ["share", "rate"])
def test_rank_sets_hold_all_true_ranks_at_once(chance: str) -> None:
    """Twelve units with small gaps between them: all sets hold all true places in at least 95 % of draws."""
    rng = np.random.default_rng(11)
    truth = np.linspace(0.88, 0.96, 12) if chance == "share" else np.linspace(1.0, 1.5, 12)
    exposure = np.array([60, 400, 90, 800, 150, 60, 300, 2000, 75, 500, 1000, 250])
    true_rank = {f"u{number}": 12 - number for number in range(12)}
    held, widths = 0, []
    for _ in range(120):
        found = rank_intervals(_drawn(rng, truth, exposure, chance), high_is_good=True, draws=1000, seed=int(rng.integers(1 << 30)))
        ranked = [each for each in found if each.best is not None and each.worst is not None]
        assert len(ranked) == 12
        held += all((each.best or 0) <= true_rank[each.name] <= (each.worst or 0) for each in ranked)
        widths.append(np.mean([each.width for each in ranked]))
    assert held / 120 >= 0.94
    assert np.mean(widths) < 12.0


def test_equal_units_are_told_apart_no_oftener_than_promised() -> None:
    """Twenty equal units: any two are told apart in about one draw of twenty."""
    rng = np.random.default_rng(12)
    told = 0
    for _ in range(120):
        found = rank_intervals(_drawn(rng, np.full(20, 0.9), rng.integers(100, 900, 20), "share"), high_is_good=True, draws=1000)
        told += any(each.width < 20 for each in found)
    assert told / 120 <= 0.08


def test_no_rank_below_thirty_events() -> None:
    """29 events give no rank, and such a unit may be above or below any other; 30 do."""
    counts = tally([("a", 29, 40), ("b", 30, 60), ("c", 900, 600)], "rate")
    found = {each.name: (each.best, each.worst) for each in rank_intervals(counts, high_is_good=False)}
    assert found == {"a": (None, None), "b": (1, 2), "c": (2, 3)}
    cases = tally([("few", 29, 29), ("many", 10, 30)], "share")
    assert [each.best for each in rank_intervals(cases, high_is_good=True)] == [None, 1]


def test_low_is_good_turns_the_table_round() -> None:
    """The same counts with the lowest first: best and worst change places."""
    counts = tally([("a", 400, 100), ("b", 100, 100), ("c", 105, 100)], "rate")
    high = {each.name: (each.best, each.worst) for each in rank_intervals(counts, high_is_good=True)}
    low = {each.name: (each.best, each.worst) for each in rank_intervals(counts, high_is_good=False)}
    assert high == {"a": (1, 1), "b": (2, 3), "c": (2, 3)}
    assert low == {"a": (3, 3), "b": (1, 2), "c": (1, 2)}


def test_dispersion_is_one_for_chance_and_three_for_events_in_threes() -> None:
    """Poisson counts scatter with factor 1; events that come three at a time with factor 3."""
    rng = np.random.default_rng(13)
    single = rng.poisson(10.0, (40, 60)).astype(float)
    assert dispersion_of(single) == pytest.approx(1.0, abs=0.06)
    assert dispersion_of(3.0 * single) == pytest.approx(3.0, abs=0.2)


def test_more_dispersion_leaves_more_places_open() -> None:
    """With counts that scatter four times as much, sets are never narrower."""
    rng = np.random.default_rng(14)
    counts = _drawn(rng, np.linspace(1.0, 3.0, 10), np.full(10, 80.0), "rate")
    plain = {each.name: each.width for each in rank_intervals(counts, high_is_good=False)}
    wide = {each.name: each.width for each in rank_intervals(counts, high_is_good=False, dispersion=4.0)}
    assert all(wide[name] >= width for name, width in plain.items())
    assert sum(wide.values()) > sum(plain.values())


def test_even_scale_has_the_error_it_says() -> None:
    """Roots of Poisson counts and arcsines of shares scatter by the stated error at any level."""
    rng = np.random.default_rng(15)
    for chance, truth in (("rate", 0.6), ("rate", 4.0), ("share", 0.5), ("share", 0.9)):
        counts = _drawn(rng, np.full(20_000, truth), np.full(20_000, 200), chance)
        value, error = on_even_scale(counts)
        assert value.std() == pytest.approx(error[0], rel=0.04)


def test_impossible_counts_are_all_named() -> None:
    """Negative, broken, more than all, nothing to count against: one finding each."""
    rows = [("a", -1.0, 5.0), ("b", 2.5, 5.0), ("c", 6.0, 5.0), ("d", 1.0, 0.0), ("e", 1.0, 2.0)]
    with pytest.raises(QinwuError) as caught:
        tally(rows, "share")
    assert [(one.code, one.place.key) for one in caught.value.findings] == [
        ("no-count", "a"),
        ("no-count", "b"),
        ("more-than-all", "c"),
        ("no-exposure", "d"),
    ]
