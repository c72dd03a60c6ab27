"""What a file of counts may look like, and how every fault in it is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.judge.evaluate.panel import Period, label_of, parse_period
from qinwu.judge.evaluate.reading import columns_asked, months_asked, read_panel
from tests.judge.evaluation_cases import drawn, write_table


def codes(path: Path, **asked: object) -> list[str]:
    """Return what is wrong with a file."""
    with pytest.raises(QinwuError) as raised:
        read_panel(path, **asked)  # type: ignore[arg-type]
    return [finding.code for finding in raised.value.findings if finding.severity == "error"]


def written(path: Path, *lines: str) -> Path:
    """Write lines into a file."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_as_it_was_written(tmp_path: Path, encoding: str) -> None:
    """Chinese headers in any encoding of a spreadsheet program give the counts back."""
    panel = drawn(4)
    found = read_panel(write_table(tmp_path / "数.csv", panel, encoding=encoding)).panel
    assert found.units == tuple(sorted(panel.units))
    order = [panel.units.index(unit) for unit in found.units]
    assert np.array_equal(found.counts, panel.counts[order])
    assert (found.label(0), found.label(35), found.events) == ("2020-01", "2022-12", False)


def test_excel_and_parquet_say_the_same(tmp_path: Path) -> None:
    """The same rows from CSV, Excel and Parquet, dates as dates, are one panel."""
    panel = drawn(3, 24)
    table = pl.read_csv(write_table(tmp_path / "a.csv", panel))
    dated = table.with_columns(pl.col("月份").str.to_date("%Y-%m"))
    dated.write_excel(tmp_path / "a.xlsx")
    dated.write_parquet(tmp_path / "a.parquet")
    one, two, three = (read_panel(tmp_path / f"a.{kind}").panel for kind in ("csv", "xlsx", "parquet"))
    assert one.units == two.units == three.units
    assert np.array_equal(one.counts, two.counts)
    assert np.array_equal(one.counts, three.counts)


def test_events_are_counted_by_month(tmp_path: Path) -> None:
    """One row an event: months without one count none, and full-width digits are digits."""
    rows = ("甲所,2024-01-03 08:00", "甲所,2024/1/31", "乙所,2024年2月5日", "甲所,２０２４-０３-０１", "乙所,2024-03-02")
    found = read_panel(written(tmp_path / "a.csv", "辖区,接警时间", *rows)).panel
    assert found.events
    assert dict(zip(found.units, found.counts.tolist(), strict=True)) == {"乙所": [0, 1, 1], "甲所": [2, 0, 1]}


def test_withdrawn_events_are_taken_back(tmp_path: Path) -> None:
    """Rows of -1 take an event back where rows are events; more taken back than entered is refused."""
    path = written(tmp_path / "a.csv", "unit,date,count", "A,2024-01-03,1", "A,2024-01-09,1", "A,2024-01-20,-1", "B,2024-01-02,1")
    assert read_panel(path).panel.counts.tolist() == [[1.0], [1.0]]
    path = written(tmp_path / "b.csv", "unit,date,count", "A,2024-01-03,1", "A,2024-02-20,-1")
    assert codes(path) == ["negative-total"]


def test_people_and_neighbours_are_read(tmp_path: Path) -> None:
    """A population column divides counts; a column for neighbours names them."""
    lines = [
        f"{unit},2024-{month:02d},5,{people},{near}"
        for unit, people, near in (("A", 100, "否"), ("B", 300, "是"))
        for month in (1, 2)
    ]
    found = read_panel(written(tmp_path / "a.csv", "单位,月份,起数,人口,相邻", *lines))
    assert found.panel.exposure is not None
    assert found.panel.exposure.tolist() == [[100, 100], [300, 300]]
    assert found.buffer == ("B",)


