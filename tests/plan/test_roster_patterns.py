"""Patterns: figures worked out by hand, cover against a count of every half-hour, what is impossible explained, what it breaks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.roster_rules.packs import read_pack
from qinwu.findings import QinwuError
from qinwu.plan.roster.pattern_check import check_pattern, rules_broken_by
from qinwu.plan.roster.patterns import NAMED, parse_pattern, rhythm_pattern
from qinwu.report.plans.pattern import pattern_words


@pytest.mark.parametrize(
    ("text", "groups", "hours", "least", "most", "rest", "nights"),
    [
        ("24/48", 3, 56.0, 1, 1, 48, 1),
        ("24/72", 4, 42.0, 1, 1, 72, 1),
        ("24/24", 2, 84.0, 1, 1, 24, 1),
        ("12/24", 3, 56.0, 1, 1, 24, 1),
        ("三班倒", 3, 56.0, 1, 1, 8, 7),
        ("四班三运转", 4, 42.0, 1, 1, 16, 2),
        ("四班两运转", 4, 42.0, 1, 1, 24, 1),
        ("三班两运转", 3, 56.0, 1, 1, 24, 1),
        ("两白一夜", 6, 42.0, 1, 2, 12, 1),
        ("值一休二", 3, 56.0, 1, 1, 48, 1),
    ],
)
def test_patterns_in_use(text: str, groups: int, hours: float, least: int, most: int, rest: float, nights: int) -> None:
    """Hours a week, groups on at once, shortest rest and nights in a row, as one counts them on paper."""
    check = check_pattern(parse_pattern(text))
    assert check.pattern.groups == groups
    assert check.pattern.hours_per_week == pytest.approx(hours)
    assert (check.on.min(), check.on.max()) == (least, most)
    assert (check.shortest_rest_h, check.nights_in_a_row) == (rest, nights)
    assert check.gap_min_per_week == 0


def test_duty_standby_and_off_is_75_hours_if_standby_counts() -> None:
    """24 hours of duty and 8 of standby in three days: 32 / 72 x 168 = 74.67, and no rest between them."""
    check = check_pattern(parse_pattern("值一备一休一"))
    assert check.pattern.hours_per_week == pytest.approx(168 * 32 / 72)
    assert check.shortest_rest_h == 0
    assert [one.code for one in check.findings] == ["pattern-long-hours"]


def test_abcd_24_on_36_off_cannot_be() -> None:
    """A rhythm of 60 hours holds 2.5 groups; four in turn are 24/72 at 42 hours, three are 24/48 at 56."""
    check = check_pattern(parse_pattern("24/36", 4))
    impossible = check.findings[0]
    assert impossible.code == "pattern-impossible"
    assert not check.possible
    assert "60 h hold 2.5 groups" in impossible.text("en")
    assert "2.5 组" in impossible.text("zh")
    assert impossible.values["rest"] == "72"
    assert [(one.groups, str(one.name), round(one.hours_per_week)) for one in check.nearest] == [(4, "24/72", 42), (3, "24/48", 56)]
    assert check.on.mean() == pytest.approx(1.6)


def test_too_few_groups_leave_a_third_of_the_week_empty() -> None:
    """Two groups at 24/48: 56 of 168 hours have nobody."""
    check = check_pattern(parse_pattern("24/48", 2))
    assert check.findings[0].code == "pattern-with-gaps"
    assert check.gap_min_per_week == pytest.approx(56 * 60)


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 24), st.integers(2, 80), st.integers(1, 8))
def test_cover_is_what_counting_every_half_hour_gives(on: int, off: int, groups: int) -> None:
    """Groups of a rhythm start equal parts of it apart; whether each is on at a half-hour is asked one by one."""
    pattern = rhythm_pattern(float(on), float(off), groups)
    if pattern.days:
        return
    check, cycle = check_pattern(pattern), (on + off) * 2
    starts = [round(group * cycle / groups) + 16 for group in range(groups)]
    counted = [sum((at - start) % cycle < on * 2 for start in starts) for at in range(len(check.on))]
    np.testing.assert_array_equal(check.on, counted)
    assert check.on.mean() * 168 == pytest.approx(groups * pattern.hours_per_week)


@pytest.mark.parametrize(
    ("text", "pack", "hard"),
    [
        ("24/48", "cn_mainland_sample", set()),
        ("两白一夜", "cn_mainland_sample", set()),
        ("24/36", "cn_mainland_sample", {"week-56"}),
        ("24/48", "cn_labour_baseline", {"day-8-hard", "week-48"}),
        ("24/48", "tw_police_duty_act_2008", {"day-8", "deep-night-4", "sleep-8"}),
        ("三班倒", "rest_minimum", {"rest-11", "week-rest", "week-48", "nights-4"}),
        ("四班三运转", "rest_minimum", set()),
        ("值一备一休一", "cn_mainland_sample", {"rest-11", "rest-after-24", "week-48"}),
    ],
)
def test_which_rules_a_pattern_breaks(text: str, pack: str, hard: set[str]) -> None:
    """The auditor follows one group until pattern and weekdays repeat."""
    broken = rules_broken_by(parse_pattern(text), read_pack(pack))
    assert {one.rule_id for one in broken if one.hard} == hard


@pytest.mark.parametrize(
    ("text", "groups"), [("24 and 48", None), ("24/48", 0), ("30/10", None), ("24/9000", None), ("四班三转", None)]
)
def test_what_is_no_pattern_is_refused_with_a_remedy(text: str, groups: int | None) -> None:
    """Unknown words, no groups, impossible hours."""
    with pytest.raises(QinwuError) as refused:
        parse_pattern(text, groups)
    assert refused.value.findings[0].text("zh")
    if text == "四班三转":
        assert refused.value.findings[0].values["guess"] == "四班三运转"


def test_every_name_is_told_in_both_languages() -> None:
    """No pattern breaks the telling."""
    pack = read_pack()
    for name in NAMED:
        check = check_pattern(parse_pattern(name))
        assert all(line for language in ("zh", "en") for line in pattern_words(check, pack, language))
