"""What screens reckon with: one beside the rest, changes, excess under a threshold, adjustment, against closed forms and draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.judge.integrity.change import rise
from qinwu.judge.integrity.look import Look, adjusted, benjamini_hochberg, strongest_first
from qinwu.judge.integrity.peers import below_ceiling, shares_beside_rest, values_beside_rest
from qinwu.judge.integrity.screens.bunching import excess


def look(p: float, screen: str = "a", *, material: bool = True) -> Look:
    """Return a look of which only the chance matters."""
    return Look(screen, "u", "", "", 100, 0.5, 0.4, p, material, "{unit}")


def test_benjamini_hochberg_is_that_of_the_definition() -> None:
    """Adjusted p-values are min over later ranks of m p / rank, worked out one by one."""
    p = np.array([0.001, 0.2, 0.03, 0.04, 0.9, 0.008])
    order = np.argsort(p)
    by_hand = np.empty(6)
    for place, at in enumerate(order):
        by_hand[at] = min(min(6 * p[order[later]] / (later + 1) for later in range(place, 6)), 1.0)
    assert benjamini_hochberg(p) == pytest.approx(by_hand)


def test_a_small_screen_is_not_drowned() -> None:
    """Beside a screen of two hundred looks a lone p of 0.01 keeps q near 0.02: every screen weighs the same."""
    looks = adjusted([[look(0.01, "small")], [look(0.5 + at / 500, "large") for at in range(200)]])
    assert looks[0].q == pytest.approx(0.02, rel=0.02)
    assert looks[0].stands()


def test_sums_that_do_not_agree_have_no_chance() -> None:
    """A look without a p stands if it matters, comes first, and takes no part in the adjustment."""
    certain = look(math.nan)
    looks = adjusted([[certain, look(0.04)]])
    assert looks[1].q == pytest.approx(0.04)
    assert next(strongest_first(looks)).certain
    assert not adjusted([[look(math.nan, material=False)]])[0].stands()


def test_odds_are_the_bound_of_sellke_bayarri_and_berger() -> None:
    """P = 0.05 is at most 2.5 times likelier than under chance, p = 0.5 not at all."""
    assert look(0.05).odds == pytest.approx(2.456, abs=0.001)
    assert look(0.5).odds == 1.0


def test_one_peer_and_the_prior() -> None:
    """With one peer of 620 in 1000 the prediction is about its share, and as wide as units of public records differ."""
    found = shares_beside_rest(np.array([620.0, 650.0]), np.array([1000.0, 1000.0]))
    assert found.expected[1] == pytest.approx(0.62, abs=0.01)
    assert 0.2 < found.above[1] < 0.45


def test_prediction_against_draws() -> None:
    """Where units are drawn from one beta distribution, p is uniform: 5 % below 0.05, within what 1,000 draws allow."""
    rng = np.random.default_rng(1)
    p = []
    for _ in range(120):
        share = rng.beta(0.6 * 80, 0.4 * 80, 8)
        p += shares_beside_rest(rng.binomial(400, share).astype(float), np.full(8, 400.0)).above.tolist()
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.02)
    assert np.mean(np.array(p) <= 0.5) == pytest.approx(0.5, abs=0.04)


def test_tail_probabilities_add_up() -> None:
    """P(≥ x) + P(≤ x) = 1 + P(x): with P(x) from the two tails of x and x + 1."""
    hits, n = np.array([40.0, 52.0, 48.0]), np.full(3, 100.0)
    here = shares_beside_rest(hits, n)
    shifted = shares_beside_rest(hits + np.array([1.0, 0.0, 0.0]), n)
    exactly = here.above[0] - shifted.above[0]
    assert here.above[0] + here.below[0] == pytest.approx(1.0 + exactly, abs=1e-6)


def test_units_at_the_ceiling_are_no_peers() -> None:
    """Nine units at 99 % and one at 62 %: the nine are compared with the one, and the one with nobody."""
    n = np.full(10, 200.0)
    hits = np.array([124.0] + [199.0] * 9)
    found = shares_beside_rest(hits, n, below_ceiling(0.97))
    assert np.isnan(found.above[0])
    assert (found.above[1:] < 0.005).all()


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 99), st.integers(0, 100), st.integers(0, 100))
def test_more_hits_are_never_less_strange(hits: int, one: int, other: int) -> None:
    """The chance of so many or more falls with the number of hits, and is a probability."""
    n = np.full(3, 100.0)
    fewer = shares_beside_rest(np.array([hits - 1.0, one, other]), n).above[0]
    more = shares_beside_rest(np.array([float(hits), one, other]), n).above[0]
    assert -1e-9 <= more <= fewer + 1e-9 <= 1.0 + 2e-9


def test_values_beside_rest_keep_their_level() -> None:
    """Units that differ as the prior says: 5 % of p-values below 0.05."""
    rng = np.random.default_rng(2)
    p = [
        values_beside_rest(rng.normal(0.0, 0.1, 8) + rng.normal(0.0, 0.05, 8), np.full(8, 0.05)).below.tolist() for _ in range(400)
    ]
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.02)


def test_a_step_is_found_where_it_is() -> None:
    """A share that goes from 5 to 15 % in week 30 of 52 is found within two weeks of it."""
    rng = np.random.default_rng(3)
    n = np.full(52, 60.0)
    hits = rng.binomial(60, np.where(np.arange(52) < 30, 0.05, 0.15)).astype(float)
    found = rise(hits, n)
    assert found is not None
    assert abs(found.at - 30) <= 2
    assert found.p < 1e-4
    assert found.before == pytest.approx(0.05, abs=0.02)


def test_what_happens_to_everybody_is_no_change_of_one() -> None:
    """The same step in the rest takes the sign away."""
    rng = np.random.default_rng(4)
    n, rate = np.full(52, 60.0), np.where(np.arange(52) < 30, 0.05, 0.15)
    found = rise(rng.binomial(60, rate).astype(float), n, rng.binomial(600, rate).astype(float), np.full(52, 600.0))
    assert found is not None
    assert found.p > 0.05


@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_no_change_keeps_its_level(alike: float) -> None:
    """Shares that wander without a step: at most 7 % of p-values below 0.05, 10 % where weeks resemble each other."""
    rng = np.random.default_rng(5)
    p = []
    for _ in range(400):
        noise = rng.normal(0.0, 1.0, 52)
        for at in range(1, 52):
            noise[at] = alike * noise[at - 1] + math.sqrt(1.0 - alike**2) * noise[at]
        found = rise(rng.binomial(80, 0.2 + 0.03 * noise).astype(float), np.full(52, 80.0))
        assert found is not None
        p.append(found.p)
    assert np.mean(np.array(p) <= 0.05) <= (0.1 if alike else 0.07)
    assert np.mean(np.array(p) <= 0.001) <= 0.005


def test_too_short_a_time_has_no_change() -> None:
    """Seven periods are too few."""
    assert rise(np.ones(7), np.full(7, 10.0)) is None


def bell(cases: int, rng: np.random.Generator) -> np.ndarray:
    """Return lognormal response times counted in sixty bins."""
    times = rng.lognormal(math.log(9.0), 0.6, cases)
    return np.bincount((times / 0.5).astype(int), minlength=60)[:60].astype(float)


def test_smooth_counts_have_no_excess() -> None:
    """Lognormal times around a limit of ten: 5 % of p-values below 0.05, within what 400 draws allow."""
    rng = np.random.default_rng(6)
    p = [found.p for _ in range(400) if (found := excess(bell(2000, rng), 20, 4)) is not None]
    assert len(p) == 400
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.03)


def test_excess_is_what_was_planted() -> None:
    """Two hundred cases put just under the limit are found, and their number within fifty."""
    counts = bell(4000, np.random.default_rng(7))
    counts[16:20] += 50.0
    found = excess(counts, 20, 4)
    assert found is not None
    assert found.p < 1e-4
    assert found.below - found.expected_below == pytest.approx(200.0, abs=80.0)


def test_heaps_are_no_excess() -> None:
    """Amounts heaped on every fifth bin, tenfold, gather nowhere: heaps multiply."""
    rng = np.random.default_rng(8)
    place = np.arange(60)
    rate = 60.0 * np.exp(-place / 25.0) * np.where(place % 5 == 0, 3.0, 1.0) * np.where(place % 10 == 0, 2.0, 1.0)
    levels = np.column_stack([place % 5 == 0, place % 10 == 0]).astype(float)
    p = [found.p for _ in range(200) if (found := excess(rng.poisson(rate).astype(float), 20, 3, levels)) is not None]
    assert np.mean(np.array(p) <= 0.05) <= 0.09
