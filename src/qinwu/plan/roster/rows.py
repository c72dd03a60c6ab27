"""The rows of the master problem: where each need of a day, line, fair share and duty of a pair stands, and its price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.plan.roster.cost import price_table, works
from qinwu.plan.roster.problem import F64, HARD, I32, Bool, RosterProblem

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Duals:
    """Prices of the rows.

    Parameters
    ----------
    cover
        (C, D) what one more on duty saves.
    top, bottom
        (B, E) what one more of what is shared adds to the most, and to the least.
    tie
        (J, D, S) what a duty costs the first of a pair and saves the second.
    person
        (E,) what a person's line costs.
    """

    cover: F64
    top: F64
    bottom: F64
    tie: F64
    person: F64

    def mixed(self, other: Duals, share: float) -> Duals:
        """Return `share` of the other and the rest of this one: prices in between, as lawful as both (Wentges 1997)."""
        return Duals(*((1 - share) * mine + share * theirs for mine, theirs in zip(self.parts, other.parts, strict=True)))

    @property
    def parts(self) -> tuple[F64, F64, F64, F64, F64]:
        """All prices."""
        return self.cover, self.top, self.bottom, self.tie, self.person


class Rows:
    """The layout of a master problem.

    Parameters
    ----------
    problem
        What is needed.
    penalty
        What a broken tie or an unmet hard need costs.
    """

    def __init__(self, problem: RosterProblem, penalty: float) -> None:
        count, days, shifts = problem.shape
        self.problem, self.penalty = problem, penalty
        self.prices = price_table(problem)
        covers = problem.cover
        self.need = np.array([cover.need for cover in covers], np.float64).reshape(-1, days)
        self.under = np.array([min(cover.under, penalty) for cover in covers])
        self.over = np.array([min(cover.over, penalty) for cover in covers])
        self.who = np.array([cover.people for cover in covers], np.bool_).reshape(-1, count)
        self.what = np.array([cover.shifts for cover in covers], np.bool_).reshape(-1, shifts)
        # A need that cannot cost anything has no row.
        active = ((self.under[:, None] > 0) & (self.need > 0)) | (np.repeat(self.over[:, None] > 0, days, axis=1))
        self.cover = _numbered(active, 0)
        self.covers = int(active.sum())
        self.first_person = self.covers
        self.shares = _numbered(
            np.array([each.people for each in problem.balance], np.bool_).reshape(-1, count), self.covers + count
        )
        self.sharing = int((self.shares >= 0).sum())
        ties = self.covers + count + 2 * self.sharing
        both = [problem.there[one] & problem.there[other] for one, other in problem.together]
        self.tie = _numbered(np.repeat(np.array(both, np.bool_).reshape(-1, days)[:, :, None], shifts, axis=2), ties)
        self.size = ties + int((self.tie >= 0).sum())
        self._pairs = np.array(problem.together, np.int64).reshape(-1, 2)

    def limits(self) -> tuple[F64, F64]:
        """Return (rows,) the least and the most of each row."""
        count = len(self.problem.people)
        before = np.array([each.before for each in self.problem.balance]).reshape(-1, count)[self.shares >= 0]
        endless, ties = np.full(self.sharing, np.inf), np.zeros(int((self.tie >= 0).sum()))
        need = self.need[self.cover >= 0]
        ones = np.ones(count)
        return np.concatenate([need, ones, -endless, -before, ties]), np.concatenate([need, ones, -before, endless, ties])

    def others(self) -> list[tuple[float, float, I64, F64]]:
        """Return cost, least value, rows and entries of each column but lines: too few, too many, most and least, loose ties."""
        columns: list[tuple[float, float, I64, F64]] = []
        one = np.ones(1)
        for cover, day in zip(*np.nonzero(self.cover >= 0), strict=True):
            row = self.cover[cover, day : day + 1]
            columns += [(self.under[cover], 0.0, row, one), (self.over[cover], 0.0, row, -one)]
        for place, balance in enumerate(self.problem.balance):
            mine = self.shares[place][self.shares[place] >= 0]
            columns.append((balance.weight, -np.inf, mine, -np.ones(len(mine))))
            columns.append((-balance.weight, -np.inf, mine + self.sharing, -np.ones(len(mine))))
        for row in self.tie[self.tie >= 0]:
            columns += [(self.penalty, 0.0, np.array([row]), one), (self.penalty, 0.0, np.array([row]), -one)]
        return columns

    def entries(self, person: int, line: I32) -> tuple[I64, F64]:
        """Return the rows that a line touches, and how much."""
        on = np.append(self.what, np.zeros((len(self.what), 1), np.bool_), axis=1)[:, line] & self.who[:, [person]]
        touched = self.cover[on & (self.cover >= 0)]
        rows, values = [touched, np.array([self.first_person + person])], [np.ones(len(touched) + 1)]
        for place, balance in enumerate(self.problem.balance):
            if balance.people[person]:
                number = float(works(balance.shifts, line[balance.days]).sum())
                row = self.shares[place, person]
                rows.append(np.array([row, row + self.sharing]))
                values.append(np.array([number, number]))
        for pair, sign in zip(*self._ties_of(person), strict=True):
            tied = np.nonzero((line >= 0) & (self.tie[pair, :, 0] >= 0))[0]
            rows.append(self.tie[pair, tied, line[tied]])
            values.append(np.full(len(tied), float(sign)))
        return np.concatenate(rows), np.concatenate(values)

    def _ties_of(self, person: int) -> tuple[I64, I64]:
        """Return the pairs a person is in, and 1 or -1 for being the first or the second."""
        pair, side = np.nonzero(self._pairs == person)
        return pair, 1 - 2 * side

    def duals(self, price: F64) -> Duals:
        """Return the prices of all rows by their place, made lawful to the last digit."""
        cover = np.where(self.cover >= 0, np.append(price, 0.0)[self.cover], 0.0)
        padded = np.append(price, 0.0)
        held = self.shares >= 0
        top = np.where(held, padded[self.shares], 0.0)
        bottom = np.where(held, padded[np.where(held, self.shares + self.sharing, -1)], 0.0)
        tie = np.where(self.tie >= 0, padded[self.tie], 0.0)
        person = price[self.first_person : self.first_person + len(self.problem.people)]
        cover = np.clip(cover, -self.over[:, None], self.under[:, None])
        return Duals(cover, np.minimum(top, 0.0), np.maximum(bottom, 0.0), tie, person)

    def line_prices(self, duals: Duals) -> F64:
        """Return (E, D, S + 1) what each duty and day off of a line costs under these prices."""
        prices = self.prices.copy()
        for person in range(len(prices)):
            mine = self.who[:, person]
            prices[person, :, :-1] -= duals.cover[mine].T @ self.what[mine]
            for place, balance in enumerate(self.problem.balance):
                extra = duals.top[place, person] + duals.bottom[place, person]
                if extra:
                    prices[person, :, :-1] -= extra * np.outer(balance.days, balance.shifts)
        for (one, other), tie in zip(self._pairs, duals.tie, strict=True):
            prices[one, :, :-1] -= tie
            prices[other, :, :-1] += tie
        return prices

    def bound(self, duals: Duals, least: F64) -> float:
        """Return a cost below which no roster is.

        Parameters
        ----------
        duals
            Any prices that :meth:`duals` gave, or a mixture of them.
        least
            (E,) what the cheapest line of each costs under them, or a bound of it.
        """
        fixed = float((duals.cover * self.need).sum() + least.sum())
        for place, balance in enumerate(self.problem.balance):
            inside, top, bottom = balance.people, duals.top[place], duals.bottom[place]
            fixed -= float(((top + bottom) * balance.before)[inside].sum())
            # The most and the least are free: their prices must add up to the weight; what digits lack is paid in full.
            lacking = abs(top.sum() + balance.weight) + abs(bottom.sum() - balance.weight)
            fixed -= lacking * (int(balance.days.sum()) + float(np.abs(balance.before[inside]).max(initial=0.0)))
        return fixed


def _numbered(mask: Bool, first: int) -> I64:
    """Return numbers from `first` on where the mask holds, -1 elsewhere."""
    numbers = np.full(mask.shape, -1, np.int64)
    numbers[mask] = np.arange(first, first + int(mask.sum()))
    return numbers


def penalty_of(problem: RosterProblem) -> float:
    """Return what a hard need costs where it must be priced: more than a few days of anybody could save."""
    soft = [weight for cover in problem.cover for weight in (cover.under, cover.over) if weight != HARD]
    soft += [balance.weight for balance in problem.balance]
    return 20.0 * max(1.0, float(np.abs(price_table(problem)).max()), *soft)
