"""Repair, gaps, calendars and the crews of a day: fewest changes by trying all, minutes counted by hand, files read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import icalendar
import numpy as np
import pytest

from qinwu.duty.gaps import gaps_between, hours_per_week, minutes_per_week
from qinwu.findings import QinwuError
from qinwu.plan.effort import Effort
from qinwu.plan.roster.audit import audit
from qinwu.plan.roster.build import build
from qinwu.plan.roster.calendars import calendar_of
from qinwu.plan.roster.gaps import needed_by_minute, roster_gaps
from qinwu.plan.roster.people import Absence
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.repair import repair
from qinwu.plan.roster.roster import Roster
from qinwu.plan.roster.tail import tail_of
from qinwu.plan.roster.wall import crews_of
from tests.plan.roster_cases import DAY, DUTY, NIGHT, day, drawn, need, officers, pack, question

QUICK = Effort(seconds=30.0)
REST = {"kind": "rest", "least": 24, "after": 20}


def sick(asked: Question, officer: str, first: int, last: int) -> Question:
    """Return a question with one more who is away."""
    people = replace(asked.people, absences=(*asked.people.absences, Absence(officer, "sick", day(first), day(last))))
    return replace(asked, people=people)


def fewest_changes(asked: Question, roster: Roster, since: int) -> int:
    """Return the fewest cells in which any lawful roster differs from `since` on, by trying all of them."""
    built = build(asked)
    count, days, _ = built.problem.shape
    best = count * days
    for cells in product((-1, 0), repeat=count * (days - since)):
        at = roster.at.copy()
        at[:, since:] = np.where(np.array(cells).reshape(count, -1) == 0, 0, -1)
        changes = int((at != roster.at).sum())
        if changes < best and not any(one.hard for one in audit(asked, built.roster(at.astype(np.int32)))):
            best = changes
    return best


@pytest.mark.parametrize(("officer", "first", "last", "since"), [("S1", 3, 3, 2), ("S2", 4, 5, 3), ("S3", 5, 5, 3)])
def test_no_repair_changes_fewer_days(officer: str, first: int, last: int, since: int) -> None:
    """Three officers on 24-hour duty in turn; whoever is sick, every other roster of the last days changes as much or more."""
    asked = question(pack(REST), [need(DUTY, 1)], officers(3), 6)
    roster = build(asked).roster(np.where(drawn(asked, "T..T..", ".T..T.", "..T..T").at < 0, -1, 0).astype(np.int32))
    ill = sick(asked, officer, first, last)
    done = repair(ill, roster, day(since), QUICK)
    assert len(done.changes) == fewest_changes(ill, roster, since)
    assert done.plan.proof is not None
    assert (done.plan.proof.value, done.plan.proof.bound) == (len(done.changes), len(done.changes))
    assert not [one for one in done.plan.broken if one.hard]
    np.testing.assert_array_equal(done.plan.roster.at[:, :since], roster.at[:, :since])


def test_changes_say_who_steps_in_for_whom() -> None:
    """The sick officer's duty goes to one of the two who may."""
    asked = question(pack({"kind": "rest", "least": 11}), [need(DAY, 1)], officers(2), 3)
    roster = build(asked).roster(np.array([[0, -1, 0], [-1, 0, -1]], dtype=np.int32))
    done = repair(sick(asked, "S1", 2, 2), roster, day(1), QUICK)
    assert [(one.officer, one.why, one.of) for one in done.changes] == [
        ("S1", "sick leave", "S2"),
        ("S2", "takes the duty of", "S1"),
    ]
    assert done.forced == 1
    assert "S2 takes over" in done.changes[0].finding().text("en")


def test_a_repair_that_cannot_be_says_what_is_in_the_way() -> None:
    """Of two officers on alternate days one is away: the other would have no rest."""
    asked = question(pack(REST), [need(DUTY, 1)], officers(2), 4)
    roster = build(asked).roster(np.array([[0, -1, 0, -1], [-1, 0, -1, 0]], dtype=np.int32))
    with pytest.raises(QinwuError) as refused:
        repair(sick(asked, "S1", 2, 3), roster, day(2), QUICK)
    assert {one.code for one in refused.value.findings} == {"no-repair", "roster-need"}
    assert "2026-01-07" in refused.value.findings[1].text("en")


