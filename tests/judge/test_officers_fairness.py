"""Fair lots and fair shares: exact where they can be, against enumeration, and the same as those of rosters."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations, permutations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.roster_rules.shares import beyond_fair
from qinwu.judge.officers.days import kinds_of_days
from qinwu.judge.officers.fairness import SHARED, Fairness, fairness_of
from qinwu.judge.officers.groups import Group
from qinwu.judge.officers.hours import stretches_of
from qinwu.judge.officers.log import Entry
from qinwu.judge.officers.lot import Dealt, band_of, expected_difference, expected_gini, ginis, lot_totals, spread_of
from qinwu.judge.officers.recognition import recognised
from qinwu.judge.officers.terms import Weights
from qinwu.station.holidays import Holidays
from tests.judge.officers_cases import MARCH, NO_HOLIDAYS, ZONE, entry, pieces

GROUP = Group("duty/sworn", "duty", None, "sworn", ("P01", "P02", "P03"))
DRAWS = 20_000


def dealt(rows: list[list[int]], there: list[list[int]] | None = None) -> Dealt:
    """Return what officers had on each day, all of them there unless said otherwise."""
    had = np.array(rows, dtype=np.float64)
    return Dealt(had, np.ones(had.shape, np.bool_) if there is None else np.array(there, np.bool_))


def every_lot(one: Dealt) -> list[tuple[tuple[float, ...], float]]:
    """Return the totals of every way of dealing a small case, each with its chance: all days multiplied out."""
    by_day = []
    for had, there in zip(one.had, one.there, strict=True):
        who = np.flatnonzero(there)
        ways = Counter(permutations(had[who].tolist()))
        total = sum(ways.values())
        rows = []
        for way, count in ways.items():
            row = np.zeros(len(had))
            row[who] = way
            rows.append((row, count / total))
        by_day.append(rows)
    return [
        (tuple(np.sum([row for row, _ in combination], axis=0).tolist()), float(np.prod([chance for _, chance in combination])))
        for combination in product(*by_day)
    ]


CASES = [
    dealt([[1, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0]]),
    dealt([[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0]]),
    dealt([[1, 0, 0], [0, 1, 0], [1, 0, 0]], [[1, 1, 1], [0, 1, 1], [1, 1, 0]]),
]


@pytest.mark.parametrize("case", CASES)
def test_differences_and_gini_are_exact(case: Dealt) -> None:
    """The mean difference of two officers and the mean Gini are those of all lots, each counted."""
    lots = every_lot(case)
    for one, other in combinations(range(case.had.shape[1]), 2):
        mean = sum(chance * abs(totals[one] - totals[other]) for totals, chance in lots)
        assert expected_difference(case, one, other) == pytest.approx(mean, abs=1e-12)
    assert expected_gini(case) == pytest.approx(sum(chance * ginis(np.array(totals)) for totals, chance in lots), abs=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_the_spread_of_a_lot_is_that_of_all_lots(case: Dealt) -> None:
    """Drawn lots have the spread, and the chance of a spread like the one seen, that enumeration gives."""
    lots = every_lot(case)
    found = spread_of(case, np.random.default_rng(1), DRAWS)
    spreads = np.array([np.ptp(beyond_fair(totals, case.present.tolist())) for totals, _ in lots])
    chance = np.array([chance for _, chance in lots])
    assert found.lot_spread == pytest.approx(float(spreads @ chance), abs=0.02)
    assert found.p == pytest.approx(float(chance[spreads >= found.spread - 1e-9].sum()), abs=0.02)


def test_one_of_three_who_has_every_night_is_no_chance() -> None:
    """Ten nights, all of one of three: a fair lot gives that with 3 / 3^10."""
    found = spread_of(dealt([[1, 0, 0]] * 10), np.random.default_rng(1), DRAWS)
    assert (found.most, found.least, found.spread) == (10.0, 0.0, 10.0)
    assert found.gini == pytest.approx(2 / 3)
    assert found.p < 0.001


def test_an_even_roster_is_more_even_than_a_lot() -> None:
    """Nights in turn differ by nothing, where a lot of twelve nights among three differs by three on average."""
    found = spread_of(dealt([[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 4), np.random.default_rng(1), DRAWS)
    assert (found.spread, found.gini, found.p) == (0.0, 0.0, 1.0)
    multinomial = [
        (max(a, b, 12 - a - b) - min(a, b, 12 - a - b)) * comb(12, a) * comb(12 - a, b) / 3**12
        for a in range(13)
        for b in range(13 - a)
    ]
    assert found.lot_spread == pytest.approx(sum(multinomial), abs=0.03)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=20), st.integers(0, 99))
def test_a_lot_deals_what_there_is(rows: list[list[bool]], seed: int) -> None:
    """Every lot has as many duties as were had, none of them to those who were away, and bands hold the mean."""
    there = np.ones((len(rows), 4), np.bool_)
    there[: len(rows) // 2, 3] = False
    had = np.array(rows, np.float64) * there
    case = Dealt(had, there)
    totals = lot_totals(case, np.random.default_rng(seed), 50)
    assert np.allclose(totals.sum(axis=1), had.sum())
    assert (totals[:, 3] <= (had.sum(axis=1) > 0)[len(rows) // 2 :].sum()).all()
    for low, high in band_of(case, np.random.default_rng(seed), draws=50):
        assert low <= high


def test_gini_of_nothing_is_none() -> None:
    """Where nobody had anything there is no coefficient; of all to one of four it is three quarters."""
    assert np.isnan(ginis(np.zeros(3)))
    assert ginis(np.array([0.0, 0.0, 0.0, 5.0])) == pytest.approx(0.75)


def shared(rows: list[Entry], holidays: Holidays = NO_HOLIDAYS, months: tuple[date, ...] = (MARCH,)) -> dict[str, Fairness]:
    """Return how P01 to P03 shared a log."""
    days = kinds_of_days(months, holidays)
    found = fairness_of([GROUP], stretches_of(rows, ZONE), pieces(rows, months, holidays), days, np.random.default_rng(1))
    return {one.what: one for one in found}


def test_nights_and_weekends_are_counted_as_rosters_count_them() -> None:
    """A duty with three hours of deep night is a night; one that starts on Saturday a weekend day, once a day."""
    rows = [
        entry("duty", "6 20", "7 08"),
        entry("duty", "7 12", "7 16"),
        entry("duty", "7 17", "7 20"),
        entry("overtime", "9 22", "10 02:30", officer="P02"),
        entry("duty", "10 03", "10 11", officer="P03"),
    ]
    found = shared(rows)
    assert found["nights"].totals == {"P01": 1.0, "P02": 0.0, "P03": 1.0}
    assert found["weekends"].totals == {"P01": 1.0, "P02": 0.0, "P03": 0.0}
    assert found["overtime_h"].totals == {"P01": 0.0, "P02": 4.5, "P03": 0.0}
    assert found["holidays"].spread is None
    assert set(found) == set(SHARED)


def test_holidays_are_those_of_the_calendar() -> None:
    """The Spring Festival of 2026 begins on 16 February: a duty on it counts, on the worked Saturday before it does not."""
    february = date(2026, 2, 1)
    rows = [
        Entry("P01", "duty", entry("duty", "-11 08", "-11 20").start, entry("duty", "-11 08", "-11 20").end),
        Entry("P02", "duty", entry("duty", "-14 08", "-14 20").start, entry("duty", "-14 08", "-14 20").end),
    ]
    assert [row.start.date() for row in rows] == [date(2026, 2, 17), date(2026, 2, 14)]
    found = shared(rows, Holidays("CN"), (february,))
    assert found["holidays"].totals == {"P01": 1.0, "P02": 0.0}


def test_who_was_on_leave_is_to_have_less() -> None:
    """On leave for all but ten days and with a third of the others' nights: nothing beyond a fair share."""
    rows = [entry("duty", f"{day} 20", f"{day + 1} 08", officer=officer) for officer, day in (("P01", 2), ("P01", 4), ("P01", 6))]
    rows += [entry("duty", f"{day} 20", f"{day + 1} 08", officer="P02") for day in (3, 5, 7)]
    rows += [entry("duty", "8 20", "9 08", officer="P03"), entry("leave", "11 00", "32 00", officer="P03")]
    beyond = shared(rows)["nights"].beyond
    there = [31, 31, 10]
    assert beyond == pytest.approx(dict(zip(("P01", "P02", "P03"), beyond_fair([3, 3, 1], there), strict=True)))
    assert beyond["P03"] == pytest.approx(1 - 7 * 10 / 72)


