"""Duties that changed hands: what is newly broken, and what only went along with the duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.judge.officers.changed import newly_broken
from qinwu.judge.officers.log import Entry
from qinwu.judge.officers.training import Span, hours, joined, training_hours
from tests.judge.officers_cases import at, entry
from tests.stations import nine_atom_system, nine_atoms

HOUR = timedelta(hours=1)


def broken(before: list[Entry], after: list[Entry]) -> set[tuple[str, str]]:
    """Return rule and officer of what is newly broken at the station of nine atoms."""
    return {(one.rule.id, one.officer) for one in newly_broken(nine_atoms(), nine_atom_system(), before, after)}


def test_a_long_duty_breaks_nothing_new_when_another_has_it() -> None:
    """Twelve hours are beyond eight whoever works them: handing such a duty over breaks no rule that was kept before."""
    day = entry("duty", "10 8", "10 20")
    assert broken([day], [replace(day, officer="P02")]) == set()


def test_rest_that_is_lost_is_told_of_whoever_loses_it() -> None:
    """P02 worked until eight in the morning and takes the day over: no rest is left, which P01 did not have to bear."""
    night, day = entry("duty", "9 20", "10 8", officer="P02"), entry("duty", "10 9", "10 20")
    found = broken([night, day], [night, replace(day, officer="P02")])
    assert ("rest-11", "P02") in found
    assert {officer for _rule, officer in found} == {"P02"}


def test_what_was_broken_before_is_not_told_again() -> None:
    """The same duties before and after: nothing is new, however many rules they break."""
    duties = [entry("duty", "9 20", "10 8"), entry("duty", "10 9", "10 20")]
    assert broken(duties, duties) == set()
    assert broken([], duties)
    assert broken(duties, []) == set()


def test_a_second_long_duty_on_one_day_is_new() -> None:
    """One of two officers had twelve hours on that day; now both have, and the second is told."""
    one, other = entry("duty", "10 8", "10 20"), entry("duty", "10 8", "10 20", officer="P02")
    assert broken([one], [one, other]) == {("day-8", "P02")} or broken([one], [one, other]) == {("day-8", "P01")}


spans = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 24)).map(lambda pair: (at("1 0") + pair[0] * HOUR, pair[1])),
    max_size=8,
).map(lambda found: [(start, start + long * HOUR) for start, long in found])


@given(spans, spans, st.integers(-10, 230))
def test_hours_of_training_add_up(planned: list[Span], lost: list[Span], now: int) -> None:
    """Held, lost and to come are together what was planned, overlaps counted once, wherever now is."""
    found = training_hours("P01", planned, lost, at("1 0") + now * HOUR, 0.0)
    assert found.held_h + found.lost_h + found.coming_h == pytest.approx(sum(hours(span) for span in joined(planned)))
    assert min(found.held_h, found.lost_h, found.coming_h) >= -1e-9
