"""Repeat places: how many disputes come back to a place where there was one shortly before, and how many would by chance (M19).

Places are atoms, never addresses or people. Where few atoms have many calls, most calls "repeat" whatever anybody does; the share
means something only beside what calls spread evenly over the time would give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qinwu.judge.claims.implied import Span
from qinwu.judge.claims.rates import LEVEL
from qinwu.judge.score.survey import wilson


@dataclass(frozen=True, slots=True)
class RepeatRate:
    """Calls that followed another at the same place.

    Parameters
    ----------
    calls
        Calls looked at: those early enough in the record to have nothing behind them are only looked back at.
    repeated
        Of them those with an earlier one at the same atom within the days.
    by_chance
        Share that would if each atom's calls were spread evenly at random over the record; nan without calls.
    places
        Atoms with the most repeated calls first: atom, repeated, calls.
    days
        Within how many days.
    """

    calls: int
    repeated: int
    by_chance: float
    places: tuple[tuple[str, int, int], ...]
    days: int

    @property
    def span(self) -> Span | None:
        """The share with its 95 % interval, None without calls."""
        if not self.calls:
            return None
        share = self.repeated / self.calls
        return Span(share, *wilson(share, self.calls, LEVEL))


def repeat_rate(received: Sequence[datetime], atoms: Sequence[str], days: int, since: datetime | None = None) -> RepeatRate:
    """Return which share of calls came back to a place within so many days.

    Parameters
    ----------
    received, atoms
        When and where each call came, in any order.
    days
        How far back is looked, >= 1.
    since
        Calls before it are only looked back at; by default those of the first `days` days.

    Examples
    --------
    >>> at = [datetime(2026, 1, day) for day in (1, 20, 25, 28)]
    >>> found = repeat_rate(at, ["A", "A", "B", "A"], 10, since=datetime(2026, 1, 15))
    >>> (found.calls, found.repeated, found.places)
    (3, 1, (('A', 1, 2),))
    """
    calls = sorted(zip(received, atoms, strict=True))
    within = timedelta(days=days)
    if not calls:
        return RepeatRate(0, 0, float("nan"), (), days)
    first, last = calls[0][0], calls[-1][0]
    start = first + within if since is None else since
    latest: dict[str, datetime] = {}
    looked, came_back = Counter[str](), Counter[str]()
    for at, atom in calls:
        if at >= start:
            looked[atom] += 1
            came_back[atom] += atom in latest and at - latest[atom] <= within
        latest[atom] = at
    every = Counter(atom for _, atom in calls)
    part = min(1.0, within / (last - first)) if last > first else 1.0
    total = sum(looked.values())
    expected = sum(count * (1.0 - (1.0 - part) ** (every[atom] - 1)) for atom, count in looked.items())
    places = sorted(
        ((atom, came_back[atom], looked[atom]) for atom in looked if came_back[atom]), key=lambda one: (-one[1], one[0])
    )
    return RepeatRate(total, sum(came_back.values()), expected / total if total else float("nan"), tuple(places), days)
