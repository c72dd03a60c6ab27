"""Beat maps: the beats of every system on one scale, coloured by what residents wait and what officers carry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import shapely

from qinwu.language import N_, Language
from qinwu.report.charts import Panel
from qinwu.report.figures.bars import legend
from qinwu.report.figures.maps import Frame, Shaded, definitions, dissolved, frame_of, map_of, scale_drawing
from qinwu.report.figures.scale import LOAD, WAIT, Shades, shades
from qinwu.report.report import Report
from qinwu.report.words import NONE, Speaking, number, unit_of


@dataclass(frozen=True, slots=True)
class MapSet:
    """One map for each system, to one scale.

    ``measure`` explains the figure; ``title`` names it; ``unit`` is what the legend counts.
    """

    id: str
    measure: str
    title: str
    unit: str
    legend: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a set of maps shows: measure, statistic, and colours."""

    id: str
    measure: str
    statistic: str
    title: str
    ramp: tuple[str, ...]


WAITS = Subject("waits", "response_s", "p90", N_("Nine in ten calls are reached within"), WAIT)
LOADS = Subject("loads", "officer_call_hours", "mean", N_("Hours on calls of the beat's officer"), LOAD)
MORE = (
    Subject("unattended", "beat_unattended_min", "mean", N_("Beat unattended"), WAIT),
    Subject("own", "own_beat_share", "share", N_("First on the scene is the beat's own officer"), LOAD),
    Subject("seen", "patrol_passes", "mean", N_("Patrol passes an hour"), LOAD),
)


@dataclass(frozen=True)
class BeatMaps(Speaking):
    """Draws the maps of one report in one language."""

    report: Report
    language: Language

    @cached_property
    def frame(self) -> Frame:
        """Degrees to drawing units."""
        return frame_of(self.report.station.area.polygons)

    @cached_property
    def beats(self) -> tuple[dict[str, tuple[int, ...]], ...]:
        """Atoms of each beat, for each system."""
        return tuple(
            {
                beat: tuple(a for a, b in enumerate(plan.area.beat_of.tolist()) if b == number)
                for number, beat in enumerate(plan.beats)
            }
            for plan in self.report.plans
        )

    @cached_property
    def ids(self) -> dict[tuple[int, ...], str]:
        """Id of every different set of atoms."""
        return {
            atoms: f"b{number}" for number, atoms in enumerate(dict.fromkeys(a for each in self.beats for a in each.values() if a))
        }

    @cached_property
    def outlines(self) -> str:
        """Return every different outline once, for all maps to use."""
        groups = {name: atoms for atoms, name in self.ids.items()}
        return definitions(dissolved(self.report.station.area.polygons, groups, self.frame), self.frame)

    @property
    def possible(self) -> bool:
        """Whether any system has beats on the map."""
        return bool(self.ids)

    def names(self, at: int) -> dict[str, str]:
        """Return the name of each beat of one system."""
        named = {beat.id: beat.name.in_language(self.language) for beat in self.report.systems[at].beat if beat.name}
        return {beat: named.get(beat, beat) for beat in self.report.plans[at].beats}

    def values(self, at: int, subject: Subject) -> dict[str, float]:
        """Return the figure of each beat of one system."""
        if subject is LOADS:
            return self.loads(at)
        return self.report.means(at, subject.measure, "beat", subject.statistic)

    def loads(self, at: int) -> dict[str, float]:
        """Return hours a week on calls of the officer accountable for each beat, beats without one left out."""
        hours = self.report.means(at, "officer_call_hours", "officer", "mean")
        owners = {crew.beat: crew.officers[0] for crew in self.report.plans[at].crews if crew.beat and crew.officers}
        return {beat: hours[owner] for beat, owner in owners.items() if owner in hours}

    def maps(self, subject: Subject) -> MapSet:
        """Return the maps of one subject."""
        values = [self.values(at, subject) for at in range(len(self.report.systems))]
        factor = unit_of(subject.measure).factor
        colours = shades((value * factor for each in values for value in each.values()), subject.ramp)
        panels = tuple(self.panel(at, subject, each, colours) for at, each in enumerate(values))
        title, unit = self.speaker.say(subject.title), self.speaker.unit(subject.measure)
        texts = [f"{edge:g}" for edge in colours.edges]
        drawn = legend(colours.colours, texts, title) if len(colours.edges) > 2 or any(values) else ""
        return MapSet(subject.id, subject.measure, title, unit, drawn, panels)

    def panel(self, at: int, subject: Subject, values: dict[str, float], colours: Shades) -> Panel:
        """Return the map of one system."""
        factor, names = unit_of(subject.measure).factor, self.names(at)
        shaded = []
        for beat, atoms in self.beats[at].items():
            if atoms:
                value = values.get(beat, math.nan)
                said = self.speaker.amount(subject.measure, value) if math.isfinite(value) else NONE
                shaded.append(Shaded(self.ids[atoms], colours.colour(value * factor), f"{names[beat]}: {said}"))
        name = self.report.name(at, self.language)
        return Panel(
            at,
            name,
            self.remark(subject, values),
            map_of(self.frame, shaded, f"{name}: {self.speaker.say(subject.title)}", self.base),
        )

    def remark(self, subject: Subject, values: dict[str, float]) -> str:
        """Return the range of a map in words."""
        known = [value for value in values.values() if math.isfinite(value)]
        if not known:
            return self.speaker.say(N_("no officer for a single beat")) if subject is LOADS else self.speaker.say(N_("no beats"))
        unit = unit_of(subject.measure)
        low, high = (number(value * unit.factor, unit.digits) for value in (min(known), max(known)))
        return low if low == high else f"{low}–{high}"

    @cached_property
    def base(self) -> tuple[float, float] | None:
        """Where the station house is, degrees."""
        area = self.report.station.area
        place = shapely.point_on_surface(area.polygons[self.report.station.base])
        return (float(place.x), float(place.y))

    def ruler(self) -> str:
        """Return the scale of the maps."""
        return scale_drawing(self.frame, self.speaker.say(N_("km")))
