"""From calls and points to a list with its guards; what is refused; the chapter that tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, cast

import numpy as np
import polars as pl
import pytest
from shapely import LineString, box

from qinwu.findings import QinwuError
from qinwu.forecast.guards.guard_report import GUARDS, GuardReport
from qinwu.forecast.places.allocating import Sharing
from qinwu.forecast.places.foreseeing import foresee_places, foresee_points
from qinwu.forecast.places.foreseen import Places
from qinwu.forecast.places.ground import street_ground
from qinwu.forecast.places.listed import SCHEMA
from qinwu.forecast.places.wish import Wish
from qinwu.report.chapters.places import places_chapter
from qinwu.station.station import Station
from tests.stations import calls, nine_atoms

WISH = Wish(sharing=Sharing(2, 1, 0.2, 0.5), windows=3)
AREAS = {f"a{number}": "south" if number <= 3 else "north" for number in range(1, 10)}


def _station(days: int = 240, origin: str = "resident") -> Station:
    """Return nine atoms: a1 and a5 have ten times the calls of the others, at night; a9 next to none."""
    rng = np.random.default_rng(6)
    rates = {"a1": 0.6, "a5": 0.5, "a9": 0.01} | {f"a{number}": 0.06 for number in (2, 3, 4, 6, 7, 8)}
    rows = sorted(
        (24.0 * float(day) + float(rng.uniform(18.0, 24.0)), "help", atom)
        for atom, rate in rates.items()
        for day in rng.choice(days, min(rng.poisson(rate * days), days), replace=False)
    )
    made = calls(rows)
    station = nine_atoms()
    return replace(station, calls=replace(made, table=made.table.with_columns(origin=pl.lit(origin))))


@cache
def _told() -> Places:
    return foresee_places(_station(), WISH, AREAS)


def test_the_list_of_a_station() -> None:
    """The two hot atoms are on the list, mostly in the evening; a third is drawn by lot; shares add up to one."""
    told = _told()
    assert list(told.table.schema.items()) == list(SCHEMA.items())
    hot, lot = told.table.filter(~pl.col("explore")), told.table.filter("explore")
    assert set(hot["place"]) == {"a1", "a5"}
    assert len(lot) == 1
    assert told.table["share"].sum() == pytest.approx(1.0)
    evening = hot.filter(pl.col("part_of_day") == 3)
    assert float(evening["expected"].sum()) > 0.75 * float(told.expected[[0, 4]].sum())
    assert (evening["low"] <= evening["expected"]).all()
    assert (evening["expected"] <= evening["high"]).all()


def test_small_numbers_are_not_told() -> None:
    """Parts of the day with fewer than five reports have no figures, nor have places by lot."""
    morning = _told().table.filter(pl.col("part_of_day") == 1)
    assert morning["expected"].null_count() == len(morning) == 2
    assert _told().table.filter("explore")["expected"].null_count() == 1


def test_days_of_the_list() -> None:
    """It begins the day after the record and lasts as long as it was asked for."""
    told = _told()
    expiry = told.guards.expiry
    last = _station().calls.table["received"].dt.convert_time_zone("Asia/Shanghai").dt.date().max()
    assert expiry.valid_from == cast("date", last) + timedelta(days=1)
    assert told.days == 30
    assert told.table["valid_to"].unique().to_list() == [expiry.valid_to]


def test_every_guard_reports() -> None:
    """All guards ran, and need and patrol of the parts each add up to one."""
    guards = _told().guards
    assert set(guards.passed()) == set(GUARDS)
    assert guards.urns.passed
    assert guards.exploration.share >= 0.2 - 1e-9
    assert guards.need.parts == ("south", "north")
    assert (guards.need.need.sum(), guards.need.patrol.sum()) == pytest.approx((1.0, 1.0))
    assert guards.small.hidden == int((_told().events.counts(-np.inf, np.inf) < 5).sum()) > 0


def test_no_result_without_guards() -> None:
    """Places without a guard report cannot be made."""
    with pytest.raises(TypeError, match="guard report"):
        replace(_told(), guards=cast("GuardReport", None))


def test_what_officers_found_does_not_change_the_list() -> None:
    """A hundred finds of officers in a quiet atom leave the numbers as they are, and are accounted for."""
    station = _station()
    table = station.calls.table
    found = table.head(100).with_columns(atom=pl.lit("a8"), origin=pl.lit("officer"), call_id=pl.lit("x"))
    more = replace(station, calls=replace(station.calls, table=pl.concat([table, found]).sort("received")))
    told = foresee_places(more, WISH, AREAS)
    assert told.expected.tolist() == pytest.approx(_told().expected.tolist())
    assert told.guards.origin.discovered == 100
    assert told.guards.origin.counted == 0.0


def test_calls_that_no_resident_made_teach_nothing() -> None:
    """A record of officers' finds alone is refused, with what to do."""
    with pytest.raises(QinwuError, match="0 reports of residents"):
        foresee_places(_station(origin="officer"), WISH)


