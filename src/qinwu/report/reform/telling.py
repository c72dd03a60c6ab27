"""Telling: the words and numbers that every part of a reform's report shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from qinwu.duty.organisation.audit import Audit, audit
from qinwu.duty.reform.state import State
from qinwu.duty.system import DutySystem
from qinwu.judge.reform.losers import Affected
from qinwu.judge.reform.tried import AFTER, TriedReform
from qinwu.language import N_, Language
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import Speaking
from qinwu.simulate.measures import Key
from qinwu.simulate.outcome import Difference
from qinwu.station.force import Force

KINDS = {"better": "better", "worse": "worse"}
MEASURES = (
    Key("response_s", "all", "all", "mean"),
    Key("response_s", "priority", "1", "mean"),
    Key("response_s", "priority", "1", "p90"),
    Key("within_limit", "priority", "1", "share"),
    Key("within_limit", "all", "all", "share"),
    Key("queued_share", "all", "all", "share"),
    Key("full_crew_s", "all", "all", "mean"),
    Key("own_beat_share", "all", "all", "share"),
    Key("p_seen", "all", "all", "share"),
    Key("patrol_passes", "all", "all", "mean"),
    Key("fewer_than_two_free", "all", "all", "share"),
    Key("beat_unattended_min", "all", "all", "mean"),
    Key("time_share", "all", "call", "share"),
    Key("time_share", "all", "uncommitted", "share"),
    Key("visits_done", "all", "all", "share"),
    Key("load_max_to_mean", "all", "all", "ratio"),
    Key("duty_hours", "all", "all", "mean"),
    Key("overtime_hours", "all", "all", "mean"),
    Key("driving_hours", "all", "all", "mean"),
    Key("calls_per_week", "all", "all", "mean"),
)
"""The figures of the first table: response, visibility, cover, load, effort."""


def _filled(system: DutySystem, state: State) -> DutySystem:
    """Return a system whose chart has the posts that officers fill."""
    posts = {unit.id: unit.posts for unit in state.counted()}
    units = (unit.model_copy(update={"posts": posts.get(unit.id, unit.posts)}) for unit in system.unit)
    return system.model_copy(update={"unit": tuple(units)})


@dataclass(frozen=True)
class Telling(Speaking):
    """A tried reform in one language."""

    tried: TriedReform
    language: Language

    @property
    def name(self) -> str:
        """The reform, or reforms, by name."""
        names = [reform.name.in_language(self.language) for reform in self.tried.reforms]
        said = self.say(N_(" and ")).join(names)
        return self.say(N_("The way back from: {name}"), name=said) if self.tried.back else said

    @cached_property
    def audits(self) -> tuple[Audit, Audit]:
        """The chart before and after."""
        classes = self.tried.station.config.call_class
        states = (self.tried.done.before, self.tried.done.after)
        systems = (self.tried.before, self.tried.after)
        before, after = (
            audit(_filled(system, state), Force(state.officers), classes=classes)
            for system, state in zip(systems, states, strict=True)
        )
        return before, after

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Names of units before and after, by id."""
        units = (*self.tried.done.after.system.unit, *self.tried.done.before.system.unit)
        return {unit.id: unit.name.in_language(self.language) for unit in units}

    @cached_property
    def beat_names(self) -> dict[str, str]:
        """Names of beats, by id."""
        beats = self.tried.before.beat
        return {beat.id: beat.name.in_language(self.language) if beat.name else beat.id for beat in beats}

    @cached_property
    def in_crews(self) -> tuple[int, int]:
        """Officers who are in a crew, before and after."""
        before, after = (len({one for crew in plan.crews for one in crew.officers}) for plan in self.tried.plans)
        return before, after

    @property
    def freed(self) -> int:
        """Heads whose posts became front-line posts."""
        moves = self.tried.done.moves
        line = sum(move.count * (move.to_post == "front_line") for move in moves)
        return line - sum(move.count * (move.from_post == "front_line") for move in moves)

    def difference(self, key: Key) -> Difference:
        """Return one figure before and after, with the paired interval of the change."""
        return self.tried.comparison.difference(AFTER, *key)

    @cached_property
    def places(self) -> tuple[Affected, ...]:
        """Places with enough calls to be told, those that lose most first."""
        return tuple(one for one in self.tried.places if one.calls >= FEWEST)

    @cached_property
    def hours(self) -> tuple[Affected, ...]:
        """Hours of the day with enough calls to be told, those that lose most first."""
        return tuple(one for one in self.tried.hours if one.calls >= FEWEST)

    @property
    def untold(self) -> int:
        """Places and hours with too few calls to be told."""
        return len(self.tried.places) + len(self.tried.hours) - len(self.places) - len(self.hours)

    def place(self, name: str) -> str:
        """Return the name of a station, or of a beat."""
        return self.unit_names.get(name) or self.beat_names.get(name, name)

    def group(self, one: Affected) -> str:
        """Return the name of a place, or the hour as a clock says it."""
        return self.place(one.group) if one.by == "place" else f"{int(one.group):02}:00"

    @property
    def several(self) -> bool:
        """Whether places are stations, not beats."""
        return any(one.group in self.unit_names for one in self.tried.places)
