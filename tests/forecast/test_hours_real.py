"""Public records: forecasts of hours reach what was reached before on Alexandria and St. Louis, beside the naive methods."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.forecast import ALEXANDRIA, DATA, SAN_ANTONIO, ST_LOUIS, Record, alexandria, back_tested, st_louis

from qinwu.forecast.hours.backtest import EIGHT_WEEKS, FORETOLD, LAST_WEEK, BackTest, Score
from qinwu.forecast.hours.counting import count_calls
from qinwu.station.holidays import Holidays
from tests.forecast.hours_cases import calls_at

REASON = f"the public data folder {DATA.name} is not beside the checkout"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not all(path.exists() for path in (ALEXANDRIA, ST_LOUIS, SAN_ANTONIO)), reason=REASON),
]


def scores(test: BackTest) -> dict[str, Score]:
    """Return scores by method."""
    return {score.method: score for score in test.scores()}


def test_alexandria() -> None:
    """Six weeks of calls not begun by an officer: error at most 0.371, deviance at most 1.41; naive figures near the published."""
    found = scores(back_tested(Record("", alexandria(), 6)))
    assert found[EIGHT_WEEKS].error[0] == pytest.approx(0.391, abs=0.005)
    assert found[LAST_WEEK].error[0] == pytest.approx(0.503, abs=0.03)
    assert found[FORETOLD].error[0] <= 0.371
    assert found[FORETOLD].deviance[0] <= 1.41
    assert found[FORETOLD].less[2] < 0.0


@pytest.mark.slow
def test_st_louis() -> None:
    """Every week of 2015, part-1 crimes: error at most 0.518, deviance at most 1.36; bands hold nine days of ten or so."""
    test = back_tested(Record("", st_louis(), 52))
    found = scores(test)
    assert found[EIGHT_WEEKS].error[0] == pytest.approx(0.536, abs=0.005)
    assert found[FORETOLD].error[0] <= 0.518
    assert found[FORETOLD].deviance[0] <= 1.36
    inside, days = test.days.inside()
    assert inside / days == pytest.approx(0.9, abs=0.03)
    assert np.subtract(*test.coverage()) == pytest.approx(0.0, abs=0.01)


def test_the_first_days_of_each_month() -> None:
    """San Antonio was recorded about five days a month: the rest is seen as not observed."""
    import polars as pl

    table = pl.read_parquet(SAN_ANTONIO).filter(pl.col("received").dt.year() == 2024)
    counted = count_calls(calls_at(table["received"].dt.replace_time_zone(None).to_list(), zone="America/Chicago"), Holidays("US"))
    assert len(counted.gaps) == 10
    assert all(gap.since.day in range(3, 8) and gap.hours > 500 for gap in counted.gaps)
    assert counted.series.observed_days == pytest.approx(55.0, abs=1.0)
