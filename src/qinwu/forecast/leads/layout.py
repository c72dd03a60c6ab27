"""Layout: which headers of a file of calls or cases hold what, and which columns are about persons and never read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.guards import forbidden_columns, forbidden_names
from qinwu.station.profiles import comparable, find_columns

HEADERS: dict[str, tuple[str, ...]] = {
    "id": (
        "案件编号", "案号", "案事件编号", "案件号", "警情编号", "接警单编号", "事件单编号", "报警单编号", "事件编号",
        "case_id", "crime_id", "crimeID", "call_id", "incident_index",
    ),
    "start": (
        "发生时间起", "发案时间起", "案发时间起", "作案时间起", "发生时间上限", "发案时间上限", "案发时间上限", "发案开始时间",
        "案发开始时间", "发生开始时间", "起始时间", "from", "occurred_from", "time_start",
    ),
    "end": (
        "发生时间止", "发案时间止", "案发时间止", "作案时间止", "发生时间下限", "发案时间下限", "案发时间下限", "发案结束时间",
        "案发结束时间", "发生结束时间", "终止时间", "to", "occurred_to", "time_end",
    ),
    "start_date": ("发生日期起", "发案日期起", "date_from"),
    "start_time": ("发生时刻起", "发案时刻起", "time_from"),
    "end_date": ("发生日期止", "发案日期止", "date_to"),
    "end_time": ("发生时刻止", "发案时刻止", "time_to"),
    "moment": (
        "发生时间", "发案时间", "案发时间", "作案时间", "occurred", "报警时间", "接警时间", "来电时间", "受理时间", "received",
    ),
    "lon": ("经度", "案发经度", "事发经度", "报警经度", "longitude", "lng"),
    "lat": ("纬度", "案发纬度", "事发纬度", "报警纬度", "latitude"),
    "x": ("X坐标", "横坐标", "x_m"),
    "y": ("Y坐标", "纵坐标", "y_m"),
    "point": ("坐标", "经纬度", "位置坐标", "coordinates"),
    "place": (
        "最小统计单元", "网格编号", "网格", "责任区编号", "责任区", "警务区", "警区", "社区编号", "社区",
        "atom", "beat", "district",
    ),
    "kind": (
        "案别", "案件类别", "案件类型", "案件性质", "案类", "警情细类", "警情类型", "警情类别", "报警类别", "报警类型", "警情性质",
        "call_class", "class", "problem", "offense",
    ),
    "origin": ("报警方式", "报警来源", "警情来源"),
    "series": ("串案号", "串号", "系列号", "串并案号", "串并案编号", "系列案号"),
}  # fmt: skip
_METHOD = re.compile(
    r"(mo|method|modus)\d*|(作案|侵入|侵害|选择|犯罪|销赃).{1,6}|(发案|案发)(处所|场所|部位)|手段(特点)?|手法|工具"
)
_NO_METHOD = re.compile(r"时间|日期|时刻|时段|地点|人|编号|经度|纬度|坐标")
_PERSON = re.compile(
    r"(嫌疑|作案|犯罪|违法|涉案|被告|行为)(分子|主体|人(?!数))|嫌犯|逃犯|惯犯|"
    r"offender|suspect|perpetrator|arrestee|accused|criminal ?(id|name)",
    re.IGNORECASE,
)
_ABOUT = N_("Column {column} is about persons; leads go from case to case and never to a person. The file is not read.")
_REMEDY = N_("Export without this column. Cases that are confirmed to be one series get the same number in a column series.")


def person_columns(names: Iterable[str], file: str) -> tuple[Finding, ...]:
    """Return an error for every column that names or numbers suspects or offenders, and what the guards at the door find.

    >>> [finding.code for finding in person_columns(["crimeID", "offenderID", "作案人数"], "cases.csv")]
    ['person-column']
    """
    columns = tuple(names)
    accused = [name for name in columns if _PERSON.search(unicodedata.normalize("NFKC", name).replace("_", " "))]
    found = [Finding("person-column", "error", _ABOUT, _REMEDY, Place(file, 1, name), {"column": name}) for name in accused]
    return (*found, *(each for each in forbidden_columns(columns, file) if each.place.key not in accused))


def readable(names: Iterable[str]) -> list[str]:
    """Return the columns that are not about persons."""
    columns = list(names)
    kept = forbidden_names(columns)
    return [name for name in columns if name not in kept]


def found_columns(names: Sequence[str]) -> dict[str, str]:
    """Return which header holds what."""
    return {target: hits[0] for target, hits in find_columns(names, HEADERS.items()).items()}


def method_columns(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return the columns that say how it was done.

    >>> method_columns(["MO1", "作案手段", "作案时间", "作案人数", "X"], [])
    ['MO1', '作案手段']
    """
    used = set(taken)
    return [
        name
        for name in names
        if name not in used and _METHOD.fullmatch(comparable(name)) and not _NO_METHOD.search(comparable(name))
    ]


def known_headers() -> frozenset[str]:
    """Return every header that is known, in comparable form: a title line above the header has none of them."""
    words = {word for target, names in HEADERS.items() for word in (target, *names)}
    return frozenset(comparable(word) for word in words | {"MO1", "MO2", "MO3", "method", "作案手段", "作案手法", "作案方式"})
