"""Officers read from a sheet into a :class:`Force`: pseudonymous ids, kind, post, skills; nothing else is kept."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Literal, cast

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.force import Force, Officer, Post
from qinwu.station.sheet import Row, parse_date, read_sheet, word

ID = ("id", "officer", "编号", "人员编号", "警员编号", "代号", "工号")
ID_REFERRED = ("officer_id", *ID, "警号", "民警", "人员")
"""What the column is called by which other sheets refer to officers of this one."""
HEADERS: dict[str, tuple[str, ...]] = {
    "officer_id": ID,
    "kind": ("类别", "人员类别", "身份", "警种", "性质"),
    "post": ("岗位", "职务类别", "岗位类别"),
    "skills": ("skill", "技能", "专长", "资格"),
    "unit": ("单位", "所属单位", "所在单位", "部门", "派出所"),
    "joined": ("joined_date", "入职日期", "入职时间", "参加工作时间", "到岗日期"),
}
KINDS: dict[str, tuple[str, ...]] = {
    "sworn": ("民警", "警察", "正式民警", "officer"),
    "auxiliary": ("辅警", "协警", "文职", "aux"),
}
POSTS: dict[str, tuple[str, ...]] = {
    "command": ("指挥", "领导", "所领导", "所长", "教导员", "副所长"),
    "administration": ("内勤", "户籍", "综合", "admin", "desk"),
    "specialist": ("专业", "专业警种", "刑侦", "专门"),
    "front_line": ("一线", "外勤", "社区", "巡逻", "办案", "frontline", "patrol"),
}

_IDENTITY = re.compile(r"\d{17}[\dXx]|1[3-9]\d{9}")
_NAME_LIKE = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_SEPARATORS = re.compile(r"[;,、|]")


def read_force(path: Path, today: date | None = None) -> tuple[Force, tuple[Finding, ...]]:
    """Return the officers of a sheet and every finding about it; rows with an error are left out.

    Parameters
    ----------
    path
        CSV or Excel with ``officer_id, kind`` and, where known, ``post, skills, unit, joined``; Chinese headers and words accepted.
    today
        Joining dates after it draw a warning; today's date by default.

    Raises
    ------
    QinwuError
        Where the file cannot be read at all.
    """
    rows, findings = read_sheet(path, HEADERS, ("officer_id", "kind"))
    officers: list[Officer] = []
    seen: dict[str, int] = {}
    if not any(finding.severity == "error" for finding in findings):
        for row in rows:
            officer, problems = _officer(row, seen, today or date.today(), path.name)
            findings += problems
            officers += [officer] if officer else []
        if not officers:
            message, remedy = N_("There is no usable officer in this file."), N_("It needs one row for each officer.")
            findings.append(Finding("no-officers", "error", message, remedy, Place(path.name)))
    return Force(tuple(officers)), tuple(findings)


def _officer(row: Row, seen: dict[str, int], today: date, file: str) -> tuple[Officer | None, list[Finding]]:
    findings = _id_findings(row, seen, file)
    kind = word(row["kind"], KINDS)
    post = word(row["post"], POSTS) if row["post"] else "front_line"
    if not kind:
        findings.append(_wrong_word(row, "kind", KINDS, file))
    if not post:
        findings.append(_wrong_word(row, "post", POSTS, file))
    joined = parse_date(row["joined"]) if row["joined"] else None
    findings += _joined_findings(row, joined, today, file)
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    skills = frozenset(skill.strip() for skill in _SEPARATORS.split(row["skills"]) if skill.strip())
    return Officer(
        row["officer_id"],
        cast("Literal['sworn', 'auxiliary']", kind),
        cast("Post", post),
        skills,
        joined,
        row["unit"],
    ), findings


def _id_findings(row: Row, seen: dict[str, int], file: str) -> list[Finding]:
    """Return findings about one id, and remember it; an id that is a person's number never appears in the text."""
    officer, place = row["officer_id"], Place(file, row.number, "officer_id")
    pseudonym = N_("Use a code that means nothing outside the station, for example J01 or F01.")
    if not officer:
        return [Finding("missing-id", "error", N_("The officer has no id."), N_("Give every officer an id."), place)]
    if _IDENTITY.fullmatch(officer):
        return [Finding("id-is-personal", "error", N_("The id is an identity or phone number."), pseudonym, place)]
    if officer in seen:
        message = N_("The id {value} is used twice; first in row {first}.")
        values = {"value": officer, "first": seen[officer]}
        return [Finding("duplicate-id", "error", message, N_("Two officers cannot have one id; rename one."), place, values)]
    seen[officer] = row.number
    if _NAME_LIKE.fullmatch(officer):
        return [Finding("id-looks-like-name", "warning", N_("The id looks like a person's name."), pseudonym, place)]
    return []


def _wrong_word(row: Row, column: str, words: dict[str, tuple[str, ...]], file: str) -> Finding:
    known = [each for name, others in words.items() for each in (name, *others)]
    guess = did_you_mean(row[column], known)
    message = N_("{value} is not one of {expected}.")
    remedy = N_("Did you mean {guess}?") if guess else ""
    values = {"value": row[column] or '""', "expected": ", ".join(f"{name} {others[0]}" for name, others in words.items())}
    return Finding("unknown-word", "error", message, remedy, Place(file, row.number, column), {**values, "guess": guess})


def _joined_findings(row: Row, joined: date | None, today: date, file: str) -> list[Finding]:
    place, values = Place(file, row.number, "joined"), {"value": row["joined"]}
    if row["joined"] and joined is None:
        message = N_("{value} is not a date; the joining date is left out.")
        return [Finding("wrong-date", "warning", message, N_("Write it as 2015-07-01."), place, values)]
    if joined and joined > today:
        return [Finding("future-date", "warning", N_("The joining date {value} lies in the future."), "", place, values)]
    return []
