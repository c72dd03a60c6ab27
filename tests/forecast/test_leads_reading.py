"""Reading files for leads: Chinese exports, odd clocks, wrong coordinates; and nothing about persons ever gets in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.planted_leads import plant_cases

from qinwu.findings import QinwuError
from qinwu.forecast.leads.case_leads import link_cases
from qinwu.forecast.leads.cases import Labels
from qinwu.forecast.leads.evidence import Evidence
from qinwu.forecast.leads.linking import learn
from qinwu.forecast.leads.reading import ReadCalls, ReadCases, read_leads
from qinwu.station.coordinates import gcj02_from_wgs84

HEAD = "案件编号,案别,发生时间起,发生时间止,经度,纬度,作案手段,串案号"
ROWS = (
    "A1,入室盗窃,2025-03-01 08:00,2025-03-01 17:30,116.401,39.901,撬门、翻窗,7",
    "A2,入室盗窃,２０２５年３月２日 下午3时5分,,116.402,39.902,撬门,7",
    "A3,盗窃电动车,2025/3/3 11:20 PM,2025-03-03 24:00,116.410,39.910,剪锁,",
)


def written(folder: Path, *rows: str, head: str = HEAD, encoding: str = "gb18030") -> Path:
    """Return a CSV file of these rows."""
    path = folder / "cases.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding=encoding)
    return path


def cases_of(path: Path, coordinates: str = "") -> ReadCases:
    """Return the cases of a file."""
    read = read_leads(path, coordinates=coordinates)
    assert isinstance(read, ReadCases)
    return read


def codes(read: ReadCases | ReadCalls) -> set[str]:
    """Return the codes of what a reader found."""
    return {finding.code for finding in read.findings}


def test_a_chinese_export(tmp_path: Path) -> None:
    """GB18030, full-width digits, twelve-hour clocks, 24:00, several methods in a cell, a series number: all read."""
    read = cases_of(written(tmp_path, *ROWS))
    cases = read.cases
    assert cases.ids == ("A1", "A2", "A3")
    assert (cases.start_s % 86_400 / 3600).round(2).tolist() == [8.0, 15.08, 23.33]
    assert ((cases.end_s - cases.start_s) / 3600).round(2).tolist() == [9.5, 0.0, 0.67]
    assert cases.methods[0] == ("作案手段=撬门", "作案手段=翻窗", "案别=入室盗窃")
    assert read.series == (frozenset({"7"}), frozenset({"7"}), frozenset())
    assert np.hypot(np.diff(cases.x_m), np.diff(cases.y_m))[0] == pytest.approx(140.0, abs=5.0)
    assert not codes(read)


def test_an_excel_sheet_below_a_title(tmp_path: Path) -> None:
    """A workbook whose header stands below a title line reads like the CSV."""
    path = tmp_path / "串并.xlsx"
    table = [["2025年一季度盗窃案件", *[None] * 7], HEAD.split(","), *[row.split(",") for row in ROWS]]
    pl.DataFrame(table, orient="row", schema=[f"c{at}" for at in range(8)]).write_excel(path, include_header=False)
    assert cases_of(path).cases.ids == ("A1", "A2", "A3")


def test_a_column_about_offenders_refuses_the_file(tmp_path: Path) -> None:
    """A file that names or numbers suspects or offenders is not read, in either language, and says which column."""
    for column in ("offenderID", "Suspect", "犯罪嫌疑人", "作案人编号", "嫌疑人特征"):
        path = written(tmp_path, *(f"{row},x" for row in ROWS), head=f"{HEAD},{column}")
        with pytest.raises(QinwuError) as caught:
            read_leads(path)
        errors = [finding for finding in caught.value.findings if finding.severity == "error"]
        assert [(finding.code, finding.place.key) for finding in errors] == [("person-column", column)]


def test_names_telephones_and_stories_are_left_out(tmp_path: Path) -> None:
    """Columns that the guards know never get in and are said; how many did it is no person and does no harm."""
    head = f"{HEAD},报警人姓名,联系电话,简要案情,作案人数"
    path = written(tmp_path, *(f"{row},王某,13800138000,经过如下,2" for row in ROWS), head=head)
    read = cases_of(path)
    assert {"forbidden-name", "forbidden-phone", "forbidden-free-text"} <= codes(read)
    assert "王某" not in repr(read.cases)
    assert "13800138000" not in repr(read)
    assert "经过" not in repr(read.cases)


def test_exchanged_and_impossible_coordinates_are_said_with_their_rows(tmp_path: Path) -> None:
    """One row the wrong way round is put right; 0, 0 and a place far away lose their place, not their case."""
    good = [f"B{at},盗窃,2025-03-01 0{at}:00,,116.40{at},39.90{at},撬门," for at in range(6)]
    odd = [
        "C1,盗窃,2025-03-02 01:00,,39.903,116.403,撬门,",
        "C2,盗窃,2025-03-02 02:00,,0,0,撬门,",
        "C3,盗窃,2025-03-02 03:00,,87.6,43.8,撬门,",
    ]
    read = cases_of(written(tmp_path, *good, *odd))
    rows = {finding.code: finding.values["rows"] for finding in read.findings if "rows" in finding.values}
    assert rows["exchanged-coordinates"] == "8"
    assert rows["impossible-coordinates"] == "9"
    assert rows["far-away"] == "10"
    placed = dict(zip(read.cases.ids, np.isfinite(read.cases.x_m).tolist(), strict=True))
    assert placed == {**{f"B{at}": True for at in range(6)}, "C1": True, "C2": False, "C3": False}


def test_a_file_with_both_columns_exchanged_is_put_right(tmp_path: Path) -> None:
    """Where every row has latitude under longitude, distances are as if it had not."""
    straight = cases_of(written(tmp_path, *ROWS)).cases
    turned = cases_of(written(tmp_path, *ROWS, head=HEAD.replace("经度,纬度", "纬度,经度")))
    assert "exchanged-coordinates" in codes(turned)
    assert turned.cases.x_m == pytest.approx(straight.x_m, abs=0.01)


def test_gcj_coordinates_are_undone_where_they_are_declared(tmp_path: Path) -> None:
    """The same places written in GCJ-02 come out where they are; an unknown system is refused."""
    lon, lat = gcj02_from_wgs84(np.array([116.401, 116.402, 116.41]), np.array([39.901, 39.902, 39.91]))
    rows = [
        ",".join([*row.split(",")[:4], f"{x:.7f}", f"{y:.7f}", *row.split(",")[6:]])
        for row, x, y in zip(ROWS, lon, lat, strict=True)
    ]
    straight = cases_of(written(tmp_path, *ROWS)).cases
    shifted = cases_of(written(tmp_path, *rows), "GCJ-02").cases
    assert shifted.x_m == pytest.approx(straight.x_m, abs=0.5)
    with pytest.raises(QinwuError, match="GCJ"):
        read_leads(tmp_path / "cases.csv", coordinates="GCJ02x")


def test_coordinates_in_one_cell(tmp_path: Path) -> None:
    """Longitude and latitude in one column, with any comma, are read."""
    rows = [",".join([*row.split(",")[:4], f'"{row.split(",")[4]}，{row.split(",")[5]}"', *row.split(",")[6:]]) for row in ROWS]
    one = cases_of(written(tmp_path, *rows, head=HEAD.replace("经度,纬度", "坐标")))
    assert one.cases.x_m == pytest.approx(cases_of(written(tmp_path, *ROWS)).cases.x_m, abs=0.01)


def test_rows_without_a_time_are_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    """A time that is none, no time at all, and an end that is none are three different findings, each with its row."""
    more = ("D1,盗窃,昨天晚上,,116.4,39.9,撬门,", "D2,盗窃,,,116.4,39.9,撬门,", "D3,盗窃,2025-03-05 08:00,不详,116.4,39.9,撬门,")
    read = cases_of(written(tmp_path, *ROWS, *more))
    assert read.cases.ids == ("A1", "A2", "A3", "D3")
    assert {"unreadable-time", "missing-time", "unreadable-end"} <= codes(read)


def test_an_end_before_its_beginning(tmp_path: Path) -> None:
    """Ending at one in the morning of the same date means the next; ending a week before means nothing is known of the end."""
    rows = (
        "E1,盗窃,2025-03-01 23:00,2025-03-01 01:00,116.4,39.9,撬门,",
        "E2,盗窃,2025-03-08 23:00,2025-03-01 01:00,116.4,39.9,撬门,",
    )
    read = cases_of(written(tmp_path, *rows))
    assert "ends-early" in codes(read)
    assert ((read.cases.end_s - read.cases.start_s) / 3600).tolist() == [2.0, 0.0]


def test_a_file_without_any_time_column_is_refused(tmp_path: Path) -> None:
    """A file that never says when is refused with the headers it has."""
    with pytest.raises(QinwuError) as caught:
        read_leads(written(tmp_path, "A1,撬门", head="案件编号,作案手段"))
    assert "missing-column" in {finding.code for finding in caught.value.findings}


def test_calls_are_told_from_cases(tmp_path: Path) -> None:
    """One time, no method and no series: calls; those that officers found themselves and those without a place are left out."""
    head = "接警单编号,报警时间,警情类别,经度,纬度,报警方式"
    rows = (
        "1,2025-03-01 08:00,打架,116.4,39.9,电话",
        "2,2025-03-01 08:05,打架,116.4,39.9,巡逻发现",
        "3,2025-03-01 08:10,打架,,,电话",
        "4,2025-03-01 07:00,噪音,116.401,39.9,电话",
    )
    read = read_leads(written(tmp_path, *rows, head=head))
    assert isinstance(read, ReadCalls)
    assert read.calls.ids == ("4", "1")
    assert read.calls.kinds == ("噪音", "打架")
    assert {"officers-own", "calls-without-place"} <= codes(read)
    assert isinstance(read_leads(tmp_path / "cases.csv", "cases"), ReadCases)


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    """The same cases in another order of rows are read, learnt and ranked to the same list."""
    cases, labels = plant_cases(singles=60, series=14, length=3, seed=2)
    rows = [
        f"{name},{start},{way},{x},{y},{';'.join(sorted(series))}"
        for name, start, way, x, y, series in zip(
            cases.ids,
            [str(np.datetime64("1970-01-05T00:00") + np.timedelta64(int(at), "s")) for at in cases.start_s],
            [";".join(words) for words in cases.methods],
            cases.x_m.round(1),
            cases.y_m.round(1),
            [names if at % 4 else frozenset() for at, names in enumerate(labels.series)],
            strict=True,
        )
    ]
    lists = []
    for order in (range(len(rows)), reversed(range(len(rows)))):
        path = written(tmp_path, *(rows[at] for at in order), head="case_id,occurred,method,x,y,series")
        read = cases_of(path)
        found = link_cases(read.cases, Labels.of(read.series), 20)
        lists.append([(found.cases.ids[one.first], found.cases.ids[one.second], one.probability) for one in found.leads])
    assert lists[0] == lists[1]
    assert learn(Evidence.of(read.cases), Labels.of(read.series)).calibrated
