"""A trial: a station and several duty systems, read, checked and compiled, ready to be tried on common calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qinwu.duty.compile import compile_with_findings
from qinwu.duty.reading import LoadedSystem, list_systems, read_system
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.rules import check_system
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.language import N_
from qinwu.simulate.engine import Engine, Job
from qinwu.simulate.measures import Context
from qinwu.simulate.outcome import Comparison, compare
from qinwu.simulate.stream import CallsMode, default_mode, read_source
from qinwu.station.folder import read_station
from qinwu.station.station import Station


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
    found = list(check_system(station, loaded))
    try:
        plan, more = compile_with_findings(station, loaded.system)
    except QinwuError as error:
        known = {finding.code for finding in found if finding.severity == "error"}
        raise QinwuError([*found, *loaded.located(f for f in error.findings if f.code not in known)]) from None
    raise_on_errors(found)
    return loaded, plan, (*found, *loaded.located(more))


def prepare(folder: Path, systems: Sequence[str] = ()) -> Trial:
    """Read a station folder and the named duty systems (all of its ``duty`` folder where none is named), current one first.

    Raises
    ------
    QinwuError
        With every finding of every file.
    """
    station = read_station(folder)
    names = [station.config.current, *(systems or list_systems(folder))]
    ready: list[tuple[LoadedSystem, ResponsePlan, tuple[Finding, ...]]] = []
    wrong: list[Finding] = []
    for name in dict.fromkeys(names):
        try:
            ready.append(load_system(station, name))
        except QinwuError as error:
            wrong += error.findings
    wrong += _same_ids([loaded for loaded, _, _ in ready])
    raise_on_errors(wrong)
    found = [finding for _, _, each in ready for finding in each]
    return Trial(station, tuple(s for s, _, _ in ready), tuple(p for _, p, _ in ready), tuple(found))


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
    job = Job(trial.plans, source, Context.of(trial.station), mode or default_mode(source), seed, weeks)
    return compare(job, trial.names, replications, engine, on_done)
