"""How often screens see what is not there: made-up stations without padding, and real calls dealt at random to units."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from benchmarks.judge.padding import KINDS, as_toml, false_signs, power, source
from benchmarks.judge.public import DATA
from benchmarks.judge.records import UNITS, as_record, clean_station, cut, detroit, st_louis

from qinwu.judge.integrity.measured import measured
from qinwu.judge.integrity.screening import screen

ABSENT = not (DATA / "alexandria_calls_2025_aug_oct.parquet").exists()
real = pytest.mark.skipif(ABSENT, reason=f"the public data folder {DATA.name} is not beside the checkout")


def test_clean_stations() -> None:
    """Of six clean stations at most one has a sign: at 5 %, more come once in thirty times; the seed is fixed."""
    assert sum(bool(screened.signs) for screened in false_signs(lambda rng: clean_station(rng, calls=3000), 6, 11)) <= 1


@pytest.mark.slow
def test_clean_stations_at_length() -> None:
    """Of 150 clean stations at most 5 % have a sign, and no screen alone more than 2 %."""
    found = [{look.screen for look in screened.signs} for screened in false_signs(clean_station, 150, 12)]
    assert np.mean([bool(names) for names in found]) <= 0.05
    for name in set().union(*found):
        assert np.mean([name in names for names in found]) <= 0.02


@pytest.mark.slow
def test_a_habit_of_all_is_nobodys_sign() -> None:
    """Where all units write a tenth of arrivals by hand, the whole has a sign and hardly ever a unit."""
    runs = list(false_signs(lambda rng: clean_station(rng, by_hand=0.1), 60, 13))
    assert all(any(look.screen == "heaping_own" and not look.unit for look in screened.signs) for screened in runs)
    assert np.mean([any(look.unit for look in screened.signs) for screened in runs]) <= 0.05


@pytest.mark.slow
@pytest.mark.real
@real
@pytest.mark.parametrize("name", list(UNITS))
def test_real_calls_dealt_at_random(name: str) -> None:
    """Units that differ in nothing but the deal: at most 5 % of 60 deals have a sign in a unit."""
    rows = source(name)
    runs = false_signs(lambda rng: cut(rows, UNITS[name], rng), 60, 14)
    assert np.mean([any(look.unit for look in screened.signs) for screened in runs]) <= 0.05


@pytest.mark.slow
@pytest.mark.real
@real
def test_real_units_have_no_sign() -> None:
    """Precincts of Detroit, districts and neighbourhoods of St. Louis in one year: they differ, and nothing stands."""
    for rows in (detroit(precincts=True), st_louis(unit="district"), st_louis(unit="nhood")):
        assert not screen(as_record(rows)).signs


@pytest.mark.slow
@pytest.mark.real
@real
def test_districts_redrawn_in_2014_are_the_one_sign() -> None:
    """Eight years of St. Louis by district: the merger of January 2014, and nothing else."""
    (sign,) = screen(as_record(st_louis(2008, 2015, "district"))).signs
    assert (sign.screen, sign.period) == ("boundaries", "2014-01")


@pytest.mark.slow
@pytest.mark.real
@real
@pytest.mark.parametrize("kind", ["pulled", "withdrawn", "downgraded", "batched", "invented"])
def test_power_where_a_fifth_is_padded(kind: str) -> None:
    """A fifth padded in one of several units of real records is found in at least nine of ten deals."""
    assert power(KINDS[kind], 0.2, 10, 15).found >= 9


def test_what_is_shipped_was_counted() -> None:
    """The rates that reports print come from the file that the benchmark writes."""
    shipped = measured()
    assert shipped.runs >= 200
    assert shipped.wrong <= 0.05 * shipped.runs
    assert sum(shipped.by_screen.values()) >= shipped.wrong
    again = as_toml(
        {
            "runs": shipped.runs,
            "wrong": shipped.wrong,
            "real_runs": shipped.real_runs,
            "real_wrong": shipped.real_wrong,
            "by_screen": shipped.by_screen,
        }
    )
    assert f"runs = {shipped.runs}\n" in again
    assert shipped.told("nothing") == f"0 / {shipped.runs}"


def test_deals_change_nothing_but_units() -> None:
    """Dealing keeps every row and gives each a unit."""
    rows = clean_station(np.random.default_rng(1), calls=500)
    dealt = cut(rows, 4, np.random.default_rng(2))
    assert dealt.drop("unit").equals(rows.drop("unit"))
    assert set(dealt["unit"]) == {"u1", "u2", "u3", "u4"}
    assert dealt.schema["unit"] == pl.String
