"""Head-counts: shares that a small number of people can and cannot make up, and hours that they can and cannot give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from qinwu.judge.claims.figures import Figure
from qinwu.queueing.supply import AWAY, FEWEST_GROUPS, HOURS_PER_WEEK, LONGEST_WEEK_H, WEEK_H, Supply


class Heads(NamedTuple):
    """People out of people."""

    people: int
    of: int

    @property
    def share(self) -> float:
        """Their share."""
        return self.people / self.of


def heads_giving(share: Figure, of: int) -> tuple[Heads, ...]:
    """Return the head-counts whose share would be written as `share`; none where no whole number of people gives it.

    Parameters
    ----------
    share
        The share as written, 0 to 1.
    of
        All people, >= 1.

    Examples
    --------
    >>> from qinwu.judge.claims.figures import parse_figure
    >>> heads_giving(parse_figure("89%"), 13), heads_giving(parse_figure("46.2%"), 13)
    ((), (Heads(people=6, of=13),))
    """
    room = 1e-12
    counts = (Heads(count, of) for count in range(of + 1))
    return tuple(heads for heads in counts if share.low - room <= heads.share <= share.high + room)


def nearest_heads(share: Figure, of: int) -> tuple[Heads, ...]:
    """Return the head-counts just above and just below a share, nearest first; one where it is at an end.

    >>> from qinwu.judge.claims.figures import parse_figure
    >>> [f"{heads.people}/{heads.of} = {heads.share:.1%}" for heads in nearest_heads(parse_figure("89%"), 13)]
    ['12/13 = 92.3%', '11/13 = 84.6%']
    """
    below = min(int(share.value * of + 1e-9), of)
    sides = [Heads(below, of), Heads(min(below + 1, of), of)]
    return tuple(sorted(dict.fromkeys(sides), key=lambda heads: abs(heads.share - share.value)))


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether a front line can keep a crew out around the clock.

    Parameters
    ----------
    front, crew
        Officers on the front line, and officers on duty at any time.
    needed, gross, net
        Officer-hours a week: for the crew, of all officers by contract, and of those who are there.
    groups, group_hours
        Groups that can take turns at 24-hour duty, and the hours a week that each officer then works.
    long_duty_enough
        Whether those hours stay within known practice.
    """

    front: int
    crew: int
    needed: float
    gross: float
    net: float
    groups: int
    group_hours: float
    long_duty_enough: bool

    @property
    def feasible(self) -> bool:
        """Whether ordinary hours are enough."""
        return self.net >= self.needed


def cover(front: int, crew: int = 2, hours: float = HOURS_PER_WEEK, away: float = AWAY) -> Cover:
    """Return what it takes to keep `crew` officers out around the clock, and what `front` officers give.

    Parameters
    ----------
    front, crew
        Officers on the front line and in the crew, >= 1.
    hours
        Hours a week of an officer, > 0.
    away
        Share lost to leave, holidays, sickness and training, [0, 1).

    Examples
    --------
    >>> six, twelve = cover(6), cover(12)
    >>> [six.needed, six.gross, round(six.net), six.feasible], [twelve.gross, round(twelve.net), twelve.feasible]
    ([336.0, 240.0, 198, False], [480.0, 397, True])
    >>> six.groups, six.group_hours, six.long_duty_enough
    (3, 56.0, True)
    """
    needed, supply = WEEK_H * crew, Supply(front, 0, 0, front, hours, away)
    groups = front // crew
    by_groups = WEEK_H / groups if groups else float("inf")
    enough = groups >= FEWEST_GROUPS and by_groups <= LONGEST_WEEK_H
    return Cover(front, crew, needed, supply.gross, supply.net, groups, by_groups, enough)
