"""Durations: sources that give elapsed times but neither stamps nor places; good for health checks and for fitting."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.call_files import listed, read_raw
from qinwu.station.drafting import number
from qinwu.station.profiles import SECONDS, Profile, find_columns

DURATIONS = ("intake_s", "dispatch_s", "travel_s", "response_s", "on_scene_s", "total_s")
SUMS = {"response_s": ("intake_s", "dispatch_s", "travel_s"), "total_s": ("response_s", "on_scene_s")}


def read_durations(files: Sequence[Path], profile: Profile) -> pl.DataFrame:
    """Return the elapsed times of `files` in seconds, as recorded, one row for each source row.

    Parameters
    ----------
    files
        CSV, Excel or Parquet.
    profile
        A profile with ``durations``.

    Returns
    -------
    polars.DataFrame
        Columns `DURATIONS`; null where the source has none, negative where it says so.

    Raises
    ------
    QinwuError
        Where the profile has no durations, or a file none of its columns.
    """
    if profile.durations is None:
        message = N_("The profile {name} describes calls, not durations.")
        raise QinwuError([Finding("no-durations", "error", message, values={"name": str(profile.name)})])
    raws = [raw for path in files for raw in read_raw(path, path.name, profile.headers())]
    return pl.concat(_durations(raw.table, profile, raw.file) for raw in raws)


def _durations(source: pl.DataFrame, profile: Profile, file: str) -> pl.DataFrame:
    given = profile.durations
    found = find_columns(source.columns, given.columns.items()) if given else {}
    if given is None or not found:
        message = N_("No column holds a duration; the file has: {headers}.")
        raise QinwuError(
            [Finding("missing-column", "error", message, place=Place(file), values={"headers": listed(source.columns)})]
        )
    seconds = SECONDS[given.unit]
    none = pl.repeat(None, len(source), dtype=pl.Float64, eager=True)
    return pl.DataFrame([((number(source[found[name][0]]) * seconds) if name in found else none).alias(name) for name in DURATIONS])
