"""Planning posts: every model solved and answered by the closed form, the best improved, what closing a post would cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.plan.effort import Effort, Running
from qinwu.plan.posts.aims import AIMS, Aims, Objective
from qinwu.plan.posts.answering import Answered, answered, least_wait
from qinwu.plan.posts.duty_part import post_part
from qinwu.plan.posts.improving import bases_of, improved
from qinwu.plan.posts.ladder import Rung, enough, ladder
from qinwu.plan.posts.models import Sited, interchange, max_backup, max_cover, max_expected_cover, min_distance
from qinwu.plan.posts.problem import I64, SitingProblem
from qinwu.plan.posts.scene import PostScene, post_scene
from qinwu.plan.proof import Proof
from qinwu.station.station import Station

OBJECTIVES: dict[Objective, str] = {
    "response": N_("mean time until a crew is there, busy crews included"),
    "cover": N_("share of calls beyond the limit"),
    "backup": N_("share of calls beyond the limit of one crew, or half as bad, of a second"),
    "expected_cover": N_("share of calls without a free crew within the limit"),
    "distance": N_("mean travel from the nearest post"),
}
LOOKING = 0.2
"""Share of the time in which the number of posts is chosen."""
FIRST, OTHERS = 0.5, 0.2
"""Shares of the time left that the model asked for (or distance, which bounds the response) and the others may take."""
TIMED: tuple[Objective, ...] = ("response", "distance")


@dataclass(frozen=True)
class Option:
    """One way to place posts: the model that gives it, what the model minimises and its bound, and how calls are answered then.

    ``crews`` (C,) at each place.
    """

    objective: Objective
    crews: I64
    value: float
    bound: float
    answered: Answered


@dataclass(frozen=True)
class Closed:
    """What closing a post would do: its place, and how calls are answered with its crews at the station house (or nearest post)."""

    place: int
    answered: Answered


@dataclass(frozen=True)
class PostPlan:
    """Where crews wait.

    Parameters
    ----------
    scene
        What was planned for.
    chosen
        The plan.
    options
        What every model proposes, the plan among them.
    before
        As it is today, with the same number of crews.
    closed
        Every post but the station house closed, one at a time.
    by_season
        The plan in each season by itself.
    system
        The duty system whose units and beats are changed.
    proof
        How good the plan is.
    rungs
        How calls are answered with one post, with two, with more; empty where their number was given.
    """

    scene: PostScene
    chosen: Option
    options: tuple[Option, ...]
    before: Option
    closed: tuple[Closed, ...]
    by_season: tuple[Answered, ...]
    system: DutySystem
    proof: Proof
    rungs: tuple[Rung, ...] = ()

    @property
    def posts(self) -> I64:
        """Places with a post."""
        return np.flatnonzero(self.chosen.crews)

    @cached_property
    def nearest(self) -> I64:
        """(J,) the post nearest to each atom, over the seasons."""
        mean = np.tensordot(self.scene.problem.share, self.scene.problem.times, 1)
        return np.asarray(self.posts[mean[self.posts].argmin(axis=0)])

    def part(self) -> dict[str, list[dict[str, Any]]]:
        """Return ``unit`` and ``beat`` tables: outposts at the posts, each beat with the post nearest to its calls.

        Where crews are to stay at their posts, ``crews`` tables say so.
        """
        part = post_part(self.system, self.scene.station, self.scene.problem, self.posts)
        stays = [{"id": rule, "patrol": "base"} for rule in self.patrolling] if self.scene.aims.stay else []
        return part | {"crews": stays} if stays else part

    @property
    def patrolling(self) -> tuple[str, ...]:
        """Rules of crews that have a beat and patrol while free: where they are then is not where their post is."""
        return tuple(rule.id for rule in self.system.crews if rule.form == "beat" and rule.patrol != "base")


def plan_posts(
    station: Station,
    system: DutySystem,
    plan: ResponsePlan,
    aims: Aims = AIMS,
    effort: Effort | None = None,
    start: PostPlan | Mapping[str, int] | None = None,
) -> PostPlan:
    """Place a station's crews at posts.

    Coverage, backup, expected coverage and distance are solved to proof; what each proposes is answered by the closed form with
    busy crews. For ``response`` the best of them, and an earlier plan, is improved by moving posts and crews.

    Parameters
    ----------
    station, system, plan
        What there is, and the duty system in force, compiled.
    aims
        What the posts are for.
    effort
        Time and seed.
    start
        An earlier plan, or atoms and the crews there: never given up for a worse one where it is for as many posts and crews.

    Raises
    ------
    QinwuError
        What is asked contradicts itself, or the calls are more than so many crews can answer.
    """
    running = (effort or Effort()).begin()
    scene, rungs = _numbered(post_scene(station, plan, aims), running)
    problem = scene.problem
    before = _option(scene, "response", scene.now)
    options = _options(scene, running)
    known = None if start is None else _crews_of(scene, start)
    earlier = [] if known is None or not _fits(problem, known) else [_option(scene, "response", known)]
    chosen, options = _chosen(scene, options, earlier, running)
    closed = tuple(Closed(int(place), _closed(scene, chosen.crews, int(place))) for place in _closable(scene, chosen.crews))
    seasons = tuple(
        answered(replace(problem, times=times[None], share=np.ones(1)), scene.work, bases_of(chosen.crews))
        for times in problem.times
    )
    return PostPlan(scene, chosen, options, before, closed, seasons, system, _proof(scene, chosen, running), rungs)


def _numbered(scene: PostScene, running: Running) -> tuple[PostScene, tuple[Rung, ...]]:
    """Return the scene with as many posts as are worth it, and why, where their number is not given."""
    if scene.aims.posts is not None or scene.aims.objective != "response":
        return scene, ()
    rungs = ladder(scene, _part(running, LOOKING))
    return replace(scene, problem=replace(scene.problem, posts=enough(rungs))), rungs


def _options(scene: PostScene, running: Running) -> tuple[Option, ...]:
    """Return what every model proposes; the one asked for is solved first, and then distance, which bounds the response."""
    problem, start = scene.problem, interchange(scene.problem)
    busy = min(0.95, scene.work.load / problem.crews)
    models: dict[Objective, Callable[[Running], Sited]] = {
        "distance": lambda time: min_distance(problem, time, start),
        "cover": lambda time: max_cover(problem, time, start),
        "backup": lambda time: max_backup(problem, time, start),
        "expected_cover": lambda time: max_expected_cover(problem, busy, time, start),
    }
    asked = scene.aims.objective
    order = sorted(models, key=lambda name: name != asked)
    sited = {name: models[name](_part(running, FIRST if name in (asked, "distance") else OTHERS)) for name in order}
    return tuple(
        Option(name, each.crews, each.value, each.bound, answered(problem, scene.work, bases_of(each.crews)))
        for name, each in sited.items()
        if len(each.sites)
    )


def _part(running: Running, share: float) -> Running:
    """Return a clock for a share of the time left that stops when the whole is asked to."""
    return Effort(max(running.left * share, 1e-3), running.effort.seed, None, running.effort.stop).begin()


def _option(scene: PostScene, objective: Objective, crews: I64) -> Option:
    found = answered(scene.problem, scene.work, bases_of(crews))
    return Option(objective, crews, found.response_s, -np.inf, found)


def _crews_of(scene: PostScene, start: PostPlan | Mapping[str, int]) -> I64:
    """Return (C,) the crews of an earlier plan at each place; those at atoms that are gone are left out."""
    if isinstance(start, PostPlan):
        return start.chosen.crews
    index = scene.station.area.index
    crews = np.zeros(scene.problem.places, dtype=np.int64)
    for atom, count in start.items():
        if atom in index:
            crews[index[atom]] = count
    return crews


def _fits(problem: SitingProblem, crews: I64) -> bool:
    """Return whether crews at places keep the rules of a problem."""
    if len(crews) != problem.places or crews.sum() != problem.crews or (crews > 0).sum() != problem.posts:
        return False
    there = crews > 0
    return bool((crews[there] >= problem.least).all() and problem.possible[there].all() and there[problem.needed].all())


def _chosen(
    scene: PostScene, options: tuple[Option, ...], earlier: list[Option], running: Running
) -> tuple[Option, tuple[Option, ...]]:
    """Return the plan, and all options with it."""
    objective = scene.aims.objective
    if not options:
        raise QinwuError([_no_time()])
    travel = max((each.bound for each in options if each.objective == "distance"), default=0.0)
    bound = travel + least_wait(scene.problem, scene.work)
    if objective != "response":
        return next((each for each in options if each.objective == objective), options[0]), options
    best = min([*options, *earlier], key=lambda each: each.answered.response_s)
    crews, found = improved(scene.problem, scene.work, best.crews, running, bound)
    if not np.isfinite(found.response_s):
        raise QinwuError([_overloaded(scene)])
    chosen = Option("response", crews, found.response_s, bound, found)
    return chosen, (chosen, *options)


def _no_time() -> Finding:
    message = N_("There was no time to place a single post.")
    return Finding("no-time", "error", message, N_("Give more seconds."))


def _overloaded(scene: PostScene) -> Finding:
    message = N_("With their journeys, the calls are more than {crews} crews can answer.")
    values = {"crews": scene.problem.crews}
    return Finding(
        "crews-overloaded", "error", message, N_("Put more crews on duty, or more posts nearer to the calls."), Place(), values
    )


def _closable(scene: PostScene, crews: I64) -> I64:
    posts = np.flatnonzero(crews)
    return posts[posts != scene.station.base] if len(posts) > 1 else posts[:0]


def _closed(scene: PostScene, crews: I64, place: int) -> Answered:
    """Return how calls are answered when the crews of a post go to the station house, or to the nearest post where it has none."""
    left = np.setdiff1d(np.flatnonzero(crews), [place])
    home = scene.station.base if crews[scene.station.base] else int(left[scene.problem.times[0, place, left].argmin()])
    moved = crews.copy()
    moved[home], moved[place] = moved[home] + moved[place], 0
    return answered(scene.problem, scene.work, bases_of(moved))


def _proof(scene: PostScene, chosen: Option, running: Running) -> Proof:
    timed = chosen.objective in TIMED
    scale = 1.0 / 60.0 if timed else 100.0
    bound = chosen.bound if np.isfinite(chosen.bound) else np.nan
    methods = (
        N_("every siting model by branch and bound, the best moved by the closed form"),
        N_("branch and bound to proof"),
    )
    return Proof(
        OBJECTIVES[chosen.objective],
        N_("min") if timed else "%",
        chosen.value * scale,
        bound * scale,
        running.seconds,
        running.effort.seed,
        methods[chosen.objective != "response"],
        running.interrupted,
        tuple(_binding(scene, chosen)),
        tuple(_given_up(scene, chosen)),
    )


def _binding(scene: PostScene, chosen: Option) -> list[Finding]:
    found = []
    atoms = scene.station.area.atom_ids
    tight = [atoms[place] for place in np.flatnonzero(chosen.crews == scene.problem.least)] if scene.problem.least > 1 else []
    if tight:
        message = N_("At these posts stand no more crews than must: {posts}.")
        found.append(Finding("least-crews", "note", message, "", Place(), {"posts": ", ".join(tight)}))
    if chosen.objective == "response":
        wait = least_wait(problem := scene.problem, scene.work)
        message = N_(
            "However {posts} posts stand, calls wait {wait:.1f} min for a free crew and are {travel:.1f} min from the nearest."
        )
        values = {"posts": problem.posts, "wait": wait / 60.0, "travel": (chosen.bound - wait) / 60.0}
        found.append(Finding("bound-of-response", "note", message, "", Place(), values))
    return found


def _given_up(scene: PostScene, chosen: Option) -> list[Finding]:
    problem, posts = scene.problem, np.flatnonzero(chosen.crews)
    beyond = ~problem.covers[posts].any(axis=0).reshape(len(problem.share), -1).all(axis=0) & (problem.weight > 0)
    if not beyond.any():
        return []
    message = N_("{atoms} areas with {share:.1%} of the calls are farther than {limit:.1f} minutes from every post: {named}.")
    names = [scene.station.area.atom_ids[atom] for atom in np.flatnonzero(beyond)[np.argsort(-problem.weight[beyond])]]
    values = {
        "atoms": int(beyond.sum()),
        "share": float(problem.weight[beyond].sum() / problem.weight.sum()),
        "limit": problem.limit_s / 60.0,
        "named": ", ".join(names[:8]) + (" …" if len(names) > 8 else ""),
    }
    return [Finding("beyond-the-limit", "note", message, "", Place(), values)]
