"""Needs: which posts must be filled, in which watches, by how many officers and how many of them sworn, on each weekday."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import lcm
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.roster_rules.watches import hours_of_day
from qinwu.duty.system import Watch
from qinwu.plan.roster.problem import I32
from qinwu.station.config import Text

WEEK_DAYS = 7
LEAD = "lead"
"""The post of the leader on duty 带班."""
F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Post:
    """A post.

    Parameters
    ----------
    id, name
        As the wall sheet names it.
    members
        Ids of the officers who may be given it.
    crew
        Officers in a crew, >= 1.
    skills
        Skills of which one officer at least is on duty in each watch.
    usual_h
        Hours a week of its members in the system in force; 0 where nothing is known.
    """

    id: str
    name: Text
    members: tuple[str, ...]
    crew: int = 1
    skills: frozenset[str] = frozenset()
    usual_h: float = 0.0


@dataclass(frozen=True)
class Need:
    """What one post needs in one watch.

    Every array goes over days that repeat: 7, or another number of whole weeks, day 0 being a Monday.

    Parameters
    ----------
    post, watch
        Post id and watch.
    least, sworn
        Officers, and sworn ones among them, that must be there, by the day on which the watch starts.
    wanted, wanted_sworn
        Officers, and sworn ones, that should be there: what `least` and `sworn` ask or more.
    """

    post: str
    watch: Watch
    least: I32
    sworn: I32
    wanted: I32
    wanted_sworn: I32

    @property
    def id(self) -> str:
        """Post and watch, as messages name it."""
        return f"{self.post}/{self.watch.id}"

    @property
    def hours(self) -> float:
        """Officer-hours a week that must be worked."""
        return float(self.least.mean() * WEEK_DAYS * self.watch.hours)

    @property
    def wanted_hours(self) -> float:
        """Officer-hours a week that should be worked."""
        return float(self.wanted.mean() * WEEK_DAYS * self.watch.hours)


Array = Literal["least", "sworn", "wanted", "wanted_sworn"]
ARRAYS: tuple[Array, ...] = ("least", "sworn", "wanted", "wanted_sworn")


@dataclass(frozen=True)
class Needs:
    """Posts, and what each needs; `why` says where the figures come from: an English catalogue entry."""

    posts: tuple[Post, ...]
    needs: tuple[Need, ...]
    why: str

    def post(self, name: str) -> Post:
        """Return a post by id."""
        return next(post for post in self.posts if post.id == name)

    def words(self, need: Need) -> Text:
        """Return what a need is for: the names of its post and watch."""
        return shift_words(self.post(need.post).name, need.watch)

    def of(self, post: str) -> tuple[Need, ...]:
        """Return what one post needs."""
        return tuple(need for need in self.needs if need.post == post)

    def by_hour(self, post: str, array: Array = "least") -> F64:
        """Return the officers that a post needs in each hour from a Monday 00:00 on, over the weeks after which it repeats."""
        return on_duty_by_hour((need.watch, getattr(need, array)) for need in self.of(post))

    @property
    def hours(self) -> float:
        """Officer-hours a week that must be worked."""
        return sum(need.hours for need in self.needs)


def shift_words(post: Text, watch: Watch) -> Text:
    """Return the names of a post and a watch as one."""
    name = watch.name or Text(zh=watch.id, en=watch.id)
    return Text(zh=f"{post.zh}·{name.zh}", en=f"{post.in_language('en')}, {name.in_language('en')}")


def listed_words(texts: Iterable[Text]) -> Text:
    """Return several words as a list, a dash for none.

    >>> listed_words([Text(zh="甲", en="A"), Text(zh="乙", en="B")])
    Text(zh='甲、乙', en='A; B')
    """
    given = list(texts)
    return Text(zh="、".join(each.zh for each in given) or "–", en="; ".join(each.in_language("en") for each in given) or "–")


def day_numbers(count: int | Sequence[int]) -> I32:
    """Return (7,) numbers by weekday: the same on each, or one for each."""
    return np.broadcast_to(np.asarray(count, dtype=np.int32), WEEK_DAYS).copy()


def on_dates(numbers: I32, first: date, days: int) -> I32:
    """Return numbers that repeat from a Monday on for so many days from `first`.

    >>> on_dates(day_numbers([1, 2, 3, 4, 5, 6, 7]), date(2026, 1, 7), 3)
    array([3, 4, 5], dtype=int32)
    """
    return numbers[(first.toordinal() - 1 + np.arange(days)) % len(numbers)]


def on_duty_by_hour(pairs: Iterable[tuple[Watch, I32]]) -> F64:
    """Return the officers on duty in each hour of the weeks after which watches repeat, from how many start on each day.

    >>> watch = Watch(id="night", start="20:00", hours=12)
    >>> on_duty_by_hour([(watch, day_numbers([2, 1, 1, 1, 1, 1, 1]))])[[19, 20, 31, 32, 44]]
    array([0., 2., 2., 0., 1.])
    """
    given = list(pairs)
    days = lcm(WEEK_DAYS, *(len(starts) for _, starts in given))
    on = np.zeros(days * 24)
    for watch, starts in given:
        for day, count in enumerate(np.resize(starts, days).tolist()):
            for hour, share in hours_of_day(watch).items():
                on[(day * 24 + hour) % len(on)] += share * count
    return on


def with_watches(needs: Needs, post: str, watches: Sequence[Watch]) -> Needs:
    """Return needs in which a post is served in other watches, with as many officers in each as its busiest hour needed before.

    Parameters
    ----------
    needs
        What is needed.
    post
        Which post.
    watches
        Its new watches, together around the clock where the old ones were.
    """
    hours = {array: np.ceil(needs.by_hour(post, array) - 1e-9) for array in ARRAYS}
    new = [Need(post, watch, **{array: _busiest(hours[array], watch) for array in ARRAYS}) for watch in watches]
    others = [need for need in needs.needs if need.post != post]
    return replace(needs, needs=(*others, *(need for need in new if need.wanted.any())))


def _busiest(hours: F64, watch: Watch) -> I32:
    """Return the most that any hour needs which a watch takes, by the day on which it starts."""
    taken = np.array(list(hours_of_day(watch)))
    days = np.arange(len(hours) // 24)
    return np.asarray(hours[(days[:, None] * 24 + taken) % len(hours)].max(axis=1), dtype=np.int32)


def at_least(needs: Needs, people: int) -> Needs:
    """Return needs with at least so many officers on duty at any time: what is lacking falls on the post with most members.

    Parameters
    ----------
    needs
        What is needed.
    people
        Officers on duty at any time, leaders not counted, >= 0.
    """
    front = [post for post in needs.posts if post.id != LEAD and needs.of(post.id)]
    if not front or not people:
        return needs
    main = max(front, key=lambda post: len(post.members))
    on = np.sum([needs.by_hour(post.id) for post in front], axis=0)
    lacking = np.ceil(np.maximum(people - on, 0.0) - 1e-9)
    raised = [_raised(need, lacking, main.crew) if need.post == main.id else need for need in needs.needs]
    return replace(needs, needs=tuple(raised))


def _raised(need: Need, lacking: F64, crew: int) -> Need:
    least = need.least + _busiest(lacking, need.watch)
    sworn = np.maximum(need.sworn, -(-least // crew)).astype(np.int32)
    days = lcm(len(least), len(need.wanted))
    wanted = np.maximum(np.resize(need.wanted, days), np.resize(least, days)).astype(np.int32)
    wanted_sworn = np.maximum(np.resize(need.wanted_sworn, days), np.resize(sworn, days)).astype(np.int32)
    return replace(need, least=least, sworn=sworn, wanted=wanted, wanted_sworn=wanted_sworn)
