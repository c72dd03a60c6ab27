"""Information lag: how long news takes from what happened to the first who reads it, team by team (M17, M63)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from statistics import median


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news.

    Parameters
    ----------
    minutes
        For each team the minutes from what happened to each reading by one of its members, >= 0.
    members
        How many of each team could read it.
    over
        Whether the time in which it could be read is over: who has not read it by then never did.
    """

    minutes: Mapping[str, Sequence[float]]
    members: Mapping[str, int]
    over: bool


@dataclass(frozen=True, slots=True)
class TeamLag:
    """How news reaches one team.

    Parameters
    ----------
    team
        Its id.
    news
        Pieces of news counted: those that somebody of the team read, and those that ended without.
    median_min
        Median minutes from what happened to the first reading in the team; inf where half of the news or more were never read.
    never
        Pieces that nobody of the team had read at the end.
    readings, not_read
        Of the news that are over: how often a member could read one, and how often did not.
    """

    team: str
    news: int
    median_min: float
    never: int
    readings: int
    not_read: int


def lags(all_news: Sequence[News]) -> tuple[TeamLag, ...]:
    """Return the lag of each team, the slowest first; teams without news that counts are left out.

    News that still runs and that a team has not read counts neither way for it.

    >>> fast = News({"patrol": [4.0, 9.0]}, {"patrol": 2, "beats": 3}, over=True)
    >>> [(one.team, one.median_min, one.never, one.not_read) for one in lags([fast])]
    [('beats', inf, 1, 3), ('patrol', 4.0, 0, 0)]
    """
    teams = sorted({team for news in all_news for team, members in news.members.items() if members})
    found = [one for one in (_lag(team, all_news) for team in teams) if one is not None]
    return tuple(sorted(found, key=lambda one: (-one.median_min, one.team)))


def _lag(team: str, all_news: Sequence[News]) -> TeamLag | None:
    there = [news for news in all_news if news.members.get(team, 0)]
    first = [min(news.minutes.get(team, ()), default=inf) for news in there]
    counted = [minutes for minutes, news in zip(first, there, strict=True) if isfinite(minutes) or news.over]
    if not counted:
        return None
    over = [news for news in there if news.over]
    readings = sum(news.members[team] for news in over)
    read = sum(len(news.minutes.get(team, ())) for news in over)
    return TeamLag(team, len(counted), median(counted), counted.count(inf), readings, readings - read)
