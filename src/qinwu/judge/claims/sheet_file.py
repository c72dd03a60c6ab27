"""A sheet of claims: one row each, headers in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.judge.claims.claim import Assignment, Comparator, Kind, SourceKind
from qinwu.judge.claims.document import ClaimTable
from qinwu.language import N_
from qinwu.station.sheet import Row, read_sheet, word
from qinwu.station.toml_file import validate

HEADERS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "序号"),
    "name": ("指标", "事项", "指标名称"),
    "text": ("claim", "说法", "表述", "内容"),
    "kind": ("类型", "指标类型"),
    "value": ("数值", "改革后", "现值", "本期", "after"),
    "before": ("改革前", "原值", "基期数值", "上期", "before_value"),
    "change": ("变化", "变动", "增减", "增减幅度", "同比"),
    "rounding": ("取整到", "四舍五入到"),
    "unit": ("单位", "计量单位"),
    "period": ("时期", "时间", "年份", "期间"),
    "before_period": ("改革前时期", "基期", "对比时期", "基期年份"),
    "place": ("地区", "地方", "地点", "城市"),
    "months": ("观察月数", "改革后月数"),
    "years": ("年数", "跨度年数"),
    "comparator": ("对照", "比较对象", "对照方式"),
    "assignment": ("选点方式", "试点选取"),
    "recording_rule": ("统计口径", "口径"),
    "source": ("来源", "出处"),
    "source_kind": ("来源类型", "来源类别"),
    "part_of": ("属于", "包含于", "上级编号"),
    "about": ("同一事项", "对比组"),
    "mechanisms": ("机制", "编码"),
}
REQUIRED = ("text", "kind", "source")

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {
        "count": ("数量", "起数", "件数", "绝对数"),
        "share": ("比例", "占比", "百分比"),
        "rate": ("率", "发案率", "破案率"),
        "time": ("时间", "时长", "用时"),
        "ratio": ("倍数", "比值"),
        "rank": ("排名", "名次"),
        "statement": ("说法", "定性", "文字"),
    },
    "comparator": {
        "none": ("无", "没有"),
        "before": ("改革前", "前后", "自身前后", "同比"),
        "elsewhere": ("别处", "其他地区", "外地"),
        "before_and_elsewhere": ("前后加别处", "前后和别处", "前后及对照组", "双重差分"),
    },
    "assignment": {
        "unknown": ("不详", "未知"),
        "chosen": ("指定", "上级指定", "自选"),
        "natural": ("自然实验", "偶然"),
        "random": ("随机", "抽签"),
    },
    "source_kind": {
        "study": ("研究", "论文"),
        "statistics": ("统计", "统计公报", "年鉴"),
        "official": ("官方", "通报", "本单位"),
        "news": ("新闻", "媒体", "报道"),
        "local_media": ("当地媒体", "地方媒体", "本地媒体"),
        "hearsay": ("听说", "传闻", "转述"),
    },
}
_KNOWN: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "comparator": get_args(Comparator),
    "assignment": get_args(Assignment),
    "source_kind": get_args(SourceKind),
}
_NUMBERS = ("months", "years")
_TEXTS = ("unit", "place", "recording_rule")
_PLAIN = ("value", "before", "change", "rounding", "period", "before_period", "part_of", "about")


def read_claim_sheet(path: Path) -> tuple[list[tuple[int, ClaimTable]], list[Finding]]:
    """Return the claims of a sheet with the numbers of their rows, and everything wrong with it.

    Parameters
    ----------
    path
        CSV or Excel. Only the claim itself, its kind and its source are required.

    Raises
    ------
    QinwuError
        Where the file cannot be read at all.
    """
    rows, found = read_sheet(path, HEADERS, REQUIRED)
    if any(finding.severity == "error" for finding in found):
        raise QinwuError(found)
    tables: list[tuple[int, ClaimTable]] = []
    for row in rows:
        data = _data(row, path.name, found)
        try:
            tables.append((row.number, validate(data, ClaimTable, path.name)))
        except QinwuError as error:
            found += [_in_row(one, row.number) for one in error.findings]
    return tables, found


def _data(row: Row, file: str, found: list[Finding]) -> dict[str, Any]:
    """Return a row as the table of a claims file would hold it; words it does not know are left out and reported."""
    said = {column: _word(row, column, file, found) for column in _KNOWN}
    data: dict[str, Any] = {
        "id": row["id"].lower() or f"row-{row.number}",
        "name": {"zh": row["name"] or row["text"]},
        "text": {"zh": row["text"]},
        "source": {"text": {"zh": row["source"]}, "kind": said["source_kind"] or "news"},
        "mechanisms": tuple(row["mechanisms"].replace("、", " ").replace(",", " ").split()),
    }
    data |= {column: said[column] for column in ("kind", "comparator", "assignment") if said[column]}
    data |= {column: row[column] for column in _PLAIN}
    data |= {column: {"zh": row[column]} for column in _TEXTS}
    data |= {column: row[column] for column in _NUMBERS if row[column]}
    if not data.get("comparator"):
        data["comparator"] = "before" if row["before"] or row["change"] else "none"
    data.setdefault("kind", "statement")
    for column in REQUIRED:
        if not row[column]:
            message, remedy = N_("This cell is empty."), N_("Fill it in.")
            found.append(Finding("missing-value", "error", message, remedy, Place(file, row.number, column)))
    return data


def _word(row: Row, column: str, file: str, found: list[Finding]) -> str:
    written, words = row[column], WORDS[column]
    canonical = word(written, words) if written else ""
    if written and not canonical:
        known = [*_KNOWN[column], *(each for others in words.values() for each in others)]
        guess = did_you_mean(written, known)
        message = N_("{value} is not one of {expected}.")
        remedy = N_("Did you mean {guess}?") if guess else ""
        values: Mapping[str, object] = {"value": written, "expected": ", ".join(known), "guess": guess}
        found.append(Finding("unknown-word", "error", message, remedy, Place(file, row.number, column), values))
    return canonical


def _in_row(finding: Finding, row: int) -> Finding:
    return replace(finding, place=replace(finding.place, row=row))
