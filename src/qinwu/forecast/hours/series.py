"""Series: calls counted by hour on the station's own clock, with the hours that were observed and the kind of each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.holidays import Holidays, like_weekday

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
DAY_H = 24
WEEK_D = 7
FEWEST_DAYS = 14
"""Observed days without which nothing is foretold: each hour of the week must have been seen twice or so."""


@dataclass(frozen=True, slots=True)
class HourlySeries:
    """Counts by local hour of several series that were observed together.

    Parameters
    ----------
    names
        (S,) of the series, such as beats; one series needs one name.
    first
        Local date of the first day.
    counts
        (S, D, 24) calls by series, day and hour of the wall clock, >= 0; 0 where nothing was observed.
    hours
        (D, 24) hours of observation in each: 1 as a rule, 0 where nobody recorded or the clock skipped the hour, 2 where it
        showed the hour twice.
    kinds
        (D,) kinds of day, see :mod:`qinwu.station.holidays`.
    """

    names: tuple[str, ...]
    first: date
    counts: F64
    hours: F64
    kinds: NDArray[np.int8]

    @property
    def days(self) -> int:
        """Days from the first to the last."""
        return int(self.hours.shape[0])

    @property
    def weekday(self) -> I64:
        """(D,) the weekday whose hours each day resembles, Monday 0."""
        return like_weekday(self.first, self.kinds)

    @property
    def observed_days(self) -> float:
        """Hours of observation, in days."""
        return float(self.hours.sum() / DAY_H)

    def until(self, day: int) -> HourlySeries:
        """Return the first so many days."""
        return replace(self, counts=self.counts[:, :day], hours=self.hours[:day], kinds=self.kinds[:day])

    def total(self) -> HourlySeries:
        """Return one series, the sum of all."""
        return replace(self, names=("",), counts=self.counts.sum(axis=0, keepdims=True))

    def date_of(self, day: int) -> date:
        """Return the date of a day by its number; numbers beyond the last go on."""
        return self.first + timedelta(days=day)


def series_of(
    counts: F64, first: date, *, hours: F64 | None = None, names: Sequence[str] = (), holidays: Holidays | None = None
) -> HourlySeries:
    """Return a checked series from plain arrays.

    Parameters
    ----------
    counts
        (H,) or (S, H) calls by hour from 00:00 of `first` on, whole days, >= 0; nan where nothing was observed in any series.
    first
        Local date of the first hour.
    hours
        (H,) hours of observation, >= 0; 1 everywhere but at nan by default.
    names
        (S,) of the series.
    holidays
        Whose holidays count; none by default.

    Raises
    ------
    QinwuError
        Counts that are negative or infinite, no whole days, names or hours that do not fit.
    """
    table = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    seen = ~np.isnan(table).any(axis=0)
    given = np.where(seen, 1.0, 0.0) if hours is None else np.where(seen, hours, 0.0)
    names = tuple(names) or tuple(str(number + 1) for number in range(table.shape[0]))
    wrong = [*_shape(table, given, names), *_values(table, names)]
    if wrong:
        raise QinwuError(wrong)
    days = table.shape[1] // DAY_H
    cube = np.where(given > 0.0, table, 0.0).reshape(len(names), days, DAY_H)
    return HourlySeries(names, first, cube, given.reshape(days, DAY_H), (holidays or Holidays()).kinds(first, days))


def _shape(table: F64, hours: F64, names: Sequence[str]) -> list[Finding]:
    found = []
    if table.ndim != 2 or table.shape[1] % DAY_H or not table.shape[1]:
        message, remedy = N_("{value} hours are no whole days."), N_("Fill the first and the last day up with nan.")
        found.append(Finding("not-whole-days", "error", message, remedy, Place(key="counts"), {"value": table.shape[-1]}))
    if len(names) != table.shape[0]:
        message, remedy = N_("There are {count} names for {series} series."), N_("Give one name for each.")
        values = {"count": len(names), "series": table.shape[0]}
        found.append(Finding("names-do-not-fit", "error", message, remedy, Place(key="names"), values))
    if hours.shape != table.shape[1:] or (hours < 0.0).any():
        message, remedy = N_("Hours of observation do not fit the counts."), N_("Give one number >= 0 for each hour.")
        found.append(Finding("hours-do-not-fit", "error", message, remedy, Place(key="hours")))
    return found


def _values(table: F64, names: Sequence[str]) -> list[Finding]:
    """Return an error for the first count of each series that is negative or infinite."""
    found = []
    for row, each in enumerate(table):
        bad = np.flatnonzero((each < 0.0) | np.isinf(each))
        if bad.size:
            message, remedy = N_("{value} is no count of calls."), N_("Counts are 0 or more; write nan where nobody recorded.")
            name = names[row] if row < len(names) else str(row)
            values = {"value": f"{each[bad[0]]:g}"}
            found.append(Finding("negative-count", "error", message, remedy, Place(name, int(bad[0]) + 1, "counts"), values))
    return found


def enough(series: HourlySeries) -> list[Finding]:
    """Return what stands in the way of a forecast: too few observed days, or no call at all; series without a call are warnings."""
    found = []
    if series.observed_days < FEWEST_DAYS:
        message = N_("Only {value} days were observed; a forecast of hours needs {least}.")
        remedy = N_("Add earlier call files.")
        values = {"value": f"{series.observed_days:.0f}", "least": FEWEST_DAYS}
        found.append(Finding("series-too-short", "error", message, remedy, Place(key="calls"), values))
    empty = [name for name, each in zip(series.names, series.counts, strict=True) if not each.any()]
    if len(empty) == len(series.names):
        message, remedy = N_("No call was counted in any hour."), N_("Check which calls teach the forecast, and their times.")
        found.append(Finding("all-zero", "error", message, remedy, Place(key="calls")))
    elif empty:
        message = N_("No call was counted in {names}: nothing but what all share can be foretold there.")
        remedy = N_("Check whether calls there are recorded under another name.")
        found.append(Finding("all-zero", "warning", message, remedy, Place(key="calls"), {"names": ", ".join(empty)}))
    return found
