"""What is due: worked out by hand, drawn by lots that anybody can draw again, and files that are wrong."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.plan.rounds.aims import Aims, Grade, check_aims, read_aims, sample_aims
from qinwu.plan.rounds.due import drawn_visits, due_visits, read_last
from qinwu.plan.rounds.month import Month, month_of
from qinwu.station.venues import Venue
from tests import stations

MARCH = month_of("2026-03")
HOTEL = Venue("v1", "hotel", "a1", "C")


def aims(**days: float) -> Aims:
    return Aims(grade=tuple(Grade(id=grade, interval_days=value) for grade, value in days.items()))


def test_a_venue_is_due_one_interval_after_its_last_inspection() -> None:
    """Seen on 24 February, every 30 days: due on 26 March, not before half the interval has gone."""
    visits, overdue = due_visits([HOTEL], aims(C=30), MARCH, {"v1": date(2026, 2, 24)}, 1)
    (visit,) = visits
    assert MARCH.date_of(visit.due) == date(2026, 3, 26)
    assert MARCH.date_of(visit.earliest) == date(2026, 3, 11)
    assert overdue == ()


def test_short_intervals_are_due_several_times() -> None:
    """Every ten days, seen on 22 February: due on 4, 14 and 24 March, each before the next may be made."""
    visits, _ = due_visits([HOTEL], aims(C=10), MARCH, {"v1": date(2026, 2, 22)}, 1)
    assert [MARCH.date_of(visit.due).day for visit in visits] == [4, 14, 24]
    assert all(one.latest < two.earliest for one, two in pairwise(visits))
    assert [visit.id for visit in visits] == ["v1#1", "v1#2", "v1#3"]


def test_what_is_overdue_is_due_at_once_and_told() -> None:
    """Seen on 1 January, every 30 days: since 31 January, 29 days before March; one visit makes it good."""
    visits, overdue = due_visits([HOTEL], aims(C=30), MARCH, {"v1": date(2026, 1, 1)}, 1)
    assert [(one.due, one.days) for one in overdue] == [(date(2026, 1, 31), 29)]
    assert visits[0].due < 0
    assert visits[0].earliest == 0


def test_nothing_is_due_that_was_just_seen() -> None:
    """A year's interval, seen last week: nothing this month."""
    assert due_visits([HOTEL], aims(C=365), MARCH, {"v1": date(2026, 2, 24)}, 1) == ((), ())


@given(st.integers(0, 2**31), st.integers(2, 40))
def test_lots_do_not_depend_on_other_venues(seed: int, count: int) -> None:
    """One venue more or less, in any order: every other is due on the same day."""
    venues = [Venue(f"v{number}", "hotel", "a1", "B") for number in range(count)]
    all_due = {visit.id: visit.due for visit in due_visits(venues, aims(B=91), MARCH, {}, seed)[0]}
    fewer = {visit.id: visit.due for visit in due_visits(venues[:0:-1], aims(B=91), MARCH, {}, seed)[0]}
    assert fewer == {name: due for name, due in all_due.items() if name != "v0#1"}


def test_without_records_a_month_gets_its_share() -> None:
    """2,000 venues every 91 days: a third of them, 31 of 91, is due in March, within three standard deviations."""
    venues = [Venue(f"v{number}", "hotel", "a1", "B") for number in range(2000)]
    share = len(due_visits(venues, aims(B=91), MARCH, {}, 1)[0]) / 2000
    assert share == pytest.approx(31 / 91, abs=3 * (31 / 91 * 60 / 91 / 2000) ** 0.5)


def test_the_draw_takes_the_share_asked_for_and_not_those_just_seen() -> None:
    """Of 400 venues not due, half of them seen yesterday, a tenth of the other half is drawn, each seed others."""
    venues = [Venue(f"v{number}", "hotel", "a1", "A") for number in range(400)]
    last = {venue.id: MARCH.first - timedelta(days=1 if number % 2 else 200) for number, venue in enumerate(venues)}
    grade = Grade(id="A", interval_days=365, drawn_share=0.1)
    drawn = [{visit.venue.id for visit in drawn_visits(venues, [grade], [], MARCH, last, seed)} for seed in (1, 2)]
    assert len(drawn[0]) == len(drawn[1]) == 20
    assert drawn[0] != drawn[1]
    assert all(int(name[1:]) % 2 == 0 for name in drawn[0])


