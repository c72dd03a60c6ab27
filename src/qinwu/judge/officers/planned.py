"""Planned hours: the roster that ``qinwu plan roster`` wrote, or, without one, the pattern of the duty system over the month."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from qinwu.duty.calendar import CYCLE_START, DAY_S, Roster, make_calendar, seconds_of
from qinwu.duty.crews import form_crews
from qinwu.duty.staffing import Staffing
from qinwu.duty.system import Clock, DutySystem, Watch
from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.officers.log import Entry, days_of, midnight
from qinwu.language import N_
from qinwu.station.text_file import read_text
from qinwu.station.toml_file import validate


class _Written(BaseModel):
    """Part of a roster file; what it holds besides is not needed here."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Duty(_Written):
    date: date
    officer: str
    watch: str
    counts: float = 1.0
    """Share of its hours that limits count: less than one is a leader on call."""


class _Watch(_Written):
    id: str
    start: Clock
    hours: Annotated[float, Field(gt=0, le=24)]


class Wish(_Written):
    """A wish of an officer for a day, and whether the roster grants it."""

    officer: str
    date: date
    what: str
    granted: bool


class _RosterFile(_Written):
    first: date
    days: Annotated[int, Field(ge=1, le=366)]
    duties: tuple[_Duty, ...]
    watches: tuple[_Watch, ...] = ()
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned: duties as entries of kind ``duty``, wishes, how it is named, and whether it is the pattern only."""

    entries: tuple[Entry, ...] = ()
    wishes: tuple[Wish, ...] = ()
    source: str = ""
    pattern: bool = False
    findings: tuple[Finding, ...] = ()


def read_roster(path: Path, system: DutySystem, zone: ZoneInfo) -> Planned:
    """Return the duties and wishes of a roster that ``qinwu plan roster --json`` wrote.

    Parameters
    ----------
    path
        The JSON file.
    system
        The duty system in force, for watches that an older file does not describe.
    zone
        Of the station.

    Raises
    ------
    QinwuError
        It is no such file, or names watches that nobody describes.
    """
    try:
        data = json.loads(read_text(path))
    except json.JSONDecodeError:
        data = None
    if not isinstance(data, dict) or data.get("plan") != "roster":
        message = N_("This is no roster of qinwu plan roster.")
        remedy = N_("Write one with qinwu plan roster STATION --json FILE.")
        raise QinwuError([Finding("no-roster-file", "error", message, remedy, Place(path.name))])
    file = validate(data, _RosterFile, path.name)
    watches: dict[str, Watch | _Watch] = {one.id: one for one in system.watch} | {one.id: one for one in file.watches}
    unknown = sorted({duty.watch for duty in file.duties} - set(watches))
    if unknown:
        message, remedy = N_("Nobody says when watch {watch} begins."), N_("Write the roster again with this version of Qinwu.")
        raise QinwuError(
            [Finding("unknown-watch", "error", message, remedy, Place(path.name), {"watch": name}) for name in unknown]
        )
    entries = tuple(_duty(one, watches[one.watch], zone) for one in file.duties)
    return Planned(_sorted(entries), file.wishes, path.name)


def _duty(duty: _Duty, watch: Watch | _Watch, zone: ZoneInfo) -> Entry:
    # The clock says when a duty begins; hours on duty are hours that pass, also on the night on which clocks are changed.
    clock = datetime.combine(duty.date, datetime.min.time(), zone) + timedelta(seconds=seconds_of(watch.start))
    start = clock.astimezone(UTC)
    return Entry(duty.officer, "duty" if duty.counts >= 1.0 else "standby", start, start + timedelta(hours=watch.hours))


def pattern_duties(system: DutySystem, staffing: Staffing, months: Sequence[date], zone: ZoneInfo) -> Planned:
    """Return the duties that the crews of a duty system have by its pattern in some months, first days of each.

    The cycle begins on Monday, 1 January 2024, as for rounds. Crews that are always on duty have no hours that a ledger could keep.
    """
    crews, _ = form_crews(system, staffing, ())
    calendar, _ = make_calendar(system, crews)
    entries = [
        Entry(officer.id, "duty", start, end)
        for number, crew in enumerate(crews)
        for start, end in dict.fromkeys(_windows(calendar.roster(number), calendar.cycle_s, months, zone))
        for officer in crew.officers
    ]
    return Planned(_sorted(entries), (), system.id, pattern=True)


def _windows(roster: Roster, cycle_s: float, months: Sequence[date], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield the windows of a roster that touch some months; one that touches two comes twice."""
    if not len(roster) or not isfinite(float(roster[:, 1].max())):
        return
    for month in months:
        days = days_of(month)
        since, until = ((day - CYCLE_START).days * DAY_S for day in (days[0], days[-1] + timedelta(days=1)))
        for cycle in range(int(since // cycle_s) - 1, int(until // cycle_s) + 1):
            for begin, end in roster + cycle * cycle_s:
                if begin < until and end > since:
                    yield _moment(float(begin), zone), _moment(float(end), zone)


def _moment(seconds: float, zone: ZoneInfo) -> datetime:
    """Return seconds of the clock since the cycle began as a moment."""
    day, within = np.divmod(seconds, DAY_S)
    return midnight(CYCLE_START + timedelta(days=int(day)), zone) + timedelta(seconds=float(within))


def _sorted(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: (one.officer, one.start)))
