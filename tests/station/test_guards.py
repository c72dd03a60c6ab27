"""What must never be stored is recognised by its name, and lists of people are refused."""

from __future__ import annotations

import polars as pl
import pytest

from qinwu.station.calls import SCHEMA
from qinwu.station.guards import category_of, forbidden_columns, forbidden_names, scrub

CALL_COLUMNS = ("报警时间", "警情类别", "经度", "纬度")


@pytest.mark.parametrize(
    ("column", "category"),
    [
        ("报警人", "name"),
        ("报警人姓名", "name"),
        ("姓名", "name"),
        ("联系人", "name"),
        ("联系电话", "phone"),
        ("报警电话", "phone"),
        ("手机号码", "phone"),
        ("身份证号", "identity"),
        ("证件号码", "identity"),
        ("民族", "ethnicity"),
        ("宗教信仰", "belief"),
        ("人脸图片", "face"),
        ("轨迹", "track"),
        ("重点人员类别", "key_person"),
        ("户籍地", "origin_place"),
        ("事发地址", "address"),
        ("事发地点", "address"),
        ("事件详情", "free_text"),
        ("报警内容", "free_text"),
        ("name", "name"),
        ("Caller Name", "name"),
        ("complainant_last_name", "name"),
        ("CallerPhone", "phone"),
        ("phone_number", "phone"),
        ("SSN", "identity"),
        ("driver_license_no", "identity"),
        ("suspect_race", "ethnicity"),
        ("religion", "belief"),
        ("face_id", "face"),
        ("gps_track", "track"),
        ("watchlist_flag", "key_person"),
        ("incident_address", "address"),
        ("Narrative", "free_text"),
    ],
)
def test_personal_columns_are_recognised(column: str, category: str) -> None:
    """Names, contacts, identity, sensitive attributes, movements, addresses and free text are known in both languages."""
    assert category_of(column) == category


@pytest.mark.parametrize(
    "column",
    [
        *SCHEMA,
        "报警时间", "接警时间", "警情类别", "警情等级", "报警方式", "报警人数", "到达现场时间", "辖区单位", "处理结果",
        "经度", "纬度",
        "class_name", "phone_stop", "phone_pickup_time", "priority", "problem", "district", "beat", "travel_min", "incident_type",
        "unit_name", "lon", "lat", "x", "y", "intaketime",
    ],
)  # fmt: skip
def test_columns_about_calls_pass(column: str) -> None:
    """The canonical columns and the usual columns about calls themselves are left alone."""
    assert category_of(column) is None


def test_the_canonical_table_has_no_forbidden_column() -> None:
    """The schema of calls itself would pass the guard."""
    assert forbidden_names(SCHEMA) == frozenset()
    assert forbidden_columns(tuple(SCHEMA), "calls.parquet") == ()


def test_contact_columns_of_a_call_file_are_warned_about() -> None:
    """A call file with contact columns is read without them, and each is named."""
    findings = forbidden_columns((*CALL_COLUMNS, "报警人", "联系电话"), "110.xlsx")
    assert [(finding.severity, finding.code, finding.place.key) for finding in findings] == [
        ("warning", "forbidden-name", "报警人"),
        ("warning", "forbidden-phone", "联系电话"),
    ]


@pytest.mark.parametrize(
    ("names", "file"),
    [
        (("姓名", "身份证号", "重点人员类别"), "名单.csv"),
        (("姓名", "联系电话", "民族"), "人口.csv"),
        (("name", "national_id", "address"), "residents.csv"),
        (("编号", "重点人员"), "x.csv"),
        ((*CALL_COLUMNS, "重点人员"), "重点人员名单.xlsx"),
        (("id", "date_added"), "watch_list.csv"),
    ],
)
def test_lists_of_people_are_refused(names: tuple[str, ...], file: str) -> None:
    """A file of people without calls, or one that calls itself a key-person or watch list, is an error."""
    findings = forbidden_columns(names, file)
    assert (findings[0].code, findings[0].severity) == ("person-list", "error")


def test_an_officer_file_is_not_a_list_of_residents() -> None:
    """Other files than calls only lose their columns."""
    findings = forbidden_columns(("officer", "姓名", "联系电话", "身份证号"), "officers.csv", kind="other")
    assert {finding.severity for finding in findings} == {"warning"}


def test_numbers_of_people_are_masked_in_the_account() -> None:
    """Telephone and identity numbers in a rejected value do not reach the account; ordinary text does."""
    texts = pl.DataFrame({"text": ["打13800138000", "11010519491231002X", "2025-13-01", "x" * 90]})
    shown = texts.select(scrub(pl.col("text"))).to_series().to_list()
    assert shown[:3] == ["打***", "***", "2025-13-01"]
    assert len(shown[3]) == 40
