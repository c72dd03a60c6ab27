"""Reading the log of duty from a sheet: headers in either language, clocks as people write them, nights that pass midnight.

A cell of time holds date and clock, or a clock alone where the sheet has a column of dates; an end that is not after its start is
the next day's, as is one with 次日 before it. Names, tracks and free text are refused at the door (:mod:`qinwu.station.guards`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import polars as pl

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.judge.officers.log import AWAY, KINDS, OPEN, SPANS, DutyLog, Entry, Kind
from qinwu.language import N_
from qinwu.station.clocks import Clock, read_stamps
from qinwu.station.force import Officer
from qinwu.station.guards import scrub
from qinwu.station.officers import ID_REFERRED
from qinwu.station.sheet import Row, clean, parse_date, read_sheet, word

FILE = "duty-log.csv"
"""Name of the log in a station folder, with the same stem for Excel."""
SUFFIXES = (".csv", ".xlsx", ".parquet")
HEADERS: dict[str, tuple[str, ...]] = {
    "officer_id": ID_REFERRED,
    "date": ("day", "日期", "值班日期", "上班日期", "勤务日期"),
    "start": ("from", "since", "begin", "开始", "开始时间", "起", "起始时间", "上班", "上班时间", "开始日期"),
    "end": ("to", "until", "结束", "结束时间", "止", "截止时间", "下班", "下班时间", "结束日期", "返岗"),
    "kind": ("type", "类别", "类型", "勤务类别", "勤务类型", "种类", "事项", "性质"),
    "ordered_by": ("order", "ordered", "安排", "下达单位", "派遣单位", "安排单位", "指派", "命令", "文号", "依据"),
    "reason": ("why", "task", "事由", "原因", "任务", "事由说明"),
}
WORDS: dict[Kind, tuple[str, ...]] = {
    "duty": ("值班", "值勤", "上班", "当班", "日常勤务", "shift", "on duty"),
    "standby": ("备勤", "待命", "听班", "带班", "on call"),
    "overtime": ("加班", "延时", "加班加点", "extra"),
    "training": ("培训", "训练", "集训", "学习", "course"),
    "meeting": ("会议", "开会", "例会"),
    "campaign": ("专项", "专项行动", "安保", "突击任务", "临时任务", "统一行动", "operation"),
    "secondment": ("抽调", "借调", "抽调出", "跟班", "seconded"),
    "off_specialty": ("挪用", "非本专业", "非专业工作", "off specialty", "diversion"),
    "leave": ("休假", "年休假", "请假", "事假", "病假", "产假", "探亲假", "婚假", "丧假", "工伤", "holiday", "sick"),
    "comp": ("补休", "调休", "time off", "time off in lieu", "comp time"),
}
LONGEST_ROW_H = 72.0
"""A single row of hours by the clock beyond this is a slip of the pen."""
_DATED = re.compile(r"\d{4}[-/.年]|\d{1,2}[-/]\d{1,2}[-/]\d|^\d{8,}|^\d{5}(\.\d+)?$")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{8}")
_NEXT_DAY = re.compile(r"^(次日|翌日|第二天|\+1)\s*")
_MIDNIGHT = re.compile(r"(?<!\d)24([:时点])(00)?(:00|分)?$")


def find_log(folder: Path) -> Path | None:
    """Return the log of a station folder, None where it has none yet."""
    stem = FILE.removesuffix(".csv")
    return next((folder / f"{stem}{suffix}" for suffix in SUFFIXES if (folder / f"{stem}{suffix}").is_file()), None)


def read_log(path: Path, officers: Mapping[str, Officer], zone: str, now: datetime | None = None) -> DutyLog:
    """Return the log of a sheet; rows with an error are left out and told.

    Parameters
    ----------
    path
        CSV (UTF-8, GB18030, UTF-16), Excel or Parquet with ``officer_id, start, end, kind`` and, where known, ``date, ordered_by,
        reason``.
    officers
        Those of the station, by id.
    zone
        IANA name of the station's time zone.
    now
        Hours of work after it cannot have been worked; the present by default.

    Raises
    ------
    QinwuError
        The file cannot be read at all.
    """
    rows, findings = read_sheet(path, HEADERS, ("officer_id", "start", "end", "kind"))
    if any(one.severity == "error" for one in findings):
        return DutyLog((), tuple(findings), path.name)
    moment = now or datetime.now(UTC)
    read = _Reading(path.name, officers, moment, rows, zone)
    entries = [entry for at, row in enumerate(rows) if (entry := read.entry(at, row)) is not None]
    ordered = sorted(entries, key=lambda one: (one.officer, one.start, one.row))
    return DutyLog(tuple(ordered), (*findings, *read.findings), path.name)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of time as text for the clock reader, whether it is a date or a clock alone, and days to be added."""

    text: str | None
    date_only: bool = False
    clock_only: bool = False
    later: int = 0