def test_short_records_and_too_many_places_are_refused() -> None:
    """Four months are too short; nine atoms have no ten hot places."""
    with pytest.raises(QinwuError, match="180 are needed"):
        foresee_places(_station(days=120), WISH)
    with pytest.raises(QinwuError, match="only 9 places"):
        foresee_places(_station(), Wish(sharing=Sharing(8, 2, 0.2, 0.5)))


def test_the_same_seed_gives_the_same_list() -> None:
    """Draws come from the seed alone."""
    assert foresee_places(_station(), WISH, AREAS).table.equals(_told().table)


def _points(**more: Any) -> pl.DataFrame:
    rng = np.random.default_rng(8)
    hot = rng.normal((300.0, 700.0), 20.0, (150, 2))
    points = np.vstack([hot, rng.uniform(0.0, 1000.0, (150, 2))])
    start = datetime(2024, 1, 1, tzinfo=UTC)
    times = [start + timedelta(days=int(day)) for day in rng.integers(0, 260, 300)]
    return pl.DataFrame({"x_m": points[:, 0], "y_m": points[:, 1], "time": times, **more})


def test_points_on_a_grid() -> None:
    """The cell of the hot spot is found; records of dates alone tell no parts of the day."""
    told = foresee_points(_points(), box(0, 0, 1000, 1000), 100.0, replace(WISH, sharing=Sharing(2, 2, 0.2, 0.9)))
    hot = told.table.filter(~pl.col("explore"))
    assert hot["place"][0] in {"2-6", "2-7", "3-6", "3-7"}
    assert told.table["part_of_day"].null_count() == len(told.table)


def test_points_that_cannot_be_used() -> None:
    """Points outside, columns that are missing and columns about people are refused, all at once."""
    area = box(0, 0, 1000, 1000)
    with pytest.raises(QinwuError, match="first is row 2"):
        foresee_points(_points().with_columns(x_m=pl.col("x_m") + 5000.0), area, 100.0)
    with pytest.raises(QinwuError, match="no column time"):
        foresee_points(_points().drop("time"), area, 100.0)
    with pytest.raises(QinwuError) as caught:
        foresee_points(_points(姓名=["某人"] * 300).with_columns(y_m=pl.lit(-1.0)), area, 100.0)
    assert {one.code for one in caught.value.findings} == {"forbidden-name", "outside-area"}


def test_a_list_that_begins_long_after_the_record() -> None:
    """Half a year after the last call nobody can say; the day after it is fine."""
    with pytest.raises(QinwuError, match="at most 30 days before"):
        foresee_places(_station(), replace(WISH, start=date(2025, 3, 1)))


def test_points_on_streets() -> None:
    """Pieces of two streets are places, too; points far from both are refused."""
    area = box(0, 0, 1000, 1000)
    streets = street_ground([LineString([(0, 700), (1000, 700)]), LineString([(500, 0), (500, 1000)])])
    with pytest.raises(QinwuError, match="in none of the places"):
        foresee_points(_points(), area, streets)
    near = _points().with_columns(y_m=pl.lit(705.0))
    told = foresee_points(near, area, streets, replace(WISH, sharing=Sharing(2, 2, 0.2, 0.9)))
    assert told.table["place"][0] == "0-2"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chapter(language: Any) -> None:
    """Every column of every table has its explanation; the claim names the hits of the test; guards are all told."""
    told = _told()
    chapter = places_chapter(told, language, {"south": "南片", "north": "北片"})
    scores = told.test.scores["portfolio"]
    assert f"{scores.hits.sum() / scores.events.sum():.0%}" in chapter.title
    for shown in chapter.tables:
        assert len(shown.keys) == len(shown.sheet.header)
        assert set(shown.keys) <= {"", *chapter.why}
    assert all(len(row) == len(shown.sheet.header) for shown in chapter.tables for row in shown.sheet.rows)
    assert len(chapter.tables[2].sheet.rows) == len(GUARDS)
    assert chapter.data["guards"] == told.guards.passed()
    assert ("群众" in chapter.title) == (language == "zh")
