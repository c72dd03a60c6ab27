"""Sample log: a synthetic log of duty for a synthetic station, made from its roster pattern with the life that rosters do not hold.

Duties run over, nights have hours of standby, somebody is on leave, a campaign takes evenings, an officer is seconded and nobody
wrote until when. Nothing in it is about anybody; the same seed gives the same log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from qinwu.duty.reading import read_system
from qinwu.duty.staffing import staff
from qinwu.judge.officers.log import Entry, Kind, days_of, midnight
from qinwu.judge.officers.log_file import FILE
from qinwu.judge.officers.log_writing import log_text
from qinwu.judge.officers.planned import pattern_duties
from qinwu.station.folder import read_config
from qinwu.station.officers import read_force

MONTHS = (date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1))
"""The last three months of the synthetic stations' year."""
LONG_H = 16.0
OVERTIME, LEAVE, COMP = 0.15, 0.25, 0.08
"""Shares of duties that run over, of officers on leave, of duties given back as time off."""
HOUR = timedelta(hours=1)
REST = 11 * HOUR
"""So long before and after a duty nobody is called to training or an operation; to meetings they are."""
DAY = timedelta(days=1)


@dataclass
class _Draft:
    """The log of one officer while it is made; nothing is put where something is already."""

    officer: str
    zone: ZoneInfo
    rows: list[Entry] = field(default_factory=list)

    def free(self, start: datetime, end: datetime, rest: timedelta = HOUR) -> bool:
        return all(end + rest <= one.start or one.end + rest <= start for one in self.rows)

    def put(self, kind: Kind, start: datetime, hours: float, by: str = "", why: str = "", rest: timedelta = HOUR) -> bool:
        end = start + hours * HOUR
        fits = self.free(start, end, rest)
        if fits:
            self.rows.append(Entry(self.officer, kind, start, end, 0, by, why))
        return fits


def sample_log(planned: Sequence[Entry], months: Sequence[date], zone: ZoneInfo, seed: int = 1) -> tuple[Entry, ...]:
    """Return a log of duty that a month's roster might have become.

    Parameters
    ----------
    planned
        Duties as planned.
    months
        First days of the months.
    zone
        Of the station.
    seed
        Of all that chance decides.
    """
    rng = np.random.default_rng(seed)
    days = [day for month in months for day in days_of(month)]
    first, last = midnight(days[0], zone), midnight(days[-1] + DAY, zone)
    officers = sorted({entry.officer for entry in planned})
    drafts = []
    for number, officer in enumerate(officers):
        draft = _Draft(officer, zone)
        _absences(draft, number, days, rng)
        duties = [one for one in planned if one.officer == officer and first <= one.start < last]
        _duties(draft, duties, rng)
        _other_work(draft, number, months, rng)
        drafts.append(draft)
    rows = (one for draft in drafts for one in draft.rows if one.start < last)
    return tuple(sorted(rows, key=lambda one: (one.start, one.officer)))


def _absences(draft: _Draft, number: int, days: Sequence[date], rng: np.random.Generator) -> None:
    """Put leave for some, one secondment with an end and one without."""
    if number == 3:
        draft.put("secondment", midnight(days[25], draft.zone), 10 * 24.0, "县公安局", "专项行动抽调")
    elif number == 7:
        start, end = midnight(days[-20], draft.zone), midnight(days[-1] + DAY, draft.zone)
        draft.rows.append(Entry(draft.officer, "secondment", start, end, 0, "", "跟班办案", open=True))
    elif rng.random() < LEAVE:
        begin = int(rng.integers(0, len(days) - 7))
        draft.put("leave", midnight(days[begin], draft.zone), 5 * 24.0, why="年休假")


def _duties(draft: _Draft, duties: Sequence[Entry], rng: np.random.Generator) -> None:
    """Put duties as planned, long ones with standby at night; some run over, some are given back."""
    for duty in duties:
        if rng.random() < COMP:
            day = duty.start.astimezone(draft.zone).date()
            draft.put("comp", midnight(day, draft.zone), 24.0, why="补休", rest=0 * HOUR)
            continue
        if not draft.free(duty.start, duty.end, 0 * HOUR):
            continue
        if duty.hours > LONG_H:
            night, morning = duty.start + 14 * HOUR, duty.end - 2 * HOUR
            parts: list[tuple[Kind, datetime, datetime]] = [
                ("duty", duty.start, night),
                ("standby", night, morning),
                ("duty", morning, duty.end),
            ]
        else:
            parts = [("duty", duty.start, duty.end)]
        draft.rows += [Entry(duty.officer, kind, start, end) for kind, start, end in parts]
        if rng.random() < OVERTIME:
            draft.put("overtime", duty.end, 0.5 * float(rng.integers(1, 9)), "值班领导", "案件交接", 0 * HOUR)


def _other_work(draft: _Draft, number: int, months: Sequence[date], rng: np.random.Generator) -> None:
    """Put meetings, a morning of training, evenings of a campaign, and work off the specialty for a few."""
    for month in months:
        days = days_of(month)
        for day in days:
            if day.weekday() == 0:
                draft.put("meeting", midnight(day, draft.zone, 14), 1.5, "所里", "周例会")
        draft.put("training", midnight(days[int(rng.integers(8, 20))], draft.zone, 9), 3.0, "县公安局", "实战训练", REST)
        for _ in range(2 if number % 3 == 0 else 0):
            draft.put("campaign", midnight(days[int(rng.integers(0, 28))], draft.zone, 19), 4.0, "县公安局", "夜间统一行动", REST)
        if number % 5 == 0:
            draft.put("off_specialty", midnight(days[int(rng.integers(0, 28))], draft.zone, 9), 4.0, "所长", "设卡安检", REST)


def write_sample_log(folder: Path, seed: int = 1) -> Path:
    """Write a synthetic log of duty into the folder of a synthetic station, and return its path.

    Raises
    ------
    QinwuError
        The folder holds no readable station or duty system.
    """
    config = read_config(folder)
    force, _ = read_force(folder / config.files.officers)
    system = read_system(config.current, folder).system
    zone = ZoneInfo(config.time_zone)
    planned = pattern_duties(system, staff(force, system, MONTHS[0]), MONTHS, zone)
    path = folder / FILE
    path.write_text(log_text(sample_log(planned.entries, MONTHS, zone, seed), zone), encoding="utf-8-sig", newline="\n")
    return path
