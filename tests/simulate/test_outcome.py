"""Outcome and comparison: intervals, paired differences, and nothing claimed that is not shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import ttest_1samp

from qinwu.simulate.engine import Job, OneProcess, Sample
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Comparison, Interval, Outcome, catalogue, compare, interval, verdict
from tests.simulate.busy import busy_job

KEY = Key("response_s", "all", "all", "mean")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Return six replications of the busy station under both systems."""
    return compare(busy_job(), ("own", "slow"), 6)


def test_a_second_level_costs_what_it_says(comparison: Comparison) -> None:
    """Ten minutes on a second dispatch level lengthen call-taking by exactly ten minutes, and the response is worse."""
    taking = comparison.difference("slow", "taking_s")
    assert taking.change.mean == pytest.approx(600.0, abs=1e-6)
    assert comparison.difference("slow", "response_s").verdict == "worse"
    assert comparison.difference("slow", "within_limit", statistic="share").verdict == "worse"


def test_a_system_does_not_differ_from_itself() -> None:
    """On common calls and luck, the difference of a system with itself is zero in every figure."""
    job = busy_job()
    twice = compare(Job((job.plans[0], job.plans[0]), job.source, job.context, job.mode, job.seed), ("a", "b"), 3)
    assert (twice.differences["change"].drop_nans() == 0.0).all()
    assert "better" not in set(twice.differences["verdict"])


def test_pairing_narrows_the_interval(comparison: Comparison) -> None:
    """The interval of paired differences is narrower than that of two independent means."""
    own = comparison.outcome("own").values(KEY)
    slow = comparison.outcome("slow").values(KEY)
    paired = comparison.difference("slow", *KEY).change
    unpaired = 2.57 * np.sqrt((own.var(ddof=1) + slow.var(ddof=1)) / len(own))
    assert paired.high - paired.low < 2 * unpaired


def test_every_figure_is_described(comparison: Comparison) -> None:
    """Each measure has words, an explanation in both languages and a unit; nothing described is never measured."""
    measured = {key.measure for key in comparison.current.keys}
    assert measured == set(catalogue())
    for entry in catalogue().values():
        assert entry.zh
        assert entry.en
        assert entry.how_zh
        assert entry.how_en
        assert entry.unit


def test_the_table_is_tidy(comparison: Comparison) -> None:
    """One row a figure, no key twice, intervals around means."""
    table = comparison.current.table
    assert table.select("measure", "by", "group", "statistic").is_duplicated().sum() == 0
    known = table.drop_nans(["mean", "low", "high"])
    assert (known["low"] <= known["mean"] + 1e-9).all()
    assert (known["high"] >= known["mean"] - 1e-9).all()


@given(arrays(float, st.integers(2, 40), elements=st.floats(-1e6, 1e6)))
def test_intervals_are_those_of_the_t_test(x: np.ndarray) -> None:
    """The interval equals scipy's confidence interval of the one-sample t test."""
    if x.std() < 1e-9 * max(1.0, abs(x).max()):
        return
    expected = ttest_1samp(x, 0.0).confidence_interval(0.95)
    found = interval(x)
    assert found.low == pytest.approx(float(expected.low), rel=1e-6, abs=1e-6)
    assert found.high == pytest.approx(float(expected.high), rel=1e-6, abs=1e-6)


@given(st.floats(-10, 10), st.floats(0, 10), st.sampled_from(["lower", "higher", ""]))
def test_no_verdict_where_the_interval_holds_zero(mean: float, half: float, better: str) -> None:
    """A verdict is given exactly where the interval excludes zero, and better and worse are opposites."""
    change = Interval(mean, mean - half, mean + half)
    said = verdict(change, better)
    assert (said == "no_difference_shown") == (change.low <= 0.0 <= change.high)
    mirrored = verdict(Interval(-mean, -mean - half, -mean + half), better)
    assert {said, mirrored} in ({"better", "worse"}, {"higher", "lower"}, {"no_difference_shown"})


def test_one_replication_claims_nothing() -> None:
    """With a single run there is no interval and no verdict."""
    one = compare(busy_job(), ("own", "slow"), 1)
    assert one.difference("slow", "response_s").verdict == "one_run"


def test_an_interrupted_run_keeps_what_is_finished() -> None:
    """Ctrl-C after three replications leaves a comparison of three, marked as interrupted."""

    class StopsAfterThree(OneProcess):
        def replications(self, job: Job, count: int) -> Iterator[tuple[int, Sample]]:
            for number, sample in super().replications(job, count):
                if number == 3:
                    raise KeyboardInterrupt
                yield number, sample

    done: list[int] = []
    stopped = compare(busy_job(), ("own", "slow"), 10, StopsAfterThree(), done.append)
    assert stopped.interrupted
    assert stopped.replications == 3
    assert done == [1, 2, 3]
    whole = compare(busy_job(), ("own", "slow"), 3)
    np.testing.assert_array_equal(stopped.current.samples, whole.current.samples)


def test_missing_figures_are_nan_not_zero() -> None:
    """A figure that a system does not have is unknown."""
    outcome = Outcome("x", (KEY,), np.ones((2, 1)))
    assert np.isnan(outcome.interval("queue_s").mean)
