"""Importing: an export of any known layout turned into one canonical Parquet file of a station, with its account.

Both files are written beside their place and moved there only when both are whole, so that a station never holds half an
import.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors, reason_of
from qinwu.language import N_
from qinwu.station.calls import Calls
from qinwu.station.config import StationConfig
from qinwu.station.folder import read_config
from qinwu.station.profiles import load_profile
from qinwu.station.reading import read_files
from qinwu.station.survey import read_area

FOLDER = "calls"
CANONICAL = "qinwu"
PATTERN = "calls/*.parquet"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What one import did.

    Parameters
    ----------
    calls
        The clean calls, as written.
    calls_file, account_file
        Canonical Parquet, and the CSV account of every row left out; inside the station folder.
    findings
        What the reader saw, and what ``station.toml`` still needs before these calls are used.
    """

    calls: Calls
    calls_file: Path
    account_file: Path
    findings: tuple[Finding, ...]


def import_calls(profile: str, files: Sequence[Path], station_folder: Path, now: datetime | None = None) -> ImportResult:
    """Read `files` with `profile` and write them as canonical calls into a station folder.

    The station's classes, clock and atoms give the words of the source their meaning. The result is named for the profile
    and the days it covers, so that importing the same days again replaces it. ``station.toml`` is not touched.

    Parameters
    ----------
    profile
        Name of a reading profile, the station's own or a shipped one.
    files
        Exports of one source.
    station_folder
        Where ``station.toml`` and the atoms are.
    now
        Calls received later than this are rejected; the present by default.

    Raises
    ------
    QinwuError
        Where the station or the files cannot be used, or nothing can be written there; all is then as it was.
    """
    if not files:
        raise QinwuError([Finding("no-files", "error", N_("No call file is given."), N_("Name one or more files to import."))])
    config = read_config(station_folder)
    layout = load_profile(profile, station_folder)
    area, findings = read_area(station_folder, config)
    raise_on_errors(findings)
    calls = read_files(files, layout, config, area, now=now)
    calls_file, account_file = _targets(station_folder / FOLDER, profile, calls)
    replaced = [_replaced(calls_file)] if calls_file.exists() else []
    _write({calls_file: calls.table.write_parquet, account_file: calls.rejected.write_csv})
    return ImportResult(calls, calls_file, account_file, (*calls.findings, *replaced, *_still_needed(config, calls_file.name)))


def _targets(folder: Path, profile: str, calls: Calls) -> tuple[Path, Path]:
    days = calls.table["received"].dt.convert_time_zone(calls.time_zone).dt.strftime("%Y%m%d")
    name = f"{Path(profile).stem}-{days[0]}-{days[-1]}"
    return folder / f"{name}.parquet", folder / f"{name}.rejected.csv"


def _write(writers: Mapping[Path, Callable[[Path], object]]) -> None:
    """Write every file beside its place and then move all there: a reader sees old files or new ones, never half of one."""
    parts = {target: target.with_name(f".{target.name}.{os.getpid()}.part") for target in writers}
    try:
        for target, part in parts.items():
            part.parent.mkdir(exist_ok=True)
            writers[target](part)
        for target, part in parts.items():
            part.replace(target)
    except OSError as error:
        raise QinwuError([_unwritable(error, next(iter(writers)))]) from None
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _unwritable(error: OSError, target: Path) -> Finding:
    message, remedy = (
        N_("The import cannot be written: {reason}."),
        N_("Check that the disk has room and the folder can be written to."),
    )
    values = {"reason": reason_of(error)}
    return Finding("unwritable-folder", "error", message, remedy, Place(f"{FOLDER}/{target.name}"), values)


def _replaced(calls_file: Path) -> Finding:
    message = N_("An earlier import of the same days was replaced.")
    return Finding("import-replaced", "note", message, place=Place(f"{FOLDER}/{calls_file.name}"))


def _still_needed(config: StationConfig, name: str) -> list[Finding]:
    """Return what station.toml must still say before the station uses these calls."""
    found = []
    if not any(fnmatch(f"{FOLDER}/{name}", pattern) for pattern in config.files.calls):
        remedy = N_('Write in station.toml, under [files]: calls = ["{pattern}"].')
        place, values = Place("station.toml", key="files.calls"), {"pattern": PATTERN}
        found.append(
            Finding("import-not-listed", "warning", N_("station.toml does not name the imported calls."), remedy, place, values)
        )
    if config.calls.profile != CANONICAL:
        message = N_("station.toml still reads calls as {profile}; imported calls have the canonical layout.")
        remedy = N_('Write in station.toml, under [calls]: profile = "qinwu".')
        place, values = Place("station.toml", key="calls.profile"), {"profile": config.calls.profile}
        found.append(Finding("import-profile", "warning", message, remedy, place, values))
    return found
