"""The headline: no claim that the intervals do not carry, no gain without its price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qinwu.language import LANGUAGES, Language
from qinwu.report import Report, headline
from qinwu.report.choice import NEGLIGIBLE_S, candidates, extra_hours, leader, leader_at_equal_hours
from qinwu.report.headlines import OWN_BEAT, UNATTENDED, make_headline
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import interval
from tests.report.reports import HOURS, URGENT, made_up, small_report

CLAIMS = {
    "en": {"no_difference_shown": "No difference shown", "better": "sooner than today.", "worse": "later than today"},
    "zh": {"no_difference_shown": "看不出差别", "better": "比现行快", "worse": "更晚有人到场"},
}
RUNS = 6
numbers = st.floats(-200.0, 200.0).map(lambda x: round(x, 3))
gaps = st.lists(numbers, min_size=RUNS, max_size=RUNS).map(np.array)


def figures(response_s: NDArray[np.float64], hours: float = 100.0) -> dict[Key, NDArray[np.float64]]:
    """Return a system with these response times and weekly hours."""
    same = np.ones(len(response_s))
    return {URGENT: response_s, HOURS: hours * same, UNATTENDED: 600.0 * same, OWN_BEAT: 0.5 * same}


def against(*others: tuple[NDArray[np.float64], float]) -> Report:
    """Return a report of a current system of ten minutes and 100 hours, and others by gap and hours."""
    today = np.full(RUNS, 600.0)
    return made_up(figures(today), *(figures(today + gap, hours) for gap, hours in others))


@pytest.mark.parametrize("language", LANGUAGES)
@given(gap=gaps)
@settings(max_examples=40, deadline=None)
def test_headline_says_what_the_interval_says(language: Language, gap: NDArray[np.float64]) -> None:
    """One alternative: no difference where the paired interval includes zero, else sooner or later as it lies."""
    report = against((gap, 100.0))
    found = report.comparison.difference("s1", *URGENT)
    verdict = found.verdict if abs(found.change.mean) >= NEGLIGIBLE_S else "no_difference_shown"
    said = make_headline(report, language).claim
    assert CLAIMS[language][verdict] in said
    assert (verdict == "no_difference_shown") == (CLAIMS[language]["no_difference_shown"] in said)


@given(st.lists(gaps, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_leader_stands_among_all_that_were_tried(tried: list[NDArray[np.float64]]) -> None:
    """Whoever is named leads by an interval that leaves out zero after widening it for all alternatives."""
    report = against(*((gap, 100.0) for gap in tried))
    best = leader(report)
    assert [each.change.mean for each in candidates(report)] == sorted(each.change.mean for each in candidates(report))
    if best is not None:
        wide = interval(report.outcomes[best.at].values(URGENT) - 600.0, 1.0 - 0.05 / len(tried))
        assert wide.high < 0.0


def steady(minutes: float) -> NDArray[np.float64]:
    """Return a gap of so many minutes with a second of noise."""
    return 60.0 * minutes + np.array([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0])


def test_gain_is_told_with_interval_and_price() -> None:
    """The sentence names the system, the minutes saved, the interval, and the hours it takes."""
    said = headline(against((steady(-3.0), 120.0)), "en")
    assert "Under “System 1” nine in ten of the most urgent calls are reached within 7.0 min, 3.0 min sooner than today." in said
    assert "Today it takes 10.0 min; the 95% interval of the difference is 3.0 to 3.0 min." in said
    assert "Its price: 20% more officer-hours on duty (20.0 h a week more)" in said
    assert "not whether the model is right" in said


def test_best_without_more_hours_is_told_besides() -> None:
    """Where the leader works longer, the best of those that do not is named too."""
    report = against((steady(-3.0), 120.0), (steady(-1.0), 101.0))
    best = leader_at_equal_hours(report)
    assert best is not None
    assert best.at == 2
    assert extra_hours(report, 2) == pytest.approx(0.01)
    assert "Without more officer-hours on duty “System 2” leads: 1.0 min sooner" in headline(report, "en")


def test_price_of_the_beat_is_told() -> None:
    """A gain that empties the beats says so."""
    report = against((steady(-3.0), 100.0))
    lost = dict(figures(np.full(RUNS, 420.0))) | {OWN_BEAT: np.full(RUNS, 0.1)}
    said = headline(made_up(figures(np.full(RUNS, 600.0)), lost), "zh")
    assert "本责任区民警到场率由 50.0%变为 10.0%" in said
    assert "在岗人时不变" in said
    assert leader(report) is not None


def test_later_alternatives_are_counted() -> None:
    """Without a gain the headline says how many are later and how many show nothing."""
    unclear = np.array([-60.0, 60.0, -50.0, 50.0, -40.0, 40.0])
    said = headline(against((steady(2.0), 100.0), (unclear, 100.0)), "en")
    assert "None of the 2 alternatives" in said
    assert "1 later, no difference shown for 1" in said


def test_all_later_is_said() -> None:
    """Where all are later, that is the headline."""
    later = (steady(2.0), 100.0)
    assert headline(against(later), "en").startswith("“System 1” reaches the most urgent calls later than today.")
    assert headline(against(later, later), "en").startswith("All 2 alternatives reach the most urgent calls later than today.")


def test_one_run_claims_nothing() -> None:
    """A single replication tells no difference from chance."""
    one = np.array([600.0])
    assert headline(made_up(figures(one), figures(one - 300.0)), "en").startswith("One run only")


def test_current_system_alone_is_described() -> None:
    """Without alternatives the headline says how things stand."""
    said = headline(made_up(figures(np.full(RUNS, 600.0))), "en")
    assert "nine in ten of the most urgent calls are reached within 10.0 min" in said


def test_all_calls_stand_in_for_urgent_ones() -> None:
    """A station without urgent calls is ranked by all calls."""
    key = Key("response_s", "all", "all", "p90")
    today = {key: np.full(RUNS, 600.0), HOURS: np.full(RUNS, 100.0)}
    said = headline(made_up(today, {key: 600.0 + steady(-2.0), HOURS: np.full(RUNS, 100.0)}), "en")
    assert "nine in ten of all calls are reached within 8.0 min, 2.0 min sooner" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_comparison_has_a_headline(language: Language) -> None:
    """A comparison that was run, not made up, has one too, without unfilled places."""
    said = headline(small_report(), language)
    assert said
    assert "{" not in said


def test_an_overloaded_station_is_told_first() -> None:
    """Where every call takes thirty times as long nobody keeps up, and the caveat says so; of the station as it is it is silent."""
    usual = small_report(1, 1)
    service = usual.source.service
    slow = replace(usual.source, service=service._replace(on_scene_s=30.0 * service.on_scene_s))
    crowded = replace(usual)
    crowded.__dict__["source"] = slow
    assert "relied on" not in headline(usual, "en")
    assert "waits grow with the length of the run, and no difference between them is to be relied on." in headline(crowded, "en")
    assert "快慢之差不可当真" in headline(crowded, "zh")
