"""Stations of unequal size told: which areas change their station, how even the work is then, what it costs in travel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from qinwu.language import N_, Language
from qinwu.plan.posts.problem import I64
from qinwu.plan.posts.stations import StationsPlan
from qinwu.report.answer_page import KeyFigure
from qinwu.report.figures.bars import legend
from qinwu.report.figures.posts_map import AtomMap, Post, atom_map, borders, posts_on_map
from qinwu.report.figures.scale import LOAD, NOTHING, Shades, shades
from qinwu.report.plans.plan_report import Drawing, Picture, PlanReport, Shown
from qinwu.report.sheet import Sheet
from qinwu.report.words import Speaking, number
from qinwu.station.station import Station

ATOM = "a"
WHY = {
    "load": N_("Work of the areas of a station per officer, against the mean of all stations: 100 % is fair."),
    "travel": N_("Mean journey from the station house to the calls of its areas, weighted by work."),
    "moved": N_("Areas that belong to another station than today."),
}


def stations_report(station: Station, plan: StationsPlan, language: Language, made: datetime | None = None) -> PlanReport:
    """Return a new division among stations as a report.

    Parameters
    ----------
    station, plan
        Whose area, and the answer of the planner.
    language
        In which it is told.
    made
        When; None leaves it out.
    """
    told = _Telling(station, plan, language)
    return PlanReport(
        kind="posts",
        station=station,
        language=language,
        claim=told.claim(),
        deck=tuple(told.deck()),
        keys=tuple(told.keys()),
        drawings=(told.maps(),),
        tables=(Shown(told.sheet(), ("", "", "load", "load", "moved")), Shown(told.moves(), ("", "", "moved", ""), folded=True)),
        proof=plan.proof,
        why={key: told.say(text) for key, text in WHY.items()},
        notes=(told.say(N_("Work is crews sent to calls; officers are counted by their beats.")),),
        data=told.data(),
        made=made,
    )


@dataclass(frozen=True)
class _Telling(Speaking):
    """Tells one plan in one language."""

    station: Station
    plan: StationsPlan
    language: Language

    @property
    def loads(self) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """Loads today and planned."""
        return self.plan.problem.loads(self.plan.problem.today), self.plan.problem.loads(self.plan.of)

    def minutes(self, seconds: float) -> str:
        return self.say(N_("{value} min"), value=number(seconds / 60.0, 1))

    def range(self, loads: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
        return self.say(N_("{low} to {high}"), low=f"{loads.min():.0%}", high=f"{loads.max():.0%}")

    def claim(self) -> str:
        """Return the answer in one sentence."""
        before, after = self.loads
        text = N_("{count} areas change their station, and work per officer is {after} of the mean, today {before}.")
        return self.say(text, count=len(self.plan.moved), after=self.range(after), before=self.range(before))

    def deck(self) -> Iterator[str]:
        """Yield the price."""
        problem = self.plan.problem
        before, after = problem.mean_travel(problem.today), problem.mean_travel(self.plan.of)
        yield self.say(
            N_("The mean journey from the station house becomes {after}, today {before}."),
            after=self.minutes(after),
            before=self.minutes(before),
        )

    def keys(self) -> Iterator[KeyFigure]:
        """Yield the numbers at the top."""
        problem, (before, after) = self.plan.problem, self.loads
        yield KeyFigure(self.say(N_("work per officer")), self.range(after), self.was(self.range(before)), "load")
        travel = problem.mean_travel(self.plan.of), problem.mean_travel(problem.today)
        yield KeyFigure(self.say(N_("journey")), self.minutes(travel[0]), self.was(self.minutes(travel[1])), "travel")
        share = problem.work[self.plan.moved].sum() / max(problem.work.sum(), 1e-12)
        text = self.say(N_("{share} of the work"), share=f"{share:.0%}")
        yield KeyFigure(self.say(N_("areas that move")), str(len(self.plan.moved)), text, "moved")

    def was(self, text: str) -> str:
        return self.say(N_("today {value}"), value=text)

    @cached_property
    def outlines(self) -> AtomMap:
        """Return the outlines of all atoms."""
        return atom_map(self.station.area.polygons, ATOM)

    def maps(self) -> Drawing:
        """Return the division before and after."""
        colours = shades([100.0 * float(load) for each in self.loads for load in each], LOAD)
        sets = ((N_("Today"), self.plan.problem.today, self.loads[0]), (N_("Planned"), self.plan.of, self.loads[1]))
        pictures = tuple(self.map(self.say(name), of, loads, colours) for name, of, loads in sets)
        title = self.say(N_("Work per officer by station, per cent of the mean"))
        lead = self.say(N_("A disc is a station house, a dark line the border of its area."))
        drawn = legend(colours.colours, [f"{edge:g}" for edge in colours.edges], title)
        return Drawing(title, lead, pictures, "load", drawn, self.outlines.definitions)

    def map(self, name: str, of: I64, loads: np.ndarray[tuple[int], np.dtype[np.float64]], colours: Shades) -> Picture:
        problem, ids = self.plan.problem, self.station.area.atom_ids
        fill = [colours.colour(100.0 * float(loads[one])) if one >= 0 else NOTHING for one in of.tolist()]
        tips = {at: f"{ids[at]}: {problem.names[one]}" if one >= 0 else ids[at] for at, one in enumerate(of.tolist())}
        posts = [Post(int(house), str(at + 1), f"{at + 1} {problem.names[at]}") for at, house in enumerate(problem.houses)]
        groups = {str(at): np.flatnonzero(of == at).tolist() for at in range(len(problem.names))}
        lines = borders(self.station.area.polygons, groups, self.outlines.frame)
        return Picture(name, self.range(loads), posts_on_map(self.outlines, ATOM, fill, tips, posts, name, lines))

    def sheet(self) -> Sheet:
        problem, (before, after) = self.plan.problem, self.loads
        header = (N_("station"), N_("officers"), N_("work today"), N_("work planned"), N_("areas"))
        rows = tuple(
            (
                f"{at + 1} {name}",
                float(problem.officers[at]),
                f"{before[at]:.0%}",
                f"{after[at]:.0%}",
                f"{int((problem.today == at).sum())} → {int((self.plan.of == at).sum())}",
            )
            for at, name in enumerate(problem.names)
        )
        return Sheet(self.say(N_("Stations")), (), tuple(map(self.say, header)), rows, (20, 10, 14, 14, 12))

    def moves(self) -> Sheet:
        problem, ids = self.plan.problem, self.station.area.atom_ids
        header = (N_("area"), N_("from"), N_("to"), N_("share of the work"))
        total = max(float(problem.work.sum()), 1e-12)
        rows = tuple(
            (ids[at], problem.names[problem.today[at]], problem.names[self.plan.of[at]], f"{problem.work[at] / total:.1%}")
            for at in self.plan.moved
        )
        return Sheet(self.say(N_("Areas that move")), (), tuple(map(self.say, header)), rows, (14, 20, 20, 18))

    def data(self) -> dict[str, object]:
        """Return the division as plain data."""
        problem, ids = self.plan.problem, self.station.area.atom_ids
        of = {ids[at]: problem.names[one] for at, one in enumerate(self.plan.of.tolist())}
        return {
            "station_of": of,
            "moved": [ids[at] for at in self.plan.moved],
            "load": dict(zip(problem.names, self.loads[1].tolist(), strict=True)),
        }
