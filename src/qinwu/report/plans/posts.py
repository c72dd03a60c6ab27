"""Posts told: where crews wait, how much sooner calls are answered, what each model proposes, what closing a post would cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from qinwu.language import N_, Language
from qinwu.plan.posts.aims import Objective
from qinwu.plan.posts.answering import Answered
from qinwu.plan.posts.ladder import WORTH
from qinwu.plan.posts.planning import Option, PostPlan
from qinwu.report.answer_page import KeyFigure
from qinwu.report.figures.bars import legend
from qinwu.report.figures.posts_map import AtomMap, Post, atom_map, posts_on_map
from qinwu.report.figures.scale import WAIT, shades
from qinwu.report.plans.plan_report import Drawing, Picture, PlanReport, Shown
from qinwu.report.sheet import Sheet
from qinwu.report.words import Speaking, number

ATOM = "a"
WHY = {
    "response": N_(
        "Mean time from dispatch until a crew is there, by the closed form: the nearest free crew goes, calls that find none wait "
        "(approximate hypercube, Larson 1975). Turnout and call taking come on top and are the same for every plan."
    ),
    "travel": N_("Mean journey of the crew that goes, which is not always the nearest one."),
    "wait": N_("Mean wait for a free crew, of all calls."),
    "within": N_("Share of journeys that find a free crew and take no longer than the limit of travel."),
    "busy": N_("Share of time that the busiest crew is busy, journeys included."),
    "crews": N_("Crews that wait at this post, on average over the week."),
    "value": N_("What the model itself minimises; the proven bound says that nothing is below it."),
}
NAMES: dict[Objective, str] = {
    "response": N_("plan: crews that may be busy"),
    "cover": N_("most calls within the limit"),
    "backup": N_("two crews within the limit"),
    "expected_cover": N_("a free crew within the limit"),
    "distance": N_("nearest on average"),
}


def posts_report(plan: PostPlan, language: Language, made: datetime | None = None) -> PlanReport:
    """Return a plan of posts as a report.

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
        station=plan.scene.station,
        language=language,
        claim=told.claim(),
        deck=tuple(told.deck()),
        keys=tuple(told.keys()),
        drawings=(told.maps(),),
        tables=tuple(told.tables()),
        proof=plan.proof,
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(told.notes()),
        data=told.data(),
        made=made,
    )


