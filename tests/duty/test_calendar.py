"""Calendar: watches and patterns become duty windows that sum to the pattern's hours and never overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf, lcm

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.calendar import (
    ALWAYS,
    DAY_S,
    HOUR_S,
    WEEK_S,
    Calendar,
    Roster,
    crews_of_watch,
    hours_per_week,
    make_calendar,
    merge,
    on_duty,
)
from qinwu.duty.crews import Crew
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding
from qinwu.station.force import Officer
from tests.duty.small_systems import Table, quarters

EARLY, LATE, NIGHT = (
    {"id": "early", "start": "06:00", "hours": 8},
    {"id": "late", "start": "14:00", "hours": 8},
    {"id": "night", "start": "22:00", "hours": 8},
)
WATCHES = (EARLY, LATE, NIGHT)


def crew(name: str, pattern: str, group: int = 0, officer: str = "") -> Crew:
    members = (Officer(officer, "sworn"),) if officer else ()
    return Crew(id=name, rule="r", squad="s", unit="u", people=1, sworn=1, officers=members, pattern=pattern, group=group)


def system(*patterns: Table, watches: Sequence[Table] = WATCHES) -> DutySystem:
    rules = [{"id": f"r{one['id']}", "squad": "duty", "form": "team", "pattern": one["id"]} for one in patterns]
    return quarters(watch=watches, pattern=patterns, crews=rules)


def calendar(*patterns: Table, watches: Sequence[Table] = WATCHES, groups: int = 1) -> tuple[Calendar, tuple[Finding, ...]]:
    crews = [crew(f"{one['id']}{group}", one["id"], group) for one in patterns for group in range(groups)]
    return make_calendar(system(*patterns, watches=watches), crews)


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def on_each_minute(roster: Roster, cycle_s: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return on_duty(roster, np.arange(0.0, cycle_s, 60.0), cycle_s)


def test_five_working_days_are_five_windows_a_week() -> None:
    """Monday to Friday 09:00 to 17:30: five windows in a cycle of one week, 42.5 hours."""
    days = {"id": "week", "days": ["work"] * 5 + ["off"] * 2}
    found, findings = calendar(days, watches=[{"id": "work", "start": "09:00", "hours": 8.5}])
    roster = found.roster(0)
    assert found.cycle_s == WEEK_S
    assert roster.tolist() == [[day * DAY_S + 9 * HOUR_S, day * DAY_S + 17.5 * HOUR_S] for day in range(5)]
    assert hours_per_week(roster, found.cycle_s) == pytest.approx(42.5)
    assert codes(findings) == ["hours-without-duty"]


def test_groups_start_their_steps_into_the_pattern() -> None:
    """Group g of a pattern with step 2 has on day d the watch of day d + 2 g."""
    found, _ = calendar({"id": "p", "days": ["early", "late", "night", "off"], "groups": 2, "step": 2}, groups=2)
    assert found.cycle_s == 28 * DAY_S
    assert found.roster(0)[:3, 0].tolist() == [6 * HOUR_S, DAY_S + 14 * HOUR_S, 2 * DAY_S + 22 * HOUR_S]
    assert found.roster(1)[:2, 0].tolist() == [22 * HOUR_S, 2 * DAY_S + 6 * HOUR_S]


def test_a_watch_past_midnight_belongs_to_the_day_it_starts_and_wraps_at_the_end_of_the_cycle() -> None:
    """A Sunday night watch ends on Monday 06:00: the window ends beyond the cycle and is open at time 0."""
    found, _ = calendar({"id": "p", "days": ["off"] * 6 + ["night"]})
    assert found.roster(0).tolist() == [[6 * DAY_S + 22 * HOUR_S, WEEK_S + 6 * HOUR_S]]
    at = np.array([0.0, 6 * HOUR_S - 1, 6 * HOUR_S, 6 * DAY_S + 22 * HOUR_S])
    assert on_duty(found.roster(0), at, WEEK_S).tolist() == [True, True, False, True]


def test_abutting_watches_become_one_window_also_across_the_end_of_the_cycle() -> None:
    """Duty of 24 hours every day is always on; with one day off it is one window."""
    full = [{"id": "full", "start": "08:00", "hours": 24}]
    assert calendar({"id": "p", "days": ["full"]}, watches=full)[0].roster(0) is ALWAYS
    found, _ = calendar({"id": "p", "days": ["full", "full", "off", *["full"] * 4]}, watches=full)
    assert found.roster(0).tolist() == [[3 * DAY_S + 8 * HOUR_S, 9 * DAY_S + 8 * HOUR_S]]


def test_a_window_that_ends_with_the_cycle_is_closed_at_its_start() -> None:
    """Sunday duty until midnight leaves nothing open on Monday 00:00."""
    found, _ = calendar({"id": "p", "days": ["off"] * 6 + ["eve"]}, watches=[{"id": "eve", "start": "20:00", "hours": 4}])
    assert found.roster(0).tolist() == [[6 * DAY_S + 20 * HOUR_S, WEEK_S]]
    assert not on_duty(found.roster(0), np.array([0.0]), WEEK_S)[0]


def test_a_watch_before_the_last_one_ended_is_an_error() -> None:
    """Night until 06:00 and early from 05:00 the next day cannot be worked."""
    watches = [NIGHT, {"id": "early", "start": "05:00", "hours": 8}]
    _, findings = calendar({"id": "p", "days": ["night", "early"]}, watches=watches)
    assert "watches-overlap" in codes(findings)
    _, findings = calendar({"id": "p", "days": ["early", "night"]}, watches=watches)
    assert "watches-overlap" in codes(findings)


def test_long_cycles_are_cut_with_a_warning() -> None:
    """Patterns of 11 and 13 days repeat together with the week after 1001 days; the cycle is 840 days."""
    found, findings = calendar({"id": "a", "days": ["early"] * 11}, {"id": "b", "days": ["late"] * 13})
    assert found.cycle_s == 840 * DAY_S
    assert "cycle-too-long" in codes(findings)


def test_unknown_patterns_and_watches_are_named_with_the_nearest() -> None:
    """A crews rule without its pattern and a pattern without its watch are both told."""
    wrong = quarters(
        watch=WATCHES,
        pattern=[{"id": "pattern", "days": ["erly", "off"]}],
        crews=[{"id": "r", "squad": "duty", "form": "team", "pattern": "patern"}],
    )
    _, findings = make_calendar(wrong, [crew("one", "patern")])
    found = {finding.code: finding.values["near"] for finding in findings if finding.severity == "error"}
    assert found == {"unknown-pattern": "pattern", "unknown-watch": "early"}


def test_an_officer_in_two_crews_may_not_be_on_duty_twice() -> None:
    """One officer in two crews with overlapping watches is an error; by turns is not."""
    patterns = [{"id": name, "days": [name]} for name in ("early", "late", "both")]
    watches = [*WATCHES, {"id": "both", "start": "13:00", "hours": 4}]
    crews = [crew("one", "early", officer="P01"), crew("two", "late", officer="P01")]
    assert "officer-on-duty-twice" not in codes(make_calendar(system(*patterns, watches=watches), crews)[1])
    crews = [*crews, crew("three", "both", officer="P01")]
    findings = make_calendar(system(*patterns, watches=watches), crews)[1]
    twice = [(finding.values["one"], finding.values["two"]) for finding in findings if finding.code == "officer-on-duty-twice"]
    assert twice == [("one", "three"), ("two", "three")]


def test_hours_without_anybody_are_listed() -> None:
    """With early and late watches on weekdays, nights and the weekend are told."""
    _, findings = calendar({"id": "p", "days": ["early"] * 5 + ["off"] * 2}, {"id": "q", "days": ["late"] * 5 + ["off"] * 2})
    (gap,) = findings
    assert (gap.code, gap.severity, gap.values["percent"]) == ("hours-without-duty", "warning", round(100 * 88 / 168, 1))
    assert gap.values["hours"] == "1-5 00:00-06:00, 1-5 22:00-24:00, 6-7 00:00-24:00"


def test_a_gap_in_any_week_of_the_cycle_counts() -> None:
    """Three groups that leave out one night in three weeks leave that hour uncovered."""
    found, findings = calendar(
        {"id": "p", "days": ["full"] * 13 + ["off"]}, watches=[{"id": "full", "start": "00:00", "hours": 24}]
    )
    assert found.cycle_s == 2 * WEEK_S
    assert [finding.values["hours"] for finding in findings] == ["7 00:00-24:00"]


def test_a_watch_has_the_crews_on_duty_in_its_middle_whatever_their_own_watch() -> None:
    """At 10:00 the early crew and the crew of the long day are on; at 02:00 the night crew alone."""
    patterns = [{"id": name, "days": [name]} for name in ("early", "late", "night", "long")]
    watches = [*WATCHES, {"id": "long", "start": "08:00", "hours": 10}]
    made = system(*patterns, watches=watches)
    found, _ = make_calendar(made, [crew(str(one["id"]), str(one["id"])) for one in patterns])
    assert crews_of_watch(made, found, "early").tolist() == [True, False, False, True]
    assert crews_of_watch(made, found, "night").tolist() == [False, False, True, False]


def test_a_watch_is_seen_on_an_ordinary_day() -> None:
    """Six crews share a six-day pattern: on any day one works the night."""
    pattern = {"id": "p", "days": ["early", "early", "night", "off", "off", "off"], "groups": 6}
    made = system(pattern)
    found, _ = make_calendar(made, [crew(f"c{group}", "p", group) for group in range(6)])
    assert crews_of_watch(made, found, "early").sum() == 2
    assert crews_of_watch(made, found, "night").sum() == 1


def test_a_watch_nobody_works_has_no_crews() -> None:
    """A watch in no pattern has nobody on duty in its middle."""
    made = system({"id": "p", "days": ["early"]})
    found, _ = make_calendar(made, [crew("c", "p")])
    assert not crews_of_watch(made, found, "night").any()


@st.composite
def patterns(draw: st.DrawFn) -> tuple[list[Table], Table]:
    """Watches that never overlap from day to day, and a pattern of them."""
    watches = []
    for number in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, 23))
        watches.append({"id": f"w{number}", "start": f"{start:02d}:00", "hours": draw(st.integers(1, 24))})
    days = draw(st.lists(st.sampled_from([*(str(one["id"]) for one in watches), "off"]), min_size=1, max_size=10))
    groups, step = draw(st.integers(1, 4)), draw(st.integers(0, 12))
    return watches, {"id": "p", "days": days, "groups": groups, "step": step}


@given(patterns())
def test_windows_sum_to_the_pattern_and_never_overlap(drawn: tuple[list[Table], Table]) -> None:
    """For every group: sorted windows that do not touch, inside the cycle, covering exactly the minutes the watches say."""
    watches, pattern = drawn
    found, findings = calendar(pattern, watches=watches, groups=pattern["groups"])
    hours = {one["id"]: one for one in watches}
    days = lcm(7, len(pattern["days"]))
    assert found.cycle_s == days * DAY_S
    for group in range(pattern["groups"]):
        minutes = np.zeros(days * 1440, dtype=int)
        for day in range(days):
            name = pattern["days"][(day + group * pattern["step"]) % len(pattern["days"])]
            if name != "off":
                start = day * 1440 + int(hours[name]["start"][:2]) * 60
                minutes[np.arange(start, start + hours[name]["hours"] * 60) % len(minutes)] += 1
        roster = found.roster(group)
        assert (on_each_minute(roster, found.cycle_s) == (minutes > 0)).all()
        if "watches-overlap" not in codes(findings):
            assert hours_per_week(roster, found.cycle_s) == pytest.approx(minutes.sum() / 60 / days * 7)
        else:
            assert minutes.max() > 1
        for (start, end), (after, _) in pairwise(roster):
            assert 0 <= start < end < after < found.cycle_s
        if len(roster) and roster[-1, 1] != inf:
            assert roster[-1, 1] - found.cycle_s < roster[0, 0]


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 120)), max_size=8))
def test_merged_windows_cover_what_was_given(windows: list[tuple[int, int]]) -> None:
    """Merging any windows covers exactly the same instants of the cycle."""
    windows.sort()
    starts = np.array([start for start, _ in windows], dtype=np.float64)
    ends = starts + np.array([length for _, length in windows], dtype=np.float64)
    covered = np.zeros(100, dtype=bool)
    for start, end in zip(starts, ends, strict=True):
        covered[np.arange(start, end).astype(int) % 100] = True
    roster = merge(starts, ends, 100.0)
    assert on_duty(roster, np.arange(100.0), 100.0).tolist() == covered.tolist()