class _Reading:
    """The reading of one file while it is under way."""

    def __init__(self, file: str, officers: Mapping[str, Officer], now: datetime, rows: Sequence[Row], zone: str) -> None:
        self.file, self.officers, self.now = file, officers, now
        self.findings: list[Finding] = []
        starts = [_cell(row["start"], row["date"]) for row in rows]
        ends = [_cell(row["end"], row["date"] or row["start"]) for row in rows]
        self.dates = [(start.date_only, end.date_only) for start, end in zip(starts, ends, strict=True)]
        self.starts, self.ends = _stamps(starts, zone), _stamps(ends, zone)
        for at, (start, end, cell) in enumerate(zip(self.starts, self.ends, ends, strict=True)):
            # An end written as a clock alone and not after its start is that of the next day.
            if start and end and cell.clock_only and end <= start:
                self.ends[at] = end + timedelta(days=1)
        texts = pl.DataFrame({name: [row[name] for row in rows] for name in ("ordered_by", "reason")}, schema_overrides=_TEXT)
        self.said = texts.select(scrub(pl.col("ordered_by")), scrub(pl.col("reason"))).rows(named=True)

    def entry(self, at: int, row: Row) -> Entry | None:
        """Return a row as an entry, None where anything is wrong with it."""
        kind = word(row["kind"], cast("Mapping[str, tuple[str, ...]]", WORDS))
        wrong: list[Finding] = []
        if row["officer_id"] not in self.officers:
            wrong.append(self._unknown_officer(row))
        if not kind:
            wrong.append(self._unknown_kind(row))
        start, end, opened = self.starts[at], self.ends[at], False
        # A date without a clock is a whole day of leave or training, midnight in a spreadsheet, and too little in a text file.
        as_days = kind in SPANS and (self.dates[at] == (True, True) or (self.dates[at][0] and not row["end"]))
        if as_days and end is not None:
            end += timedelta(days=1)
        vague = [bare and not as_days and self.file.lower().endswith(".csv") for bare in self.dates[at]]
        wrong += [self._no_time(row, key) for key, one in zip(("start", "end"), vague, strict=True) if one]
        if start is None:
            wrong.append(self._no_time(row, "start"))
        if end is None and not row["end"] and kind in OPEN and start is not None and start < self.now:
            end, opened = self.now, True
            self.findings.append(self._no_return(row))
        elif end is None:
            wrong.append(self._no_time(row, "end"))
        if start is not None and end is not None and not wrong:
            wrong += self._impossible(row, kind, start, end)
        self.findings += wrong
        if wrong or start is None or end is None:
            return None
        if kind not in AWAY and end > self.now and not opened:
            # Hours to come have not been worked; leave may be written down before it is taken.
            end = self.now
            self.findings.append(self._under_way(row))
        said = self.said[at]
        return Entry(row["officer_id"], cast("Kind", kind), start, end, row.number, said["ordered_by"], said["reason"], opened)

    def _impossible(self, row: Row, kind: str, start: datetime, end: datetime) -> Iterator[Finding]:
        values = {"start": row["start"], "end": row["end"], "most": f"{LONGEST_ROW_H:g}"}
        if end <= start:
            message = N_("It ends at {end}, not after it began at {start}; the row is left out.")
            yield self._finding("ends-before-start", message, N_("Write the date of the end too."), row, "end", values)
        elif kind not in AWAY and start > self.now:
            message = N_("It begins at {start}, which is still to come; the row is left out.")
            yield self._finding(
                "in-the-future", message, N_("The log holds what was, the roster what is to be."), row, "start", values
            )
        elif kind not in SPANS and kind not in OPEN and (end - start).total_seconds() / 3600.0 > LONGEST_ROW_H:
            message = N_("From {start} to {end} is more than {most} h in one row; the row is left out.")
            yield self._finding("row-too-long", message, N_("Look at the dates; write a row for each duty."), row, "end", values)

    def _finding(self, code: str, message: str, remedy: str, row: Row, key: str, values: Mapping[str, object]) -> Finding:
        return Finding(code, "error", message, remedy, Place(self.file, row.number, key), values)

    def _unknown_officer(self, row: Row) -> Finding:
        near = did_you_mean(row["officer_id"], self.officers)
        remedy = N_("Did you mean {near}?") if near else N_("Use an id of the officers file.")
        values = {"officer": row["officer_id"] or '""', "near": near}
        return self._finding("unknown-officer", N_("There is no officer {officer}."), remedy, row, "officer_id", values)

    def _unknown_kind(self, row: Row) -> Finding:
        guess = did_you_mean(row["kind"], [other for kind in KINDS for other in (kind, *WORDS[kind])])
        remedy = N_("Did you mean {guess}?") if guess else ""
        expected = ", ".join(f"{kind} {WORDS[kind][0]}" for kind in KINDS)
        values = {"value": row["kind"] or '""', "expected": expected, "guess": guess}
        return self._finding("unknown-word", N_("{value} is not one of {expected}."), remedy, row, "kind", values)

    def _no_time(self, row: Row, column: str) -> Finding:
        values = {"value": row[column] or '""'}
        message = N_("{value} is no time with date and clock; the row is left out.")
        return self._finding("wrong-time", message, N_("Write it as 2026-01-31 08:00."), row, column, values)

    def _under_way(self, row: Row) -> Finding:
        message = N_("It ends at {end}, which is still to come; hours until now are counted.")
        return Finding("under-way", "note", message, "", Place(self.file, row.number, "end"), {"end": row["end"]})

    def _no_return(self, row: Row) -> Finding:
        message = N_("{officer} has been away since {start} and nobody wrote when the officer is back.")
        remedy = N_("Ask whoever ordered it for the date, and write it down.")
        values = {"officer": row["officer_id"], "start": row["start"]}
        return Finding("no-return-date", "warning", message, remedy, Place(self.file, row.number, "end"), values)


