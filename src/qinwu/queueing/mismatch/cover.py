"""Cover: the posts of a duty system, who is on them in every minute of its cycle, and the gaps it leaves (M56 全时覆盖)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.gaps import DAY_MIN, I64, WEEK_MIN, gaps_between
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.stations import STATION, Stations
from qinwu.duty.system import DutySystem
from qinwu.queueing.mismatch.staffed import answering, windows
from qinwu.station.config import Text

LEAST = 2
"""Officers who must be on duty at any time (两人以上)."""
MINUTE_S = 60.0
PostKind = Literal["station", "outpost"]


@dataclass(frozen=True)
class Post:
    """A post: a station with everybody in and under it, or one of its outposts; which crews (K,) are on it."""

    id: str
    name: Text
    kind: PostKind
    crews: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CoverGap:
    """Gaps of one kind on one post.

    Parameters
    ----------
    post
        Its id.
    since, minutes
        When they begin, in minutes after midnight, and how long they last.
    lacking
        Officers too few, at the most.
    per_week
        How many of them there are in an average week.
    officer_hours
        Officer-hours a week that close all of them.
    """

    post: str
    since: int
    minutes: int
    lacking: int
    per_week: float
    officer_hours: float

    @property
    def minutes_per_week(self) -> float:
        """Minutes below the minimum in an average week."""
        return self.minutes * self.per_week


def posts_of(plan: ResponsePlan, system: DutySystem) -> tuple[Post, ...]:
    """Return the posts of a duty system that have crews: its stations, then their outposts."""
    stations, own = Stations.of(system), answering(plan)
    names = {unit.id: unit.name for unit in system.unit}
    outposts = [unit.id for unit in system.unit if unit.level == "outpost"]
    found = []
    for kind, ids in (("station", stations.homes or (STATION,)), ("outpost", outposts)):
        for unit in ids:
            here = np.array([_on(stations, crew.unit, unit) for crew in plan.crews], dtype=bool) & own
            if here.any():
                found.append(Post(unit, names.get(unit) or Text(zh=unit, en=unit), kind, here))  # type: ignore[arg-type]
    return tuple(found)


def _on(stations: Stations, unit: str, post: str) -> bool:
    return unit == post or post in stations.above(unit)


def on_by_minute(plan: ResponsePlan, crews: NDArray[np.bool_]) -> I64:
    """Return (M,) officers of some crews on duty in each minute of the duty cycle."""
    crew, begin, end = windows(plan.duty)
    mine = crews[crew]
    minutes = round(plan.duty.cycle_s / MINUTE_S)
    change = np.zeros(minutes + 1, dtype=np.int64)
    people = plan.crew.people[crew[mine]].astype(np.int64)
    np.add.at(change, np.rint(begin[mine] / MINUTE_S).astype(np.int64), people)
    np.subtract.at(change, np.rint(end[mine] / MINUTE_S).astype(np.int64), people)
    return np.cumsum(change[:-1])


def cover_gaps(plan: ResponsePlan, system: DutySystem, least: int = LEAST) -> tuple[CoverGap, ...]:
    """Return the gaps of a duty system below so many officers on each post, the costliest first."""
    weeks = round(plan.duty.cycle_s / MINUTE_S) / WEEK_MIN
    found = [gap for post in posts_of(plan, system) for gap in _gaps(post, on_by_minute(plan, post.crews), least, weeks)]
    return tuple(sorted(found, key=lambda one: -one.officer_hours))


def _gaps(post: Post, on: I64, least: int, weeks: float) -> Iterator[CoverGap]:
    """Yield the gaps of one post, those at the same time of day and of one length together; one a week where it never ends."""
    if (on < least).all():
        hours = float((least - on).mean()) * WEEK_MIN / 60.0
        yield CoverGap(post.id, 0, WEEK_MIN, int((least - on).max()), 1.0, hours)
        return
    alike: dict[tuple[int, int], list[tuple[int, float]]] = {}
    # The cycle is looked at from a minute with enough officers on, so that no gap is cut in two at its end.
    begin = int((on >= least).argmax())
    for gap in gaps_between(np.roll(on, -begin), np.full(len(on), least), post.id):
        alike.setdefault(((gap.since + begin) % DAY_MIN, gap.minutes), []).append((gap.lacking, gap.officer_hours))
    for (since, minutes), some in alike.items():
        lacking, hours = max(one for one, _ in some), sum(each for _, each in some)
        yield CoverGap(post.id, since, minutes, lacking, len(some) / weeks, hours / weeks)
