"""Records: who objected to which line and what became of it, who was shown a sheet, and who has signed it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_
from qinwu.station.sheet import Row, parse_date, read_sheet, word

OBJECTIONS, SIGNATURES = "objections.csv", "signatures.csv"
State = Literal["open", "upheld", "rejected"]
"""Not answered yet; the officer was right and the line is not counted; the officer was not and it is."""

Act = Literal["shown", "signed", "veto"]
"""The officer was shown the sheet; a post signed it; a post signed a veto line."""

STATES: dict[str, tuple[str, ...]] = {
    "open": ("未答复", "待答复", "待处理", "受理中", "new", ""),
    "upheld": ("成立", "采纳", "支持", "accepted"),
    "rejected": ("不成立", "不采纳", "驳回", "refused"),
}
ACTS: dict[str, tuple[str, ...]] = {"shown": ("已告知", "告知", "送阅"), "signed": ("签字", "已签字"), "veto": ("否决", "一票否决")}
OBJECTION_HEADERS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "序号"),
    "officer": ("警号", "民警", "被考核人", "owner", "考核对象"),
    "period": ("时期", "考核期", "周期"),
    "line": ("考核项", "项目", "条目"),
    "reason": ("理由", "异议理由", "原因"),
    "state": ("状态", "结果", "处理结果"),
    "answered_by": ("答复人", "处理人", "answered by"),
    "date": ("日期", "答复日期", "提出日期"),
}
SIGNATURE_HEADERS: dict[str, tuple[str, ...]] = {
    "owner": ("考核对象", "警号", "责任区", "officer"),
    "period": ("时期", "考核期", "周期"),
    "act": ("事项", "内容", "what"),
    "line": ("考核项", "项目", "条目"),
    "by": ("签字人", "职务", "post"),
    "date": ("日期", "签字日期"),
}
LONGEST = 200
_PERSONAL_NUMBER = re.compile(r"\d{11,}[Xx]?")


@dataclass(frozen=True, slots=True)
class Objection:
    """An officer's objection to one line; ``period`` empty for whichever is open, ``answered_by`` empty while it is."""

    id: str
    officer: str
    line: str
    reason: str
    state: State
    answered_by: str
    day: date | None
    period: str = ""

    def about(self, owner: str, line: str, period: str) -> bool:
        """Return whether it is about a line of a sheet."""
        return (self.officer, self.line) == (owner, line) and self.period in ("", period)


@dataclass(frozen=True, slots=True)
class Signature:
    """Something that was done with a sheet: shown, signed, or a veto line signed, by a post on a day."""

    owner: str
    period: str
    act: Act
    line: str
    by: str
    day: date


@dataclass(frozen=True, slots=True)
class Records:
    """All objections and signatures of a station, and warnings about them."""

    objections: tuple[Objection, ...] = ()
    signatures: tuple[Signature, ...] = ()
    findings: tuple[Finding, ...] = ()

    def signed(self, owner: str, period: str, act: Act, line: str = "") -> tuple[Signature, ...]:
        """Return what was done with a sheet."""
        return tuple(
            one for one in self.signatures if (one.owner, one.period, one.act) == (owner, period, act) and line in ("", one.line)
        )


def joined(first: Records, second: Records) -> Records:
    """Return the records of two books as one, those of the first before those of the second."""
    return Records(
        (*first.objections, *second.objections), (*first.signatures, *second.signatures), (*first.findings, *second.findings)
    )


def read_records(folder: Path) -> Records:
    """Return the objections and signatures of a station folder; none where the files are not there.

    Raises
    ------
    QinwuError
        With everything that is wrong: unknown words, missing officers or lines, answers without a name.
    """
    objections, signatures = folder / OBJECTIONS, folder / SIGNATURES
    found: list[Finding] = []
    raised = _rows(objections, OBJECTION_HEADERS, ("id", "officer", "line", "reason", "state"), found)
    done = _rows(signatures, SIGNATURE_HEADERS, ("owner", "period", "act", "by", "date"), found)
    found += [finding for row in raised for finding in _objection_findings(row)]
    found += [finding for row in done for finding in _signature_findings(row)]
    found += list(_double(raised))
    raise_on_errors(found)
    return Records(tuple(map(_objection, raised)), tuple(map(_signature, done)), tuple(found))


def _rows(path: Path, headers: Mapping[str, tuple[str, ...]], required: tuple[str, ...], found: list[Finding]) -> list[Row]:
    if not path.exists():
        return []
    try:
        rows, wrong = read_sheet(path, headers, required)
    except QinwuError as error:
        found += error.findings
        return []
    found += wrong
    return [] if any(one.severity == "error" for one in wrong) else rows


def _objection(row: Row) -> Objection:
    # A reason is read by others: numbers that could name somebody are masked, and it stays a sentence.
    reason = _PERSONAL_NUMBER.sub("***", row["reason"])[:LONGEST]
    state: State = _state(row["state"])
    day = parse_date(row["date"])
    return Objection(row["id"], row["officer"], row["line"], reason, state, row["answered_by"], day, row["period"])


def _state(text: str) -> State:
    found = word(text, STATES)
    return "upheld" if found == "upheld" else "rejected" if found == "rejected" else "open"


def _signature(row: Row) -> Signature:
    act = word(row["act"], ACTS)
    kind: Act = "shown" if act == "shown" else "veto" if act == "veto" else "signed"
    return Signature(row["owner"], row["period"], kind, row["line"], row["by"], parse_date(row["date"]) or date.min)


def _objection_findings(row: Row) -> Iterator[Finding]:
    for key in ("id", "officer", "line", "reason"):
        if not row[key]:
            yield _empty(OBJECTIONS, row, key)
    if row["state"] and not word(row["state"], STATES):
        yield _unknown(OBJECTIONS, row, "state", STATES)
    if word(row["state"], STATES) in ("upheld", "rejected") and not row["answered_by"]:
        message = N_("The objection {value} is answered by nobody.")
        remedy = N_("Name the post that answered it; an answer without a name does not count.")
        place = Place(OBJECTIONS, row.number, "answered_by")
        yield Finding("answer-without-name", "error", message, remedy, place, {"value": row["id"]})


def _signature_findings(row: Row) -> Iterator[Finding]:
    for key in ("owner", "period", "by"):
        if not row[key]:
            yield _empty(SIGNATURES, row, key)
    if not word(row["act"], ACTS):
        yield _unknown(SIGNATURES, row, "act", ACTS)
    if parse_date(row["date"]) is None:
        message, remedy = N_("{value} is not a date; write it as 2025-01-31."), N_("Correct the row.")
        yield Finding("bad-date", "error", message, remedy, Place(SIGNATURES, row.number, "date"), {"value": row["date"]})


def _double(rows: list[Row]) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in rows:
        if row["id"] in seen:
            message, remedy = N_("Two objections have the number {value}."), N_("Give each its own.")
            yield Finding("double-objection", "error", message, remedy, Place(OBJECTIONS, row.number, "id"), {"value": row["id"]})
        seen.add(row["id"])


def _empty(file: str, row: Row, key: str) -> Finding:
    return Finding("missing-value", "error", N_("This cell is empty."), N_("Fill it in."), Place(file, row.number, key))


def _unknown(file: str, row: Row, key: str, words: Mapping[str, tuple[str, ...]]) -> Finding:
    known = ", ".join(name for canonical, others in words.items() for name in (canonical, *others) if name)
    message, remedy = N_("{value} is not one of {expected}."), N_("Use one of these words.")
    return Finding("unknown-word", "error", message, remedy, Place(file, row.number, key), {"value": row[key], "expected": known})
