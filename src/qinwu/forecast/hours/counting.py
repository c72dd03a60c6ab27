"""Counting: calls of a station by hour of its clock and by place, which of them teach, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from qinwu.findings import Finding, Place, QinwuError
from qinwu.forecast.hours.observing import F64, Gap, clock_hours, gaps, observed
from qinwu.forecast.hours.series import DAY_H, HourlySeries
from qinwu.language import N_
from qinwu.station.calls import Calls
from qinwu.station.holidays import Holidays

RESIDENT, OFFICER, UNKNOWN = "resident", "officer", "unknown"
NOWHERE = ""
"""Name of the series of calls whose place is not known."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Calls counted by hour and place.

    Parameters
    ----------
    series
        One series for each place, in the order asked for.
    left_out
        Calls that do not teach, by origin: found by officers, ordered from above, of unknown origin.
    taught
        Calls that do.
    assumed
        Whether calls of unknown origin teach because the source names no resident at all.
    gaps
        Stretches in which nobody recorded.
    findings
        What the reader should know of it.
    """

    series: HourlySeries
    left_out: Mapping[str, int]
    taught: int
    assumed: bool
    gaps: tuple[Gap, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def share_left_out(self) -> float:
        """Share of calls that do not teach."""
        out = sum(self.left_out.values())
        return out / max(out + self.taught, 1)


def count_calls(calls: Calls, holidays: Holidays, place_of: Mapping[str, str] | None = None) -> Counted:
    """Return calls by hour and place.

    Only calls of residents teach: what officers find themselves says where and when officers were. Where the source names no
    resident at all, calls of unknown origin teach, and a warning says so.

    Parameters
    ----------
    calls
        Clean calls.
    holidays
        Of the station.
    place_of
        Place of each atom, such as its beat; everything is one place where None.

    Raises
    ------
    QinwuError
        There is no call that teaches.
    """
    table, left_out, assumed = _teaching(calls.table)
    if not len(table):
        message = N_("No call of a resident is left to learn from.")
        remedy = N_("Check the column of origin in the call files, or the words for it in the reading profile.")
        raise QinwuError([Finding("no-calls", "error", message, remedy, Place(key="origin"))])
    everybody = _local(calls.table, calls.time_zone)
    first: date = everybody["day"].min()  # type: ignore[assignment]
    last: date = everybody["day"].max()  # type: ignore[assignment]
    days = (last - first).days + 1
    shown = clock_hours(first, days, calls.time_zone)
    hours = observed(_cube(everybody, first, days, (NOWHERE,))[0], shown)
    local = _local(table, calls.time_zone)
    names: tuple[str, ...] = (NOWHERE,)
    if place_of is not None:
        local = local.with_columns(place=pl.col("atom").replace_strict(place_of, default=NOWHERE, return_dtype=pl.String()))
        names = tuple(dict.fromkeys(place_of.values()))
        names = (*names, NOWHERE) if (local["place"] == NOWHERE).any() and NOWHERE not in names else names
    cube = _cube(local, first, days, names)
    counts = np.where(hours > 0.0, cube, 0.0)
    series = HourlySeries(names, first, counts, hours, holidays.kinds(first, days))
    found = gaps(hours, shown, first)
    notes = (*_findings(left_out, len(table), assumed, found, shown), *_strays(int(cube.sum() - counts.sum())))
    return Counted(series, left_out, int(counts.sum()), assumed, found, notes)


def _teaching(table: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int], bool]:
    """Return the calls that teach, how many of each other origin are left out, and whether unknown ones teach."""
    origins = dict(table.group_by("origin").len().iter_rows())
    assumed = not origins.get(RESIDENT) and bool(origins.get(UNKNOWN))
    teaches = UNKNOWN if assumed else RESIDENT
    left_out = {str(origin): int(count) for origin, count in sorted(origins.items()) if origin != teaches}
    return table.filter(pl.col("origin") == teaches), left_out, assumed


def _local(table: pl.DataFrame, time_zone: str) -> pl.DataFrame:
    """Return day and hour of the wall clock of each call, and its place."""
    local = pl.col("received").dt.convert_time_zone(time_zone)
    return table.select(day=local.dt.date(), hour=local.dt.hour().cast(pl.Int64), atom="atom", place=pl.lit(NOWHERE))


def _cube(local: pl.DataFrame, first: date, days: int, names: tuple[str, ...]) -> F64:
    """Return counts, (S, days, 24)."""
    index = {name: position for position, name in enumerate(names)}
    place = local["place"].replace_strict(index, return_dtype=pl.Int64()).to_numpy()
    day = (local["day"] - first).dt.total_days().to_numpy()
    flat = (place * days + day) * DAY_H + local["hour"].to_numpy()
    found: F64 = np.bincount(flat, minlength=len(names) * days * DAY_H).astype(np.float64)
    return found.reshape(len(names), days, DAY_H)


def _strays(count: int) -> Iterator[Finding]:
    """Yield a note on calls in hours that are held for unobserved, where there are any."""
    if count:
        message = N_("{count} calls came in hours that are held for unobserved; they do not teach the forecast.")
        yield Finding("stray-calls", "note", message, values={"count": count})


def _findings(left_out: Mapping[str, int], taught: int, assumed: bool, found: tuple[Gap, ...], shown: F64) -> tuple[Finding, ...]:
    said = []
    if assumed:
        message = N_("The source does not say who reported a call: calls of unknown origin teach the forecast.")
        remedy = N_("Name the column of origin, so that what officers found themselves can be left out.")
        said.append(Finding("origin-unknown", "warning", message, remedy, Place(key="origin"), {}))
    if sum(left_out.values()):
        out = sum(left_out.values())
        message = N_("{out} of {all} calls ({share}) do not teach the forecast: no resident reported them.")
        values = {"out": out, "all": out + taught, "share": f"{out / (out + taught):.1%}"}
        said.append(Finding("left-out", "note", message, values=values))
    if found:
        missing = sum(gap.hours for gap in found)
        message = N_(
            "{count} stretches, {share} of all hours, were not observed; they are no zeros. The longest: {since} to {until}."
        )
        longest = max(found, key=lambda gap: gap.hours)
        share = f"{missing / shown.sum():.0%}"
        values = {"count": len(found), "share": share, "since": longest.since, "until": longest.until}
        said.append(Finding("gaps", "warning", message, N_("Add the missing call files where there are any."), Place(), values))
    return tuple(said)
