"""Training hours (M21): what the duty system sets aside, what was held, what was lost to other orders, what is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import fsum

from qinwu.duty.crews import form_crews
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.duty.who import Muster, everyone, workers
from qinwu.station.station import Station

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class TrainingHours:
    """Training of one officer in a span.

    Parameters
    ----------
    officer
        Whose.
    norm_h
        Hours that the duty system sets aside for an officer in as many weeks as have passed.
    held_h, coming_h
        Hours held, and hours approved or set aside whose time has not come.
    lost_h
        Hours given up for something else, also of those to come.
    """

    officer: str
    norm_h: float
    held_h: float
    lost_h: float
    coming_h: float

    @property
    def behind_h(self) -> float:
        """Hours that are missing to the norm, >= 0."""
        return max(0.0, self.norm_h - self.held_h)


def weekly_norms(station: Station, system: DutySystem, on: date) -> dict[str, float]:
    """Return the hours a week that a duty system sets aside for the training of each officer in a crew.

    Parameters
    ----------
    station, system
        The station, and its duty system: work of kind ``training``, fixed on weekdays or in hours a week.
    on
        The day on which beats are assigned.
    """
    staffing = staff(station.force, system, on)
    crews, _ = form_crews(system, staffing, ())
    owners = {crew.beat: crew.officers[0] for crew in crews if crew.beat}
    muster = Muster(system, crews, station.config.call_class, {**staffing.accountable, **owners})
    found = dict.fromkeys(sorted(everyone(muster)), 0.0)
    for work in system.work:
        if work.kind == "training":
            weekly = work.minutes / 60.0 * len(work.weekdays) if work.at else work.hours_per_week
            for officer in workers(muster, work.who) & found.keys():
                found[officer] += weekly
    return found


def training_hours(officer: str, planned: Iterable[Span], lost: Iterable[Span], now: datetime, norm_h: float) -> TrainingHours:
    """Return an officer's training.

    Parameters
    ----------
    officer
        Whose.
    planned
        Hours of training: set aside by the duty system, approved on the board. Where two overlap they count once.
    lost
        What took the officer away from them; a call, an order, leave.
    now
        What lies before it has come.
    norm_h
        Hours that the duty system sets aside, >= 0.

    Examples
    --------
    Two hours of training, half an hour of it spent on a call.

    >>> at = [datetime(2026, 3, 4, hour, minute) for hour, minute in ((14, 0), (16, 0), (15, 0), (15, 30))]
    >>> training_hours("P01", [(at[0], at[1])], [(at[2], at[3])], datetime(2026, 3, 5), 1.0)
    TrainingHours(officer='P01', norm_h=1.0, held_h=1.5, lost_h=0.5, coming_h=0.0)
    """
    spans, gone = joined(planned), joined(lost)
    future = [(now, max(now, *(end for _, end in spans)))] if spans else []
    taken = list(_common(spans, gone))
    total, away = (fsum(hours(span) for span in each) for each in (spans, taken))
    coming, later = (fsum(hours(span) for span in _common(each, future)) for each in (spans, taken))
    return TrainingHours(officer, norm_h, total - coming - (away - later), away, coming - later)


def hours(span: Span) -> float:
    """Return the hours of a span."""
    return (span[1] - span[0]).total_seconds() / 3600.0


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans by time, those that overlap or touch as one.

    >>> at = [datetime(2026, 3, 4, hour) for hour in range(4)]
    >>> [(one.hour, two.hour) for one, two in joined([(at[2], at[3]), (at[0], at[2])])]
    [(0, 3)]
    """
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _common(some: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """Yield what lies in both of two lists of spans that do not overlap within a list."""
    for start, end in some:
        for since, until in others:
            if max(start, since) < min(end, until):
                yield max(start, since), min(end, until)
