"""Months: what a station writes down for a roster: absences, wishes, and last month's roster, from Excel or CSV.

Headers in Chinese or English, UTF-8 or GB18030, full-width digits; columns about persons are refused by the guards. Every problem
of a file is told at once, with row and column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.plan.roster.people import Absence, Why, Wish
from qinwu.station.force import Force, Officer
from qinwu.station.officers import ID_REFERRED, KINDS
from qinwu.station.sheet import Row, clean, parse_date, read_sheet, word

FROM = ("from", "since", "start", "起", "开始", "开始日期", "起始日期", "自", "日期", "date", "day")
UNTIL = ("to", "until", "end", "止", "结束", "结束日期", "截止日期", "至", "返岗前一日")
ABSENCE_HEADERS: dict[str, tuple[str, ...]] = {
    "officer_id": ID_REFERRED,
    "kind": ("why", "type", "类型", "事由类别", "缺勤类型", "种类"),
    "since": FROM,
    "until": UNTIL,
    "order": ("paper", "文号", "调令", "依据", "通知"),
    "reason": ("事由", "原因"),
    "sworn": ("身份", "人员类别"),
    "skills": ("技能", "专长"),
    "post": ("岗位", "到岗岗位"),
}
ABSENCES: dict[str, tuple[str, ...]] = {
    "leave": ("holiday", "vacation", "休假", "年休假", "请假", "事假", "探亲假", "婚假", "产假", "陪产假", "丧假", "补休", "调休"),
    "training": ("course", "培训", "训练", "集训", "学习"),
    "secondment": ("seconded", "out", "抽调", "借调", "借出", "抽调出", "专项", "安保"),
    "secondment_in": ("in", "借入", "抽调入", "支援", "增援", "跟班"),
    "sick": ("illness", "病假", "工伤"),
}
WISH_HEADERS: dict[str, tuple[str, ...]] = {
    "officer_id": ID_REFERRED,
    "since": FROM,
    "until": UNTIL,
    "wish": ("what", "want", "意愿", "希望", "班次", "要求"),
}
WISH_OFF = ("off", "rest", "休", "休息", "休班", "想休", "轮休")
NOT = ("not ", "no ", "-", "不", "不上", "不要", "免")


@dataclass(frozen=True)
class Absences:
    """What a sheet of absences says: absences, officers lent to the station with their posts, and what is wrong."""

    absences: tuple[Absence, ...]
    guests: tuple[Officer, ...]
    guest_posts: Mapping[str, str]
    findings: tuple[Finding, ...]


def read_absences(path: Path, force: Force) -> Absences:
    """Return the absences of a sheet: officer, type, from, to; order and reason where there are any.

    An officer lent to the station (``secondment_in``) may be unknown to the force: kind, skills and post are then read too.

    Raises
    ------
    QinwuError
        The file cannot be read at all.
    """
    rows, findings = read_sheet(path, ABSENCE_HEADERS, ("officer_id", "kind", "since"))
    known, absences, guests, posts = force.by_id(), [], {}, {}
    for row in rows if not _errors(findings) else ():
        why = word(row["kind"], ABSENCES)
        span, wrong = _span(row, path.name)
        if not why:
            wrong.append(_unknown_word(row, "kind", ABSENCES, path.name))
        guest = why == "secondment_in" and row["officer_id"] not in known
        if not guest:
            wrong += _unknown_officer(row, known, path.name)
        findings += wrong
        if wrong or span is None:
            continue
        absences.append(Absence(row["officer_id"], cast("Why", why), *span, row["order"], row["reason"]))
        if guest:
            kind = word(row["sworn"], KINDS) or "sworn"
            skills = frozenset(skill.strip() for skill in row["skills"].replace("；", ";").split(";") if skill.strip())
            guests[row["officer_id"]] = Officer(row["officer_id"], "auxiliary" if kind == "auxiliary" else "sworn", skills=skills)
            posts[row["officer_id"]] = row["post"]
    findings += _overlapping(absences, path.name)
    return Absences(tuple(absences), tuple(guests.values()), posts, tuple(findings))


def read_wishes(path: Path, force: Force, watches: Mapping[str, Sequence[str]]) -> tuple[tuple[Wish, ...], tuple[Finding, ...]]:
    """Return the wishes of a sheet, one for each day: ``off``, the name of a watch, or either with "not" before it.

    Parameters
    ----------
    path
        The sheet.
    force
        Whose officers they are.
    watches
        Watch ids and the other names people use for each.

    Raises
    ------
    QinwuError
        The file cannot be read at all.
    """
    rows, findings = read_sheet(path, WISH_HEADERS, ("officer_id", "since"))
    known, wishes = force.by_id(), []
    words = {"off": WISH_OFF, **{name: tuple(others) for name, others in watches.items()}}
    for row in rows if not _errors(findings) else ():
        span, wrong = _span(row, path.name)
        wrong += _unknown_officer(row, known, path.name)
        what, wanted = _wish(row["wish"] or "off", words)
        if not what:
            wrong.append(_unknown_word(row, "wish", words, path.name))
        findings += wrong
        if not wrong and span is not None:
            days = (span[1] - span[0]).days + 1
            wishes += [Wish(row["officer_id"], span[0] + timedelta(days=step), what, wanted) for step in range(days)]
    return tuple(wishes), tuple(findings)


def _wish(text: str, words: Mapping[str, tuple[str, ...]]) -> tuple[str, bool]:
    """Return what a wish is for, and whether it is for or against it."""
    plain = clean(text).lower()
    if what := word(plain, words):
        return what, True
    for start in sorted(NOT, key=len, reverse=True):
        if plain.startswith(start):
            return word(plain.removeprefix(start), words), False
    return "", True


def _span(row: Row, file: str) -> tuple[tuple[date, date] | None, list[Finding]]:
    """Return first and last day of a row; the last is the first where none is given."""
    wrong, days = [], []
    for column in ("since", "until"):
        text = row[column] or (row["since"] if column == "until" else "")
        day = parse_date(text)
        if day is None:
            message, remedy = N_("{value} is not a date."), N_("Write it as 2026-01-31.")
            values = {"value": text or '""'}
            wrong.append(Finding("wrong-date", "error", message, remedy, Place(file, row.number, column), values))
        else:
            days.append(day)
    if wrong:
        return None, wrong[:1] if not row["until"] else wrong
    if days[1] < days[0]:
        message = N_("It ends on {until}, before it begins on {since}.")
        values = {"since": days[0].isoformat(), "until": days[1].isoformat()}
        return None, [Finding("ends-before-start", "error", message, "", Place(file, row.number, "until"), values)]
    return (days[0], days[1]), []


def _unknown_officer(row: Row, known: Mapping[str, Officer], file: str) -> list[Finding]:
    name = row["officer_id"]
    if name in known:
        return []
    near = did_you_mean(name, known)
    remedy = N_("Did you mean {near}?") if near else N_("Use an id of the officers file.")
    values = {"officer": name or '""', "near": near}
    message = N_("There is no officer {officer}.")
    return [Finding("unknown-officer", "error", message, remedy, Place(file, row.number, "officer_id"), values)]


def _unknown_word(row: Row, column: str, words: Mapping[str, tuple[str, ...]], file: str) -> Finding:
    known = [each for name, others in words.items() for each in (name, *others)]
    guess = did_you_mean(row[column], known)
    remedy = N_("Did you mean {guess}?") if guess else ""
    expected = ", ".join(f"{name} {others[0]}" if others else name for name, others in words.items())
    values = {"value": row[column] or '""', "expected": expected, "guess": guess}
    return Finding(
        "unknown-word", "error", N_("{value} is not one of {expected}."), remedy, Place(file, row.number, column), values
    )


def _overlapping(absences: Sequence[Absence], file: str) -> Iterator[Finding]:
    """Yield a warning for an officer who is away twice at once."""
    last: dict[str, Absence] = {}
    for absence in sorted(absences, key=lambda one: (one.officer, one.since)):
        before = last.get(absence.officer)
        if before is not None and absence.since <= before.until:
            message = N_("{officer} is away twice on {day}.")
            values = {"officer": absence.officer, "day": absence.since.isoformat()}
            yield Finding("absences-overlap", "warning", message, N_("Correct one of the two."), Place(file), values)
        last[absence.officer] = absence


def _errors(findings: Sequence[Finding]) -> bool:
    return any(one.severity == "error" for one in findings)
