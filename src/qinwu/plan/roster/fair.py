"""Fair shares as limits of single lines: between the least and the most that anybody is to have."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from qinwu.plan.roster.cost import shares, works
from qinwu.plan.roster.problem import F64, I32, RosterProblem
from qinwu.plan.roster.tallies import Tally

TINY = 1e-6


@dataclass(frozen=True)
class Window:
    """The least and the most that anybody is to have of each thing to be shared, with what was before, (B,) each.

    A cost of the spread between people says nothing of one line, and a linear program evens out lines that are all uneven. With the
    window fixed, every line can be held to it.
    """

    problem: RosterProblem
    least: F64
    most: F64

    def tallies(self, person: int) -> tuple[Tally, ...]:
        """Return the limits of one person's line; somebody who has too much from before need only have none."""
        found = []
        for balance, least, most in zip(self.problem.balance, self.least, self.most, strict=True):
            if balance.people[person]:
                before, days = float(balance.before[person]), int(balance.days.sum())
                low = min(max(0, ceil(least - before - TINY)), days)
                high = min(max(0, floor(most - before + TINY)), days)
                found.append(Tally(balance.shifts, balance.days, min(low, high), high))
        return tuple(found)

    def holds(self, person: int, line: I32) -> bool:
        """Return whether a line keeps to the limits."""
        counts = [int(works(tally.shifts, line[tally.days]).sum()) for tally in self.tallies(person)]
        return all(tally.low <= count <= tally.high for tally, count in zip(self.tallies(person), counts, strict=True))


def around(problem: RosterProblem, least: F64, most: F64) -> Window:
    """Return the narrowest window of whole duties around what a linear program has."""
    return Window(problem, np.floor(least + TINY), np.ceil(most - TINY))


def of_roster(problem: RosterProblem, roster: I32) -> Window:
    """Return the window that a roster keeps to."""
    own = [shares(balance, roster) for balance in problem.balance]
    return Window(problem, np.array([np.nanmin(each) for each in own]), np.array([np.nanmax(each) for each in own]))


def narrowed(window: Window, draw: np.random.Generator) -> Window:
    """Return a window in which one of the sides may be a duty narrower, by chance."""
    if not len(window.least) or draw.random() < 1 / 3:
        return window
    place = int(draw.integers(len(window.least)))
    step = np.arange(len(window.least)) == place
    if window.most[place] - window.least[place] < 1.0:
        return window
    if draw.random() < 0.5:
        return Window(window.problem, window.least + step, window.most)
    return Window(window.problem, window.least, window.most - step)
