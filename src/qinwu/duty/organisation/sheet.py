"""A chart kept as a plain sheet: one row for each unit, headers as personnel sections write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from qinwu.duty.merging import Source
from qinwu.duty.organisation.levels import level_of
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.system import DutySystem
from qinwu.duty.units import POSTS, Level, Line
from qinwu.findings import Finding, Place, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.station.sheet import Row, read_sheet, word
from qinwu.station.toml_file import validate
from qinwu.station.toml_lines import KeyPath

HEADERS: dict[str, tuple[str, ...]] = {
    "unit": ("单位", "单位名称", "机构", "机构名称", "部门", "部门名称"),
    "id": ("编号", "单位编号", "单位代码", "代码"),
    "parent": ("上级", "上级单位", "主管单位", "隶属", "隶属单位", "直接上级"),
    "level": ("层级", "级别", "类型", "单位类型"),
    "relation": ("关系", "上级关系", "领导关系"),
    "sphere": ("归类", "类别", "性质", "机关或基层"),
    "function": ("职能", "主要职能", "业务"),
    "command": ("领导岗位", "领导", "领导职数", "指挥", "指挥岗位"),
    "administration": ("内勤岗位", "内勤", "行政岗位", "行政事务", "机关岗位"),
    "front_line": ("一线岗位", "一线", "外勤岗位", "外勤"),
    "specialist": ("专业岗位", "专业", "专业技术岗位"),
    "mirrors": ("对口", "对口部门", "上级对口", "对口单位"),
    "duties": ("承担职责", "职责", "工作职责", "承担职能"),
    "commanded_by": ("可直接指挥的单位", "也受其指挥", "双重领导", "指挥单位"),
    "coordinated_by": ("协调单位", "协调"),
    "guided_by": ("指导单位", "业务指导", "业务指导单位", "指导"),
    "budget": ("经费", "经费单位", "经费管理单位"),
    "head": ("负责人编号", "负责人代号"),
}
LEVELS: dict[str, tuple[str, ...]] = {
    "bureau": ("局", "市局", "县局", "市级", "县级"),
    "sub_bureau": ("分局",),
    "section": ("科", "室", "科室", "机关科室", "机关"),
    "brigade": ("大队", "支队", "专业大队", "专业警种"),
    "station": ("派出所", "所", "中心派出所", "中心所"),
    "outpost": ("分驻所", "警务站", "点"),
    "squad": ("中队", "警组", "组", "队", "室队"),
}
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "community": ("社区", "社区警务", "责任区", "治安防范", "社区民警"),
    "patrol": ("巡逻", "巡防", "巡警", "巡特警", "处警", "巡逻处警"),
    "investigation": ("刑侦", "侦查", "办案", "案件办理", "刑事侦查", "经侦", "禁毒", "执法办案"),
    "desk": ("内勤", "户籍", "窗口", "户政", "综合", "政工", "法制", "后勤", "装备", "办公", "宣传", "信访"),
    "venues": ("治安", "治安管理", "行业场所", "特业", "特种行业", "场所管理"),
    "command": ("指挥", "领导", "指挥调度", "情指", "指挥中心"),
}
RELATIONS: dict[str, tuple[str, ...]] = {
    "command": ("领导", "领导关系", "直接领导", "指挥"),
    "coordinate": ("协调", "协调关系"),
    "guide": ("指导", "业务指导", "指导关系"),
}
SPHERES: dict[str, tuple[str, ...]] = {
    "headquarters": ("机关", "综合机关", "机关科室"),
    "specialist": ("专业", "专业警种", "警种", "实战警种"),
    "grassroots": ("基层", "基层所队", "基层单位"),
}
TIES: dict[str, Line] = {"commanded_by": "command", "coordinated_by": "coordinate", "guided_by": "guide"}
UNKNOWN: Level = "squad"
"""What stands in for a level that is an error, so that the rest can be checked."""
SEPARATORS = re.compile(r"[、,，;；/|\n]+")


def read_sheet_chart(path: Path) -> tuple[LoadedSystem, tuple[Finding, ...]]:
    """Return the chart of a CSV or Excel sheet and everything wrong or doubtful about it.

    Rows that cannot be read are kept as far as their names go, so that the rest of the chart can be checked as well: where a
    finding is an error, the chart is of no other use.

    Raises
    ------
    QinwuError
        Where there is nothing to check: the file is missing, unreadable or empty, or has not the columns it needs.
    """
    rows, findings = read_sheet(path, HEADERS, ("unit", "parent"))
    rows = [row for row in rows if any(row.cells.values())]
    if not any(finding.severity == "error" for finding in findings) and not any(row["unit"] for row in rows):
        message, remedy = N_("There is no unit in this sheet."), N_("It needs one row for each unit.")
        findings.append(Finding("no-units", "error", message, remedy, Place(path.name)))
    raise_on_errors(findings)
    reading = _Reading(path.name, rows)
    units = [reading.unit(row) for row in reading.rows]
    data = {"id": path.stem, "name": {"zh": path.stem}, "unit": units}
    loaded = LoadedSystem(validate(data, DutySystem, path.name), _sources(path.name, reading.rows, units), (path.name,))
    return loaded, (*findings, *reading.findings, *reading.said())


def _sources(file: str, rows: Sequence[Row], units: Sequence[Mapping[str, Any]]) -> dict[KeyPath, Source]:
    """Return in which row of the sheet each value of each unit stands."""
    found: dict[KeyPath, Source] = {("unit",): Source(file)}
    for at, (row, unit) in enumerate(zip(rows, units, strict=True)):
        found["unit", at] = Source(file, row.number)
        for key in unit:
            found["unit", at, key] = Source(file, row.number, key)
    return found


class _Reading:
    """Rows becoming tables of units, and what was wrong with them on the way."""

    def __init__(self, file: str, rows: Sequence[Row]) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.guessed: dict[Level, list[str]] = {}
        self.unknown_functions: list[str] = []
        self.id_of: dict[str, str] = {}
        self.rows = [row for row in rows if self._remember(row)]
        self.parents = {row["unit"]: row["parent"] for row in rows}
        self.stated = {row["unit"]: word(row["level"], LEVELS) for row in rows}

    def _remember(self, row: Row) -> bool:
        """Keep the id of a row's unit, and say whether the row is one; a name given twice is wrong without ids."""
        identity = row["id"] or row["unit"]
        if not row["unit"]:
            message, remedy = N_("This row names no unit."), N_("Give it a name, or delete the row.")
            self.findings.append(Finding("unit-without-name", "error", message, remedy, Place(self.file, row.number, "unit")))
        elif identity in self.id_of.values():
            message, remedy = N_("The unit {unit} is there twice."), N_("Keep one row, or give each an id of its own.")
            place = Place(self.file, row.number, "unit")
            self.findings.append(Finding("unit-twice", "error", message, remedy, place, {"unit": identity}))
        else:
            self.id_of.setdefault(row["unit"], identity)
            return True
        return False

    def unit(self, row: Row) -> dict[str, Any]:
        """Return one row as a unit table."""
        table: dict[str, Any] = {"id": row["id"] or row["unit"], "name": {"zh": row["unit"]}, "parent": self._id(row["parent"])}
        table["level"] = self._level(row) or UNKNOWN
        table["posts"] = {kind: self._count(row, kind) for kind in POSTS}
        table["relation"] = self._word(row, "relation", RELATIONS) or "command"
        table["sphere"] = self._word(row, "sphere", SPHERES) or None
        table["function"] = self._function(row)
        ties = [(name, line) for column, line in TIES.items() for name in parts(row[column])]
        table["ties"] = [{"unit": self._id(name), "relation": line} for name, line in ties]
        table["duties"] = parts(row["duties"])
        return table | {"mirrors": row["mirrors"], "budget": self._id(row["budget"]), "head": row["head"]}

    def _id(self, name: str) -> str:
        return self.id_of.get(name, name)

    def _level(self, row: Row) -> Level | None:
        """Return the level a row states, else the one its name means."""
        if row["level"]:
            return _level(self._word(row, "level", LEVELS))
        level = self._guess(row["unit"])
        if level is None:
            message = N_("Neither a level is given nor does the name {unit} end in one.")
            remedy = N_("Fill in the column level: bureau, sub_bureau, section, brigade, station, outpost or squad.")
            place = Place(self.file, row.number, "level")
            self.findings.append(Finding("unknown-level", "error", message, remedy, place, {"unit": row["unit"]}))
            return None
        self.guessed.setdefault(level, []).append(row["unit"])
        return level

    def _guess(self, name: str, seen: frozenset[str] = frozenset()) -> Level | None:
        above = self.parents.get(name, "")
        stated = self.stated.get(above) or None
        if above and above not in seen and stated is None and above in self.parents:
            stated = self._guess(above, seen | {name})
        return level_of(name, _level(stated))

    def _function(self, row: Row) -> str | None:
        """Return the function a row names; words that are none of the vocabulary are told together."""
        found = word(row["function"], FUNCTIONS) or next(
            (function for function, words in FUNCTIONS.items() if any(one in row["function"] for one in words)), ""
        )
        if row["function"] and not found:
            self.unknown_functions.append(row["function"])
        return found or None

    def _word(self, row: Row, column: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
        found = word(row[column], words) if row[column] else ""
        if row[column] and not found:
            known = [each for name, others in words.items() for each in (name, *others)]
            guess = did_you_mean(row[column], known)
            remedy = N_("Did you mean {guess}?") if guess else ""
            expected = ", ".join(f"{name} {others[0]}" for name, others in words.items())
            values = {"value": row[column], "expected": expected, "guess": guess}
            place, message = Place(self.file, row.number, column), N_("{value} is not one of {expected}.")
            self.findings.append(Finding("unknown-word", "error", message, remedy, place, values))
        return found or None

    def _count(self, row: Row, kind: str) -> int:
        text = row[kind].removesuffix("人").removesuffix("名").strip()
        if not text:
            return 0
        if text.isdecimal():
            return int(text)
        message, remedy = N_("{value} is no number of posts."), N_("Write a whole number, or leave the cell empty.")
        place = Place(self.file, row.number, kind)
        self.findings.append(Finding("wrong-number", "error", message, remedy, place, {"value": row[kind]}))
        return 0

    def said(self) -> Iterator[Finding]:
        """Yield notes on what was guessed."""
        for level, units in self.guessed.items():
            message = N_("The level of these units was read off their names, as {level}: {units}.")
            remedy = N_("Add a column level where that is wrong.")
            values = {"level": f"{level} {LEVELS[level][0]}", "units": "、".join(dict.fromkeys(units))}
            yield Finding("level-guessed", "note", message, remedy, Place(self.file, None, "level"), values)
        if self.unknown_functions:
            message = N_("These functions are none of Qinwu's and are left out: {functions}.")
            remedy = N_("Known functions: {known}.")
            known = ", ".join(f"{name} {others[0]}" for name, others in FUNCTIONS.items())
            values = {"functions": "、".join(dict.fromkeys(self.unknown_functions)), "known": known}
            yield Finding("unknown-function", "note", message, remedy, Place(self.file, None, "function"), values)


def _level(text: str | None) -> Level | None:
    return next((level for level in get_args(Level) if level == text), None)


def parts(text: str) -> list[str]:
    """Return the items of a cell.

    >>> parts("治安管理、巡逻防控；户籍")
    ['治安管理', '巡逻防控', '户籍']
    """
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]
