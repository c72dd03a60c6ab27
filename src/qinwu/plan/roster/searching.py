"""Searching: a roster for a question, part by part, and the auxiliaries of each watch brought in line with its sworn officers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.effort import Effort, Running
from qinwu.plan.roster.build import Built, member_mask, sworn_mask
from qinwu.plan.roster.checking import violations
from qinwu.plan.roster.cost import cost_of
from qinwu.plan.roster.engine import solve
from qinwu.plan.roster.improving import improved
from qinwu.plan.roster.model import RosterModel
from qinwu.plan.roster.problem import I32, OFF, Bool, Cover, RosterProblem
from qinwu.plan.roster.split import part_of, parts_of

ROUNDS = 3
"""So often a roster with more auxiliaries than its crews can take is looked for anew."""
METHOD_SHARE = 0.7
"""Share of the time for the first search; the rest is for bringing auxiliaries in line."""
SHORTEST_S = 0.5
"""Less than this is no time to look on."""
TEAM = 8000
"""Up to so many duties (people, days and shifts multiplied) the constraint model is asked first."""
WHOLE_SHARE = 0.4
"""Share of a team's time for the constraint model."""


@dataclass(frozen=True)
class Found:
    """A roster as (E, D) positions, None where there is none; its cost, and what no roster costs less than."""

    at: I32 | None
    value: float
    bound: float


def search(built: Built, running: Running, seconds: float, start: I32 | None = None) -> Found:
    """Return the best roster that the time allows, never one worse than a lawful `start`.

    Auxiliaries act under sworn officers, so a watch has at most so many of them for each; such a tie of two counts is no need of
    the problem. A roster is looked for without the tie, and its bound holds; days that break it are then held to the sworn
    officers that they have.

    Parameters
    ----------
    built
        The question as arrays.
    running, seconds
        The run, and how much of it to use.
    start
        (E, D) an earlier roster.
    """
    ends = running.seconds + seconds
    found = _by_parts(built.problem, running, seconds * METHOD_SHARE, start)
    bound, problem = found.bound, built.problem
    for rest in reversed(range(ROUNDS)):
        if found.at is None:
            return found
        tighter = in_line(built, problem, found.at, every=not rest)
        if tighter is problem:
            break
        # Without the auxiliaries beyond what crews can take, a roster still meets every need.
        cut = trimmed(built, found.at)
        again = _by_parts(tighter, running, max(0.5, ends - running.seconds) / (rest + 1), cut)
        if again.at is None:
            lawful = not violations(built.problem, cut)
            return Found(cut, cost_of(built.problem, cut).total, bound) if lawful else again
        problem, found = tighter, again
    return _priced(built, _gone_on(built, problem, found, running, ends), bound)


def _gone_on(built: Built, problem: RosterProblem, found: Found, running: Running, ends: float) -> Found:
    """Use the time that is left, and keep what it brings where auxiliaries stay in line."""
    if found.at is None or found.value <= found.bound or ends - running.seconds < SHORTEST_S:
        return found
    longer = _by_parts(problem, running, ends - running.seconds, found.at)
    in_order = longer.at is not None and in_line(built, problem, longer.at, every=False) is problem
    return longer if in_order and longer.value <= found.value else replace(found, bound=max(found.bound, longer.bound))


def _priced(built: Built, found: Found, bound: float) -> Found:
    """Return what was found at its price in the problem itself, with the bound of the problem without the tie."""
    value = found.value if found.at is None else cost_of(built.problem, found.at).total
    return Found(found.at, value, min(bound, value))


def _by_parts(problem: RosterProblem, running: Running, seconds: float, start: I32 | None) -> Found:
    """Solve each part by itself, the time shared by size; what one leaves over the others may use."""
    parts = sorted(parts_of(problem), key=lambda part: int(part.sum()))
    at = np.full(problem.shape[:2], OFF, dtype=np.int32)
    value = bound = 0.0
    ends = running.seconds + seconds
    for number, part in enumerate(parts):
        people_left = sum(int(each.sum()) for each in parts[number:])
        share = max(0.5, (ends - running.seconds) * int(part.sum()) / people_left)
        effort = replace(running.effort, seconds=share, on_progress=None)
        answer = _solved(part_of(problem, part), effort, None if start is None else start[part])
        if answer.at is None:
            return Found(None, float("inf"), bound)
        at[part] = answer.at
        value, bound = value + answer.value, bound + answer.bound
    running.tell(value, bound)
    return Found(at, value, bound)


