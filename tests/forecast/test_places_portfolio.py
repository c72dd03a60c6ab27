"""Portfolio, scores and windows: closed forms, and a future that cannot be seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.forecast.places.backtest import back_test
from qinwu.forecast.places.events import Events, make_events
from qinwu.forecast.places.library import Decayed, LastYear, Library, NearRepeat, SelfExciting
from qinwu.forecast.places.portfolio import CAUTION, ChosenKernel, Portfolio, fit_weights, most
from qinwu.forecast.places.scoring import F64, score
from tests.forecast.place_cases import drawn, squares, uneven

SOME = (LastYear(), Decayed(0.5, 180.0, "near"), SelfExciting(), NearRepeat())


@dataclass(frozen=True)
class Even:
    """Foresees the same everywhere."""

    name: str = "even"

    def expected(self, library: Library, origin: float) -> F64:  # noqa: ARG002
        """Return ones."""
        return np.ones(len(library.events.ground))


def test_even_choice_of_all_places_has_index_one() -> None:
    """Whoever chooses the whole area has PAI 1 and PEI 1, whatever comes."""
    ground = squares()
    seen = [np.random.default_rng(seed).poisson(1.0, 64).astype(float) for seed in range(12)]
    found = score(ground, [np.ones(64)] * 12, seen, 64)
    assert found.pai.value == pytest.approx(1.0)
    assert found.pei == pytest.approx((1.0, 1.0, 1.0))


def test_even_events_give_index_one_on_average() -> None:
    """Where all places are alike no choice does better than chance: the interval of PAI holds 1."""
    ground = squares()
    seen = [np.random.default_rng(seed).poisson(2.0, 64).astype(float) for seed in range(40)]
    low, high = score(ground, [np.ones(64)] * 40, seen, 10).pai[1:]
    assert low < 1.0 < high


def test_hits_by_hand() -> None:
    """Two of four places chosen, 6 of 8 events in them: PAI 0.75 / 0.5, PEI 6 / 7."""
    ground = squares(4, 1)
    found = score(ground, [np.array([4.0, 3.0, 2.0, 1.0])], [np.array([5.0, 1.0, 2.0, 0.0])], 2)
    assert (found.pai.value, found.pei.value) == pytest.approx((1.5, 6.0 / 7.0))
    assert found.seen.sum() == 8.0


def test_a_portfolio_of_the_same_method_is_that_method() -> None:
    """Whatever the weights, the places chosen and their order are those of the method."""
    ground = squares()
    library = Library(drawn(ground, uneven(ground), 500.0), 30.0, 6)
    same = Portfolio((LastYear(), LastYear(365.0, "again"), LastYear(365.0, "once more")), None)
    assert most(library.expected(same, 500.0), 6).tolist() == most(library.expected(LastYear(), 500.0), 6).tolist()


def test_weights_of_the_method_that_is_right() -> None:
    """A member that is the truth gets nearly all of the weight, beside one that tells nothing."""
    rng = np.random.default_rng(3)
    truth = rng.gamma(0.5, 4.0, 2000) + 0.01
    nothing = np.full(2000, truth.mean())
    weights = fit_weights(np.stack([truth, nothing]), rng.poisson(truth).astype(float))
    assert weights == pytest.approx([1.0, 0.0], abs=0.12)


@given(st.lists(st.integers(0, 5), min_size=20, max_size=20), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_weights_are_never_negative_and_balance(seen: list[int], seed: int) -> None:
    """Weights are 0 or more; what they tell of the past and the pull of the wish add up to what came and the wish."""
    expected = np.random.default_rng(seed).gamma(1.0, 1.0, (3, 20)) + 1e-6
    weights = fit_weights(expected, np.array(seen, dtype=float))
    equal = max(sum(seen), 1) / expected.sum(axis=1) / 3
    assert (weights >= 0.0).all()
    pulled = CAUTION / 3 * (weights / equal).sum()
    assert float((weights @ expected).sum()) + pulled == pytest.approx(sum(seen) + CAUTION, rel=1e-6)


def _with_future(events: Events, day: float, seed: int) -> Events:
    """Return the same past, and after a day as many events in places and times drawn anew."""
    past = events.before(day)
    rng = np.random.default_rng(seed)
    many = len(events) - len(past)
    place = np.r_[past.place, rng.integers(len(events.ground), size=many)].astype(np.int32)
    return make_events(events.ground, place, np.r_[past.day, rng.uniform(day, events.day[-1], many)], first=events.first)


@pytest.mark.parametrize("method", [*SOME, ChosenKernel(), Portfolio()], ids=lambda method: method.name)
def test_the_future_is_never_seen(method: LastYear) -> None:
    """With the future drawn anew every method foresees the same, to the last digit."""
    ground = squares(6, 6)
    events = drawn(ground, uneven(ground), 500.0)
    told = Library(events, 30.0, 5).expected(method, 330.0)
    again = Library(_with_future(events, 330.0, 1), 30.0, 5).expected(method, 330.0)
    assert told.tolist() == again.tolist()


def test_weights_are_learnt_on_past_windows_only() -> None:
    """The windows learnt from have all ended by the day of the forecast."""
    ground = squares(6, 6)
    library = Library(drawn(ground, uneven(ground), 500.0), 30.0, 5)
    past = library.past(330.0)
    assert past
    assert all(day + 30.0 <= 330.0 and day >= 90.0 for day in past)


def test_back_test_finds_what_is_there() -> None:
    """Where a few places are ten times as hot, last year's count beats an even guess, and numbers foreseen are those seen."""
    ground = squares()
    events = drawn(ground, uneven(ground, hot=6), 700.0)
    found = back_test(Library(events, 30.0, 6), 700.0, (Even(), LastYear(), Portfolio(SOME, None)), windows=12)
    assert len(found.origins) == 12
    assert found.enough
    assert found.scores["count"].beats(found.scores["even"]).low > 0.0
    scores = found.scores["portfolio"]
    assert scores.expected.sum() == pytest.approx(scores.seen.sum(), rel=0.15)
    assert scores.overlap > 0.7


def test_a_short_record_is_refused() -> None:
    """Five months do not tell: the record must reach back to learn and to test."""
    ground = squares()
    with pytest.raises(QinwuError, match="180 are needed"):
        back_test(Library(drawn(ground, uneven(ground), 150.0), 30.0, 6), 150.0)
