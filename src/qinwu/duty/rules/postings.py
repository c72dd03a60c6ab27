"""Postings: which unit officers are in, and whom a duty system posts elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.organisation.checks import unknown_unit
from qinwu.duty.reading import LoadedSystem
from qinwu.duty.staffing import listed, unknown_officer
from qinwu.duty.stations import STATION, Stations
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.station import Station

OFFICERS_FILE = "officers.csv"


def officers_are_in_units(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield findings for unknown units of the officers file, and for officers and beats of none of several stations (M74)."""
    yield from _unknown_units(station, loaded)
    yield from _of_no_station(station, loaded)


def _unknown_units(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for units that do not exist; one warning where the system describes none of its own."""
    named: dict[str, list[str]] = {}
    for officer in station.force:
        if officer.unit:
            named.setdefault(officer.unit, []).append(officer.id)
    known = [unit.id for unit in loaded.system.unit if unit.id != STATION]
    file = station.config.files.officers or OFFICERS_FILE
    if named and not known:
        yield _no_units(sum(map(len, named.values())), file)
        return
    for unit, officers in named.items():
        if unit not in (*known, STATION):
            yield _nowhere(unit, officers, did_you_mean(unit, known), file)


def _of_no_station(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield warnings where the area has several stations and front-line officers, or beats, are of none of them."""
    stations = Stations.of(loaded.system)
    if not stations.several:
        return
    without = [one.id for one in station.force if one.post == "front_line" and not one.unit]
    if without:
        message = N_("{count} front-line officers are in no unit: {officers}; any of the {stations} stations may draw them.")
        values = {"count": len(without), "officers": listed(without), "stations": len(stations.homes)}
        place = Place(station.config.files.officers or OFFICERS_FILE, key="unit")
        yield Finding("officer-without-unit", "warning", message, N_("Name the unit of each."), place, values)
    for beat in stations.beats:
        if beat.unit == STATION and len(stations.above(STATION)) < 2:
            message, remedy = N_("Beat {beat} names no station, and there are {stations}."), N_("Give it the unit it belongs to.")
            values = {"beat": beat.id, "stations": len(stations.homes)}
            yield Finding("beat-without-station", "warning", message, remedy, loaded.place("beat", beat.id), values)


def postings_name_what_exists(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for postings of unknown officers, and to unknown units (M42)."""
    officers, units = station.force.by_id(), [STATION, *(unit.id for unit in loaded.system.unit)]
    for posting in loaded.system.posting:
        if posting.id not in officers:
            near = did_you_mean(posting.id, officers)
            yield from loaded.located([unknown_officer(posting.id, near, f"posting.{posting.id}.id")])
        if posting.unit and posting.unit not in units:
            yield unknown_unit(posting.unit, units, ("posting", posting.id, "unit"), loaded)


def _no_units(count: int, file: str) -> Finding:
    message = N_("{count} officers have a unit, but the duty system describes no units; it draws from all of them alike.")
    remedy = N_("Add [[unit]] tables, and unit to the beats.")
    return Finding("units-not-described", "warning", message, remedy, Place(file, key="unit"), {"count": count})


def _nowhere(unit: str, officers: list[str], guess: str, file: str) -> Finding:
    message = N_("There is no unit {unit}, where {count} officers are: {officers}.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Add a [[unit]] with this id.")
    values = {"unit": unit, "count": len(officers), "officers": listed(officers), "guess": guess}
    return Finding("unknown-unit", "error", message, remedy, Place(file, key="unit"), values)
