"""Roster 勤务分配: who has which watch on which post on which day, as one immutable value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from qinwu.duty.roster_rules.watches import is_night
from qinwu.duty.system import Watch
from qinwu.plan.roster.problem import I32, OFF, Bool

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Shift:
    """A watch on a post: what one officer may be given on one day; ``counts`` is the share of its hours that limits count."""

    watch: Watch
    post: str
    counts: float = 1.0

    @property
    def id(self) -> str:
        """Watch and post, as messages name it."""
        return f"{self.post}/{self.watch.id}"

    @property
    def paid(self) -> float:
        """Hours that count."""
        return self.watch.hours * self.counts


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: the day it starts, officer, watch and post."""

    day: date
    officer: str
    watch: Watch
    post: str


@dataclass(frozen=True)
class Roster:
    """Who works when.

    Parameters
    ----------
    first
        The first day.
    officers
        Ids of E officers.
    shifts
        S shifts.
    at
        (E, D) position of each officer's shift on each day, ``OFF`` for none.
    """

    first: date
    officers: tuple[str, ...]
    shifts: tuple[Shift, ...]
    at: I32

    @property
    def days(self) -> int:
        """How many days it has."""
        return int(self.at.shape[1])

    @property
    def last(self) -> date:
        """The last day."""
        return self.day(self.days - 1)

    def day(self, number: int) -> date:
        """Return the date of day `number`, which may lie outside."""
        return self.first + timedelta(days=number)

    @cached_property
    def weekend(self) -> Bool:
        """(D,) which days are Saturday or Sunday."""
        return np.array([self.day(number).weekday() >= SATURDAY for number in range(self.days)], dtype=np.bool_)

    @cached_property
    def nights(self) -> Bool:
        """(S,) which shifts are nights."""
        return np.array([is_night(shift.watch) for shift in self.shifts], dtype=np.bool_)

    @cached_property
    def paid(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """(S,) hours that count."""
        return np.array([shift.paid for shift in self.shifts], dtype=np.float64)

    def shift(self, officer: int, day: int) -> Shift | None:
        """Return an officer's shift on a day, None for none."""
        at = int(self.at[officer, day])
        return None if at == OFF else self.shifts[at]

    def duties(self) -> Iterator[Duty]:
        """Yield every duty, by day and then by officer."""
        for day in range(self.days):
            for officer, name in enumerate(self.officers):
                if shift := self.shift(officer, day):
                    yield Duty(self.day(day), name, shift.watch, shift.post)

    def counted(self, shifts: Bool, days: Bool | None = None) -> I32:
        """Return (E,) how many of some shifts, on some days, each officer has."""
        within = self.at if days is None else self.at[:, days]
        return np.asarray((shifts[within] & (within != OFF)).sum(axis=1), dtype=np.int32)

    def hours(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return (E,) the hours of each officer that count."""
        padded = np.append(self.paid, 0.0)
        return np.asarray(padded[self.at].sum(axis=1), dtype=np.float64)


def roster_of(first: date, days: int, officers: Sequence[str], duties: Sequence[Duty], counts: float = 1.0) -> Roster:
    """Return duties as a roster; those of other officers or days are left out, of two on one day the later one stays.

    Parameters
    ----------
    first, days
        The span.
    officers
        Whose rows it has.
    duties
        In any order.
    counts
        Share of the hours that count, for all of them.
    """
    shifts = tuple({(duty.watch.id, duty.post): Shift(duty.watch, duty.post, counts) for duty in duties}.values())
    number = {(shift.watch.id, shift.post): at for at, shift in enumerate(shifts)}
    row = {name: at for at, name in enumerate(officers)}
    table = np.full((len(officers), days), OFF, dtype=np.int32)
    for duty in duties:
        day = (duty.day - first).days
        if duty.officer in row and 0 <= day < days:
            table[row[duty.officer], day] = number[duty.watch.id, duty.post]
    return Roster(first, tuple(officers), shifts, table)
