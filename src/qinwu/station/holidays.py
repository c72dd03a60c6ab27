"""Holidays: which days are public holidays 节假日, which weekend days are worked instead 调休, and which day each is like.

Dates come from the ``holidays`` package, for China with the working weekends that the State Council announces each autumn
(国务院办公厅关于部分节假日安排的通知); ``holidays.csv`` of a station folder overrides them day by day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.sheet import Row, parse_date, read_sheet, word

Kind = Literal["ordinary", "holiday", "workday"]
KINDS: tuple[Kind, ...] = ("ordinary", "holiday", "workday")
ORDINARY, HOLIDAY, WORKDAY = range(3)
"""An ordinary day of its weekday; a public holiday or a day off in lieu; a weekend day that is worked."""
FILE = "holidays.csv"
HEADERS = {"date": ("day", "日期", "时间"), "kind": ("type", "类型", "类别", "安排", "日子")}
WORDS: dict[str, tuple[str, ...]] = {
    "ordinary": ("normal", "none", "平日", "普通", "正常"),
    "holiday": ("off", "public holiday", "day off", "节假日", "假日", "放假", "休", "休息", "法定节假日", "调休放假"),
    "workday": ("work", "working", "make-up", "make up", "makeup", "上班", "补班", "调休上班", "工作日", "班"),
}
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
COUNTRIES: dict[str, tuple[str, ...]] = {
    "CN": ("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Harbin", "Asia/Kashgar", "PRC"),
    "HK": ("Asia/Hong_Kong",),
    "MO": ("Asia/Macau",),
    "TW": ("Asia/Taipei",),
    "US": (
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Detroit",
        "America/Phoenix",
        "US/Eastern",
        "US/Central",
    ),
}
"""Whose holidays the clock of a station keeps; elsewhere only ``holidays.csv`` knows any."""


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays of a station.

    Parameters
    ----------
    country
        ISO code whose public holidays count; empty for none.
    own
        Days that the station states itself; they go before the others.
    findings
        What was odd about its file.
    """

    country: str = ""
    own: Mapping[date, Kind] | None = None
    findings: tuple[Finding, ...] = ()

    def kinds(self, first: date, days: int) -> NDArray[np.int8]:
        """Return the kind of each of so many days, (days,): `ORDINARY`, `HOLIDAY` or `WORKDAY`.

        >>> Holidays("CN").kinds(date(2025, 9, 27), 5).tolist()
        [0, 2, 0, 0, 1]
        """
        dates = [first + timedelta(days=number) for number in range(days)]
        own = self.own or {}
        return np.array([KINDS.index(own.get(day) or self._public(day)) for day in dates], dtype=np.int8)

    def announced(self, year: int) -> bool:
        """Return whether the working weekends of a year are known, which China announces in the autumn before."""
        known = self.country != "CN" or any(day.year == year for day in _public("CN", year)[1])
        return known or any(day.year == year and kind == "workday" for day, kind in (self.own or {}).items())

    def _public(self, day: date) -> Kind:
        if not self.country:
            return "ordinary"
        off, worked = _public(self.country, day.year)
        return "workday" if day in worked else "holiday" if day in off else "ordinary"


def country_of(time_zone: str) -> str:
    """Return whose public holidays a clock keeps, empty where that is not known.

    >>> country_of("Asia/Shanghai"), country_of("Europe/Paris")
    ('CN', '')
    """
    return next((country for country, zones in COUNTRIES.items() if time_zone in zones), "")


@cache
def _public(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return days off and worked weekend days of a year."""
    import holidays

    found = holidays.country_holidays(country, years=year)
    worked = frozenset(day for day in found.weekend_workdays if day.year == year)
    return frozenset(day for day in found if day.year == year), worked


def like_weekday(first: date, kinds: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the weekday (Monday 0) whose hours each day resembles: a holiday a Sunday, a worked weekend day a day of the week.

    A Saturday that is worked has the night of a Friday, a Sunday that is worked that of a Thursday: work follows.

    >>> like_weekday(date(2025, 9, 27), np.array([0, 2, 0, 0, 1], dtype=np.int8)).tolist()
    [5, 3, 0, 1, 6]
    """
    weekday = (first.weekday() + np.arange(len(kinds))) % 7
    worked = np.where(weekday == SATURDAY, FRIDAY, np.where(weekday == SUNDAY, FRIDAY - 1, weekday))
    return np.where(kinds == HOLIDAY, SUNDAY, np.where(kinds == WORKDAY, worked, weekday))


def read_holidays(folder: Path, time_zone: str) -> Holidays:
    """Return the holidays of a station folder: those of its country, and what its ``holidays.csv`` says (columns date, kind).

    Raises
    ------
    QinwuError
        With every row that cannot be read, where there is one.
    """
    country, path = country_of(time_zone), folder / FILE
    if not path.is_file():
        return Holidays(country, {})
    rows, findings = read_sheet(path, HEADERS, ("date", "kind"))
    if any(one.severity == "error" for one in findings):
        raise QinwuError(findings)
    own: dict[date, Kind] = {}
    wrong: list[Finding] = []
    seen: set[date] = set()
    for row in rows:
        day, kind = parse_date(row["date"]), word(row["kind"], WORDS)
        wrong += _wrong(row, day, kind, seen)
        if day is not None:
            seen.add(day)
            own.update((day, each) for each in KINDS if each == kind)
    if wrong:
        raise QinwuError([*findings, *wrong])
    return Holidays(country, own, tuple(findings))


def _wrong(row: Row, day: date | None, kind: str, seen: Iterable[date]) -> list[Finding]:
    found = []
    if day is None:
        message, remedy = N_("{value} is no date."), N_("Write dates as 2026-10-01.")
        found.append(Finding("bad-date", "error", message, remedy, Place(FILE, row.number, "date"), {"value": row["date"]}))
    elif day in seen:
        message, remedy = N_("{value} stands in two rows."), N_("Keep one of them.")
        found.append(Finding("duplicate-day", "error", message, remedy, Place(FILE, row.number, "date"), {"value": day}))
    if not kind:
        message, remedy = N_("{value} is no kind of day."), N_("Write holiday, workday or ordinary.")
        found.append(Finding("bad-kind", "error", message, remedy, Place(FILE, row.number, "kind"), {"value": row["kind"] or '""'}))
    return found
