"""Demand: the hours that recurring work and the targets that ask for it take, of whom, month by month (M12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qinwu.judge.targets.card import Indicator, Per, PeriodKind, Task
from qinwu.judge.targets.formula import condition
from qinwu.judge.targets.measuring import Ledger
from qinwu.judge.targets.periods import Period
from qinwu.judge.targets.standing import Standing

MINUTES = 60.0
THOUSAND = 1000.0
MONTHS_IN: Mapping[PeriodKind, float] = {"month": 1.0, "quarter": 3.0, "year": 12.0}
DAYS_IN: Mapping[Per, float] = {"hour": 1.0 / 24.0, "day": 1.0, "week": 7.0}
SQUAD = "squad:"


@dataclass(frozen=True, slots=True)
class Due:
    """Recurring work that falls due in one month: how many times, hours each time of each officer, and whose it is.

    ``officer`` is empty where nobody is accountable; ``beat`` where the place is in none.
    """

    task: str
    beat: str
    officer: str
    month: str
    times: float
    hours: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Hours wanted of a group in one month: those of any of its officers will do.

    Parameters
    ----------
    group
        Who may do it.
    month
        When.
    hours
        Hours wanted; of an indicator, for each unit of its value.
    indicator
        The indicator whose value multiplies the hours; empty for work that is due whatever the targets are.
    task, beat
        What it is for, and where.
    """

    group: frozenset[str]
    month: str
    hours: float
    indicator: str
    task: str
    beat: str


def demands(ledger: Ledger, months: Sequence[Period]) -> tuple[Demand, ...]:
    """Return all that is wanted of officers: each task at its own frequency, or at that of the indicator that asks for it."""
    asking = {one.asks.task: one for one in ledger.card.indicator if one.asks is not None and one.counts}
    found: list[Demand] = []
    for task in ledger.card.task:
        for month in months:
            due = list(due_in(ledger, task, month))
            indicator = asking.get(task.id)
            if indicator is None:
                found += [each for one in due for each in wanted(ledger.standing, task, one, one.times * one.hours, "")]
            else:
                found += _asked(ledger, task, indicator, due, month)
    return tuple(one for one in found if one.hours > 0.0)


def due_in(ledger: Ledger, task: Task, month: Period) -> Iterator[Due]:
    """Yield what of a task falls due in a month, for every beat and officer."""
    often = task.times * per_month(task.every, month)
    for beat, officer, count, minutes in _units(ledger, task, month):
        yield Due(task.id, beat, officer, month.name, often * count, minutes / MINUTES)


def per_month(every: PeriodKind, month: Period) -> float:
    """Return how many weeks, months, quarters or years a month has."""
    return month.days / DAYS_IN["week"] if every == "week" else 1.0 / MONTHS_IN[every]


def _units(ledger: Ledger, task: Task, month: Period) -> Iterator[tuple[str, str, float, float]]:
    """Yield beat, officer, how many there are of what the task is for, and minutes each time."""
    standing = ledger.standing
    if task.applies == "beat":
        yield from on_beats(standing, task)
    elif task.applies == "venue":
        for venue in standing.station.venues:
            if (not task.grades or venue.grade in task.grades) and (not task.kinds or venue.kind in task.kinds):
                minutes = task.minutes or venue.inspection_min
                yield standing.beat_of_atom.get(venue.atom, ""), standing.owner_of_venue(venue), 1.0, minutes
    else:
        yield from _after_calls(ledger, task, month)


def on_beats(standing: Standing, task: Task) -> Iterator[tuple[str, str, float, float]]:
    """Yield every beat with its officer, once each, and minutes each time."""
    for beat in standing.beats:
        yield beat.id, standing.officer_of_beat(beat.id), 1.0, task.minutes or 0.0


