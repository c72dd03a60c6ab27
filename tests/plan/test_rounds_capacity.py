"""Whether a month fits: small cases worked out by hand, conflicts that are smallest, ways out that are ways out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.plan.effort import Effort
from qinwu.plan.rounds.aims import Aims, sample_aims
from qinwu.plan.rounds.capacity import Want, least_share, shortage
from qinwu.plan.rounds.case import Case
from qinwu.plan.rounds.conflict import Demand, conflict_of
from qinwu.plan.rounds.free import Span
from qinwu.plan.rounds.month import month_of
from qinwu.plan.rounds.planning import plan_rounds
from qinwu.plan.rounds.question import Question
from tests.plan.rounds_cases import HOUR, free, sample

EVERYBODY = frozenset({"P1", "P2"})


def span(officer: str, day: int, start: float, end: float, share: float = 1.0) -> Span:
    return Span(officer, day, start * HOUR, end * HOUR, share, 0, 0)


def want(hours: float, together: int = 1, opens: float = 9.0, closes: float = 18.0, name: str = "grade:A") -> Want:
    return Want(name, hours, opens * HOUR, closes * HOUR, together, EVERYBODY)


def lacking(wants: list[Want], spans: list[Span], most: float = 1.0) -> float:
    found = shortage(wants, spans, most)
    assert found is not None
    return found.hours


def test_hours_outside_opening_hours_do_not_count() -> None:
    """Free from 6 to 12, open from 9: three hours of four are there."""
    assert lacking([want(4.0)], [span("P1", 0, 6, 12)]) == pytest.approx(1.0)


def test_two_who_go_together_must_be_free_together() -> None:
    """One in the morning, one in the afternoon: no hour together; the same morning: three."""
    apart = [span("P1", 0, 9, 12), span("P2", 0, 15, 18)]
    assert lacking([want(3.0, together=2)], apart) == pytest.approx(6.0)
    assert lacking([want(3.0, together=2)], [span("P1", 0, 9, 12), span("P2", 0, 9, 12)]) == pytest.approx(0.0)


def test_what_calls_take_is_taken_off_the_whole_day() -> None:
    """Six hours of which calls leave half, half of that planned: an hour and a half, wherever in the day."""
    spans = [span("P1", 0, 9, 12, 0.5), span("P1", 0, 15, 18, 0.5)]
    assert lacking([want(2.0)], spans, 0.5) == pytest.approx(0.5)
    assert lacking([want(1.5, opens=16.0)], spans, 0.5) == pytest.approx(0.0)


def test_the_least_share_is_what_just_fits() -> None:
    """Two of four free hours: half."""
    assert least_share([want(2.0)], [span("P1", 0, 9, 13)]) == pytest.approx(0.5)
    assert least_share([want(5.0)], [span("P1", 0, 9, 13)]) > 1.0


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(8, 16), st.integers(1, 6)), min_size=1, max_size=12), st.floats(0.1, 1.0))
@settings(max_examples=40, deadline=None)
def test_alone_the_shortage_is_a_sum(days: list[tuple[int, int, int]], most: float) -> None:
    """One officer, one want open all day: hours lacking are those asked for less those there, by plain arithmetic."""
    spans = [span("P1", day * 40 + number, start, start + hours) for number, (day, start, hours) in enumerate(days)]
    there = sum(hours for _, _, hours in days) * most
    assert lacking([want(20.0, opens=0.0, closes=48.0)], spans, most) == pytest.approx(max(0.0, 20.0 - there), abs=1e-6)


def demand(name: str, **changes: Any) -> Demand:
    station, system, plan = sample(name)
    aims = Aims.model_validate({**sample_aims().model_dump(), **changes})
    return Case.of(Question(station, system, plan, aims, month_of("2026-01"), spans=free(name, "2026-01")), 1).demand()


def grades(days: float) -> list[dict[str, Any]]:
    return [{"id": grade, "interval_days": days} for grade in "ABC"]


IMPOSSIBLE = {"grade": grades(1.0), "most_share": 0.3, "inspection": {"officers": 2, "sworn": 2, "open": ("09:00", "12:00")}}


def test_a_conflict_is_a_conflict_and_no_part_of_it_is() -> None:
    """Daily inspections of every venue: without any one item of the conflict the others can be kept."""
    asked = demand("station13", **IMPOSSIBLE)
    conflict = conflict_of(asked)
    others = frozenset(asked.items) - frozenset(conflict)
    assert conflict
    assert not asked.fits(others)
    for item in conflict:
        assert asked.fits(others | {item})


def test_an_impossible_month_is_refused_with_hours_rows_and_ways_out() -> None:
    """Hours asked for and there, each row in conflict, and ways out, all in words."""
    station, system, plan = sample("station13")
    aims = Aims.model_validate({**sample_aims().model_dump(), **IMPOSSIBLE})
    with pytest.raises(QinwuError) as raised:
        plan_rounds(Question(station, system, plan, aims, month_of("2026-01"), spans=free("station13", "2026-01")), Effort(5.0))
    codes = [finding.code for finding in raised.value.findings]
    assert codes[0] == "rounds-do-not-fit"
    assert codes.count("in-conflict") >= 1
    assert "way-out" in codes
    for finding in raised.value.findings:
        assert "{" not in finding.text("en")
        assert "{" not in finding.text("zh")


def test_a_longer_interval_that_is_proposed_fits() -> None:
    """The interval that a way out names makes the month fit; one day less does not."""
    asked = demand("station13", grade=[*grades(365.0)[:2], {"id": "C", "interval_days": 1}], most_share=0.1)
    short = asked.short(only=frozenset({"grade:C"}))
    assert short is not None
    total = sum(one.hours * one.together for one in asked.wants() if one.name == "grade:C")
    assert 0.0 < short.hours < total


def test_beat_visits_asked_for_are_a_minimum() -> None:
    """40 hours a week of visits for officers who are on duty 42: refused, with the officers named."""
    station, system, plan = sample("station13")
    aims = Aims.model_validate({**sample_aims().model_dump(), "beat_visit": {"hours_per_week": 40}})
    with pytest.raises(QinwuError, match="P008") as raised:
        plan_rounds(Question(station, system, plan, aims, month_of("2026-01"), spans=free("station13", "2026-01")), Effort(2.0))
    assert any(finding.values.get("item") == "visits:" for finding in raised.value.findings)
