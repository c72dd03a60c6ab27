"""Staffing: officers needed for stated targets, by closed form first, confirmed by simulation, against what the station has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qinwu.duty.background import stated_background
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.queueing.analysis import mean_of
from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.pool import pooled_plan
from qinwu.queueing.staffing import Need, Pool, Shift, shifts_of
from qinwu.queueing.supply import DeskPosts, LongDuty, Merge, Supply, desk_posts, fewest_stations, long_duty
from qinwu.queueing.targets import Target
from qinwu.simulate.engine import Engine, Job
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Interval, Outcome, compare
from qinwu.simulate.stream import default_mode
from qinwu.station.context import Context
from qinwu.station.demand import CallSource, read_source
from qinwu.station.station import Station

MOST_ROUNDS = 4
"""So often crews are added where the simulation does not confirm the closed forms."""
MOST_MERGED = 6


@dataclass(frozen=True, slots=True)
class Checked:
    """A target, what the closed forms say over the whole week, and what the simulation says; nan where it does not measure it."""

    target: Target
    closed: float
    simulated: Interval

    @property
    def kept(self) -> bool:
        """Whether the simulation keeps the target, or does not measure it."""
        return self.target.met_by(self.simulated.mean)


@dataclass(frozen=True)
class Staffing:
    """What a station needs and has.

    Parameters
    ----------
    shifts
        The watches, around the clock.
    by_watch, by_hour
        The fewest crews with one number for each watch, and with one for each hour of the week.
    added
        Crews that the simulation asked for beyond the closed forms, by watch.
    checked
        Every target in the simulation, with the crews of `by_watch`.
    replications
        How often it was simulated; 0 for not at all.
    supply
        What the officers can give.
    long_duty, desk_posts, merge
        Three ways to close a gap; None where there is no gap, `merge` also where no number of stations closes it.
    """

    shifts: tuple[Shift, ...]
    by_watch: Need
    by_hour: Need
    added: tuple[int, ...]
    checked: tuple[Checked, ...]
    replications: int
    supply: Supply
    long_duty: LongDuty | None
    desk_posts: DeskPosts | None
    merge: Merge | None

    @property
    def needed(self) -> float:
        """Officer-hours a week that the watches need."""
        return self.by_watch.officer_hours

    @property
    def gap(self) -> float:
        """Officer-hours a week that are lacking; negative where some are left."""
        return self.needed - self.supply.net

    @property
    def feasible(self) -> bool:
        """Whether the front line is there for as many hours as are needed."""
        return self.gap <= 0.0


@dataclass(frozen=True)
class Question:
    """What is to be staffed.

    Parameters
    ----------
    station, system, plan
        What there is, and a duty system whose dispatch rules and watches hold.
    targets
        What is asked.
    people
        Officers in a crew, >= 1.
    least
        Officers on duty at any time, >= 1.
    supply
        What the officers can give.
    """

    station: Station
    system: DutySystem
    plan: ResponsePlan
    targets: tuple[Target, ...]
    people: int
    least: int
    supply: Supply

    def answer(
        self, replications: int = 10, seed: int = 1, engine: Engine | None = None, on_done: Callable[[int], None] | None = None
    ) -> Staffing:
        """Work out the staffing.

        Parameters
        ----------
        replications, seed
            How often to simulate, 0 for not at all; fixes every draw.
        engine, on_done
            Where to run, and whom to tell of finished replications.

        Raises
        ------
        QinwuError
            A target is out of reach, or the station has no calls.
        KeyboardInterrupt
            Stopped before the simulation was done: a target would be called kept or missed on too little.
        """
        source = read_source(self.station)
        pool = Pool(self.station, self.plan, source, self.people)
        shifts = shifts_of(self.system)
        cells = [shift.of_week for shift in shifts]
        by_hour = pool.need(self.targets, [np.array([hour]) for hour in range(HOURS)], self.least)
        first = pool.need(self.targets, cells, self.least)
        need, checked = first, tuple(Checked(target, first.over_week(target), NOT_MEASURED) for target in self.targets)
        if replications:
            need, checked = self._confirmed(pool, first, source, replications, seed, engine, on_done)
        added = tuple(int(need.crews[cell[0]] - first.crews[cell[0]]) for cell in cells)
        changes = self._changes(pool, need, cells)
        return Staffing(shifts, need, by_hour, added, checked, replications, self.supply, *changes)

    def _confirmed(
        self,
        pool: Pool,
        need: Need,
        source: CallSource,
        replications: int,
        seed: int,
        engine: Engine | None,
        on_done: Callable[[int], None] | None,
    ) -> tuple[Need, tuple[Checked, ...]]:
        """Simulate; while a target is missed, add a crew where the closed forms see the least room."""
        for rest in reversed(range(MOST_ROUNDS)):
            outcome = self._simulated(need, source, replications, seed, engine, on_done)
            checked = tuple(Checked(target, need.over_week(target), _measured(target, outcome)) for target in self.targets)
            missed = [one.target for one in checked if not one.kept]
            if not missed or not rest:
                break
            tightest = max(need.cells, key=lambda cell: _tightness(need, missed[0], cell))
            crews = need.crews.copy()
            crews[tightest] += 1
            need = Need(need.targets, need.people, need.cells, crews, tuple(pool.states(crews)), need.taking_s)
        return need, checked

    def _simulated(
        self,
        need: Need,
        source: CallSource,
        replications: int,
        seed: int,
        engine: Engine | None,
        on_done: Callable[[int], None] | None,
    ) -> Outcome:
        plan = pooled_plan(self.station, self.plan, need.crews, need.people)
        background = stated_background(self.station, self.plan)
        job = Job((plan,), source, Context.of(self.station), default_mode(source), seed, None, background)
        done = compare(job, (plan.system,), replications, engine, on_done)
        if done.interrupted:
            raise KeyboardInterrupt
        return done.current

    def _changes(self, pool: Pool, need: Need, cells: Sequence[np.ndarray[tuple[int], np.dtype[np.int64]]]) -> _Changes:
        """Return the three ways to close the gap, nothing where there is none."""
        needed = need.officer_hours
        if needed <= self.supply.net:
            return None, None, None
        most = int(need.crews.max()) * self.people
        return long_duty(self.supply, needed, most), desk_posts(self.supply, needed), self._merged(pool, need, cells)

    def _merged(self, pool: Pool, need: Need, cells: Sequence[np.ndarray[tuple[int], np.dtype[np.int64]]]) -> Merge | None:
        """Return the fewest stations alike that would have enough hours as one, told by the closed forms of their joint calls."""
        least = fewest_stations(self.supply, need.officer_hours, min(need.officer_hours, self.least * float(HOURS)))
        for stations in range(max(2, least), MOST_MERGED + 1) if least else ():
            joint = Pool(pool.station, pool.plan, pool.source, self.people, stations).need(self.targets, cells, self.least)
            if joint.officer_hours <= self.supply.net * stations:
                before, after = _mean_arrival(need), _mean_arrival(joint)
                return Merge(stations, joint.officer_hours, self.supply.net * stations, before, after, enough=True)
        return None


_Changes = tuple[LongDuty | None, DeskPosts | None, Merge | None]
NOT_MEASURED = Interval(float("nan"), float("nan"), float("nan"))


def _measured(target: Target, outcome: Outcome) -> Interval:
    """Return what the simulation says of a target over the whole week; what it has no figure for stays unsaid."""
    if target.measure == "utilisation":
        key = Key("time_share", "all", "call", "share")
    else:
        by, group = ("priority", str(target.priority)) if target.priority else ("all", "all")
        key = Key(target.measure, by, group, "share" if target.measure == "queued_share" else target.statistic)
    return outcome.interval(*key) if key in outcome.index else NOT_MEASURED


def _tightness(need: Need, target: Target, cell: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    found = need.figure(target, cell)
    return -np.inf if np.isnan(found) else found if target.most else -found


def _mean_arrival(need: Need) -> float:
    """Return the mean seconds until a crew arrives once a dispatcher may act, of all calls."""
    return mean_of(np.sum([state.times.sum(axis=0) for state in need.states], axis=0))