@dataclass(frozen=True)
class _Telling(Speaking):
    """Tells one plan in one language."""

    plan: PostPlan
    language: Language

    def minutes(self, seconds: float) -> str:
        return self.say(N_("{value} min"), value=number(seconds / 60.0, 1)) if np.isfinite(seconds) else self.say(N_("never"))

    def atom(self, place: int) -> str:
        name = self.plan.scene.station.area.atom_ids[place]
        house = self.say(N_("{atom} (station house)"), atom=name)
        return house if place == self.plan.scene.station.base else name

    def claim(self) -> str:
        """Return the answer in one sentence."""
        plan, problem = self.plan, self.plan.scene.problem
        values = {
            "posts": len(plan.posts),
            "crews": problem.crews,
            "after": self.minutes(plan.chosen.answered.response_s),
            "before": self.minutes(plan.before.answered.response_s),
        }
        return self.say(
            N_("{crews} crews at {posts} posts are with a call after {after} on average, today after {before}."), **values
        )

    def deck(self) -> Iterator[str]:
        """Yield the price, who loses, what remains."""
        plan, atoms = self.plan, self.plan.scene.station.area.atom_ids
        later = plan.chosen.answered.by_atom - plan.before.answered.by_atom
        worse = np.flatnonzero((later > 30.0) & (plan.scene.problem.weight > 0))
        if len(worse):
            worst = int(worse[later[worse].argmax()])
            values = {"count": len(worse), "atom": atoms[worst], "more": self.minutes(float(later[worst]))}
            yield self.say(
                N_("In {count} areas the journey gets more than half a minute longer, most in {atom}: {more} more."), **values
            )
        if plan.rungs:
            yield self.worth()
        if plan.closed:
            least = min(plan.closed, key=lambda each: each.answered.response_s)
            text = N_("Closing the post at {atom} would cost least: calls would be answered after {after}.")
            yield self.say(text, atom=atoms[least.place], after=self.minutes(least.answered.response_s))

    def worth(self) -> str:
        """Return what one post more or less would do."""
        now = len(self.plan.posts)
        after = {rung.posts: self.minutes(rung.answered.response_s) for rung in self.plan.rungs}
        if now + 1 not in after:
            return self.say(N_("No more posts can be manned."))
        text = N_("With one post more it would be {more}: not worth its rooms.")
        return self.say(text, more=after[now + 1])

    def keys(self) -> Iterator[KeyFigure]:
        """Yield the numbers at the top."""
        after, before = self.plan.chosen.answered, self.plan.before.answered
        for label, name, why in (
            (N_("until a crew is there"), "response_s", "response"),
            (N_("journey"), "travel_s", "travel"),
            (N_("wait for a free crew"), "wait_s", "wait"),
        ):
            yield KeyFigure(self.say(label), self.minutes(getattr(after, name)), self.was(self.minutes(getattr(before, name))), why)
        limit = self.minutes(self.plan.scene.problem.limit_s)
        yield KeyFigure(
            self.say(N_("journeys within {limit}"), limit=limit), f"{after.within:.0%}", self.was(f"{before.within:.0%}"), "within"
        )

    def was(self, text: str) -> str:
        return self.say(N_("today {value}"), value=text)

    @cached_property
    def outlines(self) -> AtomMap:
        """Return the outlines of all atoms."""
        return atom_map(self.plan.scene.station.area.polygons, ATOM)

    def maps(self) -> Drawing:
        """Return the posts before and after."""
        plan = self.plan
        options = ((N_("Today"), plan.before), (N_("Planned"), plan.chosen))
        colours = shades([value / 60.0 for _, each in options for value in each.answered.by_atom.tolist()], WAIT)
        title = self.say(N_("Minutes of travel to a call, by area"))
        pictures = tuple(self.map(self.say(name), option, colours.colour) for name, option in options)
        lead = self.say(N_("A disc is a post, the number on it the crews that wait there."))
        drawn = legend(colours.colours, [f"{edge:g}" for edge in colours.edges], title)
        return Drawing(title, lead, pictures, "travel", drawn, self.outlines.definitions)

    def map(self, name: str, option: Option, colour: Callable[[float], str]) -> Picture:
        minutes = option.answered.by_atom / 60.0
        ids = self.plan.scene.station.area.atom_ids
        tips = {at: f"{ids[at]}: {number(value, 1)}" for at, value in enumerate(minutes.tolist())}
        posts = [Post(int(at), str(int(option.crews[at])), self.atom(int(at))) for at in np.flatnonzero(option.crews)]
        svg = posts_on_map(self.outlines, ATOM, [colour(value) for value in minutes.tolist()], tips, posts, name)
        return Picture(name, self.minutes(option.answered.response_s), svg)

    def tables(self) -> Iterator[Shown]:
        """Yield posts, models, closings, seasons."""
        yield Shown(self.posts(), ("", "crews", "", "busy"))
        lead = self.say(
            N_("Each model with its own proven bound; the closed form then says how calls are answered where it puts posts.")
        )
        yield Shown(self.options(), ("", "", "value", "value", "response", "travel", "wait", "within"), lead)
        if self.plan.rungs:
            lead = self.say(
                N_("As many posts as answer calls at least {worth} sooner than fewer do (an assumption)."), worth=f"{WORTH:.0%}"
            )
            rows = [(str(rung.posts), rung.answered) for rung in self.plan.rungs]
            yield Shown(self.answers(N_("How many posts?"), N_("posts"), rows), ANSWER_KEYS, lead)
        if self.plan.closed:
            lead = self.say(N_("Its crews go to the station house, or to the nearest post where it has none."))
            rows = [(self.atom(each.place), each.answered) for each in self.plan.closed]
            yield Shown(self.answers(N_("A post closed"), N_("waiting post"), rows), ANSWER_KEYS, lead)
        if len(self.plan.by_season) > 1:
            rows = [
                (name or self.say(N_("as the roads are")), each)
                for name, each in zip(self.plan.scene.seasons, self.plan.by_season, strict=True)
            ]
            yield Shown(self.answers(N_("By season"), N_("season"), rows), ANSWER_KEYS)

    def posts(self) -> Sheet:
        plan = self.plan
        weight = plan.scene.problem.weight / max(float(plan.scene.problem.weight.sum()), 1e-12)
        busy = dict(
            zip(np.repeat(np.arange(len(plan.chosen.crews)), plan.chosen.crews), plan.chosen.answered.workload, strict=True)
        )
        rows = tuple(
            (self.atom(int(at)), int(plan.chosen.crews[at]), f"{weight[plan.nearest == at].sum():.0%}", f"{busy[at]:.0%}")
            for at in plan.posts
        )
        header = (N_("waiting post"), N_("crews"), N_("calls nearest to it"), N_("a crew is busy"))
        return Sheet(self.say(N_("Posts")), (), tuple(map(self.say, header)), rows, (28, 10, 18, 16))

    def options(self) -> Sheet:
        header = (N_("model"), N_("posts"), N_("it minimises"), N_("proven bound"), *(label for label in ANSWER_HEADERS))
        rows = [(self.say(N_("today")), self.plan.before), *((self.say(NAMES[each.objective]), each) for each in self.plan.options)]
        return Sheet(
            self.say(N_("What each model proposes")),
            (),
            tuple(map(self.say, header)),
            tuple((name, self.places(each), *self.own(each), *self.answer(each.answered)) for name, each in rows),
            (30, 30, 12, 12, 12, 12, 12, 12),
        )

    def places(self, option: Option) -> str:
        ids = self.plan.scene.station.area.atom_ids
        return ", ".join(f"{ids[at]}×{option.crews[at]}" for at in np.flatnonzero(option.crews))

    def own(self, option: Option) -> tuple[str, str]:
        """Return what the model minimises there, and its bound; nothing for today."""
        if not np.isfinite(option.bound):
            return "", ""
        timed = option.objective in ("response", "distance")
        tell = self.minutes if timed else (lambda share: f"{share:.1%}")
        return tell(option.value), tell(max(option.bound, 0.0))

    def answers(self, name: str, what: str, rows: list[tuple[str, Answered]]) -> Sheet:
        header = (what, *ANSWER_HEADERS)
        told = tuple((label, *self.answer(each)) for label, each in rows)
        return Sheet(self.say(name), (), tuple(map(self.say, header)), told, (28, 14, 14, 14, 14))

    def answer(self, found: Answered) -> tuple[str, str, str, str]:
        times = (self.minutes(found.response_s), self.minutes(found.travel_s), self.minutes(found.wait_s))
        return (*times, f"{found.within:.0%}")

    def notes(self) -> Iterator[str]:
        """Yield what the figures rest on."""
        scene = self.plan.scene
        text = N_("{crews} crews of {people} on duty at one time; calls keep {load} of them busy on scene and writing up.")
        load = number(scene.work.load, 1)
        yield self.say(text, crews=scene.problem.crews, people=number(scene.people, 1), load=load)
        text = N_("The limit of travel is {limit}; travel is taken at the hours at which calls come ({source}).")
        yield self.say(text, limit=self.minutes(scene.problem.limit_s), source=scene.station.area.travel.source)
        yield self.say(
            N_("In the duty file, crews of beats wait at the post nearest to their beat; teams stay with their squad's unit.")
        )

        if self.plan.patrolling and not self.plan.scene.aims.stay:
            yield self.say(PATROLS)

    def data(self) -> dict[str, object]:
        """Return the plan as plain data."""
        ids, plan = self.plan.scene.station.area.atom_ids, self.plan
        options = {
            each.objective: {
                "posts": {ids[at]: int(each.crews[at]) for at in np.flatnonzero(each.crews)},
                **_figures(each.answered),
            }
            for each in plan.options
        }
        before = {"posts": {ids[at]: int(plan.before.crews[at]) for at in np.flatnonzero(plan.before.crews)}}
        closed = {ids[each.place]: _figures(each.answered) for each in plan.closed}
        return {"today": {**before, **_figures(plan.before.answered)}, "options": options, "closed": closed}


def _figures(found: Answered) -> dict[str, float]:
    names = ("response_s", "travel_s", "wait_s", "within")
    return {name: round(float(getattr(found, name)), 4) for name in names if np.isfinite(getattr(found, name))}


PATROLS = N_(
    "Crews of beats patrol while they are free: less is gained than if they waited; --try says how much, --stay has them wait."
)
ANSWER_HEADERS = (N_("crew there after"), N_("journey"), N_("wait"), N_("within the limit"))
ANSWER_KEYS = ("", "response", "travel", "wait", "within")
