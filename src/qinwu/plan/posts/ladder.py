"""Ladder: how soon calls are answered with one post, with two, with more, and from how many on another one hardly helps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qinwu.plan.effort import Effort, Running
from qinwu.plan.posts.answering import Answered
from qinwu.plan.posts.improving import improved
from qinwu.plan.posts.models import interchange, spread
from qinwu.plan.posts.problem import I64
from qinwu.plan.posts.scene import PostScene

MOST = 6
"""So many posts are looked at, and the number there is now."""
WORTH = 0.03
"""Another post is worth its rooms where it answers calls at least this share sooner, an assumption."""


@dataclass(frozen=True)
class Rung:
    """So many posts: the crews (C,) at each place, and how calls are answered then."""

    posts: int
    crews: I64
    answered: Answered


def ladder(scene: PostScene, running: Running) -> tuple[Rung, ...]:
    """Return the answer with every number of posts that the crews and places allow, each from the nearest posts on, improved."""
    return tuple(_rungs(scene, running))


def _rungs(scene: PostScene, running: Running) -> Iterator[Rung]:
    problem = scene.problem
    least = max(1, int(problem.needed.sum()))
    most = min(problem.crews // problem.least, int((problem.possible | problem.needed).sum()), max(MOST, problem.posts))
    for count in range(least, most + 1):
        of = replace(problem, posts=count)
        crews = spread(of, interchange(of))
        clock = Effort(max(running.left / (most + 2 - count), 1e-3), stop=running.effort.stop).begin()
        yield Rung(count, *improved(of, scene.work, crews, clock, -np.inf))
        if running.over:
            return


def enough(rungs: Sequence[Rung]) -> int:
    """Return the fewest posts beyond which no further one answers calls `WORTH` sooner; the first where nothing can be answered."""
    chosen = rungs[0]
    for rung in rungs[1:]:
        if rung.answered.response_s < chosen.answered.response_s * (1.0 - WORTH):
            chosen = rung
    return chosen.posts
