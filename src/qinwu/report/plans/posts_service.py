"""Service points told: where they stand, who reaches one, how long the line is, what the staff would cost in response."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from qinwu.language import N_, Language
from qinwu.plan.posts.service import Counter, ServicePlan
from qinwu.report.answer_page import KeyFigure
from qinwu.report.figures.bars import legend
from qinwu.report.figures.posts_map import AtomMap, Post, atom_map, posts_on_map
from qinwu.report.figures.scale import WAIT, Shades, shades
from qinwu.report.plans.plan_report import Drawing, Picture, PlanReport, Shown
from qinwu.report.sheet import Sheet
from qinwu.report.words import Speaking, number

ATOM = "a"
WHY = {
    "reached": N_("Residents whose way on foot to the nearest point takes no longer than the minutes asked for."),
    "way": N_("Straight line times 1.3 at walking speed, weighted by residents."),
    "line": N_("Mean wait at the counter: M/M/c with the visits of the residents who have the point nearest."),
    "staff": N_("The fewest at the counter with whom the mean wait is within what was asked."),
    "response": N_(
        "Closed form: all crews, and those left while counters are open if the extra staff come from the crews and not from desks."
    ),
}


def service_report(plan: ServicePlan, language: Language, made: datetime | None = None) -> PlanReport:
    """Return a plan of service points as a report.

    Parameters
    ----------
    plan
        The answer of the planner.
    language
        In which it is told.
    made
        When; None leaves it out.
    """
    told = _Telling(plan, language)
    return PlanReport(
        kind="posts",
        station=plan.station,
        language=language,
        claim=told.claim(),
        deck=tuple(told.deck()),
        keys=tuple(told.keys()),
        drawings=(told.maps(),),
        tables=(Shown(told.sheet(), ("", "", "line", "staff", "line", "line")),),
        proof=plan.proof,
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(told.notes()),
        data=told.data(),
        made=made,
    )


@dataclass(frozen=True)
class _Telling(Speaking):
    """Tells one plan in one language."""

    plan: ServicePlan
    language: Language

    def minutes(self, value: float) -> str:
        return self.say(N_("{value} min"), value=number(value, 1))

    def claim(self) -> str:
        """Return the answer in one sentence."""
        plan = self.plan
        text = N_(
            "{points} service points are within {minutes} minutes on foot of {after} of residents, the station house of {before}."
        )
        values = {"points": len(plan.counters), "minutes": f"{plan.aims.minutes:g}", "after": f"{plan.reached:.0%}"}
        return self.say(text, before=f"{plan.reached_before:.0%}", **values)

    def deck(self) -> Iterator[str]:
        """Yield what it costs."""
        plan = self.plan
        extra = sum(each.staff for each in plan.counters) - sum(each.staff for each in plan.before)
        yield self.say(N_("They take {extra} more people at counters than one counter would."), extra=extra)
        if plan.response is not None and plan.response_open is not None and extra > 0:
            after = plan.response_open.response_s / 60.0
            told = self.minutes(after) if np.isfinite(after) else self.say(N_("never"))
            text = N_("If they come from the crews, calls are answered after {after} instead of {before} while counters are open.")
            yield self.say(text, after=told, before=self.minutes(plan.response.response_s / 60.0))

    def keys(self) -> Iterator[KeyFigure]:
        """Yield the numbers at the top."""
        plan = self.plan
        label = self.say(N_("within {limit}"), limit=self.minutes(plan.aims.minutes))
        yield KeyFigure(label, f"{plan.reached:.0%}", self.was(f"{plan.reached_before:.0%}"), "reached")
        yield KeyFigure(
            self.say(N_("way on foot")), self.minutes(plan.way_s / 60.0), self.was(self.minutes(plan.way_before_s / 60.0)), "way"
        )
        longest = max(each.wait_min for each in plan.counters)
        yield KeyFigure(self.say(N_("longest mean line")), self.minutes(longest), "", "line")
        now = sum(each.staff for each in plan.before)
        yield KeyFigure(self.say(N_("at counters")), str(sum(each.staff for each in plan.counters)), self.was(str(now)), "staff")

    def was(self, text: str) -> str:
        return self.say(N_("station house alone {value}"), value=text)

    @cached_property
    def outlines(self) -> AtomMap:
        """Return the outlines of all atoms."""
        return atom_map(self.plan.station.area.polygons, ATOM)

    def maps(self) -> Drawing:
        """Return the points before and after."""
        plan = self.plan
        sets = ((N_("Today"), plan.before), (N_("Planned"), plan.counters))
        ways = [plan.problem.times[0, [each.place for each in counters]].min(axis=0) / 60.0 for _, counters in sets]
        colours = shades(np.concatenate(ways).tolist(), WAIT)
        title = self.say(N_("Minutes on foot to the nearest point"))
        pictures = tuple(self.map(self.say(name), counters, way, colours) for (name, counters), way in zip(sets, ways, strict=True))
        drawn = legend(colours.colours, [f"{edge:g}" for edge in colours.edges], title)
        lead = self.say(N_("A disc is a point, the number on it the people at its counter."))
        return Drawing(title, lead, pictures, "way", drawn, self.outlines.definitions)

    def map(
        self, name: str, counters: tuple[Counter, ...], way: np.ndarray[tuple[int], np.dtype[np.float64]], colours: Shades
    ) -> Picture:
        ids = self.plan.station.area.atom_ids
        tips = {at: f"{ids[at]}: {number(value, 0)}" for at, value in enumerate(way.tolist())}
        posts = [Post(each.place, str(each.staff), ids[each.place]) for each in counters]
        svg = posts_on_map(self.outlines, ATOM, [colours.colour(value) for value in way.tolist()], tips, posts, name)
        return Picture(name, "", svg)

    def sheet(self) -> Sheet:
        ids = self.plan.station.area.atom_ids
        header = (N_("point"), N_("residents"), N_("visits an hour"), N_("staff"), N_("mean wait"), N_("counter busy"))
        rows = tuple(
            (
                ids[each.place],
                round(each.residents),
                round(each.visits_h, 1),
                each.staff,
                self.minutes(each.wait_min),
                f"{each.busy:.0%}",
            )
            for each in self.plan.counters
        )
        return Sheet(self.say(N_("Service points")), (), tuple(map(self.say, header)), rows, (16, 14, 16, 10, 14, 14))

    def notes(self) -> Iterator[str]:
        """Yield what is assumed."""
        aims = self.plan.aims
        text = N_(
            "Assumed: {visits} visits a week by a thousand residents, {minutes} minutes each, open {hours} hours a week, "
            "walking at {speed} km/h, ways 1.3 times the straight line."
        )
        values = {"visits": aims.visits_per_1000, "minutes": aims.visit_min, "hours": aims.open_h, "speed": aims.walking_kmh}
        yield self.say(text, **{name: f"{value:g}" for name, value in values.items()})

    def data(self) -> dict[str, object]:
        """Return the plan as plain data."""
        ids, plan = self.plan.station.area.atom_ids, self.plan
        points = [
            {"atom": ids[each.place], "residents": each.residents, "staff": each.staff, "wait_min": round(each.wait_min, 2)}
            for each in plan.counters
        ]
        return {"service_points": points, "reached": plan.reached, "reached_today": plan.reached_before}
