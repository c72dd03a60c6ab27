"""Hours of the log: overlaps counted once, rows cut at midnight, and stretches of work without a break."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from qinwu.duty.roster_rules.rules import DEEP_NIGHT, NIGHT_H
from qinwu.findings import Finding, Place
from qinwu.judge.officers.log import AWAY, Entry, Kind, local_day, midnight
from qinwu.judge.officers.terms import DayKind, Terms
from qinwu.language import N_

JOIN = timedelta(minutes=30)
"""Two rows with less between them are one stretch of work: nobody rests in half an hour."""
LONG_STRETCH_H = 36.0
"""Beyond this a stretch is told whatever the rules of the station say."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a row that falls on one day.

    Parameters
    ----------
    entry
        The row.
    day
        The day, at the station.
    hours
        Hours on that day; for whole days the hours that the terms count for one.
    night_h
        Of them between midnight and six.
    share
        Share of the day that leave takes, 0 to 1; 0 for work.
    """

    entry: Entry
    day: date
    hours: float
    night_h: float = 0.0
    share: float = 0.0

    @property
    def kind(self) -> Kind:
        """What it was for."""
        return self.entry.kind


@dataclass(frozen=True, slots=True)
class Stretch:
    """Work without a break: the day on which it starts, its ends in UTC, and the rows it is made of."""

    officer: str
    day: date
    start: datetime
    end: datetime
    night_h: float
    rows: tuple[int, ...]

    @property
    def hours(self) -> float:
        """Hours from start to end."""
        return (self.end - self.start).total_seconds() / 3600.0

    @property
    def night(self) -> bool:
        """Whether it is a night: at least three hours of it lie between midnight and six, as rosters count."""
        return self.night_h >= NIGHT_H


def counted_once(entries: Sequence[Entry], file: str) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """Return entries without the time that two rows of one officer both claim, and a warning for each such row.

    Of work by the clock the row that begins first keeps the time. Days of leave, training and secondment are no hours of the
    clock; what was worked on them is taken off in :func:`pieces_of`.
    """
    kept: list[Entry] = [one for one in entries if one.whole_days]
    findings: list[Finding] = []
    by_clock = sorted((one for one in entries if not one.whole_days), key=lambda one: (one.officer, one.start, one.row))
    for _, rows in groupby(by_clock, key=lambda one: one.officer):
        before: Entry | None = None
        for entry in rows:
            start = entry.start if before is None else max(entry.start, before.end)
            if start > entry.start and before is not None:
                findings.append(_overlap(entry, before, file))
            if start < entry.end:
                kept.append(entry.between(start, entry.end))
            if before is None or entry.end > before.end:
                before = entry
    return tuple(sorted(kept, key=lambda one: (one.officer, one.start, one.row))), tuple(findings)


def _overlap(entry: Entry, before: Entry, file: str) -> Finding:
    twice = (min(entry.end, before.end) - entry.start).total_seconds() / 3600.0
    message = N_("{officer} is on duty twice: {hours} h of this row are in row {other} too; they count once.")
    values = {"officer": entry.officer, "hours": f"{twice:.3g}", "other": before.row}
    return Finding("rows-overlap", "warning", message, N_("Correct one of the two."), Place(file, entry.row), values)


def pieces_of(
    entries: Sequence[Entry], zone: ZoneInfo, days: Mapping[date, DayKind], day_h: float, file: str = ""
) -> tuple[tuple[Piece, ...], tuple[Finding, ...]]:
    """Return the parts of rows by day, those of days that are looked at, and what does not go together.

    A whole day of training or secondment counts `day_h` hours where it is a working day, less what was worked by the clock on
    duties that began that day; so does a day of time off in lieu.

    Parameters
    ----------
    entries
        Rows whose hours by the clock do not overlap.
    zone
        Of the station.
    days
        The days looked at, and their kinds.
    day_h
        Hours of a whole day, > 0.
    file
        How findings name the log.
    """
    worked: dict[tuple[str, date], float] = defaultdict(float)
    for entry in entries:
        if entry.by_the_clock:
            worked[entry.officer, local_day(entry.start, zone)] += entry.hours
    found: list[Piece] = []
    findings: list[Finding] = []
    taken: dict[tuple[str, date], int] = {}
    for entry in entries:
        if not entry.whole_days:
            found += [piece for piece in _by_clock(entry, zone, day_h) if piece.day in days]
            continue
        own = [day for day in _whole_days(entry, zone) if day in days]
        twice = [day for day in own if (entry.officer, day) in taken]
        own = [day for day in own if (entry.officer, day) not in taken]
        left = {day: max(0.0, day_h - worked[entry.officer, day]) for day in own}
        taken |= {(entry.officer, day): entry.row for day in own}
        for day in own:
            hours = left[day] if days[day] == "workday" else 0.0
            found.append(Piece(entry, day, hours, share=_away(entry, left[day] / day_h)))
        if twice:
            findings.append(_days_twice(entry, twice, taken[entry.officer, twice[0]], file))
        if spoilt := day_h * len(own) - sum(left.values()):
            findings.append(_worked_while_away(entry, spoilt, file))
    return tuple(found), tuple(findings)


def _days_twice(entry: Entry, days: Sequence[date], other: int, file: str) -> Finding:
    message = N_("{officer}: {count} days of this row, from {day} on, are in row {other} too; they count once.")
    values = {"officer": entry.officer, "count": len(days), "day": days[0].isoformat(), "other": other}
    return Finding("days-overlap", "warning", message, N_("Correct one of the two."), Place(file, entry.row), values)


def _away(entry: Entry, share: float) -> float:
    return share if entry.kind == "leave" else 0.0


def _worked_while_away(entry: Entry, hours: float, file: str) -> Finding:
    message = N_("{officer} was on duty for {hours} h on days of this row; they count as duty, not as the row says.")
    values = {"officer": entry.officer, "hours": f"{hours:.3g}"}
    return Finding("on-duty-while-away", "warning", message, "", Place(file, entry.row), values)


def _whole_days(entry: Entry, zone: ZoneInfo) -> Iterator[date]:
    """Yield the days of a row of whole days; one that ends at midnight does not touch the day after."""
    day, last = local_day(entry.start, zone), local_day(entry.end - timedelta(microseconds=1), zone)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _by_clock(entry: Entry, zone: ZoneInfo, day_h: float) -> Iterator[Piece]:
    """Yield the parts of a row by day; leave or time off by the clock is no more than a day's hours."""
    low, high = (int(hour) for hour in DEEP_NIGHT)
    for day in _whole_days(entry, zone):
        since, until = midnight(day, zone), midnight(day + timedelta(days=1), zone)
        hours = _common(entry, since, until)
        if entry.kind in AWAY:
            share = min(hours / day_h, 1.0)
            yield Piece(entry, day, share * day_h, share=_away(entry, share))
        else:
            yield Piece(entry, day, hours, _common(entry, midnight(day, zone, low), midnight(day, zone, high)))


