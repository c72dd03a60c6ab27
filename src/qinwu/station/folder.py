"""A station folder read whole: every file is tried, and every problem of every file is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.area import Area
from qinwu.station.calls import Calls
from qinwu.station.checks import FILE, check_atoms_named, check_config, check_skills
from qinwu.station.config import StationConfig
from qinwu.station.force import Force
from qinwu.station.officers import read_force
from qinwu.station.station import Station
from qinwu.station.survey import read_area
from qinwu.station.toml_file import parse_toml, validate
from qinwu.station.venue_file import read_venues
from qinwu.station.venues import Venue

Part = TypeVar("Part")


def read_station(folder: Path) -> Station:
    """Return the station described in `folder`.

    Raises
    ------
    QinwuError
        With every finding of every file, where at least one is an error.
    """
    station, findings = check_station(folder)
    if station is None:
        raise QinwuError(findings)
    return station


def check_station(folder: Path, *, even_without_calls: bool = False) -> tuple[Station | None, tuple[Finding, ...]]:
    """Return the station (None where anything is an error) and every finding of every file, never raising.

    Parameters
    ----------
    folder
        The station folder.
    even_without_calls
        Where nothing but the calls is wrong, return the station without calls, so that its duty systems can be checked.
    """
    try:
        config, text = _config(folder)
    except QinwuError as error:
        return None, error.findings
    findings = list(check_config(config, text))
    wrong = {finding.code for finding in findings}
    area, area_findings = (None, ()) if "unknown-coordinates" in wrong else read_area(folder, config)
    force, force_findings = _force(folder, config)
    venues, venue_findings = _venues(folder, config, area)
    in_some_zone = config.model_copy(update={"time_zone": "UTC"}) if "unknown-time-zone" in wrong else config
    calls, call_findings = _calls(folder, in_some_zone, area)
    findings += [*area_findings, *force_findings, *venue_findings, *call_findings]
    if area is not None:
        findings += check_atoms_named(config, area, text)
    if force is not None and len(force):
        findings += check_skills(config, frozenset().union(*(officer.skills for officer in force)), text)
    about_calls = call_findings if even_without_calls else ()
    if calls is None and even_without_calls:
        calls = Calls.none(in_some_zone.time_zone)
    if area is None or calls is None or force is None or _any_error(one for one in findings if one not in about_calls):
        return None, tuple(findings)
    return Station(folder, config, area, calls, force, venues, tuple(findings)), tuple(findings)


def read_config(folder: Path) -> StationConfig:
    """Return ``station.toml`` of a folder, checked; raise `QinwuError` with everything wrong in it."""
    config, text = _config(folder)
    findings = check_config(config, text)
    if _any_error(findings):
        raise QinwuError(findings)
    return config


def _any_error(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _config(folder: Path) -> tuple[StationConfig, str]:
    if not folder.is_dir():
        message, remedy = N_("There is no folder {path}."), N_("qinwu new --sample makes a station folder to start from.")
        raise QinwuError([Finding("missing-folder", "error", message, remedy, Place(), {"path": folder.as_posix()})])
    data, text = parse_toml(folder / FILE)
    return validate(data, StationConfig, FILE, text), text


def _force(folder: Path, config: StationConfig) -> tuple[Force | None, tuple[Finding, ...]]:
    if not config.files.officers:
        message = N_("No officers file is named; the force is empty.")
        remedy = N_('Name it: [files] officers = "officers.csv".')
        return Force(), (Finding("no-officers-file", "warning", message, remedy, Place(FILE, None, "files.officers")),)
    return _tried(lambda: read_force(folder / config.files.officers), None)


def _venues(folder: Path, config: StationConfig, area: Area | None) -> tuple[tuple[Venue, ...], tuple[Finding, ...]]:
    if not config.files.venues:
        return (), ()
    return _tried(lambda: read_venues(folder / config.files.venues, area, config.coordinates), ())


def _calls(folder: Path, config: StationConfig, area: Area | None) -> tuple[Calls | None, tuple[Finding, ...]]:
    from qinwu.station.reading import read_calls

    try:
        calls = read_calls(folder, config, area)
    except QinwuError as error:
        return None, error.findings
    return calls, calls.findings


def _tried(read: Callable[[], tuple[Part, tuple[Finding, ...]]], instead: Part) -> tuple[Part, tuple[Finding, ...]]:
    """Return what `read` gives, or `instead` with the findings it raised."""
    try:
        return read()
    except QinwuError as error:
        return instead, error.findings
