"""Due: which venues are to be inspected in a month, by when, and which are overdue already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from zlib import crc32

import numpy as np

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.plan.rounds.aims import Aims, Grade
from qinwu.plan.rounds.month import Month
from qinwu.station.sheet import parse_date, read_sheet, word
from qinwu.station.venues import Venue

HEADERS: dict[str, tuple[str, ...]] = {
    "venue_id": ("id", "venue", "编号", "场所编号", "单位编号"),
    "last_inspected": ("last", "inspected", "date", "上次检查", "上次检查日期", "最近检查日期", "检查日期", "日期"),
    "done": ("completed", "完成", "是否完成"),
}
VISIT_HEADERS: dict[str, tuple[str, ...]] = {
    "date": ("day", "日期", "走访日期", "时间"),
    "atom": ("place", "网格", "单元", "单元编号", "网格编号"),
}
NOT_DONE = {"no": ("否", "未完成", "未", "false", "0", "n")}
"""What a book of inspections says of one that was planned and not made: it counts for nobody's last."""
NOT_BEFORE = 0.5
"""A visit may be made before it is due by at most this share of its interval, so that visits stay apart."""


@dataclass(frozen=True, slots=True)
class DueVisit:
    """An inspection that a month must have.

    Parameters
    ----------
    id
        Venue and number in the month: ``V012#1``.
    venue
        Where.
    earliest, due, latest
        Days of the month, 0 for the first: not before, due by, and too late because the next visit is near. A `due` below 0 is
        overdue when the month begins.
    last
        When the venue was inspected before; None where no record says so.
    drawn
        Whether only the lot chose it.
    """

    id: str
    venue: Venue
    earliest: int
    due: int
    latest: int
    last: date | None
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Overdue:
    """A venue whose inspection was due before the month began, and by how many days."""

    venue: Venue
    last: date
    due: date
    days: int


def read_last(path: Path, venues: Sequence[Venue]) -> tuple[dict[str, date], tuple[Finding, ...]]:
    """Return the last inspection of each venue named in a sheet (``venue_id, last_inspected``), the latest where there are several.

    A row whose ``done`` says no is of an inspection that was not made.

    Parameters
    ----------
    path
        CSV or Excel.
    venues
        Those of the station; a row about another is an error.

    Raises
    ------
    QinwuError
        Where the file cannot be read at all.
    """
    rows, findings = read_sheet(path, HEADERS, ("venue_id", "last_inspected"))
    known = {venue.id for venue in venues}
    last: dict[str, date] = {}
    for row in rows if not findings else ():
        venue, day = row["venue_id"], parse_date(row["last_inspected"])
        if venue not in known:
            message, near = N_("There is no venue {value}."), did_you_mean(venue, known)
            remedy = N_("Did you mean {guess}?") if near else N_("Use an id of the venues file.")
            place = Place(path.name, row.number, "venue_id")
            findings.append(Finding("unknown-venue", "error", message, remedy, place, {"value": venue, "guess": near}))
        elif day is None and row["last_inspected"]:
            message, remedy = N_("{value} is not a date."), N_("Write it as 2025-01-31.")
            place = Place(path.name, row.number, "last_inspected")
            findings.append(Finding("wrong-date", "error", message, remedy, place, {"value": row["last_inspected"]}))
        elif day is not None and word(row["done"], NOT_DONE) != "no":
            last[venue] = max(day, last.get(venue, day))
    return last, tuple(findings)


def read_visits(path: Path, atoms: Collection[str]) -> tuple[tuple[tuple[date, str], ...], tuple[Finding, ...]]:
    """Return day and atom of every beat visit in a sheet (``date, atom``); rows with another place or no day are left out and told.

    Raises
    ------
    QinwuError
        Where the file cannot be read at all.
    """
    rows, findings = read_sheet(path, VISIT_HEADERS, ("date", "atom"))
    made: list[tuple[date, str]] = []
    for row in rows if not findings else ():
        day = parse_date(row["date"])
        if row["atom"] not in atoms:
            message, remedy = N_("There is no place {value}."), N_("Use an id of the atoms file.")
            place = Place(path.name, row.number, "atom")
            findings.append(Finding("unknown-atom", "warning", message, remedy, place, {"value": row["atom"]}))
        elif day is None:
            message, remedy = N_("{value} is not a date."), N_("Write it as 2025-01-31.")
            findings.append(
                Finding("wrong-date", "warning", message, remedy, Place(path.name, row.number, "date"), {"value": row["date"]})
            )
        else:
            made.append((day, row["atom"]))
    return tuple(made), tuple(findings)


