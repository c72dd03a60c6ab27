"""Recurring work of a board: every so many days on one beat or on all, held against the hours there are (M12).

The same demands, hours and rows as for a card's tasks; here the work itself is judged, not a target that asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

from qinwu.judge.targets.available import OfficerMonth
from qinwu.judge.targets.card import Limits, Task
from qinwu.judge.targets.demand import Demand, Due, on_beats, per_month, wanted
from qinwu.judge.targets.feasible import Row, rows_of
from qinwu.judge.targets.periods import Period
from qinwu.judge.targets.standing import Standing
from qinwu.station.config import Text

WEEK_DAYS = 7.0
PLANNABLE = Limits().plannable
"""The part of the free hours that recurring work may take where no card says another."""


@dataclass(frozen=True, slots=True)
class Recurring:
    """Work that falls due again and again.

    Parameters
    ----------
    id
        Unique among the work judged together; lower-case letters, digits, ``-``.
    beat
        Whose it is; empty for every geographic beat.
    every_days
        Days from one time to the next, >= 1.
    minutes
        Minutes each time, of each officer, > 0.
    people
        How many officers together, >= 1: the beat's own, the others anybody of the station.
    """

    id: str
    beat: str
    every_days: int
    minutes: int
    people: int = 1

    def task(self) -> Task:
        """Return it as a card would write it."""
        name = Text(zh=self.id)
        times = WEEK_DAYS / self.every_days
        return Task(
            id=self.id, name=name, applies="beat", times=times, every="week", minutes=self.minutes, crew=self.people, source=name
        )


@dataclass(frozen=True)
class Judged:
    """Whether one piece of recurring work fits beside the others.

    Parameters
    ----------
    work
        Which.
    binding
        The rows that are broken and take hours for it, the tightest first.
    scale
        The largest part of its hours that fits, 0 to infinity: 0.5 is half as often, or half as long.
    """

    work: Recurring
    binding: tuple[Row, ...]
    scale: float

    @property
    def feasible(self) -> bool:
        """Whether everything it takes part in fits."""
        return not self.binding

    @property
    def fewest_days(self) -> int | None:
        """The least number of days between two times that fits; None where no frequency does."""
        return max(1, ceil(self.work.every_days / self.scale - 1e-9)) if 0.0 < self.scale < inf else None

    @property
    def most_minutes(self) -> int:
        """The most whole minutes each time that fit; 0 where none do."""
        return floor(self.work.minutes * min(self.scale, 1.0) + 1e-9)


def recurring_demands(standing: Standing, works: Sequence[Recurring], months: Sequence[Period]) -> tuple[Demand, ...]:
    """Return the hours that recurring work wants of officers, month by month."""
    found: list[Demand] = []
    for work in works:
        task = work.task()
        for month in months:
            often = task.times * per_month(task.every, month)
            for beat, officer, count, minutes in on_beats(standing, task):
                if work.beat in ("", beat):
                    due = Due(task.id, beat, officer, month.name, often * count, minutes / 60.0)
                    found += wanted(standing, task, due, due.times * due.hours)
    return tuple(found)


def required_and_available(
    standing: Standing,
    works: Sequence[Recurring],
    hours: Mapping[tuple[str, str], OfficerMonth],
    months: Sequence[Period],
    plannable: float = PLANNABLE,
) -> tuple[Row, ...]:
    """Return every inequality that has to hold for all this work to be done: required hours against those there are.

    Parameters
    ----------
    standing
        Who is accountable for which beat.
    works
        All recurring work.
    hours
        What each officer has in each month, of :func:`~qinwu.judge.targets.available.officer_months`.
    months
        Which months.
    plannable
        The part of the free hours that may be planned, 0 to 1.
    """
    return rows_of(recurring_demands(standing, works, months), hours, plannable)


def judge_recurring(
    standing: Standing,
    work: Recurring,
    others: Sequence[Recurring],
    hours: Mapping[tuple[str, str], OfficerMonth],
    months: Sequence[Period],
    plannable: float = PLANNABLE,
) -> Judged:
    """Return whether `work` fits beside `others`: every row it takes hours of must hold.

    Parameters
    ----------
    standing, hours, months, plannable
        As for :func:`required_and_available`.
    work
        What is to be judged.
    others
        What is there already, without `work`.
    """
    mine = recurring_demands(standing, [work], months)
    broken: list[tuple[float, Row]] = []
    scale = inf
    for row in rows_of([*recurring_demands(standing, others, months), *mine], hours, plannable):
        own = sum(one.hours for one in mine if one.month == row.month and _inside(one, row))
        if own > 0.0:
            fits = max(0.0, (row.available_h - (row.fixed_h - own)) / own)
            scale = min(scale, fits)
            if row.broken({}):
                broken.append((fits, row))
    broken.sort(key=lambda pair: (pair[0], pair[1].month, sorted(pair[1].group)))
    return Judged(work, tuple(row for _, row in broken), scale)


def _inside(one: Demand, row: Row) -> bool:
    return one.group <= row.group and bool(one.group or not row.group)