def test_a_share_below_one_venue_is_right_on_average() -> None:
    """Two of a hundred of 30 venues: 0.6 a month, over 500 seeds."""
    venues = [Venue(f"v{number}", "hotel", "a1", "A") for number in range(30)]
    grade = Grade(id="A", interval_days=365, drawn_share=0.02)
    mean = sum(len(drawn_visits(venues, [grade], [], MARCH, {}, seed)) for seed in range(500)) / 500
    assert mean == pytest.approx(0.6, abs=0.08)


def test_the_last_inspections_are_read_and_every_wrong_row_is_told(tmp_path: Path) -> None:
    """The latest date counts; an unknown venue and a date that is none are told together."""
    venues = (HOTEL, Venue("v2", "scrap", "a2"))
    good = tmp_path / "last.csv"
    good.write_text("场所编号,上次检查日期\nv1,2026-01-05\nv1,2025年12月1日\nv2,\n", encoding="utf-8")
    assert read_last(good, venues) == ({"v1": date(2026, 1, 5)}, ())
    bad = tmp_path / "bad.csv"
    bad.write_text("venue_id,last_inspected\nv1,yesterday\nv9,2026-01-01\n", encoding="utf-8")
    _, findings = read_last(bad, venues)
    assert [finding.code for finding in findings] == ["wrong-date", "unknown-venue"]


@pytest.mark.parametrize("text", ["2026-13", "2026", "next", ""])
def test_a_month_must_be_one(text: str) -> None:
    """Anything else is refused with how to write it."""
    with pytest.raises(QinwuError, match="is not a month"):
        month_of(text)


def test_months_follow_each_other_in_the_duty_cycle() -> None:
    """March begins where February ended."""
    february = month_of("2026-02")
    assert MARCH.into_cycle_s() - february.into_cycle_s() == february.days * 86400.0
    assert february.after == MARCH.first
    assert Month(date(2023, 12, 31), 1).into_cycle_s() == -86400.0


def test_everything_wrong_in_a_rounds_file_is_told_at_once(tmp_path: Path) -> None:
    """Hours that end before they begin, stops the wrong way round, too many sworn, a grade twice."""
    file = tmp_path / "rounds.toml"
    file.write_text(
        '[[grade]]\nid = "A"\ninterval_days = 30\n[[grade]]\nid = "A"\ninterval_days = 60\n'
        '[[trade]]\nkind = "bar"\nopen = ["20:00", "02:00"]\n'
        "[inspection]\nofficers = 1\nsworn = 2\n[patrol]\nstop_min = [16, 10]\n",
        encoding="utf-8",
    )
    with pytest.raises(QinwuError) as raised:
        read_aims(file)
    codes = [finding.code for finding in raised.value.findings]
    assert codes == ["hours-reversed", "stops-reversed", "sworn-above-officers", "given-twice"]


def test_aims_that_do_not_fit_the_station_are_told_at_once() -> None:
    """Unknown officer, venue and trade, a veto of nothing, an absence the wrong way round, a grade without an interval."""
    veto = [
        {"officer": "P01", "venue": "v9"},
        {"officer": "P0l", "kind": "hotel"},
        {"officer": "P02", "kind": "bars"},
        {"officer": "P03"},
    ]
    absent = [{"officer": "P04", "since": date(2026, 3, 9), "until": date(2026, 3, 9)}]
    wrong = Aims.model_validate({"grade": [{"id": "A", "interval_days": 30}], "veto": veto, "absent": absent})
    codes = [finding.code for finding in check_aims(wrong, stations.six_atoms())]
    assert sorted(codes) == sorted(["grade-without-interval", *["unknown-name"] * 3, "empty-veto", "absence-reversed"])


def test_the_sample_says_that_it_is_one() -> None:
    """The intervals shipped are marked as a sample, and each invented figure has its assumption."""
    aims = sample_aims()
    assert aims.sample
    assert {one.key for one in aims.assumption} >= {"grade.interval_days", "trade.open", "patrol.stop_min"}
