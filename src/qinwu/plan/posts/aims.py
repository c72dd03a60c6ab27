"""What posts are for, and the rules that hold for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qinwu.findings import Finding, Place
from qinwu.language import N_

Objective = Literal["response", "cover", "backup", "expected_cover", "distance"]
OBJECTIVES: tuple[Objective, ...] = ("response", "cover", "backup", "expected_cover", "distance")
MOST_CREWS = 60


@dataclass(frozen=True, slots=True)
class Aims:
    """What the planner of posts aims at.

    Parameters
    ----------
    objective
        ``response``: mean time until a crew is there, busy crews included; ``cover``: most calls within the limit of a post;
        ``backup``: of two crews; ``expected_cover``: of a crew that is free; ``distance``: nearest on average.
    posts
        How many posts, the station house included; None for as many as are worth it for ``response``, else for as many as there
        are now.
    crews
        Crews on duty at one time; None for the mean of the duty system's week.
    least
        Fewest crews at a post.
    minutes
        Minutes of travel within which a place is covered; None for the promise for the most urgent calls, less what passes before
        a crew sets off.
    seasons
        Season and its share of the year, as ``[travel.class_factor]`` of the station names them, ``""`` for the roads as they are;
        empty for the station's own season all year.
    hub
        Whether the station house keeps a post.
    possible
        Atoms where a post may be; all where none are named.
    stay
        Whether the duty file has crews of beats wait at their post instead of patrolling their beat.
    """

    objective: Objective = "response"
    posts: int | None = None
    crews: int | None = None
    least: int = 1
    minutes: float | None = None
    seasons: tuple[tuple[str, float], ...] = ()
    hub: bool = True
    possible: tuple[str, ...] = ()
    stay: bool = False

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the aims themselves."""
        whole = (("posts", self.posts, 1, 10_000), ("crews", self.crews, 1, MOST_CREWS), ("least", self.least, 1, MOST_CREWS))
        for name, value, low, high in whole:
            if value is not None and not low <= value <= high:
                numbers = {"name": name, "value": value, "low": low, "high": high}
                message, remedy = N_("{name} cannot be {value}."), N_("Use a whole number from {low} to {high}.")
                yield Finding("bad-number", "error", message, remedy, Place(), numbers)
        if self.minutes is not None and not 0.0 < self.minutes <= 1440.0:
            message, remedy = N_("A limit of {value} minutes is none."), N_("Use a number of minutes above 0.")
            yield Finding("bad-limit", "error", message, remedy, Place(), {"value": self.minutes})
        shares = [share for _, share in self.seasons]
        if shares and (min(shares) <= 0.0 or abs(sum(shares) - 1.0) > 1e-6):
            message, remedy = N_("The seasons' shares of the year come to {total:g}."), N_("Let them be above 0 and come to 1.")
            yield Finding("bad-seasons", "error", message, remedy, Place(), {"total": sum(shares)})


AIMS = Aims()
