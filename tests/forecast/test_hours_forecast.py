"""The forecast as a whole: what teaches, what is said with little, the back-test, the table, the command."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from qinwu.findings import QinwuError
from qinwu.forecast.hours.backtest import EIGHT_WEEKS, FORETOLD, METHODS, back_test
from qinwu.forecast.hours.counting import Counted
from qinwu.forecast.hours.forecasting import HoursForecast, forecast_hours
from qinwu.forecast.hours.handling import Handling
from qinwu.forecast.hours.learning import origins, say_from
from qinwu.forecast.hours.scores import deviances, relative_error
from qinwu.forecast.hours.series import HourlySeries, series_of
from qinwu.forecast.hours.tidy import tidy
from qinwu.report.chapters.hours import half_of, hours_chapter
from qinwu.station.holidays import Holidays
from qinwu.station.sample import write_sample
from tests.cli.folders import english_in, run
from tests.forecast.hours_cases import MONDAY, ZONE, poisson, smooth_week

NOBODY = Holidays()


def counted(series: HourlySeries) -> Counted:
    """Return a series as if it had been counted from calls."""
    return Counted(series, {}, int(series.counts.sum()), False, ())


def told(series: HourlySeries, **asked: object) -> HoursForecast:
    """Return the forecast of a series without holidays."""
    return forecast_hours(counted(series), NOBODY, ZONE, **asked)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def two_beats() -> HourlySeries:
    """Sixteen weeks of two beats, 3 and 1 calls an hour in the mean."""
    rates = np.tile(smooth_week(1.0), 16)
    return series_of(np.random.default_rng(1).poisson(np.stack([3.0 * rates, rates])).astype(float), MONDAY, names=("west", "east"))


def test_a_week_ahead(two_beats: HourlySeries) -> None:
    """The week after the record is foretold near the truth, days and week are sums of hours, beats of the whole."""
    week = told(two_beats)
    truth = 4.0 * smooth_week(1.0)
    assert week.first == date(2024, 4, 22)
    assert np.abs(week.hours.mean.ravel() / truth - 1.0).mean() < 0.1
    np.testing.assert_allclose(week.days.mean, week.hours.mean.sum(axis=1))
    np.testing.assert_allclose(week.weeks.mean[0], week.days.mean.sum())
    np.testing.assert_allclose(week.place(0).mean + week.place(1).mean, week.weeks.mean)
    assert week.shares.mean[0] == pytest.approx(0.75, abs=0.02)
    np.testing.assert_allclose(week.usual_week(), week.hours.mean.ravel())
    table = tidy(week, Handling(30.0, 0.0))
    hours = table.group_by("date", "hour").agg(
        whole=pl.col("calls").filter(pl.col("place") == "").sum(), parts=pl.col("calls").filter(pl.col("place") != "").sum()
    )
    np.testing.assert_allclose(hours["whole"], hours["parts"])
    assert table["officer_h"].sum() == pytest.approx(0.5 * float(table["calls"].sum()))


def test_only_the_past_teaches(two_beats: HourlySeries) -> None:
    """A day within the record is foretold from days before it alone: what comes later changes nothing but what came."""
    start = MONDAY + timedelta(weeks=12)
    before = told(two_beats, start=start)
    changed = two_beats.counts.copy()
    changed[:, 84:] = 99.0
    after = told(HourlySeries(two_beats.names, MONDAY, changed, two_beats.hours, two_beats.kinds), start=start)
    np.testing.assert_array_equal(before.hours.mean, after.hours.mean)
    np.testing.assert_array_equal(before.hours.high, after.hours.high)
    assert (after.came == 198.0).all()
    np.testing.assert_array_equal(before.came, two_beats.counts[:, 84:91].sum(axis=0))


def test_a_start_beyond_the_record(two_beats: HourlySeries) -> None:
    """Days skipped are foretold over: the weekday stays right."""
    later = told(two_beats, start=date(2024, 4, 25), weeks=2)
    truth = 4.0 * np.roll(smooth_week(1.0), -72)
    assert later.hours.mean.shape == (14, 24)
    assert np.corrcoef(later.hours.mean[:7].ravel(), truth)[0, 1] > 0.96
    assert np.isnan(later.came).all()


def test_what_cannot_be_foretold(two_beats: HourlySeries) -> None:
    """Days before the record or far beyond it, no weeks, a record too short or empty are refused with the reason."""
    for asked, code in (({"start": date(2020, 1, 1)}, "out-of-reach"), ({"weeks": 0}, "out-of-reach")):
        with pytest.raises(QinwuError) as raised:
            told(two_beats, **asked)
        assert [one.code for one in raised.value.findings] == [code]
    with pytest.raises(QinwuError, match="Only 10 days were observed"):
        told(two_beats, start=MONDAY + timedelta(days=10))
    with pytest.raises(QinwuError, match="No call was counted"):
        told(series_of(np.zeros(28 * 24), MONDAY))


def test_little_data_falls_back_openly() -> None:
    """With 60 calls in ten weeks every hour is foretold the plain mean, and the forecast says so."""
    counts = np.zeros(70 * 24)
    counts[np.random.default_rng(2).integers(0, counts.size, 60)] = 1.0
    plain = told(series_of(counts, MONDAY))
    assert plain.plain
    np.testing.assert_allclose(plain.hours.mean, counts.mean())
    assert "plain-mean" in {one.code for one in plain.findings}
    chapter = hours_chapter(plain, counted(series_of(counts, MONDAY)), "en")
    assert any("plain mean" in line for line in chapter.lead)


def test_holidays_not_announced_are_named() -> None:
    """A forecast into a year whose working weekends are unknown says so."""
    series = poisson(np.tile(smooth_week(), 8), 3, date(2034, 12, 1))
    found = forecast_hours(counted(series), Holidays("CN"), ZONE)
    assert [one.values["year"] for one in found.findings if one.code == "holidays-unknown"] == [2035]


def test_scores_by_brute_force() -> None:
    """Scores of the back-test are those of all its hours laid in a row; the interval holds the value."""
    series = poisson(np.tile(smooth_week(2.0), 14), 4)
    test = back_test(series, say_from(series, origins(series, 8)), 5)
    assert test.origins == (63, 70, 77, 84, 91)
    calls = series.counts[0, 63:98].ravel()
    for score in test.scores():
        foretold = test.told[score.method].ravel()
        assert score.error[0] == pytest.approx(relative_error(calls, foretold))
        assert score.deviance[0] == pytest.approx(deviances(calls, foretold).mean())
        assert score.deviance[1] <= score.deviance[0] <= score.deviance[2]
    assert {score.method for score in test.scores()} == set(METHODS)
    assert next(one for one in test.scores() if one.method == EIGHT_WEEKS).less == (0.0, 0.0, 0.0)
    own = test.told[FORETOLD][:, 0]
    np.testing.assert_allclose(test.days.told[:, 0], own.sum(axis=2))
    np.testing.assert_allclose(test.weeks.came[:, 0, 0], series.counts[0, 63:98].reshape(5, -1).sum(axis=1))


def test_the_fewest_hours_with_half_the_calls() -> None:
    """Hours in a row may go over midnight."""
    day = np.ones(24)
    day[[22, 23, 0, 1]] = 20.0
    assert half_of(day.tolist()) == (22, 3)
    assert half_of([1.0] * 24)[1] == 12


def test_small_places_are_told_without_figures(two_beats: HourlySeries) -> None:
    """A place with fewer than five calls has its name and nothing else."""
    counts = np.concatenate([two_beats.counts, np.zeros((1, 112, 24))])
    counts[2, 5, 5] = 4.0
    series = HourlySeries(("west", "east", "north"), MONDAY, counts, two_beats.hours, two_beats.kinds)
    chapter = hours_chapter(told(series), counted(series), "en")
    places = next(shown.sheet for shown in chapter.tables if shown.sheet.name == "By place")
    assert [row for row in places.rows if row[0] == "north"] == [("north", None, None, None, None, None)]


@pytest.mark.slow
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Page, workbook, data, print and table are written; Chinese without English sentences; wrong options are told together."""
    folder = tmp_path / "所"
    write_sample(folder, "station13", 2024)
    files = {kind: tmp_path / f"a.{kind}" for kind in ("html", "xlsx", "json", "pdf", "csv")}
    words = [word for kind, path in files.items() for word in (f"--{kind}", path)]
    ran = run(capsys, "forecast", folder, "--week", "2025-12-01", "--no-places", *words, language="zh")
    assert ran.code == 0, ran.err
    assert not english_in(ran.out)
    assert all(path.stat().st_size > 1000 for path in files.values())
    data = json.loads(files["json"].read_text("utf-8"))
    assert data["report"] == "forecast"
    with files["csv"].open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    whole = sum(float(row["calls"]) for row in rows if row["place"] == "")
    assert whole == pytest.approx(data["hours"]["weeks"][0]["calls"], abs=0.02)
    wrong = run(capsys, "forecast", folder, "--weeks", "99", "--csv", tmp_path / "a.txt")
    assert wrong.code == 2
    assert "--weeks must be from 1 to 26" in wrong.err
    assert "a.txt is no table file" in wrong.err