def _common(entry: Entry, since: datetime, until: datetime) -> float:
    """Return the hours of an entry within a span."""
    return max(0.0, (min(entry.end, until) - max(entry.start, since)).total_seconds() / 3600.0)


def stretches_of(entries: Iterable[Entry], zone: ZoneInfo) -> tuple[Stretch, ...]:
    """Return the stretches of work by the clock, by officer and time: rows with no more than half an hour between them are one."""
    clock = sorted((one for one in entries if one.by_the_clock), key=lambda one: (one.officer, one.start))
    found: list[Stretch] = []
    for officer, rows in groupby(clock, key=lambda one: one.officer):
        group: list[Entry] = []
        for entry in rows:
            if group and entry.start - group[-1].end > JOIN:
                found.append(_stretch(officer, group, zone))
                group = []
            group.append(entry)
        found.append(_stretch(officer, group, zone))
    return tuple(found)


def _stretch(officer: str, rows: Sequence[Entry], zone: ZoneInfo) -> Stretch:
    night = sum(piece.night_h for entry in rows for piece in _by_clock(entry, zone, 1.0))
    return Stretch(officer, local_day(rows[0].start, zone), rows[0].start, rows[-1].end, night, tuple(one.row for one in rows))


def long_stretches(stretches: Sequence[Stretch], file: str) -> Iterator[Finding]:
    """Yield a warning for everybody who was on duty for more than a day and a half without a break."""
    for one in stretches:
        if one.hours > LONG_STRETCH_H:
            message = N_("{officer} was on duty for {hours} h without a break from {day} on.")
            remedy = N_("Look at the clocks of the row; if they are right, somebody must rest.")
            values = {"officer": one.officer, "hours": f"{one.hours:.3g}", "day": one.day.isoformat()}
            yield Finding("long-stretch", "warning", message, remedy, Place(file, one.rows[-1] or None), values)


def counted_hours(piece: Piece, terms: Terms) -> float:
    """Return the hours of a piece that count as worked."""
    return piece.hours * terms.share_of(piece.kind)
