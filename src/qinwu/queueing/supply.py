"""Supply: what the officers of a station can give in a week against what is needed, and what would close the gap."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from qinwu.station.force import Force

WEEK_H = 168.0
HOURS_PER_WEEK = 40.0
"""Hours a week by labour law 劳动法."""
AWAY = 45.0 / 260.0
"""Share of working days lost to leave, public holidays, sickness and training, 45 of 260: an assumption; set the station's own."""
LONGEST_WEEK_H = 56.0
"""Hours a week of three groups on 24-hour duty in turn, the longest that Chinese stations are known to live by."""
FEWEST_GROUPS = 3
"""So many groups can take turns at 24-hour duty for long."""


@dataclass(frozen=True, slots=True)
class Supply:
    """Officers of a station by post, and the hours each gives.

    Parameters
    ----------
    front, office, command
        Officers, sworn and auxiliary.
    sworn
        Those of the front line who are sworn.
    hours
        Hours a week of each, > 0.
    away
        Share of them lost to leave, holidays, sickness and training, [0, 1).
    """

    front: int
    office: int
    command: int
    sworn: int
    hours: float = HOURS_PER_WEEK
    away: float = AWAY

    @classmethod
    def of(cls, force: Force, hours: float = HOURS_PER_WEEK, away: float = AWAY) -> Supply:
        """Count a force."""
        posts = [officer.post for officer in force]
        sworn = sum(officer.kind == "sworn" and officer.post == "front_line" for officer in force)
        return cls(posts.count("front_line"), posts.count("administration"), posts.count("command"), sworn, hours, away)

    @property
    def total(self) -> int:
        """All officers."""
        return self.front + self.office + self.command

    @property
    def gross(self) -> float:
        """Hours a week of the front line, nobody ever away."""
        return self.front * self.hours

    @property
    def each(self) -> float:
        """Hours a week that one officer is there."""
        return self.hours * (1.0 - self.away)

    @property
    def net(self) -> float:
        """Hours a week that the front line is there."""
        return self.front * self.each


@dataclass(frozen=True, slots=True)
class LongDuty:
    """Close the gap by hours: ``groups`` on 24-hour duty in turn, ``hours`` a week for each officer and ``with_leave`` where
    those on leave are covered too; ``extra`` beyond what is lawful. ``enough`` where it closes the gap within known practice.
    """

    groups: int
    hours: float
    with_leave: float
    extra: float
    enough: bool


@dataclass(frozen=True, slots=True)
class DeskPosts:
    """Close the gap by posts: ``posts`` to move to the street, of ``office`` desk posts; ``desk_hours`` a week are lost there."""

    posts: int
    office: int
    desk_hours: float
    enough: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """Close the gap by size: ``stations`` alike as one need ``needed`` hours and have ``net``.

    Mean seconds from dispatch to arrival, waits included, are ``arrival_s`` before and ``arrival_after_s`` after.
    """

    stations: int
    needed: float
    net: float
    arrival_s: float
    arrival_after_s: float
    enough: bool


def long_duty(supply: Supply, needed: float, most_on_duty: int) -> LongDuty:
    """Return what longer hours would ask of each officer.

    Parameters
    ----------
    supply
        Who there is.
    needed
        Officer-hours a week.
    most_on_duty
        Officers on duty at the same time, at most.

    Examples
    --------
    Six officers, two around the clock, 336 hours: three groups of two, 56 hours a week each.

    >>> change = long_duty(Supply(6, 4, 3, 6), 336.0, 2)
    >>> change.groups, change.hours, change.enough
    (3, 56.0, True)
    """
    groups = supply.front // most_on_duty if most_on_duty else 0
    hours = needed / max(supply.front, 1)
    with_leave = hours / (1.0 - supply.away)
    return LongDuty(groups, hours, with_leave, hours - supply.hours, groups >= FEWEST_GROUPS and hours <= LONGEST_WEEK_H)


def desk_posts(supply: Supply, needed: float) -> DeskPosts:
    """Return how many desk posts on the street would close the gap.

    >>> change = desk_posts(Supply(6, 4, 3, 6), 336.0)
    >>> change.posts, round(change.desk_hours), change.enough
    (5, 165, False)
    """
    posts = max(0, ceil(needed / supply.each - 1e-9) - supply.front)
    return DeskPosts(posts, supply.office, posts * supply.each, posts <= supply.office)


def fewest_stations(supply: Supply, needed: float, shared: float) -> int:
    """Return how many stations alike would have enough hours together.

    Parameters
    ----------
    supply
        Each station's officers.
    needed
        Officer-hours a week of one station alone.
    shared
        Hours that one station needs for presence alone and that any number of them need only once, in [0, needed].

    Examples
    --------
    >>> fewest_stations(Supply(6, 4, 3, 6), 336.0, 336.0)
    2
    """
    spare = supply.net - (needed - shared)
    return ceil(shared / spare - 1e-9) if spare > 0.0 else 0