def _solved(problem: RosterProblem, effort: Effort, start: I32 | None) -> Found:
    """Solve one part: a team of a station by the constraint model, as a whole and then by lines; larger ones by the engine."""
    lawful = start if start is not None and not violations(problem, start) else None
    known = Found(lawful, np.inf if lawful is None else cost_of(problem, lawful).total, -np.inf)
    if np.prod(problem.shape) > TEAM:
        answer = solve(problem, effort, start)
        return _better(known, Found(answer.roster, answer.value, answer.bound))
    model = RosterModel(problem)
    if start is not None:
        model.hint(start)
    whole = model.solve(effort.seconds * WHOLE_SHARE, seed=effort.seed, stop=effort.stop)
    if whole.status in ("optimal", "infeasible"):
        return Found(whole.roster, whole.value, whole.bound)
    known = _better(known, Found(whole.roster, whole.value, whole.bound))
    rest = replace(effort, seconds=effort.seconds * (1 - WHOLE_SHARE))
    if known.at is None:
        answer = solve(problem, rest, start)
        return _better(known, Found(answer.roster, answer.value, answer.bound))
    at = improved(problem, known.at, rest, known.bound)
    return Found(at, cost_of(problem, at).total, known.bound)


def _better(one: Found, other: Found) -> Found:
    """Return the cheaper roster with the higher bound; an answer without a roster proves nothing here."""
    best = one if one.value <= other.value else other
    bounds = [each.bound for each in (one, other) if each.at is not None or each.bound < np.inf]
    return Found(best.at, best.value, min(max(bounds, default=-np.inf), best.value))


def in_line(built: Built, problem: RosterProblem, at: I32, *, every: bool) -> RosterProblem:
    """Return a problem whose auxiliaries are held to the sworn officers that a roster has; itself where no day breaks the tie.

    Parameters
    ----------
    built, problem
        The question, and the problem so far.
    at
        (E, D) the roster.
    every
        Whether every day is held, not only those that break the tie.
    """
    covers = {cover.name: cover for cover in problem.cover}
    changed = False
    for number, need in enumerate(built.question.needs.needs):
        limit = covers.get(f"{need.id} auxiliaries")
        if limit is None:
            continue
        crew = built.question.needs.post(need.post).crew
        sworn = (at[limit_sworn(built, need.post)] == number).sum(axis=0)
        loose = (at[limit.people] == number).sum(axis=0) > sworn * (crew - 1)
        held = loose | (every & loose.any())
        if held.any():
            changed = True
            covers[limit.name] = _with_need(limit, held, sworn * (crew - 1))
            name = f"{need.id} sworn"
            covers[name] = _with_need(covers[name], held, np.maximum(sworn, covers[name].need))
    return replace(problem, cover=tuple(covers.values())) if changed else problem


def limit_sworn(built: Built, post: str) -> Bool:
    """Return (E,) the sworn members of a post."""
    return np.asarray(member_mask(built.question, post) & sworn_mask(built.question))


def trimmed(built: Built, at: I32) -> I32:
    """Return a roster without the auxiliaries that are more than its crews can take."""
    at = at.copy()
    for number, need in enumerate(built.question.needs.needs):
        crew = built.question.needs.post(need.post).crew
        members, sworn = member_mask(built.question, need.post), limit_sworn(built, need.post)
        for day in range(at.shape[1]):
            room = int((at[sworn, day] == number).sum()) * (crew - 1)
            helping = np.flatnonzero(members & ~sworn & (at[:, day] == number))
            at[helping[room:], day] = OFF
    return at


def _with_need(cover: Cover, days: Bool, numbers: NDArray[np.int64]) -> Cover:
    return replace(cover, need=np.where(days, numbers, cover.need).astype(np.int32))
