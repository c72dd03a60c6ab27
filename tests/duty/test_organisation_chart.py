"""Organisation files: TOML, CSV, Excel; and everything wrong with them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli_w
from xlsxwriter import Workbook

from qinwu.duty.organisation.chart import read_chart
from qinwu.duty.organisation.levels import level_of
from qinwu.findings import QinwuError
from tests.duty.organisation_charts import Table, county, county_tables

HEAD = "单位,上级,层级,职能,领导岗位,内勤岗位,一线岗位,专业岗位,对口,承担职责,业务指导,协调单位"
ROWS = (
    "示例县公安局,,,,６,,,,,,,",
    "办公室,示例县公安局,,公文,2,6,,,市局办公室,公文、信访,,",
    "刑侦大队,示例县公安局,,办案,3,3,,24,市局刑侦支队,刑事案件；禁毒,,",
    "看守所,示例县公安局,,,2,4,,16,,羁押,,",
    "城关派出所,示例县公安局,,社区,3人,4,14,,,社区警务,刑侦大队,看守所",
    "综合指挥室,城关派出所,,指挥,1,2,,,,,,",
    "云峰分驻所,城关派出所,分驻所,社区,,,2,,,,,",
)


def sheet(folder: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    """Write a sheet."""
    path = folder / "chart.csv"
    path.write_text("\n".join((head, *rows)) + "\n", encoding=encoding)
    return path


def without_none(value: object) -> object:
    """Return tables as TOML can say them."""
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value] if isinstance(value, (list, tuple)) else value


def toml(folder: Path, tables: Table) -> Path:
    """Write a chart as TOML."""
    path = folder / "county.toml"
    data = without_none(tables)
    assert isinstance(data, dict)
    path.write_text(tomli_w.dumps(data), encoding="utf-8")
    return path


def codes(error: pytest.ExceptionInfo[QinwuError]) -> list[str]:
    """Return the codes of the errors."""
    return [finding.code for finding in error.value.findings if finding.severity == "error"]


def test_a_toml_chart_is_a_duty_file_without_crews(tmp_path: Path) -> None:
    """The county as a file is the county, and its values know their lines."""
    found = read_chart(toml(tmp_path, county_tables()))
    assert found.loaded.system == county()
    assert found.findings == ()
    assert found.loaded.place("unit", "chengguan", "ties").row is not None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_sheet_in_chinese(tmp_path: Path, encoding: str) -> None:
    """Chinese headers, full-width digits, 3人, lists of duties, and levels read off names that say so."""
    found = read_chart(sheet(tmp_path, *ROWS, encoding=encoding))
    units = {unit.id: unit for unit in found.loaded.system.unit}
    levels = [unit.level for unit in units.values()]
    assert levels == ["bureau", "section", "brigade", "brigade", "station", "squad", "outpost"]
    assert units["示例县公安局"].posts.command == 6
    assert units["城关派出所"].posts.model_dump() == {"command": 3, "administration": 4, "front_line": 14, "specialist": 0}
    assert units["刑侦大队"].duties == ("刑事案件", "禁毒")
    assert units["刑侦大队"].function == "investigation"
    assert [(tie.unit, tie.relation) for tie in units["城关派出所"].ties] == [("看守所", "coordinate"), ("刑侦大队", "guide")]
    assert units["办公室"].mirrors == "市局办公室"
    guessed = [finding.text("zh") for finding in found.findings if finding.code == "level-guessed"]
    assert len(guessed) == 5
    assert not any("云峰分驻所" in text for text in guessed)
    (unknown,) = [finding for finding in found.findings if finding.code == "unknown-function"]
    assert "公文" in unknown.text("en")
    assert found.loaded.place("unit", "城关派出所", "duties").row == 6


def test_an_excel_sheet_is_the_same_chart(tmp_path: Path) -> None:
    """A workbook gives the units of the CSV file."""
    path = tmp_path / "chart.xlsx"
    with Workbook(path) as book:
        place = book.add_worksheet()
        for number, line in enumerate((HEAD, *ROWS)):
            place.write_row(number, 0, line.split(","))
    assert read_chart(path).loaded.system.unit == read_chart(sheet(tmp_path, *ROWS)).loaded.system.unit


def test_everything_wrong_with_a_sheet_at_once(tmp_path: Path) -> None:
    """A circle, an unknown parent, a nameless row, a name twice, words and numbers: each is told, with its row."""
    rows = ("甲局,乙局,,,1,,三", "乙局,甲局", "丙派出所,丁局,派出锁", "某某,甲局", ",甲局,,,1", "丙派出所,甲局")
    with pytest.raises(QinwuError) as error:
        read_chart(sheet(tmp_path, *rows))
    assert sorted(codes(error)) == sorted(
        [
            "unit-without-name",
            "unit-twice",
            "wrong-number",
            "unknown-word",
            "unknown-level",
            "not-one-root",
            "unknown-unit",
            "units-in-a-circle",
        ]
    )
    places = {finding.code: finding.place.row for finding in error.value.findings}
    assert (places["wrong-number"], places["unknown-level"], places["unit-twice"]) == (2, 5, 7)
    assert all(finding.text("zh") and finding.text("en") for finding in error.value.findings)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": []}, "no-units"),
        ({"unit": [{"id": "a", "name": {"zh": "甲"}, "level": "bureau", "parent": "b"}]}, "not-one-root"),
        ({"load": [{"id": "x", "name": {"zh": "会"}, "unit": "nix", "kind": "meeting", "hours_per_week": 1}]}, "unknown-unit"),
        ({"accountability": [{"id": "x", "name": {"zh": "指标"}, "unit": "nix"}]}, "unknown-unit"),
        ({"accountability": [{"id": "x", "name": {"zh": "指标"}, "unit": "hexi", "needs": ["cg_cses"]}]}, "unknown-unit"),
        ({"duty": [{"id": "x", "name": {"zh": "别的"}}]}, "unknown-duty"),
    ],
)
def test_a_chart_that_cannot_be_used(tmp_path: Path, change: Table, code: str) -> None:
    """Charts without units or top, and names of nothing, are refused."""
    with pytest.raises(QinwuError) as error:
        read_chart(toml(tmp_path, {**county_tables(), **change}))
    assert code in codes(error)


def test_an_unknown_tie_is_refused_with_a_guess(tmp_path: Path) -> None:
    """A tie to a unit that is not there names the nearest one."""
    tables = county_tables()
    tables["unit"][20]["ties"] = [{"unit": "detectivs", "relation": "guide"}]
    with pytest.raises(QinwuError) as error:
        read_chart(toml(tmp_path, tables))
    (finding,) = error.value.findings
    assert "Did you mean detectives?" in finding.text("en")
    assert finding.place.row is not None


@pytest.mark.parametrize("text", ["", "单位,上级\n", "单位,上级\n,,\n"])
def test_an_empty_sheet(tmp_path: Path, text: str) -> None:
    """A sheet without rows is refused."""
    path = tmp_path / "chart.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(QinwuError) as error:
        read_chart(path)
    assert codes(error)[0] in ("no-units", "empty-file")


def test_a_sheet_without_its_columns(tmp_path: Path) -> None:
    """Without a column for the parent there is no tree."""
    with pytest.raises(QinwuError) as error:
        read_chart(sheet(tmp_path, "甲局", head="单位"))
    assert codes(error) == ["missing-column"]


def people(folder: Path, *rows: str) -> Path:
    """Write an officers file."""
    path = folder / "officers.csv"
    path.write_text("\n".join(("编号,类别,岗位,单位", *rows)) + "\n", encoding="utf-8")
    return path


def test_posts_must_be_the_officers_per_unit_and_kind(tmp_path: Path) -> None:
    """Two units, one with a desk too many, one with an officer too few: both told, each with its unit and kind."""
    chart = sheet(tmp_path, "甲局,,,,1", "乙派出所,甲局,,,1,1,2")
    right = people(tmp_path, *_staff(("C1,民警,领导,甲局", "C2,民警,领导,乙派出所", "D1,民警,内勤,乙派出所"), 2))
    assert read_chart(chart, right).force is not None
    wrong = people(tmp_path, *_staff(("C1,民警,领导,甲局", "C2,民警,领导,乙派出所", "A1,辅警,一线,乙派出所"), 1))
    with pytest.raises(QinwuError) as error:
        read_chart(chart, wrong)
    found = [(f.values["posts"], f.values["kind"], f.values["officers"]) for f in error.value.findings if f.severity == "error"]
    assert found == [(1, "desk posts", 0), (2, "front-line posts", 1)]


def test_officers_without_units_are_compared_as_a_whole(tmp_path: Path) -> None:
    """Where no officer names a unit only the sums can be compared."""
    chart = sheet(tmp_path, "甲局,,,,1", "乙派出所,甲局,,,1,1,2")
    rows = ("C1,民警,领导,", "C2,民警,领导,", "D1,民警,内勤,", "P1,民警,一线,", "P2,民警,一线,")
    assert read_chart(chart, people(tmp_path, *rows)).force is not None
    with pytest.raises(QinwuError) as error:
        read_chart(chart, people(tmp_path, *rows[:-1]))
    assert codes(error) == ["posts-do-not-add-up"]


def test_officers_of_a_unit_that_is_not_there(tmp_path: Path) -> None:
    """An officer's unit must be in the chart; a missing officers file is told with what is wrong with the chart."""
    chart = sheet(tmp_path, "甲局,,,,1")
    with pytest.raises(QinwuError) as error:
        read_chart(chart, people(tmp_path, "C1,民警,领导,丁局"))
    assert codes(error) == ["unknown-unit", "posts-do-not-add-up"]
    with pytest.raises(QinwuError) as error:
        read_chart(sheet(tmp_path, "甲局,乙局"), tmp_path / "nobody.csv")
    assert len(codes(error)) >= 2


def _staff(rows: tuple[str, ...], front: int) -> tuple[str, ...]:
    return (*rows, *(f"P{number},民警,一线,乙派出所" for number in range(front)))


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("某某市公安局", "bureau"),
        ("城关分局", "sub_bureau"),
        ("法制科", "section"),
        ("刑侦大队", "brigade"),
        ("特警支队", "brigade"),
        ("城关派出所", "station"),
        ("云峰分驻所", "outpost"),
        ("巡警中队", "squad"),
        ("拘留所", "brigade"),
        ("Traffic brigade", "brigade"),
        ("Hexi sub-bureau", "sub_bureau"),
        ("Patrol squad", "squad"),
    ],
)
def test_levels_of_names(name: str, level: str) -> None:
    """Names end in their level; a house of detention is no police station."""
    assert level_of(name) == level


def test_a_room_of_a_station_is_a_squad() -> None:
    """两队一室: the room of a station is a squad there and a section in a bureau."""
    assert level_of("综合指挥室", "station") == "squad"
    assert level_of("综合指挥室", "bureau") == "section"
