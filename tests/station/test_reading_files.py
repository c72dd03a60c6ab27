"""Files as offices export them: encodings, separators, title lines, workbooks, blank and broken lines."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from qinwu.findings import QinwuError
from qinwu.station.call_files import find_files, read_raw
from qinwu.station.calls import Calls
from qinwu.station.config import CallClass, CallsSource, Files, StationConfig, Text
from qinwu.station.profiles import load_profile
from qinwu.station.reading import read_calls
from tests.stations import METRES_PER_DEGREE, SIDE_M, grid_area

KNOWN = load_profile("china_110").headers()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MIDDLE = SIDE_M / METRES_PER_DEGREE / 2
TEXT = "事件单编号,报警时间,警情类别\nA1,2025年3月1日 8时5分,盗窃\nA2,2025年3月1日 8时6分,纠纷\n"
HEADER_110 = (
    "序号,事件单编号,报警人,联系电话,报警时间,派警时间,签收时间,出警时间,到达现场时间,处理完毕时间,"
    "警情等级,报警方式,警情类别,警情类型,事发地址,经度,纬度,事件详情"
)
ROW_110 = (
    f"1,J20250301001,张三,13800138000,2025年3月1日 8时5分,2025-03-01 08:05:40,2025-03-01 08:05:55,2025/3/1 8:06,"
    "２０２５－３－１　８：１５,"
    f"2025年3月1日 上午9:00,紧急,110报警,刑事类警情,盗窃案件,某路1号,{MIDDLE},{MIDDLE},手机被偷"
)


def station_110(*classes: str) -> StationConfig:
    described = tuple(CallClass(id=name, name=Text(zh=name)) for name in classes)
    return StationConfig(
        name=Text(zh="小所"), call_class=described, calls=CallsSource(profile="china_110"), files=Files(calls=("*.csv", "*.xlsx"))
    )


def columns(path: Path) -> dict[str, list[object]]:
    (raw,) = read_raw(path, path.name, KNOWN)
    return raw.table.select("事件单编号", "报警时间", "警情类别").to_dict(as_series=False)


EXPECTED = {"事件单编号": ["A1", "A2"], "报警时间": ["2025年3月1日 8时5分", "2025年3月1日 8时6分"], "警情类别": ["盗窃", "纠纷"]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    """UTF-8 with and without mark, GB18030 and what spreadsheet programs call Unicode text."""
    path = tmp_path / "export.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert columns(path) == EXPECTED


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_usual_separator_is_read(tmp_path: Path, separator: str, newline: str) -> None:
    """Commas, tabs, semicolons and bars; line ends of every system."""
    path = tmp_path / "export.csv"
    path.write_bytes(TEXT.replace(",", separator).replace("\n", newline).encode())
    assert columns(path) == EXPECTED


def test_a_title_above_the_header_is_skipped_and_counted(tmp_path: Path) -> None:
    """Title lines are no header; row numbers still are those of the file."""
    path = tmp_path / "export.csv"
    path.write_text("某某分局警情统计表\n制表时间：2025年4月1日,,\n" + TEXT, encoding="utf-8")
    (raw,) = read_raw(path, path.name, KNOWN)
    assert columns(path) == EXPECTED
    assert raw.row.to_list() == [4, 5]


def test_blank_lines_are_no_rows_and_long_lines_are_reported(tmp_path: Path) -> None:
    """Row numbers count every line; a line with too many fields is kept out and named."""
    path = tmp_path / "export.csv"
    path.write_text("事件单编号,报警时间,警情类别\nA1,t,c\n\n,,\nA2,t,c,d,e\nA3,t\nA4,t,c\n", encoding="utf-8")
    (raw,) = read_raw(path, path.name, KNOWN)
    assert raw.table["事件单编号"].to_list() == ["A1", "A3", "A4"]
    assert raw.row.to_list() == [2, 6, 7]
    assert raw.ragged == ((5, 5),)


def test_an_open_quotation_mark_costs_no_other_row(tmp_path: Path) -> None:
    """Where a mark is never closed, marks are taken as text, and every row is still there."""
    path = tmp_path / "export.csv"
    path.write_text('事件单编号,报警时间,警情类别\n"A1",t,"c\nA2,t,c\nA3,t,c,d\n', encoding="utf-8")
    (raw,) = read_raw(path, path.name, KNOWN)
    assert raw.table["事件单编号"].to_list() == ["A1", "A2"]
    assert raw.ragged == ((4, 4),)


def test_typed_columns_of_a_parquet_file_are_read_as_what_they_say(tmp_path: Path) -> None:
    """Categories, decimals and floats are words and numbers; lists, records and elapsed times are no stamps."""
    table = pl.DataFrame(
        {
            "received": [datetime(2025, 3, 1, 8, 5)],
            "call_class": pl.Series(["criminal"], dtype=pl.Categorical),
            "priority": [1.0],
            "lon": [Decimal("0.001")],
            "lat": ["0.001"],
            "arrived": [timedelta(minutes=5)],
            "cleared": [time(8, 30)],
            "call_id": [["a", "list"]],
            "origin": [{"a": "record"}],
        }
    )
    table.write_parquet(tmp_path / "calls.parquet")
    station = station_110("criminal").model_copy(update={"calls": CallsSource(), "files": Files(calls=("calls.parquet",))})
    calls = read_calls(tmp_path, station, grid_area(3, 2), NOW)
    row = calls.table.row(0, named=True)
    assert (row["call_id"], row["priority"], row["atom"], row["arrived"], row["cleared"]) == (
        "calls.parquet:2",
        1,
        "a1",
        None,
        None,
    )
    assert [finding.values["column"] for finding in calls.findings if finding.code == "unreadable-stamp"] == ["arrived", "cleared"]


def test_a_header_may_be_repeated_or_empty(tmp_path: Path) -> None:
    """Columns with one name or none stay apart."""
    path = tmp_path / "export.csv"
    path.write_text("事件单编号, 报警时间,警情类别,备用,备用 ,\nA1,t,c,1,2,3\n", encoding="utf-8")
    (raw,) = read_raw(path, path.name, KNOWN)
    assert raw.table.row(0) == ("A1", "t", "c", "1", "2", "3")


def workbook(path: Path, rows: list[tuple[object, ...]], sheets: tuple[str, ...] = ("警情",)) -> Path:
    with xlsxwriter.Workbook(path) as book:
        stamp = book.add_format({"num_format": "yyyy-m-d h:mm"})
        for name in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_datetime(at, column, cell, stamp) if isinstance(cell, datetime) else sheet.write(at, column, cell)
    return path


def test_a_workbook_with_dates_serials_and_text_is_read(tmp_path: Path) -> None:
    """Real dates, day numbers and text in one column are one time; a title and a blank line are passed over."""
    rows: list[tuple[object, ...]] = [
        ("某某分局警情统计表",),
        (),
        ("事件单编号", "报警时间", "警情类别", "责任区"),
        ("A1", datetime(2025, 3, 1, 8, 5), "盗窃", "a1"),
        ("A2", 45717.336805556, "盗窃", "a2"),
        (),
        ("A3", "2025年3月1日 上午8时5分", "盗窃", "a3"),
        ("A4", "不详", "盗窃", "a3"),
    ]
    workbook(tmp_path / "export.xlsx", rows)
    calls = read_calls(tmp_path, station_110("盗窃"), grid_area(3, 2), NOW)
    assert calls.table["received"].unique().to_list() == [datetime(2025, 3, 1, 0, 5, tzinfo=UTC)]
    assert calls.table["atom"].to_list() == ["a1", "a2", "a3"]
    assert calls.rejected.rows() == [("export.xlsx", 8, "unreadable-time", "不详")]


def test_every_sheet_with_calls_is_read(tmp_path: Path) -> None:
    """A workbook with one sheet per month is one source; findings name the sheet."""
    rows: list[tuple[object, ...]] = [("事件单编号", "报警时间", "警情类别"), ("A1", "2025-03-01 08:05", "盗窃")]
    path = workbook(tmp_path / "export.xlsx", rows, ("1月", "2月"))
    assert [raw.file for raw in read_raw(path, path.name, KNOWN)] == ["export.xlsx#1月", "export.xlsx#2月"]


def test_an_unknown_kind_of_file_is_refused(tmp_path: Path) -> None:
    """A PDF is not a call file."""
    (tmp_path / "export.pdf").write_bytes(b"%PDF")
    with pytest.raises(QinwuError) as caught:
        read_raw(tmp_path / "export.pdf", "export.pdf", KNOWN)
    assert caught.value.findings[0].code == "unknown-file-type"


def test_a_pattern_without_file_suggests_one(tmp_path: Path) -> None:
    """A misspelt file name is answered with the file that is there."""
    (tmp_path / "calls.csv").write_text("x\n")
    with pytest.raises(QinwuError) as caught:
        find_files(tmp_path, ["call.csv"])
    assert "calls.csv" in caught.value.findings[0].text("en")


def read_110(
    folder: Path, *lines: str, classes: tuple[str, ...] = ("criminal", "dispute", "invalid"), encoding: str = "gb18030"
) -> Calls:
    (folder / "110.csv").write_text("\n".join((HEADER_110, *lines)) + "\n", encoding=encoding)
    return read_calls(folder, station_110(*classes), grid_area(3, 2), NOW)


def test_a_110_export_is_read_whole(tmp_path: Path) -> None:
    """Chinese headers, stamps in five spellings, class, level and source words, in GB18030; the person stays out."""
    calls = read_110(tmp_path, ROW_110)
    row = calls.table.row(0, named=True)
    local = [row[name] for name in ("received", "dispatched", "acknowledged", "en_route", "arrived", "cleared")]
    assert [f"{stamp:%H:%M:%S}" for stamp in local] == ["00:05:00", "00:05:40", "00:05:55", "00:06:00", "00:15:00", "01:00:00"]
    assert (row["call_id"], row["call_class"], row["priority"], row["origin"], row["atom"]) == (
        "J20250301001",
        "criminal",
        1,
        "resident",
        "a1",
    )
    dropped = {finding.place.key for finding in calls.findings if finding.code.startswith("forbidden-")}
    assert dropped == {"报警人", "联系电话", "事发地址", "事件详情"}
    assert not {"张三", "13800138000", "某路1号"} & {str(cell) for cell in row.values()}


def test_the_stations_own_finer_class_comes_before_the_profiles_broad_one(tmp_path: Path) -> None:
    """A station that has a class called 盗窃案件 gets it; one that has not gets the profile's crime."""
    assert read_110(tmp_path, ROW_110, classes=("criminal", "盗窃案件")).table["call_class"].to_list() == ["盗窃案件"]


