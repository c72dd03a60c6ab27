"""Bench: duty systems compiled and tried on one and the same stream of calls, each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.background import stated_background
from qinwu.duty.compile import compile_plan
from qinwu.duty.every_station import at_every_station
from qinwu.duty.joining import join_beats
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.stations import Stations
from qinwu.duty.system import DutySystem
from qinwu.simulate.engine import Engine, Job
from qinwu.simulate.outcome import Comparison, Outcome, compare
from qinwu.simulate.stream import default_mode
from qinwu.station.context import Context
from qinwu.station.demand import CallSource, read_source
from qinwu.station.station import Station

Tell = Callable[[int], None]


def whole(stated: DutySystem) -> DutySystem:
    """Return a duty system, as its files state it, ready to be compiled: beats joined, squads made for each station."""
    return at_every_station(*join_beats(stated, {}))[0]


def places_today(system: DutySystem) -> tuple[tuple[str, ...], Mapping[str, int]]:
    """Return the parts of the area in which to look for losers, and the part each atom is in, by today's organisation.

    The stations where there are several, the beats where there is one.
    """
    stations = Stations.of(system)
    part = (lambda unit, _: stations.home(unit)) if stations.several else (lambda _, beat: beat)
    names = tuple(dict.fromkeys(part(beat.unit, beat.id) for beat in stations.beats))
    return names, {atom: names.index(part(beat.unit, beat.id)) for beat in stations.beats for atom in beat.atoms}


@dataclass
class Bench:
    """A station's calls, and how often they are drawn.

    Parameters
    ----------
    station
        What there is.
    today
        The duty system in force, ready to be compiled; its stations or beats are the places of every comparison.
    replications, seed, days, weeks
        As for :func:`qinwu.simulate.trial.run_trial`.
    engine
        Where to run.
    """

    station: Station
    today: DutySystem
    replications: int = 10
    seed: int = 1
    days: int | None = None
    weeks: int | None = None
    engine: Engine | None = None
    _source: CallSource = field(init=False)
    _context: Context = field(init=False)

    def __post_init__(self) -> None:
        self._source = read_source(self.station, self.days)
        names, place = places_today(self.today)
        of: NDArray[np.int16] = np.array([place.get(atom, -1) for atom in self.station.area.atom_ids], dtype=np.int16)
        self._context = replace(Context.of(self.station), places=names, place_of=of)
        self._background = stated_background(self.station, self.plan(self.today))

    def plan(self, system: DutySystem) -> ResponsePlan:
        """Return the response plan of a system, which must be whole."""
        return compile_plan(self.station, system)

    def compared(self, plans: Mapping[str, ResponsePlan], replications: int = 0, told: Tell | None = None) -> Comparison:
        """Return plans, the one to compare with first, tried on the same calls."""
        mode = default_mode(self._source)
        job = Job(tuple(plans.values()), self._source, self._context, mode, self.seed, self.weeks, self._background)
        return compare(job, tuple(plans), replications or self.replications, self.engine, told)

    def outcome(self, plan: ResponsePlan, replications: int = 0, told: Tell | None = None) -> Outcome:
        """Return one plan tried alone, on the same calls as all others.

        Raises
        ------
        KeyboardInterrupt
            Stopped before all replications were done: a part would not be paired with the others.
        """
        done = self.compared({"alone": plan}, replications, told)
        if done.interrupted:
            raise KeyboardInterrupt
        return done.current
