"""What is counted: whose calls, on which clock, and which hours somebody listened in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from qinwu.findings import QinwuError
from qinwu.forecast.hours.counting import NOWHERE, count_calls
from qinwu.forecast.hours.observing import clock_hours, due, gaps, observed
from qinwu.forecast.hours.series import enough, series_of
from qinwu.station.holidays import Holidays, like_weekday, read_holidays
from tests.forecast.hours_cases import MONDAY, ZONE, calls_at, moments_of, smooth_week

NOBODY = Holidays()


def ones(days: int) -> np.ndarray:
    """Return a clock without summer time."""
    return np.ones((days, 24))


def test_only_calls_of_residents_teach() -> None:
    """What officers found and superiors ordered is left out and told; hours are those of the local clock."""
    moments = [datetime(2024, 1, 1, hour, 30) for hour in (0, 8, 8, 23)]
    counted = count_calls(calls_at(moments, ["resident", "resident", "officer", "superior"]), NOBODY)
    assert np.flatnonzero(counted.series.counts.ravel()).tolist() == [0, 8]
    assert counted.left_out == {"officer": 1, "superior": 1}
    assert counted.share_left_out == 0.5
    assert "2 of 4 calls (50.0%)" in next(one.text("en") for one in counted.findings if one.code == "left-out")


def test_unknown_origin_teaches_only_where_no_resident_is_named() -> None:
    """Calls of unknown origin teach where nothing else is there, with a warning."""
    moments = [datetime(2024, 1, 1, hour) for hour in range(6)]
    assumed = count_calls(calls_at(moments, ["unknown"] * 6), NOBODY)
    assert assumed.assumed
    assert [one.severity for one in assumed.findings if one.code == "origin-unknown"] == ["warning"]
    named = count_calls(calls_at(moments, ["unknown"] * 5 + ["resident"]), NOBODY)
    assert (named.taught, named.left_out) == (1, {"unknown": 5})
    with pytest.raises(QinwuError, match="No call of a resident"):
        count_calls(calls_at(moments, ["officer"] * 6), NOBODY)


def test_places() -> None:
    """Calls are counted by place; those whose atom belongs to none have a series of their own."""
    moments = [datetime(2024, 1, 1, hour) for hour in range(4)]
    counted = count_calls(calls_at(moments, atoms=["a1", "a2", "a9", "a1"]), NOBODY, {"a1": "west", "a2": "east"})
    assert counted.series.names == ("west", "east", NOWHERE)
    assert counted.series.counts.sum(axis=(1, 2)).tolist() == [2.0, 1.0, 1.0]


def test_summer_time() -> None:
    """The clock skips an hour in spring and shows one twice in autumn; calls of both count in it."""
    assert clock_hours(date(2025, 3, 30), 1, "Europe/Paris")[0, [1, 2, 3]].tolist() == [1.0, 0.0, 1.0]
    assert clock_hours(date(2025, 10, 26), 1, "Europe/Paris")[0, [1, 2, 3]].tolist() == [1.0, 2.0, 1.0]
    assert clock_hours(date(2025, 1, 1), 365, ZONE).min() == 1.0


def test_parts_of_months_are_no_zeros() -> None:
    """Of a record with the first five days of each month only, the rest of the month was not observed."""
    day = np.arange(90)
    listened = day % 30 < 5
    counts = np.tile(smooth_week(2.0), 13)[: 90 * 24].reshape(90, 24).round() * listened[:, None]
    hours = observed(counts, ones(90))
    np.testing.assert_array_equal(hours.sum(axis=1) > 0, listened)
    assert [gap.hours for gap in gaps(hours, ones(90), MONDAY)] == [600, 600, 600]


def test_day_shifts_are_no_quiet_nights() -> None:
    """Where nobody ever calls at night while days are full, nights were not recorded."""
    counts = np.zeros((40, 24))
    counts[:, 8:16] = np.random.default_rng(1).poisson(4.0, (40, 8))
    hours = observed(counts, ones(40))
    assert hours[:, 8:16].all()
    assert not hours[:, :8].any()
    assert not hours[:, 16:].any()


def test_stray_calls_are_told() -> None:
    """The one call at night in a record of day shifts does not teach, and is told."""
    counts = np.zeros((40, 24))
    counts[:, 8:16] = 4.0
    counts[7, 3] = 1.0
    counted = count_calls(calls_at(moments_of(counts.ravel())), NOBODY)
    assert counted.taught == 40 * 8 * 4
    assert [one.values["count"] for one in counted.findings if one.code == "stray-calls"] == [1]


@pytest.mark.parametrize("calls_a_day", [1.0, 5.0, 40.0])
def test_a_small_station_has_no_gaps(calls_a_day: float) -> None:
    """Quiet nights and empty days of a small station are zeros: a year of chance hardly makes a gap of them."""
    shape = smooth_week(1.0) / smooth_week(1.0).sum() * 7.0 * calls_a_day
    counts = np.random.default_rng(2).poisson(np.tile(shape, 52)).reshape(-1, 24).astype(float)
    hours = observed(counts, ones(len(counts)))
    assert hours[7:-7].all()


def test_a_record_that_ends_at_noon() -> None:
    """Hours after the last call of the last day are not observed where calls were due in them."""
    counts = np.full((20, 24), 1.0)
    counts[-1, 12:] = 0.0
    hours = observed(counts, ones(20))
    assert hours[-1, :12].all()
    assert not hours[-1, 12:].any()


def test_calls_due_at_the_least() -> None:
    """Whole days bring the mean, other hours what nights bring."""
    assert due(24, 2.0) == 48.0
    assert due(1, 2.0) == pytest.approx(0.3)


def test_series_that_cannot_be_used() -> None:
    """Negative counts, parts of days, names that do not fit are refused together, with place and value."""
    counts = np.ones((2, 30))
    counts[1, 3] = -2.0
    with pytest.raises(QinwuError) as raised:
        series_of(counts, MONDAY, names=("a", "b", "c"))
    assert {one.code for one in raised.value.findings} == {"not-whole-days", "names-do-not-fit", "negative-count"}
    assert "b, row 4, counts: -2 is no count" in str(raised.value)


def test_too_little_and_nothing() -> None:
    """A fortnight is the least; a place without a call is named, a record without one refused."""
    assert [one.code for one in enough(series_of(np.ones(13 * 24), MONDAY))] == ["series-too-short"]
    assert enough(series_of(np.ones(14 * 24), MONDAY)) == []
    assert [one.code for one in enough(series_of(np.zeros(14 * 24), MONDAY))] == ["all-zero"]
    half = enough(series_of(np.stack([np.ones(14 * 24), np.zeros(14 * 24)]), MONDAY, names=("a", "b")))
    assert [(one.severity, one.values["names"]) for one in half] == [("warning", "b")]


def test_counts_of_calls_are_counts() -> None:
    """Counting moments made from counts gives the counts back."""
    week = smooth_week(3.0).round()
    counted = count_calls(calls_at(moments_of(np.tile(week, 3))), NOBODY)
    np.testing.assert_array_equal(counted.series.counts.ravel(), np.tile(week, 3))


def test_holidays_of_china() -> None:
    """National Day 2025 and the two working weekend days for it; the days resemble Sundays, a Thursday and a Friday."""
    kinds = Holidays("CN").kinds(date(2025, 9, 28), 14)
    off = [date(2025, 9, 28) + timedelta(days=int(at)) for at in np.flatnonzero(kinds == 1)]
    worked = [date(2025, 9, 28) + timedelta(days=int(at)) for at in np.flatnonzero(kinds == 2)]
    assert worked == [date(2025, 9, 28), date(2025, 10, 11)]
    assert {date(2025, 10, day) for day in (1, 2, 3, 6, 7, 8)} <= set(off)
    like = like_weekday(date(2025, 9, 28), kinds)
    assert (like[0], like[3], like[13]) == (3, 6, 4)
    assert Holidays("CN").announced(2025)
    assert not Holidays("CN").announced(2035)


def test_a_station_states_its_own_holidays(tmp_path: Path) -> None:
    """holidays.csv goes before the calendar, in either language; wrong rows are all told."""
    path = tmp_path / "holidays.csv"
    path.write_text("日期,类型\n2025-10-01,平日\n2025年3月8日,放假\n2025/10/18,补班\n", encoding="utf-8")
    own = read_holidays(tmp_path, ZONE)
    assert own.kinds(date(2025, 10, 1), 2).tolist() == [0, 1]
    assert own.kinds(date(2025, 3, 8), 1).tolist() == [1]
    assert own.kinds(date(2025, 10, 18), 1).tolist() == [2]
    path.write_text("date,kind\n2025-13-01,holiday\n2025-10-01,party\n2025-10-01,holiday\n", encoding="utf-8")
    with pytest.raises(QinwuError) as raised:
        read_holidays(tmp_path, ZONE)
    assert [(one.code, one.place.row) for one in raised.value.findings] == [("bad-date", 2), ("bad-kind", 3), ("duplicate-day", 4)]
    assert read_holidays(tmp_path / "none", "Europe/Paris").country == ""
