"""Screens: what is padded is seen in the unit that was padded, and what is honest is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from benchmarks.judge.padding import KINDS
from benchmarks.judge.records import as_record, clean_station

from qinwu.judge.integrity.catalogue import BY_ID, SCREENS
from qinwu.judge.integrity.look import Look
from qinwu.judge.integrity.record import Record, record_of
from qinwu.judge.integrity.screening import Screened, screen
from qinwu.judge.integrity.screens.digits import benford_valid, first_digits, uneven_last

WEEK_A = [("中心城区", 1521, 940), ("各县", 1325, 1324)]
WEEK_B = [("中心城区", 1521, 1075), ("各县", 1889, 1885)]
"""安康: arrived within five minutes, of orders in the city (61.8 %, 70.7 %) and in the counties (99.9 %, 99.8 %; numbers of calls
from the city's total of effective calls less those of the centre)."""


def circular(*weeks: list[tuple[str, int, int]]) -> Record:
    """Return a circular of shares within the limit, a week each."""
    rows = [(unit, f"第{number}周", n, hits) for number, week in enumerate(weeks, 1) for unit, n, hits in week]
    return record_of("通报", totals=pl.DataFrame(rows, schema=["unit", "period", "n", "hits"], orient="row"))


def made(calls: int = 4000, seed: int = 1) -> pl.DataFrame:
    """Return a clean station of eight units u1 … u8."""
    return clean_station(np.random.default_rng(seed), calls=calls)


def caught(screened: Screened, name: str) -> set[str]:
    """Return the units in which a screen has a sign."""
    return {look.unit for look in screened.signs if look.screen == name}


def looks(record: Record, name: str) -> list[Look]:
    """Return what one screen looks at."""
    return list(BY_ID[name].run(record))


def test_counties_are_caught_and_the_city_is_not() -> None:
    """99.9 and 99.8 % beside 61.8 and 70.7 %: both weeks are signs, the city has not even a look against it."""
    screened = screen(circular(WEEK_A, WEEK_B))
    assert [(look.unit, look.period) for look in screened.signs] == [("各县", "第1周"), ("各县", "第2周")]
    assert all(look.unit == "各县" for look in screened.looks if look.screen == "too_good")
    assert screened.signs[0].text("en") == "各县: 99.92% of 1,325 within the limit; the other units let one expect 61.4%."


def test_nine_counties_do_not_convict_one_city() -> None:
    """Nine counties of 147 calls each at 99 to 100 % and one city at 62 %: the nine are caught, the city is not called too bad."""
    counties = [(f"县{number}", 147, 147 - number % 2) for number in range(9)]
    screened = screen(circular([("中心城区", 1521, 940), *counties]))
    assert caught(screened, "too_good") == {name for name, *_ in counties}


def test_cities_alike_are_not_caught() -> None:
    """Five units between 62 and 71 % are units as units are."""
    week = [(f"分局{number}", 1500, 930 + 32 * number) for number in range(5)]
    assert not screen(circular(week)).signs


def test_a_good_unit_among_good_ones_is_not_caught() -> None:
    """Where all are between 96 and 99 % nobody is too good."""
    week = [(f"分局{number}", 800, 768 + 6 * number) for number in range(5)]
    assert not screen(circular(week)).signs


def test_a_clean_station_has_no_sign() -> None:
    """Units that differ as real ones do, every column there is: nothing stands, and every screen of rows was asked."""
    screened = screen(as_record(made(8000)))
    assert not screened.signs
    asked = {each.screen.id for each in screened.ran if each.looks}
    assert asked == {each.id for each in SCREENS} - {"sums", "benford"}


@pytest.mark.parametrize(
    ("kind", "share", "name"),
    [
        ("pulled", 0.4, "bunching_times"),
        ("rounded", 0.4, "heaping_own"),
        ("withdrawn", 0.3, "withdrawn"),
        ("batched", 0.3, "batches"),
        ("bunched", 0.8, "bunching_amounts"),
        ("downgraded", 0.4, "downgraded"),
        ("lost", 0.9, "missing_when_late"),
        ("invented", 0.3, "repeats"),
    ],
)
def test_planted_padding_is_seen_where_it_was_planted(kind: str, share: float, name: str) -> None:
    """Each kind of padding, planted in u1 of a made-up station, is seen by its screen in u1, at most in the whole, nowhere else."""
    rng = np.random.default_rng(2)
    rows = made(8000, 3).with_columns(by_officer=pl.lit(value=False), at=pl.col("received"))
    screened = screen(as_record(KINDS[kind].plant(rows, share, rng)))
    assert caught(screened, name) - {""} == {"u1"}


def test_a_step_in_time_is_dated() -> None:
    """A unit that withdraws a tenth of its records from July on is seen, and the month is named."""
    rows = made(12_000, 4).with_columns(by_officer=pl.lit(value=False), at=pl.col("received"))
    screened = screen(as_record(KINDS["withdrawn_half"].plant(rows, 0.2, np.random.default_rng(1))))
    (sign,) = [look for look in screened.signs if look.screen == "withdrawn_change" and look.unit]
    assert sign.unit == "u1"
    middle = rows["at"].median()
    assert isinstance(middle, datetime)
    assert abs((datetime.fromisoformat(sign.period) - middle).days) <= 45


def test_calls_that_officers_start_are_no_padding() -> None:
    """Arrival in the second of dispatch in every call an officer started: nothing stands; started by residents, much does."""
    rows = made(4000, 5)
    own = pl.col("unit") == "u1"
    at_once = rows.with_columns(
        dispatched=pl.when(own).then("received").otherwise("dispatched"), arrived=pl.when(own).then("received").otherwise("arrived")
    )
    assert not screen(as_record(at_once.with_columns(by_officer=own))).signs
    assert caught(screen(as_record(at_once.with_columns(by_officer=pl.lit(value=False)))), "too_good") == {"u1"}


def test_stamps_that_run_backwards() -> None:
    """A third of one unit's calls cleared before arrival."""
    rows = made(4000, 6).with_columns(lot=pl.int_range(pl.len()) % 3)
    back = (pl.col("unit") == "u2") & (pl.col("lot") == 0)
    rows = rows.with_columns(cleared=pl.when(back).then(pl.col("received")).otherwise("cleared"))
    assert "u2" in caught(screen(as_record(rows)), "disorder")


def test_response_times_that_hardly_differ() -> None:
    """One unit's response times at eight minutes, give or take ten per cent: too even."""
    rows = made(4000, 7)
    rng = np.random.default_rng(1)
    rows = rows.with_columns(way=pl.Series(np.exp(rng.normal(np.log(480), 0.1, len(rows))).astype(int)))
    even = pl.col("received") + pl.duration(seconds=pl.col("way"))
    screened = screen(as_record(rows.with_columns(arrived=pl.when(pl.col("unit") == "u3").then(even).otherwise("arrived"))))
    assert "u3" in caught(screened, "too_even")


def test_typed_seconds_are_uneven() -> None:
    """Seconds that somebody typed, three and seven more often than others; machine seconds are even."""
    rng = np.random.default_rng(1)
    machine = rng.integers(0, 60, 2000).astype(float)
    typed = rng.choice(10, 2000, p=[0.1, 0.1, 0.05, 0.2, 0.05, 0.1, 0.05, 0.2, 0.1, 0.05]).astype(float)
    even, uneven = uneven_last(machine, "", "seconds"), uneven_last(typed, "", "seconds")
    assert even is not None
    assert uneven is not None
    assert even.p > 0.01
    assert uneven.p < 1e-9
    assert uneven.values["digit"] in ("3", "7")
    assert uneven_last(machine[:80], "", "seconds") is None


def test_benford_only_where_it_holds() -> None:
    """Lognormal amounts over four powers of ten follow the law; bounded, few, or assigned ones are not asked."""
    amounts = np.exp(np.random.default_rng(1).normal(7.0, 2.5, 5000))
    assert benford_valid(amounts) == ""
    assert first_digits(amounts, "").p > 0.01
    assert benford_valid(amounts[:200])
    assert benford_valid(np.random.default_rng(1).uniform(100.0, 999.0, 1000))
    assert benford_valid(np.where(np.arange(5000) % 5 == 0, 2000.0, amounts))
    made_up = np.where(np.arange(5000) % 3 == 0, amounts, 10.0 ** np.floor(np.log10(amounts)) * 5.5)
    look = first_digits(made_up, "")
    assert look.p < 1e-9
    assert look.material


def test_totals_and_rows() -> None:
    """A month of 40 rows reported as 31 is a sign without chance; 40 as 41 is a matter of the hour."""
    rows = pl.DataFrame({"unit": ["甲所"] * 40, "at": [datetime(2025, 1, 1) + timedelta(hours=at) for at in range(40)]})
    told = pl.DataFrame({"unit": ["甲所"], "period": ["2025-01"], "reported": [31]})
    (sign,) = screen(record_of("台账", rows, told)).signs
    assert (sign.screen, sign.seen, sign.expected, sign.certain) == ("sums", 31.0, 40.0, True)
    assert not screen(record_of("台账", rows, told.with_columns(reported=41))).signs


def test_whole_and_parts() -> None:
    """合计 of 300 over parts that add up to 260."""
    table = pl.DataFrame({"unit": ["甲所", "乙所", "合计"], "period": ["2025-01"] * 3, "reported": [120, 140, 300]})
    (sign,) = screen(record_of("通报", totals=table)).signs
    assert (sign.seen, sign.expected) == (300.0, 260.0)


def test_a_total_is_no_unit() -> None:
    """合计 is no peer of its parts and cannot be too good."""
    table = pl.DataFrame({"unit": ["甲所", "乙所", "合计"], "n": [400, 400, 800], "hits": [280, 276, 556]})
    assert {look.unit for look in looks(record_of("通报", totals=table), "too_good")} == {"甲所", "乙所"}


def test_units_redrawn() -> None:
    """Three units whose rows go to other units from the thirteenth month on: the month is named."""
    rng = np.random.default_rng(1)
    day = rng.integers(0, 720, 9000)
    unit = rng.integers(0, 6, 9000)
    unit = np.where(day >= 365, unit // 2, unit)
    rows = pl.DataFrame({"unit": [f"d{at}" for at in unit], "at": [datetime(2024, 1, 1) + timedelta(days=int(at)) for at in day]})
    signs = [look for look in screen(record_of("x", rows)).signs if look.screen == "boundaries"]
    assert [look.period for look in signs] == ["2025-01"]


@pytest.mark.parametrize("factor", [0.4, 2.0])
def test_ends_of_months(factor: float) -> None:
    """Rows that sag to two fifths, or double, in the last three days of twelve months."""
    rng = np.random.default_rng(2)
    days = [datetime(2025, 1, 1) + timedelta(days=at) for at in range(365)]
    last = [(day + timedelta(days=3)).month != day.month for day in days]
    counts = rng.poisson([20.0 * (factor if end else 1.0) for end in last])
    rows = pl.DataFrame({"unit": "甲所", "at": [day for day, count in zip(days, counts, strict=True) for _ in range(count)]})
    (sign,) = [look for look in screen(record_of("x", rows)).signs if look.screen == "period_ends"]
    assert sign.seen == pytest.approx(factor, rel=0.2)


def test_days_that_were_not_recorded_do_not_sag() -> None:
    """A record of the first five days of each month has no ends to look at."""
    days = [datetime(2025, month, day) for month in range(1, 13) for day in range(1, 6) for _ in range(60)]
    assert not looks(record_of("x", pl.DataFrame({"unit": "甲所", "at": days})), "period_ends")


def test_one_unit_alone_is_still_looked_at() -> None:
    """A station of one unit: screens that need peers say so, the others run."""
    screened = screen(as_record(made(3000, 8).with_columns(unit=pl.lit("甲所"))))
    ran = {each.screen.id: each for each in screened.ran}
    assert ran["too_good"].looks == 0
    assert ran["too_good"].why_not
    assert ran["heaping_own"].looks
    assert ran["bunching_times"].looks


def test_frame_is_tidy() -> None:
    """One row for each look, in words of either language."""
    screened = screen(circular(WEEK_A))
    assert len(screened.frame()) == len(screened.looks)
    assert screened.frame("zh")["words"][0].startswith("各县：1,325 起里 99.92%")