def _after_calls(ledger: Ledger, task: Task, month: Period) -> Iterator[tuple[str, str, float, float]]:
    """Yield the calls of each beat expected in a month, at the rate of the record."""
    table = ledger.table("calls")
    if table is None or table.span is None:
        return
    days = (table.span.last - table.span.first).days + 1
    counts = table.frame.filter(condition(task.where)).group_by("beat", "officer").len().sort("beat", "officer", nulls_last=True)
    for beat, officer, count in counts.iter_rows():
        yield beat or "", officer or "", task.share * count * month.days / days, task.minutes or 0.0


def wanted(standing: Standing, task: Task, due: Due, hours: float, indicator: str = "") -> Iterator[Demand]:
    """Yield the hours of who does it and, where it takes several, those of the others, who may be anybody of the station."""
    if task.who.startswith(SQUAD):
        yield Demand(_squad(standing, task), due.month, hours * task.crew, indicator, task.id, due.beat)
        return
    own = frozenset([due.officer]) if due.officer else frozenset[str]()
    yield Demand(own, due.month, hours, indicator, task.id, due.beat)
    if task.crew > 1:
        unit = standing.unit_of_beat(due.beat) if due.beat else standing.unit_of_officer(due.officer)
        yield Demand(standing.in_crews_of.get(unit, frozenset()), due.month, hours * (task.crew - 1), indicator, task.id, due.beat)


def _asked(ledger: Ledger, task: Task, indicator: Indicator, due: Sequence[Due], month: Period) -> Iterator[Demand]:
    """Yield what an indicator asks for in a month, in hours for each unit of its value."""
    asks = indicator.asks
    if asks is not None and asks.by == "share":
        for one in due:
            yield from wanted(ledger.standing, task, one, one.times * one.hours / indicator.scale, indicator.id)
        return
    for owner in ledger.owners(indicator):
        mine = [one for one in due if _owner(ledger, indicator, one) == owner]
        weight = sum(one.times for one in mine)
        if weight > 0.0:
            each = sum(one.times * one.hours for one in mine) / weight
            yield from _pooled(ledger, task, indicator, mine, each * _times(ledger, indicator, owner, month))


def _times(ledger: Ledger, indicator: Indicator, owner: str, month: Period) -> float:
    """Return how many times a month one unit of the value means, for one owner."""
    per = indicator.formula.per
    if per in DAYS_IN:
        return month.days / DAYS_IN[per]
    residents = ledger.standing.residents(indicator.level, owner) / THOUSAND if per == "thousand_residents" else 1.0
    return residents * per_month(indicator.period, month)


def _pooled(ledger: Ledger, task: Task, indicator: Indicator, mine: Sequence[Due], hours: float) -> Iterator[Demand]:
    """Yield hours that any of an owner's officers may do, and those of who goes with them."""
    group = frozenset(one.officer for one in mine if one.officer)
    beats = "、".join(dict.fromkeys(one.beat for one in mine if one.beat))
    month = mine[0].month
    if task.who.startswith(SQUAD):
        yield Demand(_squad(ledger.standing, task), month, hours * task.crew, indicator.id, task.id, beats)
        return
    yield Demand(group, month, hours, indicator.id, task.id, beats)
    if task.crew > 1:
        standing = ledger.standing
        unit = standing.unit_of_officer(min(group)) if group else standing.home
        yield Demand(standing.in_crews_of.get(unit, frozenset()), month, hours * (task.crew - 1), indicator.id, task.id, beats)


def _owner(ledger: Ledger, indicator: Indicator, due: Due) -> str:
    """Return whose indicator a piece of work counts for."""
    standing = ledger.standing
    if indicator.level == "officer":
        return due.officer
    if indicator.level == "squad":
        return standing.squad_of_officer.get(due.officer, "")
    if indicator.level == "sector":
        return standing.sector_of_beat.get(due.beat, "")
    return due.beat if indicator.level == "beat" else standing.unit_of_beat(due.beat)


def _squad(standing: Standing, task: Task) -> frozenset[str]:
    name = task.who.removeprefix(SQUAD)
    return frozenset(officer for officer, squad in standing.squad_of_officer.items() if squad == name)
