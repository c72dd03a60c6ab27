"""Scene: the crews that may be moved, what each could do instead, and the work that awaits them, station by station."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm

import numpy as np

from qinwu.duty.calendar import DAY_S, HOUR_S, OFF, seconds_of
from qinwu.duty.compile import last_day
from qinwu.duty.crews import BY_BEAT, Crew, form_crews
from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.duty.roster_rules.rules import Pack
from qinwu.duty.staffing import Staffing, staff
from qinwu.duty.stations import AT, Stations, template_of
from qinwu.duty.system import Crews, DutySystem, Pattern, Watch
from qinwu.plan.deploy.options import Option, options_of
from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.mismatch.demanded import Demanded, demanded_by
from qinwu.queueing.mismatch.places import Places, places_of
from qinwu.queueing.mismatch.staffed import answering
from qinwu.station.demand import CallSource
from qinwu.station.station import Station

QUARTER_S = 900.0
QUARTERS_H = 4
LONGEST_CYCLE_DAYS = 168
"""Options that would make everybody's hours repeat only after more days than this are left out."""
WEIGHTS = (4.0, 2.0, 1.0, 0.5)
"""What a minute of waiting counts for by priority, the most urgent first: an assumption."""


@dataclass(frozen=True)
class Movable:
    """The crews of one rule.

    Parameters
    ----------
    rule
        The rule.
    home
        Position of the station they belong to, -1 for those of the whole area.
    crews
        In the order of the rule.
    together
        Whether all of them can only move at once: crews of beats, whose officers take turns.
    options
        What they could work instead.
    """

    rule: Crews
    home: int
    crews: tuple[Crew, ...]
    together: bool
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Scene:
    """What may be moved, and for whom.

    Parameters
    ----------
    station, system, plan, source
        What there is, the duty system in force ready to be compiled, compiled, and the calls.
    pack
        Rules of rest.
    """

    station: Station
    system: DutySystem
    plan: ResponsePlan
    source: CallSource
    pack: Pack

    @cached_property
    def places(self) -> Places:
        """The stations."""
        return places_of(self.station, self.system, "station")

    @cached_property
    def demanded(self) -> Demanded:
        """What calls ask for, by station."""
        return demanded_by(self.plan, self.source, self.places)

    @cached_property
    def staffing(self) -> Staffing:
        """Who is in which squad."""
        return staff(self.station.force, self.system, last_day(self.station.calls))

    @cached_property
    def crews(self) -> tuple[Crew, ...]:
        """The crews of the system, as the plan numbers them."""
        return form_crews(self.system, self.staffing, self.station.config.neighbour)[0]

    @cached_property
    def patterns(self) -> dict[str, Pattern]:
        """Patterns by id."""
        return {pattern.id: pattern for pattern in self.system.pattern}

    @cached_property
    def watches(self) -> dict[str, Watch]:
        """Watches by id, those of options included."""
        new = {watch.id: watch for one in self.movable for option in one.options for watch in option.watches}
        return {watch.id: watch for watch in self.system.watch} | new

    @cached_property
    def movable(self) -> tuple[Movable, ...]:
        """Rules whose crews answer calls, and what they could work instead."""
        stations, goes = Stations.of(self.system), answering(self.plan)
        options: dict[str, tuple[Option, ...]] = {}
        found = []
        for rule in self.system.crews:
            crews = tuple(crew for crew, going in zip(self.crews, goes, strict=True) if crew.rule == rule.id and going)
            if not crews or rule.pattern not in self.patterns:
                continue
            pattern = self.patterns[rule.pattern]
            if pattern.id not in options:
                options[pattern.id] = options_of(self.system, pattern, self.pack)
            home = stations.home(crews[0].unit)
            at = self.places.ids.index(home) if home in self.places.ids else -1
            found.append(Movable(rule, at, crews, rule.form in BY_BEAT, options[pattern.id]))
        return tuple(found)

    @cached_property
    def cycle_days(self) -> int:
        """Days after which everybody's hours repeat, options that fit included."""
        days = lcm(7, *(len(self.patterns[one.rule.pattern].days) for one in self.movable))
        for one in self.movable:
            for option in one.options:
                longer = lcm(days, len(option.pattern.days))
                days = longer if longer <= LONGEST_CYCLE_DAYS else days
        return days

    def fits(self, option: Option) -> bool:
        """Return whether an option repeats within the cycle."""
        return self.cycle_days % len(option.pattern.days) == 0

    def on_duty(self, pattern: Pattern, group: int) -> F64:
        """Return (Q,) 1 in each quarter of an hour of the cycle in which a group of a pattern is on duty, else 0."""
        on = np.zeros(self.cycle_days * round(DAY_S / QUARTER_S))
        phase = (np.arange(self.cycle_days) + group * pattern.step) % len(pattern.days)
        for day, name in enumerate(np.array(pattern.days)[phase].tolist()):
            if name != OFF and name in self.watches:
                watch = self.watches[name]
                begin = round((day * DAY_S + seconds_of(watch.start)) / QUARTER_S)
                on[np.arange(begin, begin + round(watch.hours * HOUR_S / QUARTER_S)) % len(on)] = 1.0
        return on

    @cached_property
    def work(self) -> Work:
        """What awaits the crews of each station."""
        goes = answering(self.plan)
        each = float(self.plan.crew.people[goes].mean())
        calls = self.demanded
        asked = float(calls.people.sum()) / each
        hours = float(calls.hours.sum()) / each
        weight = np.array(WEIGHTS)[calls.priority]
        return Work(calls.sum_per_week(calls.hours) / each, calls.sum_per_week(weight), hours / max(asked, 1e-300))

    def squad_at(self, rule: Crews, station: str) -> str:
        """Return the squad that crews of a rule join at another station: that of the same template; empty where there is none."""
        name = f"{template_of(rule.squad)}{AT}{station}"
        return name if AT in rule.squad and any(squad.id == name for squad in self.system.squad) else ""


@dataclass(frozen=True, slots=True)
class Work:
    """Work of each station and hour of the week: crews kept busy, (S, 168), calls weighted by urgency, and mean hours of a crew."""

    load: F64
    calls: F64
    service_h: float


def hourly(on: F64) -> F64:
    """Return (..., 168) the mean over the cycle by hour of the week of something told by quarter of an hour."""
    weeks = on.reshape(*on.shape[:-1], -1, HOURS, QUARTERS_H)
    return np.asarray(weeks.mean(axis=(-3, -1)))


def on_of(scene: Scene, crews: Sequence[Crew]) -> F64:
    """Return (K, Q) when each of some crews is on duty."""
    return np.array([scene.on_duty(scene.patterns[crew.pattern], crew.group) for crew in crews])