def test_own_headers(tmp_path: Path) -> None:
    """Headers nobody knows are named by the user, and then only those are used."""
    path = written(tmp_path / "a.csv", "nhood,coded,n,count", "A,2024-01,7,99", "A,2024-02,8,99")
    columns, wrong = columns_asked("unit=nhood,period=coded,count=n")
    assert wrong == []
    assert read_panel(path, columns).panel.counts.tolist() == [[7.0, 8.0]]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("A,2024-01,5", "A,2024-02,-3"), "negative-count"),
        (("A,2024-01,5", "A,2024-01,6"), "double-row"),
        (("A,2024-01,5", "A,2024-03,6", "B,2024-01,5", "B,2024-02,5", "B,2024-03,5"), "gap"),
        (("A,2024-01,5", "A,2024-03,6"), "missing-period"),
        (("A,2024-01,five",), "unreadable-count"),
        (("A,2024-01,",), "unreadable-count"),
        (("A,soon,5",), "unreadable-period"),
        ((",2024-01,5",), "unreadable-unit"),
        (("A,2024-01,5", "A,2023,6"), "mixed-periods"),
    ],
)
def test_faults_are_named(tmp_path: Path, lines: tuple[str, ...], code: str) -> None:
    """Each fault of a table of totals has its name."""
    assert codes(written(tmp_path / "a.csv", "单位,月份,起数", *lines)) == [code]


def test_all_faults_at_once_with_rows(tmp_path: Path) -> None:
    """A file with several faults is refused once, each with the rows where it stands, in Chinese as well."""
    lines = ("A,2024-01,5", "A,2024-01,6", "A,2024-02,-1", "A,later,3", ",2024-02,3")
    with pytest.raises(QinwuError) as raised:
        read_panel(written(tmp_path / "a.csv", "单位,月份,起数", *lines))
    told = {finding.code: finding for finding in raised.value.findings}
    assert set(told) == {"double-row", "negative-count", "unreadable-period", "unreadable-unit"}
    assert told["double-row"].values["at"] == "2, 3"
    assert told["unreadable-period"].place.row == 5
    assert "later" in told["unreadable-period"].text("zh")


def test_missing_columns_and_files(tmp_path: Path) -> None:
    """A file without units or times, and one that is not there."""
    assert codes(written(tmp_path / "a.csv", "foo,起数", "A,1")) == ["missing-column", "missing-column"]
    assert codes(tmp_path / "none.csv") == ["missing-file"]
    (tmp_path / "b.parquet").write_bytes(b"no parquet")
    assert codes(tmp_path / "b.parquet") == ["unreadable-file"]


def test_a_part_of_the_time(tmp_path: Path) -> None:
    """--from and --to keep whole periods between them; nothing left is refused."""
    path = write_table(tmp_path / "a.csv", drawn(3))
    found = read_panel(
        path, None, "auto", *(months_asked(text, "--from", end=end)[0] for text, end in (("2021", False), ("2021", True)))
    )
    assert (found.panel.label(0), found.panel.periods) == ("2021-01", 12)
    assert codes(path, first=2030 * 12) == ["no-rows"]


@pytest.mark.parametrize(
    ("text", "month", "step"),
    [("2024年3月", 2, 1), ("202403", 2, 1), ("2024/03", 2, 1), ("2024年第2季度", 3, 3), ("2024年", 0, 12)],
)
def test_periods_as_people_write_them(text: str, month: int, step: int) -> None:
    """Months, quarters and years in Chinese and plain writing."""
    assert parse_period(text) == Period(2024 * 12 + month, step)


@given(st.integers(1990 * 12, 2090 * 12), st.sampled_from([1, 3, 12]))
def test_labels_are_read_back(month: int, step: int) -> None:
    """Every label of a period is read as that period."""
    whole = month // step * step
    assert parse_period(label_of(whole, step)) == Period(whole, step)


@pytest.mark.parametrize("text", ["unit", "unit=", "place=x", "unit=a,,b"])
def test_columns_not_understood(text: str) -> None:
    """A wrong --columns is told, with what may be written."""
    assert [finding.code for finding in columns_asked(text)[1]] == ["bad-columns"]
