"""Reading what a station wrote beside its calls: ledgers of cases and circulars of totals, headers in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.judge.integrity.record import Record, record_of, totals_findings
from qinwu.language import N_
from qinwu.station.guards import forbidden_columns
from qinwu.station.sheet import Row, read_sheet, read_table

HEADERS: dict[str, tuple[str, ...]] = {
    "unit": (
        "单位",
        "派出所",
        "所属单位",
        "辖区单位",
        "所属分局",
        "分局",
        "辖区",
        "责任区",
        "警务区",
        "district",
        "precinct",
        "beat",
        "area",
    ),
    "at": ("发生时间", "案发时间", "事发时间", "报警时间", "接警时间", "event time", "occurred", "time"),
    "received": ("接警时刻", "受理时间", "time received"),
    "entered": ("录入时间", "登记时间", "填报时间", "entered time", "entry time", "recorded"),
    "dispatched": ("派警时间", "出警时间", "dispatch time"),
    "arrived": ("到达时间", "到达现场时间", "到场时间", "arrival time"),
    "cleared": ("处理完毕时间", "结束时间", "处结时间", "cleared time"),
    "response_min": ("到场用时", "到场用时(分钟)", "到达用时", "response minutes"),
    "limit_min": ("时限", "时限(分钟)", "到场时限", "limit minutes"),
    "class_then": ("原类别", "初始类别", "立案时类别", "受理时类别", "class at filing", "first class"),
    "class_now": ("类别", "现类别", "警情类别", "案件类别", "class", "current class"),
    "withdrawn": ("撤销", "是否撤销", "撤案", "不成立", "是否不成立", "unfounded"),
    "filed": ("立案", "是否立案", "受立案", "是否受立案", "filed as case"),
    "amount": ("案值", "涉案价值", "损失价值", "损失金额", "金额", "value"),
    "threshold": ("立案标准", "起点", "立案起点", "filing threshold"),
    "period": ("月份", "期间", "统计周期", "周次", "周期", "week", "month"),
    "about": ("指标", "项目", "indicator"),
    "n": ("总数", "应到", "出警数", "指令数", "警情数", "起数", "calls", "cases"),
    "hits": ("达标数", "按时到达数", "合格数", "within limit"),
    "rate": ("达标率", "合格率", "按时到达率", "share"),
    "reported": ("上报数", "通报数", "上报总数", "reported total"),
}
TIMES = ("at", "received", "entered", "dispatched", "arrived", "cleared")
NUMBERS = ("response_min", "limit_min", "amount", "threshold")
FLAGS = ("withdrawn", "filed")
COUNTS = ("n", "hits", "reported")
YES = ("1", "y", "yes", "true", "是", "有", "已立案", "立案", "已撤销", "撤销", "不成立", "unfounded", "filed")
NO = ("0", "n", "no", "false", "否", "无", "未立案", "不立案", "未撤销", "成立", "")
GRADES: dict[int, tuple[str, ...]] = {
    1: ("刑事", "刑事案件", "特别重大", "criminal", "crime"),
    2: ("治安", "治安案件", "行政", "行政案件", "重大", "public order", "administrative"),
    3: ("纠纷", "较大", "dispute"),
    4: ("求助", "其他", "一般", "help", "other"),
    5: ("无效", "无效警情", "void"),
}
"""How serious the words of a class are, 1 most; a class in none of them has no grade."""
PATTERNS = ("ledger.*", "台账*.*", "records/*", "circular*.*", "通报*.*")
KINDS = (".csv", ".xlsx", ".xls", ".parquet")
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class Read:
    """Records, one for each file, and what is worth saying about the files."""

    records: tuple[Record, ...]
    findings: tuple[Finding, ...]


def read_records(folder: Path) -> Read:
    """Return the ledgers and circulars of a station folder, as `PATTERNS` names them; nothing where there are none.

    Raises
    ------
    QinwuError
        With everything wrong in every file.
    """
    paths = [path for pattern in PATTERNS for path in sorted(folder.glob(pattern)) if path.suffix.lower() in KINDS]
    records: list[Record] = []
    found: list[Finding] = []
    for path in dict.fromkeys(paths):
        try:
            record, said = read_record(path)
        except QinwuError as error:
            found += error.findings
        else:
            records.append(record)
            found += said
    return Read(tuple(records), raise_on_errors(found))


def read_record(path: Path) -> tuple[Record, tuple[Finding, ...]]:
    """Return the record of a CSV, Excel or Parquet file, and what its header was warned about.

    With a time of the event every row is a case; without one every row is a total of a unit.

    Raises
    ------
    QinwuError
        With everything wrong: lists of people, times, numbers, flags, negative counts, more hits than cases.
    """
    refused = [each for each in forbidden_columns(read_table(path)[0], path.name) if each.severity == "error"]
    raise_on_errors(refused)
    rows, found = read_sheet(path, HEADERS, ())
    raise_on_errors(found)
    names = tuple(dict.fromkeys(name for row in rows for name in row.cells))
    if not rows:
        found.append(Finding("no-rows", "error", N_("There is nothing to screen."), N_("Give rows or totals."), Place(path.name)))
        raise QinwuError(found)
    made, wrong = (_cases if {"at", "received"} & set(names) else _totals)(rows, names, path.name)
    raise_on_errors([*found, *wrong])
    return made, tuple(found)


def _cases(rows: Sequence[Row], names: Sequence[str], file: str) -> tuple[Record, list[Finding]]:
    """Return a record of cases, and what is wrong with its cells."""
    wrong: list[Finding] = []
    columns: dict[str, pl.Series] = {"unit": _texts(rows, "unit")}
    for name in names:
        if name in TIMES:
            columns[name] = _times(rows, name, file, wrong)
        elif name in NUMBERS:
            columns[name] = _numbers(rows, name, file, wrong)
        elif name in FLAGS:
            columns[name] = _flags(rows, name, file, wrong)
        elif name in ("class_then", "class_now"):
            columns[name] = _texts(rows, name)
            columns[name.replace("class", "grade")] = _grades(columns[name])
    table = pl.DataFrame(columns)
    minutes = {"response_min": "response_s", "limit_min": "limit_s"}
    table = table.with_columns((pl.col(name) * 60.0).alias(seconds) for name, seconds in minutes.items() if name in table.columns)
    return record_of(file, table), wrong


def _totals(rows: Sequence[Row], names: Sequence[str], file: str) -> tuple[Record, list[Finding]]:
    """Return a record of totals, and what is wrong with its cells."""
    wrong: list[Finding] = []
    if "unit" not in names:
        message, remedy = N_("The column {value} is missing."), N_("Add it; it may also be headed: {others}.")
        values = {"value": "unit", "others": ", ".join(HEADERS["unit"])}
        wrong.append(Finding("missing-column", "error", message, remedy, Place(file, 1), values))
    if not set(names) & {"n", "reported"}:
        message = N_("There is no count: a share without the number of cases behind it says nothing.")
        remedy = N_("Add the number of cases (n, 总数) or a reported total (reported, 上报数).")
        wrong.append(Finding("no-count", "error", message, remedy, Place(file, 1)))
    columns = {name: _texts(rows, name) for name in ("unit", "period", "about")}
    counts = {name: _numbers(rows, name, file, wrong) for name in (*COUNTS, "rate") if name in names}
    if "rate" in counts and "n" in counts and "hits" not in counts:
        # A share above one is per cent.
        share = pl.select(pl.when(counts["rate"] > 1.0).then(counts["rate"] / 100.0).otherwise(counts["rate"])).to_series()
        counts["hits"] = (share * counts["n"]).round(0)
    table = pl.DataFrame(columns | {name: counts[name].cast(pl.Int64) for name in COUNTS if name in counts})
    shaped = table.with_columns(pl.lit(None, pl.Int64).alias(name) for name in COUNTS if name not in counts)
    wrong += totals_findings(shaped, file, pl.Series([row.number for row in rows]).to_numpy())
    if wrong:
        raise QinwuError(wrong)
    return record_of(file, totals=shaped), wrong


def _texts(rows: Sequence[Row], name: str) -> pl.Series:
    cells = [row[name] for row in rows]
    empty = None if name != "unit" else ""
    return pl.Series(name, [cell or empty for cell in cells], dtype=pl.String)


def _times(rows: Sequence[Row], name: str, file: str, wrong: list[Finding]) -> pl.Series:
    """Return a column of times; one finding for all cells that cannot be read."""
    text = _texts(rows, name)
    plain = text.str.replace_all("[年月/]", "-").str.replace_all("日", "").str.replace("T", " ").str.replace(r"\.\d+$", "")
    frame = pl.DataFrame({"text": plain})
    parsed = frame.select(pl.coalesce(pl.col("text").str.to_datetime(form, strict=False) for form in FORMATS)).to_series()
    _unreadable(rows, text, parsed, name, file, wrong, N_("Write times as 2025-03-01 12:05."))
    return parsed.alias(name)


def _numbers(rows: Sequence[Row], name: str, file: str, wrong: list[Finding]) -> pl.Series:
    """Return a column of numbers; findings for cells that are none or below zero."""
    text = _texts(rows, name)
    parsed = text.str.replace_all("[,，%％元]", "").cast(pl.Float64, strict=False)
    _unreadable(rows, text, parsed, name, file, wrong, N_("Write a number; nothing where it is not known."))
    below = (parsed < 0.0).fill_null(value=False)
    if below.any() and name not in COUNTS:
        first = int(below.arg_true()[0])
        message, remedy = N_("{value} is below zero ({count} cells)."), N_("It must be zero or more; look at the source.")
        values = {"value": text[first], "count": int(below.sum())}
        wrong.append(Finding("below-zero", "error", message, remedy, Place(file, rows[first].number, name), values))
    return parsed.alias(name)


def _flags(rows: Sequence[Row], name: str, file: str, wrong: list[Finding]) -> pl.Series:
    """Return a column of yes and no."""
    text = _texts(rows, name)
    said: Mapping[str, bool] = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
    lower = text.fill_null("").str.to_lowercase()
    parsed = lower.replace_strict(said, default=None, return_dtype=pl.Boolean)
    _unreadable(rows, text, parsed, name, file, wrong, N_("Write 是 or 否, yes or no."))
    return parsed.alias(name)


def _grades(classes: pl.Series) -> pl.Series:
    grade = {word: float(number) for number, words in GRADES.items() for word in words}
    return classes.str.to_lowercase().replace_strict(grade, default=None, return_dtype=pl.Float64)


def _unreadable(
    rows: Sequence[Row], text: pl.Series, parsed: pl.Series, name: str, file: str, wrong: list[Finding], remedy: str
) -> None:
    """Add one finding for all cells that say something that could not be read."""
    bad = text.is_not_null() & parsed.is_null()
    if bad.any():
        first = int(bad.arg_true()[0])
        message = N_("{value} cannot be read ({count} cells).")
        values = {"value": text[first], "count": int(bad.sum())}
        wrong.append(Finding("unreadable-cell", "error", message, remedy, Place(file, rows[first].number, name), values))
