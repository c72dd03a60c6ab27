"""The public cases and calls: the bars of the benchmark page, on every meaning of the first 60 %, and calls beyond chance."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from benchmarks.leads import CRIMES, OFFENDERS, SAN_ANTONIO, orders, public_cases

from qinwu.findings import QinwuError
from qinwu.forecast.leads.backtest import back_test
from qinwu.forecast.leads.cases import Labels
from qinwu.forecast.leads.duplicates import find_duplicates
from qinwu.forecast.leads.evidence import Evidence
from qinwu.forecast.leads.reading import ReadCalls, read_leads

REASON = f"the public data folder {CRIMES.parent.name} is not beside the checkout"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not all(path.exists() for path in (CRIMES, OFFENDERS, SAN_ANTONIO)), reason=REASON),
]


def test_linked_cases_meet_the_bars(tmp_path: Path) -> None:
    """In the order of numbers all four figures are at least the page's; in time average precision is a little below."""
    read = public_cases(tmp_path)
    labels, evidence = Labels.of(read.series), Evidence.of(read.cases)
    assert (len(read.cases), int(labels.known.sum()), len(labels.linked)) == (490, 390, 255)
    by_number, by_middle, by_start = (back_test(evidence, labels, order) for order in orders(read.cases).values())
    assert by_number is not None
    assert by_middle is not None
    assert by_start is not None
    assert by_number.auc >= 0.925
    assert by_number.average_precision >= 0.45
    assert by_number.precision_at(50) >= 0.44
    assert by_number.recall_at(200) >= 0.62
    for test in (by_middle, by_start):
        assert test.auc >= 0.925
        assert test.average_precision >= 0.42
        assert all(one.low <= one.said <= one.high for one in test.calibration if one.said > 0.05)


def test_the_offenders_file_itself_is_refused() -> None:
    """A table of offenders and their crimes is what this program does not read."""
    with pytest.raises(QinwuError) as caught:
        read_leads(OFFENDERS)
    assert "person-column" in {finding.code for finding in caught.value.findings}


def test_calls_of_a_city(tmp_path: Path) -> None:
    """On days not learnt from, pairs said to be likely are beyond chance nearly as often; officers' own stops are left out."""
    table = pl.read_parquet(SAN_ANTONIO).filter(pl.col("received").dt.year() == 2025).sort("received").head(16_000)
    table.write_parquet(tmp_path / "calls.parquet")
    read = read_leads(tmp_path / "calls.parquet")
    assert isinstance(read, ReadCalls)
    assert not any("Traffic Stop" in kind for kind in read.calls.kinds)
    found = find_duplicates(read.calls)
    top = found.check[-1]
    assert top.pairs > 500
    assert top.true == pytest.approx(top.said, abs=0.15)