def test_months_add_up() -> None:
    """What each had by month sums to what each had."""
    rows = [entry("duty", f"{day} 20", f"{day + 1} 08") for day in (3, 20, 33, 40)] + [entry("duty", "5 20", "6 08", officer="P02")]
    found = shared(rows, months=(MARCH, date(2026, 4, 1)))["nights"]
    assert {month.month: own["P01"] for month, own in found.by_month.items()} == {3: 2.0, 4: 2.0}
    assert found.totals["P01"] == 4.0


def test_unevenness_is_called_only_beyond_chance() -> None:
    """Twenty nights of one of three are called uneven, with all comparisons in mind; three of five are not."""
    many = [entry("duty", f"{day} 20", f"{day + 1} 08") for day in range(1, 29)]
    rest = [entry("meeting", "30 09", "30 10", officer=name) for name in ("P02", "P03")]
    assert shared([*many, *rest])["nights"].uneven
    names = {2: "P01", 4: "P01", 6: "P01", 8: "P02"}
    few = [entry("duty", f"{day} 20", f"{day + 1} 08", officer=name) for day, name in names.items()]
    assert not shared([*few, entry("duty", "10 20", "11 08", officer="P03")])["nights"].uneven


def load(rows: list[Entry], weights: Weights, on_calls: dict[str, float] | None = None) -> dict[str, tuple[float, float]]:
    """Return points and index of everybody in a log."""
    days = kinds_of_days([MARCH], NO_HOLIDAYS)
    found = recognised([GROUP], pieces(rows), days, weights, on_calls or {}, ZONE, np.random.default_rng(1))
    return {one.officer: (one.points, one.index) for one in found}