@pytest.mark.parametrize(("since", "days", "code"), [(9, 4, "since-outside"), (1, 5, "span-differs")])
def test_spans_that_do_not_fit_are_refused(since: int, days: int, code: str) -> None:
    """A date outside the roster, or another number of days."""
    asked = question(pack(), [need(DAY, 1)], officers(2), 4)
    roster = build(asked).roster(np.zeros((2, 4), dtype=np.int32))
    with pytest.raises(QinwuError) as refused:
        repair(replace(asked, days=days), roster, day(since), QUICK)
    assert code in [one.code for one in refused.value.findings]


def test_the_tail_knows_what_the_head_has_used() -> None:
    """Of 60 hours two 12-hour duties are gone, of the week as well; the last days are history."""
    rules = pack({"kind": "week_hours", "most": 60, "over": "week"}, {"kind": "week_hours", "most": 60, "id": "all"})
    asked = question(rules, [need(DAY, 1), need(NIGHT, 1)], officers(1), 7)
    problem = build(asked).problem
    rest = tail_of(problem, np.array([[0, 1, -1, -1, -1, -1, -1]], dtype=np.int32), 3)
    assert rest.shape == (1, 4, 2)
    assert rest.minutes_high.tolist() == [36 * 60]
    assert rest.week_high.tolist() == [[36 * 60]]
    assert rest.before.tolist() == [[0, 1, -1]]
    assert rest.weekends.tolist() == [[2, 3]]


def test_gaps_are_minutes_and_officer_hours() -> None:
    """Two needed around the clock; by day one, at night two: twelve hours a day, each an officer-hour."""
    asked = question(pack(), [need(DAY, 2), need(NIGHT, 2)], officers(4), 7)
    gaps = list(roster_gaps(asked.needs, drawn(asked, "DDDDDDD", "NNNNNNN", "NNNNNNN", ".......")))
    assert len(gaps) == 7
    assert (gaps[0].since, gaps[0].until, gaps[0].lacking, gaps[0].officer_hours) == (480, 1200, 1, 12.0)
    assert (minutes_per_week(gaps, 7 * 1440), hours_per_week(gaps, 7 * 1440)) == (5040, 84)
    assert not gaps_between(np.full(60, 2), np.full(60, 2))


def test_calendars_hold_the_hours_that_pass(tmp_path: object) -> None:
    """The night on which summer time begins ends at nine by the clock and still lasts twelve hours; nobody else is named."""
    asked = replace(question(pack(), [need(NIGHT, 1)], officers(2), 2), first=date(2026, 3, 28))
    roster = replace(drawn(asked, "NN", ".."), first=asked.first)
    text = calendar_of(roster, asked.needs, "S1", "Europe/Berlin", "en", datetime(2026, 3, 1, tzinfo=UTC))
    calendar = icalendar.Calendar.from_ical(text)
    events = [part for part in calendar.walk() if part.name == "VEVENT"]
    spans = [(event.decoded("dtstart"), event.decoded("dtend")) for event in events]
    assert [end.astimezone(UTC) - start.astimezone(UTC) for start, end in spans] == [timedelta(hours=12)] * 2
    assert (spans[0][1].hour, spans[1][1].hour) == (9, 8)
    assert str(events[0]["summary"]) == "Night Patrol"
    assert b"S2" not in text


def test_crews_of_a_day_have_a_sworn_officer_first() -> None:
    """Two sworn and two auxiliaries make two crews; three sworn and an auxiliary too."""
    asked = question(pack(), [need(DAY, 4, 2)], officers(3, 2), 2, crew=2)
    crews = [crew.members for crew in crews_of(asked, drawn(asked, "DD", "DD", ".D", "DD", "D."))]
    assert crews == [("S1", "A1"), ("S2", "A2"), ("S1", "A1"), ("S2", "S3")]


def test_gaps_are_counted_in_minutes() -> None:
    """A working day that ends at half past five leaves no gap until six, and yesterday's night is asked for this morning."""
    office = DAY.model_copy(update={"id": "day", "start": "09:00", "hours": 8.5})
    asked = question(pack(), [need(office, 1), need(NIGHT, 1)], officers(2), 2)
    least = needed_by_minute(asked.needs, drawn(asked, "DD", "NN"), "post")
    assert [int(least[minute]) for minute in (0, 479, 480, 540, 1049, 1050, 1199, 1200)] == [1, 1, 0, 1, 1, 0, 0, 1]
