"""Partners: who belongs together, and what the line of one leaves to the other."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.roster.problem import I32, Bool, RosterProblem


class Partners:
    """Who has to have the same duties as whom, and on which days.

    Parameters
    ----------
    problem
        Whose pairs.
    """

    def __init__(self, problem: RosterProblem) -> None:
        count, self._days, self._shifts = problem.shape
        self._there = problem.there.sum(axis=1).tolist()
        self._of: list[dict[int, NDArray[np.int64]]] = [{} for _ in range(count)]
        for one, other in problem.together:
            both = np.nonzero(problem.there[one] & problem.there[other])[0]
            self._of[one][other] = self._of[other][one] = both

    def of(self, person: int) -> list[int]:
        """Return a person's partners."""
        return list(self._of[person])

    def days(self, person: int, partner: int) -> NDArray[np.int64]:
        """Return the days on which both are there."""
        return self._of[person][partner]

    def agree(self, person: int, line: I32, partner: int, other: I32) -> bool:
        """Return whether two lines are the same on the days on which both are there."""
        days = self._of[person][partner]
        return bool((line[days] == other[days]).all())

    def allowed(self, person: int, fixed: Mapping[int, I32]) -> Bool | None:
        """Return (D, S + 1) what the lines of a person's partners leave; None for everything."""
        partners = [partner for partner in self._of[person] if partner in fixed]
        if not partners:
            return None
        allowed = np.ones((self._days, self._shifts + 1), np.bool_)
        for partner in partners:
            days = self._of[person][partner]
            same = np.zeros((len(days), self._shifts + 1), np.bool_)
            same[np.arange(len(days)), fixed[partner][days]] = True
            allowed[days] &= same
        return allowed

    def first(self, person: int, open_people: Container[int]) -> bool:
        """Return whether a line is made before those of the partners that are open: who is there less leaves most to others."""
        rank = (self._there[person], person)
        return all(rank < (self._there[partner], partner) for partner in self._of[person] if partner in open_people)

    def in_order(self, people: Sequence[int]) -> list[int]:
        """Return people with their partners next to them, those who are there less first."""
        groups = (sorted(self.closed({person}), key=lambda one: (self._there[one], one)) for person in people)
        return list(dict.fromkeys(one for group in groups for one in group))

    def closed(self, people: set[int]) -> set[int]:
        """Return these people with all their partners, and theirs."""
        found, fresh = set(people), set(people)
        while fresh:
            fresh = {partner for person in fresh for partner in self._of[person]} - found
            found |= fresh
        return found
