"""Accounts of hours: the officers' room at work on the board's own log; worked out again only when the log could have changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import Q

from qinwu.board.beside import Desk
from qinwu.board.clock import now
from qinwu.board.duty_log import whole
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import TrailEntry
from qinwu.duty.staffing import staff
from qinwu.judge.officers.accounting import OfficersAccount, account_officers
from qinwu.judge.officers.days import kinds_of_days
from qinwu.judge.officers.diversion import Taken, taken_elsewhere
from qinwu.judge.officers.groups import groups_of
from qinwu.judge.officers.hours import counted_once, pieces_of
from qinwu.judge.officers.log import Entry, days_of, first_of, month_after
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


def account(force: InForce, at: datetime) -> OfficersAccount:
    """Return the account of the last three months: hours worked, time off owed (M28), hours taken elsewhere (M68).

    Raises
    ------
    QinwuError
        A file of the folder that it rests on cannot be read.
    """
    system, zone = force.loaded.system, ZoneInfo(force.station.config.time_zone)
    log = whole(force, at)
    months = months_of(log, force.station, zone, Asked(now=at))
    _months, sources = read_sources(force.station, system, Asked(since=months[0], until=days_of(months[-1])[-1], now=at))
    return account_officers(force.station, system, months, replace(sources, log=log))


DESK: Desk[OfficersAccount] = Desk(lambda: account(in_force(), now()), _mark)
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
