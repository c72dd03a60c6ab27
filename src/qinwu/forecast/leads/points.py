"""Points: where something happened, in metres; what cannot be a place is said, with its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from qinwu.findings import Finding, Place, raise_on_errors
from qinwu.forecast.leads.cases import F64, Bools
from qinwu.forecast.leads.moments import rows_finding
from qinwu.language import N_
from qinwu.station.clocks import plain_text
from qinwu.station.coordinates import WGS84, coordinate_findings, local_projection, to_local, to_wgs84
from qinwu.station.drafting import number

REACH_DEG = 3.0
"""Degrees from the middle of all points beyond which a point is no place of this file."""
APART_M = 1e7
"""Places that are known by name only stand so far apart that they are never near each other."""


@dataclass(frozen=True, slots=True)
class Points:
    """Metres east and north of each row, nan where the place is not known; whether only names of places are known; findings."""

    x_m: F64
    y_m: F64
    by_name: bool
    findings: tuple[Finding, ...]


def read_points(table: pl.DataFrame, columns: Mapping[str, str], rows: Sequence[int], file: str, coordinates: str = "") -> Points:
    """Return where each row happened.

    Parameters
    ----------
    table, columns
        The file, and which of its headers holds what: ``lon`` and ``lat``, ``point``, ``x`` and ``y``, or ``place``.
    rows, file
        For findings.
    coordinates
        ``WGS84``, ``GCJ-02``, ``BD-09`` or ``EPSG:n``; empty means WGS84 for degrees and plain metres for x and y.

    Raises
    ------
    QinwuError
        Where `coordinates` is not known.
    """
    if coordinates:
        raise_on_errors(coordinate_findings(coordinates, Place("", key="--coordinates")))
    first, second, metres = _numbers(table, columns)
    if first is None or second is None:
        return _by_name(table, columns, rows, file)
    if metres and not coordinates:
        return _plain_metres(first, second, rows, file)
    projected = coordinates.upper().startswith("EPSG")
    if projected:
        known = np.isfinite(first) & np.isfinite(second)
        lon, lat = np.full(first.size, np.nan), np.full(first.size, np.nan)
        lon[known], lat[known] = to_wgs84(first[known], second[known], coordinates)
        findings: list[Finding] = []
    else:
        lon, lat, findings = _degrees(first, second, rows, file)
        lon, lat = to_wgs84(lon, lat, coordinates or WGS84)
    lon, lat, far = _within_reach(lon, lat)
    findings += _far(far, rows, file)
    findings += _unplaced(~np.isfinite(lon) & ~far, rows, file)
    if not np.isfinite(lon).any():
        return Points(lon, lat, True, tuple(findings))
    x, y = np.full(lon.size, np.nan), np.full(lon.size, np.nan)
    known = np.isfinite(lon)
    middle = (float(np.median(lon[known])), float(np.median(lat[known])))
    x[known], y[known] = to_local(lon[known], lat[known], local_projection(*middle))
    return Points(x, y, False, tuple(findings))


def _numbers(table: pl.DataFrame, columns: Mapping[str, str]) -> tuple[F64 | None, F64 | None, bool]:
    """Return two columns of numbers, and whether they are headed x and y."""
    if "lon" in columns and "lat" in columns:
        return _floats(table[columns["lon"]]), _floats(table[columns["lat"]]), False
    if "point" in columns:
        halves = plain_text(table[columns["point"]]).str.extract_groups(r"(-?\d+(?:\.\d+)?)\D*?[,;、 ]+\D*?(-?\d+(?:\.\d+)?)")
        return _floats(halves.struct.field("1")), _floats(halves.struct.field("2")), False
    if "x" in columns and "y" in columns:
        return _floats(table[columns["x"]]), _floats(table[columns["y"]]), True
    return None, None, False


def _floats(column: pl.Series) -> F64:
    return number(column).cast(pl.Float64).fill_null(np.nan).to_numpy().copy()


def _degrees(lon: F64, lat: F64, rows: Sequence[int], file: str) -> tuple[F64, F64, list[Finding]]:
    """Return degrees with zeros and impossible ones taken out, and those put right whose two numbers were exchanged."""
    nothing = (lon == 0.0) & (lat == 0.0)
    sound = ~nothing & (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    other = ~nothing & (np.abs(lat) <= 180.0) & (np.abs(lon) <= 90.0)
    exchanged = _exchanged(lon, lat, sound, other)
    lon, lat = np.where(exchanged, lat, lon), np.where(exchanged, lon, lat)
    wrong = ~exchanged & ~sound & np.isfinite(lon) & np.isfinite(lat)
    lon, lat = (np.where(nothing | wrong, np.nan, each) for each in (lon, lat))
    findings = [
        *rows_finding(
            "exchanged-coordinates", N_("{count} rows have longitude and latitude exchanged; put right: {rows}."),
            N_("Look whether the columns are headed the right way round."), exchanged, rows, file,
        ),
        *rows_finding(
            "impossible-coordinates",
            N_("{count} rows have coordinates that are no place on earth, or 0, 0; place left out: {rows}."),
            N_("Correct them; without a place a pair has one reason less."), nothing | wrong, rows, file,
        ),
    ]  # fmt: skip
    return lon, lat, findings


def _exchanged(lon: F64, lat: F64, sound: Bools, other: Bools) -> Bools:
    """Return rows that fit among all others only with their numbers exchanged; all of them where only that makes a place in China.

    Latitudes of China are below 54°, longitudes above 73°: most rows decide which way round the file is.
    """
    likely = other & (lon > 3.0) & (lon < 54.0) & (lat > 73.0) & (lat < 136.0)
    if likely.sum() > 0.5 * np.isfinite(lon).sum():
        return likely
    if not sound.any():
        return other
    middle = np.median(lon[sound]), np.median(lat[sound])
    fits = sound & (np.abs(lon - middle[0]) <= REACH_DEG) & (np.abs(lat - middle[1]) <= REACH_DEG)
    return other & ~fits & (np.abs(lat - middle[0]) <= REACH_DEG) & (np.abs(lon - middle[1]) <= REACH_DEG)


def _within_reach(lon: F64, lat: F64) -> tuple[F64, F64, Bools]:
    known = np.isfinite(lon) & np.isfinite(lat)
    if not known.any():
        return lon, lat, ~known
    far = known & (np.abs(lon - np.median(lon[known])) > REACH_DEG)
    far |= known & (np.abs(lat - np.median(lat[known])) > REACH_DEG)
    kept = known & ~far
    return np.where(kept, lon, np.nan), np.where(kept, lat, np.nan), far


def _plain_metres(x: F64, y: F64, rows: Sequence[int], file: str) -> Points:
    nothing = (x == 0.0) & (y == 0.0)
    x, y = np.where(nothing, np.nan, x), np.where(nothing, np.nan, y)
    message = N_("The columns x and y are taken as metres.")
    remedy = N_("If they are not, say --coordinates EPSG:n.")
    note = Finding("taken-as-metres", "note", message, remedy, Place(file, 1))
    return Points(x, y, False, (note, *_unplaced(~np.isfinite(x), rows, file)))


def _by_name(table: pl.DataFrame, columns: Mapping[str, str], rows: Sequence[int], file: str) -> Points:
    """Return places known by name only: the same name is the same point, another name is far away."""
    if "place" not in columns:
        nowhere = np.full(len(table), np.nan)
        message = N_("No column says where it was: distance cannot count.")
        remedy = N_("Give longitude and latitude, coordinates, or a beat or area.")
        return Points(nowhere, nowhere, True, (Finding("no-place", "warning", message, remedy, Place(file, 1)),))
    names = plain_text(table[columns["place"]])
    code = names.rank("dense").cast(pl.Float64).fill_null(np.nan).to_numpy() * APART_M
    message = N_("Places are known by name only: two rows are at the same place, or far apart.")
    remedy = N_("Give longitude and latitude to measure distances.")
    note = Finding("places-by-name", "note", message, remedy, Place(file, 1))
    return Points(code, np.where(np.isfinite(code), 0.0, np.nan), True, (note, *_unplaced(~np.isfinite(code), rows, file)))


def _far(mask: Bools, rows: Sequence[int], file: str) -> Iterator[Finding]:
    message = N_("{count} rows lie hundreds of kilometres from all others; place left out: {rows}.")
    yield from rows_finding("far-away", message, N_("Correct them, or check --coordinates."), mask, rows, file)


def _unplaced(mask: Bools, rows: Sequence[int], file: str) -> Iterator[Finding]:
    message = N_("{count} rows have no place that can be read: {rows}.")
    yield from rows_finding("no-point", message, N_("Without a place a pair has one reason less."), mask, rows, file)
