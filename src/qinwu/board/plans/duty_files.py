"""Duty files: which duty systems fit the station as its files are, what is wrong with the others, and how a new one comes in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from qinwu.board import trail
from qinwu.board.in_force import in_force, state_of
from qinwu.board.once import once
from qinwu.duty.drafts import Draft, adopted, compiled, draft_of, free_name, named
from qinwu.duty.reading import DUTY, PRESET, SUFFIX, LoadedSystem, list_files, list_systems, preset_ids, read_preset, read_system
from qinwu.duty.response_plan import ResponsePlan
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.plan.call_flows import call_flows, placed
from qinwu.report.writing import write_whole
from qinwu.simulate.trial import load_system
from qinwu.station.folder import check_station, read_config
from qinwu.station.station import Station


@dataclass(frozen=True)
class Standing:
    """A duty system and how it stands: read and compiled, or what is wrong with it."""

    name: str
    loaded: LoadedSystem | None
    plan: ResponsePlan | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Standings:
    """How the station's files stand: what is wrong with the station itself, its duty systems, presets that it could take in.

    ``current`` is the duty system that station.toml names, empty where it cannot be read; ``zone`` the time zone, UTC then.
    """

    findings: tuple[Finding, ...]
    systems: tuple[Standing, ...]
    presets: tuple[Standing, ...]
    current: str
    zone: str

    def of(self, name: str) -> Standing | None:
        """Return a duty system by name, None where there is none."""
        return next((each for each in self.systems if each.name == name), None)


def standings() -> Standings:
    """Return how all duty systems stand with the files as they are now; looked at again only when a file changed."""
    folder = Path(settings.STATION)
    return _looked_at(folder, state_of(folder))


@once(kept=2)
def _looked_at(folder: Path, _state: tuple[tuple[str, int], ...]) -> Standings:
    station, found = _station(folder)
    systems = tuple(_standing(station, folder, name) for name in list_systems(folder))
    used = {file for each in systems if each.loaded for file in each.loaded.files}
    presets = [preset for preset in preset_ids() if f"{PRESET}{preset}" not in used] if station else []
    could = tuple(each for preset in presets if station and (each := _taken_in(station, preset)).plan is not None)
    wrong = () if station else tuple(one for one in found if one.severity == "error")
    return Standings(wrong, systems, could, *_said_by_station(folder))


def _said_by_station(folder: Path) -> tuple[str, str]:
    """Return the current duty system and the time zone, which station.toml may tell even where nothing else can be read."""
    try:
        config = read_config(folder)
    except QinwuError:
        return "", "UTC"
    return config.current, config.time_zone


def _station(folder: Path) -> tuple[Station | None, tuple[Finding, ...]]:
    """Return the station, as the board has read it already where it could."""
    try:
        return in_force().station, ()
    except QinwuError:
        return check_station(folder, even_without_calls=True)


def _standing(station: Station | None, folder: Path, name: str) -> Standing:
    try:
        if station is None:
            return Standing(name, read_system(name, folder), None)
        loaded, plan, _more = load_system(station, name)
    except QinwuError as error:
        return Standing(name, None, None, tuple(one for one in error.findings if one.severity == "error"))
    return Standing(name, loaded, plan)


def _taken_in(station: Station, preset: str) -> Standing:
    """Return a preset as the station would have it."""
    try:
        loaded, plan, _more = compiled(_draft_of_preset(station, preset), station)
    except QinwuError as error:
        return Standing(preset, None, None, error.findings)
    return Standing(preset, loaded, plan)


def _draft_of_preset(station: Station, preset: str) -> Draft:
    return adopted(preset, station.folder / DUTY / f"{station.config.current}{SUFFIX}", list_files(station.folder))


def hand_in(content: bytes, file: str, wanted: str, by: str) -> str:
    """Keep a duty file that was handed in, once it is known to fit; no file is ever overwritten. Return the name it has.

    Parameters
    ----------
    content, file
        What was handed in, and what it was called.
    wanted
        The name to keep it by; its own id where empty, or the next version where that is taken.
    by
        Who handed it in.

    Raises
    ------
    QinwuError
        With everything wrong with it, as ``qinwu check`` says it, or because the wanted name is taken; nothing is kept then.
    """
    station, folder = in_force().station, Path(settings.STATION)
    draft = draft_of(content, file)
    name = wanted or free_name(draft.id, list_files(folder))
    draft = named(draft, name, file)
    loaded, _plan, _more = compiled(draft, station)
    if loaded.system.layer:
        message, remedy = N_("{name} is a layer: a part that goes on top of a duty system."), N_("Extend it in a file of its own.")
        raise QinwuError([Finding("is-a-layer", "error", message, remedy, Place(file, key="layer"), {"name": name})])
    return _keep(draft, by, "system.hand_in")


def take_in(preset: str, by: str) -> str:
    """Keep a duty file that lays a preset over the station's own files; return its name.

    Raises
    ------
    QinwuError
        There is no such preset, or it does not fit the station.
    """
    station = in_force().station
    read_preset(preset)
    draft = _draft_of_preset(station, preset)
    compiled(draft, station)
    return _keep(draft, by, "system.take_in")


def keep_flows(name: str, by: str) -> tuple[str, ...]:
    """Keep a duty system of the station in each call flow, those that stand there already left as they are; return their names.

    Raises
    ------
    QinwuError
        There is no such system, or it does not fit the station.
    """
    known, folder = standings().of(name), Path(settings.STATION)
    if known is None or known.loaded is None or known.plan is None:
        message, remedy = N_("There is no duty system {value}."), N_("Choose from the list.")
        wrong = Finding("unknown-system", "error", message, remedy, Place(key="system"), {"value": name[:80]})
        raise QinwuError(known.findings if known and known.findings else [wrong])
    kept = [placed(file, folder) for file in call_flows(known.loaded.system, name)]
    return tuple(file.id if there else hand_in(file.text().encode(), f"{file.id}{SUFFIX}", file.id, by) for file, there in kept)


def _keep(draft: Draft, by: str, action: str) -> str:
    folder = Path(settings.STATION)
    with transaction.atomic():
        trail.lock()
        if draft.id.casefold() in {name.casefold() for name in list_files(folder)}:
            free = free_name(draft.id, list_files(folder))
            message, remedy = N_("There is a duty system {name} already; none is overwritten."), N_("{free} is free.")
            raise QinwuError([Finding("name-taken", "error", message, remedy, Place(key="name"), {"name": draft.id, "free": free})])
        write_whole(folder / DUTY / f"{draft.id}{SUFFIX}", draft.text.encode())
        trail.record(by, action, draft.id, bytes=len(draft.text.encode()))
    return draft.id


def bytes_of(name: str) -> bytes:
    """Return the file of a duty system of the station."""
    return (Path(settings.STATION) / DUTY / f"{name}{SUFFIX}").read_bytes()


def zone() -> str:
    """Return the station's time zone, UTC where its files do not even tell that."""
    return standings().zone
