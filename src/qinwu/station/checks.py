"""Checks across the keys of ``station.toml`` and across the files of a station; each returns findings, none raises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.area import Area
from qinwu.station.config import CallClass, StationConfig
from qinwu.station.coordinates import coordinate_findings, local_crs_findings
from qinwu.station.toml_file import key_text
from qinwu.station.toml_lines import KeyPath, key_lines, locate
from qinwu.station.venue_file import unknown_atom

FILE = "station.toml"


class _At:
    """Places in ``station.toml``, with the line where its text is known."""

    def __init__(self, text: str) -> None:
        self.lines = key_lines(text)

    def __call__(self, *path: str | int) -> Place:
        key: KeyPath = path
        return Place(FILE, locate(self.lines, key), key_text(key))


def check_config(config: StationConfig, text: str = "") -> tuple[Finding, ...]:
    """Return what is wrong in ``station.toml`` beyond single values: zone, coordinates, ids, classes, seasons.

    Parameters
    ----------
    config
        The validated file.
    text
        Its source, for line numbers.
    """
    at = _At(text)
    return (
        *_zone(config, at),
        *coordinate_findings(config.coordinates, at("coordinates")),
        *local_crs_findings(config.local_crs, at("local_crs")),
        *_classes(config, at),
        *_class_words(config, at),
        *_season(config, at),
        *_neighbours(config, at),
    )


def check_atoms_named(config: StationConfig, area: Area, text: str = "") -> tuple[Finding, ...]:
    """Return errors for atoms that ``station.toml`` names and the area does not have."""
    at = _At(text)
    wanted = [(config.base_atom, at("base_atom"))] if config.base_atom else []
    wanted += [(neighbour.atom, at("neighbour", n, "atom")) for n, neighbour in enumerate(config.neighbour)]
    return tuple(unknown_atom(atom, area, place) for atom, place in wanted if atom not in area.index)


def check_skills(config: StationConfig, known: frozenset[str], text: str = "") -> tuple[Finding, ...]:
    """Return warnings for skills that a call class needs and no officer has."""
    at = _At(text)
    message = N_("No officer has the skill {value} that calls of class {call_class} need.")
    remedy = N_("Add the skill to an officer, or remove it here.")
    return tuple(
        Finding(
            "skill-nobody-has", "warning", message, remedy, at("call_class", n, "skills"), {"value": skill, "call_class": each.id}
        )
        for n, each in enumerate(config.call_class)
        for skill in each.skills
        if skill not in known
    )


def _zone(config: StationConfig, at: _At) -> Iterator[Finding]:
    try:
        ZoneInfo(config.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        guess = did_you_mean(config.time_zone, available_timezones())
        message = N_("{value} is not a time zone.")
        remedy = N_("Did you mean {guess}?") if guess else N_("Write an IANA name such as Asia/Shanghai.")
        values = {"value": config.time_zone or '""', "guess": guess}
        yield Finding("unknown-time-zone", "error", message, remedy, at("time_zone"), values)


def _classes(config: StationConfig, at: _At) -> Iterator[Finding]:
    if not config.call_class:
        message, remedy = N_("No call class is described."), N_("Add a [[call_class]] table for each class of calls.")
        yield Finding("no-call-class", "error", message, remedy, at("call_class"))
    yield from _duplicates([each.id for each in config.call_class], "call_class", at)
    for n, each in enumerate(config.call_class):
        yield from _class(each, n, at)


def _class(each: CallClass, n: int, at: _At) -> Iterator[Finding]:
    if each.sworn > each.officers:
        message = N_("Class {call_class} needs {sworn} sworn officers but only {officers} officers in all.")
        values = {"call_class": each.id, "sworn": each.sworn, "officers": each.officers}
        remedy = N_("Officers counts everybody, sworn ones included: raise it or lower sworn.")
        yield Finding("more-sworn-than-officers", "error", message, remedy, at("call_class", n, "sworn"), values)


def _class_words(config: StationConfig, at: _At) -> Iterator[Finding]:
    """Yield errors for class ids that the calls section names and no table describes."""
    known = [each.id for each in config.call_class]
    named = [(name, at("calls", "class_map", word)) for word, name in config.calls.class_map.items()]
    named += [(config.calls.default_class, at("calls", "default_class"))] if config.calls.default_class else []
    for name, place in named:
        if known and name not in known:
            guess = did_you_mean(name, known)
            message = N_("There is no call class {value}.")
            remedy = N_("Did you mean {guess}?") if guess else N_("Call classes here: {known}.")
            values = {"value": name, "guess": guess, "known": ", ".join(known)}
            yield Finding("unknown-call-class", "error", message, remedy, place, values)


def _season(config: StationConfig, at: _At) -> Iterator[Finding]:
    season, known = config.travel.season, config.travel.class_factor
    if season and season not in known:
        guess = did_you_mean(season, known)
        message = N_("There are no road factors for the season {value}.")
        remedy = N_("Did you mean {guess}?") if guess else N_("Add a table [travel.class_factor.{value}], or leave season out.")
        yield Finding("unknown-season", "error", message, remedy, at("travel", "season"), {"value": season, "guess": guess})


def _neighbours(config: StationConfig, at: _At) -> Iterator[Finding]:
    yield from _duplicates([each.id for each in config.neighbour], "neighbour", at)
    for n, each in enumerate(config.neighbour):
        if each.sworn > each.people:
            message = N_("A crew of {people} cannot have {sworn} sworn officers.")
            values = {"people": each.people, "sworn": each.sworn}
            place = at("neighbour", n, "sworn")
            yield Finding("more-sworn-than-officers", "error", message, N_("Lower sworn or raise people."), place, values)


def _duplicates(ids: Sequence[str], table: str, at: _At) -> Iterator[Finding]:
    for n, each in enumerate(ids):
        if each in ids[:n]:
            message, remedy = N_("The id {value} is used twice."), N_("Rename one of the two.")
            yield Finding("duplicate-id", "error", message, remedy, at(table, n, "id"), {"value": each})
