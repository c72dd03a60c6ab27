"""Wishes 双向选择: whom each officer would like as a partner, in order, read from a sheet; temperament is refused, never stored.

A preference list stands in for complementary temperament 性格互补: the officer alone knows why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qinwu.findings import Finding, Place, raise_on_errors
from qinwu.language import N_
from qinwu.station.guards import category_of
from qinwu.station.officers import ID_REFERRED
from qinwu.station.sheet import Row, clean, read_sheet

NOWHERE = Place()
MOST_CHOICES = 20
_NUMERALS = "一二三四五六七八九十"
_LEVELS = re.compile(r"[>、,;|/\s]+")


def _numeral(number: int) -> str:
    """Return a number up to 20 as Chinese writes it.

    >>> _numeral(3), _numeral(10), _numeral(12), _numeral(20)
    ('三', '十', '十二', '二十')
    """
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens - 1] + "十") + (_NUMERALS[ones - 1] if ones else "")


CHOICES = tuple(f"choice_{number}" for number in range(1, MOST_CHOICES + 1))
HEADERS: dict[str, tuple[str, ...]] = {
    "officer": ID_REFERRED,
    "wishes": ("wish", "preferences", "ranking", "志愿", "意向搭档", "愿意搭档", "搭档志愿", "意向"),
    "refuses": ("refuse", "veto", "vetoes", "不愿搭档", "回避", "不搭档", "不宜搭档"),
    "fixed": ("fixed_partner", "固定搭档", "指定搭档"),
    "shifts": ("shift", "watches", "可值班次", "班次"),
    **{
        choice: (f"wish_{number}", f"第{_numeral(number)}志愿", f"第{number}志愿", f"志愿{number}", f"志愿{_numeral(number)}")
        for number, choice in enumerate(CHOICES, 1)
    },
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What one officer wishes.

    Parameters
    ----------
    officer
        Id.
    named
        Colleagues in order, those liked the same together.
    refused
        With whom never.
    fixed
        With whom in any case; empty for nobody.
    shifts
        Watches that the officer can work; empty where nothing is said, which is all.
    place
        Where it stands.
    """

    officer: str
    named: tuple[tuple[str, ...], ...] = ()
    refused: frozenset[str] = frozenset()
    fixed: str = ""
    shifts: frozenset[str] = frozenset()
    place: Place = NOWHERE


def read_wishes(path: Path) -> tuple[tuple[Wish, ...], tuple[Finding, ...]]:
    """Return the wishes of a sheet, and what is doubtful about it.

    Parameters
    ----------
    path
        CSV or Excel: ``officer``, and either ``wishes`` (``P02 > P05 = P07``: in order, with ``=`` between those liked the same) or
        ``choice_1, choice_2 …``; where known ``refuses, fixed, shifts``. Chinese headers (编号, 第一志愿, 不愿搭档, 固定搭档,
        可值班次) are accepted.

    Raises
    ------
    QinwuError
        With everything that is wrong: the file cannot be used, an officer is there twice or names himself, or temperament is
        written down.
    """
    rows, findings = read_sheet(path, HEADERS, ("officer",))
    findings = [_refused(finding) if _about_temperament(finding) else finding for finding in findings]
    wishes = [_wish(row, path.name) for row in rows]
    findings += [problem for wish in wishes for problem in _problems(wish)]
    findings += _twice(wishes)
    if not rows:
        message, remedy = N_("There are no wishes in this file."), N_("It needs one row for each officer.")
        findings.append(Finding("no-wishes", "error", message, remedy, Place(path.name)))
    return tuple(wishes), raise_on_errors(findings)


def _about_temperament(finding: Finding) -> bool:
    return category_of(finding.place.key) == "temperament"


def _refused(finding: Finding) -> Finding:
    """Return the error for a column that writes temperament down."""
    message = N_("The column {value} describes people's temperament; Qinwu does not store that, and does not read the file.")
    remedy = N_("Delete the column: the order in which an officer names colleagues says all that is needed.")
    return Finding("temperament", "error", message, remedy, finding.place, {"value": finding.place.key})


def _wish(row: Row, file: str) -> Wish:
    listed = [row["wishes"], *(row[choice] for choice in CHOICES)]
    levels = [level for cell in listed for level in _LEVELS.split(re.sub(r"\s*=\s*", "=", clean(cell)))]
    return Wish(
        row["officer"],
        tuple(level for each in levels if (level := tuple(name for name in each.split("=") if name))),
        frozenset(_names(row["refuses"])),
        row["fixed"],
        frozenset(_names(row["shifts"])),
        Place(file, row.number),
    )


def _names(cell: str) -> list[str]:
    return [name for name in re.split(r"[>、,;|/=\s]+", clean(cell)) if name]


def _problems(wish: Wish) -> Iterator[Finding]:
    named = [name for level in wish.named for name in level]
    values = {"officer": wish.officer}
    if not wish.officer:
        yield Finding("missing-id", "error", N_("The officer has no id."), N_("Give every officer an id."), wish.place)
    for name in sorted({name for name in named if named.count(name) > 1}):
        message, remedy = N_("{officer} names {name} twice."), N_("Name each colleague once.")
        yield Finding("named-twice", "error", message, remedy, wish.place, {**values, "name": name})
    if wish.officer and wish.officer in {*named, *wish.refused, wish.fixed}:
        message, remedy = N_("{officer} names himself or herself."), N_("Name colleagues only.")
        yield Finding("named-self", "error", message, remedy, wish.place, values)
    for name in sorted(wish.refused & {*named, wish.fixed}):
        message, remedy = N_("{officer} both wants and refuses {name}."), N_("Keep one of the two.")
        yield Finding("wanted-and-refused", "error", message, remedy, wish.place, {**values, "name": name})


def _twice(wishes: list[Wish]) -> Iterator[Finding]:
    first: dict[str, Wish] = {}
    for wish in wishes:
        if wish.officer in first:
            message, remedy = N_("{officer} has two rows; the first is row {row}."), N_("Keep one row for each officer.")
            values = {"officer": wish.officer, "row": first[wish.officer].place.row}
            yield Finding("officer-twice", "error", message, remedy, wish.place, values)
        first.setdefault(wish.officer, wish)
