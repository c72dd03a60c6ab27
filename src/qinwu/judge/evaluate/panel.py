"""Panel: counts of every unit in every period, without holes; periods are months, quarters or years."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from qinwu.station.sheet import clean, parse_date

F64: TypeAlias = NDArray[np.float64]
I64: TypeAlias = NDArray[np.int64]
YEAR = 12
"""Months of a year."""
_QUARTER = re.compile(r"(\d{4})[-年 ]*(?:Q|第?)([1-4])(?:季度?)?", re.IGNORECASE)
_QUARTER_SIGN = re.compile(r"[Qq季]")


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it was written: its first month (12 × year + month - 1), how many months it has, and whether a day was named."""

    month: int
    step: int
    day: bool = False


def parse_period(text: str) -> Period | None:
    """Return a period written as month, quarter, year or day; None for anything else.

    >>> parse_period("2014年1月"), parse_period("201411"), parse_period("2014Q2")
    (Period(month=24168, step=1, day=False), Period(month=24178, step=1, day=False), Period(month=24171, step=3, day=False))
    >>> parse_period("2014-01-05"), parse_period("2014"), parse_period("soon")
    (Period(month=24168, step=1, day=True), Period(month=24168, step=12, day=False), None)
    """
    plain = clean(text)
    quarter = _QUARTER.fullmatch(plain) if _QUARTER_SIGN.search(plain) else None
    if quarter:
        return Period(int(quarter[1]) * YEAR + (int(quarter[2]) - 1) * 3, 3)
    if re.fullmatch(r"\d{6}", plain):
        plain = f"{plain[:4]}-{plain[4:]}"
    found = parse_date(plain)
    if found is None:
        return None
    year_only = re.fullmatch(r"\d{4}年?", plain) is not None
    return Period(found.year * YEAR + found.month - 1, YEAR if year_only else 1, found.day != 1)


@dataclass(frozen=True, slots=True)
class Panel:
    """Counts by unit and period.

    Parameters
    ----------
    units
        Names, sorted.
    first
        First month: 12 × year + month - 1.
    step
        Months of a period: 1, 3 or 12.
    counts
        Units × periods, ≥ 0.
    exposure
        What a count is divided by to give a rate (people, households), units × periods, > 0; None where there is none.
    present
        Whether the file has a row for this unit and period; all true for rows of events, where no row means none happened.
    events
        Whether every row of the file was one event.
    """

    units: tuple[str, ...]
    first: int
    step: int
    counts: F64
    exposure: F64 | None
    present: NDArray[np.bool_]
    events: bool

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return int(self.counts.shape[1])

    @property
    def season(self) -> int:
        """Periods of a year."""
        return YEAR // self.step

    @property
    def base(self) -> F64:
        """What counts are divided by: the exposure, or one for each period."""
        return np.ones_like(self.counts) if self.exposure is None else self.exposure

    def label(self, at: int) -> str:
        """Return the name of a period: 2014-01, 2014Q1 or 2014."""
        return label_of(self.first + at * self.step, self.step)

    def place(self, month: int) -> int:
        """Return the position of the period that starts with or holds a month; it may lie outside."""
        return (month - self.first) // self.step

    def rows(self, names: tuple[str, ...]) -> I64:
        """Return the rows of units."""
        where = {unit: at for at, unit in enumerate(self.units)}
        return np.array([where[name] for name in names], dtype=np.int64)

    def between(self, first: int, last: int) -> Panel:
        """Return the periods from position `first` to before `last`."""
        exposure = None if self.exposure is None else self.exposure[:, first:last]
        month = self.first + first * self.step
        return Panel(self.units, month, self.step, self.counts[:, first:last], exposure, self.present[:, first:last], self.events)


def label_of(month: int, step: int) -> str:
    """Return the name of the period that starts with a month.

    >>> label_of(24168, 1), label_of(24171, 3), label_of(24168, 12)
    ('2014-01', '2014Q2', '2014')
    """
    year, rest = divmod(month, YEAR)
    if step == YEAR:
        return str(year)
    return f"{year}Q{rest // 3 + 1}" if step == 3 else f"{year}-{rest + 1:02d}"
