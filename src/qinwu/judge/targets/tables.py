"""Tables that formulas may name: calls, venues, officers and duty hours of the station, each row with its owners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from qinwu.duty.response_plan import ResponsePlan
from qinwu.findings import Finding
from qinwu.judge.targets.duty_hours import duty_hours
from qinwu.judge.targets.periods import Span
from qinwu.judge.targets.standing import Standing
from qinwu.station.calls import STAMPS, parts
from qinwu.station.station import Station

REPEAT = "7d"
NIGHT = (22, 6)
SATURDAY = 5
OWNERS = ("unit", "squad", "sector", "beat", "officer")
DAY, ROW = "day", "file_row"
TEXT, WHOLE, NUMBER = pl.String(), pl.Int64(), pl.Float64()
VENUES = {"venue_id": TEXT, "kind": TEXT, "grade": TEXT, "inspection_min": NUMBER, "atom": TEXT, "officer": TEXT}
OFFICERS = {"officer": TEXT, "kind": TEXT, "post": TEXT, "skills": WHOLE, "joined_year": WHOLE, "beat": TEXT}
DUTY = {"officer": TEXT, "kind": TEXT, "squad": TEXT, "at": WHOLE, "hours": NUMBER, "night_hours": NUMBER}


@dataclass(frozen=True)
class Table:
    """A table of rows with their owners.

    Parameters
    ----------
    id
        What formulas call it.
    frame
        Columns of its own, ``OWNERS`` (null where a row has none) and, where rows have a time, ``day``.
    timed
        Whether rows have a day.
    span
        The days its record covers; None for a register without times, which is as of now.
    file
        Where it comes from, for findings; rows of a file have their number there as ``file_row``.
    findings
        What was seen while it was made.
    """

    id: str
    frame: pl.DataFrame
    timed: bool
    span: Span | None
    file: str = ""
    findings: tuple[Finding, ...] = ()


def station_tables(standing: Standing, plan: Callable[[], ResponsePlan], span: Span | None) -> dict[str, Callable[[], Table]]:
    """Return what makes each table of the station, by id, so that only those that formulas name are made.

    Parameters
    ----------
    standing
        Who owns what.
    plan
        Compiles the duty system.
    span
        Days for which duty hours are counted; None where there are none.
    """
    return {
        "calls": lambda: calls_table(standing),
        "venues": lambda: venues_table(standing),
        "officers": lambda: officers_table(standing),
        "duty": lambda: duty_table(standing, plan(), span),
    }


def record_span(station: Station) -> Span | None:
    """Return the days between the first and the last call, None without calls."""
    calls = station.calls
    days = calls.table["received"].dt.convert_time_zone(calls.time_zone).dt.date()
    first, last = days.min(), days.max()
    return Span(first, last) if isinstance(first, date) and isinstance(last, date) else None


def calls_table(standing: Standing) -> Table:
    """Return calls: class, kind, priority, place, origin, parts in seconds, whether in time, and earlier calls alike.

    ``day``, ``hour`` and ``weekday`` (0 is Monday) are local. ``in_time`` is null without an arrival or a limit; ``stamps`` counts
    the six stamps there are; ``alike_7d`` the calls of that class from that atom in the 7 days before.
    """
    station = standing.station
    local = pl.col("received").dt.convert_time_zone(station.calls.time_zone)
    kinds = {one.id: one.kind for one in station.config.call_class}
    limit_s = {priority: minutes * 60.0 for priority, minutes in station.config.policy.limit_min.items()}
    table = station.calls.table
    frame = table.with_columns(parts(table)).with_columns(
        day=local.dt.date(),
        hour=local.dt.hour().cast(pl.Int64),
        weekday=(local.dt.weekday() - 1).cast(pl.Int64),
        kind=pl.col("call_class").replace_strict(kinds, default=None, return_dtype=pl.String),
        priority=pl.col("priority").cast(pl.Int64),
        officers_required=pl.col("officers_required").cast(pl.Int64),
        in_time=pl.col("response_s") <= pl.col("priority").replace_strict(limit_s, default=None, return_dtype=pl.Float64),
        stamps=pl.sum_horizontal(pl.col(name).is_not_null() for name in STAMPS).cast(pl.Int64),
        alike_7d=pl.len().rolling("received", period=REPEAT, closed="left").over("atom", "call_class").cast(pl.Int64),
    )
    owned = with_owners(frame, standing, "atom")
    return Table("calls", owned.drop(*STAMPS[1:]), True, record_span(station))


def venues_table(standing: Standing) -> Table:
    """Return venues: kind, grade, atom, minutes of an inspection; the officer is the specialist where there is one."""
    venues = standing.station.venues
    frame = pl.DataFrame(
        {
            "venue_id": [one.id for one in venues],
            "kind": [one.kind for one in venues],
            "grade": [one.grade for one in venues],
            "inspection_min": [one.inspection_min for one in venues],
            "atom": [one.atom for one in venues],
            "officer": [standing.owner_of_venue(one) or None for one in venues],
        },
        schema=VENUES,
    )
    return Table("venues", with_owners(frame, standing, "atom"), False, None)


def officers_table(standing: Standing) -> Table:
    """Return officers: kind, post, number of skills, year joined."""
    force = standing.station.force
    frame = pl.DataFrame(
        {
            "officer": [one.id for one in force],
            "kind": [one.kind for one in force],
            "post": [one.post for one in force],
            "skills": [len(one.skills) for one in force],
            "joined_year": [one.joined.year if one.joined else None for one in force],
            "beat": [standing.beat_of_officer(one.id) or None for one in force],
        },
        schema=OFFICERS,
    )
    return Table("officers", with_owners(frame, standing, ""), False, None)


def duty_table(standing: Standing, plan: ResponsePlan, span: Span | None) -> Table:
    """Return duty hours: a row for each officer and day on duty, with hours, ``night_hours`` (22:00-06:00) ``weekend``."""
    crews = [number for number, crew in enumerate(standing.crews) if crew.neighbour is None]
    days = (span.last - span.first).days + 1 if span else 0
    hours = duty_hours(plan, span.first, days)[crews] if span else np.zeros((len(crews), 0, 24))
    night = np.array([hour >= NIGHT[0] or hour < NIGHT[1] for hour in range(24)])
    rows = [
        (officer.id, officer.kind, standing.crews[crew].squad, day, float(of_day.sum()), float(of_day[night].sum()))
        for crew, of_crew in zip(crews, hours, strict=True)
        for officer in standing.crews[crew].officers
        for day, of_day in enumerate(of_crew)
        if of_day.any()
    ]
    frame = pl.DataFrame(rows, schema=DUTY, orient="row")
    start = pl.lit(span.first if span else date(2000, 1, 1))
    frame = frame.with_columns(day=start + pl.duration(days=pl.col("at")), beat=pl.lit(None, pl.String)).drop("at")
    beats = {one.id: beat for one in standing.station.force if (beat := standing.beat_of_officer(one.id))}
    frame = frame.with_columns(
        weekend=pl.col("day").dt.weekday() > SATURDAY,
        beat=pl.col("officer").replace_strict(beats, default=None, return_dtype=pl.String),
    )
    return Table("duty", with_owners(frame, standing, ""), True, span)


def with_owners(frame: pl.DataFrame, standing: Standing, atom: str) -> pl.DataFrame:
    """Return a frame with all of ``OWNERS``: those it has are kept, the others follow from beat, officer or atom.

    Parameters
    ----------
    frame
        May have any of ``OWNERS`` already.
    atom
        Its column of atoms, empty for none.
    """
    if atom:
        beat = looked_up(pl.col(atom), standing.beat_of_atom)
        frame = filled(frame, "beat", beat)
    frame = filled(frame, "beat", pl.lit(None, pl.String))
    accountable = {beat: one.id for beat, one in standing.accountable.items()}
    frame = filled(frame, "officer", looked_up(pl.col("beat"), accountable))
    frame = filled(frame, "squad", looked_up(pl.col("officer"), standing.squad_of_officer))
    frame = filled(frame, "sector", looked_up(pl.col("beat"), standing.sector_of_beat))
    by_beat = {beat.id: standing.unit_of_beat(beat.id) for beat in standing.system.beat}
    by_officer = {one.id: standing.unit_of_officer(one.id) for one in standing.station.force}
    found = pl.coalesce(looked_up(pl.col("beat"), by_beat), looked_up(pl.col("officer"), by_officer))
    one_only = None if standing.muster.stations.several else standing.home
    return filled(frame, "unit", pl.coalesce(found, pl.lit(one_only, pl.String)))


def filled(frame: pl.DataFrame, column: str, otherwise: pl.Expr) -> pl.DataFrame:
    """Return a frame with a column: its own cells where it has any, else those of an expression."""
    found = pl.coalesce(pl.col(column), otherwise) if column in frame.columns else otherwise
    return frame.with_columns(found.alias(column))


def looked_up(key: pl.Expr, values: Mapping[str, str]) -> pl.Expr:
    """Return what a mapping has for a key, null for others and for empty texts."""
    values = {name: value for name, value in values.items() if value}
    return key.replace_strict(values, default=None, return_dtype=pl.String) if values else pl.lit(None, pl.String)
