"""Recurring work, hours spent and repeat places: held against what a few lines of arithmetic say."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from qinwu.judge.officers.spent import Spent, ad_hoc_weeks, hours_by, ordered_hours, share_of
from qinwu.judge.score.repeat_places import repeat_rate
from qinwu.judge.targets.available import OfficerMonth, months_ahead
from qinwu.judge.targets.recurring import Recurring, judge_recurring, recurring_demands, required_and_available
from qinwu.judge.targets.standing import Standing
from qinwu.simulate.trial import prepare_one
from qinwu.station.sample import write_sample

MONTHS = months_ahead(date(2026, 3, 4))[:2]
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """Return how the 13-person station stands."""
    folder = tmp_path_factory.mktemp("recurring") / "station13"
    write_sample(folder, "station13", 2024)
    station, loaded, _plan = prepare_one(folder, "", even_without_calls=True)
    return Standing.of(station, loaded.system)


def hours_of(standing: Standing, free_h: float) -> dict[tuple[str, str], OfficerMonth]:
    """Return months in which every officer has so many free hours."""
    officers = [one.id for one in standing.station.force]
    return {(one, month.name): OfficerMonth(one, month.name, free_h, 0.0, 0.0, 0.0) for one in officers for month in MONTHS}


def test_required_hours_are_days_over_frequency(standing: Standing) -> None:
    """An hour and a half every five days in April is nine hours of the beat officer and, with two, nine of anybody."""
    beat = standing.beats[0].id
    found = recurring_demands(standing, [Recurring("one", beat, 5, 90, 2)], MONTHS[:1])
    assert [round(one.hours, 9) for one in found] == [9.0, 9.0]
    assert found[0].group == {standing.officer_of_beat(beat)}
    assert found[1].group == standing.in_crews_of[standing.home]
    everywhere = recurring_demands(standing, [Recurring("one", "", 5, 90)], MONTHS[:1])
    assert [one.beat for one in everywhere] == [beat.id for beat in standing.beats]


@pytest.mark.parametrize("share", [0.5, 0.99, 1.0, 1.01, 3.0])
def test_what_fits_is_told_to_the_day(standing: Standing, share: float) -> None:
    """Work of a given share of the hours is feasible up to exactly all of them; the days named fit, one fewer does not."""
    beat, free_h = standing.beats[0].id, 40.0
    minutes = round(share * 0.8 * free_h * 60.0 / 31.0 * 4.0)
    hours, work = hours_of(standing, free_h), Recurring("new", beat, 4, minutes)
    judged = judge_recurring(standing, work, [], hours, MONTHS)
    required = 31.0 / 4.0 * minutes / 60.0
    assert judged.feasible == (required <= 0.8 * free_h + 1e-6)
    assert judged.scale == pytest.approx(0.8 * free_h / required)
    assert judged.fewest_days is not None
    for days, fits in ((judged.fewest_days, True), (judged.fewest_days - 1, False)):
        if days >= 1:
            assert judge_recurring(standing, Recurring("new", beat, days, minutes), [], hours, MONTHS).feasible == fits


def test_other_work_takes_its_hours_first(standing: Standing) -> None:
    """Beside work that takes all hours nothing fits, and no frequency is named; another beat is not touched."""
    one, other = standing.beats[0].id, standing.beats[1].id
    hours = hours_of(standing, 10.0)
    full = Recurring("full", one, 1, 16)
    tight = judge_recurring(standing, Recurring("new", one, 30, 60), [full], hours, MONTHS)
    assert not tight.feasible
    assert tight.binding[0].group == {standing.officer_of_beat(one)}
    assert judge_recurring(standing, Recurring("new", other, 30, 60), [full], hours, MONTHS).feasible
    over = Recurring("over", one, 1, 60)
    assert judge_recurring(standing, Recurring("new", one, 30, 60), [over], hours, MONTHS).fewest_days is None
    rows = required_and_available(standing, [over], hours, MONTHS)
    assert [round(row.required_h({}) / row.available_h, 3) for row in rows] == [round(30 / 8, 3), round(31 / 8, 3)]


def test_repeats_are_counted_like_by_hand() -> None:
    """Every pair looked at by hand gives the same number; calls spread by chance come near the share told for chance."""
    import numpy as np

    rng = np.random.default_rng(5)
    start, atoms = datetime(2026, 1, 1), [f"A{n}" for n in rng.choice(12, 600, p=np.arange(1, 13) / 78)]
    received = [start + timedelta(days=float(day)) for day in rng.uniform(0.0, 120.0, 600)]
    found = repeat_rate(received, atoms, 3, since=start + 30 * DAY)
    calls = list(zip(received, atoms, strict=True))
    looked = [one for one in calls if one[0] >= start + 30 * DAY]
    back = [one for one in looked if any(atom == one[1] and timedelta() < one[0] - at <= 3 * DAY for at, atom in calls)]
    assert (found.calls, found.repeated) == (len(looked), len(back))
    assert found.span is not None
    assert found.span.low < found.by_chance < found.span.high
    assert repeat_rate([], [], 3).span is None


def test_places_to_which_disputes_come_back_beat_chance() -> None:
    """Pairs of calls a day apart at places otherwise quiet: half of them repeat, far more than by chance."""
    first = [datetime(2026, 1, 1) + timedelta(days=3 * n) for n in range(40)]
    atoms = [f"A{n}" for n in range(40)]
    found = repeat_rate([*first, *(one + DAY for one in first)], [*atoms, *atoms], 2, since=first[0])
    assert (found.calls, found.repeated) == (80, 40)
    assert found.by_chance < 0.05


def test_hours_are_summed_by_what_is_asked() -> None:
    """By beat, by who ordered, ad hoc by week against hours on duty, and the share of a condition."""
    monday = date(2026, 3, 2)
    spent = [
        Spent(monday, 2.0, "B1", "visit"),
        Spent(monday + 6 * DAY, 3.0, "B2", "other", "superior", "bureau", ad_hoc=True),
        Spent(monday + 7 * DAY, 5.0, "B1", "other", "local_government", "street", ad_hoc=True),
    ]
    assert hours_by(spent, lambda one: one.beat) == {"B1": 7.0, "B2": 3.0}
    assert ordered_hours(spent) == (("street", 5.0), ("bureau", 3.0), ("", 2.0))
    weeks = ad_hoc_weeks(spent, {monday: 30.0, monday + 7 * DAY: 20.0})
    assert [(week.ad_hoc_h, week.share) for week in weeks] == [(3.0, 0.1), (5.0, 0.25)]
    assert share_of(spent, lambda one: one.ad_hoc) == 0.8
    assert share_of([], lambda one: one.ad_hoc) is None