@pytest.mark.parametrize(
    ("broad", "fine", "expected"),
    [
        ("纠纷类", "其他", "dispute"),
        ("其他", "邻里纠纷", "dispute"),
        ("其他", "其它", "other"),
        ("无效警情", "重复报警", "non_police"),
        ("刑事", "入室盗窃", "criminal"),
        ("刑事", "持刀抢劫", "criminal_urgent"),
        ("交通类", "致人受伤事故", "traffic"),
        ("群众求助", "老人走失", "help"),
    ],
)
def test_the_finest_word_that_says_anything_decides(tmp_path: Path, broad: str, fine: str, expected: str) -> None:
    """其他 gives way to the other column; a class that the station lacks gives way to the broader one it has."""
    classes = ("criminal_urgent", "criminal", "dispute", "traffic", "help", "non_police", "other")
    row = ROW_110.replace("刑事类警情", broad).replace("盗窃案件", fine)
    assert read_110(tmp_path, row, classes=classes).table["call_class"].to_list() == [expected]


def test_date_and_time_in_two_columns_are_joined(tmp_path: Path) -> None:
    """A source that splits date and time of day is described by a join."""
    columns = '[columns]\ncall_class = ["类别"]\natom = ["责任区"]\n'
    profile = f'name = {{ zh = "分列" }}\n{columns}[join.received]\ndate = "日期"\ntime = "时刻"\n'
    (tmp_path / "split.toml").write_text(profile, encoding="utf-8")
    (tmp_path / "calls.csv").write_text(
        "日期,时刻,类别,责任区\n2025-03-01,8:05,criminal,a1\n2025-03-01,,criminal,a1\n", encoding="utf-8"
    )
    station = station_110("criminal").model_copy(update={"calls": CallsSource(profile="split")})
    calls = read_calls(tmp_path, station, grid_area(3, 2), NOW)
    assert calls.table["received"].to_list() == [datetime(2025, 3, 1, 0, 5, tzinfo=UTC)]
    assert calls.rejected["reason"].to_list() == ["missing-received"]


def test_elapsed_minutes_become_stamps(tmp_path: Path) -> None:
    """Minutes after another stamp are added to it; a source without classes gets the constant one."""
    pl.DataFrame(
        {"received": [datetime(2019, 1, 7, 8, 9, 31)], "beat": ["a2"], "dispatch_min": [2.8], "travel_min": [9.3]}
    ).write_parquet(tmp_path / "calls.parquet")
    station = station_110("emergency").model_copy(
        update={"calls": CallsSource(profile="detroit_priority"), "files": Files(calls=("*.parquet",))}
    )
    row = read_calls(tmp_path, station, grid_area(3, 2), NOW).table.row(0, named=True)
    assert row["received"] == datetime(2019, 1, 7, 13, 9, 31, tzinfo=UTC)
    assert (row["dispatched"] - row["received"]).total_seconds() == pytest.approx(168)
    assert (row["arrived"] - row["dispatched"]).total_seconds() == pytest.approx(558)
    assert (row["call_class"], row["priority"], row["origin"]) == ("emergency", 1, "resident")
