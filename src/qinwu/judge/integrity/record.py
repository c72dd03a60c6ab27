"""Record: the rows and totals that screens look at, whoever wrote them: a station's calls, a ledger, a circular, public data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.calls import STAMPS
from qinwu.station.station import Station

F64: TypeAlias = NDArray[np.float64]
CLOCK = pl.Datetime("us")
ROWS: dict[str, pl.DataType] = {
    "id": pl.String(),
    "unit": pl.String(),
    "at": CLOCK,
    "entered": CLOCK,
    **dict.fromkeys(STAMPS, CLOCK),
    "response_s": pl.Float64(),
    "on_scene_s": pl.Float64(),
    "total_s": pl.Float64(),
    "limit_s": pl.Float64(),
    "by_officer": pl.Boolean(),
    "class_then": pl.String(),
    "class_now": pl.String(),
    "grade_then": pl.Float64(),
    "grade_now": pl.Float64(),
    "withdrawn": pl.Boolean(),
    "filed": pl.Boolean(),
    "amount": pl.Float64(),
    "threshold": pl.Float64(),
    "changed": pl.Boolean(),
    "stamp_delay_s": pl.Float64(),
}
"""Columns of rows; what a source does not have is null throughout. Clock times are local; grades: 1 is the most serious.

``id`` names the row for people; ``changed`` says whether it was changed after it was closed, ``stamp_delay_s`` how much later than
what it tells of its latest stamp was given."""
TOTALS: dict[str, pl.DataType] = {
    "unit": pl.String(),
    "period": pl.String(),
    "about": pl.String(),
    "n": pl.Int64(),
    "hits": pl.Int64(),
    "reported": pl.Int64(),
}
"""Columns of totals: of `n` cases `hits` met the target; `reported` is a total that rows or parts must add up to."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is screened.

    Parameters
    ----------
    name
        Of the station or file.
    rows
        A row for each call or case: exactly the columns of ``ROWS``.
    totals
        Aggregates: exactly the columns of ``TOTALS``.
    """

    name: str
    rows: pl.DataFrame
    totals: pl.DataFrame

    def has(self, *columns: str) -> bool:
        """Return whether there are rows that have all of these columns."""
        return bool(len(self.rows)) and all(self.rows[name].null_count() < len(self.rows) for name in columns)

    def answered(self) -> pl.DataFrame:
        """Return the rows that say something about response: those an officer started on the spot are none."""
        return self.rows.filter(~pl.col("by_officer").fill_null(value=False))


def record_of(
    name: str, rows: pl.DataFrame | None = None, totals: pl.DataFrame | None = None, columns: Mapping[str, str] | None = None
) -> Record:
    """Return a record from tables that have some columns of ``ROWS`` and ``TOTALS``.

    Parameters
    ----------
    name
        What findings call it.
    rows, totals
        Any tables; columns that are not known are left out. ``at`` is ``received`` where it is missing, durations are taken from
        stamps where they are missing, the unit is empty where there is none.
    columns
        Canonical column to the name that the table has for it.

    Raises
    ------
    QinwuError
        For no rows at all, negative counts, more hits than cases.
    """
    wrong: list[Finding] = []
    made = pl.DataFrame(schema=ROWS) if rows is None else _with_durations(_shaped(rows, ROWS, columns or {}, name, wrong))
    summed = pl.DataFrame(schema=TOTALS) if totals is None else _shaped(totals, TOTALS, columns or {}, name, wrong)
    known = {*ROWS, *TOTALS}
    for canonical in [word for word in columns or {} if word not in known]:
        message = N_("There is no column {value} of records.")
        remedy = N_("Did you mean {guess}?") if (guess := did_you_mean(canonical, known)) else N_("Known columns: {known}.")
        values = {"value": canonical, "guess": guess, "known": ", ".join(sorted(known))}
        wrong.append(Finding("unknown-column", "error", message, remedy, Place(name), values))
    wrong += totals_findings(summed, name)
    if not len(made) and not len(summed):
        wrong.append(Finding("no-rows", "error", N_("There is nothing to screen."), N_("Give rows or totals."), Place(name)))
    if wrong:
        raise QinwuError(wrong)
    return Record(name, made, summed)


def totals_findings(totals: pl.DataFrame, file: str, rows: NDArray[np.int64] | None = None) -> list[Finding]:
    """Return what is wrong with totals: negative counts, more hits than cases; `rows` are their numbers in the file."""
    number = rows if rows is not None else np.arange(len(totals)) + 2
    found = []
    for column in ("n", "hits", "reported"):
        for at in np.flatnonzero((totals[column] < 0).fill_null(value=False).to_numpy()):
            message, remedy = N_("{value} cannot be a count."), N_("A count is 0 or more; look at the source.")
            place, values = Place(file, int(number[at]), column), {"value": totals[column][int(at)]}
            found.append(Finding("negative-count", "error", message, remedy, place, values))
    for at in np.flatnonzero((totals["hits"] > totals["n"]).fill_null(value=False).to_numpy()):
        message, remedy = N_("{hits} hits among {n} cases: more than all."), N_("Are the columns exchanged? Hits are part of n.")
        place, values = Place(file, int(number[at]), "hits"), {"hits": totals["hits"][int(at)], "n": totals["n"][int(at)]}
        found.append(Finding("more-than-all", "error", message, remedy, place, values))
    return found


def _shaped(
    table: pl.DataFrame, schema: Mapping[str, pl.DataType], columns: Mapping[str, str], file: str, wrong: list[Finding]
) -> pl.DataFrame:
    """Return exactly the columns of a schema; what is missing is null, what cannot be read is added to `wrong`."""
    made: dict[str, pl.Series] = {}
    for name, dtype in schema.items():
        source = columns.get(name, name)
        made[name] = pl.Series(name, [None] * len(table), dtype=dtype)
        if source not in table.columns:
            if name in columns:
                message, remedy = N_("The column {value} is missing."), N_("Known columns: {known}.")
                values = {"value": source, "known": ", ".join(table.columns)}
                wrong.append(Finding("missing-column", "error", message, remedy, Place(file, key=source), values))
            continue
        series = table[source]
        if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone:
            # Hours and minutes are those of the clock on the wall.
            series = series.dt.replace_time_zone(None)
        try:
            made[name] = series.cast(dtype).alias(name)
        except pl.exceptions.PolarsError:
            message, remedy = N_("The column {value} does not hold {expected}."), N_("Turn it into that first.")
            values = {"value": source, "expected": str(dtype)}
            wrong.append(Finding("wrong-kind", "error", message, remedy, Place(file, key=source), values))
    return pl.DataFrame(made).with_columns(unit=pl.col("unit").fill_null(pl.lit("")))


def _with_durations(rows: pl.DataFrame) -> pl.DataFrame:
    """Fill what stamps say: time of the event, durations in seconds; those that run backwards stay null."""
    spans = {"response_s": ("at", "arrived"), "on_scene_s": ("arrived", "cleared"), "total_s": ("at", "cleared")}
    rows = rows.with_columns(at=pl.coalesce("at", "received"), received=pl.coalesce("received", "at"))
    spent = {
        name: pl.coalesce(name, (pl.col(end) - pl.col(start)).dt.total_microseconds() / 1e6) for name, (start, end) in spans.items()
    }
    return rows.with_columns(**spent).with_columns(pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name) for name in spans)


def record_of_station(station: Station, system: DutySystem | None = None) -> Record:
    """Return the calls of a station as a record: units are beats of the duty system, or atoms without one.

    Parameters
    ----------
    station
        Its calls, their local clock, and its promised minutes by priority.
    system
        Whose geographic beats are the units; atoms in none are each their own.
    """
    name = station.config.name.en or station.config.name.zh
    return record_of_calls(name, station.calls.table, station.calls.time_zone, station.config.policy.limit_min, system)


def record_of_calls(
    name: str, calls: pl.DataFrame, time_zone: str, limit_min: Mapping[int, float], system: DutySystem | None = None
) -> Record:
    """Return calls as a record: units are beats of the duty system, or atoms without one.

    Parameters
    ----------
    name
        What findings call it.
    calls
        A table with the columns of a station's calls; ``entered`` (zoned), ``changed`` and ``stamp_delay_s`` are taken where it has
        them.
    time_zone
        Of the station.
    limit_min
        Promised minutes by priority.
    system
        Whose geographic beats are the units; atoms in none are each their own.
    """
    limits = {priority: minutes * 60.0 for priority, minutes in limit_min.items()}
    stamps = [*STAMPS, *(["entered"] if "entered" in calls.columns else [])]
    local = [pl.col(stamp).dt.convert_time_zone(time_zone).dt.replace_time_zone(None) for stamp in stamps]
    rows = calls.select(
        pl.col("call_id").alias("id"),
        pl.col("atom").replace(beat_of_atom(system)).alias("unit"),
        pl.col("priority").replace_strict(limits, default=None, return_dtype=pl.Float64).alias("limit_s"),
        (pl.col("origin") == "officer").alias("by_officer"),
        pl.col("call_class").alias("class_now"),
        *local,
        *(pl.col(column) for column in ("changed", "stamp_delay_s") if column in calls.columns),
    )
    return record_of(name, rows)


def beat_of_atom(system: DutySystem | None) -> dict[str, str]:
    """Return the geographic beat of each atom that has one."""
    return {atom: beat.id for beat in (system.beat if system else ()) if beat.kind == "geographic" for atom in beat.atoms}
