"""Drawings of a beat plan: maps before and after to one scale, and the plans to choose from as points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from qinwu.language import N_, Language
from qinwu.plan.beats.answer import BeatsAnswer
from qinwu.plan.beats.pareto import Choice
from qinwu.plan.beats.plan import BeatPlan
from qinwu.report.figures.bars import legend
from qinwu.report.figures.maps import Frame, Shaded, definitions, dissolved, frame_of, map_of, scale_drawing
from qinwu.report.figures.scale import LOAD, WAIT, Shades, shades
from qinwu.report.figures.scatter import Point, scatter
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.words import Speaking, number


@dataclass(frozen=True)
class BeatsDrawings(Speaking):
    """Draws one beat plan in one language."""

    answer: BeatsAnswer
    language: Language

    def all(self) -> Iterator[Drawing]:
        """Yield the drawings, in order."""
        yield self.hours()
        yield self.travel()
        if len(self.answer.choices) > 1:
            yield self.trades()

    def hours(self) -> Drawing:
        """Return the maps of hours a week."""
        values = [plan.metrics.hours for _, plan in self.plans]
        colours = shades((float(value) for each in values for value in each), LOAD)
        title = self.say(N_("Hours a week that each beat asks for"))
        lead = self.say(N_("Pale beats ask for little, dark ones for much; the ring is the station house."))
        return self._maps(title, lead, "hours", values, colours, self.say(N_("h a week")), define=True)

    def travel(self) -> Drawing:
        """Return the maps of seconds to a call."""
        values = [self._seconds(plan) for _, plan in self.plans]
        colours = shades((float(value) for each in values for value in each), WAIT)
        title = self.say(N_("Seconds to a call from the best place in its beat"))
        lead = self.say(N_("Dark beats are those in which calls are far from each other."))
        return self._maps(title, lead, "travel", values, colours, "s")

    def trades(self) -> Drawing:
        """Return the plans to choose from as points."""
        points = [self._point(choice, str(at + 1), at) for at, choice in enumerate(self.answer.choices)]
        if self.answer.before is not None:
            points.append(self._point(self.answer.before, "·", -1))
        across, up = self.say(N_("seconds to a call")), self.say(N_("largest load off the mean, %"))
        title = self.say(N_("What can be had for what"))
        lead = self.say(N_("Each point is a plan; lower left is better. Filled is the plan proposed, the ring is today's."))
        return Drawing(title, lead, (Picture("", "", scatter(points, across, up, title)),), "choices", wide=True)

    @cached_property
    def plans(self) -> tuple[tuple[str, BeatPlan], ...]:
        """Today's plan, where there is one, and that proposed, with their headings."""
        before = self.answer.before
        today = ((self.say(N_("Today")), before.plan),) if before is not None else ()
        return (*today, (self.say(N_("Proposed")), self.answer.plan))

    @cached_property
    def frame(self) -> Frame:
        """Degrees to drawing units."""
        return frame_of(self.answer.station.area.polygons)

    @cached_property
    def ids(self) -> dict[tuple[int, ...], str]:
        """Id of every different set of atoms."""
        sets = dict.fromkeys(self._atoms(plan, beat) for _, plan in self.plans for beat in range(plan.problem.beats))
        return {atoms: f"p{number}" for number, atoms in enumerate(sets)}

    def _atoms(self, plan: BeatPlan, beat: int) -> tuple[int, ...]:
        return tuple(np.flatnonzero(plan.beat_of == beat).tolist())

    def _seconds(self, plan: BeatPlan) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        calls = np.bincount(plan.beat_of, plan.problem.workload.calls, plan.problem.beats)
        return np.asarray(plan.tally.near / np.maximum(calls, 1e-12))

    def _maps(
        self,
        title: str,
        lead: str,
        why: str,
        values: list[np.ndarray[tuple[int], np.dtype[np.float64]]],
        colours: Shades,
        unit: str,
        *,
        define: bool = False,
    ) -> Drawing:
        pictures = []
        for (name, plan), each in zip(self.plans, values, strict=True):
            shaded = [
                Shaded(
                    self.ids[self._atoms(plan, beat)],
                    colours.colour(float(value)),
                    f"{plan.problem.names[beat]}: {number(float(value), 1)} {unit}",
                )
                for beat, value in enumerate(each)
            ]
            remark = f"{number(float(each.min()), 0)}–{number(float(each.max()), 0)} {unit}"
            pictures.append(Picture(name, remark, map_of(self.frame, shaded, f"{name}: {title}", self._base)))
        scale = legend(colours.colours, [f"{edge:g}" for edge in colours.edges], title) + self._ruler
        return Drawing(title, lead, tuple(pictures), why, scale, self._outlines if define else "")

    @cached_property
    def _outlines(self) -> str:
        groups = {name: atoms for atoms, name in self.ids.items()}
        return definitions(dissolved(self.answer.station.area.polygons, groups, self.frame), self.frame)

    @cached_property
    def _ruler(self) -> str:
        return scale_drawing(self.frame, self.say(N_("km")))

    @cached_property
    def _base(self) -> tuple[float, float]:
        place = shapely.point_on_surface(self.answer.station.area.polygons[self.answer.station.base])
        return float(place.x), float(place.y)

    def _point(self, choice: Choice, text: str, at: int) -> Point:
        m = choice.plan.metrics
        kept = self.say(N_("{share}% keep their officer"), share=number(m.continuity * 100, 0)) if np.isfinite(m.continuity) else ""
        tip = " · ".join(
            filter(
                None, [f"{number(m.travel_s, 1)} s", f"{number(m.spread * 100, 1)}%", kept, number(float(m.compactness.mean()), 2)]
            )
        )
        return Point(
            m.travel_s, m.spread * 100.0, text, "today" if at < 0 else "proposed" if at == self.answer.proposed else "", tip
        )