def test_points_are_hours_by_their_weights() -> None:
    """A night duty of 12 hours from Friday: 12 points, 6 deep night, 8 of Saturday, and calls for a quarter of it."""
    weights = Weights(hour=1.0, night_hour=0.5, weekend_hour=0.25, call_hour=2.0)
    rows = [entry("duty", "6 20", "7 08"), entry("meeting", "9 09", "9 11", officer="P02")]
    points = load(rows, weights, {"P01": 0.25})
    assert points["P01"][0] == pytest.approx(12 + 0.5 * 6 + 0.25 * 8 + 2.0 * 0.25 * 12)
    assert points["P02"][0] == pytest.approx(2.0)
    assert points["P01"][1] + points["P02"][1] == pytest.approx(200.0)


def test_a_group_of_one_has_no_index() -> None:
    """Nobody to compare with: points, but no index and nothing beyond chance."""
    days = kinds_of_days([MARCH], NO_HOLIDAYS)
    rows = [entry("duty", "2 08", "2 16")]
    (one,) = recognised([GROUP], pieces(rows), days, Weights(), {}, ZONE, np.random.default_rng(1))
    assert one.points == 8.0
    assert np.isnan([one.index, one.low, one.high]).all()
    assert not one.beyond_chance


def test_leave_lowers_the_share_asked_for() -> None:
    """Who was there for half of the month and did half of the work has an index of 100."""
    rows = [entry("duty", f"{day} 08", f"{day} 16") for day in range(2, 10)]
    rows += [entry("duty", f"{day} 08", f"{day} 16", officer="P02") for day in range(2, 6)]
    rows += [entry("leave", "16 12", "32 00", officer="P02")]
    found = load(rows, Weights())
    assert found["P02"][1] == pytest.approx(32 / (96 * 15 / 46) * 100)
    assert found["P01"][1] == pytest.approx(64 / (96 * 31 / 46) * 100)


def test_chance_is_not_called_merit() -> None:
    """Loads dealt by lot lie within their bands about as often as the bands say."""
    rng = np.random.default_rng(5)
    outside = 0
    for _ in range(20):
        rows = [
            entry("duty", f"{day} 08", f"{day} 20", officer=("P01", "P02", "P03")[int(rng.integers(3))]) for day in range(1, 31)
        ]
        days = kinds_of_days([MARCH], NO_HOLIDAYS)
        found = recognised([GROUP], pieces(rows), days, Weights(), {}, ZONE, rng)
        outside += sum(one.beyond_chance for one in found)
    assert outside <= 8
