"""A trial: a station and several duty systems, read, checked and compiled, ready to be tried on common calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qinwu.duty.background import stated_background
from qinwu.duty.reading import DUTY, PRESET, SUFFIX, LoadedSystem, list_files, list_systems, read_system
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.rules import compile_checked
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.simulate.engine import Engine, Job
from qinwu.simulate.outcome import Comparison, compare
from qinwu.simulate.stream import CallsMode, default_mode
from qinwu.station.context import Context
from qinwu.station.demand import read_source
from qinwu.station.folder import check_station
from qinwu.station.station import Station

NEEDS_A_SYSTEM_BELOW = ("nothing-to-remove",)
"""What may be said of a part of a duty system that is read without the system it is laid over."""


@dataclass(frozen=True)
class Trial:
    """What will be compared: the first system is the one the station works by now."""

    station: Station
    systems: tuple[LoadedSystem, ...]
    plans: tuple[ResponsePlan, ...]
    findings: tuple[Finding, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the systems, in order."""
        return tuple(loaded.system.id for loaded in self.systems)


def load_system(station: Station, name: str) -> tuple[LoadedSystem, ResponsePlan, tuple[Finding, ...]]:
    """Read, check and compile one duty system of a station.

    Raises
    ------
    QinwuError
        With every finding of the file, the rules and the compiler that stands in the way.
    """
    loaded = read_system(name, station.folder)
    return loaded, *compile_checked(station, loaded)


def prepare(folder: Path, systems: Sequence[str] = (), today: str = "") -> Trial:
    """Read a station folder and the named duty systems (all of its ``duty`` folder where none is named), current one first.

    Parameters
    ----------
    folder
        The station folder.
    systems
        Names of duty systems.
    today
        The system that all others are compared with, where that is not the one ``station.toml`` calls current.

    Raises
    ------
    QinwuError
        With every finding of every file.
    """
    station, found = check_station(folder)
    ready, more = _ready(folder, station, _names(folder, station, systems, today))
    if station is None or _any_error(more):
        raise QinwuError([*found, *more])
    return Trial(station, tuple(s for s, _ in ready), tuple(p for _, p in ready), more)


def prepare_one(folder: Path, system: str = "", *, even_without_calls: bool = False) -> tuple[Station, LoadedSystem, ResponsePlan]:
    """Read a station folder and one duty system, that in force by default.

    Raises
    ------
    QinwuError
        With every finding of every file; those of calls alone are no hindrance `even_without_calls`.
    """
    station, found = check_station(folder, even_without_calls=even_without_calls)
    names = (system,) if system else (station.config.current,) if station else ()
    ready, more = _ready(folder, station, names)
    if station is None or _any_error(more):
        raise QinwuError([*found, *more])
    return station, *ready[0]


def check_folder(folder: Path) -> tuple[Station | None, tuple[Finding, ...]]:
    """Return the station (None where it cannot be read) and everything wrong with it and with its duty systems, never raising.

    Where only the calls are missing or wrong, the station comes without calls and its duty systems are checked all the same.
    """
    station, found = check_station(folder, even_without_calls=True)
    systems = _ready(folder, station, _names(folder, station, ()))[1]
    parts = [one for one in _ready(folder, None, list_files(folder))[1] if one.code not in NEEDS_A_SYSTEM_BELOW]
    return station, tuple(_once([*found, *systems, *parts]))


def _names(folder: Path, station: Station | None, systems: Sequence[str], today: str = "") -> tuple[str, ...]:
    """Return the current system and the named ones or all, each once; without a station, every file that may be one."""
    if not folder.is_dir():
        return ()
    current = (today or station.config.current,) if station else ()
    return tuple(dict.fromkeys((*current, *(systems or (list_systems(folder) if station else list_files(folder))))))


def _ready(
    folder: Path, station: Station | None, names: Sequence[str]
) -> tuple[list[tuple[LoadedSystem, ResponsePlan]], tuple[Finding, ...]]:
    """Return the systems that can be tried, and what is wrong with the others; without a station, only what files alone show."""
    ready: list[tuple[LoadedSystem, ResponsePlan]] = []
    found: list[Finding] = []
    for name in names:
        try:
            if station is None:
                read_system(name, folder)
                continue
            loaded, plan, more = load_system(station, name)
        except QinwuError as error:
            found += _seen_from(name, error.findings, station)
        else:
            ready.append((loaded, plan))
            found += _seen_from(name, more, station)
    return ready, (*_once(found), *_same_ids([loaded for loaded, _ in ready]))


def _seen_from(name: str, findings: Iterable[Finding], station: Station | None) -> Iterator[Finding]:
    """Yield findings about the duty system `name`, those in a preset it extends with its own file besides."""
    asked = Place("station.toml", key="current") if station and name == station.config.current else Place(key="--systems")
    for one in findings:
        if not one.place.file:
            yield replace(one, place=asked)
        elif one.place.file.startswith(PRESET) and not name.startswith(PRESET):
            yield replace(one, place=replace(one.place, file=f"{DUTY}/{name}{SUFFIX} → {one.place.file}"))
        else:
            yield one


def _any_error(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _once(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings without repeats: systems that extend one file share what is wrong in it."""
    return [finding for number, finding in enumerate(findings) if finding not in findings[:number]]


def _same_ids(systems: Sequence[LoadedSystem]) -> list[Finding]:
    seen: set[str] = set()
    found = []
    for loaded in systems:
        name = loaded.system.id
        if name in seen:
            message = N_("Two of the compared duty systems have the id {id}.")
            remedy = N_("Give each file its own id.")
            found.append(Finding("same-system-id", "error", message, remedy, loaded.place("id"), {"id": name}))
        seen.add(name)
    return found


def run_trial(
    trial: Trial,
    *,
    replications: int = 30,
    seed: int = 1,
    mode: CallsMode | None = None,
    days: int | None = None,
    weeks: int | None = None,
    engine: Engine | None = None,
    on_done: Callable[[int], None] | None = None,
) -> Comparison:
    """Try every system of `trial` on the same calls.

    Parameters
    ----------
    trial
        Station and compiled systems.
    replications
        How often, >= 1; every replication draws calls and luck anew, shared by all systems.
    seed
        Fixes every draw.
    mode
        How calls are drawn, see :func:`qinwu.simulate.stream.draw_stream`; whole weeks resampled where the record allows.
    days
        Use only the last so many days of calls.
    weeks
        Length of one replication; the length of the record by default.
    engine, on_done
        Where to run, and whom to tell of finished replications.
    """
    source = read_source(trial.station, days)
    background = stated_background(trial.station, trial.plans[0])
    job = Job(trial.plans, source, Context.of(trial.station), mode or default_mode(source), seed, weeks, background)
    return compare(job, trial.names, replications, engine, on_done)
