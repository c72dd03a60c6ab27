"""In force: the station, and the duty system signed into force, compiled; read again only when something about it changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from qinwu.board.clock import now
from qinwu.board.models import SystemInForce
from qinwu.board.once import once
from qinwu.duty.explain import cycle_start
from qinwu.duty.reading import DUTY, LoadedSystem
from qinwu.duty.response_plan import I32, ResponsePlan
from qinwu.findings import Finding, QinwuError
from qinwu.forecast.leads.duplicate_model import DuplicateModel, learn_duplicates
from qinwu.forecast.leads.placed_calls import calls_of
from qinwu.judge.targets.standing import Standing
from qinwu.simulate.live.by_roster import middle_places
from qinwu.simulate.trial import prepare_one
from qinwu.station.config import CallClass
from qinwu.station.station import Station

NOT_READ = ("board", "reports", "calls")
READ = (".toml", ".csv", ".xlsx", ".geojson")
WAIT_S = 0.4
"""So long a call in the making waits for what is still being learnt."""
_LEARNER = ThreadPoolExecutor(1, thread_name_prefix="learning")


@dataclass(frozen=True, eq=False)
class InForce:
    """What the board obeys: a station, its duty system with the places of its values, and the plan compiled from both.

    Each reading is itself and no other, so that what was worked out of it can be kept by it.
    """

    station: Station
    loaded: LoadedSystem
    plan: ResponsePlan

    @property
    def duplicates(self) -> DuplicateModel | None:
        """What the station's record teaches about several calls of one incident, learnt once; None where it is too short."""
        return self._learning.result()

    def duplicates_by_now(self, wait_s: float = WAIT_S) -> DuplicateModel | None:
        """Return the same for who cannot wait: None also while it is being learnt, which half a million calls make seconds."""
        try:
            return self._learning.result(wait_s)
        except NotYet:
            return None

    @cached_property
    def _learning(self) -> Future[DuplicateModel | None]:
        return _LEARNER.submit(self._learn)

    def _learn(self) -> DuplicateModel | None:
        if not len(self.station.calls):
            return None
        try:
            return learn_duplicates(calls_of(self.station.calls, self.station.area))
        except QinwuError:
            return None

    @cached_property
    def standing(self) -> Standing:
        """Who owns which atom and beat under the duty system in force."""
        return Standing.of(self.station, self.loaded.system)

    @cached_property
    def sworn(self) -> dict[str, bool]:
        """Whether each officer of the station is sworn."""
        return {officer.id: officer.kind == "sworn" for officer in self.station.force}

    @cached_property
    def classes(self) -> dict[str, CallClass]:
        """The classes of calls by id."""
        return {each.id: each for each in self.station.config.call_class}

    @cached_property
    def atoms(self) -> dict[str, int]:
        """The position of each atom in the plan."""
        return {atom: at for at, atom in enumerate(self.plan.atoms)}

    @cached_property
    def _crews(self) -> dict[str, int]:
        return {label.id: at for at, label in enumerate(self.plan.crews)}

    @cached_property
    def middle_places(self) -> I32:
        """Where each crew is taken to be while nothing else is known."""
        return middle_places(self.plan)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The station's time zone."""
        return ZoneInfo(self.station.config.time_zone)

    @cached_property
    def _start(self) -> datetime:
        """When the plan's clock starts, local."""
        return cycle_start(self.station.calls)

    def cycle_s(self, at: datetime) -> float:
        """Return a time as seconds on the plan's clock: local, from the Monday before the first call of the record."""
        local = at.astimezone(self.zone).replace(tzinfo=None)
        return (local - self._start).total_seconds()

    def crew(self, name: str) -> int:
        """Return the position of a crew in the plan, -1 where this duty system has no such crew."""
        return self._crews.get(name, -1)


def in_force(at: datetime | None = None) -> InForce:
    """Return the duty system in force: the newest signed whose day has come, the station's current one where none is signed.

    Parameters
    ----------
    at
        When; now where None.

    Raises
    ------
    QinwuError
        The files of the station or of the duty system no longer fit each other.
    """
    signed = SystemInForce.objects.filter(valid_from__lte=at or now()).first()
    folder = Path(settings.STATION)
    found = _read(folder, signed.name if signed else "", state_of(folder))
    if isinstance(found, InForce):
        return found
    raise QinwuError(found)


@once(kept=4)
def _read(folder: Path, system: str, _state: tuple[tuple[str, int], ...]) -> InForce | tuple[Finding, ...]:
    """Return what is obeyed, or what is wrong: files that do not fit are not read again by every page that asks for them."""
    try:
        return InForce(*prepare_one(folder, system, even_without_calls=True))
    except QinwuError as error:
        return error.findings


def state_of(folder: Path) -> tuple[tuple[str, int], ...]:
    """Return every file that decides about the duty system, with the time it was changed last."""
    return tuple((path.name, path.stat().st_mtime_ns) for path in _files(folder))


def checksum(folder: Path, duty_files: Collection[str] | None = None) -> str:
    """Return the SHA-256 of those files together, to be kept with a signature.

    Parameters
    ----------
    folder
        The station folder.
    duty_files
        Which of its duty files count, as :attr:`LoadedSystem.files` names them; all of them where None.
    """
    total = hashlib.sha256()
    for path in _files(folder):
        if duty_files is not None and path.parent == folder / DUTY and f"{DUTY}/{path.name}" not in duty_files:
            continue
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for place, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if Path(place) != folder or name not in NOT_READ)
        yield from (Path(place, name) for name in sorted(names) if name.endswith(READ))
