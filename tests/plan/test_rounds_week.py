"""A week of rounds: what is due next, the double draw and visits that are left, against what can be counted by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from qinwu.plan.rounds.aims import Aims, sample_aims
from qinwu.plan.rounds.due import read_last, read_visits
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.week import monday_of, next_due, seed_of, stays_left, week_draw
from qinwu.simulate.trial import prepare_one
from qinwu.station.sample import write_sample
from qinwu.station.venues import Venue

MONDAY = date(2026, 3, 2)
VENUES = (Venue("V0", "hotel", "A001", "A"), Venue("V1", "hotel", "A001", "B"), Venue("V2", "hotel", "A001", "C"))


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    """Return the people of the 13-person station."""
    folder = tmp_path_factory.mktemp("week") / "station13"
    write_sample(folder, "station13", 2024)
    station, loaded, _ = prepare_one(folder, "")
    return People.of(station, loaded.system)


def test_a_venue_is_due_one_interval_after_its_last_inspection() -> None:
    """Due and late are counted in days; what is overdue longest comes first."""
    last = {"V0": date(2025, 2, 20), "V1": date(2026, 3, 1), "V2": date(2026, 2, 1)}
    found = next_due(VENUES, sample_aims(), last, date(2026, 3, 4), 1)
    assert [(one.venue.id, one.due, one.late_days) for one in found] == [
        ("V0", date(2026, 2, 20), 12),
        ("V2", date(2026, 3, 3), 1),
        ("V1", date(2026, 5, 31), 0),
    ]


def test_a_venue_without_a_record_is_due_within_one_interval() -> None:
    """The day is drawn from the beginning of the month on, by the seed alone."""
    for seed in range(20):
        for one in next_due(VENUES, sample_aims(), {}, date(2026, 3, 4), seed):
            assert one.last is None
            assert one.due is not None
            assert date(2026, 3, 1) <= one.due < date(2026, 3, 1) + timedelta(days=int(one.interval_days))
    assert next_due(VENUES, sample_aims(), {}, MONDAY, 1) == next_due(VENUES, sample_aims(), {}, MONDAY + timedelta(days=3), 1)


def test_the_draw_has_what_is_due_and_who_may_go(people: People) -> None:
    """Every venue due in the week is drawn once; as many officers go as the rule asks, none twice, all on duty, enough sworn."""
    aims, there = sample_aims(), sorted(people.officers)
    last = {venue.id: date(2025, 12, 1) for venue in people.station.venues}
    found = week_draw(people, aims, last, there, MONDAY, seed_of(MONDAY))
    due = [
        one
        for one in next_due(people.station.venues, aims, last, MONDAY, seed_of(MONDAY))
        if one.within(MONDAY + timedelta(days=6))
    ]
    assert sorted(one.visit.venue.id for one in found.drawn if not one.by_lot) == sorted(one.venue.id for one in due)
    for one in found.drawn:
        assert len(set(one.officers)) == len(one.officers) == aims.inspection.officers
        assert sum(people.officers[officer].kind == "sworn" for officer in one.officers) >= aims.inspection.sworn
        owner = people.owner(one.visit.venue)
        assert not owner or owner in one.officers


def test_one_officer_less_changes_only_own_draws(people: People) -> None:
    """Who was not drawn can be absent without changing anybody's lot."""
    last = {venue.id: date(2025, 12, 1) for venue in people.station.venues}
    there = sorted(people.officers)
    before = week_draw(people, sample_aims(), last, there, MONDAY, 7)
    gone = next(officer for officer in there if before.of(officer))
    after = week_draw(people, sample_aims(), last, [one for one in there if one != gone], MONDAY, 7)
    for one, other in zip(before.drawn, after.drawn, strict=True):
        assert one.visit == other.visit
        assert one.officers == other.officers or gone in one.officers


def test_an_officer_kept_from_a_venue_is_not_drawn_for_it(people: People) -> None:
    """A veto holds in the draw as in a plan of rounds."""
    last = {venue.id: date(2025, 12, 1) for venue in people.station.venues}
    there = sorted(people.officers)
    found = week_draw(people, sample_aims(), last, there, MONDAY, 7)
    drawn = found.drawn[0]
    officer = drawn.officers[-1]
    data = sample_aims().model_dump() | {"veto": [{"officer": officer, "venue": drawn.visit.venue.id}]}
    again = week_draw(people, Aims.model_validate(data), last, there, MONDAY, 7)
    assert officer not in again.drawn[0].officers


def test_lots_of_a_week_are_its_part_of_the_months(people: People) -> None:
    """Over many weeks the lot chooses the share of a month that the aims ask for, 2 % of those not due."""
    last = {venue.id: MONDAY - timedelta(days=40) for venue in people.station.venues}
    pool = [venue for venue in people.station.venues if venue.grade in ("A", "B")]
    drawn = sum(sum(one.by_lot for one in week_draw(people, sample_aims(), last, (), MONDAY, seed).drawn) for seed in range(400))
    assert drawn / 400 == pytest.approx(0.02 * len(pool) * 7 / 31, abs=0.06)


def test_visits_left_are_those_owed_less_those_made(people: People) -> None:
    """At the end of a month all of its visits are owed; each that was made is taken off where it was made."""
    officer = sorted(people.beat_officers)[0]
    owed = stays_left(people, officer, sample_aims(), date(2026, 3, 31), Counter())
    assert len(owed) == int(people.visit_hours()[officer] * 31 / 7)
    half = stays_left(people, officer, sample_aims(), date(2026, 3, 9), Counter())
    assert half == owed[: len(half)]
    made = Counter(stay.atom for stay in owed[:5])
    left = stays_left(people, officer, sample_aims(), date(2026, 3, 31), made)
    assert Counter(stay.atom for stay in left) + made == Counter(stay.atom for stay in owed)


def test_books_are_read_without_what_was_not_done(tmp_path: Path) -> None:
    """An inspection that was not made is no last inspection; a visit to an unknown place is told and left out."""
    book, visits = tmp_path / "inspections.csv", tmp_path / "visits.csv"
    book.write_text("日期,场所编号,完成\n2026-01-05,V0,是\n2026-02-05,V0,否\n", encoding="utf-8")
    visits.write_text("日期,网格\n2026-01-05,A001\n2026-01-06,A999\n没有,A001\n", encoding="utf-8")
    assert read_last(book, VENUES) == ({"V0": date(2026, 1, 5)}, ())
    made, findings = read_visits(visits, {"A001"})
    assert made == ((date(2026, 1, 5), "A001"),)
    assert [one.code for one in findings] == ["unknown-atom", "wrong-date"]


def test_a_week_begins_on_its_monday() -> None:
    """Every day of a week has the same Monday and seed."""
    assert {monday_of(MONDAY + timedelta(days=at)) for at in range(7)} == {MONDAY}
    assert seed_of(date(2025, 12, 29)) == 202601
