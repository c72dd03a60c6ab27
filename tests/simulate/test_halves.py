"""What is fitted on is never judged on, and the stretches simulated hold every call asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.simulate.halves import TAIL_S, WARM_UP_S, halve, inside, spans_of

DAY_S = 86_400.0
Times = np.ndarray[tuple[int], np.dtype[np.float64]]
times = st.lists(st.floats(0.0, 100 * DAY_S), min_size=1, max_size=60).map(lambda x: np.sort(np.array(x)))


def daily(days: int, every: float = 1.0) -> Times:
    """Return one call on each of so many days."""
    return np.arange(days, dtype=np.float64) * every * DAY_S


@given(st.integers(4, 120), st.floats(0.05, 0.95), st.integers(0, 99))
def test_every_unit_is_on_one_side(days: int, share: float, seed: int) -> None:
    """Units fitted and judged share none and leave none out; both sides have some."""
    halves = halve(daily(days) + 100.0, share, seed)
    assert not set(halves.fitted) & set(halves.judged)
    assert sorted([*halves.fitted, *halves.judged]) == sorted(set(halves.of_call))
    assert len(halves.fitted) > 0
    assert len(halves.judged) > 0
    assert (halves.calls(halves.fitted) ^ halves.calls(halves.judged)).all()


def test_a_long_record_is_cut_into_weeks_and_one_with_gaps_into_days() -> None:
    """Eight weeks of every day are cut by week; hundred days a few days apart by day."""
    assert halve(daily(56), 0.5, 1).unit == "week"
    assert halve(daily(100, every=3.5), 0.5, 1).unit == "day"


def test_another_seed_draws_other_days() -> None:
    """The seed decides which days; the same one the same days."""
    time_s = daily(40)
    one, again, other = (halve(time_s, 0.5, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.fitted, again.fitted)
    assert set(one.fitted) != set(other.fitted)


@pytest.mark.parametrize(("time_s", "share", "code"), [([0.0, 1.0], 0.5, "too-little-history"), ([0.0], 1.5, "bad-fit-share")])
def test_says_what_is_missing(time_s: list[float], share: float, code: str) -> None:
    """Too few days, or a share that keeps nothing back, are refused by name."""
    with pytest.raises(QinwuError) as error:
        halve(np.array(time_s), share, 1)
    assert [finding.code for finding in error.value.findings] == [code]


@settings(deadline=None)
@given(times)
def test_spans_hold_every_call_warm_and_apart(time_s: Times) -> None:
    """Spans are disjoint, in order, hold every call after its warm-up, and begin at the start of the record at the earliest."""
    spans = spans_of(time_s)
    assert inside(time_s, spans).all()
    assert (spans[1:, 0] > spans[:-1, 1]).all()
    assert (spans >= 0.0).all()
    at = np.searchsorted(spans[:, 0], time_s, side="right") - 1
    assert (time_s - spans[at, 0] >= np.minimum(WARM_UP_S, time_s) - 1e-6).all()
    assert (spans[at, 1] - time_s >= TAIL_S - 1e-6).all()


def test_inside_is_inside() -> None:
    """Times before, in, between and after spans."""
    spans = np.array([[10.0, 20.0], [30.0, 40.0]])
    assert inside(np.array([5.0, 10.0, 15.0, 25.0, 40.0, 41.0]), spans).tolist() == [False, True, True, False, True, False]
