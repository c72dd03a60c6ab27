"""Accounts of hours: the officers' room at work on the board's own log; worked out again only when the log could have changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import Q

from qinwu.board.beside import Desk
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import TrailEntry
from qinwu.board.roster.duty_log import began, whole
from qinwu.duty.staffing import staff
from qinwu.judge.officers.accounting import OfficersAccount, account_officers
from qinwu.judge.officers.days import kinds_of_days
from qinwu.judge.officers.diversion import Taken, Week, taken_elsewhere
from qinwu.judge.officers.groups import groups_of
from qinwu.judge.officers.hours import counted_once, pieces_of
from qinwu.judge.officers.log import DutyLog, Entry, days_of, first_of, local_day, month_after
from qinwu.judge.officers.sources import Asked, months_of, read_sources
from qinwu.judge.officers.terms import read_terms
from qinwu.station.holidays import read_holidays

ABOUT_DUTY = ("absence", "swap", "campaign", "secondment", "system")
"""First words of actions that change who was on duty for what."""


def _mark() -> tuple[int, str]:
    """Return what differs whenever an account could: the last entry about duty, and the hour, for calls that outlast duties."""
    about = Q()
    for word in ABOUT_DUTY:
        about |= Q(action__startswith=f"{word}.")
    last = TrailEntry.objects.filter(about).order_by("-number").values_list("number", flat=True).first()
    return last or 0, f"{now():%Y-%m-%d %H}"


@dataclass(frozen=True)
class Counted:
    """An account of hours, and the days for which a log is kept: those of the folder's rows, and those of the board."""

    account: OfficersAccount
    kept: tuple[tuple[date, date], ...]

    def days(self, first: date, last: date) -> int:
        """Return on how many days from one to another (both included) a log is kept."""
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(any(since <= day <= until for since, until in self.kept) for day in every)

    def weeks(self, today: date) -> tuple[Week, ...]:
        """Return the weeks for all days of which, until today, a log is kept: of others no share can be told."""
        whole_weeks = []
        for week in self.account.taken.weeks:
            last = min(week.monday + timedelta(days=6), today)
            if self.days(week.monday, last) == (last - week.monday).days + 1:
                whole_weeks.append(week)
        return tuple(whole_weeks)


def counted(force: InForce, at: datetime) -> Counted:
    """Return the account of the last three months: hours worked, time off owed (M28), hours taken elsewhere (M68).

    Raises
    ------
    QinwuError
        A file of the folder that it rests on cannot be read.
    """
    system, zone = force.loaded.system, force.zone
    log = whole(force, at)
    months = months_of(log, force.station, zone, Asked(now=at))
    _months, sources = read_sources(force.station, system, Asked(since=months[0], until=days_of(months[-1])[-1], now=at))
    return Counted(account_officers(force.station, system, months, replace(sources, log=log)), tuple(_kept(log, at, zone)))


def _kept(log: DutyLog, at: datetime, zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    """Yield from which day to which a log is kept: of the folder as far as its duties reach, of the board since its first entry."""
    written = [one for one in log.entries if one.row and one.kind == "duty"]
    if written:
        yield local_day(min(one.start for one in written), zone), local_day(max(one.end for one in written), zone)
    if (first := began()) is not None:
        yield local_day(first, zone), local_day(at, zone)


DESK: Desk[Counted] = Desk(lambda: counted(in_force(), now()), _mark)
"""Where pages find the account of hours."""


def taken(force: InForce, entries: list[Entry], since: date, until: date) -> Taken:
    """Return hours taken elsewhere among some entries, of the days from `since` to `until` (both included) only."""
    system, station = force.loaded.system, force.station
    zone = ZoneInfo(station.config.time_zone)
    months = [first_of(since)]
    while month_after(months[-1]) <= until:
        months.append(month_after(months[-1]))
    kinds = kinds_of_days(months, read_holidays(Path(station.folder), station.config.time_zone))
    days = {day: kind for day, kind in kinds.items() if since <= day <= until}
    staffing = staff(station.force, system, since)
    pieces, _odd = pieces_of(counted_once(entries, "")[0], zone, days, read_terms().norm.day_h)
    return taken_elsewhere(pieces, system, staffing, groups_of(system, staffing, station.force))
