"""Ledgers and circulars: headers of either language, and everything wrong with a file, each with its place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from qinwu.findings import QinwuError
from qinwu.judge.integrity.reading import read_record, read_records
from qinwu.judge.integrity.record import record_of
from qinwu.judge.integrity.screening import screen_station
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file into a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def codes(path: Path) -> dict[str, tuple[int | None, str]]:
    """Return the codes of what a file is refused for, with row and column."""
    with pytest.raises(QinwuError) as raised:
        read_record(path)
    return {one.code: (one.place.row, one.place.key) for one in raised.value.findings if one.severity == "error"}


def test_a_ledger_in_chinese(tmp_path: Path) -> None:
    """Times, flags, classes with their grades, amounts and minutes."""
    text = (
        "单位,案发时间,录入时间,原类别,现类别,是否撤销,是否立案,案值,立案标准,到场用时(分钟),时限(分钟)\n"
        '甲所,2025年3月1日 8:05,2025/3/1 09:00,刑事,治安,否,是,"1,950元",2000,4.5,5\n'
        "乙所,2025-03-02,2025-03-09 10:00:30,求助,求助,是,否,,2000,,5\n"
    )
    record, found = read_record(write(tmp_path, "台账.csv", text))
    first, second = record.rows.to_dicts()
    assert str(first["at"]) == "2025-03-01 08:05:00"
    assert (first["grade_then"], first["grade_now"], first["withdrawn"], first["filed"]) == (1.0, 2.0, False, True)
    assert (first["amount"], first["response_s"], first["limit_s"]) == (1950.0, 270.0, 300.0)
    assert (second["amount"], second["response_s"], second["withdrawn"]) == (None, None, True)
    assert not found


def test_a_circular_in_english(tmp_path: Path) -> None:
    """A share stands for hits where there are none; per cent and fractions alike."""
    text = "unit,week,calls,share\nCity,1,1521,61.8%\nCounties,1,1325,0.999\n"
    record, _ = read_record(write(tmp_path, "circular.csv", text))
    assert record.totals.select("unit", "n", "hits").rows() == [("City", 1521, 940), ("Counties", 1325, 1324)]


def test_everything_wrong_with_a_circular(tmp_path: Path) -> None:
    """Negative counts, more hits than cases, words for numbers: each with row and column, all at once."""
    text = "单位,总数,达标数\n甲所,-5,3\n乙所,100,120\n丙所,很多,3\n"
    found = codes(write(tmp_path, "通报.csv", text))
    assert found["negative-count"] == (2, "n")
    assert found["more-than-all"][1] == "hits"
    assert found["unreadable-cell"] == (4, "n")


def test_everything_wrong_with_a_ledger(tmp_path: Path) -> None:
    """Times that cannot be read, amounts below zero, flags nobody knows."""
    text = "单位,案发时间,案值,是否立案\n甲所,三月初,100,是\n乙所,2025-03-01,-3,也许\n"
    found = codes(write(tmp_path, "ledger.csv", text))
    assert found["unreadable-cell"] in {(2, "at"), (3, "filed")}
    assert found["below-zero"] == (3, "amount")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("单位,总数,达标数\n", "no-rows"),
        ("单位,达标率\n甲所,99.9\n", "no-count"),
        ("总数,达标数\n10,9\n", "missing-column"),
        ("姓名,身份证号,民族\n张三,1,汉\n", "person-list"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str, code: str) -> None:
    """Empty, without rows, without counts, without units; a list of people is refused whole."""
    assert code in codes(write(tmp_path, "file.csv", text))


def test_columns_that_are_not_known_are_told(tmp_path: Path) -> None:
    """An unknown column is named with what it may have meant; a column about people is left out."""
    text = "单位,总数,达标數,报警人\n甲所,10,9,某\n乙所,12,9,某\n"
    record, found = read_record(write(tmp_path, "通报.csv", text))
    assert {one.code for one in found} == {"unknown-column", "forbidden-name"}
    assert record.totals["hits"].null_count() == 2


def test_files_of_a_folder(tmp_path: Path) -> None:
    """台账, 通报 and records/ are found; other files are not touched; what is wrong is told for all of them."""
    assert read_records(tmp_path).records == ()
    write(tmp_path, "通报-第2周.csv", "单位,总数,达标数\n甲所,10,9\n")
    write(tmp_path, "records/a.csv", "单位,案发时间\n甲所,2025-03-01\n")
    write(tmp_path, "calls.csv", "nothing,of,this\n")
    assert [record.name for record in read_records(tmp_path).records] == ["a.csv", "通报-第2周.csv"]
    write(tmp_path, "records/b.csv", "单位,案发时间\n甲所,gestern\n")
    write(tmp_path, "circular.csv", "unit,n,hits\na,1,2\n")
    with pytest.raises(QinwuError) as raised:
        read_records(tmp_path)
    assert {one.place.file for one in raised.value.findings} == {"b.csv", "circular.csv"}


def test_tables_from_python() -> None:
    """Any frame will do, with its own names; wrong counts are refused there too."""
    frame = pl.DataFrame({"precinct": ["1", "2"], "calls": [10, 20], "ok": [9, 21]})
    with pytest.raises(QinwuError) as raised:
        record_of("frame", totals=frame, columns={"unit": "precinct", "n": "calls", "hits": "ok"})
    assert raised.value.findings[0].code == "more-than-all"
    with pytest.raises(QinwuError):
        record_of("nothing")
    kept = record_of(
        "frame", totals=frame.with_columns(unit=pl.lit("x"), ok=9), columns={"unit": "precinct", "n": "calls", "hits": "ok"}
    )
    assert kept.totals["unit"].to_list() == ["1", "2"]


def test_wrong_tables_from_python() -> None:
    """Columns that are not there, names that mean nothing, words for numbers: all told at once."""
    frame = pl.DataFrame({"unit": ["a"], "n": ["many"], "hits": [1]})
    with pytest.raises(QinwuError) as raised:
        record_of("frame", totals=frame, columns={"period": "month", "hit": "hits"})
    assert {one.code for one in raised.value.findings} == {"wrong-kind", "missing-column", "unknown-column"}


def test_clocks_with_a_zone_keep_their_hour() -> None:
    """Eight in the morning of Shanghai stays eight."""
    times = pl.Series([datetime(2025, 3, 1, 8)]).dt.replace_time_zone("Asia/Shanghai")
    assert record_of("x", pl.DataFrame({"unit": ["a"], "at": times})).rows["at"][0] == datetime(2025, 3, 1, 8)


def test_a_station_with_a_circular(tmp_path: Path) -> None:
    """Calls that a circular reports too few of: the month is named; the circular itself is screened beside the calls."""
    write_sample(tmp_path / "s", "station13", 1)
    station = read_station(tmp_path / "s")
    local = station.calls.table["received"].dt.convert_time_zone(station.calls.time_zone)
    month = local.dt.strftime("%Y-%m").mode()[0]
    count = int((local.dt.strftime("%Y-%m") == month).sum())
    text = f"单位,月份,总数,达标数,上报数\n全所,{month},,,{count // 2}\n中心城区,{month},1521,940,\n各县,{month},1325,1324,\n"
    write(tmp_path / "s", "通报.csv", text)
    screened = screen_station(station)
    assert {(look.screen, look.unit) for look in screened.signs} == {("sums", "全所"), ("too_good", "各县")}
    (total,) = [look for look in screened.signs if look.screen == "sums"]
    assert (total.seen, total.expected, total.period) == (count // 2, count, month)
