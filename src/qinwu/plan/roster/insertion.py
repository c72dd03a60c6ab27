"""Insertion: the lines of some people are taken out and put in again one after another, each the best beside all others.

What one more on duty costs is known for every shift and day, so that one line is best by dynamic programming. It makes first
rosters of any size, and improves rosters quickly (ruin and recreate, Schrimpf et al. 2000, J. of Computational Physics 159(2)).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.roster.cost import cover_counts, shares
from qinwu.plan.roster.lines import LineMaker
from qinwu.plan.roster.pairs import Partners
from qinwu.plan.roster.problem import F64, I32, OFF, Bool, RosterProblem
from qinwu.plan.roster.rows import Rows

Counts = NDArray[np.int64]


class Insertion:
    """Puts lines into a roster.

    Parameters
    ----------
    rows
        What is needed, hard needs priced.
    makers
        A maker of lines for each person.
    """

    def __init__(self, rows: Rows, makers: Sequence[LineMaker]) -> None:
        self.problem: RosterProblem = rows.problem
        self._rows, self._makers = rows, makers
        self._partners = Partners(rows.problem)

    def rebuild(self, roster: I32, people: Sequence[int], noise: float, draw: np.random.Generator) -> I32 | None:
        """Return a roster with new lines for some people.

        Parameters
        ----------
        roster
            (E, D) whose lines of everybody else are kept.
        people
            In the order in which they are put in; with everybody whose partner is among them.
        noise
            Prices are moved by up to so much at random, >= 0.
        draw
            Of the noise.

        Returns
        -------
        (E, D) array or None
            None where somebody has no line that keeps the rules.
        """
        roster = roster.copy()
        roster[list(people)] = OFF
        counts = cover_counts(self.problem, roster)
        waiting = set(people)
        for person in people:
            waiting.discard(person)
            price, allowed = self._beside(roster, counts, person, waiting)
            if noise:
                price = price + draw.uniform(0.0, noise, price.shape)
            line = self._makers[person].best(price, allowed, careful=False).line
            while line is None and self._makers[person].widen():
                line = self._makers[person].best(price, allowed, careful=False).line
            if line is None:
                return None
            roster[person] = line
            counts += self._counts(person, line)
        return roster

    def _counts(self, person: int, line: I32) -> Counts:
        on = np.append(self._rows.what, np.zeros((len(self._rows.what), 1), np.bool_), axis=1)[:, line]
        return (on & self._rows.who[:, [person]]).astype(np.int64)

    def _beside(self, roster: I32, counts: Counts, person: int, waiting: set[int]) -> tuple[F64, Bool | None]:
        """Return (D, S + 1) what each duty of a person costs beside the others', and what partners leave."""
        rows = self._rows
        price = self._alone(roster, counts, person, waiting)
        partners = self._partners.of(person)
        allowed = self._partners.allowed(person, {one: roster[one] for one in partners if one not in waiting})
        for partner in partners:
            if partner in waiting:
                # The line is made for both: what the partner's same duties cost, and only duties the partner may have.
                days = self._partners.days(person, partner)
                price[days] += self._alone(roster, counts, partner, waiting)[days]
                both = np.ones((price.shape[0], price.shape[1]), np.bool_)
                both[days, :-1] = rows.problem.allowed[partner, days]
                allowed = both if allowed is None else allowed & both
        return price, allowed

    def _alone(self, roster: I32, counts: Counts, person: int, waiting: set[int]) -> F64:
        rows = self._rows
        price = rows.prices[person].copy()
        one_more = np.where(counts < rows.need, -rows.under[:, None], rows.over[:, None])
        mine = rows.who[:, person]
        price[:, :-1] += one_more[mine].T @ rows.what[mine]
        for balance in self.problem.balance:
            if balance.people[person]:
                others = shares(balance, roster)
                before = balance.before[person]
                others[[person, *waiting]] = np.nan
                if np.isfinite(others).any():
                    middle = (np.nanmax(others) + np.nanmin(others)) / 2
                    # Who is far below the others' middle should have more, who is above should have none of it.
                    slope = np.clip((before - middle) / max(1.0, float(balance.days.sum())), -1.0, 1.0)
                    price[:, :-1] += balance.weight * slope * np.outer(balance.days, balance.shifts)
        return np.asarray(price)
