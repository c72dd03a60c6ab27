"""Neighbourhoods: what of a roster to open at a time, so that an exact or quick method can better it (Shaw 1998, CP98)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.roster.cost import cover_counts, line_costs
from qinwu.plan.roster.pairs import Partners
from qinwu.plan.roster.problem import F64, I32, Bool, RosterProblem


class Neighbourhoods:
    """Draws what to open.

    Parameters
    ----------
    problem
        With every need priced, none hard.
    draw
        Of every choice.
    """

    def __init__(self, problem: RosterProblem, draw: np.random.Generator) -> None:
        self.problem, self.draw = problem, draw
        self._partners = Partners(problem)
        self._who = np.array([cover.people for cover in problem.cover], np.bool_).reshape(-1, len(problem.people))
        self._under = np.array([cover.under for cover in problem.cover])
        self._over = np.array([cover.over for cover in problem.cover])

    def people(self, roster: I32, size: int) -> list[int]:
        """Return about so many people, more likely those with costs of their own or those who could help on a costly day."""
        count, days, _ = self.problem.shape
        weight = 1.0 + line_costs(self.problem, roster) - line_costs(self.problem, roster).min()
        cost = self._cover_cost(roster)
        if cost.any() and self.draw.random() < 0.7:
            cover, day = np.unravel_index(self.draw.choice(cost.size, p=cost.ravel() / cost.sum()), cost.shape)
            near = np.abs(np.arange(days) - day) <= 1
            may = self.problem.allowed[:, near][:, :, self.problem.cover[cover].shifts].any(axis=(1, 2)) & self._who[cover]
            weight = np.where(may, weight, weight / 20)
        elif self.draw.random() < 0.5:
            weight = np.ones(count)
        size = min(size, count)
        chosen = self.draw.choice(count, size, replace=False, p=weight / weight.sum())
        found = self._partners.closed(set(chosen.tolist()))
        return [int(person) for person in self.draw.permutation(sorted(found))]

    def window(self, roster: I32, cells: int) -> Bool:
        """Return (E, D) some days in a row of everybody, or of some where that is too much, about so many cells."""
        count, days, _ = self.problem.shape
        length = min(days, int(self.draw.integers(4, 15)))
        cost = self._cover_cost(roster).sum(axis=0) + 1e-3
        centre = int(self.draw.choice(days, p=cost / cost.sum()))
        first = int(np.clip(centre - self.draw.integers(0, length), 0, days - length))
        free = np.zeros((count, days), np.bool_)
        free[self.people(roster, max(2, cells // length)), first : first + length] = True
        return free

    def _cover_cost(self, roster: I32) -> F64:
        """Return (C, D) what is paid for each need on each day."""
        counts: NDArray[np.int64] = cover_counts(self.problem, roster)
        need = np.array([cover.need for cover in self.problem.cover]).reshape(counts.shape)
        return np.asarray(np.maximum(need - counts, 0) * self._under[:, None] + np.maximum(counts - need, 0) * self._over[:, None])