def own_generator(seed: int, *names: str) -> np.random.Generator:
    """Return random numbers that depend on the seed and the names alone: one more venue changes no other's lot."""
    return np.random.default_rng(np.random.SeedSequence([seed, *(crc32(name.encode()) for name in names)]))


def due_visits(
    venues: Sequence[Venue], aims: Aims, month: Month, last: Mapping[str, date], seed: int
) -> tuple[tuple[DueVisit, ...], tuple[Overdue, ...]]:
    """Return the inspections due in a month and what is overdue when it begins.

    A venue is due one interval after it was last inspected, and again each interval after that. Without a record it is due on a day
    drawn within one interval from the beginning of the month, so that not all fall due at once.

    Parameters
    ----------
    venues
        All venues.
    aims
        Intervals by grade.
    month
        The days planned.
    last
        When venues were last inspected.
    seed
        Of the draw.
    """
    grades = {grade.id: grade for grade in aims.grade}
    visits: list[DueVisit] = []
    overdue: list[Overdue] = []
    for venue in venues:
        interval = grades[venue.grade].interval_days
        first = _first_due(venue, interval, month, last, seed)
        if first < 0:
            days = -first
            overdue.append(Overdue(venue, last[venue.id], month.first - timedelta(days=days), days))
        visits += _in_month(venue, interval, first, month, last.get(venue.id))
    return tuple(visits), tuple(sorted(overdue, key=lambda one: (-one.days, one.venue.id)))


def _first_due(venue: Venue, interval: float, month: Month, last: Mapping[str, date], seed: int) -> int:
    """Return the day of the month, which may lie before or after it, on which a venue is due next."""
    seen = last.get(venue.id)
    if seen is not None:
        return (seen - month.first).days + int(interval)
    return int(own_generator(seed, month.first.isoformat(), venue.id, "due").uniform(0.0, interval))


def _in_month(venue: Venue, interval: float, first: int, month: Month, last: date | None) -> list[DueVisit]:
    due = [first, *range(max(first, 0) + int(interval), month.days, int(interval))]
    days = [day for day in due if day < month.days]
    if not days:
        return []
    earliest = [max(0, ceil(day - NOT_BEFORE * interval)) for day in days]
    latest = [max(after - 1, day, 0) for after, day in zip(earliest[1:], days[:-1], strict=True)] + [month.days - 1]
    return [
        DueVisit(f"{venue.id}#{number}", venue, first, day, final, last)
        for number, (first, day, final) in enumerate(zip(earliest, days, latest, strict=True), start=1)
    ]


def drawn_visits(
    venues: Sequence[Venue], grades: Sequence[Grade], due: Sequence[DueVisit], month: Month, last: Mapping[str, date], seed: int
) -> tuple[DueVisit, ...]:
    """Return inspections of venues that are not due, drawn by lot within each grade 随机抽查; any day of the month will do.

    Of n venues of a grade that are not due, the share asked for is drawn, rounded up or down by lot so that it is right on average.
    Venues inspected within a tenth of their interval are not drawn.

    Parameters
    ----------
    venues, grades
        All venues, and the share drawn of each grade.
    due
        Visits due anyway.
    month, last, seed
        As in :func:`due_visits`.
    """
    have = {visit.venue.id for visit in due}
    found: list[DueVisit] = []
    last_day = month.days - 1
    for grade in grades:
        fresh = timedelta(days=0.1 * grade.interval_days)
        pool = [one for one in venues if one.grade == grade.id and one.id not in have]
        pool = [one for one in pool if one.id not in last or month.first - last[one.id] > fresh]
        lots = sorted((float(own_generator(seed, month.first.isoformat(), one.id, "lot").random()), one.id, one) for one in pool)
        wanted = grade.drawn_share * len(pool)
        count = int(wanted) + int(own_generator(seed, month.first.isoformat(), grade.id).random() < wanted % 1.0)
        found += [DueVisit(f"{one.id}#lot", one, 0, last_day, last_day, last.get(one.id), drawn=True) for _, _, one in lots[:count]]
    return tuple(found)
