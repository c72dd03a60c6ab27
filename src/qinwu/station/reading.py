"""Reading: from the call files of a station to clean calls, with an account of every row left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_
from qinwu.station.area import Area
from qinwu.station.call_files import RawTable, find_files, read_raw
from qinwu.station.calls import REJECTED, SCHEMA, STAMPS, Calls
from qinwu.station.config import StationConfig
from qinwu.station.coordinates import to_wgs84
from qinwu.station.drafting import Draft, draft, reject
from qinwu.station.meaning import with_meaning
from qinwu.station.placing import F64, OUTSIDE, place_points
from qinwu.station.profiles import Profile, load_profile
from qinwu.station.reading_findings import reading_findings

Item = TypeVar("Item")
Result = TypeVar("Result")


def read_calls(folder: Path, config: StationConfig, area: Area | None, now: datetime | None = None) -> Calls:
    """Read, clean and place the calls of a station.

    Parameters
    ----------
    folder, config
        The station folder and its ``station.toml``: ``files.calls`` and ``calls.profile`` say what to read and how.
    area
        Where the atoms are; None reads calls without placing them, for data health only.
    now
        Calls received later than this are rejected; the present by default.

    Raises
    ------
    QinwuError
        Where no file can be used: missing, broken, without a needed column, a list of people, or without one good row.
    """
    profile = load_profile(config.calls.profile, folder)
    return read_files(find_files(folder, config.files.calls), profile, config, area, folder, now)


def read_files(
    files: Sequence[Path],
    profile: Profile,
    config: StationConfig,
    area: Area | None,
    folder: Path | None = None,
    now: datetime | None = None,
) -> Calls:
    """Read the call files `files` as `profile` says; parameters and errors as in :func:`read_calls`."""
    if profile.durations is not None:
        raise QinwuError([_only_durations(profile)])
    raws = [raw for sheets in _each(files, lambda path: read_raw(path, _label(path, folder), profile.headers())) for raw in sheets]
    drafts = _each(raws, lambda raw: _cleaned(raw, profile, config, area))
    table = pl.concat([each.table for each in drafts], how="diagonal")
    table = reject(
        table,
        pl.col("received") > (now or datetime.now(UTC)).astimezone(UTC),
        "call-in-the-future",
        pl.col("received").dt.strftime("%Y-%m-%d %H:%M UTC"),
    )
    table = _reject_duplicates(_with_ids(table))
    findings = [*(finding for each in drafts for finding in each.findings), *reading_findings(table, config)]
    good = table.filter(pl.col("reason").is_null())
    return Calls(
        table=good.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()).sort("received", "call_id"),
        rejected=table.filter(pl.col("reason").is_not_null()).select(pl.col(name).cast(dtype) for name, dtype in REJECTED.items()),
        rows_read=len(table),
        findings=raise_on_errors(findings),
        time_zone=config.time_zone,
        sources=tuple({raw.path: raw.sha256 for raw in raws}.items()),
    )


def _each(items: Sequence[Item], work: Callable[[Item], Result]) -> list[Result]:
    """Do `work` on every item and return the results, or raise the problems of all items at once."""
    results: list[Result] = []
    problems: list[Finding] = []
    for item in items:
        try:
            results.append(work(item))
        except QinwuError as error:
            problems += error.findings
    raise_on_errors(problems)
    return results


def _label(path: Path, folder: Path | None) -> str:
    return path.relative_to(folder).as_posix() if folder is not None and path.is_relative_to(folder) else path.name


def _only_durations(profile: Profile) -> Finding:
    message = N_("The source {name} has elapsed times only, no calls.")
    remedy = N_("Use it for health checks and fitting; a station needs calls with a time and a place.")
    place, values = Place("station.toml", key="calls.profile"), {"name": str(profile.name)}
    return Finding("durations-only", "error", message, remedy, place, values)


def _cleaned(raw: RawTable, profile: Profile, config: StationConfig, area: Area | None) -> Draft:
    drafted = draft(raw, profile, config.time_zone, area is not None)
    table = with_meaning(drafted.table, profile, config)
    if area is not None:
        table = _with_atoms(table, area, profile.coordinates or config.coordinates)
    return Draft(table, drafted.findings)


def _with_atoms(table: pl.DataFrame, area: Area, system: str) -> pl.DataFrame:
    """Give every row the atom it names, or else the one its point lies in."""
    named = table["atom"].is_in(list(area.atom_ids)).fill_null(value=False)
    lon, lat = _points(table, system)
    places, moved = place_points(lon, lat, area.polygons)
    ids = pl.Series([*area.atom_ids, None], dtype=pl.String).gather(np.where(places == OUTSIDE, len(area), places))
    pointed = pl.Series(np.isfinite(lon) & np.isfinite(lat))
    source, point = table["atom"], pl.format("{}, {}", pl.Series("lon", lon).round(2), pl.Series("lat", lat).round(2))
    table = table.with_columns(
        atom=pl.when(named).then(source).otherwise(ids), moved=pl.Series(moved) & ~named, pointed=pointed, said=source, point=point
    )
    nowhere = pl.col("atom").is_null()
    table = reject(table, nowhere & ~pl.col("pointed") & pl.col("said").is_null(), "missing-place", pl.lit(""))
    table = reject(table, nowhere & ~pl.col("pointed"), "unknown-atom", pl.col("said"))
    return reject(table, nowhere, "outside-area", pl.col("point")).drop("pointed", "said", "point")


def _points(table: pl.DataFrame, system: str) -> tuple[F64, F64]:
    """Return WGS84 degrees from lon and lat, or where a row has none from x and y; NaN where it has neither."""
    x, y = (table.select(pl.coalesce(degrees, metres)).to_series().to_numpy() for degrees, metres in (("lon", "x"), ("lat", "y")))
    known = np.isfinite(x) & np.isfinite(y)
    lon, lat = np.full(len(x), np.nan), np.full(len(y), np.nan)
    lon[known], lat[known] = to_wgs84(x[known], y[known], system)
    return lon, lat


def _with_ids(table: pl.DataFrame) -> pl.DataFrame:
    """Name calls that have no id, or share one with an earlier call of another time, after their file and row."""
    place = pl.format("{}:{}", "file", "row")
    first = pl.col("received").first().over("call_id")
    taken = pl.col("call_id").is_not_null() & (pl.col("received") != first)
    named = pl.when(taken).then(pl.format("{}@{}", "call_id", place)).otherwise("call_id")
    return table.with_columns(
        unnamed=pl.col("call_id").is_null(), renamed=taken.fill_null(value=False), call_id=pl.coalesce(named, place)
    )


def _reject_duplicates(table: pl.DataFrame) -> pl.DataFrame:
    """Reject every good row but the first with one id, or, without ids, with the same time, class, place and stamps."""
    good = table.filter(pl.col("reason").is_null())
    content = [*STAMPS, "call_class", "atom", "lon", "lat", "x", "y"]
    repeats = [
        good.filter(~pl.col("unnamed")).filter(~pl.col("call_id").is_first_distinct()),
        good.filter("unnamed").filter(~pl.struct(content).is_first_distinct()),
    ]
    again = pl.concat([rows.select("file", "row") for rows in repeats]).with_columns(again=pl.lit(value=True))
    if not len(again):
        return table
    marked = table.join(again, on=["file", "row"], how="left", maintain_order="left")
    return reject(marked, pl.col("again"), "duplicate-call", pl.col("call_id")).drop("again")