_TEXT = {"ordered_by": pl.String, "reason": pl.String}


def _cell(text: str, day: str) -> _Cell:
    """Return a cell of time with its date, from the column of dates (or the cell of the start) where it is a clock alone."""
    plain = clean(text)
    if not plain:
        return _Cell(None)
    later = 1 if _NEXT_DAY.match(plain) else 0
    plain = _NEXT_DAY.sub("", plain)
    if _is_date(plain):
        return _Cell(f"{plain} 00:00", date_only=True, later=later)
    if _MIDNIGHT.search(plain):
        plain, later = _MIDNIGHT.sub("00:00", plain), later + 1
    if _DATED.search(plain):
        return _Cell(plain, later=later)
    on = parse_date(clean(day))
    return _Cell(None) if on is None else _Cell(f"{on.isoformat()} {plain}", clock_only=not later, later=later)


def _is_date(text: str) -> bool:
    """Return whether a cell names a day and no time of it."""
    return _DATE.fullmatch(text) is not None and parse_date(text) is not None


def _stamps(cells: Sequence[_Cell], zone: str) -> list[datetime | None]:
    """Return cells as moments in UTC, None for what is no time."""
    column = pl.Series("time", [one.text for one in cells], dtype=pl.String)
    read = read_stamps(column, Clock(zone)).utc.to_list()
    return [None if stamp is None else stamp + timedelta(days=cell.later) for stamp, cell in zip(read, cells, strict=True)]
