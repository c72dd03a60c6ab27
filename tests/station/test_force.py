"""Officers: sheets in two languages and three encodings; nothing about the person behind the code is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from qinwu.findings import Finding, QinwuError
from qinwu.station.force import Force, Officer
from qinwu.station.officers import read_force
from qinwu.station.sheet import parse_date
from tests.station.folders import codes, only

TODAY = date(2025, 6, 1)
WANTED = (
    Officer("J01", "sworn", "command", frozenset(), None),
    Officer("J02", "sworn", "front_line", frozenset({"驾驶", "调解"}), date(2015, 7, 1)),
    Officer("F01", "auxiliary", "administration", frozenset(), None),
)
ENGLISH = (
    "officer_id,kind,post,skills,joined\nJ01,sworn,command,,\nJ02,sworn,,驾驶;调解,2015-07-01\nF01,auxiliary,administration,,\n"
)
CHINESE = "编号,类别,岗位,技能,入职日期\nJ01,民警,指挥,,\nＪ０２,民警,一线,驾驶；调解,２０１５年７月１日\nF01,辅警,内勤,,\n"


def read(folder: Path, text: str, encoding: str = "utf-8") -> tuple[Force, tuple[Finding, ...]]:
    (folder / "officers.csv").write_bytes(text.encode(encoding))
    return read_force(folder / "officers.csv", TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_both_languages_and_every_encoding_read_alike(tmp_path: Path, text: str, encoding: str) -> None:
    """English and Chinese headers and words, full-width digits and old encodings give the same force."""
    force, findings = read(tmp_path, text, encoding)
    assert tuple(force) == WANTED
    assert findings == ()
    assert force.by_id()["J02"].joined == date(2015, 7, 1)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_seen(tmp_path: Path, separator: str) -> None:
    """Semicolon and tab files are told from the header."""
    force, _ = read(tmp_path, f"officer_id{separator}kind\nJ01{separator}sworn\n")
    assert [officer.id for officer in force] == ["J01"]


def test_excel_reads_like_csv(tmp_path: Path) -> None:
    """A workbook gives the same officers; its dates and number-like ids are text again."""
    rows = {
        "编号": [1, 2],
        "类别": ["民警", "辅警"],
        "入职日期": [date(2015, 7, 1), None],
    }
    pl.DataFrame(rows).write_excel(tmp_path / "officers.xlsx")
    force, findings = read_force(tmp_path / "officers.xlsx", TODAY)
    assert findings == ()
    assert [(officer.id, officer.kind, officer.joined) for officer in force] == [
        ("1", "sworn", date(2015, 7, 1)),
        ("2", "auxiliary", None),
    ]


def test_every_bad_row_is_told_with_its_number(tmp_path: Path) -> None:
    """Double and missing ids, unknown kinds and posts are errors in their rows; a blank row is nothing."""
    text = "officer_id,kind,post\nJ01,sworn,\n\nJ01,sworn,\n,sworn,\nJ03,sword,\nJ04,sworn,kitchen\n"
    force, findings = read(tmp_path, text)
    assert [(each.code, each.place.row, each.place.key) for each in findings] == [
        ("duplicate-id", 4, "officer_id"),
        ("missing-id", 5, "officer_id"),
        ("unknown-word", 6, "kind"),
        ("unknown-word", 7, "post"),
    ]
    assert "Did you mean sworn?" in findings[2].text("en")
    assert only(findings, "duplicate-id").values == {"value": "J01", "first": 2}
    assert [officer.id for officer in force] == ["J01"]


def test_names_and_phones_are_dropped_and_reported(tmp_path: Path) -> None:
    """Forbidden columns are told and never reach the force; an unknown column is told too."""
    text = "编号,姓名,民族,手机号,类别,星座\nJ01,张三,汉,13800000000,民警,狮子\n"
    force, findings = read(tmp_path, text)
    assert codes(findings, "error") == []
    assert {each.place.key for each in findings if each.code.startswith("forbidden")} == {"姓名", "民族", "手机号"}
    assert only(findings, "unknown-column").values["value"] == "星座"
    assert "张三" not in repr(force)


def test_ids_must_not_be_people(tmp_path: Path) -> None:
    """An identity or phone number as id is refused without repeating it; a name draws a warning."""
    force, findings = read(tmp_path, "编号,类别\n44010119900101123X,民警\n13800000000,民警\n张三,民警\n")
    assert codes(findings) == ["id-is-personal", "id-is-personal", "id-looks-like-name"]
    assert not any("13800000000" in each.text("en") for each in findings)
    assert len(force) == 1


def test_dates_that_cannot_be_are_left_out(tmp_path: Path) -> None:
    """A date nobody can read and one in the future draw warnings; the officer stays."""
    force, findings = read(tmp_path, "officer_id,kind,joined\nJ01,sworn,long ago\nJ02,sworn,2031-01-01\n")
    assert codes(findings, "warning") == ["wrong-date", "future-date"]
    assert len(force) == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2015-07-01", date(2015, 7, 1)),
        ("2015/7/1", date(2015, 7, 1)),
        ("2015.7.1", date(2015, 7, 1)),
        ("2015年7月1日", date(2015, 7, 1)),
        ("20150701", date(2015, 7, 1)),
        ("2015年7月", date(2015, 7, 1)),
        ("2015", date(2015, 1, 1)),
        ("2015-07-01 00:00:00", date(2015, 7, 1)),
        ("2015-13-01", None),
        ("", None),
    ],
)
def test_dates_as_people_write_them(text: str, wanted: date | None) -> None:
    """Each usual way to write a date is read; nonsense is not."""
    assert parse_date(text) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty-file"), ("officer_id,kind\n", "no-officers"), ("officer_id\nJ01\n", "missing-column")],
)
def test_a_useless_sheet_is_an_error(tmp_path: Path, text: str, code: str) -> None:
    """Empty files, headers alone and missing columns are errors, raised or returned."""
    try:
        _, findings = read(tmp_path, text)
    except QinwuError as error:
        findings = error.findings
    assert codes(findings, "error") == [code]


def test_a_quotation_mark_never_closed_is_an_error(tmp_path: Path) -> None:
    """A file whose rest is swallowed by one open quotation mark is refused."""
    with pytest.raises(QinwuError) as caught:
        read(tmp_path, 'officer_id,kind\n"J01,sworn\n' + "J02,sworn\n" * 20_000)
    assert codes(caught.value.findings) == ["broken-csv"]


def test_a_broken_workbook_is_an_error(tmp_path: Path) -> None:
    """Bytes that only call themselves .xlsx end in a finding."""
    (tmp_path / "officers.xlsx").write_bytes(b"PK not really")
    with pytest.raises(QinwuError) as caught:
        read_force(tmp_path / "officers.xlsx", TODAY)
    assert codes(caught.value.findings) == ["unreadable-file"]
